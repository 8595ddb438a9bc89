//! A month over HTTP on a test clock is, to the fen and line by line, the month that `till simulate` plays.

use crate::support::served::{Customer, Served, eventually};
use desk::books;
use play::Player;
use serde_json::{Value, json};
use server::cli::files;
use std::collections::BTreeSet;
use store::Store;
use units::Calendar;

/// Servers by the month and by use, protection, containers with a pack; S1, S2 and S3 in one account.
const STORY: &str = "
2026-06-01 00:00:00 account shop
                    topup shop 20000.00 ref=first
                    buy shop web server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=traffic bandwidth=50 months=1
                    buy shop lab server charge=payg region=guangzhou zone=guangzhou-2 type=S1.SMALL1 network=bandwidth bandwidth=6
                    buy shop shield high-defence-ip region=guangzhou line=bgp base=10 elastic=50 forwarding=public forwarding_by=bandwidth months=1
                    buy shop pack container-pack spec=1U1G hours=720 month=2026-06
                    buy shop box container region=guangzhou spec=1U1G quantity=2
2026-06-03 10:00:00 traffic web out 2GB id=e1
2026-06-05 20:15:00 attack shield 15Gbps ip=203.0.113.7 id=e2
2026-06-09 13:00:00 forward shield 130Mbps id=e3
2026-06-11 03:40:10 attack shield 24Gbps ip=203.0.113.7 id=e4
2026-06-12 09:30:00 stop lab
2026-06-12 10:45:00 start lab
2026-06-14 00:00:07 release box-1
2026-06-20 18:20:30 release lab
2026-07-02 00:00:00 settle
";

/// What is compared of a bill: kind, product, what for, from, to, total.
type Billed = BTreeSet<(String, String, String, String, String, String)>;

fn simulated() -> (Billed, String) {
    let store = Store::memory().unwrap();
    let story = play::parse("month", STORY, &Calendar::settlement()).unwrap();
    let start = story.steps[0].at;
    let book = files::book("demo").unwrap();
    store.write(|tx| books::apply(tx, &book, None, start)).unwrap();
    let mut player = Player::new(&store, start).unwrap();
    let played = player.play(&story, &mut |_, _| {}).unwrap();
    for step in &played.steps {
        assert_eq!(step.code, "ok", "{}: {:?}", step.text, step.message);
    }
    let report = play::json::report(&player, &played).unwrap();
    let account = &report["accounts"][0];
    let of = |it: &Value| {
        let text = |key: &str| it[key].as_str().unwrap_or("").to_string();
        (text("kind"), text("product"), text("subject"), text("from"), text("to"), text("total"))
    };
    let bills = account["bills"].as_array().unwrap().iter().map(of).collect();
    (bills, account["wallet"]["available"].as_str().unwrap().to_string())
}

/// A customer's program, as it would do the same over HTTP.
struct Shop<'a> {
    served: &'a Served,
    customer: Customer,
    meter: String,
}

impl Shop<'_> {
    fn advance(&self, to: &str) {
        let to = Calendar::settlement().parse(to).unwrap().to_string();
        self.served.post(&self.served.operator, "/v1/clock/advance", &json!({ "to": to })).good();
    }

    /// Orders and pays, and waits until it is there.
    fn buy(&self, name: &str, product: &str, options: Value, more: Value) {
        let mut item = json!({ "product": product, "name": name, "options": options });
        for (key, value) in more.as_object().unwrap() {
            item[key] = value.clone();
        }
        let placed = self.post("/v1/orders", &json!({ "pay": true, "items": [item] }));
        let path = format!("/v1/orders/{}", placed["orders"][0]["id"].as_str().unwrap());
        eventually(name, || (self.get(&path)["state"] == "delivered").then_some(()));
    }

    fn get(&self, path: &str) -> Value {
        self.served.get(&self.customer.key, path).good()
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.served.post(&self.customer.key, path, body).good()
    }

    fn resource(&self, name: &str) -> String {
        let found = self.get(&format!("/v1/resources?name={name}"));
        found["items"][0]["id"].as_str().unwrap_or_else(|| panic!("{name}: {found}")).to_string()
    }

    fn act(&self, name: &str, verb: &str) {
        self.post(&format!("/v1/resources/{}/{verb}", self.resource(name)), &json!({}));
    }

    fn report(&self, id: &str, name: &str, meter: &str, quantity: u64, series: &str) {
        let now = self.get("/v1/clock")["now"].clone();
        let data = json!({ "meter": meter, "quantity": quantity, "series": series });
        let event = json!({
            "specversion": "1.0", "type": "cloudtill.usage.v1", "source": "month", "id": id,
            "subject": self.resource(name), "time": now, "data": data,
        });
        let typed = ["content-type: application/cloudevents+json"];
        let answer =
            self.served.call("POST", "/v1/usage", &self.meter, &typed, event.to_string().as_bytes()).good();
        assert!(answer.to_string().contains("accepted"), "{answer}");
    }

    fn bills(&self) -> Billed {
        let (mut found, mut after) = (Billed::new(), String::new());
        loop {
            let page = self.get(&format!("/v1/bills?limit=100{after}"));
            for it in page["items"].as_array().unwrap() {
                let text = |key: &str| it[key].as_str().unwrap_or("").to_string();
                let subject = [text("name"), text("spec"), "-".into()].into_iter().find(|it| !it.is_empty());
                let subject = subject.unwrap_or_default();
                found.insert((
                    text("kind"),
                    text("product"),
                    subject,
                    text("from"),
                    text("to"),
                    text("total"),
                ));
            }
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return found,
            }
        }
    }
}

/// The story, told to the server.
fn played(shop: &Shop<'_>) {
    let place = |zone: &str| json!({ "region": "guangzhou", "zone": zone, "type": "S1.SMALL1" });
    let with = |mut base: Value, more: Value| {
        for (key, value) in more.as_object().unwrap() {
            base[key] = value.clone();
        }
        base
    };
    let web =
        with(place("guangzhou-1"), json!({ "charge": "prepaid", "network": "traffic", "bandwidth": 50 }));
    shop.buy("web", "server", web, json!({ "months": 1 }));
    let lab =
        with(place("guangzhou-2"), json!({ "charge": "payg", "network": "bandwidth", "bandwidth": 6.0 }));
    shop.buy("lab", "server", lab, json!({}));
    let shield = json!({
        "region": "guangzhou", "line": "bgp", "base": 10, "elastic": 50, "forwarding": "public",
        "forwarding_by": "bandwidth",
    });
    shop.buy("shield", "high-defence-ip", shield, json!({ "months": 1 }));
    let pack = json!({ "spec": "1U1G", "hours": 720 });
    shop.buy("pack", "container-pack", pack, json!({ "month": "2026-06" }));
    let container = json!({ "region": "guangzhou", "spec": "1U1G" });
    shop.buy("box", "container", container, json!({ "quantity": 2 }));
    shop.advance("2026-06-03 10:00:00");
    shop.report("e1", "web", "traffic_out", 2_147_483_648, "");
    shop.advance("2026-06-05 20:15:00");
    shop.report("e2", "shield", "attack", 15_000_000_000, "203.0.113.7");
    shop.advance("2026-06-09 13:00:00");
    shop.report("e3", "shield", "forward", 130_000_000, "");
    shop.advance("2026-06-11 03:40:10");
    shop.report("e4", "shield", "attack", 24_000_000_000, "203.0.113.7");
    shop.advance("2026-06-12 09:30:00");
    shop.act("lab", "stop");
    shop.advance("2026-06-12 10:45:00");
    shop.act("lab", "start");
    shop.advance("2026-06-14 00:00:07");
    shop.act("box-1", "release");
    shop.advance("2026-06-20 18:20:30");
    shop.act("lab", "release");
    shop.advance("2026-07-02 00:00:00");
}

fn compared(arguments: &[&str]) {
    let clock = ["--test-clock", "2026-06-01 00:00:00", "--settlement-delay-seconds", "0"];
    let cloud = ["--cloud-delay-seconds", "0", "--rate-limit", "0"];
    let served = Served::start(&[&clock[..], &cloud[..], arguments].concat());
    let customer = served.customer("shop", "20000.00");
    let meter = served.key(&["meter"]);
    let shop = Shop { served: &served, customer, meter };
    played(&shop);

    let (bills, available) = simulated();
    let found = shop.bills();
    let only = |a: &Billed, b: &Billed| a.difference(b).cloned().collect::<Vec<_>>();
    assert!(bills.len() > 400, "an hour's bill for each of 474 hours of the lab, {}", bills.len());
    assert_eq!((only(&bills, &found), only(&found, &bills)), (vec![], vec![]));
    assert_eq!(shop.get("/v1/account")["wallet"]["available"], json!(available));
    let audit = served.get(&served.operator, "/v1/verify").good();
    assert_eq!(audit["differences"], json!([]));
}

#[test]
fn a_month_on_the_test_clock_is_the_month_that_is_simulated() {
    compared(&[]);
}

#[test]
fn the_same_holds_on_postgres() {
    let server = store::testing::postgres();
    compared(&["--database-url", &server.fresh_database()]);
}

/// Refusals are the same too: a story and a curl command cannot differ.
#[test]
fn a_refusal_has_the_code_that_a_story_has() {
    let served = Served::start(&["--test-clock", "2026-06-01 00:00:00"]);
    let customer = served.customer("shop", "10.00");
    let item = json!({ "product": "server", "months": 1, "options": {
        "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1"
    }});
    let body = json!({ "pay": true, "items": [item] });
    let refused = served.post(&customer.key, "/v1/orders", &body);
    assert_eq!((refused.status, &refused.json()["code"]), (402, &json!("balance_insufficient")));
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    let kept = served.get(&customer.key, "/v1/orders").good();
    assert_eq!(kept["items"], json!([]), "nothing was written");
    let asked = served.post(&customer.key, "/v1/authorize", &json!({ "items": body["items"] })).good();
    assert_eq!((&asked["allowed"], &asked["code"]), (&json!(false), &json!("balance_insufficient")));
}
