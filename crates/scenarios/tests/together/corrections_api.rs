//! Corrections over HTTP: who may, what is refused, what is only looked at.

use crate::support::people::till;
use crate::support::served::{Customer, Folder, Served};
use serde_json::{Value, json};
use server::cli::files;
use std::fs;

const STRUCTURED: &str = "content-type: application/cloudevents+json";

/// A server on a clock that stands, and a customer with a paid bill.
struct Shop {
    served: Served,
    customer: Customer,
}

impl Shop {
    fn open() -> Shop {
        let served = Served::start(&["--test-clock", "--rate-limit", "0", "--cloud-delay-seconds", "0"]);
        let customer = served.customer("shop", "1000.00");
        Shop { served, customer }
    }

    /// A server that pays for traffic, delivered.
    fn buy(&self) -> Value {
        let options = json!({ "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1",
            "type": "S1.SMALL1", "network": "traffic", "bandwidth": 5 });
        let item = json!({ "product": "server", "name": "web", "months": 1, "options": options });
        let order = json!({ "pay": true, "items": [item] });
        let order = self.served.post(&self.customer.key, "/v1/orders", &order).good();
        let order = format!("/v1/orders/{}", order["orders"][0]["id"].as_str().unwrap());
        crate::support::served::eventually("a delivery", || {
            let it = self.served.get(&self.customer.key, &order).good();
            (it["state"] == "delivered").then_some(it)
        })
    }

    fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let answer = self.served.post(&self.served.operator, path, body);
        (answer.status, answer.json())
    }

    fn refused(&self, body: &Value) -> (u16, String, String) {
        let (status, told) = self.post("/v1/corrections", body);
        let word = |name: &str| told[name].as_str().unwrap_or("").to_string();
        (status, word("code"), word("field"))
    }
}

#[test]
fn operators_put_readings_right_and_customers_do_not() {
    let shop = Shop::open();
    let delivered = shop.buy();
    let resource = delivered["pieces"][0]["resource"].as_str().unwrap();
    let now = shop.served.get(&shop.customer.key, "/v1/clock").good()["now"].clone();
    let event = json!({ "specversion": "1.0", "type": "cloudtill.usage.v1", "source": "/gateway", "id": "e1", "time": now,
        "subject": resource, "data": { "meter": "traffic_out", "quantity": 1024 } });
    let sent = shop.served.call(
        "POST",
        "/v1/usage",
        &shop.served.operator,
        &[STRUCTURED],
        event.to_string().as_bytes(),
    );
    assert_eq!(sent.status, 200, "{}", sent.text());
    let replace = json!({ "id": "t1", "kind": "replace", "reason": "in bits", "source": "/gateway", "event": "e1",
        "quantity": "128" });
    let own = shop.served.post(&shop.customer.key, "/v1/corrections", &replace);
    assert_eq!((own.status, own.json()["code"].as_str().unwrap()), (403, "scope_missing"));
    let (status, looked) = shop.post("/v1/corrections/preview", &replace);
    assert_eq!((status, looked["open"][0]["cycle"].as_str()), (200, Some("hour")), "{looked}");
    let (status, made) = shop.post("/v1/corrections", &replace);
    assert_eq!((status, made["number"].as_i64()), (201, Some(1)), "{made}");
    let (status, again) = shop.post("/v1/corrections", &replace);
    assert_eq!((status, again["number"].as_i64()), (201, Some(1)), "{again}");
    let read = shop.served.get(&shop.customer.key, "/v1/usage").good();
    assert_eq!(
        (&read["items"][0]["quantity"], &read["items"][0]["counted"]),
        (&json!("1024"), &json!("128"))
    );
    let listed = shop.served.get(&shop.served.operator, "/v1/corrections").good();
    assert_eq!(listed["items"][0]["reason"], "in bits");
    assert_eq!(shop.served.get(&shop.served.operator, "/v1/corrections/t1").good()["event"], "e1");
    assert_eq!(shop.served.get(&shop.customer.key, "/v1/corrections").status, 403);

    let refused = |body: Value| shop.refused(&body);
    let is = |status: u16, code: &str, field: &str| (status, code.to_string(), field.to_string());
    let void = |id: &str, event: &str| json!({ "id": id, "kind": "void", "reason": "twice", "source": "/gateway", "event": event });
    assert_eq!(refused(void("t1", "e1")), is(409, "conflict", "id"));
    assert_eq!(refused(void("t2", "e2")), is(404, "not_found", "event"));
    let mut blank = void("t2", "e1");
    blank["reason"] = json!("  ");
    assert_eq!(refused(blank), is(422, "reason_missing", "reason"));
    let mut odd = void("t2", "e1");
    odd["amount"] = json!("1.00");
    assert_eq!(refused(odd), is(422, "field_invalid", "amount"));
    let mut bare = void("t2", "e1");
    bare.as_object_mut().unwrap().remove("event");
    assert_eq!(refused(bare), is(422, "field_invalid", "event"));
    let mut other = void("t2", "e1");
    let stranger = shop.served.customer("other", "1.00");
    other["account"] = json!(stranger.account);
    assert_eq!(refused(other), is(404, "not_found", "account"));
}

#[test]
fn operators_correct_prices() {
    let shop = Shop::open();
    let operator = &shop.served.operator;
    let applied = shop.served.get(operator, "/v1/price-books").good();
    let book = format!("/v1/price-books/{}", applied["items"][0]["id"].as_str().unwrap());
    let files = shop.served.get(operator, &book).good()["files"].clone();
    let (status, kept) = shop.post("/v1/corrections/price-books", &json!({ "files": files }));
    assert_eq!(status, 201, "{kept}");
    let now = shop.served.get(operator, "/v1/clock").good()["now"].clone();
    let begin = format!("{}:00:00Z", &now.as_str().unwrap()[..13]);
    let later = desk::later(now.as_str().unwrap().parse().unwrap(), 7_200).to_string();
    shop.served.post(operator, "/v1/clock/advance", &json!({ "to": later })).good();
    let rerate = |id: &str| {
        json!({ "id": id, "kind": "rerate", "reason": "a slip", "book": kept["book"], "account": shop.customer.account,
            "from": begin, "until": now })
    };
    let mut first = rerate("p1");
    first["from"] = json!("2024-01-01T00:00:00Z");
    assert_eq!(shop.refused(&first), (422, "too_late".into(), "from".into()));
    let mut unknown = rerate("p1");
    unknown["book"] = json!("boo_00000000000000000000000000000000");
    assert_eq!(shop.refused(&unknown), (404, "not_found".into(), "book".into()));
    let mut backwards = rerate("p1");
    backwards["until"] = backwards["from"].clone();
    assert_eq!(shop.refused(&backwards), (422, "time_invalid".into(), "until".into()));
    if begin != now {
        let (status, made) = shop.post("/v1/corrections", &rerate("p1"));
        assert_eq!((status, made["progress"]["accounts"].as_i64()), (201, Some(1)), "{made}");
        assert!(made["progress"]["done"].is_string(), "{made}");
    }
    let all = json!({ "id": "p2", "kind": "rerate", "reason": "a slip", "book": kept["book"], "from": begin,
        "until": shop.served.get(operator, "/v1/clock").good()["now"] });
    let (status, made) = shop.post("/v1/corrections", &all);
    assert_eq!((status, made["account"].is_null()), (201, true), "{made}");
    crate::support::served::eventually("a correction that is done", || {
        let it = shop.served.get(operator, "/v1/corrections/p2").good();
        it["progress"]["done"].is_string().then_some(it)
    });
    assert_eq!(shop.served.get(operator, "/v1/verify").good()["ok"], true);
}

#[test]
fn operators_credit_bills() {
    let shop = Shop::open();
    shop.buy();
    let bills = shop.served.get(&shop.customer.key, "/v1/bills").good();
    let bill = bills["items"][0].clone();
    let credit = |id: &str, amount: &str| json!({ "id": id, "kind": "credit", "reason": "an outage", "bill": bill["id"], "line": 0, "amount": amount });
    let (status, looked) = shop.post("/v1/corrections/preview", &credit("k1", "2.50"));
    assert_eq!((status, looked["bills"][0]["total"].as_str()), (200, Some("-2.50")), "{looked}");
    let (status, made) = shop.post("/v1/corrections", &credit("k1", "2.50"));
    assert_eq!((status, made["bill"] == bill["id"]), (201, true), "{made}");
    let after = shop.served.get(&shop.customer.key, "/v1/bills?kind=correction").good();
    assert_eq!((&after["items"][0]["id"], &after["items"][0]["total"]), (&made["made"], &json!("-2.50")));
    let is = |status: u16, code: &str, field: &str| (status, code.to_string(), field.to_string());
    assert_eq!(shop.refused(&credit("k2", "100000.00")), is(422, "credit_too_large", "amount"));
    let mut none = credit("k2", "1.00");
    none["line"] = json!(99);
    assert_eq!(shop.refused(&none), is(422, "not_correctable", "line"));
    let mut unknown = credit("k2", "1.00");
    unknown["bill"] = json!("bil_00000000000000000000000000000000");
    assert_eq!(shop.refused(&unknown), is(404, "not_found", "bill"));
    assert_eq!(shop.served.get(&shop.served.operator, "/v1/verify").good()["ok"], true);
}

/// A correction by the command line beside a running server, by a book that it never saw: the next leap of its clock knows it, and bills
/// one hour at 0.50 instead of 0.42.
#[test]
fn a_correction_beside_a_running_server_holds_at_its_next_close() {
    let clock = ["--test-clock", "2026-06-01 00:00:00", "--rate-limit", "0", "--cloud-delay-seconds", "0"];
    let served = Served::start(&clock);
    let shop = served.customer("shop", "100.00");
    let item = json!({ "product": "server", "options": { "charge": "payg", "region": "guangzhou",
        "zone": "guangzhou-1", "type": "S1.SMALL1" } });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [item] })).good();
    let advance = |to: &str| served.post(&served.operator, "/v1/clock/advance", &json!({ "to": to })).good();
    advance("2026-06-01T02:30:00+08:00");
    let (folder, demo) = (Folder::new("dearer"), files::book("demo").unwrap());
    for path in demo.paths() {
        let (to, text) = (folder.0.join(path), demo.get(path).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, text.replace("S1.SMALL1,51.00,0.42", "S1.SMALL1,51.00,0.50")).unwrap();
    }
    let book = folder.0.to_str().unwrap();
    let period = ["--from", "2026-06-01 00:00:00", "--until", "2026-06-01 01:00:00"];
    let named = ["--id", "ticket-1", "--reason", "as was agreed"];
    let done = till(&served, &[&["correct", "rerate", book][..], &period, &named].concat());
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    advance("2026-06-01T05:00:00+08:00");
    let bills = served.get(&shop.key, "/v1/bills?kind=adjustment").good();
    let totals: Vec<&str> =
        bills["items"].as_array().unwrap().iter().filter_map(|it| it["total"].as_str()).collect();
    assert_eq!(totals, ["0.08"]);
}
