//! Price books through the operator's pages: checked, compared, applied, taken back; by who may, and by nobody else.
//!
//! In:  real servers and browsers without a screen. Out: books, or refusals that apply nothing.

use crate::support::browser::{Browser, Page};
use crate::support::people::{signed_in, till_json};
use crate::support::served::{Folder, Served, eventually};
use serde_json::{Value, json};
use server::cli::files;

const NEW: &str = "/operator/books/new";
const APPLY: &str = "/operator/books/apply";
const IMPACT: &str = "/operator/books/impact";
const PROPOSALS: &str = "/operator/price-proposals";
const CONTAINERS: &str = "tables/containers.csv";
const BOUNDARY: &str = "of-parts";

fn served() -> Served {
    Served::start(&["--rate-limit", "0", "--test-clock", "2026-06-10 12:00:00"])
}

/// The demo book in which a container of 1U1G costs something else.
fn book(amount: &str) -> pricebook::Files {
    let mut files = files::book("demo").unwrap();
    let text = files.get(CONTAINERS).unwrap();
    let changed = text.replacen("\n1U1G,0.17,", &format!("\n1U1G,{amount},"), 1);
    assert_ne!(text, changed, "a container of 1U1G costs 0.17 in the demo book");
    files.add(CONTAINERS, &changed);
    files
}

/// Sends a form of a page in parts, with files as a browser names those of a folder.
fn send(browser: &mut Browser<'_>, page: &Page, files: &[(&str, &str)], from: &str) -> Page {
    let hidden = page.form(NEW, &[]);
    let value = |name: &str| {
        let found = hidden.split('&').find_map(|it| it.strip_prefix(&format!("{name}=")));
        found.unwrap().to_string()
    };
    let mut body = String::new();
    let sent = ["form", "house", "once"].map(|name| (name, value(name)));
    for (name, text) in sent.into_iter().chain([("from", from.to_string())]) {
        body += &format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
    }
    for (path, text) in files {
        body += &format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"folder\"; filename=\"{path}\"\r\n\
             content-type: application/octet-stream\r\n\r\n{text}\r\n"
        );
    }
    body += &format!("--{BOUNDARY}--\r\n");
    let header = format!("content-type: multipart/form-data; boundary={BOUNDARY}");
    browser.call("POST", NEW, &[&header], &body)
}

/// The files as they lie in a folder of this name.
fn in_folder<'a>(files: &'a pricebook::Files, names: &'a mut Vec<String>) -> Vec<(&'a str, &'a str)> {
    names.extend(files.paths().map(|it| format!("mine/{it}")));
    names.iter().map(|it| (it.as_str(), files.get(&it["mine/".len()..]).unwrap())).collect()
}

fn books(served: &Served) -> Vec<Value> {
    let all = served.get(&served.operator, "/v1/price-books").good();
    all["items"].as_array().unwrap().clone()
}

#[test]
fn an_operator_applies_a_price_book_and_takes_it_back() {
    let served = served();
    let mut ann = signed_in(&served, "ann@example.com", "administrator", None);
    ann.get("/operator/books").has("In force").has("2016-01-01 00:00:00").has("the command line");
    let page = ann.get(NEW);
    let (files, mut names) = (book("0.19"), Vec::new());
    let page = send(&mut ann, &page, &in_folder(&files, &mut names), "2026-07-01T00:00");
    // 0.19 / 0.17 = 1.1176: +11.8 %. Source: operator-book-diff.html.
    page.has("<del>0.17 CNY</del>")
        .has("<ins>0.19 CNY</ins>")
        .has("+11.8%")
        .has("Apply from 1 July 2026, 00:00");
    assert_eq!(page.text().matches("<ins>").count(), 1, "one price changes");
    assert_eq!(books(&served).len(), 1, "checking applies nothing");
    let first = ann.send(&page, APPLY, &[]);
    let again = ann.send(&page, APPLY, &[]);
    assert_eq!((first.status, again.status), (303, 303), "{}", first.text());
    assert_eq!(first.answer.header("location"), again.answer.header("location"));
    let all = books(&served);
    assert_eq!(all.len(), 2);
    assert_eq!(all[0]["state"], "scheduled");
    assert!(all[0]["by"].as_str().unwrap().ends_with(" ann@example.com"), "{}", all[0]);
    let path = format!("/operator/books/{}", all[0]["id"].as_str().unwrap());
    let shown = ann.get(&format!("{path}?said=applied"));
    shown.has("It holds from 1 July 2026, 00:00").has("Scheduled").has("ann@example.com").has("Take it back");
    ann.get(&format!("{path}/products/container")).has("1U1G").has("0.19 per hour");
    assert_eq!(ann.get(&format!("{path}/files/{CONTAINERS}")).text(), files.get(CONTAINERS).unwrap());
    assert_eq!(ann.get(&format!("{path}/text")).text(), files.to_text());
    assert_eq!(ann.get(&format!("{path}/files/nothing.toml")).status, 404);
    ann.submit(&shown, &format!("{path}/undo"), &[]).has("The book is taken back").lacks("Scheduled");
    assert_eq!(books(&served).len(), 1);
    let journal = served.get(&served.operator, "/v1/audit-log").good().to_string();
    assert!(journal.contains("ann@example.com") && journal.contains(&format!("form {APPLY}")), "{journal}");
}

#[test]
fn what_is_wrong_with_a_book_is_told_with_its_place_and_the_text_stays() {
    let served = served();
    let mut ann = signed_in(&served, "ann@example.com", "administrator", None);
    let page = ann.get(NEW);
    let files = book("cheap");
    let wrong = send(&mut ann, &page, &in_folder(&files, &mut Vec::new()), "");
    assert_eq!(wrong.status, 422);
    wrong.has("tables/containers.csv:3").has("cheap").has("What to do").lacks(APPLY);
    wrong.has("<code>cheap</code>").lacks("`cheap`");
    // Whoever reads Chinese is told that the check speaks English, and no word of a program.
    ann.language = "zh";
    let page = ann.get(NEW);
    let chinese = send(&mut ann, &page, &in_folder(&files, &mut Vec::new()), "");
    chinese.has("请逐一修正列出的问题").has("检查程序的说明为英文").lacks("修正 problems");
    ann.language = "en";
    let page = ann.get(NEW);
    let nothing = send(&mut ann, &page, &[], "");
    assert_eq!(nothing.status, 422);
    nothing.has("Choose the folder of a book").has("id=\"e-folder\"").lacks("book.toml:1");
    let page = ann.get(NEW);
    let foreign = send(&mut ann, &page, &[("mine/read <b>me</b>.toml", "x")], "");
    foreign.has("is no path").lacks("<b>me</b>");
    assert_eq!(foreign.status, 422);
    let page = ann.get(NEW);
    let late = send(&mut ann, &page, &in_folder(&book("0.19"), &mut Vec::new()), "soon");
    late.has("“soon” is no time");
    assert_eq!(books(&served).len(), 1);
}

#[test]
fn a_book_of_before_what_is_billed_or_compared_with_another_is_not_applied() {
    let served = served();
    let shop = served.customer("shop", "1000.00");
    let pack =
        json!({ "product": "container-pack", "name": "pack", "options": { "spec": "1U1G", "hours": "720" } });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [pack] })).good();
    let mut ann = signed_in(&served, "ann@example.com", "administrator", None);
    let page = ann.get(NEW);
    let page = send(&mut ann, &page, &in_folder(&book("0.19"), &mut Vec::new()), "2026-07-01T00:00");
    let stale = ann.submit(&page, APPLY, &[("against", "boo_019eb7696c008cf183c2a061049531a6")]);
    assert_eq!(stale.status, 409);
    stale.has("Another book holds by now").has("+11.8%");
    let page = ann.get(NEW);
    let early = send(&mut ann, &page, &in_folder(&book("0.19"), &mut Vec::new()), "2026-06-10T11:59:59");
    assert_eq!(early.status, 422);
    early.has("id=\"from\"").has("+11.8%").has("As it stands it cannot be applied");
    assert_eq!(ann.send(&early, APPLY, &[]).status, 422);
    assert_eq!(books(&served).len(), 1);
}

#[test]
fn who_may_not_apply_a_book_has_none_checked_and_a_customer_sees_nothing() {
    let served = served();
    served.customer("shop", "1.00");
    let mut sue = signed_in(&served, "sue@example.com", "support", None);
    let mut bob = signed_in(&served, "bob@example.com", "owner", Some("shop"));
    sue.get("/operator/books").has("In force").lacks(NEW);
    let id = books(&served)[0]["id"].as_str().unwrap().to_string();
    sue.get(&format!("/operator/books/{id}/products/container")).has("1U1G");
    sue.get(&format!("/operator/books/{id}")).lacks(NEW);
    assert_eq!(sue.get(NEW).status, 403);
    let typed = ["content-type: application/x-www-form-urlencoded"];
    let own = sue.get("/members").form("/sign-out", &[]) + "&text=x";
    for path in [NEW, APPLY] {
        assert_eq!(sue.call("POST", path, &typed, &own).status, 403, "{path}");
    }
    assert_eq!(books(&served).len(), 1);
    for path in ["/operator/books", NEW] {
        let page = bob.call("GET", path, &[], "");
        assert_eq!((page.status, page.answer.header("location")), (303, Some("/")), "{path}");
    }
    let own = bob.get("/members").form("/sign-out", &[]);
    assert_ne!(bob.call("POST", APPLY, &typed, &own).status, 200);
    assert_eq!(books(&served).len(), 1);
}

/// Source: R-PRC-6. Where a limit of price changes is set, the page and the API say that such a book is proposed.
#[test]
fn where_a_limit_is_set_the_page_sends_new_prices_to_a_proposal() {
    let served = Served::start(&[
        "--rate-limit",
        "0",
        "--test-clock",
        "2026-06-10 12:00:00",
        "--price-limit-percent",
        "5",
    ]);
    let shop = served.customer("shop", "1000.00");
    let options = json!({ "region": "guangzhou", "spec": "1U1G" });
    let order =
        json!({ "pay": true, "items": [{ "product": "container", "name": "c", "options": options }] });
    served.post(&shop.key, "/v1/orders", &order).good();
    let mut ann = signed_in(&served, "ann@example.com", "administrator", None);
    let page = ann.get(NEW);
    let page = send(&mut ann, &page, &in_folder(&book("0.19"), &mut Vec::new()), "2026-07-01T00:00");
    page.has("a limit of price changes is set").has("As it stands it cannot be applied");
    let sent = book("0.19");
    let files: serde_json::Map<String, Value> =
        sent.paths().map(|it| (it.to_string(), Value::from(sent.get(it).unwrap()))).collect();
    let sent = json!({ "files": files, "from": "2026-07-01T00:00:00+08:00" });
    let refused = served.post(&served.operator, "/v1/price-books", &sent);
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("book_by_proposal")));
    assert_eq!(books(&served).len(), 1);
}

/// Source: R-PRC-6. A book that is applied as it is sent is told to whom it hits: its page says how many those are so far.
#[test]
fn the_page_of_a_book_says_how_many_customers_were_told() {
    let served = served();
    let shop = served.customer("shop", "1000.00");
    let options = json!({ "region": "guangzhou", "spec": "1U1G" });
    let order =
        json!({ "pay": true, "items": [{ "product": "container", "name": "c", "options": options }] });
    served.post(&shop.key, "/v1/orders", &order).good();
    let advance = |to: &str| served.post(&served.operator, "/v1/clock/advance", &json!({ "to": to })).good();
    advance("2026-06-10T12:10:00+08:00");
    let mut ann = signed_in(&served, "ann@example.com", "administrator", None);
    let page = ann.get(NEW);
    let page = send(&mut ann, &page, &in_folder(&book("0.19"), &mut Vec::new()), "2026-07-01T00:00");
    ann.submit(&page, APPLY, &[]).has("Scheduled");
    advance("2026-06-10T12:10:01+08:00");
    let all = books(&served);
    let path = |it: &Value| format!("/operator/books/{}", it["id"].as_str().unwrap());
    eventually("told", || {
        ann.get(&path(&all[0])).text().contains("1 customer was told so far").then_some(())
    });
    ann.get(&path(&all[0])).has("Customers who were told of it are told so.");
    // Of the first one nobody was told.
    ann.get(&path(&all[1])).lacks("told so far");
}

#[test]
fn the_pages_about_books_are_in_chinese_for_who_reads_it() {
    let served = served();
    let mut ann = signed_in(&served, "ann@example.com", "administrator", None);
    ann.language = "zh";
    ann.get("/operator/books").has("生效中").has("新建价目表").has("命令行");
    let page = ann.get(NEW);
    let page = send(&mut ann, &page, &in_folder(&book("0.19"), &mut Vec::new()), "2026-07-01T00:00");
    page.has("自 2026年7月1日 00:00 起启用").has("现价");
}

#[test]
fn a_book_that_is_applied_on_the_command_line_is_told_as_json() {
    let served = served();
    let folder = Folder::new("book");
    for path in book("0.19").paths() {
        let file = folder.0.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, book("0.19").get(path).unwrap()).unwrap();
    }
    let name = folder.0.to_str().unwrap();
    let args = ["pricebook", "apply", name, "--from", "2026-07-01 00:00:00"];
    let told = till_json(&served, &args);
    assert_eq!(told["from"], "2026-06-30T16:00:00Z");
    assert_eq!((&told["name"], &told["before"]), (&Value::from("demo"), &Value::from(false)));
    assert_eq!(till_json(&served, &args)["before"], true);
    assert_eq!(books(&served)[0]["by"], "command line");
}

/// Source: R-PRC-6. A container through all of June: 720 h × 0.17 = 122.40 were billed, by a book with 0.19 it would have been
/// 136.80, which is 14.40 more, 11.8 %. Nothing is applied by asking.
#[test]
fn a_past_month_is_rated_once_more_by_a_book_that_was_sent() {
    let served = Served::start(&["--rate-limit", "0", "--test-clock", "2026-06-01 00:00:00"]);
    let shop = served.customer("shop", "1000.00");
    let item =
        json!({ "product": "container", "name": "c", "options": { "region": "guangzhou", "spec": "1U1G" } });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [item] })).good();
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-07-01T01:00:00+08:00" })).good();
    let mut ann = signed_in(&served, "ann@example.com", "administrator", None);
    let page = ann.get(NEW);
    let page = send(&mut ann, &page, &in_folder(&book("0.19"), &mut Vec::new()), "2026-08-01T00:00");
    page.has("What a past month would have come to");
    let month = ann.send(&page, IMPACT, &[]);
    assert_eq!(month.status, 200, "{}", month.text());
    month
        .has("June 2026 by the new prices")
        .has("122.40")
        .has("136.80")
        .has("14.40")
        .has("+11.8%")
        .has("shop");
    month.has("paid orders keep their price").lacks("Keeps its price").lacks("could not be rated");
    // Another month by the form below, and back to the differences with the same text.
    ann.send(&month, IMPACT, &[("month", "2026-05")]).has("Nothing was used in the month");
    ann.send(&month, NEW, &[]).has("+11.8%").has("Apply from 1 August 2026, 00:00");
    let runs = ann.send(&month, IMPACT, &[("month", "2026-07")]);
    assert_eq!(runs.status, 422);
    runs.has("“2026-07” is no month that is over");
    let wrong = ann.send(&month, IMPACT, &[("text", "=== book.toml\nname = 1\n")]);
    assert_eq!(wrong.status, 422);
    wrong.has("What to do");
    assert_eq!(books(&served).len(), 1);
    let mut sue = signed_in(&served, "sue@example.com", "support", None);
    let typed = ["content-type: application/x-www-form-urlencoded"];
    let own = sue.get("/members").form("/sign-out", &[]) + "&text=x";
    assert_eq!(sue.call("POST", IMPACT, &typed, &own).status, 403);
    ann.language = "zh";
    ann.send(&month, IMPACT, &[]).has("按新价格").has("费用增加");
}

/// Source: R-PRC-6. June comes to 122.40 by 0.17 and to 136.80 by 0.19: 14.40 are 11.8 % of the month, above the limit of 5 %.
#[test]
fn a_price_change_is_proposed_agreed_to_by_another_operator_applied_and_undone() {
    let served = Served::start(&["--rate-limit", "0", "--test-clock", "2026-06-01 00:00:00"]);
    let shop = served.customer("shop", "1000.00");
    let item =
        json!({ "product": "container", "name": "c", "options": { "region": "guangzhou", "spec": "1U1G" } });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [item] })).good();
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-07-01T01:00:00+08:00" })).good();
    let mut ann = signed_in(&served, "ann@example.com", "administrator", None);
    let mut bob = signed_in(&served, "bob@example.com", "administrator", None);
    let mut sue = signed_in(&served, "sue@example.com", "support", None);
    let page = ann.get(NEW);
    let page = send(&mut ann, &page, &in_folder(&book("0.19"), &mut Vec::new()), "2026-08-01T00:00");
    let month = ann.send(&page, IMPACT, &[]);
    let from = ("from", "2026-08-01T00:00");
    let wrong = ann.send(&month, PROPOSALS, &[("id", "p 1"), ("reason", "dearer power"), from]);
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    let made = ann.submit(&wrong, PROPOSALS, &[("id", "p-1"), ("reason", "dearer power"), from]);
    made.has("The price change is proposed").has("122.40").has("136.80").has("11.8%").has("limit 5.0%");
    made.has("another operator has to agree").has("p-1/withdraw").lacks("p-1/agree").lacks("p-1/apply");
    assert_eq!(books(&served).len(), 1, "nothing holds by it");

    let path = format!("{PROPOSALS}/p-1");
    sue.get(PROPOSALS).has("p-1").has("Waits for another operator");
    sue.get(&path).has("dearer power").lacks("p-1/agree").lacks("p-1/reject");
    let seen = bob.get(&path);
    seen.has("p-1/agree").has("p-1/reject").lacks("p-1/withdraw").lacks("p-1/apply");
    // Who agrees sees every price that it changes, and may read the whole book. 0.19 / 0.17 = 1.1176.
    seen.has("<del>0.17 CNY</del>").has("<ins>0.19 CNY</ins>").has("+11.8%").has("Compared with demo");
    bob.get(&format!("{path}/text")).has("1U1G,0.19,");
    bob.submit(&seen, &format!("{path}/agree"), &[]).has("You agreed to it").has("bob@example.com");
    let ready = ann.get(&path);
    ann.submit(&ready, &format!("{path}/apply"), &[]).has("applied from its date on").has("p-1/undo");
    let all = books(&served);
    assert_eq!((all.len(), &all[0]["state"]), (2, &json!("scheduled")));
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-07-01T01:00:01+08:00" })).good();
    let told = served.get(&shop.key, "/v1/notices").good().to_string();
    assert!(told.contains("price_change") && told.contains("From 1 August 2026, 00:00 on"), "{told}");
    assert!(told.contains("0.17 → 0.19 CNY per hour. What is paid ahead"), "{told}");

    // Its book is taken back by the proposal alone.
    let page = format!("/operator/books/{}", all[0]["id"].as_str().unwrap());
    let shown = ann.get(&page);
    assert_eq!(ann.send(&shown, &format!("{page}/undo"), &[]).status, 409);
    let applied = bob.get(&path);
    bob.submit(&applied, &format!("{path}/undo"), &[]).has("The book is taken back").lacks("p-1/apply");
    assert_eq!(books(&served).len(), 1);
    bob.get("/operator/audit").has("Agreed to a price change");
    ann.language = "zh";
    ann.get(&path).has("已撤销").has("提案人").lacks("p-1/apply");
    ann.get(PROPOSALS).has("价格提案");
}

/// Source: R-PRC-23 to R-PRC-25. What counts at least, at most and not at all is said where the price is.
#[test]
fn the_page_of_a_product_says_what_counts_of_a_life_and_of_a_month() {
    let book = crate::support::data().join("books/least").display().to_string();
    let served =
        Served::start(&["--pricebook", &book, "--rate-limit", "0", "--test-clock", "2026-06-10 12:00:00"]);
    let mut sue = signed_in(&served, "sue@example.com", "support", None);
    let id = books(&served)[0]["id"].as_str().unwrap().to_string();
    for (product, said) in [
        ("job", "the first 1 minute of a life count whole"),
        ("machine", "at most 3 hours of a calendar month"),
        ("site", "10 GB of a calendar month free for the account"),
    ] {
        sue.get(&format!("/operator/books/{id}/products/{product}")).has(said);
    }
}
