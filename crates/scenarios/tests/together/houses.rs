//! Operators who act for several customers on the website: a form does what it says for the customer that it was made for,
//! and for no other.
//!
//! In:  real servers and browsers without a screen, two pages of one browser. Out: refusals that keep what was typed.

use crate::support::browser::Browser;
use crate::support::people::signed_in;
use crate::support::served::Served;
use serde_json::json;

fn served() -> Served {
    let served = Served::start(&["--rate-limit", "0", "--cloud-delay-seconds", "0"]);
    served.customer("shop", "100.00");
    served.customer("studio", "100.00");
    served
}

/// Goes into the pages of a customer.
fn act(browser: &mut Browser<'_>, name: &str) {
    let listed = browser.get(&format!("/operator/customers?q={name}"));
    let account = listed.between("href=\"/operator/customers/acc", "\"");
    let page = browser.get(&format!("/operator/customers/acc{account}"));
    browser.submit(&page, "/operator/act", &[]).has("You act for");
}

fn stop(browser: &mut Browser<'_>) {
    let page = browser.get("/projects");
    browser.submit(&page, "/operator/stop", &[]);
}

fn projects(browser: &mut Browser<'_>, name: &str) -> bool {
    browser.get("/projects").text().contains(name)
}

#[test]
fn a_form_of_one_customer_does_nothing_in_the_pages_of_another() {
    let served = served();
    let mut anna = signed_in(&served, "anna@example.com", "administrator", None);
    act(&mut anna, "shop");
    let of_shop = anna.get("/projects");
    stop(&mut anna);
    act(&mut anna, "studio");
    let refused = anna.submit(&of_shop, "/projects", &[("name", "spring <b>")]);
    assert_eq!(refused.status, 409);
    refused
        .has("This page was made for shop")
        .has("You act for studio now. Nothing was changed.")
        .has("spring &lt;b&gt;")
        .lacks("spring <b>");
    assert!(!projects(&mut anna, "spring"), "studio has a project of shop");

    // Back into the pages that it was made for: nothing is sent until somebody says so.
    let kept = anna.submit(&refused, "/operator/act", &[]);
    kept.has("Your form was kept. Nothing is sent yet.").has("spring &lt;b&gt;");
    assert!(!projects(&mut anna, "spring"), "it was sent by itself");
    anna.submit(&kept, "/projects", &[]).has("spring &lt;b&gt;").has("You act for shop");
    stop(&mut anna);
    act(&mut anna, "studio");
    assert!(!projects(&mut anna, "spring"), "studio has it too");
}

#[test]
fn a_form_outlives_the_end_of_acting() {
    let served = served();
    let mut anna = signed_in(&served, "anna@example.com", "administrator", None);
    let own = anna.get("/operator/customers/new");
    act(&mut anna, "shop");
    let of_shop = anna.get("/requests");
    // The other way round, too: what was made for the operator's pages.
    let typed = [("name", "third"), ("contract_rate", "1"), ("verified", "yes")];
    let refused = anna.submit(&own, "/operator/customers/new", &typed);
    assert_eq!(refused.status, 409);
    refused.has("operator’s own pages").has("You act for shop now.");
    let kept = anna.submit(&refused, "/operator/stop", &[]);
    anna.submit(&kept, "/operator/customers/new", &[]).has("The account is open");

    let refused = anna.submit(&of_shop, "/requests", &[("message", "ten packs"), ("quantity", "10")]);
    assert_eq!(refused.status, 409);
    refused.has("This page was made for shop").has("You act for nobody any more.").has("ten packs");
    let kept = anna.submit(&refused, "/operator/act", &[]);
    anna.submit(&kept, "/requests", &[]).has("The request is sent.").has("ten packs");
    // Who works for a customer has one house, and signs out from any page.
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    ann.get("/requests").has("ten packs");
    let page = ann.get("/projects");
    let other = ann.call(
        "POST",
        "/projects",
        &["content-type: application/x-www-form-urlencoded"],
        &page.form("/projects", &[("name", "x"), ("house", "operator")]),
    );
    assert_eq!(other.status, 403);
}

#[test]
fn who_acts_sees_keys_and_is_offered_nothing_to_do_with_them() {
    let served = served();
    let mut anna = signed_in(&served, "anna@example.com", "administrator", None);
    act(&mut anna, "shop");
    let page = anna.get("/keys");
    page.has("API keys").has("sees its keys and makes none");
    page.lacks("action=\"/keys\"").lacks("action=\"/keys/rotate\"").lacks("action=\"/keys/end\"");
}

/// A list as CSV holds what its page shows.
#[test]
fn a_csv_holds_what_the_page_shows() {
    let served = served();
    let mut anna = signed_in(&served, "anna@example.com", "administrator", None);
    let link = |page: &crate::support::browser::Page, list: &str| {
        let query = page.between(&format!("href=\"/csv/{list}"), "\"");
        crate::support::browser::unescaped(&format!("/csv/{list}{query}"))
    };
    let log = anna.get("/operator/audit?account=till&action=top-up&from=2020-01-01");
    let csv = anna.get(&link(&log, "audit-log"));
    assert_eq!(csv.status, 200, "{}", csv.text());
    assert!(csv.answer.header("content-disposition").unwrap().contains("audit-log.csv"));
    let lines: Vec<String> = csv.text().lines().skip(1).map(str::to_string).collect();
    assert_eq!(lines.len(), 2, "one for each customer: {lines:#?}");
    assert!(lines.iter().all(|it| it.contains("top-ups")), "{lines:#?}");

    // What the API refuses is told in its words.
    let wrong = anna.get("/csv/audit-log?account=nobody");
    assert_eq!(wrong.status, 404);
    wrong.has("nobody").lacks("This list cannot be had like this");

    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let page =
        ann.get("/buy/server/review?o.charge=payg&o.type=S2.SMALL1&o.network=none&name=web&quantity=2");
    ann.submit(&page, "/buy/server/review", &[]);
    let list = crate::support::served::eventually("delivery", || {
        let page = ann.get("/resources?state=running");
        (page.text().matches("name=\"mark\"").count() == 2).then_some(page)
    });
    let id = list.between("name=\"mark\" value=\"", "\"");
    let path = format!("/resources/{id}/labels");
    let page = ann.get(&path);
    ann.submit(&page, &path, &[("name", "tagged"), ("project", ""), ("tags", "stage: live")]);
    let found = ann.get("/resources?tag=stage:+live");
    let csv = ann.get(&link(&found, "resources")).text();
    assert_eq!((csv.lines().count(), csv.contains("tagged")), (2, true), "{csv}");
}

#[test]
fn a_project_that_is_older_than_all_that_are_listed_stays_chosen() {
    let served = Served::start(&["--rate-limit", "0", "--cloud-delay-seconds", "0"]);
    let key = served.customer("shop", "100.00").key;
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let page = ann.get("/buy/server/review?o.charge=payg&o.type=S2.SMALL1&o.network=none&name=web");
    ann.submit(&page, "/buy/server/review", &[]);
    let resource = crate::support::served::eventually("delivery", || {
        let page = ann.get("/resources?state=running");
        page.text().contains("name=\"mark\"").then(|| page.between("name=\"mark\" value=\"", "\""))
    });
    let first = served.post(&key, "/v1/projects", &json!({ "name": "the oldest" })).good();
    for number in 0..200 {
        served.post(&key, "/v1/projects", &json!({ "name": format!("p{number}") })).good();
    }
    let id = first["id"].as_str().unwrap();
    let path = format!("/resources/{resource}/labels");
    let page = ann.get(&path);
    ann.submit(&page, &path, &[("name", "web"), ("project", id), ("tags", "")]).has("the oldest");
    let page = ann.get(&path);
    page.has(&format!("value=\"{id}\" selected"));

    // A name that another project has is refused beside the field of the one that was to be renamed.
    let page = ann.get("/projects");
    let other = page.between("/resources?project=", "\"");
    let refused = ann.submit(&page, "/projects/rename", &[("project", &other), ("name", "the oldest")]);
    assert_eq!(refused.status, 409, "{}", refused.text());
    refused
        .has(&format!("id=\"e-name-{other}\""))
        .has(&format!("href=\"#name-{other}\""))
        .has("<details class=\"menu\" open>")
        .lacks("id=\"e-name\"");
}

/// An address that was kept, such as that of a review with its purchase, is open in the pages of two customers, one after the
/// other: each buys once.
#[test]
fn the_same_address_is_another_purchase_in_the_pages_of_another_customer() {
    let served = served();
    let mut anna = signed_in(&served, "anna@example.com", "administrator", None);
    act(&mut anna, "shop");
    let page = anna.get("/buy/server/review?o.charge=payg&o.type=S2.SMALL1&o.network=none&name=web");
    let address = page.path.clone();
    let first = anna.submit(&page, "/buy/server/review", &[]);
    assert!(first.path.starts_with("/orders/"), "{}", first.text());
    stop(&mut anna);
    act(&mut anna, "studio");
    let page = anna.get(&address);
    let second = anna.submit(&page, "/buy/server/review", &[]);
    assert!(second.path.starts_with("/orders/"), "{}", second.text());
    assert_ne!(second.path, first.path);
    assert_eq!(anna.submit(&page, "/buy/server/review", &[]).path, second.path, "once");
}
