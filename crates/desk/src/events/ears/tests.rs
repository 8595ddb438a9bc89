//! The bodies of events, as receivers get them.

use super::*;
use serde_json::json;

#[test]
fn a_body_has_the_members_of_the_specification() {
    let account = AccountId::named(Timestamp::UNIX_EPOCH, "a");
    let data = json!({ "name": "a \"b\"" });
    let news = News { account: Some(account), kind: EventKind::OrderPlaced, data };
    let event = |news: &News, happened| super::event(news, 1, Timestamp::UNIX_EPOCH, happened);
    let told = event(&news, Happened::Truly);
    let expected = format!(
        r#"{{"id":"{}","type":"order.placed","timestamp":"1970-01-01T00:00:00Z","data":{{"name":"a \"b\""}}}}"#,
        told.id
    );
    assert_eq!(told.body, expected);
    assert_eq!(told.account, Some(account));
    let test = event(&news, Happened::ForATest);
    assert_eq!(test.body, expected.replace(r#""data""#, r#""test":true,"data""#));
    let hidden = News { account: Some(account), kind: EventKind::SettlementSetAside, data: json!({}) };
    assert_eq!(event(&hidden, Happened::Truly).account, None);
}
