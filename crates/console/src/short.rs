//! What is to be done where a balance does not suffice.
//!
//! In:  what is missing. Out: how much, and the way to where money is brought in.
//! Invariant: whoever is told that money is missing is told how to bring it in.

use crate::show;
use crate::signed::Signed;
use maud::{Markup, html};
use units::Money;

/// The page on which a customer brings money in.
pub(crate) const TOP_UP: &str = "/top-up";

/// Something that is to be known about money, with the way to bring more in.
pub(crate) fn banner(signed: &Signed, what: &str, why: &str) -> Markup {
    told(signed, what, why, TOP_UP)
}

/// The page on which money is brought in, with the sum that is missing.
pub(crate) fn top_up_of(missing: Money) -> String {
    format!("{TOP_UP}?sum={missing}")
}

/// Below an order, the page on which an order is paid later: by card, where cards are taken.
pub(crate) fn to_pay(signed: &Signed) -> &'static str {
    if signed.takes_cards() { "/pay?means=card" } else { "/pay" }
}

/// The same, with a way of its own.
pub(crate) fn told(signed: &Signed, what: &str, why: &str, to: &str) -> Markup {
    html! {
        div.banner.care role="status" {
            svg viewBox="0 0 20 20" aria-hidden="true" { path d="M10 3 2.5 16.5h15zM10 8v4.2M10 14.2v.6"; }
            p { b { (what) } " " (why) }
            div.acts { a.btn href=(to) { (signed.visit.texts().top_up()) } }
        }
    }
}

/// That so much is missing of a balance of so much, for a purchase that holds so much while it runs: no card pays that.
pub(crate) fn missing(signed: &Signed, [available, missing]: [Money; 2], held: Money) -> Markup {
    let texts = signed.visit.texts();
    let said = |it: Money| format!("{} {}", show::money(it), signed.unit());
    let hint = match (signed.takes_cards(), held.is_zero()) {
        (false, _) => texts.bring_in_by_transfer(),
        (true, true) => texts.bring_in_or_card(),
        (true, false) => texts.bring_in_by_both(),
    };
    let what = texts.is_missing(said(missing), said(available));
    told(signed, &what, &hint, &top_up_of(missing))
}
