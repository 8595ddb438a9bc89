//! Where codes are placed, and that the documentation says the same.

use super::*;
use std::collections::BTreeMap;

#[test]
fn money_state_and_meaning_are_told_apart() {
    let placed: BTreeMap<&str, (u16, Retry)> =
        Code::all().map(|it| (it.as_str(), (it.status().as_u16(), it.retry()))).collect();
    for (code, status, retry) in [
        ("malformed_request", 400, Retry::Never),
        ("balance_insufficient", 402, Retry::WhenChanged),
        ("in_arrears", 402, Retry::WhenChanged),
        ("not_found", 404, Retry::Never),
        ("order_state_refused", 409, Retry::WhenChanged),
        ("quota_exceeded", 409, Retry::WhenChanged),
        ("price_changed", 409, Retry::Never),
        ("conflict", 409, Retry::Never),
        ("try_again", 409, Retry::Again),
        ("unknown_product", 422, Retry::Never),
        ("idempotency_key_reused", 422, Retry::Never),
        ("rate_limited", 429, Retry::Again),
        ("clock_behind", 503, Retry::Again),
    ] {
        assert_eq!(placed[code], (status, retry), "{code}");
    }
    assert_eq!(placed.len(), Code::all().count(), "two codes are called the same");
}

#[test]
fn the_documentation_says_each_status_and_what_may_be_tried_again() {
    let text = include_str!("../../../../docs/errors.md");
    for code in Code::all() {
        let again = match code.retry() {
            Retry::Never => "no",
            Retry::WhenChanged => "when changed",
            Retry::Again => "yes",
        };
        let row = format!("| `{}` | {} | {again} |", code.as_str(), code.status().as_u16());
        assert!(text.contains(&row), "docs/errors.md has no row that begins {row}");
    }
}

#[test]
fn every_text_is_in_its_language() {
    for code in Code::all() {
        let (english, chinese) = (code.words(Language::English), code.words(Language::Chinese));
        for text in [english.title, english.remedy] {
            assert!(
                !text.is_empty() && !text.ends_with('.') && !text.chars().any(|it| it > '\u{2fff}'),
                "{text}"
            );
        }
        for text in [chinese.title, chinese.remedy] {
            assert!(text.chars().any(|it| ('\u{4e00}'..'\u{a000}').contains(&it)), "{text}");
        }
    }
}
