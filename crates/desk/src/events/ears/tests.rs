//! The bodies of events, as receivers get them.

use super::*;

#[test]
fn a_body_has_the_members_of_the_specification() {
    let account = AccountId::named(Timestamp::UNIX_EPOCH, "a");
    let data = json!({ "name": "a \"b\"" });
    let news = News { account: Some(account), kind: EventKind::OrderPlaced, data };
    let event = event(&news, 1, Timestamp::UNIX_EPOCH);
    let expected = format!(
        r#"{{"id":"{}","type":"order.placed","timestamp":"1970-01-01T00:00:00Z","data":{{"account":"{account}","name":"a \"b\""}}}}"#,
        event.id
    );
    assert_eq!(event.body, expected);
    assert_eq!(event.account, Some(account));
    let hidden = News { account: Some(account), kind: EventKind::SettlementSetAside, data: json!({}) };
    assert_eq!(super::event(&hidden, 1, Timestamp::UNIX_EPOCH).account, None);
}
