//! Every form of every page against those who mean harm: other sites, planted forms, markup in what is typed.
//!
//! In:  a server with a customer and an operator, its pages as links lead. Out: refusals, and text that stays text.
//! Invariant: a new page or form is tried here without a line more.

use crate::support::browser::{Browser, Page, encoded};
use crate::support::crawl::{Form, forms, kind, pages};
use crate::support::people::{PASSWORD, accept, signed_in};
use crate::support::served::Served;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Closes attributes and tags, and would run.
const MARKUP: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>";
/// Of these forms what follows is not looked at: they end the session that the others need.
const LAST: [&str; 2] = ["/sign-out", "/operator/stop"];

/// A server with something of everything that pages can show.
fn served() -> Served {
    let served = Served::start(&["--rate-limit", "0", "--cloud-delay-seconds", "0"]);
    accept(&served, &served.first_link, PASSWORD);
    let by = served.customer("shop", "90000.00");
    let server = json!({ "product": "server", "name": "web", "months": 1,
        "options": { "region": "guangzhou", "zone": "guangzhou-1", "charge": "prepaid", "type": "S2.MEDIUM4" } });
    let pack = json!({ "product": "container-pack", "options": { "spec": "1U1G", "hours": "720" } });
    served.post(&by.key, "/v1/orders", &json!({ "items": [server, pack], "pay": true })).good();
    served.post(&by.key, "/v1/orders", &json!({ "items": [server] })).good();
    served.post(&by.key, "/v1/projects", &json!({ "name": "shop front" })).good();
    crate::support::served::eventually("delivery", || {
        let found = served.get(&by.key, "/v1/resources").good();
        let items = found["items"].as_array().unwrap();
        items.iter().any(|it| it["state"] == "running").then_some(())
    });
    served
}

fn operator(served: &Served) -> Browser<'_> {
    let mut browser = Browser::new(served);
    browser.sign_in("operator@localhost", PASSWORD);
    browser
}

/// Every form of the pages that links lead to, one of each kind.
fn all_forms(found: &BTreeMap<String, String>) -> Vec<Form> {
    let mut seen = BTreeSet::new();
    let all = found.iter().flat_map(|(path, text)| forms(path, text));
    all.filter(|it| seen.insert((kind(&it.page), kind(&it.action), it.is_post))).collect()
}

fn body(fields: &[(String, String)]) -> String {
    fields.iter().map(|it| format!("{}={}", encoded(&it.0), encoded(&it.1))).collect::<Vec<_>>().join("&")
}

fn sent(browser: &mut Browser<'_>, form: &Form, fields: &[(String, String)], headers: &[&str]) -> Page {
    let typed = ["content-type: application/x-www-form-urlencoded"];
    browser.call("POST", &form.action, &[&typed, headers].concat(), &body(fields))
}

/// No tag and no attribute of what was typed is one of the page.
#[track_caller]
fn is_text(path: &str, text: &str) {
    for it in ["<script>alert(1)", "<img src=x", "onerror=alert(2)>"] {
        assert!(!text.contains(it), "{path} has {it}: {text}");
    }
}

/// What is said to be wrong leads to a field that is there.
#[track_caller]
fn leads_to_fields(at: &str, text: &str) {
    let Some(errors) = text.split("<div class=\"errors\"").nth(1).and_then(|it| it.split("</div>").next())
    else {
        return;
    };
    for field in errors.split("href=\"#").skip(1).filter_map(|it| it.split('"').next()) {
        assert!(text.contains(&format!(" id=\"{field}\"")), "{at}: an error leads to #{field}: {errors}");
    }
}

/// The forms that write, of a customer's owner and of an administrator.
fn posts<'a>(served: &'a Served) -> Vec<(Browser<'a>, Vec<Form>)> {
    let houses =
        [(signed_in(served, "ann@example.com", "owner", Some("shop")), "/"), (operator(served), "/operator")];
    let of = |(mut browser, first): (Browser<'a>, &str)| {
        let found = all_forms(&pages(&mut browser, first));
        let posts: Vec<Form> = found.into_iter().filter(|it| it.is_post).collect();
        assert!(posts.len() > 3, "{posts:#?}");
        (browser, posts)
    };
    houses.into_iter().map(of).collect()
}

#[test]
fn no_form_of_another_site_or_browser_does_anything() {
    let served = served();
    for (mut browser, forms) in posts(&served) {
        for form in forms {
            let fields = form.filled("typed");
            let at = format!("{} on {}", form.action, form.page);
            let without: Vec<_> = fields.iter().filter(|it| it.0 != "form").cloned().collect();
            assert_eq!(sent(&mut browser, &form, &without, &[]).status, 403, "{at}: without a key");
            let planted: Vec<_> =
                without.iter().cloned().chain([("form".to_string(), "0".repeat(32))]).collect();
            assert_eq!(sent(&mut browser, &form, &planted, &[]).status, 403, "{at}: with a planted key");
            for header in ["origin: https://evil.example", "sec-fetch-site: cross-site", "origin: null"] {
                assert_eq!(sent(&mut browser, &form, &fields, &[header]).status, 403, "{at}: {header}");
            }
            let stranger = sent(&mut Browser::new(&served), &form, &fields, &[]);
            let to = stranger.answer.header("location").unwrap_or("").to_string();
            let is_sent_away =
                stranger.status == 403 || (stranger.status == 303 && to.starts_with("/sign-in"));
            assert!(is_sent_away, "{at}: a stranger is answered with {} {to}", stranger.status);
        }
    }
}

#[test]
fn what_is_typed_into_any_form_stays_text_wherever_it_is_shown() {
    let served = served();
    for (mut browser, mut forms) in posts(&served) {
        let first = if forms.iter().any(|it| it.page.starts_with("/operator")) { "/operator" } else { "/" };
        forms.retain(|it| !LAST.contains(&it.action.as_str()));
        for form in &forms {
            let page = sent(&mut browser, form, &form.filled(MARKUP), &[]);
            assert!(page.status < 500, "{}: {}", form.action, page.text());
            is_text(&form.action, &page.text());
            leads_to_fields(&form.action, &page.text());
        }
        for (path, text) in pages(&mut browser, first) {
            is_text(&path, &text);
            for name in ["q", "month", "by", "product", "after", "said", "state", "to", "o.type", "name"] {
                let address = format!("{}?{name}={}", path.split('?').next().unwrap(), encoded(MARKUP));
                let page = browser.get(&address);
                assert!(page.status < 500, "{address}: {}", page.text());
                is_text(&address, &page.text());
            }
        }
    }
}

/// The page that answers a form is left in another language, or opened again: then its address is asked for.
#[test]
fn where_a_form_was_sent_to_something_can_be_looked_at() {
    let served = served();
    for (mut browser, forms) in posts(&served) {
        for form in forms.iter().filter(|it| !LAST.contains(&it.action.as_str())) {
            // Where a second factor is begun there is a page while one is.
            let page = browser.get(&form.action);
            assert!([200, 409].contains(&page.status), "{} on {}: {}", form.action, form.page, page.status);
        }
    }
}

/// Names that the API took reach pages too.
#[test]
fn what_came_by_the_api_stays_text() {
    let served = Served::start(&["--rate-limit", "0", "--cloud-delay-seconds", "0"]);
    accept(&served, &served.first_link, PASSWORD);
    let by = served.customer(MARKUP, "90000.00");
    let key = served.key(&["operator"]);
    let project =
        served.post(&by.key, "/v1/projects", &json!({ "name": "<script>alert(1)</script>" })).good();
    let server = json!({ "product": "server", "months": 1, "name": "web",
        "options": { "region": "guangzhou", "zone": "guangzhou-1", "charge": "prepaid", "type": "S2.MEDIUM4" } });
    served.post(&by.key, "/v1/orders", &json!({ "items": [server], "pay": true })).good();
    let resource = crate::support::served::eventually("delivery", || {
        let found = served.get(&by.key, "/v1/resources?state=running").good();
        found["items"][0]["id"].as_str().map(str::to_string)
    });
    let labels =
        json!({ "project": project["id"], "tags": { "a": "<script>alert(1)</script>" } }).to_string();
    let headers = ["content-type: application/json"];
    served.call("PATCH", &format!("/v1/resources/{resource}"), &by.key, &headers, labels.as_bytes());
    let credit =
        json!({ "id": "c1", "kind": "credit", "account": by.account, "amount": "1.00", "reason": MARKUP });
    served.post(&key, "/v1/corrections", &credit);
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some(MARKUP));
    for (path, text) in pages(&mut ann, "/").into_iter().chain(pages(&mut operator(&served), "/operator")) {
        is_text(&path, &text);
    }
}

#[test]
fn every_page_says_what_browsers_may_and_nobody_is_led_away() {
    let served = served();
    let mut browser = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    for path in pages(&mut browser, "/").keys().map(String::as_str).chain(["/sign-in", "/nowhere", "/docs"]) {
        let page = browser.call("GET", path, &[], "");
        let header = |name: &str| page.answer.header(name).unwrap_or_default().to_string();
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(!header("content-security-policy").contains("unsafe"), "{path}");
        assert_eq!(
            (header("x-frame-options"), header("x-content-type-options")),
            ("DENY".into(), "nosniff".into()),
            "{path}"
        );
        for name in ["to", "next", "back", "url", "after"] {
            for evil in
                ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"]
            {
                let address = format!("{}?{name}={}", path.split('?').next().unwrap(), encoded(evil));
                let page = browser.call("GET", &address, &[], "");
                let to = page.answer.header("location").unwrap_or("/").to_string();
                assert!(
                    to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\"),
                    "{address} leads to {to}"
                );
                let text = page.text();
                for quoted in
                    ["href=\"https://evil", "href=\"//evil", "href=\"javascript:", "action=\"//evil"]
                {
                    assert!(!text.contains(quoted), "{address} holds {quoted}");
                }
            }
        }
    }
}
