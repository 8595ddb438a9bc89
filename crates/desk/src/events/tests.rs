//! Which patterns fit which kinds, and who may ask for them.

use super::*;

#[test]
fn a_pattern_is_everything_a_family_or_one_kind() {
    for (pattern, kind, expected) in [
        ("*", "order.placed", true),
        ("order.*", "order.placed", true),
        ("order.placed", "order.placed", true),
        ("order.*", "wallet.low", false),
        ("ord.*", "order.placed", false),
        ("order", "order.placed", false),
        ("order.pl*", "order.placed", false),
        ("order.place", "order.placed", false),
        (".*", "order.placed", false),
        ("", "order.placed", false),
        ("*", "ping", true),
        ("ping.*", "ping", false),
    ] {
        assert_eq!(fits(pattern, kind), expected, "{pattern} {kind}");
    }
}

#[test]
fn owners_ask_only_for_what_they_are_told_of() {
    let account = Owner::Account(AccountId::named(Timestamp::UNIX_EPOCH, "a"));
    for (owner, pattern, expected) in [
        (account, "*", true),
        (account, "order.*", true),
        (account, "bill.posted", true),
        (account, "ping", true),
        (account, "settlement.set_aside", false),
        (account, "quarantine.*", false),
        (account, "task.opened", false),
        (account, "order.eaten", false),
        (account, "weather.*", false),
        (Owner::Operator, "order.placed", true),
        (Owner::Operator, "settlement.*", true),
        (Owner::Operator, "task.opened", false),
        (Owner::Cloud, "task.opened", true),
        (Owner::Cloud, "*", true),
        (Owner::Cloud, "order.*", false),
    ] {
        assert_eq!(unheard(owner, pattern).is_none(), expected, "{owner} {pattern}");
    }
}

#[test]
fn a_body_has_the_members_of_the_specification() {
    let account = AccountId::named(Timestamp::UNIX_EPOCH, "a");
    let news = News { account: Some(account), kind: "order.placed", data: json!({ "name": "a \"b\"" }) };
    let event = event(&news, 1, Timestamp::UNIX_EPOCH);
    let expected = format!(
        r#"{{"id":"{}","type":"order.placed","timestamp":"1970-01-01T00:00:00Z","data":{{"account":"{account}","name":"a \"b\""}}}}"#,
        event.id
    );
    assert_eq!(event.body, expected);
    assert_eq!(event.account, Some(account));
    let hidden = News { account: Some(account), kind: "settlement.set_aside", data: json!({}) };
    assert_eq!(super::event(&hidden, 1, Timestamp::UNIX_EPOCH).account, None);
}

#[test]
fn every_kind_stands_in_the_document() {
    let text = include_str!("../../../../docs/webhooks.md");
    for kind in KINDS {
        assert!(text.contains(&format!("\n| `{kind}` |")), "{kind} is not in docs/webhooks.md");
    }
}
