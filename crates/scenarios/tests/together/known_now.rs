//! What an account has to know now, and what comes next: by the operations, and by the API that asks them.
//!
//! In:  accounts of which much was told, that run out of money, whose products a later book drops. Out: what holds.

use crate::support::people::{till, till_json};
use crate::support::plays::*;
use crate::support::served::{Customer, Served, eventually};
use crate::support::stores;
use billing::notice::{Notice, NoticeKind};
use desk::ahead::Look;
use desk::{Desk, ahead, books, cost, overview};
use play::Player;
use serde_json::json;
use server::cli::files;
use units::calendar::seconds_after;

/// 0.42 an hour.
const ONE: &str = "
2026-06-01 10:00:00 account acme
                    topup acme 1.00
                    buy acme web server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1
";

/// Of 1.00 a part is held for the server, and it is there all the same when a bill comes: 0.58, 0.16, and after three hours 0.26
/// are owed. Source: R-WAL-2: freezes do not count for arrears; R-ARR-1.
#[test]
fn money_that_is_held_lasts_too() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(&mut player, ONE);
        // Half an hour in: 0.21 is open, 0.79 is left.
        let delivered = units::calendar::whole_second(player.now);
        let (account, at) = (owner(&store, "acme"), player.desk.at(seconds_after(delivered, 1_800).unwrap()));
        let customer = store.read(|tx| desk::lists::accounts::one(tx, account)).unwrap();
        assert!(customer.wallet.frozen().total().is_positive(), "{engine}: nothing is held");
        let found = store.read(|tx| ahead::alone(tx, at, account, Look::SOON)).unwrap();
        assert_eq!(found.gone, Some(seconds_after(delivered, 3 * 3_600).unwrap()), "{engine}");
        let seen = store.read(|tx| overview::of_account(tx, at, account)).unwrap().ahead;
        assert_eq!(
            (seen.steps, seen.gone),
            (found.steps, found.gone),
            "{engine}: the overview says the same"
        );
    }
}

/// An account is in arrears, and sixty offers came and went since: what holds is told before what is over.
#[test]
fn what_holds_is_told_however_much_was_told_since() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(&mut player, ONE);
        play(&mut player, "2026-06-01 13:30:00 settle\n");
        let account = owner(&store, "acme");
        let later: Vec<Notice> = (0..60)
            .map(|number| Notice {
                account,
                subject: format!("ofr_{number:032x}"),
                kind: NoticeKind::OfferMade,
                threshold: 0,
                occasion: String::new(),
                at: seconds_after(player.now, number).unwrap(),
            })
            .collect();
        store.write(|tx| store::notices::add(tx, &later, player.now)).unwrap();
        let seen = store.read(|tx| overview::of_account(tx, player.desk.at(player.now), account)).unwrap();
        let kinds: Vec<NoticeKind> = seen.told.iter().map(|it| it.notice.kind).collect();
        assert_eq!(kinds, [NoticeKind::InArrears], "{engine}");
        let latest = store
            .read(|tx| {
                store::notices::latest(tx, account, NoticeKind::ALL.map(|it| (it, units::Timestamp::MIN)))
            })
            .unwrap();
        assert_eq!(latest.len(), 61, "{engine}: one of each kind and subject");
    }
}

/// A book of July drops what was bought after it was scheduled: June can be said, and so can a day at the prices that hold, 24 x 0.02.
/// On 30 June at 23:30 June has the last half hour of 0.02 an hour, which is started and counts whole.
#[test]
fn what_cannot_be_said_of_the_next_month_says_nothing_against_this_one() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        let demo = files::book("demo").unwrap();
        let mut without = pricebook::Files::default();
        for path in demo.paths().filter(|it| *it != "products/load-balancer-hourly.toml") {
            without.add(path, demo.get(path).unwrap());
        }
        play(&mut player, "2026-06-01 10:00:00 account acme\ntopup acme 100.00\n");
        let july = Some(at("2026-07-01 00:00:00"));
        store.write(|tx| books::apply(tx, &without, july, player.now)).unwrap();
        player.desk = store.read(Desk::open).unwrap();
        play(&mut player, "2026-06-30 20:00:00 buy acme lb load-balancer-hourly region=guangzhou\n");
        play(&mut player, "2026-06-30 23:30:00 settle\n");
        let account = owner(&store, "acme");
        let found = store.read(|tx| cost::of_account(tx, player.desk.at(player.now), account)).unwrap();
        let total = found.forecast.total().unwrap().map(|it| it.minor());
        assert_eq!(total, Some(8), "{engine}: four hours of June");
        assert_eq!(found.a_day.map(|it| it.e8()), Ok(48_000_000), "{engine}");
    }
}

/// 24 x 0.02 for the balancer and 24 x 0.17 for the container are 4.56 a day. A book of 10 July takes 0.50 for the container: a day costs
/// the same until it holds, also where the month after this one has the new price, and 24 x 0.52 = 12.48 then.
#[test]
fn a_day_costs_what_it_costs_at_the_prices_that_hold() {
    const STORY: &str = "
2026-06-19 09:00:00 account acme
                    topup acme 1000.00
                    buy acme lb load-balancer-hourly region=guangzhou
                    buy acme box container region=guangzhou spec=1U1G
2026-06-20 10:00:00 settle
";
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(&mut player, STORY);
        let account = owner(&store, "acme");
        let days = |player: &Player<'_>| {
            let at = player.desk.at(player.now);
            let cost = store.read(|tx| cost::of_account(tx, at, account)).unwrap().a_day.unwrap();
            let told = store.read(|tx| ahead::alone(tx, at, account, Look::SOON)).unwrap().a_day.unwrap();
            [cost.e8(), told.e8()]
        };
        assert_eq!(days(&player), [456_000_000; 2], "{engine}");
        let change = "2026-06-20 10:00:00 propose p-1 container compute 0.50 spec=1U1G from=2026-07-10 by=ann\n\
                      proposal p-1 agree by=bob\nproposal p-1 apply by=ann\n";
        play(&mut player, change);
        assert_eq!(days(&player), [456_000_000; 2], "{engine}: ahead of the change");
        play(&mut player, "2026-07-09 23:59:59 settle\n");
        assert_eq!(days(&player), [456_000_000; 2], "{engine}: a second before it");
        play(&mut player, "2026-07-10 00:00:00 settle\n");
        assert_eq!(days(&player), [1_248_000_000; 2], "{engine}: when it holds");
    }
}

/// The forecast says the same of a year, to its owner, to an operator and on the command line: the bill that takes too much,
/// two servers stopped two hours later, both gone a day after that.
fn forecast_of(served: &Served, shop: &Customer, ahead: &serde_json::Value) {
    let told = served.get(&shop.key, "/v1/account/forecast?limit=2").good();
    let of = served.get(&served.operator, &format!("/v1/accounts/{}/forecast", shop.account)).good();
    let said = till_json(served, &["forecast", "shop"]);
    let kinds = |it: &serde_json::Value| -> Vec<String> {
        let steps = it["steps"].as_array().unwrap();
        steps.iter().map(|it| it["what"].as_str().unwrap_or("money_gone").to_string()).collect()
    };
    assert_eq!(kinds(&told), ["money_gone", "arrears_stopped"]);
    assert_eq!((&told["gone"], &told["more"]), (&ahead["gone"], &json!(3)));
    for other in [&of, &said] {
        assert_eq!(
            kinds(other),
            ["money_gone", "arrears_stopped", "arrears_stopped", "released", "released"]
        );
        assert_eq!(
            (&other["gone"], &other["left"], &other["more"]),
            (&ahead["gone"], &told["left"], &json!(0))
        );
    }
    assert_eq!(said["assumptions"][0]["code"], "nothing_new");
    let text = till(served, &["forecast", "shop"]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(text.contains("the money runs out at ") && text.contains("use costs 20.16 CNY a day"), "{text}");
    let nobody = till(served, &["forecast", "nobody"]);
    assert!(!nobody.status.success());
    assert_eq!(served.get(&shop.key, &format!("/v1/accounts/{}/forecast", shop.account)).status, 403);
}

#[test]
fn the_api_says_what_comes_next_and_takes_what_owners_may_change() {
    let served = Served::start(&["--rate-limit", "0", "--cloud-delay-seconds", "0"]);
    let shop = served.customer("shop", "100.00");
    let options =
        json!({ "charge": "payg", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" });
    let item = json!({ "product": "server", "name": "web", "options": options, "quantity": 2 });
    let made = served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [item] })).good();
    let pieces = made["orders"][0]["pieces"].as_array().unwrap().clone();
    let ids: Vec<&str> = pieces.iter().map(|it| it["resource"].as_str().unwrap()).collect();
    let running = || served.get(&shop.key, "/v1/resources?state=running").good();
    eventually("delivery", || (running()["items"].as_array().unwrap().len() == 2).then_some(()));

    // Two servers at 0.42 an hour: 20.16 a day, so 100.00 is gone within five days.
    let ahead = eventually("a second of running", || {
        let ahead = served.get(&shop.key, "/v1/account/ahead").good();
        (ahead["a_day"] != "0.00000000").then_some(ahead)
    });
    assert_eq!((&ahead["currency"], &ahead["a_day"]), (&json!("CNY"), &json!("20.16000000")));
    let step = &ahead["steps"][0];
    assert_eq!((&step["kind"], &step["at"]), (&json!("money_gone"), &ahead["gone"]));
    assert!(step["text"]["en"].as_str().unwrap().contains("runs out"), "{step}");

    forecast_of(&served, &shop, &ahead);

    // The alert is the owner's to set; a key that only reads sets none, and terms are the operator's.
    let patch = |key: &str, body: serde_json::Value| {
        let headers = ["content-type: application/json"];
        served.call("PATCH", "/v1/account", key, &headers, body.to_string().as_bytes())
    };
    assert_eq!(patch(&shop.key, json!({ "alert": "20.00" })).good()["alert"], "20.00");
    let wrong = patch(&shop.key, json!({ "alert": "1.005" }));
    assert!(matches!(wrong.status, 400 | 422), "{}", wrong.text());
    assert_eq!(wrong.json()["field"], "alert", "{}", wrong.text());
    assert_eq!(patch(&shop.key, json!({ "contract_rate": "0.1" })).status, 400);

    // One is not the account's: the others are done, and it is told apart.
    let foreign = "res_00000000000000000000000000000000";
    let act = |body: serde_json::Value| served.post(&shop.key, "/v1/resource-actions", &body);
    let done = act(json!({ "resources": [ids[0], foreign, ids[0], ids[1]], "action": "stop" })).good();
    let results = done["results"].as_array().unwrap();
    let told: Vec<(&str, bool)> =
        results.iter().map(|it| (it["resource"].as_str().unwrap(), it["done"] == true)).collect();
    assert_eq!(told, [(ids[0], true), (foreign, false), (ids[1], true)]);
    assert_eq!(results[1]["code"], "not_found");
    let tagged = act(json!({ "resources": ids, "action": "tag", "tags": { "stage": "live" } })).good();
    assert!(tagged["results"].as_array().unwrap().iter().all(|it| it["done"] == true), "{tagged}");
    let found = served.get(&shop.key, "/v1/resources?tag=stage:live").good();
    assert_eq!(found["items"].as_array().unwrap().len(), 2, "{found}");
    for (body, field) in [
        (json!({ "resources": ids, "action": "move" }), "project"),
        (json!({ "resources": ids, "action": "tag" }), "tags"),
        (json!({ "resources": ids, "action": "renewal" }), "renewal"),
        (json!({ "resources": ids, "action": "start", "renewal": "auto" }), "renewal"),
        (json!({ "resources": ids, "action": "stop", "project": null }), "project"),
        (json!({ "resources": ["nothing"], "action": "stop" }), "resources"),
    ] {
        let refused = act(body);
        assert!(matches!(refused.status, 404 | 422), "{}", refused.text());
        assert_eq!(refused.json()["field"], field, "{}", refused.text());
    }
}
