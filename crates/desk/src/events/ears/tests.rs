//! The bodies of events, as receivers get them.

use super::*;
use serde_json::json;

#[test]
fn a_body_has_the_members_of_the_specification() {
    let account = AccountId::named(Timestamp::UNIX_EPOCH, "a");
    let data = json!({ "name": "a \"b\"" });
    let news = News { account: Some(account), kind: EventKind::OrderPlaced, data };
    let event = |news: &News, happened| super::event(news, 1, Timestamp::UNIX_EPOCH.into(), happened);
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

#[test]
fn an_event_is_of_the_trace_of_the_request_that_is_for_its_account() {
    let [one, other] = ["a", "b"].map(|it| AccountId::named(Timestamp::UNIX_EPOCH, it));
    let traces = [(one, "00-1".to_string())].into();
    let told = |account, cause| {
        let news = News { account, kind: EventKind::OrderPlaced, data: json!({}) };
        super::event(&news, 1, Moment { now: Timestamp::UNIX_EPOCH, cause }, Happened::Truly).trace
    };
    assert_eq!(told(Some(one), Cause::Request("00-2")).as_deref(), Some("00-2"));
    assert_eq!(told(None, Cause::Request("00-2")).as_deref(), Some("00-2"));
    assert_eq!(told(Some(one), Cause::Requests(&traces)).as_deref(), Some("00-1"));
    assert_eq!(told(Some(other), Cause::Requests(&traces)), None);
    assert_eq!(told(None, Cause::Requests(&traces)), None);
    assert_eq!(told(Some(one), Cause::Time), None);
}
