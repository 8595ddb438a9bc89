//! Usage over HTTP: the three modes of CloudEvents, outcomes, what customers and operators read of it.

use crate::support::served::{Answer, Customer, Served, eventually};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const STRUCTURED: &str = "content-type: application/cloudevents+json";
const BATCH: &str = "content-type: application/cloudevents-batch+json";

/// A server on a clock that stands, a customer with a server that pays for traffic, and a key that meters.
struct Shop {
    served: Served,
    customer: Customer,
    resource: String,
    meter: String,
    now: String,
}

impl Shop {
    fn open() -> Shop {
        let served = Served::start(&["--test-clock", "--rate-limit", "0", "--cloud-delay-seconds", "0"]);
        let customer = served.customer("shop", "1000.00");
        let options = json!({ "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1",
            "type": "S1.SMALL1", "network": "traffic", "bandwidth": 5 });
        let item = json!({ "product": "server", "name": "web", "months": 1, "options": options });
        let order = served.post(&customer.key, "/v1/orders", &json!({ "pay": true, "items": [item] })).good();
        let order = format!("/v1/orders/{}", order["orders"][0]["id"].as_str().unwrap());
        let delivered = eventually("the delivery", || {
            Some(served.get(&customer.key, &order).good()).filter(|it| it["state"] == "delivered")
        });
        let resource = delivered["pieces"][0]["resource"].as_str().unwrap().to_string();
        let wanted = json!({ "name": "gateway", "scopes": ["meter"] });
        let made = served.post(&served.operator, "/v1/keys", &wanted).good();
        let meter = made["secret"].as_str().unwrap().to_string();
        let now = served.get(&customer.key, "/v1/clock").good()["now"].as_str().unwrap().to_string();
        Shop { served, customer, resource, meter, now }
    }

    fn event(&self, id: &str, quantity: u64) -> Value {
        json!({
            "specversion": "1.0", "type": "cloudtill.usage.v1", "source": "/gateway", "id": id, "time": self.now,
            "subject": self.resource, "data": { "meter": "traffic_out", "quantity": quantity }
        })
    }

    fn send(&self, header: &str, body: &str) -> Answer {
        self.served.call("POST", "/v1/usage", &self.meter, &[header], body.as_bytes())
    }

    fn batch(&self, header: &str, body: &str) -> Answer {
        self.served.call("POST", "/v1/usage/batch", &self.meter, &[header], body.as_bytes())
    }

    fn one(&self, event: &Value) -> (u16, String) {
        let answer = self.send(STRUCTURED, &event.to_string());
        let told = answer.json();
        let word = told["results"][0]["outcome"].as_str().or(told["code"].as_str());
        (answer.status, word.unwrap().to_string())
    }
}

#[test]
fn single_events_are_answered_by_their_status() {
    let shop = Shop::open();
    let event = shop.event("1", 1_024);
    let is = |status: u16, word: &str| (status, word.to_string());
    assert_eq!(shop.one(&event), is(200, "accepted"));
    assert_eq!(shop.one(&event), is(200, "duplicate"));
    assert_eq!(shop.one(&shop.event("1", 1_025)), is(409, "conflict"));
    let mut other = shop.event("2", 7);
    other["subject"] = json!("web");
    assert_eq!(shop.one(&other), is(202, "quarantined"));
    assert_eq!(shop.one(&other), is(202, "quarantined"));
    other["data"]["quantity"] = json!(8);
    assert_eq!(shop.one(&other), is(409, "conflict"));
    let mut future = shop.event("3", 1);
    future["time"] = json!("2150-01-01T00:00:00Z");
    assert_eq!(shop.one(&future), is(422, "time_invalid"));
    let mut old = shop.event("4", 1);
    old["specversion"] = json!("0.3");
    assert_eq!(shop.one(&old), is(400, "malformed_request"));

    let binary = [
        "content-type: application/json".to_string(),
        "ce-specversion: 1.0".to_string(),
        "ce-type: cloudtill.usage.v1".to_string(),
        "ce-source: %2Fgateway".to_string(),
        "ce-id: 1".to_string(),
        format!("ce-time: {}", shop.now),
        format!("ce-subject: {}", shop.resource),
    ];
    let binary: Vec<&str> = binary.iter().map(String::as_str).collect();
    let body = br#"{"meter": "traffic_out", "quantity": 1024.0}"#;
    let answer = shop.served.call("POST", "/v1/usage", &shop.meter, &binary, body);
    assert_eq!(answer.good()["counts"]["duplicate"], 1, "{}", answer.text());

    // Who may send: whoever meters, and an operator; not the customer, and nobody without a key.
    for (key, status) in [(&shop.customer.key, 403), (&shop.served.operator, 200), (&String::new(), 401)] {
        let answer = shop.served.call("POST", "/v1/usage", key, &[STRUCTURED], event.to_string().as_bytes());
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    let metrics = shop.served.get("", "/metrics").text();
    for line in [
        "till_usage_events_total{outcome=\"duplicate\"} 3",
        "till_quarantine_events{reason=\"unknown_resource\"} 1",
        "till_quarantine_events{reason=\"no_price\"} 0",
    ] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }
}

/// What `promtool check metrics` asks for: a sentence for each, a unit or `_total` in its name, buckets that add up.
#[test]
fn every_metric_says_what_it_is() {
    let shop = Shop::open();
    shop.one(&shop.event("1", 1));
    let text = shop.served.get("", "/metrics").text();
    let named = |of: &str| -> BTreeMap<String, String> {
        let lines = text.lines().filter_map(|it| it.strip_prefix(of)?.split_once(' '));
        lines.map(|it| (it.0.to_string(), it.1.to_string())).collect()
    };
    let (kinds, helps) = (named("# TYPE "), named("# HELP "));
    for (name, kind) in &kinds {
        assert!(helps.get(name).is_some_and(|it| it.len() > 10), "{name} is not explained: {text}");
        assert_eq!(kind == "counter", name.ends_with("_total"), "{name} is a {kind}");
        assert_ne!(kind, "summary", "{name}");
    }
    for name in [
        "till_http_seconds",
        "till_http_requests_total",
        "till_usage_events_total",
        "till_settled_to_seconds",
        "till_lane_waiting",
        "till_build_info",
        "process_resident_memory_bytes",
        "process_open_fds",
    ] {
        assert!(kinds.contains_key(name), "{name} is missing: {text}");
    }
    let of_usage = |name: &str, more: &str| {
        let begin = format!("till_http_seconds_{name}{{method=\"POST\",route=\"/v1/usage\"{more}}} ");
        text.lines()
            .find_map(|it| it.strip_prefix(&begin))
            .unwrap_or_else(|| panic!("{begin}: {text}"))
            .to_string()
    };
    assert_eq!(of_usage("bucket", ",le=\"+Inf\""), of_usage("count", ""));
}

#[test]
fn a_batch_has_a_result_for_each_event() {
    let shop = Shop::open();
    let mut standing = shop.event("c1", 5_000);
    standing["data"]["cumulative"] = json!(true);
    standing["data"]["series"] = json!("eth0");
    let mut began = shop.event("c2", 300);
    began["data"]["reset"] = json!(true);
    began["data"]["series"] = json!("eth1");
    let mut unknown = shop.event("u", 1);
    unknown["data"]["meter"] = json!("bananas");
    let batch =
        json!([shop.event("1", 10), shop.event("1", 10), 5, shop.event("1", 11), unknown, standing, began]);
    let told = shop.send(BATCH, &batch.to_string()).good();
    let words: Vec<&str> =
        told["results"].as_array().unwrap().iter().map(|it| it["outcome"].as_str().unwrap()).collect();
    assert_eq!(
        words,
        ["accepted", "duplicate", "refused", "conflict", "quarantined", "accepted", "accepted"]
    );
    assert_eq!(told["results"][4]["code"], "unknown_meter");
    let counts =
        json!({"accepted": 3, "duplicate": 1, "late": 0, "quarantined": 1, "conflict": 1, "refused": 1});
    assert_eq!(told["counts"], counts);
    // The path of batches takes the same, once more.
    let again = shop.batch(BATCH, &batch.to_string()).good();
    let counts =
        json!({"accepted": 0, "duplicate": 4, "late": 0, "quarantined": 1, "conflict": 1, "refused": 1});
    assert_eq!(again["counts"], counts);
    assert_eq!(shop.batch("content-type: application/json", "[]").good()["results"], json!([]));
    assert_eq!(shop.batch(STRUCTURED, &shop.event("1", 10).to_string()).status, 415);

    for (body, status) in
        [("[1", 400), ("{}", 400), ("", 400), ("[NaN]", 400), (&format!("[{}1]", "1,".repeat(10_000)), 413)]
    {
        for answer in [shop.send(BATCH, body), shop.batch(BATCH, body)] {
            assert_eq!(answer.status, status, "{}", answer.text());
            assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        }
    }
    assert_eq!(shop.send("content-type: text/plain", "x").status, 415);
    let large = vec![b' '; 9 * 1024 * 1024];
    assert_eq!(shop.served.call("POST", "/v1/usage", &shop.meter, &[BATCH], &large).status, 413);

    // What the customer reads of it.
    let key = &shop.customer.key;
    let listed = shop.served.get(key, "/v1/usage?to=2199-01-01T00:00:00Z&limit=2").good();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2, "{listed}");
    let next = listed["next"].as_str().unwrap();
    let rest = shop.served.get(key, &format!("/v1/usage?to=2199-01-01T00:00:00Z&after={next}")).good();
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
    let path = format!("/v1/usage/windows?by=day&resource={}&to=2199-01-01T00:00:00Z&limit=1", shop.resource);
    let from = format!("{path}&from={}", shop.now.replace('+', "%2B"));
    let sums = shop.served.get(key, &from).good();
    // 10, nothing for the first standing, 300 for the counter that began at zero.
    assert_eq!(
        (&sums["items"][0]["sum"], &sums["items"][0]["highest"]),
        (&json!("310"), &json!("300")),
        "{sums}"
    );
    let other = shop.served.customer("other", "1.00");
    for path in [path.as_str(), &format!("/v1/usage?resource={}", shop.resource), "/v1/usage?resource=web"] {
        assert_eq!(shop.served.get(&other.key, path).status, 404);
    }
    assert_eq!(shop.served.get(key, "/v1/usage?after=zz").status, 404);
    assert_eq!(shop.served.get(key, "/v1/usage?from=1700-01-01T00:00:00Z").status, 422);
    assert_eq!(shop.served.get(key, "/v1/usage?color=red").status, 400);
}

#[test]
fn operators_look_after_the_quarantine_and_coverage() {
    let shop = Shop::open();
    let operator = &shop.served.operator;
    let mut batch = Vec::new();
    for id in 0..3 {
        let mut event = shop.event(&format!("u{id}"), 1);
        event["data"]["meter"] = json!("bananas");
        batch.push(event);
    }
    shop.send(BATCH, &json!(batch).to_string()).good();
    let page = shop.served.get(operator, "/v1/quarantine?limit=2").good();
    assert_eq!(page["items"][0]["reason"], "unknown_meter");
    let next = format!("/v1/quarantine?after={}", page["next"].as_str().unwrap());
    assert_eq!(shop.served.get(operator, &next).good()["items"].as_array().unwrap().len(), 1);
    let reasons = shop.served.get(operator, "/v1/quarantine/reasons").good();
    assert_eq!(
        (&reasons["items"][0]["count"], &reasons["items"][0]["reason"]),
        (&json!(3), &json!("unknown_meter"))
    );
    let tried = shop.served.post(operator, "/v1/quarantine/replay", &json!({})).good();
    assert_eq!((&tried["usage"]["counts"]["quarantined"], &tried["next"]), (&json!(3), &Value::Null));
    let named = json!({"events": [{"source": "/gateway", "id": "nobody"}]});
    let tried = shop.served.post(operator, "/v1/quarantine/replay", &named).good();
    assert_eq!(tried["usage"]["results"][0]["code"], "not_found");
    assert_eq!(shop.served.get(&shop.customer.key, "/v1/quarantine").status, 403);

    let report = shop.served.get(operator, "/v1/coverage").good();
    assert_eq!(report, json!({"unpriced": [], "unmetered": [], "silent": [], "next": null}));
    let now: jiff::Timestamp = shop.now.parse().unwrap();
    let later = now.checked_add(jiff::SignedDuration::from_hours(3)).unwrap();
    shop.served.post(operator, "/v1/clock/advance", &json!({"to": later.to_string()})).good();
    let report = shop.served.get(operator, "/v1/coverage?hours=2").good();
    assert_eq!(report["silent"][0]["resource"], shop.resource.as_str(), "{report}");
    assert_eq!(
        (&report["silent"][0]["meter"], &report["silent"][0]["last_reading"]),
        (&json!("traffic_out"), &Value::Null)
    );
    // What comes after its hour was closed is late.
    let event = shop.event("late", 1 << 30);
    assert_eq!(shop.one(&event), (200, "late".to_string()));
    let before = balance(&shop);
    let far = later.checked_add(jiff::SignedDuration::from_hours(2)).unwrap();
    shop.served.post(operator, "/v1/clock/advance", &json!({"to": far.to_string()})).good();
    let after = balance(&shop);
    // The gigabyte costs 0.80, as an adjustment of the next hour.
    assert_eq!(units::decimal::parse(&before, 2).unwrap() - units::decimal::parse(&after, 2).unwrap(), 80);
}

fn balance(shop: &Shop) -> String {
    let account = shop.served.get(&shop.customer.key, "/v1/account").good();
    account["wallet"]["balance"].as_str().unwrap().to_string()
}

#[test]
fn a_reading_that_nothing_uses_is_refused_alone() {
    const MOST: u64 = 1_000_000_000_000_000;
    let shop = Shop::open();
    let start: units::Timestamp = shop.now.parse().unwrap();
    let after =
        |seconds: i64| units::Timestamp::from_second(start.as_second() + seconds).unwrap().to_string();
    let counter = |id: &str, quantity: u64, second: i64, how: &str| {
        let mut event = shop.event(id, quantity);
        event["data"]["series"] = json!("eth0");
        event["data"][how] = json!(true);
        event["time"] = json!(after(second));
        event
    };
    shop.served.post(&shop.served.operator, "/v1/clock/advance", &json!({ "to": after(60) })).good();

    let mut most = shop.event("1", MOST);
    most["data"]["quantity"] = json!(MOST.to_string());
    let batch = json!([
        most,
        shop.event("2", MOST + 1),
        shop.event("3", i64::MAX.unsigned_abs()),
        // A counter may stand anywhere; what it grew by may not be more than a reading.
        counter("c1", 5 * MOST, 10, "cumulative"),
        counter("c2", 7 * MOST, 20, "cumulative"),
        counter("c3", 2 * MOST, 5, "reset"),
    ]);
    let told = shop.send(BATCH, &batch.to_string()).good();
    let codes: Vec<&str> = told["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["code"].as_str().or(it["outcome"].as_str()).unwrap())
        .collect();
    let large = "amount_too_large";
    assert_eq!(codes, ["accepted", large, large, "accepted", large, large], "{told}");
    // What was refused is no part of the counter: the next standing counts on from the last that was taken.
    let mut next = counter("c4", 5 * MOST + 7, 20, "cumulative");
    assert_eq!(shop.one(&next), (200, "accepted".into()));
    next["id"] = json!("4");
    next["data"] = json!({"meter": "traffic_out", "quantity": MOST + 1});
    let answer = shop.send(STRUCTURED, &next.to_string()).json();
    assert_eq!((&answer["code"], &answer["field"]), (&json!(large), &json!("data.quantity")), "{answer}");
    let path = format!("/v1/usage/windows?by=month&from={}", shop.now);
    let sums = shop.served.get(&shop.customer.key, &path).good();
    assert_eq!(sums["items"][0]["sum"], (MOST + 7).to_string(), "{sums}");
}

#[test]
fn what_is_wrong_with_an_event_is_named_by_its_path() {
    let shop = Shop::open();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut event = shop.event("1", 1);
        change(&mut event);
        shop.send(STRUCTURED, &event.to_string()).json()
    };
    for (told, field) in [
        (changed(&|it| it["data"]["x"] = json!(1)), "data.x"),
        (changed(&|it| it["data"]["cumulative"] = json!("yes")), "data.cumulative"),
        (changed(&|it| it["data"] = json!({"quantity": 1})), "data.meter"),
        (changed(&|it| it["data"]["quantity"] = json!(1.5)), "data.quantity"),
        (changed(&|it| it["subject"] = json!(7)), "subject"),
        (changed(&|it| it["time"] = json!("1700-01-01T00:00:00Z")), "time"),
        (changed(&|it| it["time"] = json!("2199-01-01T00:00:00Z")), "time"),
    ] {
        assert_eq!(told["field"], field, "{told}");
    }
}

#[test]
fn windows_without_readings_do_not_count() {
    let shop = Shop::open();
    let (key, operator) = (&shop.customer.key, &shop.served.operator);
    let mut times = vec![shop.now.clone()];
    let start: units::Timestamp = shop.now.parse().unwrap();
    for hours in [100, 300] {
        let at = units::Timestamp::from_second(start.as_second() + hours * 3_600).unwrap().to_string();
        shop.served.post(operator, "/v1/clock/advance", &json!({ "to": at })).good();
        times.push(at);
    }
    for (number, time) in (1..).zip(&times) {
        let mut event = shop.event(&number.to_string(), number);
        event["time"] = json!(time);
        assert_eq!(shop.one(&event).0, 200);
    }
    let path = format!("/v1/usage/windows?by=hour&limit=2&to=2199-01-01T00:00:00Z&from={}", shop.now);
    let first = shop.served.get(key, &path).good();
    let sums = |it: &Value| -> Vec<String> {
        it["items"].as_array().unwrap().iter().map(|it| it["sum"].as_str().unwrap().to_string()).collect()
    };
    assert_eq!(sums(&first), ["1", "2"], "{first}");
    let next = first["next"].as_str().unwrap();
    let rest = shop.served.get(key, &format!("{path}&after={next}")).good();
    assert_eq!((sums(&rest), &rest["next"]), (vec!["3".to_string()], &Value::Null), "{rest}");
    // What is asked for from an empty hour on is found too.
    let day = shop.served.get(key, &format!("/v1/usage/windows?limit=1&from={}", shop.now)).good();
    assert_eq!((sums(&day), day["next"].is_string()), (vec!["1".to_string()], true), "{day}");
}
