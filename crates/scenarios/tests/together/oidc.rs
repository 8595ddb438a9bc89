//! Who gets into the console by an OpenID provider, and who does not.
//!
//! In:  real servers, a provider on this machine, browsers without a screen. Out: pages, or refusals that change nothing.

use crate::support::browser::{Browser, Page, encoded};
use crate::support::people::{PASSWORD, accept, invited, signed_in, till, till_json};
use crate::support::provider::{CONSOLE, Provider};
use crate::support::served::{Served, eventually};
use serde_json::json;

const REFUSED: &str = "You are not signed in";

/// A server that is registered at a provider and knows of it.
fn served(provider: &Provider, more: &[&str]) -> Served {
    let arguments = provider.arguments();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
    let served = Served::start(&arguments);
    served.customer("shop", "100.00");
    is_offered(&served);
    served
}

fn is_offered(served: &Served) {
    eventually("the way to the provider", || {
        let page = Browser::new(served).get("/sign-in");
        page.text().contains("href=\"/sign-in/oidc?").then_some(())
    });
}

/// Leaves for the provider, and gives where the browser is sent.
#[track_caller]
fn leaves(browser: &mut Browser<'_>, to: &str) -> String {
    let left = browser.call("GET", &format!("/sign-in/oidc?to={}", encoded(to)), &[], "");
    assert_eq!(left.status, 303, "{}", left.text());
    left.answer.header("location").unwrap().to_string()
}

/// Signs in by the provider as a subject of it.
#[track_caller]
fn comes_as(browser: &mut Browser<'_>, provider: &Provider, subject: &str) -> Page {
    let departure = leaves(browser, "/");
    browser.get(&provider.agrees(&departure, subject))
}

fn parameter(address: &str, name: &str) -> String {
    let found = address.split(['?', '&']).find_map(|it| it.strip_prefix(&format!("{name}=")));
    found.unwrap_or_else(|| panic!("{address} lacks {name}")).to_string()
}

#[test]
fn somebody_who_was_invited_comes_in_and_the_invitation_is_over() {
    let provider = Provider::start();
    let served = served(&provider, &[]);
    let link = invited(&served, "ann@example.com", "owner", Some("shop"));
    provider.knows("a1", "Ann@Example.com");
    let mut ann = Browser::new(&served);
    ann.get("/sign-in").has("Sign in with Company &lt;account&gt;").lacks("<account>");
    comes_as(&mut ann, &provider, "a1").has("Overview");
    assert_eq!(Browser::new(&served).get(&link).status, 409);
    ann.get("/members").has("ann@example.com").lacks("invited");
    ann.get("/security")
        .has("You have none: you sign in with Company")
        .has("this one")
        .lacks("password_before");
    // No password was set on the way.
    assert_eq!(Browser::new(&served).sign_in("ann@example.com", "").status, 401);
    let log = served.get(&served.operator, "/v1/accounts").good();
    let header = format!("till-account: {}", log["items"][0]["id"].as_str().unwrap());
    let log =
        served.call("GET", "/v1/account/audit-log", &served.operator, &[&header], b"").good().to_string();
    assert!(log.contains("signed in by OIDC") && log.contains("ann@example.com"), "{log}");
    assert!(served.log().contains("signed in by OIDC"), "{}", served.log());
    assert!(served.get("", "/metrics").text().contains("till_oidc_sign_ins_total{outcome=\"signed_in\"} 1"));
    assert!(till(&served, &["verify"]).status.success());
}

#[test]
fn who_has_a_password_comes_in_both_ways_and_goes_where_it_wanted() {
    let provider = Provider::start();
    let served = served(&provider, &[]);
    signed_in(&served, "ann@example.com", "owner", Some("shop"));
    signed_in(&served, "op@example.com", "support", None);
    provider.knows("a1", "ann@example.com");
    provider.knows("o1", "op@example.com");
    let mut ann = Browser::new(&served);
    let page = ann.get("/members");
    let way = page.between("href=\"/sign-in/oidc?", "\"");
    let left = ann.call("GET", &format!("/sign-in/oidc?{way}"), &[], "");
    let departure = left.answer.header("location").unwrap().to_string();
    ann.get(&provider.agrees(&departure, "a1")).has("<h1>Members</h1>");
    // Again, the same person; and with the password as before.
    comes_as(&mut Browser::new(&served), &provider, "a1").has("Overview");
    Browser::new(&served).sign_in("ann@example.com", PASSWORD).has("Overview");
    comes_as(&mut Browser::new(&served), &provider, "o1").has("<h1>Today</h1>");
    // Sessions are listed and ended as others are.
    let page = ann.get("/security");
    assert!(page.text().matches("/security/sessions").count() >= 2, "{}", page.text());
    ann.submit(&page, "/security/sessions", &[]).has("The session has ended");
}

#[test]
fn a_browser_leaves_with_what_binds_it_and_shows_another_session_afterwards() {
    let provider = Provider::start();
    let served = served(&provider, &[]);
    invited(&served, "ann@example.com", "owner", Some("shop"));
    provider.knows("a1", "ann@example.com");
    let planted = "0123456789abcdef".repeat(4);
    let mut ann = Browser::new(&served);
    ann.cookies.insert("__Host-till_session".into(), planted.clone());
    let left = ann.call("GET", "/sign-in/oidc?to=%2F", &[], "");
    let cookie = left.answer.header("set-cookie").unwrap();
    for word in ["__Host-till_trip=", "HttpOnly", "SameSite=Lax", "Secure"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    let departure = left.answer.header("location").unwrap().to_string();
    assert!(departure.starts_with(&format!("{}/oauth2/authorize?", provider.issuer())), "{departure}");
    assert_eq!(
        parameter(&departure, "redirect_uri"),
        encoded(&format!("{CONSOLE}/sign-in/oidc/return")).replace("%2E", ".").replace("%2D", "-")
    );
    assert_eq!(parameter(&departure, "code_challenge_method"), "S256");
    assert_eq!(parameter(&departure, "response_type"), "code");
    assert_eq!(parameter(&departure, "code_challenge").len(), 43);
    assert_eq!(parameter(&departure, "nonce").len(), 64);
    assert!(!departure.contains("secret"), "{departure}");
    // Each departure has its own.
    let other = leaves(&mut Browser::new(&served), "/");
    for name in ["state", "nonce", "code_challenge"] {
        assert_ne!(parameter(&departure, name), parameter(&other, name));
    }
    ann.get(&provider.agrees(&departure, "a1")).has("Overview");
    assert_ne!(ann.cookies["__Host-till_session"], planted);
    assert!(!ann.cookies.contains_key("__Host-till_trip"), "{:?}", ann.cookies);
    let mut other = Browser::new(&served);
    other.cookies.insert("__Host-till_session".into(), planted);
    other.get("/").has("Sign in to Cloudtill");
}

#[test]
fn a_return_of_another_browser_a_forged_one_and_a_second_one_are_nobodys() {
    let provider = Provider::start();
    let served = served(&provider, &[]);
    invited(&served, "ann@example.com", "owner", Some("shop"));
    provider.knows("a1", "ann@example.com");
    let refuses = |browser: &mut Browser<'_>, path: &str| {
        let page = browser.get(path);
        assert_eq!(page.status, 400, "{path}");
        page.has(REFUSED).has("begun in another browser");
        assert!(!browser.cookies.contains_key("__Host-till_session"), "{path}");
    };
    let mut ann = Browser::new(&served);
    let departure = leaves(&mut ann, "/");
    let back = provider.agrees(&departure, "a1");
    // Of a browser that never left, and of one that left itself: nobody is signed in as somebody else unawares.
    refuses(&mut Browser::new(&served), &back);
    let mut eve = Browser::new(&served);
    leaves(&mut eve, "/");
    refuses(&mut eve, &back);
    let state = parameter(&back, "state");
    for forged in [
        back.replace(&state, ""),
        back.replace(&state, &format!("{state}x")),
        back.replacen("state=1", "state=2", 1),
    ] {
        refuses(&mut ann, &forged);
    }
    refuses(&mut ann, "/sign-in/oidc/return");
    refuses(&mut ann, &format!("{back}&iss=https%3A%2F%2Fevil.example"));
    // That trip is over now; another one is good once.
    let departure = leaves(&mut ann, "/");
    let back = provider.agrees(&departure, "a1");
    ann.get(&back).has("Overview");
    let mut again = Browser { cookies: ann.cookies.clone(), ..Browser::new(&served) };
    again.cookies.remove("__Host-till_session");
    refuses(&mut again, &back);
}

#[test]
fn a_code_that_was_used_is_good_no_more_even_with_the_cookie_of_the_trip() {
    let provider = Provider::start();
    let served = served(&provider, &[]);
    invited(&served, "ann@example.com", "owner", Some("shop"));
    provider.knows("a1", "ann@example.com");
    let mut ann = Browser::new(&served);
    let departure = leaves(&mut ann, "/");
    let mut kept = ann.clone();
    let back = provider.agrees(&departure, "a1");
    ann.get(&back).has("Overview");
    assert_eq!(kept.get(&back).status, 400);
}

#[test]
fn what_the_provider_signed_for_somebody_else_or_another_time_is_not_believed() {
    let provider = Provider::start();
    let served = served(&provider, &[]);
    invited(&served, "ann@example.com", "owner", Some("shop"));
    for (name, value) in [
        ("nonce", json!("of another sign-in")),
        ("iss", json!("https://evil.example")),
        ("aud", json!(["another"])),
        ("aud", json!(["till", "another"])),
        ("exp", json!(1_700_000_000)),
        ("iat", json!(4_000_000_000_u64)),
        ("azp", json!("another")),
    ] {
        provider.says("a1", &json!({ "email": "ann@example.com", "email_verified": true, name: value }));
        let mut ann = Browser::new(&served);
        let page = comes_as(&mut ann, &provider, "a1");
        assert_eq!(page.status, 503, "{name}");
        page.has(REFUSED).has("does not answer as it should");
        assert!(!ann.cookies.contains_key("__Host-till_session"), "{name}");
    }
    assert!(served.log().contains("is about another sign-in"), "{}", served.log());
}

#[test]
fn a_mail_address_that_is_not_verified_lets_nobody_in() {
    let provider = Provider::start();
    let served = served(&provider, &[]);
    invited(&served, "ann@example.com", "owner", Some("shop"));
    for claims in [
        json!({ "email": "ann@example.com" }),
        json!({ "email": "ann@example.com", "email_verified": false }),
        json!({ "email": "ann@example.com", "email_verified": "true" }),
        json!({ "email": "no address", "email_verified": true }),
        json!({}),
    ] {
        provider.says("a1", &claims);
        let page = comes_as(&mut Browser::new(&served), &provider, "a1");
        assert_eq!(page.status, 403, "{claims}");
        page.has(REFUSED).has("does not say that your mail address is verified");
    }
}

#[test]
fn nobody_a_person_who_was_ended_and_another_person_look_alike() {
    let provider = Provider::start();
    let served = served(&provider, &["--oidc-operator-domains", "cloud.example"]);
    let refused = |subject: &str, mail: &str| {
        provider.knows(subject, mail);
        let mut browser = Browser::new(&served);
        let page = comes_as(&mut browser, &provider, subject);
        assert!(!browser.cookies.contains_key("__Host-till_session"), "{subject}");
        (page.status, page.between("<h1>", "</main>"))
    };
    let nobody = refused("n1", "nobody@example.com");
    assert_eq!(nobody.0, 403);
    assert!(nobody.1.contains("nobody with your mail address"), "{}", nobody.1);
    invited(&served, "ann@example.com", "owner", Some("shop"));
    provider.knows("a1", "ann@example.com");
    comes_as(&mut Browser::new(&served), &provider, "a1").has("Overview");
    // Somebody else got her address at the provider, or she got somebody else's.
    assert_eq!(refused("a2", "ann@example.com"), nobody);
    invited(&served, "bob@example.com", "buyer", Some("shop"));
    assert_eq!(refused("a1", "bob@example.com"), nobody);
    // The operator's people come in with the operator's addresses.
    invited(&served, "op@example.com", "administrator", None);
    assert_eq!(refused("o1", "op@example.com"), nobody);
    invited(&served, "op@cloud.example", "administrator", None);
    provider.knows("o2", "op@cloud.example");
    comes_as(&mut Browser::new(&served), &provider, "o2").has("<h1>Today</h1>");
    let id = id_of(&served, "bob@example.com");
    assert!(till(&served, &["user", "end", &id]).status.success());
    assert_eq!(refused("b1", "bob@example.com"), nobody);
    // Nothing was made on the way.
    let listed = till_json(&served, &["user", "list", "--account", "shop"]);
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
}

fn id_of(served: &Served, mail: &str) -> String {
    let listed = till_json(served, &["user", "list", "--account", "shop"]);
    let found = listed.as_array().unwrap().iter().find(|it| it["mail"] == mail);
    found.unwrap()["id"].as_str().unwrap().to_string()
}

#[test]
fn a_user_is_another_person_after_it_was_unbound_and_its_sessions_have_ended() {
    let provider = Provider::start();
    let served = served(&provider, &[]);
    invited(&served, "ann@example.com", "owner", Some("shop"));
    provider.knows("a1", "ann@example.com");
    let mut ann = Browser::new(&served);
    comes_as(&mut ann, &provider, "a1").has("Overview");
    let id = id_of(&served, "ann@example.com");
    assert!(till(&served, &["user", "unbind", &id]).status.success());
    ann.get("/").has("Sign in to Cloudtill");
    provider.knows("a2", "ann@example.com");
    comes_as(&mut Browser::new(&served), &provider, "a2").has("Overview");
    provider.knows("a1", "ann@example.com");
    assert_eq!(comes_as(&mut Browser::new(&served), &provider, "a1").status, 403);
    assert!(till(&served, &["verify"]).status.success());
    // Somebody who writes to the database and takes her place is found.
    let database = rusqlite::Connection::open(served.folder.0.join("data/till.db")).unwrap();
    database.execute("update users set oidc_subject = 'e1' where oidc_subject = 'a2'", []).unwrap();
    let output = till(&served, &["verify"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!output.status.success() && text.contains("e1 of http://127.0.0.1"), "{text}");
}

#[test]
fn a_code_is_asked_for_where_a_second_factor_is_set_up() {
    let provider = Provider::start();
    let served = served(&provider, &[]);
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let page = ann.get("/security");
    let page = ann.submit(&page, "/security/second", &[]);
    let secret = page.between("<code>", "</code>");
    let code = crate::support::code::now(&secret);
    let shown = ann.submit(&page, "/security/second/confirm", &[("code", &code)]);
    let recovery = shown.between("<pre class=\"code\" tabindex=\"0\">", "\n");
    // Whoever has her mail address at the provider by now, but no code, takes nothing of hers.
    provider.knows("e1", "ann@example.com");
    let mut eve = Browser::new(&served);
    comes_as(&mut eve, &provider, "e1").has("Enter your code");
    let page = eve.get("/sign-in/code");
    assert_eq!(eve.submit(&page, "/sign-in/code", &[("code", "000000")]).status, 422);
    let database = rusqlite::Connection::open(served.folder.0.join("data/till.db")).unwrap();
    let bound = || -> Option<String> {
        let of = "select oidc_subject from users where mail = 'ann@example.com'";
        database.query_row(of, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(bound(), None);
    provider.knows("a1", "ann@example.com");
    let mut browser = Browser::new(&served);
    let departure = leaves(&mut browser, "/members");
    browser.get(&provider.agrees(&departure, "a1")).has("Enter your code");
    assert_eq!(bound(), None, "a code was not given yet");
    let half = browser.cookies["__Host-till_session"].clone();
    browser.get("/members").has("Sign in to Cloudtill");
    let page = browser.get("/sign-in/code?to=%2Fmembers");
    browser.submit(&page, "/sign-in/code", &[("code", &recovery)]).has("<h1>Members</h1>");
    assert_ne!(browser.cookies["__Host-till_session"], half);
    assert_eq!(bound().as_deref(), Some("a1"));
    // From here on nobody else comes in as her, with a code or without.
    provider.knows("e1", "ann@example.com");
    assert_eq!(comes_as(&mut Browser::new(&served), &provider, "e1").status, 403);
    assert!(till(&served, &["verify"]).status.success());
}

#[test]
fn a_provider_that_says_no_or_does_not_answer_is_said_to() {
    let mut provider = Provider::start();
    let served = served(&provider, &[]);
    invited(&served, "ann@example.com", "owner", Some("shop"));
    let mut ann = Browser::new(&served);
    let departure = leaves(&mut ann, "/");
    let page = ann.get(&provider.denies(&departure));
    assert_eq!(page.status, 403);
    page.has(REFUSED).has("did not confirm who you are").lacks("resource owner");
    // What others write into an address is not shown.
    let page = ann.get("/sign-in/oidc/return?error=%3Cscript%3E&error_description=call+this+number");
    page.has(REFUSED).lacks("script>alert").lacks("call this number");
    // It goes away while somebody is there.
    provider.knows("a1", "ann@example.com");
    let departure = leaves(&mut ann, "/");
    let back = provider.agrees(&departure, "a1");
    provider.stop();
    let page = ann.get(&back);
    assert_eq!(page.status, 503);
    page.has("does not answer as it should");
    // It is tried again, and comes back with other keys, which are asked for.
    provider.go_on(&[]);
    provider.knows("a1", "ann@example.com");
    is_offered(&served);
    comes_as(&mut ann, &provider, "a1").has("Overview");
    provider.stop();
    provider.go_on(&[]);
    provider.knows("a1", "ann@example.com");
    comes_as(&mut Browser::new(&served), &provider, "a1").has("Overview");
}

#[test]
fn a_server_starts_without_its_provider_and_the_password_is_good() {
    let mut provider = Provider::start();
    provider.stop();
    let arguments = provider.arguments();
    let served = Served::start(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let mut browser = Browser::new(&served);
    browser.get("/sign-in").has("cannot be reached just now").lacks("href=\"/sign-in/oidc");
    let page = browser.get("/sign-in/oidc");
    assert_eq!(page.status, 503);
    browser.language = "zh";
    browser.get("/sign-in/oidc/refused/away").has("未能登录");
    accept(&served, &served.first_link, PASSWORD);
    Browser::new(&served).sign_in("operator@localhost", PASSWORD).has("Customers");
    eventually("the log says it", || served.log().contains("nobody can sign in by OIDC").then_some(()));
    assert!(served.get("", "/metrics").text().contains("till_oidc_up 0"));
    // A provider that calls itself otherwise is told apart from one that is away.
    provider.go_on(&[]);
    is_offered(&served);
    let port = provider.address.port();
    let other = format!("http://localhost:{port}/");
    let wrong: Vec<&str> =
        arguments.iter().map(|it| if it.starts_with("http://") { &other } else { it.as_str() }).collect();
    let served = Served::start(&wrong);
    eventually("the log says how it calls itself", || {
        served.log().contains(&format!("calls itself http://localhost:{port}: write it so")).then_some(())
    });
}

#[test]
fn without_a_provider_there_is_nothing_at_its_addresses() {
    let served = Served::start(&[]);
    let mut browser = Browser::new(&served);
    browser.get("/sign-in").lacks("/sign-in/oidc");
    for path in ["/sign-in/oidc", "/sign-in/oidc/return?code=a&state=b", "/sign-in/oidc/refused/nobody"] {
        assert_eq!(browser.get(path).status, 404, "{path}");
    }
}

#[test]
fn nobody_is_led_to_another_site() {
    let provider = Provider::start();
    let served = served(&provider, &[]);
    invited(&served, "ann@example.com", "owner", Some("shop"));
    provider.knows("a1", "ann@example.com");
    for to in ["//evil.example", "https://evil.example/", "/\\evil.example", "\t//evil.example"] {
        let mut ann = Browser::new(&served);
        let departure = leaves(&mut ann, to);
        let back = provider.agrees(&departure, "a1");
        let answer = ann.call("GET", &back, &[], "");
        assert_eq!((answer.status, answer.answer.header("location")), (303, Some("/")), "{to:?}");
    }
    let page = Browser::new(&served).get("/sign-in/oidc/refused/denied?to=%2F%2Fevil.example");
    page.lacks("evil.example\" class").has("href=\"/sign-in?to=%2F\"");
}

#[test]
fn returns_that_come_to_nothing_are_counted() {
    let provider = Provider::start();
    let served = served(&provider, &[]);
    // As after many more from here.
    let database = rusqlite::Connection::open(served.folder.0.join("data/till.db")).unwrap();
    provider.knows("n1", "nobody@example.com");
    assert_eq!(comes_as(&mut Browser::new(&served), &provider, "n1").status, 403);
    let many = "update sign_in_tries set failures = 99 where name like 'returns from %'";
    assert_eq!(database.execute(many, []).unwrap(), 1);
    let page = comes_as(&mut Browser::new(&served), &provider, "n1");
    assert_eq!(page.status, 429);
    page.has("Too many sign-ins from here");
}
