//! Who gets into the console, and who does not: passwords, sessions, forms of other sites, second factors, roles.
//!
//! In:  real servers and browsers without a screen. Out: pages, or refusals that change nothing.

use crate::support::browser::{Browser, encoded};
use crate::support::people::{PASSWORD, accept, invited, signed_in, till, till_json};
use crate::support::served::Served;
use serde_json::json;

fn served() -> Served {
    let served = Served::start(&["--rate-limit", "0"]);
    served.customer("shop", "100.00");
    served
}

#[test]
fn the_first_start_names_the_first_operator_and_its_link_works_once() {
    let served = Served::start(&[]);
    let link = served.first_link.clone();
    accept(&served, &link, "too short").has("at least 10 characters");
    accept(&served, &link, PASSWORD).has("Your password is set");
    let again = Browser::new(&served).get(&link);
    assert_eq!(again.status, 409);
    again.has("The invitation is over");
    let page = Browser::new(&served).sign_in("Operator@LOCALHOST", PASSWORD);
    page.has("Today").has("Administrator").has("Nobody is in arrears");
}

#[test]
fn without_a_session_every_page_leads_to_the_sign_in_and_back() {
    let served = served();
    for path in ["/", "/members", "/security", "/operator"] {
        let page = Browser::new(&served).call("GET", path, &[], "");
        let to = format!("/sign-in?to={}", path.replace('/', "%2F"));
        assert_eq!((page.status, page.answer.header("location")), (303, Some(to.as_str())));
    }
    let link = invited(&served, "ann@example.com", "owner", Some("shop"));
    accept(&served, &link, PASSWORD);
    let mut browser = Browser::new(&served);
    let page = browser.get("/members");
    let page = browser.submit(&page, "/sign-in", &[("mail", "ann@example.com"), ("password", PASSWORD)]);
    page.has("<h1>Members</h1>").has("ann@example.com");
}

#[test]
fn a_wrong_password_and_an_unknown_person_look_alike() {
    let served = served();
    signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let told = |mail: &str, password: &str| {
        let page = Browser::new(&served).sign_in(mail, password);
        (page.status, page.between("role=\"alert\"", "<form").replace(mail, ""))
    };
    let wrong = told("ann@example.com", "a password of others");
    assert_eq!(wrong.0, 401);
    assert_eq!(wrong, told("nobody@example.com", PASSWORD));
    // Somebody who was invited and set no password yet is nobody.
    invited(&served, "bob@example.com", "buyer", Some("shop"));
    assert_eq!(wrong, told("bob@example.com", ""));
}

#[test]
fn after_five_wrong_tries_one_waits_and_the_right_password_waits_too() {
    let served = served();
    signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let mut browser = Browser::new(&served);
    let tried = (0..5).map(|_| browser.sign_in("ann@example.com", "a password of others").status);
    assert_eq!(tried.collect::<Vec<_>>(), [401; 5]);
    // As after many more, so that the wait is the longest.
    let database = rusqlite::Connection::open(served.folder.0.join("data/till.db")).unwrap();
    // By the person, by the person from there, and by where it was from: somebody signed in rightly there, which is not counted.
    let counted = "select count(*), sum(failures) from sign_in_tries";
    let count = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    assert_eq!(database.query_row(counted, [], count).unwrap(), (3, 5 + 5 + 5));
    let many = "update sign_in_tries set failures = 99 where name like 'ann@example.com from %'";
    assert_eq!(database.execute(many, []).unwrap(), 1);
    let page = browser.sign_in("ann@example.com", PASSWORD);
    assert_eq!(page.status, 429);
    page.has("Too many tries; wait until");
    // Another person from there is not held up.
    signed_in(&served, "bob@example.com", "buyer", Some("shop"));
}

#[test]
fn who_signs_in_rightly_uses_up_no_try_of_the_address() {
    let served = served();
    signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let sign_in = |password: &str| Browser::new(&served).sign_in("ann@example.com", password);
    let database = rusqlite::Connection::open(served.folder.0.join("data/till.db")).unwrap();
    let from_here = |failures: &str| {
        let sql = format!("select {failures} from sign_in_tries where name like 'from %'");
        database.query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(from_here("count(*)"), 0);
    assert_eq!(sign_in("a password of others").status, 401);
    let many = "update sign_in_tries set failures = 49 where name like 'from %'";
    assert_eq!(database.execute(many, []).unwrap(), 1);
    for _ in 0..3 {
        sign_in(PASSWORD).has("Overview");
        assert_eq!(from_here("failures"), 49);
    }
    // The fiftieth wrong one, and one waits: the longest after many more.
    assert_eq!(sign_in("a password of others").status, 401);
    assert_eq!(from_here("failures"), 50);
    let more = "update sign_in_tries set failures = 99 where name like 'from %'";
    assert_eq!(database.execute(more, []).unwrap(), 1);
    assert_eq!(sign_in(PASSWORD).status, 429);
}

#[test]
fn what_a_browser_shows_changes_at_the_sign_in_and_a_planted_session_is_nobodys() {
    let served = served();
    signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let planted = "0123456789abcdef".repeat(4);
    let mut browser = Browser::new(&served);
    browser.cookies.insert("till_session".into(), planted.clone());
    browser.sign_in("ann@example.com", PASSWORD).has("Overview");
    assert_ne!(browser.cookies["till_session"], planted);
    let mut other = Browser::new(&served);
    other.cookies.insert("till_session".into(), planted);
    other.get("/").has("Sign in to Cloudtill");
    // Signed out, the old session is nobody's either.
    let kept = browser.cookies["till_session"].clone();
    let page = browser.get("/");
    browser.submit(&page, "/sign-out", &[]).has("Sign in to Cloudtill");
    assert!(!browser.cookies.contains_key("till_session"));
    browser.cookies.insert("till_session".into(), kept);
    browser.get("/").has("Sign in to Cloudtill");
}

#[test]
fn cookies_are_of_this_site_alone_and_pages_say_what_browsers_may() {
    let served = Served::start(&["--public-url", "https://console.example"]);
    let page = Browser::new(&served).call("GET", "/sign-in", &[], "");
    let cookie = page.answer.header("set-cookie").unwrap();
    for word in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    let policy = page.answer.header("content-security-policy").unwrap();
    for word in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
        assert!(policy.contains(word), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    for (name, value) in
        [("x-frame-options", "DENY"), ("x-content-type-options", "nosniff"), ("cache-control", "no-store")]
    {
        assert_eq!(page.answer.header(name), Some(value));
    }
    page.lacks(" style=").lacks("<style").lacks("onclick").lacks("<script>");
}

#[test]
fn forms_of_other_sites_and_of_other_browsers_change_nothing() {
    let served = served();
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let page = ann.get("/members");
    let filled = [("name", "Eve"), ("mail", "eve@example.com"), ("role", "owner")];
    let (good, form) = (page.form("/members", &filled), "content-type: application/x-www-form-urlencoded");
    let mut other = signed_in(&served, "bob@example.com", "owner", Some("shop"));
    let foreign = other.get("/members").form("/members", &filled);
    let host = format!("origin: http://{}", served.address);
    for (headers, body) in [
        (vec![form], "name=Eve&mail=eve%40example.com&role=owner".to_string()),
        (vec![form], foreign),
        (vec![form, "origin: https://evil.example"], good.clone()),
        (vec![form, "sec-fetch-site: cross-site"], good.clone()),
        (vec![form, "sec-fetch-site: same-site"], good.clone()),
        (vec![form, "origin: null"], good.clone()),
    ] {
        assert_eq!(ann.call("POST", "/members", &headers, &body).status, 403, "{headers:?}");
    }
    ann.get("/members").lacks("eve@example.com");
    let headers = [form, host.as_str(), "sec-fetch-site: same-origin"];
    assert_eq!(ann.call("POST", "/members", &headers, &good).status, 200);
    ann.get("/members").has("eve@example.com");
}

#[test]
fn nobody_is_led_to_another_site() {
    let served = served();
    signed_in(&served, "ann@example.com", "owner", Some("shop"));
    for to in ["//evil.example", "https://evil.example/", "/\\evil.example", "\t//evil.example"] {
        let mut browser = Browser::new(&served);
        let page = browser.get(&format!("/sign-in?to={}", encoded(to)));
        let filled = [("mail", "ann@example.com"), ("password", PASSWORD), ("to", to)];
        let answer = browser.send(&page, "/sign-in", &filled);
        assert_eq!((answer.status, answer.answer.header("location")), (303, Some("/")), "{to:?}");
        let answer = browser.call("GET", &format!("/language/zh?to={}", encoded(to)), &[], "");
        assert_eq!(answer.answer.header("location"), Some("/"), "{to:?}");
    }
}

#[test]
fn what_people_write_is_shown_as_text() {
    let served = served();
    let markup = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    served.customer(markup, "1.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let page = ann.get("/members");
    let filled = [("name", markup), ("mail", "eve@example.com"), ("role", "buyer")];
    ann.submit(&page, "/members", &filled).lacks("<script>alert").lacks("<img src=x").has("&lt;script&gt;");
    let filled = [("name", markup), ("mail", markup), ("role", markup)];
    ann.submit(&page, "/members", &filled).lacks("<script>alert").lacks("<img src=x");
    let mut operator = signed_in(&served, "op@example.com", "administrator", None);
    operator.get("/operator/customers").lacks("<script>alert").lacks("<img src=x").has("&lt;script&gt;");
    let found = operator.get(&format!("/operator/customers?q={}", encoded(markup)));
    found.lacks("<script>alert").lacks("<img src=x");
    ann.get(&format!("/{}", encoded(markup))).lacks("<script>alert").lacks("<img src=x");
    ann.get(&format!("/sign-in?to={}", encoded(markup))).lacks("<script>alert").lacks("<img src=x");
}

#[test]
fn a_role_does_what_it_may_and_a_form_that_is_sent_twice_is_done_once() {
    let served = served();
    let mut owner = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let mut reader = signed_in(&served, "rea@example.com", "read_only", Some("shop"));
    let page = owner.get("/members");
    let filled = [("name", "Bob"), ("mail", "bob@example.com"), ("role", "buyer")];
    owner.send(&page, "/members", &filled).has("A link for Bob is made");
    let again = owner.send(&page, "/members", &filled);
    assert_eq!((again.status, again.answer.header("location")), (303, Some("/members?said=changed")));
    assert_eq!(owner.get("/members").text().matches("bob@example.com").count(), 1);
    reader.get("/members").lacks("action=\"/members\"").has("Your role does not allow this");
    // Whoever may not is refused, whatever it sends.
    let own = reader.get("/members").form("/sign-out", &filled);
    let form = ["content-type: application/x-www-form-urlencoded"];
    for path in ["/members", "/members/role", "/members/link", "/members/end", "/operator/act"] {
        assert_eq!(reader.call("POST", path, &form, &own).status, 403, "{path}");
    }
    // The last owner stays; a second one may go, and so does its session.
    let listed = till_json(&served, &["user", "list", "--account", "shop"]);
    let id = |mail: &str| {
        let found = listed.as_array().unwrap().iter().find(|it| it["mail"] == mail);
        found.unwrap()["id"].as_str().unwrap().to_string()
    };
    let page = owner.get("/members");
    let refused = owner.submit(&page, "/members/end", &[("user", &id("ann@example.com"))]);
    assert_eq!(refused.status, 409);
    refused.has("One owner stays");
    owner.submit(&page, "/members/end", &[("user", &id("rea@example.com"))]).lacks("rea@example.com");
    reader.get("/").has("Sign in to Cloudtill");
}

#[test]
fn nobody_sees_another_house_and_who_acts_for_one_is_named_there() {
    let served = served();
    served.customer("rival", "7.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let mut rival = signed_in(&served, "riv@example.com", "owner", Some("rival"));
    let mut support = signed_in(&served, "sup@example.com", "support", None);
    ann.get("/").has("100.00").lacks("7.00");
    // Another house's people cannot be changed, and cannot be taken over by a link.
    let listed = till_json(&served, &["user", "list", "--account", "shop"]);
    let id = listed[0]["id"].as_str().unwrap();
    let page = rival.get("/members");
    for path in ["/members/link", "/members/end"] {
        let body = page.form(path, &[("user", id)]);
        let answer = rival.call("POST", path, &["content-type: application/x-www-form-urlencoded"], &body);
        assert_eq!(answer.status, 404, "{path}");
    }
    let page = rival.get("/members");
    let filled = [("name", "Ann"), ("mail", "ann@example.com"), ("role", "owner")];
    assert_eq!(rival.submit(&page, "/members", &filled).status, 409);
    let page = ann.get("/operator");
    page.has("<h1>Overview</h1>");
    // An operator's page leads into a customer's, and the customer can read who was there.
    let page = support.get("/operator/customers");
    let account = page.between("name=\"account\" value=\"", "\"");
    let shown = support.submit(&page, "/operator/act", &[("account", &account)]);
    shown.has("You act for").has("Stop acting");
    assert_eq!(support.get("/members").status, 403);
    let page = support.get("/");
    support.submit(&page, "/operator/stop", &[]).has("customer since");
    let header = format!("till-account: {account}");
    let log = served.call("GET", "/v1/account/audit-log", &served.operator, &[&header], b"").good();
    let log = log.to_string();
    assert!(log.contains("acts for the account") && log.contains("sup@example.com"), "{log}");
}

#[test]
fn a_new_password_ends_other_sessions_and_older_links() {
    let served = served();
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let mut other = Browser::new(&served);
    other.sign_in("ann@example.com", PASSWORD).has("Overview");
    let page = ann.get("/security");
    page.has("this one");
    let filled = [("password_before", "a password of others"), ("password", "another password")];
    let refused = ann.submit(&page, "/security/password", &filled);
    assert_eq!(refused.status, 401);
    let filled = [("password_before", PASSWORD), ("password", "another password")];
    ann.submit(&page, "/security/password", &filled).has("Your password is changed");
    other.get("/").has("Sign in to Cloudtill");
    assert_eq!(Browser::new(&served).sign_in("ann@example.com", PASSWORD).status, 401);
    other.sign_in("ann@example.com", "another password").has("Overview");
    // By a link, all of them end, and so does the link before.
    let listed = till_json(&served, &["user", "list", "--account", "shop"]);
    let id = listed[0]["id"].as_str().unwrap();
    let link =
        |served: &Served| till_json(served, &["user", "link", id])["link"].as_str().unwrap().to_string();
    let (first, second) = (link(&served), link(&served));
    assert_eq!(Browser::new(&served).get(&first).status, 409);
    accept(&served, &second, PASSWORD).has("Your password is set");
    ann.get("/").has("Sign in to Cloudtill");
    let log = served.get(&served.operator, "/v1/audit-log").good().to_string();
    assert!(!log.contains("another password") && !log.contains(PASSWORD), "a password stands in the log");
}

#[test]
fn a_second_factor_is_asked_for_and_no_code_is_right_twice() {
    let served = served();
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let page = ann.get("/security");
    let page = ann.submit(&page, "/security/second", &[]);
    let secret = page.between("<code>", "</code>");
    page.has("<svg").lacks("http://www.w3.org/1999/xlink");
    let wrong = ann.submit(&page, "/security/second/confirm", &[("code", "000000")]);
    assert_eq!(wrong.status, 422);
    let code = crate::support::code::now(&secret);
    let shown = ann.submit(&page, "/security/second/confirm", &[("code", &code)]);
    shown.has("Recovery codes");
    let recovery: Vec<String> =
        shown.between("<pre class=\"code\" tabindex=\"0\">", "</pre>").lines().map(str::to_string).collect();
    assert_eq!(recovery.len(), 10);
    // Sent once more, the form shows no other codes.
    ann.submit(&page, "/security/second/confirm", &[("code", &code)]).has("shown once").lacks("<pre");
    // The password alone leads no further than to the code; the code that was used is not right again.
    let mut other = Browser::new(&served);
    let page = other.sign_in("ann@example.com", PASSWORD);
    page.has("Enter your code");
    other.get("/").has("Sign in to Cloudtill");
    let page = other.get("/sign-in/code");
    let before = other.cookies["till_session"].clone();
    assert_eq!(other.submit(&page, "/sign-in/code", &[("code", &code)]).status, 422);
    other.submit(&page, "/sign-in/code", &[("code", &recovery[0])]).has("Overview");
    assert_ne!(other.cookies["till_session"], before);
    let mut third = Browser::new(&served);
    let page = third.sign_in("ann@example.com", PASSWORD);
    assert_eq!(third.submit(&page, "/sign-in/code", &[("code", &recovery[0])]).status, 422);
    // It is ended with a code, and kept sealed until then.
    let kept = std::fs::read(served.folder.0.join("data/till.db")).unwrap();
    assert!(!kept.windows(secret.len()).any(|it| it == secret.as_bytes()), "the secret lies open");
    let page = ann.get("/security");
    ann.submit(&page, "/security/second/end", &[("code", &recovery[1])]).has("No code is asked for any more");
    Browser::new(&served).sign_in("ann@example.com", PASSWORD).has("Overview");
}

#[test]
fn pages_come_in_the_language_that_is_asked_for() {
    let served = served();
    let mut browser = Browser { language: "zh-CN,zh;q=0.9,en;q=0.5", ..Browser::new(&served) };
    browser.get("/sign-in").has("<html lang=\"zh-CN\">").has("登录 Cloudtill");
    let page = browser.sign_in("nobody@example.com", PASSWORD);
    page.has("邮箱或密码不正确");
    browser.get("/language/en?to=%2Fsign-in").has("<html lang=\"en\">").has("Sign in to Cloudtill");
    browser.get("/sign-in").has("Sign in to Cloudtill");
}

#[test]
fn a_role_that_was_raised_in_the_database_is_found() {
    let served = served();
    signed_in(&served, "rea@example.com", "read_only", Some("shop"));
    assert!(till(&served, &["verify"]).status.success());
    let file = served.folder.0.join("data/till.db");
    let database = rusqlite::Connection::open(file).unwrap();
    database.execute("update users set role = 'owner' where mail = 'rea@example.com'", []).unwrap();
    let output = till(&served, &["verify"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!output.status.success() && text.contains("rea@example.com as owner"), "{text}");
}

#[test]
fn programs_still_get_problems() {
    let served = served();
    let answer = served.get(&served.operator, "/nowhere");
    assert_eq!(answer.json()["code"], json!("not_found"));
    let page = Browser::new(&served).call("GET", "/nowhere", &[], "");
    assert_eq!(page.status, 404);
    page.has("There is nothing at this address").has("/nowhere");
}

/// All of them find nothing under their token when they begin; one writes, and the others are led where it was.
#[test]
fn a_form_that_is_sent_many_times_at_once_is_done_once_and_none_is_refused() {
    let server = store::testing::postgres();
    for database in [None, Some(server.fresh_database())] {
        let mut arguments = vec!["--rate-limit", "0"];
        arguments.extend(database.iter().flat_map(|it| ["--database-url", it.as_str()]));
        let served = Served::start(&arguments);
        accept(&served, &served.first_link, PASSWORD);
        let mut first = Browser::new(&served);
        first.sign_in("operator@localhost", PASSWORD);
        for round in 0..5 {
            let page = first.get("/members");
            let mail = format!("bob{round}@example.com");
            let filled = [("name", "Bob"), ("mail", mail.as_str()), ("role", "support")];
            let statuses: Vec<u16> = std::thread::scope(|scope| {
                let (page, filled, first) = (&page, &filled, &first);
                let sent =
                    (0..8).map(|_| scope.spawn(move || first.clone().send(page, "/members", filled).status));
                let sent: Vec<_> = sent.collect();
                sent.into_iter().map(|it| it.join().unwrap()).collect()
            });
            // The link is shown once, on the page of the one that was done.
            assert_eq!(statuses.iter().filter(|it| **it == 200).count(), 1, "{database:?} {statuses:?}");
            assert_eq!(statuses.iter().filter(|it| **it == 303).count(), 7, "{database:?} {statuses:?}");
            assert_eq!(first.get("/members").text().matches(&mail).count(), 1);
        }
    }
}
