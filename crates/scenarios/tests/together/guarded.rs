//! What somebody might try who may do a little: to be made more, to leave no trace, to look like somebody else.
//!
//! In:  real servers and browsers without a screen. Out: refusals that change nothing, and entries in the right audit log.

use crate::support::browser::Browser;
use crate::support::people::{PASSWORD, accept, invited, signed_in, till, till_json};
use crate::support::served::{Customer, Served};
use serde_json::{Value, json};

const FORM: [&str; 1] = ["content-type: application/x-www-form-urlencoded"];

fn served(more: &[&str]) -> Served {
    Served::start(&[&["--rate-limit", "0"], more].concat())
}

/// The audit log of a customer, as the customer reads it.
fn log_of(served: &Served, customer: &Customer) -> Vec<Value> {
    let log = served.get(&customer.key, "/v1/account/audit-log?limit=200").good();
    log["items"].as_array().unwrap().clone()
}

/// Whether a customer reads that this person did this.
#[track_caller]
fn is_noted(served: &Served, customer: &Customer, who: &str, what: &str) {
    let log = log_of(served, customer);
    let fits = |it: &Value| {
        let text = |name: &str| it[name].as_str().unwrap_or("").to_string();
        text("key").contains(who) && text("operation").contains(what)
    };
    assert!(log.iter().any(fits), "nothing says that {who} did {what}: {log:?}");
}

#[test]
fn sales_makes_nobody_an_owner_beside_an_owner() {
    let served = served(&[]);
    let shop = served.customer("shop", "1.00");
    let mut sally = signed_in(&served, "sally@example.com", "sales", None);
    let path = format!("/operator/customers/{}/invite", shop.account);
    let filled = |mail| [("name", "Ann"), ("mail", mail), ("role", "owner")];
    // The first of an account is invited by whoever opened it, also once more when the address was mistyped.
    let page = sally.get(&path);
    page.has("value=\"owner\"");
    sally.submit(&page, &path, &filled("amn@example.com")).has("/invitation/");
    let again = sally.get(&path);
    let made = sally.submit(&again, &path, &filled("ann@example.com"));
    accept(&served, &format!("/invitation/{}", made.between("/invitation/", "<")), PASSWORD);
    // From here on an owner says who else is one. A form that was given before is no way around that.
    let page = sally.get(&path);
    page.lacks("value=\"owner\"").has("value=\"buyer\"");
    let refused = sally.submit(&page, &path, &filled("sally@private.example"));
    assert_eq!(refused.status, 403);
    refused.has("an owner here already").lacks("/invitation/");
    let page = sally.get(&path);
    sally
        .submit(&page, &path, &[("name", "Bob"), ("mail", "bob@example.com"), ("role", "buyer")])
        .has("/invitation/");
    let mut anna = signed_in(&served, "anna@example.com", "administrator", None);
    let page = anna.get(&path);
    page.has("value=\"owner\"");
    anna.submit(&page, &path, &filled("second@example.com")).has("/invitation/");
    let listed = till_json(&served, &["user", "list", "--account", "shop"]);
    assert!(!listed.to_string().contains("private.example"), "{listed}");
    is_noted(&served, &shop, "sally@example.com", "/invite");
}

#[test]
fn what_operators_do_to_keys_and_members_stands_in_the_customers_log() {
    let served = served(&[]);
    let shop = served.customer("shop", "1.00");
    let mut anna = signed_in(&served, "anna@example.com", "administrator", None);
    let list = "/operator/keys?account=shop";
    let page = anna.get(list);
    let filled = [("name", "site"), ("scope", "read"), ("expires", ""), ("addresses", "")];
    anna.submit(&page, "/operator/keys/make", &filled);
    is_noted(&served, &shop, "anna@example.com", "/operator/keys/make");
    for deed in ["rotate", "revoke"] {
        let page = anna.get(list);
        let (id, path) = (page.between("name=\"key\" value=\"", "\""), format!("/operator/keys/{deed}"));
        anna.submit(&page, &path, &[("key", &id)]);
        is_noted(&served, &shop, "anna@example.com", &path);
    }
    // What is nobody's stands where it stood.
    let page = anna.get("/operator/keys");
    anna.submit(
        &page,
        "/operator/keys/make",
        &[("name", "m"), ("scope", "meter"), ("expires", ""), ("addresses", "")],
    );
    let own = served.get(&served.operator, "/v1/audit-log?account=till").good().to_string();
    assert_eq!(
        own.matches("form /operator/keys/").count(),
        2,
        "one entry, its operation and its target: {own}"
    );

    signed_in(&served, "ann@example.com", "owner", Some("shop"));
    invited(&served, "bob@example.com", "buyer", Some("shop"));
    let listed = till_json(&served, &["user", "list", "--account", "shop"]);
    let bob = listed.as_array().unwrap().iter().find(|it| it["mail"] == "bob@example.com").unwrap();
    let id = bob["id"].as_str().unwrap();
    for path in ["/members/link", "/members/end"] {
        let page = anna.get("/members");
        let hidden = page.form("/members", &[("user", id)]);
        let done = anna.call("POST", path, &FORM, &hidden);
        assert!([200, 303].contains(&done.status), "{path}: {}", done.text());
        is_noted(&served, &shop, "anna@example.com", path);
    }
    assert!(till_json(&served, &["user", "list", "--account", "shop"]).as_array().unwrap().len() == 1);
    assert!(till(&served, &["verify"]).status.success());
}

#[test]
fn what_sales_does_to_requests_and_offers_stands_in_the_customers_log() {
    let served = served(&["--test-clock", "2026-06-01 08:00:00"]);
    let shop = served.customer("shop", "100.00");
    let asked = json!({ "message": "ten servers" });
    let request = served.post(&shop.key, "/v1/sales-requests", &asked).good();
    let other = served.post(&shop.key, "/v1/sales-requests", &asked).good();
    let item = json!({
        "product": "container-pack", "name": "trial", "month": "2026-06", "options": { "spec": "1U1G", "hours": "720" }
    });
    let offer = json!({
        "account": shop.account, "until": "2026-06-15T00:00:00Z", "items": [{ "total": "80.00", "item": item }]
    });
    let mut sally = signed_in(&served, "sally@example.com", "sales", None);
    let page = sally.get("/operator/offers");
    let path = format!("/operator/requests/{}/decline", other["id"].as_str().unwrap());
    sally.submit(&page, &path, &[]);
    is_noted(&served, &shop, "sally@example.com", &path);
    // By a key of the operator's it is noted there as well.
    let decline = format!("/v1/sales-requests/{}/decline", request["id"].as_str().unwrap());
    served.post(&served.operator, &decline, &json!({ "reason": "not now" })).good();
    is_noted(&served, &shop, "key_", "POST /v1/sales-requests/{request}/decline");
    let made = served.post(&served.operator, "/v1/offers", &offer).good();
    is_noted(&served, &shop, "key_", "POST /v1/offers");
    let id = made["id"].as_str().unwrap();
    let page = sally.get(&format!("/offers/{id}"));
    let path = format!("/operator/offers/{id}/withdraw");
    sally.submit(&page, &path, &[]);
    is_noted(&served, &shop, "sally@example.com", &path);
    assert!(till(&served, &["verify"]).status.success());
}

#[test]
fn no_secret_of_an_address_stands_in_the_log() {
    let served = served(&[]);
    let shop = served.customer("shop", "1.00");
    let link = invited(&served, "ann@example.com", "owner", Some("shop"));
    let secret = link.strip_prefix("/invitation/").unwrap();
    accept(&served, &link, PASSWORD).has("Your password is set");
    // Mistyped, it is told from the right one by a letter.
    for wrong in [format!("{link}/"), format!("/invitations/{secret}"), format!("/docs/{secret}")] {
        assert_eq!(Browser::new(&served).get(&wrong).status, 404, "{wrong}");
    }
    served.get(&served.operator, &format!("/v1/keys/{}", shop.key));
    served.get(&served.operator, &format!("/v1/accounts/{}", shop.account)).good();
    let log = served.log();
    assert!(!log.contains(secret) && !log.contains(&shop.key), "{log}");
    assert!(log.contains("/invitation/{link}") && log.contains("/v1/keys/{key}"), "{log}");
    assert!(log.contains(&format!("/v1/accounts/{}", shop.account)), "ids are no secrets: {log}");
}

#[test]
fn nobody_signs_in_or_is_invited_by_an_address_that_looks_like_anothers() {
    let served = served(&[]);
    let shop = served.customer("shop", "1.00");
    signed_in(&served, "kim@example.com", "owner", Some("shop"));
    // The Kelvin sign is a k in small letters by Unicode.
    let kelvin = "\u{212a}im@example.com";
    assert_eq!(Browser::new(&served).sign_in(kelvin, PASSWORD).status, 401);
    Browser::new(&served).sign_in("KIM@Example.Com", PASSWORD).has("Overview");
    let mut anna = signed_in(&served, "anna@example.com", "administrator", None);
    let path = format!("/operator/customers/{}/invite", shop.account);
    for mail in [kelvin, "\u{212a}ate@example.com", "\u{430}nn@example.com", "ann@\u{212a}iosk.example"] {
        let page = anna.get(&path);
        let refused = anna.submit(&page, &path, &[("name", "K"), ("mail", mail), ("role", "buyer")]);
        assert_eq!(refused.status, 422, "{mail}: {}", refused.text());
        refused.has("id=\"e-mail\"").has("in ASCII");
    }
}

#[test]
fn over_tls_the_cookies_are_this_hosts_alone() {
    let served = served(&["--public-url", "https://console.example"]);
    accept(&served, &served.first_link, PASSWORD);
    let mut browser = Browser::new(&served);
    browser.sign_in("operator@localhost", PASSWORD).has("<h1>Today</h1>");
    let names: Vec<&str> = browser.cookies.keys().map(String::as_str).collect();
    assert_eq!(names, ["__Host-till_session", "__Host-till_visit"]);
    // What another host of the domain set is not looked at.
    let session = browser.cookies.remove("__Host-till_session").unwrap();
    browser.cookies.insert("till_session".into(), session);
    browser.get("/").has("Sign in to Cloudtill");
}

#[test]
fn more_addresses_of_one_site_give_no_more_tries() {
    let served = served(&["--trusted-proxies", "127.0.0.1"]);
    let page = Browser::new(&served).get("/sign-in");
    let tries = |from: &str| {
        let mut browser = Browser::new(&served);
        let page = browser.get("/sign-in");
        let form =
            page.form("/sign-in", &[("mail", "ann@example.com"), ("password", "a password of others")]);
        let header = format!("x-forwarded-for: {from}");
        browser.call("POST", "/sign-in", &[FORM[0], &header], &form).status
    };
    page.has("Sign in to Cloudtill");
    let tried: Vec<u16> = (1..=5).map(|it| tries(&format!("2001:db8:0:7::{it}"))).collect();
    assert_eq!(tried, [401; 5]);
    let database = rusqlite::Connection::open(served.folder.0.join("data/till.db")).unwrap();
    let counted = "select name, failures from sign_in_tries where name like '%from %' order by name";
    let mut rows = database.prepare(counted).unwrap();
    let found: Vec<(String, i64)> =
        rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    let site = "2001:db8:0:7::/64";
    assert_eq!(found, [(format!("ann@example.com from {site}"), 5), (format!("from {site}"), 5)]);
    let many = format!("update sign_in_tries set failures = 99 where name = 'ann@example.com from {site}'");
    assert_eq!(database.execute(&many, []).unwrap(), 1);
    assert_eq!(tries("2001:db8:0:7:ffff::9"), 429);
    assert_eq!(tries("2001:db8:0:8::1"), 401, "a neighbour is not held up");
}

#[test]
fn a_search_of_the_documentation_reads_a_few_words() {
    let served = served(&[]);
    let mut browser = Browser::new(&served);
    let page = browser.get(&format!("/docs?q={}", "order+".repeat(1_000)));
    assert_eq!(page.status, 200);
    page.has(&format!("value=\"{}\"", ["order"; 12].join(" ")));
    browser.get("/docs?q=Order+PAY").has("<a href=\"/docs/operations/pay_order\">");
    browser.get("/docs/operations/pay_order").has("<form method=\"post\" data-try=\"POST\"");
}
