//! Keys that keys make: no more than their maker, and from where they may be used; one takes the place of another.
//!
//! In:  a server, and callers on the loopback, by themselves and through a proxy. Out: who is let in.

use crate::support::served::{Answer, Customer, Served, eventually};
use serde_json::{Value, json};

const ANYWHERE: [&str; 1] = ["content-type: application/json"];

fn make(served: &Served, by: &str, headers: &[&str], wanted: &Value) -> Answer {
    let headers: Vec<&str> = ANYWHERE.iter().chain(headers).copied().collect();
    served.call("POST", "/v1/keys", by, &headers, wanted.to_string().as_bytes())
}

fn secret(answer: &Answer) -> String {
    answer.good()["secret"].as_str().unwrap().to_string()
}

#[track_caller]
fn refused(answer: &Answer, field: Option<&str>) {
    let problem = answer.json();
    assert_eq!(
        (problem["code"].as_str(), problem["field"].as_str()),
        (Some("key_exceeds"), field),
        "{problem}"
    );
}

fn shop(served: &Served) -> (Customer, String) {
    let shop = served.customer("shop", "1.00");
    let header = format!("till-account: {}", shop.account);
    (shop, header)
}

#[test]
fn what_a_key_makes_can_neither_exceed_nor_outlive_it() {
    let served = Served::start(&[]);
    let (shop, of_shop) = shop(&served);
    let until = "2030-01-01T00:00:00Z";
    let buyer = secret(&make(
        &served,
        &served.operator,
        &[&of_shop],
        &json!({
            "name": "buyer", "scopes": ["buy"], "expires": until, "addresses": ["127.0.0.0/8"]
        }),
    ));
    let wanted = |change: Value| {
        let mut wanted = json!({ "name": "made", "scopes": ["buy"] });
        wanted.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        make(&served, &buyer, &[], &wanted)
    };
    refused(&wanted(json!({ "scopes": ["buy", "read"] })), Some("scopes"));
    refused(&wanted(json!({ "expires": "2030-01-01T00:00:01Z" })), Some("expires"));
    refused(&wanted(json!({ "addresses": ["127.0.0.1", "0.0.0.0/0"] })), Some("addresses"));
    let made = wanted(json!({})).good();
    assert_eq!(
        (&made["expires"], &made["addresses"]),
        (&json!(until), &json!(["127.0.0.0/8"])),
        "taken over"
    );
    let sooner = wanted(json!({ "expires": "2029-01-01T00:00:00Z", "addresses": ["127.0.0.1"] })).good();
    assert_eq!(sooner["addresses"], json!(["127.0.0.1/32"]));
    let wrong = wanted(json!({ "addresses": ["127.0.0.1", "127.0.0.1/8"] })).json();
    assert_eq!((&wrong["code"], &wrong["field"]), (&json!("network_invalid"), &json!("addresses[1]")));

    // Operators' keys are bound by their end too.
    let brief = secret(&make(
        &served,
        &served.operator,
        &[],
        &json!({
            "name": "brief", "scopes": ["operator"], "expires": until
        }),
    ));
    let of_brief =
        make(&served, &brief, &[&of_shop], &json!({ "name": "made", "scopes": ["read", "buy"] })).good();
    assert_eq!(of_brief["expires"], until);
    let meter =
        secret(&make(&served, &served.operator, &[], &json!({ "name": "meter", "scopes": ["meter"] })));
    let by_meter = make(&served, &meter, &[], &json!({ "name": "x", "scopes": ["meter"] }));
    assert_eq!(by_meter.json()["code"], "scope_missing");
    drop(shop);
}

#[test]
fn a_key_takes_the_place_of_another_and_both_are_good_for_a_while() {
    let served = Served::start(&["--test-clock", "2026-06-01T00:00:00Z"]);
    let (shop, of_shop) = shop(&served);
    let other = served.customer("other", "1.00");
    let list = served.get(&shop.key, "/v1/keys").good();
    let id = list["items"][0]["id"].as_str().unwrap().to_string();
    let rotate = |by: &str, id: &str, body: &str| {
        served.call("POST", &format!("/v1/keys/{id}/rotate"), by, &ANYWHERE, body.as_bytes())
    };
    let lets_in = |key: &str| served.get(key, "/v1/wallet").status == 200;
    assert_eq!(rotate(&other.key, &id, "{}").status, 404, "not a stranger's");
    // By itself, for an hour.
    let new = rotate(&shop.key, &id, r#"{"overlap_seconds": 3600}"#).good();
    let text = new["secret"].as_str().unwrap().to_string();
    assert_eq!((&new["scopes"], &new["name"]), (&json!(["buy", "read"]), &json!("shop")));
    assert!(lets_in(&shop.key) && lets_in(&text));
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-01T01:00:00Z" })).good();
    eventually("the old key ends", || (!lets_in(&shop.key)).then_some(()));
    assert!(lets_in(&text));
    // At once; and what has ended is not replaced.
    let last = rotate(&text, new["id"].as_str().unwrap(), r#"{"overlap_seconds": 0}"#).good();
    eventually("the old key ends at once", || (!lets_in(&text)).then_some(()));
    let again = rotate(last["secret"].as_str().unwrap(), &id, "");
    assert_eq!(again.json()["code"], "key_ended");
    // A key that may less replaces none that may more.
    let reader = make(&served, &served.operator, &[&of_shop], &json!({ "name": "less", "scopes": ["buy"] }));
    refused(&rotate(&secret(&reader), last["id"].as_str().unwrap(), ""), Some("scopes"));
    let verified = served.get(&served.operator, "/v1/verify").good();
    assert_eq!(verified["differences"], json!([]));
}

#[test]
fn a_key_is_used_from_where_it_may_be() {
    let served = Served::start(&["--trusted-proxies", "127.0.0.1"]);
    let (_, of_shop) = shop(&served);
    let key = |addresses: &[&str]| {
        let wanted = json!({ "name": "bound", "scopes": ["read"], "addresses": addresses });
        secret(&make(&served, &served.operator, &[&of_shop], &wanted))
    };
    let (here, there) = (key(&["127.0.0.1", "::1"]), key(&["203.0.113.0/24"]));
    let from = |key: &str, headers: &[&str]| served.call("GET", "/v1/wallet", key, headers, b"");
    assert_eq!(from(&here, &[]).status, 200);
    let refused = from(&there, &[]);
    assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("key_address_refused")));
    // The proxy on this machine says where the request comes from; the client wrote what stands before that.
    assert_eq!(from(&there, &["x-forwarded-for: 203.0.113.9"]).status, 200);
    assert_eq!(from(&there, &["x-forwarded-for: 203.0.113.9, 198.51.100.1"]).status, 403);
    assert_eq!(from(&here, &["x-forwarded-for: 203.0.113.9"]).status, 403);
    drop(served);
    let served = Served::start(&[]);
    let (_, of_shop) = shop(&served);
    let wanted = json!({ "name": "bound", "scopes": ["read"], "addresses": ["203.0.113.0/24"] });
    let key = secret(&make(&served, &served.operator, &[&of_shop], &wanted));
    let told = served.call("GET", "/v1/wallet", &key, &["x-forwarded-for: 203.0.113.9"], b"");
    assert_eq!(told.status, 403, "nobody is believed who is not trusted");
}

#[test]
fn the_last_use_of_a_key_is_shown() {
    let served = Served::start(&["--test-clock", "2026-06-01T00:00:00Z"]);
    let (shop, of_shop) = shop(&served);
    let last = || {
        let path = "/v1/keys";
        let list = served.call("GET", path, &served.operator, &[&of_shop], b"").good();
        list["items"][0]["last_used"].clone()
    };
    assert_eq!(last(), Value::Null, "never");
    assert_eq!(served.get(&shop.key, "/v1/wallet").status, 200);
    eventually("the use is noted", || (last() == "2026-06-01T00:00:00Z").then_some(()));
    // Once a minute, not with every request.
    for (to, noted) in
        [("2026-06-01T00:00:59Z", "2026-06-01T00:00:00Z"), ("2026-06-01T00:02:00Z", "2026-06-01T00:02:00Z")]
    {
        served.post(&served.operator, "/v1/clock/advance", &json!({ "to": to })).good();
        assert_eq!(served.get(&shop.key, "/v1/wallet").status, 200);
        eventually("the use is noted", || (last() == noted).then_some(()));
    }
}
