//! The same page in two tabs: what was done in one is not done again in the other, and Back leads to what was done.
//!
//! In:  a real server and browsers without a screen. Out: one order, whoever asks twice; refusals that take no money.
//! Source: R-ORD-7, R-REN-1, R-CHG-1, R-CNV-1, R-CNV-2, R-REF-1.

use crate::support::browser::{Browser, Page};
use crate::support::people::{bought, bought_server, shop, signed_in};
use crate::support::served::{Customer, Served};

/// A month of this server is 51.00.
#[test]
fn a_renewal_is_made_from_the_deadline_that_was_shown_and_once() {
    let served = shop("1000.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let web = bought_server(&mut ann, "web", "o.charge=prepaid&months=1");
    let address = format!("/renew/review?mark={web}&months=1");
    let (first, second) = (ann.get(&address), ann.get(&address));
    assert_ne!(first.path, second.path, "each review has a renewal of its own");
    let shown = |page: &Page| page.between("name=\"deadline\" value=\"", "\"");
    assert_eq!(shown(&first), shown(&second));
    let ordered = ann.submit(&first, "/renew/review", &[]);
    assert!(ordered.path.starts_with("/orders/"), "{}", ordered.path);
    ann.get("/").has("898.00");

    // The other tab shows a month that is paid by now: the next one is shown, and not bought.
    let refused = ann.send(&second, "/renew/review", &[]);
    assert_eq!(refused.status, 409);
    refused.has("The deadline changed while you were choosing").has("It is paid until").has("Pay 51.00 CNY");
    refused.lacks("The price changed");
    assert_ne!(shown(&refused), shown(&second));
    ann.get("/").has("898.00");

    // Back, and the first form once more.
    let back = ann.get(&first.path);
    back.has("This was ordered already").has(&ordered.path).has("Renew it once more");
    back.lacks("name=\"quoted\"").lacks("Pay 51.00");
    assert_eq!(ann.submit(&first, "/renew/review", &[]).path, ordered.path);
    ann.get("/").has("898.00");
    ann.language = "zh";
    ann.get(&first.path).has("该订单已提交").has("再续一次");
    let refused = ann.send(&second, "/renew/review", &[]);
    refused.has("您选择期间到期时间有变动").has("现已付费至");
    ann.language = "en";

    // What is shown now may be bought: by who says so.
    let again = ann.submit(&refused, "/renew/review", &[]);
    assert_ne!(again.path, ordered.path);
    ann.get("/").has("847.00");
}

/// A form, what it says of a price, and what is sent with it.
struct Deed<'a> {
    page: String,
    action: String,
    price: Option<&'a str>,
    sent: Vec<(&'a str, &'a str)>,
}

/// Sends the form of a page in one tab and then in another that showed the same.
#[track_caller]
fn done_once(ann: &mut Browser<'_>, (served, shop): (&Served, &Customer), deed: &Deed<'_>) {
    let all = |it: &Page| {
        let price = deed.price.map(|name| (name, it.between(&format!("name=\"{name}\" value=\""), "\"")));
        let mut sent: Vec<(String, String)> =
            deed.sent.iter().map(|it| (it.0.to_string(), it.1.to_string())).collect();
        sent.extend(price.map(|(name, value)| (name.to_string(), value)));
        sent
    };
    let (first, second) = (ann.get(&deed.page), ann.get(&deed.page));
    let sent = all(&first);
    let sent: Vec<(&str, &str)> = sent.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let done = ann.send(&first, &deed.action, &sent);
    assert_eq!(done.status, 303, "{}: {}", deed.page, done.text());
    let held = || served.get(&shop.key, "/v1/wallet").good();
    let after = held();
    let refused = ann.send(&second, &deed.action, &sent);
    assert!((400..500).contains(&refused.status), "{}: {}", deed.page, refused.status);
    let back = ann.get(&deed.page);
    if let Some(name) = deed.price {
        back.lacks(&format!("name=\"{name}\""));
    }
    assert_eq!(held(), after, "{}", deed.page);
}

#[test]
fn what_one_tab_did_another_does_not_do_again() {
    let served = Served::start(&["--rate-limit", "0", "--cloud-delay-seconds", "0"]);
    let shop = served.customer("shop", "9000.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let web = bought_server(&mut ann, "web", "o.charge=prepaid&months=1");
    let job = bought_server(&mut ann, "job", "o.charge=prepaid&months=1");
    let disk = bought(&mut ann, "disk", "o.charge=prepaid&o.type=premium&o.size=100&months=1&name=logs");
    let resize = format!("/resources/{web}/resize");
    let (by_use, convert) = (format!("/resources/{disk}/by-use"), format!("/resources/{disk}/convert"));
    let deeds = [
        Deed {
            page: format!("{resize}?o.type=S2.MEDIUM4"),
            action: resize,
            price: Some("quoted"),
            sent: vec![("o.type", "S2.MEDIUM4")],
        },
        Deed { page: by_use.clone(), action: by_use, price: Some("least"), sent: vec![] },
        Deed {
            page: format!("{convert}?months=1"),
            action: convert,
            price: Some("quoted"),
            sent: vec![("months", "1")],
        },
        Deed {
            page: format!("/refund?resource={job}"),
            action: "/refund".to_string(),
            price: Some("least"),
            sent: vec![],
        },
    ];
    for deed in &deeds {
        done_once(&mut ann, (&served, &shop), deed);
    }
}
