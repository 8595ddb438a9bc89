//! Every page that says that something is not as it was asked for has the navigation around it for whoever is signed in.
//!
//! In:  a real server, every address that the console answers, with what cannot be. Out: no page without a way on.

use crate::support::browser::{Browser, Page};
use crate::support::people::{bought_server, shop, signed_in};
use crate::support::routes::of_console;
use std::collections::BTreeSet;

/// Pages for those who did not sign in, parts of other pages, and files.
const OTHERS: [&str; 7] =
    ["/sign-in", "/invitation", "/mail/leave", "/language", "/console.", "/cards.js", "/docs"];

/// What stands in no list: a word, a month, a number, a time, a place.
const WRONG: &str = "months=13&state=nothing&result=nothing&kind=nothing&month=x&product=nothing&project=nothing&from=x&to=x\
    &after=nothing&basis=nothing&by=nothing&resource=nothing&pack=nothing&mark=nothing&of=nothing&reason=nothing&quantity=x";

/// The addresses of the console's pages.
fn routes() -> BTreeSet<String> {
    let all = of_console().into_iter().map(|it| it.path);
    let found: BTreeSet<String> =
        all.filter(|it| OTHERS.iter().all(|other| !it.starts_with(other))).collect();
    assert!(found.len() > 80, "{found:?}");
    found
}

/// The same with something in the place of each id.
fn filled(route: &str, id: &str) -> String {
    let part = |it: &str| if it.starts_with('{') { id.to_string() } else { it.to_string() };
    route.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[track_caller]
fn is_framed(page: &Page) {
    let text = page.text();
    assert!(text.starts_with("<!DOCTYPE html>"), "{} ({}) is no page: {text}", page.path, page.status);
    assert!(text.contains("id=\"nav\""), "{} ({}) has no navigation: {text}", page.path, page.status);
}

/// Asks for every page with what cannot be; how many of them said that something is wrong.
fn walked(browser: &mut Browser<'_>, id: &str) -> usize {
    let mut wrong = 0;
    for route in routes() {
        for address in [filled(&route, id), format!("{}?{WRONG}", filled(&route, id))] {
            let page = browser.call("GET", &address, &[], "");
            assert!(page.status < 500, "{address}: {} {}", page.status, page.text());
            if page.status >= 400 {
                is_framed(&page);
                wrong += 1;
            }
        }
    }
    wrong
}

#[test]
fn no_page_that_says_what_is_wrong_is_without_the_navigation() {
    let served = shop("1000.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let mut carl = signed_in(&served, "carl@example.com", "administrator", None);
    let web = bought_server(&mut ann, "web", "o.charge=payg");
    for id in ["nothing", "%ff", "res_00000000000000000000000000000000", web.as_str()] {
        let wrong = walked(&mut ann, id) + walked(&mut carl, id);
        assert!(wrong > 30, "{id}: {wrong}");
    }
    is_framed(&ann.get(&format!("/resources/{web}/convert?months=13")));
    is_framed(ann.get("/nowhere").has("/nowhere"));
    is_framed(ann.get("/resources/%ff").lacks("Invalid URL"));
    let foreign =
        ann.call("POST", "/projects", &["content-type: application/x-www-form-urlencoded"], "name=x");
    assert_eq!(foreign.status, 403);
    is_framed(&foreign);

    // Another account's: nothing of it is told. In Chinese, too.
    served.customer("studio", "1.00");
    let mut stu = signed_in(&served, "stu@example.com", "owner", Some("studio"));
    stu.language = "zh";
    let page = stu.get(&format!("/resources/{web}"));
    assert_eq!(page.status, 404);
    is_framed(page.has("studio").lacks(">web<"));
    // Whoever is not signed in sees no navigation, and is led to the sign-in or told what is wrong.
    let mut nobody = Browser::new(&served);
    nobody.get("/nowhere").has("/nowhere").lacks("id=\"nav\"");
}
