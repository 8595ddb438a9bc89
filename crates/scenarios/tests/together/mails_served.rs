//! Mails of a real server: killed in the middle, on the website, over the API, on the command line.

use crate::support::browser::Browser;
use crate::support::people::{PASSWORD, accept, signed_in, till, till_json};
use crate::support::served::{Served, eventually, program};
use crate::support::sink::Sink;
use serde_json::{Value, json};
use std::process::Command;

fn served(sink: &Sink, more: &[&str]) -> Served {
    let arguments = sink.arguments();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
    Served::start(&arguments)
}

fn clock(served: &Served, to: &str) {
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": to })).good();
}

fn mails(served: &Served, state: &str) -> Vec<Value> {
    served.get(&served.operator, &format!("/v1/mails?state={state}")).good()["items"]
        .as_array()
        .unwrap()
        .clone()
}

fn subjects(sink: &Sink) -> Vec<String> {
    let mut found: Vec<String> =
        sink.taken().iter().map(|it| it.read()["subject"].as_str().unwrap().to_string()).collect();
    found.sort();
    found
}

/// The server of the till is killed while its mail server has a mail in hand: that one comes again, as the same, and no other.
#[test]
fn a_till_that_is_killed_repeats_the_mail_in_flight_alone() {
    let sink = Sink::start(&[]);
    let served = served(&sink, &["--test-clock", "2026-06-01 12:00:00", "--mail-at-once", "1"]);
    let shop = served.customer("shop", "1000.00");
    let body = json!({ "mail": "ops@example.com", "topics": ["technical", "finance"] });
    served.post(&shop.key, "/v1/account/mail-addresses", &body).good();
    let buy = |name: &str| {
        let item = json!({ "product": "server", "name": name, "months": 1, "options": {
            "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" } });
        served.post(&shop.key, "/v1/orders", &json!({ "items": [item], "pay": true })).good()
    };
    buy("one");
    eventually("the first mail", || (sink.taken().len() == 1).then_some(()));
    sink.answers(&["wait"]);
    buy("two");
    eventually("the mail in flight", || (sink.taken().len() == 2).then_some(()));
    let killed = Command::new("kill").args(["-KILL", &served.pid().to_string()]).status().unwrap();
    assert!(killed.success());
    sink.go();
    let (_, folder) = served.stop();
    let arguments = sink.arguments();
    let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    arguments.extend(["--test-clock", "--mail-at-once", "1"]);
    let again = Served::start_in(folder, &arguments);
    let key = till_json(&again, &["key", "create", "--name", "op", "--scopes", "operator"])["secret"].clone();
    let key = key.as_str().unwrap();
    let queued = || again.get(key, "/v1/mails?state=queued").good()["items"].as_array().unwrap().len();
    assert_eq!(queued(), 1, "its claim has not ended");
    again.post(key, "/v1/clock/advance", &json!({ "to": "2026-06-01T12:30:00+08:00" })).good();
    eventually("all mails are sent", || (queued() == 0 && sink.taken().len() >= 5).then_some(()));
    let taken = sink.taken();
    let mut ids: Vec<String> = taken.iter().map(|it| it.header("Message-ID").unwrap()).collect();
    assert_eq!(ids[1], ids.iter().skip(2).find(|it| **it == ids[1]).unwrap().clone());
    ids.sort();
    ids.dedup();
    // Two receipts and two deliveries; one of them twice.
    assert_eq!((taken.len(), ids.len()), (5, 4), "{:?}", subjects(&sink));
    let metrics = again.get("", "/metrics").text();
    assert!(metrics.contains("till_mails{state=\"queued\"} 0"), "{metrics}");
    assert!(metrics.contains("till_mail_attempts_total{result=\"sent\"}"), "{metrics}");
    assert!(till(&again, &["verify"]).status.success());
}

/// An invitation comes by mail with its link, which is in the database sealed and then not at all; a sign-in from where the
/// person never was is told.
#[test]
fn an_invitation_comes_by_mail() {
    let sink = Sink::start(&[]);
    let served = served(&sink, &["--trusted-proxies", "127.0.0.0/8"]);
    served.customer("shop", "100.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let page = ann.get("/members");
    let form = [("name", "Bo"), ("mail", "bo@example.com"), ("role", "finance")];
    ann.submit(&page, "/members", &form).has("bo@example.com");
    let mail = eventually("the invitation", || sink.taken().into_iter().find(|it| it.to == "bo@example.com"));
    let read = mail.read();
    assert_eq!(read["subject"], "Set your password");
    let text = read["text"].as_str().unwrap();
    assert!(text.contains("for the account shop (Finance)"), "{text}");
    let link = text.lines().find(|it| it.starts_with("https://console.example/invitation/")).unwrap();
    let path = link.strip_prefix("https://console.example").unwrap();
    accept(&served, path, PASSWORD).has("Your password is set");
    assert!(mail.header("List-Unsubscribe").is_none());
    eventually("nothing is sealed any more", || {
        let store = store::Store::embedded(&served.folder.0.join("data/till.db")).unwrap();
        store.read(store::letters::sealed).unwrap().is_empty().then_some(())
    });
    let from = |address: &str| {
        let mut browser = Browser::new(&served);
        let page = browser.get("/sign-in");
        let header = format!("x-forwarded-for: {address}");
        let form = page.form("/sign-in", &[("mail", "bo@example.com"), ("password", PASSWORD)]);
        let kind = "content-type: application/x-www-form-urlencoded";
        let answer = browser.call("POST", "/sign-in", &[kind, header.as_str()], &form);
        assert_eq!(answer.status, 303, "{}", answer.text());
    };
    for address in ["203.0.113.7", "203.0.113.99", "198.51.100.4", "203.0.113.8", "198.51.100.4"] {
        from(address);
    }
    let told = || sink.taken().into_iter().filter(|it| it.to == "bo@example.com").skip(1).collect::<Vec<_>>();
    let told = eventually("the sign-in", || Some(told()).filter(|it| !it.is_empty()));
    assert_eq!(told.len(), 1);
    let text = told[0].read()["text"].as_str().unwrap().to_string();
    assert!(text.contains("From the address: 198.51.100.4"), "{text}");
}

/// Everybody chooses; one click without signing in ends a kind; addresses are kept by who may.
#[test]
fn people_choose_on_the_website() {
    let sink = Sink::start(&[]);
    let served = served(&sink, &["--test-clock", "2026-06-01 12:00:00"]);
    let shop = served.customer("shop", "1000.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let page = ann.get("/mail");
    page.has("Pack running low").has("ann@example.com").has("No addresses beside those of people");
    let wrong = ann.submit(&page, "/mail/addresses", &[("mail", "ops@example.com"), ("topic", "all")]);
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    let wrong = ann.submit(
        &page,
        "/mail/addresses",
        &[("mail", "a@example.com\r\nBcc: b@example.com"), ("topic", "finance")],
    );
    assert_eq!(wrong.status, 422);
    wrong.has("line break");
    let page = ann.get("/mail");
    ann.submit(&page, "/mail/addresses", &[("mail", "ops@example.com"), ("topic", "technical")])
        .has("ops@example.com");
    let list = served.get(&shop.key, "/v1/account/mail-addresses").good();
    assert_eq!(list["items"][0]["topics"], json!(["technical"]));

    let buy = |name: &str| {
        let item = json!({ "product": "server", "name": name, "options": {
            "charge": "payg", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" } });
        served.post(&shop.key, "/v1/orders", &json!({ "items": [item], "pay": true })).good();
    };
    buy("one");
    clock(&served, "2026-06-01T12:10:00+08:00");
    eventually("two mails", || (sink.taken().len() == 2).then_some(()));
    let mail = sink.taken().into_iter().find(|it| it.to == "ann@example.com").unwrap();
    let link = mail.header("List-Unsubscribe").unwrap();
    let path = link.trim_matches(['<', '>']).strip_prefix("https://console.example").unwrap().to_string();
    // Looking changes nothing; one click does, from a program that has no form and no session.
    Browser::new(&served).get(&path).has("Delivered");
    ann.get("/mail").has("value=\"order_delivered\" aria-label=\"Delivered\" checked");
    let click = b"List-Unsubscribe=One-Click";
    let kind = ["content-type: application/x-www-form-urlencoded"];
    assert_eq!(served.call("POST", &path, "", &kind, click).status, 200);
    assert_eq!(served.call("POST", &path, "", &kind, click).status, 200);
    let forged = format!("{}{}", &path[..path.len() - 1], if path.ends_with('0') { "1" } else { "0" });
    assert_eq!(served.call("POST", &forged, "", &kind, click).status, 422);
    ann.get("/mail").lacks("value=\"order_delivered\" aria-label=\"Delivered\" checked");
    buy("two");
    clock(&served, "2026-06-01T12:20:00+08:00");
    eventually("the other address alone", || (sink.taken().len() == 3).then_some(()));
    assert_eq!(sink.taken()[2].to, "ops@example.com");

    // In Chinese from here on, by choice.
    let page = ann.get("/mail");
    ann.submit(&page, "/mail", &[("language", "zh"), ("kind", "order_delivered")]).has("Changed");
    let page = ann.get("/mail");
    ann.submit(&page, "/mail/addresses/remove", &[("mail", "ops@example.com")]).has("No addresses beside");
    buy("three");
    clock(&served, "2026-06-01T12:30:00+08:00");
    eventually("one in Chinese", || (sink.taken().len() == 4).then_some(()));
    assert_eq!(sink.taken()[3].read()["subject"], "three 已交付");
    // Whoever only reads chooses too, and changes no address.
    let mut rae = signed_in(&served, "rae@example.com", "read_only", Some("shop"));
    rae.get("/mail").lacks("/mail/addresses\"").has("rae@example.com");
}

/// What no server takes is listed, and sent again from wherever an operator works.
#[test]
fn dead_mails_are_sent_again() {
    let sink = Sink::start(&[]);
    let served = served(&sink, &["--test-clock", "2026-06-01 12:00:00"]);
    let shop = served.customer("shop", "1000.00");
    let add = |body: Value| served.post(&shop.key, "/v1/account/mail-addresses", &body);
    let refused = |mail: &str| add(json!({ "mail": mail, "topics": ["finance"] })).json()["code"].clone();
    assert_eq!(refused("a@example.com\r\nBcc: b@example.com"), "mail_line_break");
    assert_eq!(refused("a.example.com"), "mail_invalid");
    assert_eq!(
        add(json!({ "mail": "a@example.com", "topics": ["all"] })).json()["code"],
        "mail_topic_invalid"
    );
    add(json!({ "mail": "cfo@example.com", "topics": ["finance"], "language": "zh" })).good();
    sink.answers(&["550", "550", "550"]);
    let item = |name: &str| {
        json!({ "product": "server", "name": name, "months": 1, "options": {
        "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" } })
    };
    for name in ["one", "two", "three"] {
        served.post(&shop.key, "/v1/orders", &json!({ "items": [item(name)], "pay": true })).good();
    }
    let dead = eventually("three dead mails", || Some(mails(&served, "dead")).filter(|it| it.len() == 3));
    assert_eq!(
        (&dead[0]["kind"], &dead[0]["reply"], &dead[0]["account_name"]),
        (&json!("order_receipt"), &json!(550), &json!("shop"))
    );
    let id = |at: usize| dead[at]["id"].as_str().unwrap().to_string();
    served.post(&served.operator, &format!("/v1/mails/{}/resend", id(0)), &json!({})).good();
    let mut sue = signed_in(&served, "sue@example.com", "administrator", None);
    let page = sue.get("/operator/mails?state=dead");
    page.has(&id(1)).has("never");
    sue.submit(&page, "/operator/mails/resend", &[("mail", &id(1))]).has("queued again");
    let listed = till_json(&served, &["mail", "list", "--dead"]);
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
    let again = till_json(&served, &["mail", "resend", &id(2)]);
    assert_eq!(again[0]["state"], "queued");
    let sent = eventually("three sent mails", || Some(mails(&served, "sent")).filter(|it| it.len() == 3));
    assert_eq!(sent[0]["language"], "zh");
    let refused = served.post(&served.operator, &format!("/v1/mails/{}/resend", id(0)), &json!({}));
    assert_eq!((refused.status, refused.json()["code"].clone()), (409, json!("mail_state_refused")));
    assert!(sink.taken().iter().all(|it| it.read()["subject"].as_str().unwrap().starts_with("收据：已支付")));
    // The list says what the server said; the log, which others read, names nobody.
    let said = dead[0]["error"].as_str().unwrap();
    assert!(said.contains("<cfo@example.com> never"), "{said}");
    let log = served.log();
    assert!(log.contains("a mail is dead") && !log.contains("cfo@example.com"), "{log}");
    // What every kind looks like, in both languages; the HTML on a page that holds styles and nothing else.
    sue.get("/operator/mails/preview").has("Sign-in from a new place");
    sue.get("/operator/mails/preview/pack_low").has("1U1G 720 h: 20% left").has("余量剩 20%");
    let page = sue.get("/operator/mails/preview/pack_low/html?language=zh");
    page.has("余量剩 20%");
    let policy = page.answer.header("content-security-policy").unwrap().to_string();
    assert!(policy.contains("style-src 'unsafe-inline'") && !policy.contains("script-src"), "{policy}");
    assert_eq!(sue.get("/operator/mails/preview/nothing").status, 404);
}

/// Mails to the operator's own people are listed among the others, on the page and by the API, without an account.
#[test]
fn mails_to_the_operators_people_are_listed() {
    let sink = Sink::start(&[]);
    let served = served(&sink, &[]);
    let mut sue = signed_in(&served, "sue@example.com", "administrator", None);
    let page = sue.get("/members");
    let form = [("name", "Tom"), ("mail", "tom@example.com"), ("role", "support")];
    sue.submit(&page, "/members", &form).has("tom@example.com");
    let to_tom = || mails(&served, "sent").into_iter().find(|it| it["to"] == "tom@example.com");
    let mail = eventually("the invitation", to_tom);
    assert_eq!((&mail["account"], &mail["account_name"]), (&Value::Null, &Value::Null));
    let one = served.get(&served.operator, &format!("/v1/mails/{}", mail["id"].as_str().unwrap())).good();
    assert_eq!(one, mail);
    sue.get("/operator/mails").has("tom@example.com").has("Invitation");
}

/// A month is told when it is final: at the beginning of its third day after it, once.
#[test]
fn a_month_is_told_when_it_is_final() {
    let sink = Sink::start(&[]);
    let served = served(&sink, &["--test-clock", "2026-06-20 12:00:00"]);
    let shop = served.customer("shop", "1000.00");
    signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let item = json!({ "product": "server", "name": "web", "months": 1, "options": {
        "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" } });
    served.post(&shop.key, "/v1/orders", &json!({ "items": [item], "pay": true })).good();
    clock(&served, "2026-07-02T23:59:00+08:00");
    let statements =
        || subjects(&sink).into_iter().filter(|it| it.starts_with("Statement")).collect::<Vec<_>>();
    eventually("the delivery", || subjects(&sink).iter().any(|it| it == "web is delivered").then_some(()));
    assert!(statements().is_empty());
    clock(&served, "2026-07-03T00:00:00+08:00");
    eventually("the statement", || (!statements().is_empty()).then_some(()));
    clock(&served, "2026-07-20T00:00:00+08:00");
    let months = served.get(&shop.key, "/v1/bills/months").good();
    let june =
        months["items"].as_array().unwrap().iter().find(|it| it["month"] == "2026-06").unwrap().clone();
    let total = june["total"].as_str().unwrap();
    assert_eq!(statements(), [format!("Statement for June 2026: {total} CNY")], "{june}");
}

/// `till mail` sends at once, shows every kind, and says what is wrong with settings.
#[test]
fn the_command_line_tries_and_shows() {
    let sink = Sink::start(&[]);
    let run = |args: &[&str]| Command::new(program()).arg("mail").args(args).output().unwrap();
    let with_server = |args: &[&str]| {
        let arguments = sink.arguments();
        run(&[args, &arguments.iter().map(String::as_str).collect::<Vec<_>>()].concat())
    };
    let done = with_server(&["test", "you@example.com", "--language", "zh", "--json"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let told: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((&told["taken"], &told["to"]), (&json!(true), &json!("you@example.com")));
    assert_eq!(sink.taken()[0].read()["subject"], "邮件发送正常");
    sink.answers(&["550"]);
    let refused = with_server(&["test", "you@example.com"]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("550"));
    let wrong = with_server(&["test", "you@example.com\nBcc: b@example.com"]);
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("line break"), "{wrong:?}");
    let missing = run(&["test", "you@example.com"]);
    assert!(String::from_utf8_lossy(&missing.stderr).contains("--mail-server is missing"), "{missing:?}");
    let elsewhere = run(&[
        "test",
        "a@b.example",
        "--mail-server",
        "smtp.example",
        "--mail-way",
        "none",
        "--mail-from",
        "a@b.example",
    ]);
    assert!(String::from_utf8_lossy(&elsewhere.stderr).contains("this machine only"), "{elsewhere:?}");
    let shown = run(&["preview", "order_delivered"]);
    assert!(String::from_utf8_lossy(&shown.stdout).contains("web-1: 10.77.0.1"), "{shown:?}");
    let unknown = run(&["preview", "everything"]);
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("no kind of mail"), "{unknown:?}");
}
