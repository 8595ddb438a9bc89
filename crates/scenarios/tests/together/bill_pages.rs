//! Pages of bills: for which time each is, what was put right of it, and the ways from one to the other.
//!
//! In:  a real server on a clock that stands, browsers without a screen. Out: no empty time, and no bill that hides its correction.
//! Source: R-TIM-5, R-REN-1, R-PKG-2, R-COR-1.

use crate::support::people::signed_in;
use crate::support::served::{Customer, Served, eventually};
use serde_json::{Value, json};

/// A shop that has bought a server for June and a pack for July.
fn bought() -> (Served, Customer) {
    let clock = ["--test-clock", "2026-06-01 00:00:00", "--cloud-delay-seconds", "0", "--rate-limit", "0"];
    let served = Served::start(&clock);
    let shop = served.customer("shop", "1000.00");
    let options = json!({ "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1",
        "network": "none" });
    let server = json!({ "product": "server", "name": "web", "months": 1, "options": options });
    let pack = json!({ "product": "container-pack", "options": { "spec": "1U1G", "hours": "720" }, "month": "2026-07" });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [server, pack] })).good();
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-05T16:00:00+08:00" })).good();
    (served, shop)
}

/// The bill of a kind, once it is there.
fn bill(served: &Served, shop: &Customer, kind: &str) -> Value {
    eventually(kind, || {
        let found = served.get(&shop.key, &format!("/v1/bills?kind={kind}")).good();
        found["items"].as_array().unwrap().first().cloned()
    })
}

fn id(of: &Value) -> String {
    of["id"].as_str().unwrap().to_string()
}

/// The pack of July is good for 720 hours from July 1 on, whenever it was bought; its refund, and its row in the list, claim no time.
#[test]
fn no_bill_claims_an_empty_time() {
    let (served, shop) = bought();
    let pack = id(&bill(&served, &shop, "pack_purchase"));
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let page = ann.get(&format!("/bills/{pack}"));
    page.has("Good from 2026-07-01 00:00:00 to 2026-07-31 00:00:00, the end not in it.")
        .lacks("For 2026-06-01");
    let own = served.get(&shop.key, "/v1/packs").good()["items"][0]["id"].as_str().unwrap().to_string();
    ann.get(&format!("/refund?pack={own}")).has("Refund now").lacks("00:00 to 1 June 2026, 00:00");
    ann.language = "zh";
    ann.get(&format!("/bills/{pack}")).has("有效期：2026-07-01 00:00:00 至 2026-07-31 00:00:00");
}

/// A bill that was put right names how much, why and the bill of it, and that names it; no customer reads who of the operator it was.
#[test]
fn a_corrected_bill_leads_to_its_correction_and_back() {
    let (served, shop) = bought();
    let paid = id(&bill(&served, &shop, "prepaid_new"));
    let credit =
        json!({ "id": "ticket-1", "kind": "credit", "reason": "outage", "bill": paid, "amount": "1.20" });
    served.post(&served.operator, "/v1/corrections", &credit).good();
    let made = id(&bill(&served, &shop, "correction"));
    let api = |id: &str| served.get(&shop.key, &format!("/v1/bills/{id}")).good();
    let corrected = api(&paid);
    let of = &corrected["corrections"][0];
    assert_eq!((&of["bill"], &of["total"], &of["reason"]), (&json!(made), &json!("-1.20"), &json!("outage")));
    assert_eq!((&api(&made)["corrects"], &api(&made)["corrections"]), (&json!(paid), &json!([])));
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    ann.get(&format!("/bills/{paid}"))
        .has("Corrected since")
        .has(&format!("href=\"/bills/{made}\""))
        .has("outage")
        .has("\u{2212}1.20");
    let page = ann.get(&format!("/bills/{made}"));
    page.has("The bill that it corrects")
        .has(&format!("href=\"/bills/{paid}\""))
        .has("by the operator credits");
    page.has("Corrects what was billed for 2026-06-01 00:00").lacks("key_");
    let why = ann.get(&format!("/bills/{made}/0"));
    why.has("Went back on ").lacks("Deducted on").lacks("key_").has(&format!("href=\"/bills/{paid}\""));
    ann.language = "zh";
    ann.get(&format!("/bills/{made}")).has("退还 1.20 元：outage").lacks("credit 1.20").lacks("key_");
    let mut carl = signed_in(&served, "carl@example.com", "administrator", None);
    let below = format!("/operator/customers/{}/bills", shop.account);
    carl.get(&format!("{below}/{made}")).has(&format!("href=\"{below}/{paid}\""));
    carl.get(&format!("{below}/{made}/0")).has("by key_").has(&format!("href=\"{below}/{paid}\""));
}
