//! What pages say is so: what is over is not told as if it went on, what is off is not priced, what is missing has a remedy,
//! and what was done is not done again.
//!
//! In:  real servers and browsers without a screen. Out: pages, before and after.

use crate::support::browser::Browser;
use crate::support::people::{PASSWORD, shop, signed_in};
use crate::support::served::{Served, eventually};
use serde_json::json;

const NOW: &str = "2026-06-01T00:00:00Z";

fn owner(served: &Served) -> Browser<'_> {
    signed_in(served, "ann@example.com", "owner", Some("shop"))
}

/// The part of an address that tells a purchase from the next, as the purchase page gives it.
fn purchase(browser: &mut Browser<'_>, product: &str) -> String {
    browser.get(&format!("/buy/{product}")).between("name=\"purchase\" value=\"", "\"")
}

/// An account falls into arrears, is told so, and pays: the overview says it while it is so, and the list says when it was.
#[test]
fn a_state_that_is_over_is_not_told_as_if_it_went_on() {
    let served = Served::start(&["--rate-limit", "0", "--cloud-delay-seconds", "0", "--test-clock", NOW]);
    let shop = served.customer("shop", "1.00");
    let server = json!({ "product": "server", "name": "web",
        "options": { "charge": "payg", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" } });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [server] })).good();
    let mut ann = owner(&served);
    // 0.42 an hour out of 1.00, a part of which is held: money for less than three hours.
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-01T00:10:00Z" })).good();
    eventually("delivery", || ann.get("/resources").text().contains("Running").then_some(()));
    let page = ann.get("/");
    page.has("What comes next").has("Money runs out").has("less than a day").has("/top-up");
    let web = ann.get("/resources").between("name=\"mark\" value=\"", "\"");
    let (own, all) = (format!("/resources/{web}"), format!("/resources/act?do=release&mark={web}"));
    ann.get(&own).has("It stays in the bin for 2 hours");
    ann.get(&all).has("after their time in the bin");
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-01T08:00:00Z" })).good();
    eventually("arrears", || ann.get("/").text().contains("in arrears since").then_some(()));
    ann.get("/").has("the account fell into arrears");
    ann.get("/notices").has("aria-label=\"Top up: In arrears\"");
    // In arrears what is released is gone at once. Source: R-TIM-3, section 7.
    let page = ann.get(&own);
    page.has("href=\"#release\"").has("There is no bin while the account is in arrears");
    page.lacks("stays in the bin").lacks("Stopped, its disks and addresses are charged on");
    ann.get(&all).has("are gone at once").lacks("time in the bin");
    served
        .post(
            &served.operator,
            &format!("/v1/accounts/{}/top-ups", shop.account),
            &json!({ "reference": "t2", "amount": "100.00" }),
        )
        .good();
    ann.get("/").has("Owed").lacks("fell into arrears").lacks("in arrears since");
    eventually("resumed", || ann.get(&own).text().contains("It stays in the bin for 2 hours").then_some(()));
    // What was paid asks for no top-up.
    ann.get("/notices").has("the account fell into arrears").lacks("aria-label=\"Top up: In arrears\"");
}

/// Source: R-DDS-9.
#[test]
fn what_is_off_is_not_charged_later() {
    let served = shop("100000.00");
    let mut ann = owner(&served);
    let query = |elastic: &str| {
        format!("o.region=guangzhou&o.line=bgp&o.base=20&o.elastic={elastic}&o.forwarding=none&months=1")
    };
    for path in ["/buy/high-defence-ip", "/buy/high-defence-ip/review"] {
        ann.get(&format!("{path}?{}", query("0"))).has("To pay").lacks("Charged later");
        ann.get(&format!("{path}?{}", query("50"))).has("Charged later");
    }
}

#[test]
fn what_is_missing_says_how_much_and_where_money_is_brought_in() {
    let served = shop("10.00");
    let mut ann = owner(&served);
    let query = "o.charge=prepaid&o.type=S2.SMALL1&o.network=none&months=1";
    ann.get(&format!("/buy/server?{query}")).has("are missing").has("href=\"/top-up?sum=");
    let page = ann.get(&format!("/buy/server/review?{query}"));
    page.has("are missing").has("href=\"/top-up?sum=").has("Order it, pay within 24 hours");
    // At the lower edge of a narrow screen stands what can be pressed, and nothing else.
    let reach = page.between("<div class=\"paybar\">", "</form>");
    assert!(reach.contains("Order it, pay within 24 hours") && !reach.contains("disabled"), "{reach}");
    ann.get("/top-up?sum=8.00").has("By bank transfer, write RF").has("8.00");
    // Ordered and not paid: the order waits, and its page says the same.
    let unpaid = ann.submit(&page, "/buy/server/review", &[("by", "card")]);
    unpaid.has("are missing").has("disabled").has("href=\"/top-up?sum=");
    // No card pays here: the page asks for none.
    assert!(unpaid.path.ends_with("/pay"), "{}", unpaid.path);
}

#[test]
fn the_review_of_a_purchase_that_was_made_leads_to_its_order() {
    let served = shop("1000.00");
    let mut ann = owner(&served);
    let query = "o.charge=payg&o.type=S2.SMALL1&o.network=none&name=web";
    let address = format!("/buy/server/review?{query}&purchase={}", purchase(&mut ann, "server"));
    let page = ann.get(&address);
    let ordered = ann.submit(&page, "/buy/server/review", &[]);
    assert!(ordered.path.starts_with("/orders/"), "{}", ordered.path);
    // Back, and once more from there.
    ann.get(&address).has("This was ordered already").has(&ordered.path).lacks("name=\"quoted\"");
    assert_eq!(ann.submit(&page, "/buy/server/review", &[]).path, ordered.path);
    let again = ann.get(&format!("/buy/server/review?{query}"));
    let second = ann.submit(&again, "/buy/server/review", &[]);
    assert_ne!(second.path, ordered.path);
    // The browser's history holds the address that it was led to, with its purchase: no fresh form.
    assert!(again.path.contains("&purchase="), "{}", again.path);
    ann.get(&again.path).has("This was ordered already").has(&second.path).lacks("name=\"quoted\"");
    assert_ne!(
        ann.get(&format!("/buy/server/review?{query}")).path,
        again.path,
        "another visit, another purchase"
    );
}

/// Every form that does something, or is looked at before, is answered with another page: Back leads to no form that is sent again.
#[test]
fn what_was_sent_is_answered_with_another_page() {
    let served = shop("10.00");
    let mut theo = signed_in(&served, "theo@example.com", "operator_finance", None);
    let account = theo.get("/operator/customers?q=ann@example.com").text();
    assert!(account.contains("No customer fits"), "{account}");
    let listed = theo.get("/operator/customers?q=shop");
    let place = format!("/operator/customers/acc{}", listed.between("href=\"/operator/customers/acc", "\""));
    let page = theo.get(&format!("{place}/top-up"));
    let typed = [("amount", "90.00"), ("reference", "t1"), ("purse", "cash")];
    let looked = theo.send(&page, &format!("{place}/top-up/review"), &typed);
    assert_eq!(looked.status, 303);
    let to = looked.answer.header("location").unwrap().to_string();
    let looked = theo.get(&to);
    looked.has("Put 90.00 CNY into the balance of shop");
    assert_eq!(theo.send(&looked, &format!("{place}/top-ups"), &[]).status, 303);
    // The page before, seen again, says that it was done.
    theo.get(&to).has("was written down before").lacks("Put 90.00");
    theo.get(&place).has("t1");
}

#[test]
fn a_customer_is_found_by_id_and_by_the_address_of_somebody_of_theirs() {
    let served = shop("10.00");
    served.customer("rival", "10.00");
    owner(&served);
    let mut sue = signed_in(&served, "sue@example.com", "support", None);
    let page = sue.get("/operator/customers?q=Ann@example.com");
    page.has(">shop<").lacks(">rival<");
    let id = format!("acc{}", page.between("href=\"/operator/customers/acc", "\""));
    sue.get(&format!("/operator/customers?q={id}")).has(">shop<").lacks(">rival<");
}

#[test]
fn a_session_that_ended_and_a_page_of_another_account_say_so() {
    let served = shop("10.00");
    served.customer("studio", "10.00");
    let mut ann = owner(&served);
    let page = ann.get("/projects");
    let before = ann.cookies.clone();
    let own = ann.get("/members");
    ann.submit(&own, "/sign-out", &[]);
    // Another tab still shows the session that ended, and an address that holds what was chosen.
    ann.cookies = before;
    let asked = ann.get("/buy/server?o.type=S2.SMALL1&months=6");
    asked.has("Your session ended").has("o.type=S2.SMALL1").lacks("not saved");
    let back = ann.submit(&asked, "/sign-in", &[("mail", "ann@example.com"), ("password", PASSWORD)]);
    assert!(back.path.contains("o.type=S2.SMALL1"), "{}", back.path);
    back.has("<h1>Cloud server</h1>");
    // The page of before is of another session, and says no more than that.
    assert_eq!(ann.send(&page, "/projects", &[("name", "x")]).status, 403);
    // Nobody is signed in any more: what a form of this browser held is kept through the sign-in.
    let own = ann.get("/projects");
    ann.cookies.retain(|name, _| !name.contains("session"));
    let referer = [format!("referer: {}", served.url("/projects"))];
    let form = own.form("/projects", &[("name", "x")]);
    let kept = ann.call("POST", "/projects", &[referer[0].as_str()], &form);
    assert_eq!(kept.status, 401, "{}", kept.text());
    kept.has("name=\"kept.name\" value=\"x\"").lacks("not saved");
    // A browser that shows nothing of it is no more known: what the form held is not saved, and that is said.
    ann.cookies.clear();
    let sent = ann.call("POST", "/projects", &[referer[0].as_str()], &form);
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert!(sent.answer.header("location").unwrap().contains("over=form"), "{:?}", sent.answer.headers);
    ann.get("/sign-in?to=%2Fprojects&over=form").has("What you filled in was not saved");
    // Somebody else signs in in the same browser: the page of before was made for another account.
    let link = crate::support::people::invited(&served, "stu@example.com", "owner", Some("studio"));
    crate::support::people::accept(&served, &link, PASSWORD);
    ann.sign_in("stu@example.com", PASSWORD);
    let refused = ann.send(&page, "/projects", &[("name", "x")]);
    assert_eq!(refused.status, 403);
    refused.has("opened for another account");
}

/// A session that ended while somebody filled in a form: what was typed comes back, and is sent by who is signed in alone.
#[test]
fn what_was_filled_in_when_a_session_ended_comes_back_and_is_sent_once() {
    let served = shop("10.00");
    let mut ann = owner(&served);
    let page = ann.get("/projects");
    let ended = |ann: &mut Browser<'_>| {
        let before = ann.cookies.clone();
        let own = ann.get("/members");
        ann.submit(&own, "/sign-out", &[]);
        ann.cookies = before;
    };
    ended(&mut ann);
    let typed = "Kept \" & <b>";
    let asked = ann.send(&page, "/projects", &[("name", typed)]);
    assert_eq!(asked.status, 401, "{}", asked.text());
    asked.has("What you filled in is kept").has("name=\"kept.name\"").lacks("<b>\"").lacks("was not saved");
    // A wrong password loses nothing of it.
    let wrong = ann.send(&asked, "/sign-in", &[("mail", "ann@example.com"), ("password", "not this one")]);
    wrong.has("name=\"kept.name\"").has("Kept &quot; &amp; &lt;b&gt;");
    let back = ann.send(&wrong, "/sign-in", &[("mail", "ann@example.com"), ("password", PASSWORD)]);
    assert_eq!(back.status, 200, "{}", back.text());
    back.has("Your form was kept").has("Back to the form").has("action=\"/projects\"");
    back.has("<dt>Name</dt>").lacks("<code>name</code>");
    assert!(!back.text().contains(PASSWORD) && !back.text().contains("not this one"));
    // Nothing is done yet: the form comes back filled in, and then it is sent.
    let filled = ann.send(&back, "/projects", &[("look", "yes")]);
    assert_eq!(filled.status, 400, "{}", filled.text());
    filled.has("You were signed out before this was sent").has("value=\"Kept &quot; &amp; &lt;b&gt;\"");
    ann.get("/projects").lacks("Kept &quot;");
    ann.submit(&filled, "/projects", &[("name", typed)]).has("Kept &quot; &amp; &lt;b&gt;");

    // What another site or browser sends is not kept, nor what is too long, nor a password.
    let page = ann.get("/projects");
    let secret = ann.get("/security");
    ended(&mut ann);
    let mut other = Browser::new(&served);
    let foreign = other.send(&page, "/projects", &[("name", "foreign")]);
    assert_eq!(foreign.status, 303);
    let forged = page
        .form("/projects", &[("name", "forged")])
        .replace("form=", "form=0")
        .replace("browser=", "browser=0");
    let forged = ann.call("POST", "/projects", &["content-type: application/x-www-form-urlencoded"], &forged);
    assert_eq!(forged.status, 303, "{}", forged.text());
    let long = "x".repeat(17 * 1024);
    assert_eq!(ann.send(&page, "/projects", &[("name", long.as_str())]).status, 303);
    let typed = [("password", PASSWORD), ("new_password", "another long secret")];
    let hidden = ann.send(&secret, "/security/password", &typed);
    assert_eq!(hidden.status, 303, "nothing of it is kept: {}", hidden.text());
    // Where it goes is a page of this site.
    let asked = ann.send(&page, "/projects", &[("name", "else")]);
    let form = asked.form("/sign-in", &[("mail", "ann@example.com"), ("password", PASSWORD)]);
    let form = form.replace("sent%2Dto=%2Fprojects", "sent%2Dto=%2F%2Fevil%2Eexample%2F");
    let typed = ["content-type: application/x-www-form-urlencoded"];
    let back = ann.call("POST", "/sign-in", &typed, &form);
    back.has("action=\"/\"").lacks("evil.example\"");
}

/// Somebody else who signs in at a form that was kept gets nothing of it, in the same house as in another one, and nothing of it is
/// done in that name; whoever filled it in still gets it back.
#[test]
fn what_somebody_filled_in_is_for_nobody_else_who_signs_in_at_its_form() {
    const TYPED: &str = "ann's own plan";
    let served = shop("10.00");
    served.customer("studio", "10.00");
    let mut ann = owner(&served);
    for (mail, account) in [("bob@example.com", "shop"), ("stu@example.com", "studio")] {
        signed_in(&served, mail, "owner", Some(account));
    }
    let mut sue = signed_in(&served, "sue@example.com", "owner", Some("shop"));
    let page = sue.get("/security");
    let page = sue.submit(&page, "/security/second", &[]);
    let code = crate::support::code::now(&page.between("<code>", "</code>"));
    sue.submit(&page, "/security/second/confirm", &[("code", &code)]).has("Recovery codes");

    let (before, page, own) = (ann.cookies.clone(), ann.get("/projects"), ann.get("/members"));
    ann.submit(&own, "/sign-out", &[]);
    ann.cookies = before;
    let asked = ann.send(&page, "/projects", &[("name", TYPED)]);
    assert_eq!(asked.status, 401, "{}", asked.text());
    asked.has("name=\"kept.name\"");
    // The same browser, other people; one of them is asked for a code first.
    let people =
        [("bob@example.com", "/"), ("stu@example.com", "/"), ("sue@example.com", "/sign-in/code?to=%2F")];
    for (mail, place) in people {
        let mut other = ann.clone();
        let entered = other.send(&asked, "/sign-in", &[("mail", mail), ("password", PASSWORD)]);
        assert_eq!((entered.status, entered.answer.header("location")), (303, Some(place)), "{mail}");
        for page in [entered, other.get(place)] {
            page.lacks("own plan").lacks("kept.name").lacks("Your form was kept");
        }
        // The page on which it was filled in is still open in another tab.
        let refused = other.send(&page, "/projects", &[("name", TYPED)]);
        assert!([303, 401, 403].contains(&refused.status), "{mail}: {}", refused.status);
        if refused.status == 403 {
            refused.lacks("own plan");
        }
        other.get("/projects").lacks("own plan");
    }
    let back = ann.send(&asked, "/sign-in", &[("mail", "ann@example.com"), ("password", PASSWORD)]);
    back.has("Your form was kept").has("own plan");
    ann.get("/projects").lacks("own plan");
    ann.submit(&back, "/projects", &[]).has("own plan");
}
