//! What operators do on the website: customers found, opened, paid in for and put right; the cloud's tasks; keys; the log.
//!
//! In:  real servers and browsers without a screen, people of every role. Out: pages, deeds done once, or refusals that
//! change nothing and say why.

use crate::support::browser::{Browser, Page, encoded};
use crate::support::people::{PASSWORD, accept, signed_in};
use crate::support::served::{Customer, Served};
use serde_json::{Value, json};

const FORM: [&str; 1] = ["content-type: application/x-www-form-urlencoded"];

fn served(more: &[&str]) -> Served {
    Served::start(&[&["--rate-limit", "0", "--cloud-delay-seconds", "0"], more].concat())
}

fn operator<'a>(served: &'a Served, role: &str) -> Browser<'a> {
    signed_in(served, &format!("{role}@example.com"), role, None)
}

/// The page of a customer.
fn address(customer: &Customer) -> String {
    format!("/operator/customers/{}", customer.account)
}

/// A form of somebody's own page, sent to where that person may not send it.
fn tried(browser: &mut Browser<'_>, path: &str) -> u16 {
    let own = browser.get("/members").form("/sign-out", &[]);
    browser.call("POST", path, &FORM, &own).status
}

fn has_all(page: &Page, texts: &[&str]) {
    for text in texts {
        page.has(text);
    }
}

#[test]
fn the_home_says_what_waits_and_each_figure_leads_to_its_page() {
    let served = served(&[]);
    served.customer("shop", "100.00");
    let mut anna = operator(&served, "administrator");
    let page = anna.get("/operator");
    has_all(&page, &["<h1>Today</h1>", "100.00 CNY", "Paid in today", "Nobody is in arrears", "In time"]);
    for path in
        ["customers", "orders", "arrears", "top-ups?from=", "tasks?state=failed", "quarantine", "settlement"]
    {
        page.has(&format!("href=\"/operator/{path}"));
    }
    page.has("href=\"/operator/revenue?month=");
    operator(&served, "support").get("/operator").lacks("href=\"/operator/revenue");
    let told = served.get(&served.operator, "/v1/today").good();
    assert_eq!(told["money_in"], json!([{ "currency": "CNY", "total": "100.00" }]));
    assert_eq!((&told["arrears"], &told["tasks"]["failed"]), (&json!([]), &json!(0)));
    // Customers have no such page, and are led to their own.
    signed_in(&served, "ann@example.com", "owner", Some("shop"))
        .get("/operator/customers")
        .has("<h1>Overview</h1>");
}

#[test]
fn sales_opens_an_account_and_says_its_terms_and_others_may_not() {
    let served = served(&[]);
    let mut sally = operator(&served, "sales");
    let page = sally.get("/operator/customers/new");
    let typed = [("name", "studio <b>"), ("contract_rate", "1.5"), ("alert", "20.00"), ("verified", "no")];
    let refused = sally.submit(&page, "/operator/customers/new", &typed);
    assert_eq!(refused.status, 400);
    refused
        .has("a rate from 0 to 1 with at most four digits behind the point")
        .has("studio &lt;b&gt;")
        .has("value=\"1.5\"")
        .lacks("studio <b>");
    let right = [("name", "studio <b>"), ("contract_rate", "0.9"), ("alert", "20.00"), ("verified", "no")];
    let opened = sally.submit(&page, "/operator/customers/new", &right);
    has_all(&opened, &["The account is open", "studio &lt;b&gt;", "0.90", "Not checked", "below 20.00 CNY"]);
    // The same form once more opens nothing else.
    sally.submit(&page, "/operator/customers/new", &right).has("studio &lt;b&gt;");
    assert_eq!(served.get(&served.operator, "/v1/accounts").good()["items"].as_array().unwrap().len(), 1);
    let account = opened.between("<p class=\"sub\">", " ·");
    let path = format!("/operator/customers/{account}/terms");
    opened.has(&path);
    let page = sally.get(&path);
    page.has("value=\"0.90\"").has("value=\"20.00\"");
    sally.submit(&page, &path, &[("contract_rate", "0.8"), ("alert", ""), ("verified", "yes")]).has("0.80");
    let invite = format!("/operator/customers/{account}/invite");
    let page = sally.get(&invite);
    let refused = sally.submit(&page, &invite, &[("name", "Ann"), ("mail", "nowhere"), ("role", "owner")]);
    refused.has("id=\"e-mail\"").has("value=\"nowhere\"");
    let made =
        sally.submit(&page, &invite, &[("name", "Ann"), ("mail", "ann@example.com"), ("role", "owner")]);
    let link = made.between("/invitation/", "<");
    accept(&served, &format!("/invitation/{link}"), PASSWORD).has("Your password is set");
    Browser::new(&served).sign_in("ann@example.com", PASSWORD).has("studio &lt;b&gt;");
    let shown = served.get(&served.operator, &format!("/v1/accounts/{account}")).good();
    assert_eq!((&shown["contract_rate"], &shown["verified"]), (&json!("0.8000"), &json!(true)));
    let mut theo = operator(&served, "operator_finance");
    theo.get("/operator/customers").lacks("Open an account");
    assert_eq!(theo.get("/operator/customers/new").status, 403);
    assert_eq!(tried(&mut theo, "/operator/customers/new"), 403);
    assert_eq!(tried(&mut theo, &path), 403);
}

#[test]
fn money_comes_in_once_under_its_reference_after_a_look_at_it() {
    let served = served(&[]);
    let shop = served.customer("shop", "10.00");
    let mut theo = operator(&served, "operator_finance");
    let page = theo.get(&format!("{}/top-up", address(&shop)));
    let review = format!("{}/top-up/review", address(&shop));
    let refused = theo.submit(&page, &review, &[("amount", "-5"), ("reference", "t1"), ("purse", "cash")]);
    assert_eq!(refused.status, 400);
    refused.has("Write an amount such as 12.50").has("value=\"-5\"").has("value=\"t1\"");
    let filled = [("amount", "90.00"), ("reference", "t1"), ("purse", "cash")];
    let looked = theo.submit(&page, &review, &filled);
    has_all(&looked, &["10.00", "100.00", "Put 90.00 CNY into the balance of shop"]);
    // Nothing is written yet.
    assert_eq!(balance(&served, &shop), "10.00");
    let path = format!("{}/top-ups", address(&shop));
    theo.submit(&looked, &path, &[]).has("The money is in").has("100.00");
    theo.submit(&looked, &path, &[]).has("100.00");
    let again = theo.submit(&page, &review, &filled);
    again.has("was written down before").lacks("Put 90.00");
    let other = theo.submit(&page, &review, &[("amount", "91.00"), ("reference", "t1"), ("purse", "cash")]);
    assert_eq!(other.status, 409);
    assert_eq!(balance(&served, &shop), "100.00");
    let listed = theo.get("/operator/top-ups?account=shop");
    has_all(&listed, &["t1", "90.00", "first of shop"]);
    theo.get("/operator/top-ups?account=nobody").has("Nothing fits these filters");
    theo.get("/operator/top-ups?from=2020-01-01&to=2020-01-02").has("Nothing fits these filters");
    assert_eq!(theo.get("/operator/top-ups?from=yesterday").status, 400);
    theo.get(&format!("/operator/audit?account={}", shop.account))
        .has("operator_finance@example.com")
        .has("t1");
    let mut sally = operator(&served, "sales");
    sally.get(&address(&shop)).lacks(">Top up<").has("Change terms");
    assert_eq!(sally.get(&format!("{}/top-up", address(&shop))).status, 403);
    for path in [&review, &path, &format!("{}/correct", address(&shop))] {
        assert_eq!(tried(&mut sally, path), 403, "{path}");
    }
    assert_eq!(sally.get("/operator/audit").status, 403);
}

fn balance(served: &Served, customer: &Customer) -> String {
    let shown = served.get(&served.operator, &format!("/v1/accounts/{}", customer.account)).good();
    shown["wallet"]["available"].as_str().unwrap().to_string()
}

/// Buys a month of a server, 26.74 CNY. Source: the demo book.
fn server(served: &Served, shop: &Customer) -> Value {
    let options =
        json!({ "charge": "prepaid", "type": "S2.SMALL1", "region": "guangzhou", "zone": "guangzhou-2" });
    let item = json!({ "product": "server", "months": 1, "name": "web", "options": options });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [item] })).good()
}

#[test]
fn a_credit_is_looked_at_and_made_once_with_its_reason() {
    let served = served(&[]);
    let shop = served.customer("shop", "100.00");
    server(&served, &shop);
    let bill = crate::support::served::eventually("bill", || {
        let bills = served.get(&shop.key, "/v1/bills").good();
        bills["items"][0]["id"].as_str().map(str::to_string)
    });
    let before = balance(&served, &shop);
    let mut theo = operator(&served, "operator_finance");
    let path = format!("{}/correct", address(&shop));
    theo.get(&address(&shop)).has(&format!("{path}?bill={bill}"));
    let page = theo.get(&format!("{path}?bill={bill}"));
    page.has(&format!("value=\"{bill}\""));
    let review = format!("{path}/review");
    let mut filled = [
        ("kind", "credit"),
        ("bill", bill.as_str()),
        ("amount", "999.00"),
        ("reason", "an outage <i>"),
        ("id", "t-1"),
    ];
    let refused = theo.submit(&page, &review, &filled);
    assert_eq!(refused.status, 422, "{}", refused.text());
    refused.has("id=\"e-amount\"").has("an outage &lt;i&gt;").lacks("an outage <i>");
    filled[2].1 = "5.00";
    let looked = theo.submit(&page, &review, &filled);
    looked.has("Give back 5.00 CNY").has("an outage &lt;i&gt;");
    assert_eq!(balance(&served, &shop), before);
    theo.submit(&looked, &path, &[]).has("The bill is made");
    theo.submit(&looked, &path, &[]);
    let bills = served.get(&shop.key, "/v1/bills").good();
    let made: Vec<&Value> =
        bills["items"].as_array().unwrap().iter().filter(|it| it["kind"] == "correction").collect();
    assert_eq!((made.len(), &made[0]["total"]), (1, &json!("-5.00")));
    theo.submit(&page, &review, &filled).has("was made before").lacks("Give back 5.00");
    let listed = theo.get("/operator/credits?account=shop");
    has_all(&listed, &["Given back", "5.00 CNY", "an outage &lt;i&gt;", "operator_finance@example.com"]);
    let from = served.get(&served.operator, "/v1/corrections?from=2030-01-01T00:00:00Z").good();
    assert_eq!(from["items"], json!([]));
}

#[test]
fn one_page_says_all_of_a_customer_and_every_list_has_its_whole() {
    let served = served(&[]);
    let shop = served.customer("shop", "100.00");
    server(&served, &shop);
    signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let mut sam = operator(&served, "support");
    let page = sam.get(&address(&shop));
    has_all(&page, &["<h1>shop</h1>", "customer since", "web", "ann@example.com", "buy read", "Audit log"]);
    for name in ["resources", "bills", "movements", "notices"] {
        let whole = sam.get(&format!("{}/{name}", address(&shop)));
        assert_eq!(whole.status, 200, "{name}");
        whole.has("href=\"/operator/customers\"");
    }
    sam.get("/operator/orders?account=shop").has("shop").has("Cloud server");
    sam.get("/operator/orders?state=unpaid").has("Nothing fits these filters");
    // One order as its customer sees it, read alone, with what an operator may do; and not that of another customer.
    let listed = sam.get("/operator/orders?account=shop");
    let order = listed.between("/orders/ord_", "\"");
    let path = format!("{}/orders/ord_{order}", address(&shop));
    let one = sam.get(&path);
    has_all(&one, &["Cloud server", "Act for", "Order number"]);
    one.lacks("href=\"/resources/").lacks("href=\"/orders/");
    let other = served.customer("other", "1.00");
    assert_eq!(sam.get(&format!("{}/orders/ord_{order}", address(&other))).status, 404);
    sam.submit(&one, "/operator/act", &[]).has("You act for").has("Order number");
    let own = sam.get("/");
    sam.submit(&own, "/operator/stop", &[]);
    for nothing in ["acc_00000000000000000000000000000000", "nothing"] {
        assert_eq!(sam.get(&format!("/operator/customers/{nothing}")).status, 404, "{nothing}");
    }
    // Into its pages and back to where one was.
    sam.submit(&page, "/operator/act", &[]).has("You act for");
    let own = sam.get("/");
    sam.submit(&own, "/operator/stop", &[]).has("<h1>shop</h1>");
}

#[test]
fn tasks_are_tried_again_and_given_up_by_who_may() {
    let served = served(&["--cloud", "external"]);
    let shop = served.customer("shop", "100.00");
    let resource = server(&served, &shop)["orders"][0]["pieces"][0]["resource"].clone();
    let tasks = served.get(&served.operator, "/v1/tasks").good();
    let id = tasks["items"][0]["id"].as_str().unwrap().to_string();
    let mut sam = operator(&served, "support");
    let path = format!("/operator/tasks/{id}");
    let listed = sam.get("/operator/tasks");
    listed.has(&path).has("Set up: web").has("shop").has("href=\"/csv/tasks?state=open\"");
    assert!(sam.get("/csv/tasks?state=open").text().contains(&id));
    // The order leads to its task, and the task to its order.
    let order = sam.get(&path).between(&format!("href=\"{}/orders/", address(&shop)), "\"");
    sam.get(&format!("{}/orders/{order}", address(&shop))).has(&path).has("Being set up");
    let failed = json!({ "reason": "no host <has> room", "attempt": 1 });
    served.post(&served.operator, &format!("/v1/tasks/{id}/failed"), &failed).good();
    sam.get("/operator/tasks").has("No task in this state");
    sam.get("/operator/tasks?state=waiting").has("no host &lt;has&gt; room");
    let page = sam.get(&path);
    has_all(
        &page,
        &["2 of 3", "Tried again later", "gives the money of the delivery back", "no host &lt;has&gt; room"],
    );
    let mut theo = operator(&served, "operator_finance");
    theo.get(&path).lacks("Ask the cloud again</button>").has("Your role does not allow this");
    assert_eq!(tried(&mut theo, &format!("{path}/retry")), 403);
    assert_eq!(tried(&mut theo, &format!("{path}/give-up")), 403);
    let page = sam.submit(&page, &format!("{path}/retry"), &[]);
    page.has("In hand");
    let done = sam.submit(&page, &format!("{path}/give-up"), &[("reason", "the rack burnt")]);
    has_all(&done, &["Given up", "the rack burnt", "This task is over"]);
    assert_eq!(balance(&served, &shop), "100.00", "the money of {resource} is back");
    sam.get("/operator/audit?account=shop&action=give-up").has("support@example.com");
    assert_eq!(sam.get("/operator/tasks/nothing").status, 404);
}

#[test]
fn the_board_says_what_arrears_do_next_and_when() {
    let served = served(&["--test-clock", "2026-06-01 08:00:00"]);
    // 0.74 pays one hour of 0.42; the story of the grace has the figures. Source: R-ARR-1, R-ARR-4.
    let shop = served.customer("acme", "0.74");
    served.customer("rich", "100.00");
    let options =
        json!({ "charge": "payg", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" });
    let item = json!({ "product": "server", "name": "web", "options": options });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [item] })).good();
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-01T10:30:00+08:00" })).good();
    let mut sam = operator(&served, "support");
    let board = sam.get("/operator/arrears");
    has_all(&board, &["acme", "nothing yet", "1 June 2026, 12:", "web · Stopped for arrears"]);
    board.lacks("rich");
    sam.get(&address(&shop)).has("Owes ").has("Stopped for arrears");
    sam.get("/operator").has("by 1 customer").has("acme");
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-01T12:30:00+08:00" })).good();
    sam.get("/operator/arrears").has("1 stopped").has("Released");
    let listed = served.get(&served.operator, "/v1/arrears").good();
    let first = &listed["items"][0];
    assert_eq!(
        (&first["name"], &first["stopped"], &first["next"]["name"]),
        (&json!("acme"), &json!(1), &json!("web"))
    );
    let table = served.call("GET", "/v1/arrears", &served.operator, &["accept: text/csv"], b"").text();
    assert!(table.starts_with("account,name,currency,owed,since,") && table.contains("acme"), "{table}");
    // Paid, and off the board.
    let paid = json!({ "amount": "5.00", "reference": "enough" });
    served.post(&served.operator, &format!("/v1/accounts/{}/top-ups", shop.account), &paid).good();
    sam.get("/operator/arrears").has("Nobody is in arrears");
}

#[test]
fn keys_are_made_replaced_and_ended_and_their_text_is_shown_once() {
    let served = served(&[]);
    let shop = served.customer("shop", "1.00");
    let mut anna = operator(&served, "administrator");
    let page = anna.get("/operator/keys");
    let filled = [("name", "meter <1>"), ("scope", "meter"), ("expires", ""), ("addresses", "")];
    let made = anna.submit(&page, "/operator/keys/make", &filled);
    made.has("Keep it now").has("meter &lt;1&gt;");
    let secret = made.between("data-copy=\"", "\"");
    assert_eq!(served.get(&secret, "/v1/accounts").status, 403, "it holds, and is no operator's");
    // The same form again makes no other key, and shows no text.
    anna.submit(&page, "/operator/keys/make", &filled).lacks("till_live_").has("Changed");
    let listed = anna.get("/operator/keys").text();
    assert_eq!(listed.matches("<th scope=\"row\">meter &lt;1&gt;").count(), 1);
    let wrong = [("name", "x"), ("scope", "meter"), ("expires", ""), ("addresses", "nowhere")];
    let refused = anna.submit(&page, "/operator/keys/make", &wrong);
    assert!(refused.status >= 400, "{}", refused.text());
    refused.has("id=\"e-addresses\"").has("value=\"nowhere\"");
    let page = anna.get("/operator/keys?account=shop");
    let filled = [("name", "site"), ("scope", "buy"), ("expires", ""), ("addresses", "")];
    let own = anna.submit(&page, "/operator/keys/make", &filled).between("data-copy=\"", "\"");
    assert_eq!(served.get(&own, "/v1/account").good()["id"], json!(shop.account));
    let list = anna.get("/operator/keys?account=shop");
    let id = list.between("name=\"key\" value=\"", "\"");
    let rotated = anna.submit(&list, "/operator/keys/rotate", &[("key", &id)]).between("data-copy=\"", "\"");
    assert_eq!(served.get(&rotated, "/v1/account").status, 200);
    let list = anna.get("/operator/keys?account=shop");
    let id = list.between("name=\"key\" value=\"", "\"");
    anna.submit(&list, "/operator/keys/revoke", &[("key", &id)]).has("Changed");
    assert_eq!(served.get(&rotated, "/v1/account").status, 401);
    let mut sam = operator(&served, "support");
    assert_eq!(sam.get("/operator/keys").status, 403);
    for path in ["/operator/keys/make", "/operator/keys/rotate", "/operator/keys/revoke"] {
        assert_eq!(tried(&mut sam, path), 403, "{path}");
    }
    sam.get("/operator").lacks("href=\"/operator/keys\"").has("href=\"/operator/audit\"");
}

#[test]
fn the_audit_log_is_found_by_customer_person_deed_and_day() {
    let served = served(&[]);
    let shop = served.customer("shop", "1.00");
    served.post(&shop.key, "/v1/projects", &json!({ "name": "games" })).good();
    let mut anna = operator(&served, "administrator");
    let log = anna.get("/operator/audit?action=PROJECTS");
    has_all(&log, &["POST /v1/projects", ">shop<", "<dt>Name</dt><dd><span class=\"id\">games</span></dd>"]);
    log.lacks("&quot;name&quot;").lacks("{&quot;");
    anna.get("/operator/audit?action=projects").has("Time (UTC+08:00)").has("Times are UTC+08:00");
    anna.get("/operator/audit?action=projects&account=till").has("Nothing fits these filters");
    anna.get("/operator/audit?actor=nobody").has("Nothing fits these filters");
    anna.get("/operator/audit?to=2020-01-01").has("Nothing fits these filters");
    let markup = "<img src=x onerror=alert(1)>";
    anna.get(&format!("/operator/audit?actor={}", encoded(markup))).lacks("<img src=x");
    let first = served.get(&served.operator, "/v1/audit-log/search?limit=1").good();
    let second = served.get(
        &served.operator,
        &format!("/v1/audit-log/search?limit=1&after={}", first["next"].as_str().unwrap()),
    );
    assert_ne!(first["items"][0], second.good()["items"][0]);
    let of_shop =
        served.get(&served.operator, &format!("/v1/audit-log/search?account={}", shop.account)).good();
    assert_eq!(
        (&of_shop["items"][0]["account_name"], &of_shop["items"][0]["by"]),
        (&json!("shop"), &json!("shop"))
    );
    assert_eq!(served.get(&served.operator, "/v1/audit-log/search?after=nowhere").status, 404);
}

/// A bill that was deducted, down to its arithmetic, from the customer's page; who may put it right finds the way.
#[test]
fn operators_read_one_bill_down_to_its_arithmetic() {
    let served = served(&["--test-clock", "2026-06-01 08:00:00"]);
    let shop = served.customer("shop", "100.00");
    let options =
        json!({ "charge": "payg", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" });
    let item = json!({ "product": "server", "name": "web", "options": options });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [item] })).good();
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-01T10:30:00+08:00" })).good();
    let mut theo = operator(&served, "operator_finance");
    let list = theo.get(&format!("{}/bills", address(&shop)));
    let id = list.between("/bills/bil_", "\"");
    let path = format!("{}/bills/bil_{id}", address(&shop));
    let bill = theo.get(&path);
    has_all(&bill, &["by the hour", "0.42", &format!("{}/correct?bill=bil_{id}", address(&shop))]);
    bill.lacks("Act for");
    let line = theo.get(&format!("{path}/0"));
    has_all(&line, &["What happened", "The arithmetic", &path]);
    let other = served.customer("other", "1.00");
    for below in ["", "/0"] {
        assert_eq!(theo.get(&format!("{}/bills/bil_{id}{below}", address(&other))).status, 404);
    }
    let none = theo.get(&format!("{path}/9"));
    assert_eq!(none.status, 404);
    none.has("This bill has no such line").has(&format!("href=\"{path}\"")).lacks("or it is not yours");
    // Every table of the operator's leads to its list as CSV, with what it is filtered by.
    for (page, list) in [
        ("orders?account=shop", "orders?account=acc_"),
        ("top-ups?account=shop", "top-ups?account=acc_"),
        ("keys?account=shop", "keys?account=acc_"),
    ] {
        let mut anna =
            if page.starts_with("keys") { operator(&served, "administrator") } else { theo.clone() };
        let link = anna.get(&format!("/operator/{page}")).between("href=\"/csv/", "\"").replace("&amp;", "&");
        assert!(link.starts_with(list), "{page}: {link}");
        let table = anna.get(&format!("/csv/{link}"));
        assert_eq!(table.status, 200, "{page}: {}", table.text());
        assert_eq!(table.text().lines().count(), 2, "{page}: {}", table.text());
    }
}

/// A line leads whoever keeps prices to the book that made it, and its customer to what the resource used and to each reading.
#[test]
fn a_line_leads_to_its_prices_and_to_what_it_counts() {
    let served = served(&["--test-clock", "2026-06-01 08:00:00"]);
    let shop = served.customer("shop", "100.00");
    let item = json!({ "product": "server", "name": "web", "options": { "charge": "payg", "region": "guangzhou",
        "zone": "guangzhou-1", "type": "S1.SMALL1", "network": "traffic", "bandwidth": 5 } });
    let bought = served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [item] })).good();
    let web = bought["orders"][0]["pieces"][0]["resource"].as_str().unwrap();
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-01T00:30:00Z" })).good();
    let event = json!({ "specversion": "1.0", "type": "cloudtill.usage.v1", "source": "/gateway", "id": "e1",
        "time": "2026-06-01T00:20:00Z", "subject": web, "data": { "meter": "traffic_out", "quantity": 1_073_741_824 } });
    let structured = ["content-type: application/cloudevents+json"];
    served.call("POST", "/v1/usage", &served.operator, &structured, event.to_string().as_bytes()).good();
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-01T02:30:00Z" })).good();
    let lines = served.get(&shop.key, "/v1/bills/lines").good();
    let line = |is_traffic: bool| {
        let mut all = lines["items"].as_array().unwrap().iter();
        let it = all.find(|it| (it["component"] == "traffic") == is_traffic).unwrap();
        format!("/bills/{}/{}", it["bill"].as_str().unwrap(), it["line"])
    };
    let (traffic, other) = (line(true), line(false));

    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let page = ann.get(&traffic);
    page.has(&format!("href=\"/resources/{web}\"")).lacks("/operator/books");
    let each = format!("{traffic}?readings=all");
    page.has(&format!("href=\"{each}\""));
    ann.get(&each).has("event e1").lacks("readings=all\"");
    ann.get(&other).lacks("readings=all\"").lacks("/operator/books");

    let mut theo = operator(&served, "operator_finance");
    let page = theo.get(&format!("{}{traffic}", address(&shop)));
    page.has(&format!("href=\"{}{each}\"", address(&shop)));
    let book = page.between("href=\"/operator/books/", "\"");
    assert!(book.ends_with("/products/server"), "{book}");
    theo.get(&format!("/operator/books/{book}")).has("Outbound traffic");
}
