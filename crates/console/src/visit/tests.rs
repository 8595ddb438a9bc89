//! Where a page may send somebody.

use super::*;

#[test]
fn nobody_is_sent_to_another_site() {
    for text in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "/a\r\nb",
        "/a b",
    ] {
        assert_eq!(place(Some(text)), "/", "{text:?}");
    }
    assert_eq!(place(None), "/");
    assert_eq!(place(Some("/members?said=done")), "/members?said=done");
}
