//! Tests of the words that pages of readings end with.

use super::*;

#[test]
fn a_mark_is_one_word_and_back() {
    let end = (1_780_000_000_000_000, "/a b\u{6771}".to_string(), "x\u{7f}y".to_string());
    let text = word(&end);
    assert!(text.bytes().all(|it| it.is_ascii_hexdigit()));
    let part = |after: &str| Part { after: Some(after.to_string()), most: 1 };
    assert_eq!(of(&part(&text)).unwrap(), Some(end));
    assert_eq!(of(&Part::first(1)).unwrap(), None);
    for bad in ["", "z", "0", "00", "3131", "ff0aff0aff", "\u{6771}"] {
        assert_eq!(of(&part(bad)).unwrap_err().code(), "not_found", "{bad}");
    }
}
