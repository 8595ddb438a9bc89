//! Paying by use on the website for what is prepaid: what goes back and what it costs then first, then the change, made once.
//!
//! In:  a real server and browsers without a screen. Out: what is paid by use then, or refusals that change nothing.
//! Source: R-CNV-2.

use crate::support::people::{bought, bought_server, shop, signed_in};

#[test]
fn what_is_prepaid_is_paid_by_use_for_what_the_page_showed() {
    let served = shop("200.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let disk = bought(&mut ann, "disk", "o.charge=prepaid&o.type=premium&o.size=100&months=1&name=logs");
    let path = format!("/resources/{disk}/by-use");
    ann.get(&format!("/resources/{disk}")).has(&path).has("Change to pay-as-you-go");
    let page = ann.get(&path);
    page.has("35.00")
        .has("0.27 CNY of the balance are held for its use")
        .has("A day costs 2.16 CNY as it is");
    ann.language = "zh";
    ann.get(&path).has("转按量计费").has("价格从第一档起算");
    ann.language = "en";
    let refused = ann.send(&page, &path, &[("least", "3501")]);
    assert_eq!(refused.status, 409);
    let filled = [("least", "3400")];
    let first = ann.send(&page, &path, &filled);
    let again = ann.send(&page, &path, &filled);
    let to = first.answer.header("location").unwrap().to_string();
    assert_eq!(Some(to.as_str()), again.answer.header("location"));
    ann.get(&to).has("it goes on as pay-as-you-go");
    ann.get(&format!("/resources/{disk}")).lacks(&path).has(&format!("/resources/{disk}/convert"));
    ann.get(&path).has("It stays as it is paid").has("is paid by use already");
    let mut reader = signed_in(&served, "rea@example.com", "read_only", Some("shop"));
    assert_eq!(reader.get(&path).status, 403);
}

#[test]
fn what_its_product_leaves_prepaid_has_no_such_way() {
    let served = shop("100.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let web = bought_server(&mut ann, "web", "o.charge=prepaid&months=1");
    let path = format!("/resources/{web}/by-use");
    ann.get(&format!("/resources/{web}")).lacks(&path);
    ann.get(&path).has("It stays as it is paid").has("stays prepaid to its deadline").lacks("Change it now");
}
