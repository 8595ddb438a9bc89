//! The operator's pages about running: settlement, quarantine, coverage, revenue, health; and lists taken away as CSV.
//!
//! In:  real servers and browsers without a screen. Out: what the pages show, what is done from them, and by whom it is not.

use crate::support::browser::Browser;
use crate::support::people::signed_in;
use crate::support::served::{Customer, Served};
use serde_json::{Value, json};
use store::Store;
use store::settlements;
use units::{Calendar, CycleKind};

const MARK: &[u8] = b"\xef\xbb\xbf";

fn served() -> Served {
    Served::start(&["--rate-limit", "0", "--cloud-delay-seconds", "0", "--test-clock", "2026-06-10 12:00:00"])
}

/// A customer with a pack of 720 hours, which is billed at once.
fn with_pack(served: &Served, name: &str) -> Customer {
    let shop = served.customer(name, "1000.00");
    let pack = json!({ "product": "container-pack", "name": "<b>pack</b>", "options": { "spec": "1U1G", "hours": "720" } });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [pack] })).good();
    shop
}

/// Readings of a resource that is not there.
fn lost_readings(served: &Served, many: usize) {
    let meter = served.key(&["meter"]);
    let reading = |it: usize| {
        json!({ "specversion": "1.0", "id": format!("<i>e{it}</i>"), "source": "/gateways/1", "type": "cloudtill.usage.v1",
            "subject": "res_00000000000000000000000000000000", "time": "2026-06-10T03:00:00Z",
            "data": { "meter": "traffic_out", "quantity": 7 } })
    };
    let body = json!((0..many).map(reading).collect::<Vec<Value>>()).to_string();
    let typed = ["content-type: application/cloudevents-batch+json"];
    assert_eq!(served.call("POST", "/v1/usage/batch", &meter, &typed, body.as_bytes()).status, 200);
}

#[test]
fn readings_in_quarantine_are_seen_by_reason_and_tried_again() {
    const PATH: &str = "/operator/quarantine";
    const REPLAY: &str = "/operator/quarantine/replay";
    let served = served();
    let mut sue = signed_in(&served, "sue@example.com", "support", None);
    sue.get(PATH).has("Nothing waits");
    lost_readings(&served, 3);
    let page = sue.get(PATH);
    page.has("Unknown resource").has("No resource has this name").has("&lt;i&gt;e2&lt;/i&gt;").lacks("<i>e2");
    sue.get("/operator/quarantine?reason=too_late").lacks("e2&lt;");
    sue.submit(&page, REPLAY, &[("reason", "unknown_resource")]).has("Taken: 0. Still waiting: 3.");
    let page = sue.get(PATH);
    let chosen = json!(["/gateways/1", "<i>e1</i>"]).to_string();
    sue.submit(&page, REPLAY, &[("reason", ""), ("reading", &chosen)]).has("Taken: 0. Still waiting: 1.");
    // Nothing chosen, or what is no reading: nothing is tried.
    let page = sue.get(PATH);
    let nothing = sue.send(&page, REPLAY, &[("reason", "anything"), ("reading", "x")]);
    assert_eq!(nothing.status, 400);
    nothing.has("A reading is named by its source and its event");
    let mut sam = signed_in(&served, "sam@example.com", "sales", None);
    let page = sam.get(PATH);
    page.has("Unknown resource").has("Your role does not allow this");
    assert_eq!(sam.send(&page, REPLAY, &[("reason", "unknown_resource")]).status, 403);
}

#[test]
fn an_account_that_was_set_aside_is_seen_with_its_reason_and_tried_again() {
    const PATH: &str = "/operator/settlement";
    const RETRY: &str = "/operator/settlement/retry";
    let served = served();
    let shop = with_pack(&served, "shop <script>");
    let mut sue = signed_in(&served, "sue@example.com", "support", None);
    sue.get(PATH).has("Month").has("data-poll").has("None.").lacks(RETRY);
    // Without a script no page renews itself: what says so is shown where one runs.
    sue.get(PATH).has("<p class=\"byjs\">This page renews itself").has("class=\"more nojs\"");
    let now = "2026-06-10T04:00:00Z".parse().unwrap();
    let cycle = Calendar::settlement().cycle(CycleKind::Month, now).unwrap();
    let store = Store::embedded(&served.folder.0.join("data/till.db")).unwrap();
    let account = shop.account.parse().unwrap();
    store.write(|tx| settlements::set_aside(tx, account, &cycle, "the sum <does> not fit")).unwrap();
    let page = sue.get(PATH);
    page.has("shop &lt;script&gt;").has("the sum &lt;does&gt; not fit").lacks("<script>").has("Set aside");
    let part = sue.call("GET", PATH, &["till-part: runs"], "").text();
    assert!(part.starts_with("<div id=\"runs\"") && !part.contains("<html"), "{part}");
    let mut tom = signed_in(&served, "tom@example.com", "operator_finance", None);
    tom.get(PATH).has("the sum").has("Your role does not allow this").lacks(RETRY);
    let own = tom.get("/members").form("/sign-out", &[]);
    let typed = ["content-type: application/x-www-form-urlencoded"];
    assert_eq!(tom.call("POST", RETRY, &typed, &format!("{own}&all=yes")).status, 403);
    let first = sue.send(&page, RETRY, &[]);
    let again = sue.send(&page, RETRY, &[]);
    assert_eq!(first.answer.header("location"), Some("/operator/settlement?taken=1"));
    assert_eq!(again.answer.header("location"), first.answer.header("location"));
    sue.get("/operator/settlement?taken=1").has("Tried again by the next run: 1").has("None.");
}

#[test]
fn revenue_is_what_all_customers_were_billed_for_who_may_see_it() {
    let served = served();
    let shop = with_pack(&served, "shop");
    with_pack(&served, "other");
    let bills = served.get(&shop.key, "/v1/bills").good();
    let total: &str = bills["items"][0]["total"].as_str().unwrap();
    let mut tom = signed_in(&served, "tom@example.com", "operator_finance", None);
    let page = tom.get("/operator/revenue?month=2026-06&months=3");
    page.has("Container pack")
        .has("June 2026")
        .has("class=\"c1\"")
        .has("Altogether")
        .has("All bills of June 2026");
    let twice = 2 * total.replace('.', "").parse::<i64>().unwrap();
    page.has(&format!("{}.{:02}", twice / 100, twice % 100));
    tom.get("/operator/revenue?month=2026-05").has("Nothing was billed");
    tom.get("/operator/revenue?month=2026-06&product=server").has("Nothing was billed");
    tom.get("/operator/revenue?month=nothing").has("month").lacks("class=\"c1\"");
    let bills = tom.get("/operator/revenue/bills?month=2026-06");
    bills.has(total).has("&lt;b&gt;pack&lt;/b&gt;").has(&shop.account).lacks("<b>pack");
    let mut sue = signed_in(&served, "sue@example.com", "support", None);
    for path in ["/operator/revenue", "/operator/revenue/bills", "/csv/revenue?month=2026-06"] {
        assert_eq!(sue.get(path).status, 403, "{path}");
    }
    sue.get("/operator/books").lacks("/operator/revenue");
}

/// Two products sell packs of one family: each pack is called what it was bought as, and another one is bought there. 720 h of July end
/// with its 30th day. Source: R-PKG-1, R-PKG-2.
#[test]
fn a_pack_is_called_what_it_was_bought_as() {
    let served = served();
    let shop = served.customer("shop", "1000.00");
    let pack = |product: &str, month: Option<&str>| {
        let options = json!({ "spec": "1U1G", "hours": "720" });
        json!({ "product": product, "options": options, "month": month })
    };
    let items = [
        pack("container-pack", None),
        pack("container-pack", Some("2026-07")),
        pack("container-pack-at-purchase", None),
    ];
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": items })).good();
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let page = ann.get("/packs");
    page.has("<h2>Container pack</h2>").has("href=\"/buy/container-pack\"");
    page.has("<h2>Container pack from its purchase</h2>").has("href=\"/buy/container-pack-at-purchase\"");
    page.has("Nothing of it is used so far.").lacks("something is left");
    page.has("From 31 July 2026, 00:00 to the end of that month it covers nothing");
    ann.get("/").has("<h3>Container pack</h3>");
}

#[test]
fn health_says_what_ready_and_the_metrics_know_and_audits_when_asked() {
    let served = served();
    with_pack(&served, "shop");
    let mut sue = signed_in(&served, "sue@example.com", "support", None);
    let page = sue.get("/operator/health");
    page.has("<span class=\"pill ok\">Ready</span>").has("begin_books").has("Has room").has("Test clock");
    page.has("No message waits").has("Installation key").lacks("Not ready");
    served.post(&served.operator, "/v1/webhooks", &json!({ "url": "https://nobody.example/<x>" })).good();
    served.customer("late", "1.00");
    sue.get("/operator/health").lacks("<x>");
    // Looking begins nothing: a link of another site cannot have the books read.
    sue.get("/operator/health/audit").has("<h1>Health</h1>").lacks("The books add up");
    let form = ["content-type: application/x-www-form-urlencoded"];
    assert_eq!(sue.call("POST", "/operator/health/audit", &form, "form=x").status, 403);
    let page = sue.get("/operator/health");
    sue.submit(&page, "/operator/health/audit", &[]).has("The books add up").lacks("What differs");
    sue.get("/operator/coverage").has("Everything is covered");
    sue.get("/operator/coverage?hours=6").has("Everything is covered");
}

/// The lines of a list that a browser downloads, without the mark before them.
fn taken_away(browser: &mut Browser<'_>, path: &str) -> Vec<Vec<String>> {
    let page = browser.call("GET", path, &["accept-encoding: gzip"], "");
    assert_eq!(page.status, 200, "{path}: {}", page.text());
    assert_eq!(page.answer.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
    assert!(page.answer.header("content-disposition").unwrap().starts_with("attachment"), "{path}");
    let plain = browser.call("GET", path, &[], "");
    let lines = plain.answer.body.strip_prefix(MARK).expect("spreadsheets know it by its mark");
    assert!(!lines.starts_with(MARK));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(lines);
    reader.records().map(|it| it.unwrap().iter().map(str::to_string).collect()).collect()
}

#[test]
fn tables_are_taken_away_under_the_rights_of_who_is_signed_in() {
    let served = served();
    with_pack(&served, "商店");
    with_pack(&served, "other");
    let mut bob = signed_in(&served, "bob@example.com", "read_only", Some("商店"));
    for list in [
        "resources",
        "orders",
        "bills",
        "bill-months",
        "movements",
        "packs",
        "notices",
        "projects",
        "webhooks",
    ] {
        taken_away(&mut bob, &format!("/csv/{list}"));
    }
    let costs = taken_away(&mut bob, "/csv/costs?month=2026-06&by=region");
    assert!(costs.len() == 2 && costs[0].contains(&"paid.cash".to_string()), "{costs:?}");
    assert_eq!(taken_away(&mut bob, "/csv/bills?month=2026-06").len(), 2, "its own bill under a heading");
    assert_eq!(taken_away(&mut bob, "/csv/bills?month=2026-05").len(), 1);
    bob.get("/charges?month=2026-06").has("/csv/bills?month=2026-06");
    bob.get("/movements").has("/csv/movements");
    for path in ["/csv/price-books", "/csv/accounts", "/csv/nothing", "/csv/revenue"] {
        assert_eq!(bob.get(path).status, 404, "{path}");
    }
    assert_eq!(bob.get("/csv/bills?nothing=1").status, 400);
    let nobody = Browser::new(&served).call("GET", "/csv/bills", &[], "");
    assert_eq!(nobody.answer.header("location"), Some("/sign-in?to=%2Fcsv%2Fbills"));
    let mut ann = signed_in(&served, "ann@example.com", "administrator", None);
    lost_readings(&served, 250);
    assert_eq!(taken_away(&mut ann, "/csv/quarantine?reason=unknown_resource").len(), 251);
    let accounts = taken_away(&mut ann, "/csv/accounts");
    assert!(accounts.iter().flatten().any(|it| it == "商店"), "{accounts:?}");
    assert_eq!(taken_away(&mut ann, "/csv/revenue?month=2026-06").len(), 2);
    assert_eq!(taken_away(&mut ann, "/csv/revenue-bills?month=2026-06").len(), 3);
    for list in ["price-books", "quarantine-reasons", "set-aside", "webhook-queues"] {
        taken_away(&mut ann, &format!("/csv/{list}"));
    }
    assert_eq!(taken_away(&mut ann, "/csv/orders").len(), 3, "the packs of both");
    assert_eq!(ann.get("/csv/bills").status, 404, "no account is named");
    // What has a key of nobody is refused as before: only a session opens this way.
    assert_eq!(served.get("", "/v1/bills").status, 401);
}
