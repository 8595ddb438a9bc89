//! Which language is preferred.

use super::*;

#[test]
fn chinese_is_told_where_it_is_wanted_more() {
    for (said, expected) in [
        ("zh", Language::Chinese),
        ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
        ("en;q=0.5, zh-Hans;q=0.75", Language::Chinese),
        ("en-GB,zh;q=0.9", Language::English),
        ("zh;q=0", Language::English),
        ("zh;q=ü", Language::English),
        ("fr, *;q=0.1", Language::English),
        ("", Language::English),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_bytes(said.as_bytes()).unwrap());
        assert_eq!(preferred(&headers), expected, "{said}");
    }
    assert_eq!(preferred(&HeaderMap::new()), Language::English);
}
