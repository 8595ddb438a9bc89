//! Refunds on the website: the sum and how it comes about first, then the refund, done once; lists of a customer and of the operator.
//!
//! In:  a real server and browsers without a screen. Out: what goes back once, or refusals that change nothing.
//! Source: R-REF-1, R-REF-2, R-REF-5.

use crate::support::people::{bought_server, shop, signed_in};

#[test]
fn a_refund_is_explained_and_made_once() {
    let served = shop("1000.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let web = bought_server(&mut ann, "web", "o.charge=prepaid&months=12");
    ann.get(&format!("/resources/{web}")).has(&format!("/refund?resource={web}"));
    let page = ann.get(&format!("/refund?resource={web}"));
    page.has("All that was paid goes back").has("507.96").has("Refund now");
    let refused = ann.send(&page, "/refund", &[("least", "50797")]);
    assert_eq!(refused.status, 409);
    let first = ann.send(&page, "/refund", &[]);
    let again = ann.send(&page, "/refund", &[]);
    let to = first.answer.header("location").unwrap().to_string();
    assert_eq!(Some(to.as_str()), again.answer.header("location"));
    ann.get(&to).has("Went back").has("507.96").has("To the balance");
    ann.get("/refunds").has("web").has("507.96");
    ann.get("/").has("1,000.00").lacks("492.04");
    ann.get(&format!("/resources/{web}"))
        .has("Refunded, into the bin")
        .lacks("/refund?resource=")
        .lacks("Take out of the bin");
    ann.get(&format!("/refund?resource={web}")).has("It was refunded before");
    let mut carl = signed_in(&served, "carl@example.com", "administrator", None);
    carl.get("/operator/refunds").has("507.96").has("shop");
}

#[test]
fn who_may_not_buy_gives_nothing_back_and_what_is_paid_by_use_is_not_refunded() {
    let served = shop("100.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let job = bought_server(&mut ann, "job", "o.charge=payg");
    ann.get(&format!("/resources/{job}")).lacks("/refund?resource=");
    ann.get(&format!("/refund?resource={job}")).has("It is not refunded").lacks("Refund now");
    ann.get("/refund").has("Refunds");
    for wrong in ["resource=dull", "pack="] {
        assert_eq!(ann.get(&format!("/refund?{wrong}")).status, 404, "{wrong}");
    }
    let mut reader = signed_in(&served, "rea@example.com", "read_only", Some("shop"));
    assert_eq!(reader.get(&format!("/refund?resource={job}")).status, 403);
}
