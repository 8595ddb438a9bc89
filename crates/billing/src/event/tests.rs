//! Which patterns fit which kinds, and that every kind is described.

use super::*;

#[test]
fn a_pattern_is_everything_a_family_or_one_kind() {
    for (pattern, kind, expected) in [
        ("*", EventKind::OrderPlaced, true),
        ("order.*", EventKind::OrderPlaced, true),
        ("order.placed", EventKind::OrderPlaced, true),
        ("order.*", EventKind::WalletLow, false),
        ("ord.*", EventKind::OrderPlaced, false),
        ("order", EventKind::OrderPlaced, false),
        ("order.pl*", EventKind::OrderPlaced, false),
        ("order.place", EventKind::OrderPlaced, false),
        (".*", EventKind::OrderPlaced, false),
        ("", EventKind::OrderPlaced, false),
        ("*", EventKind::Ping, true),
        ("ping.*", EventKind::Ping, false),
    ] {
        assert_eq!(kind.fits(pattern), expected, "{pattern} {kind:?}");
    }
}

#[test]
fn every_kind_is_found_by_its_word() {
    for kind in EventKind::ALL {
        assert_eq!(EventKind::parse(kind.as_str()), Some(kind));
    }
    assert_eq!(EventKind::parse("order.eaten"), None);
}

#[test]
fn every_kind_stands_in_the_document() {
    let text = include_str!("../../../../docs/webhooks.md");
    for kind in EventKind::ALL {
        let word = kind.as_str();
        assert!(text.contains(&format!("\n| `{word}` |")), "{word} is not in docs/webhooks.md");
    }
}
