//! Paying ahead on the website for what is paid by use: what it costs and until when first, then the order, made once.
//!
//! In:  a real server and browsers without a screen. Out: what is prepaid then, or refusals that change nothing.
//! Source: R-CNV-1.

use crate::support::people::{bought_server, shop, signed_in};

#[test]
fn what_is_paid_by_use_becomes_prepaid_at_the_price_that_was_shown() {
    let served = shop("100.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let web = bought_server(&mut ann, "web", "o.charge=payg");
    let path = format!("/resources/{web}/convert");
    ann.get(&format!("/resources/{web}")).has(&path).has("Pay-as-you-go");
    let page = ann.get(&path);
    page.has("Pay ahead").has("51.00").has("0.42 CNY that are held for its use become free.");
    ann.get(&format!("{path}?months=12")).has("507.96").has("408.38 CNY are missing");
    let refused = ann.send(&page, &path, &[("months", "1"), ("quoted", "5000")]);
    assert_eq!(refused.status, 409);
    refused.has("The price changed while you were choosing.");
    let filled = [("months", "1"), ("quoted", "5100")];
    let first = ann.send(&page, &path, &filled);
    let again = ann.send(&page, &path, &filled);
    let to = first.answer.header("location").unwrap().to_string();
    assert_eq!(Some(to.as_str()), again.answer.header("location"));
    ann.get(&to).has("51.00").has("<b>Annual/monthly</b>");
    ann.get(&format!("/resources/{web}")).has("Renew").lacks(&path).lacks("Stop without charge");
    ann.get(&path).has("renew it to have it for longer").lacks("Pay 51.00");
    let mut reader = signed_in(&served, "rea@example.com", "read_only", Some("shop"));
    assert_eq!(reader.get(&path).status, 403);
}

#[test]
fn what_is_not_converted_says_why() {
    let served = shop("100.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let wide = bought_server(&mut ann, "wide", "o.charge=payg&o.network=bandwidth&o.bandwidth=2");
    ann.get(&format!("/resources/{wide}"))
        .lacks(&format!("/resources/{wide}/convert"))
        .has("it cannot be paid ahead; buy another that is annual/monthly.");
    ann.get(&format!("/resources/{wide}/convert")).has("it cannot be paid ahead").lacks("to-pay");
    ann.language = "zh";
    ann.get(&format!("/resources/{wide}/convert")).has("不支持转包年包月");
}
