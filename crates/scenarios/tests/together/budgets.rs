//! Budgets: what they count is what costs are, on both engines; over the API; on the website.

use crate::support::people::signed_in;
use crate::support::plays::*;
use crate::support::served::{Customer, Folder, Served};
use crate::support::stores;
use billing::budget::NoForecast;
use desk::books;
use desk::lists::bills::{self, InMonth};
use desk::lists::budgets::{self as list, Filter};
use desk::lists::costs::{self, Cut};
use desk::page::Part;
use play::Player;
use pricebook::Files;
use serde_json::{Value, json};
use server::cli::files;
use std::collections::BTreeMap;
use store::Store;

/// Prepaid, by the hour, by the day and by the month; late readings; one resource in a project.
const EVERYTHING: &str = "
2026-06-01 09:00:00 account all
                    topup all 9000.00
                    buy all web server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=traffic bandwidth=5
                    buy all vol disk charge=payg region=guangzhou zone=guangzhou-1 type=premium size=100
                    buy all c1 container region=guangzhou spec=1U1G
                    buy all old server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=1
                    project all site web vol
                    budget all whole 100.00
                    budget all servers 100.00 product=server
                    budget all site 100.00 project=site
2026-06-03 10:10:00 use web traffic_out 2GB at=2026-06-03T10:05:00 id=t1
                    use web traffic_out 1GB at=2026-06-02T10:05:00 id=late
2026-07-01 01:00:00 settle
";

/// The budgets of a month are the groups of its costs, whatever is in them.
#[test]
fn what_is_spent_is_what_the_month_costs() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(&mut player, EVERYTHING);
        let (account, month) = (owner(&store, "all"), "2026-06".to_string());
        let at = player.desk.at(player.now);
        let of = InMonth { account, month: month.clone(), product: None };
        let (found, products, projects) = store
            .read(|tx| {
                let filter = Filter { account, month: Some(month.clone()) };
                Ok::<_, desk::Refusal>((
                    list::page(tx, at, &filter, &Part::first(10))?.items,
                    bills::of_month(tx, at, &of)?,
                    costs::page(tx, at, &of, &Cut::Project.used(), &Part::first(10))?.items,
                ))
            })
            .unwrap();
        let spent: BTreeMap<&str, i64> =
            found.iter().map(|it| (it.budget.name.as_str(), it.figures.spent.unwrap().minor())).collect();
        let whole: i64 = products.values().map(|it| it.total.minor()).sum();
        let site = projects.iter().find(|it| it.name.as_deref() == Some("site")).unwrap();
        assert_eq!(spent["whole"], whole, "{engine}");
        assert_eq!(spent["servers"], products["server"].total.minor(), "{engine}");
        assert_eq!(spent["site"], site.sum.total.minor(), "{engine}");
        assert!(spent["site"] > 0 && spent["site"] < whole, "{engine}");
    }
}

/// Two projects and what is in none; sums and a pack that all of them share.
const SHARED: &str = "
2026-06-01 00:00:00 account all
                    topup all 9000.00
                    buy all p container-pack spec=1U1G hours=720 month=2026-06
                    buy all web server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1
                    buy all c1 container region=guangzhou spec=1U1G
                    buy all c2 container region=guangzhou spec=1U1G
                    buy all c3 container region=guangzhou spec=1U1G
                    buy all small volume region=guangzhou size=10
                    buy all large volume region=guangzhou size=30
                    project all alpha web c1 small
                    project all beta c2 large
                    budget all whole 100.00
                    budget all alpha 100.00 project=alpha
                    budget all beta 100.00 project=beta
2026-06-11 07:00:00 release c2
                    release large
2026-07-01 01:00:00 settle
";

/// What budgets of all projects count, together with what is in none, is what the month costs; each counts its group of the cost page.
#[test]
fn what_projects_share_is_counted_once() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(&mut player, SHARED);
        let (account, month) = (owner(&store, "all"), "2026-06".to_string());
        let at = player.desk.at(player.now);
        let of = InMonth { account, month: month.clone(), product: None };
        let filter = Filter { account, month: Some(month) };
        let (found, groups) = store
            .read(|tx| {
                Ok::<_, desk::Refusal>((
                    list::page(tx, at, &filter, &Part::first(10))?.items,
                    costs::page(tx, at, &of, &Cut::Project.used(), &Part::first(10))?.items,
                ))
            })
            .unwrap();
        let mut spent: BTreeMap<Option<String>, i64> =
            found.into_iter().map(|it| (Some(it.budget.name), it.figures.spent.unwrap().minor())).collect();
        let whole = spent.remove(&Some("whole".to_string())).unwrap();
        let mut groups: BTreeMap<Option<String>, i64> =
            groups.into_iter().map(|it| (it.name, it.sum.total.minor())).collect();
        let rest = groups.remove(&None).unwrap();
        assert_eq!(spent, groups, "{engine}");
        assert_eq!(spent.values().sum::<i64>() + rest, whole, "{engine}");
        assert!(rest > 0 && spent.values().all(|it| *it > 0), "{engine}: {spent:?} {rest}");
    }
}

/// The demo book in which load balancers are added up by the hour: a sum of 0.02 each.
fn hourly() -> Files {
    let (mut files, path) = (files::book("demo").unwrap(), "products/load-balancer.toml");
    let text = files.get(path).unwrap().replace("due = \"month\"", "due = \"hour\"");
    files.add(path, &text);
    files
}

fn began(store: &Store) -> Player<'_> {
    let start = at("2026-06-01 00:00:00");
    store.write(|tx| books::apply(tx, &hourly(), None, start)).unwrap();
    Player::new(store, start).unwrap()
}

/// 0.24 are 10 % of 2.40, after 12 hours, and 0.48 are 20 %, after 24; the forecast of 14.40 is less than ten times as much.
const BALANCED: &str = "
2026-06-01 00:00:00 account all
                    topup all 100.00
                    buy all lb load-balancer region=guangzhou
                    project all alpha lb
                    budget all alpha 2.40 project=alpha actual=10,20 forecast=1000
                    budget all whole 2.40 actual=10,20 forecast=1000
";

/// What an account was told of its budgets: when, of which, at how many percent.
fn told(store: &Store, named: &str) -> Vec<String> {
    let account = owner(store, named);
    let (notices, budgets) = store
        .read(|tx| {
            let notices = store::notices::of_account(tx, account)?;
            Ok::<_, store::StoreError>((notices, store::budgets::of_account(tx, account)?))
        })
        .unwrap();
    let calendar = units::Calendar::settlement();
    let line = |it: &billing::notice::Notice| {
        let budget = budgets.iter().find(|that| that.id.to_string() == it.subject).unwrap();
        format!("{} {} {}", calendar.print(it.at), budget.name, it.threshold)
    };
    let mut lines: Vec<String> = notices.iter().map(line).collect();
    lines.sort();
    lines
}

/// Who shared what is read once a day: what an account comes to is told by the hour, a project's part of what is shared by the day.
#[test]
fn what_projects_share_is_looked_at_once_a_day() {
    for (engine, store, _server) in stores() {
        let mut player = began(&store);
        play(&mut player, &format!("{BALANCED}2026-06-02 01:00:00 settle\n"));
        let expected = [
            "2026-06-01 12:00:00 whole 10",
            "2026-06-02 00:00:00 alpha 10",
            "2026-06-02 00:00:00 alpha 20",
            "2026-06-02 00:00:00 whole 20",
        ];
        assert_eq!(told(&store, "all"), expected, "{engine}");
    }
}

/// Sums of closed cycles whose component no book has any more: nobody can say what is whose of them.
#[test]
fn what_cannot_be_split_takes_nothing_from_other_budgets() {
    let folder = Folder::new("budgets");
    let file = folder.0.join("till.db");
    let store = Store::embedded(&file).unwrap();
    play(&mut began(&store), &format!("{BALANCED}2026-06-01 06:00:00 settle\n"));
    drop(store);
    let sql = "update lines set component = 'gone' where component = 'instance'";
    assert!(rusqlite::Connection::open(&file).unwrap().execute(sql, []).unwrap() > 0);

    let store = Store::embedded(&file).unwrap();
    let mut player = Player::new(&store, at("2026-06-01 06:00:00")).unwrap();
    let more = "2026-06-01 06:10:00 budget all low 2.40 project=alpha actual=1 forecast=1000\n\
        2026-06-02 01:00:00 settle\n";
    play(&mut player, more);
    let expected = ["2026-06-01 12:00:00 whole 10", "2026-06-02 00:00:00 whole 20"];
    assert_eq!(told(&store, "all"), expected);
    let filter = Filter { account: owner(&store, "all"), month: None };
    let now = player.desk.at(player.now);
    let found = store.read(|tx| list::page(tx, now, &filter, &Part::first(10))).unwrap().items;
    let figures: Vec<_> = found.iter().map(|it| (it.budget.name.as_str(), it.figures)).collect();
    for (name, figures) in figures {
        match name {
            "whole" => assert_eq!(figures.spent.map(|it| it.minor()), Some(50)),
            of_project => {
                assert_eq!(
                    (figures.spent, figures.forecast),
                    (None, Err(NoForecast::Unknown)),
                    "{of_project}"
                );
            }
        }
    }
}

/// Told of a month and another in pages of two; statements do not grow with budgets.
#[test]
fn a_page_goes_on_behind_its_last_budget() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(&mut player, EVERYTHING);
        let (account, at) = (owner(&store, "all"), player.desk.at(player.now));
        let read = |after: Option<String>| {
            let filter = Filter { account, month: None };
            store.read(|tx| list::page(tx, at, &filter, &Part { after: after.clone(), most: 2 })).unwrap()
        };
        let first = read(None);
        let rest = read(first.next.clone());
        let names = |page: &desk::page::Page<desk::spending::Standing>| {
            page.items.iter().map(|it| it.budget.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(
            (names(&first), names(&rest)),
            (vec!["servers".into(), "site".into()], vec!["whole".into()])
        );
        assert_eq!(rest.next, None, "{engine}");
    }
}

/// A till whose clock stands at the begin of June, with a server at 0.42 an hour.
fn served() -> (Served, Customer) {
    let served = Served::start(&[
        "--rate-limit",
        "0",
        "--cloud-delay-seconds",
        "0",
        "--test-clock",
        "2026-06-01 00:00:00",
    ]);
    let shop = served.customer("shop", "1000.00");
    let server = json!({ "items": [{ "product": "server", "name": "web", "options": {
        "charge": "payg", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" } }], "pay": true });
    served.post(&shop.key, "/v1/orders", &server).good();
    (served, shop)
}

fn advance(served: &Served, to: &str) {
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": to })).good();
}

fn code(answer: &crate::support::served::Answer) -> (u16, Value, Value) {
    let problem = answer.json();
    (answer.status, problem["code"].clone(), problem["field"].clone())
}

#[test]
fn a_budget_is_made_read_changed_and_ended_over_the_api() {
    let (served, shop) = served();
    let hook = json!({ "url": "https://example.com/till", "kinds": ["budget.*"] });
    served.post(&shop.key, "/v1/webhooks", &hook).good();
    let body = json!({ "name": "all", "amount": "100.00" });
    let made = served.post(&shop.key, "/v1/budgets", &body).good();
    assert_eq!(made["thresholds"], json!({ "actual": [50, 80, 100], "forecast": [100] }));
    assert_eq!(
        code(&served.post(&shop.key, "/v1/budgets", &body)),
        (409, json!("name_taken"), json!("name"))
    );
    advance(&served, "2026-06-06T16:00:00Z");
    let path = format!("/v1/budgets/{}", made["id"].as_str().unwrap());
    let read = served.get(&shop.key, &path).good();
    // 96 h × 0.42 + 47 h × 0.21; in all of June 96 × 0.42 + 264 × 0.21 + 360 × 0.1428. Source: docs/budgets.md.
    assert_eq!((&read["actual_spend"], &read["forecasted_spend"]), (&json!("50.19"), &json!("147.17")));
    let ahead = served.get(&shop.key, "/v1/budgets?month=2026-12").good();
    assert_eq!(
        (&ahead["items"][0]["no_forecast"], &ahead["items"][0]["forecasted_spend"]),
        (&json!("month_not_begun"), &Value::Null)
    );
    let events = served.get(&shop.key, "/v1/events").good();
    let told: Vec<(&str, &Value, &Value)> = events["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["type"].as_str().unwrap(), &it["data"]["percent"], &it["data"]["reached"]))
        .collect();
    let expected =
        [("budget.reached", json!(50), json!("50.19")), ("budget.forecast", json!(100), json!("147.17"))];
    assert_eq!(told, expected.iter().map(|it| (it.0, &it.1, &it.2)).collect::<Vec<_>>());
    let changed = served.call(
        "PATCH",
        &path,
        &shop.key,
        &["content-type: application/json"],
        br#"{"amount": "60.00", "thresholds": {"actual": [80]}}"#,
    );
    let changed = changed.good();
    assert_eq!(changed["thresholds"], json!({ "actual": [80], "forecast": [100] }));
    let notices = served.get(&shop.key, "/v1/notices?kind=budget_reached").good();
    let percents: Vec<&Value> =
        notices["items"].as_array().unwrap().iter().map(|it| &it["threshold"]).collect();
    assert_eq!(percents, [&json!(80), &json!(50)], "80% of 60.00 is crossed at once");
    let csv = served.call("GET", "/v1/budgets", &shop.key, &["accept: text/csv"], b"").text();
    assert!(csv.contains("actual_spend") && csv.contains("50.19"), "{csv}");
    let ended = served.call("DELETE", &path, &shop.key, &[], b"");
    assert_eq!(ended.status, 200);
    assert_eq!(served.get(&shop.key, &path).status, 404);
    assert_eq!(served.get(&shop.key, "/v1/budgets").good()["items"], json!([]));
}

#[test]
fn what_no_budget_can_be_is_refused_at_its_field() {
    let (served, shop) = served();
    let post = |body: Value| code(&served.post(&shop.key, "/v1/budgets", &body));
    let with = |more: Value| {
        let mut body = json!({ "name": "b", "amount": "1.00" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        post(body)
    };
    assert_eq!(with(json!({ "amount": "0" })), (422, json!("amount_invalid"), json!("amount")));
    assert_eq!(with(json!({ "product": "nothing" })), (422, json!("unknown_product"), json!("product")));
    assert_eq!(with(json!({ "project": "prj_1" })), (404, json!("not_found"), json!("project")));
    let both = json!({ "product": "server", "project": "prj_1" });
    assert_eq!(with(both), (422, json!("budget_invalid"), json!("product")));
    let twice = json!({ "thresholds": { "actual": [50, 50] } });
    assert_eq!(with(twice), (422, json!("budget_invalid"), json!("thresholds")));
    assert_eq!(with(json!({ "thresholds": { "actual": [0] } })).0, 400);
    let rival = served.customer("rival", "1.00");
    let made = served.post(&shop.key, "/v1/budgets", &json!({ "name": "b", "amount": "1.00" })).good();
    let path = format!("/v1/budgets/{}", made["id"].as_str().unwrap());
    assert_eq!(served.get(&rival.key, &path).status, 404);
    assert_eq!(served.call("DELETE", &path, &rival.key, &[], b"").status, 404);
}

#[test]
fn a_budget_is_kept_on_the_website_by_who_may() {
    let (served, _) = served();
    let mut fin = signed_in(&served, "fin@example.com", "finance", Some("shop"));
    let page = fin.get("/budgets");
    page.has("No budgets yet").has("The whole account").has("Cloud server");
    let filled = [
        ("name", "<b>web</b>"),
        ("amount", "100.00"),
        ("of", "product:server"),
        ("actual", "50, 80, 100"),
        ("forecast", "100"),
    ];
    let wrong = fin.submit(&page, "/budgets", &[("name", "web"), ("amount", "0"), ("actual", "80, x")]);
    assert_eq!(wrong.status, 422);
    wrong.has("value=\"80, x\"").has("Thresholds are whole percents").has("id=\"e-actual\"");
    let again = fin.send(&page, "/budgets", &filled);
    assert_eq!(again.status, 303);
    let list = fin.get("/budgets");
    list.has("&lt;b&gt;web&lt;/b&gt;").has("0.00 of 100.00 CNY").lacks("<b>web</b>");
    advance(&served, "2026-06-06T16:00:00Z");
    let list = fin.get("/budgets");
    list.has("50.19 of 100.00 CNY").has("147.17").has("50%, 80%, 100%");
    fin.get("/notices").has("50% spent");
    let path = format!("/budgets/{}", list.between("href=\"/budgets/", "\""));
    let page = fin.get(&path);
    let named = [("name", "web"), ("amount", "60.00"), ("actual", "90")];
    fin.submit(&page, &path, &named).has("The budget is changed.").has("50.19 of 60.00 CNY").has("90%");
    let mut reader = signed_in(&served, "rea@example.com", "read_only", Some("shop"));
    reader
        .get("/budgets")
        .has("50.19 of 60.00 CNY")
        .has("Your role does not allow this")
        .lacks("href=\"/budgets/bdg");
    assert_eq!(reader.get(&path).status, 403);
    let form = reader.get("/budgets").form("/sign-out", &[]);
    let typed = ["content-type: application/x-www-form-urlencoded"];
    assert_eq!(reader.call("POST", "/budgets", &typed, &form).status, 403);
    let page = fin.get(&path);
    let delete = format!("{path}/delete");
    fin.submit(&page, &delete, &[]).has("The budget is deleted.").has("No budgets yet");
    served.customer("rival", "1.00");
    let mut rival = signed_in(&served, "riv@example.com", "owner", Some("rival"));
    assert_eq!(rival.get(&path).status, 404);
}
