//! A purchase that waits for its payment and is not any more what it was: what it costs by now, beside what it was ordered at.
//!
//! In:  orders that wait. Out: why they are not paid any more, a banner that says so before anybody tries, the page that says so then.
//! Invariant: nothing is decided here: what is shown is what paying would refuse.
//! Rules: R-ORD-3, R-PRC-6.

use crate::parts::{self, Wrong};
use crate::signed::Signed;
use crate::{anew, frame, orders as orders_page, show};
use axum::response::Response;
use billing::order::{Action, Order};
use billing::purchase;
use desk::{At, Refusal};
use maud::{Markup, html};
use units::Money;
use web::problem::Problem;

/// Why orders are not paid at what they were ordered at, and what each costs by now.
pub(crate) struct Outdated {
    /// `None` where they can be paid.
    pub why: Option<Problem>,
    /// In the order of the orders; `None` for what has no price any more, or the price of an offer.
    sums: Vec<Option<Money>>,
}

impl Outdated {
    pub(crate) fn of(at: At<'_>, orders: &[Order]) -> Outdated {
        let book = |it: &Order| at.book_of(it.account, it.currency()).ok();
        let refused = |it: &Order| purchase::unchanged(book(it)?, it).err();
        let now = |it: &Order| match it.offered {
            Some(_) => None,
            None => Some(purchase::requoted(book(it)?, it).ok()?.total),
        };
        let why = orders.iter().find_map(refused);
        Outdated {
            why: why.map(|it| Problem::from(Refusal::from(it))),
            sums: orders.iter().map(now).collect(),
        }
    }

    /// That it is not paid any more at what it was ordered at, before anybody tries.
    pub(crate) fn banner(&self, signed: &Signed, orders: &[Order]) -> Markup {
        let (visit, texts) = (&signed.visit, signed.visit.texts());
        let Some(why) = &self.why else { return html! {} };
        let said = parts::changed(visit, why).unwrap_or_else(|| Wrong::of(why, visit).text);
        // What is changed, renewed or converted waits for this order to be cancelled first.
        let bought = orders.iter().filter(|it| it.action == Action::New);
        html! {
            div.banner.care role="alert" { p { b { (texts.order_outdated()) } " " (said) } }
            (parts::hint(&texts.order_outdated_hint()))
            @for it in bought { p.acts { (anew::button(signed, it)) } }
        }
    }

    /// The page of a purchase that was not paid: what changed, and the way to order each of it again.
    pub(crate) fn page(&self, signed: &Signed, orders: &[Order], why: &Problem) -> Response {
        let (visit, texts, unit) = (&signed.visit, signed.visit.texts(), signed.unit());
        let body = html! {
            div.banner.care role="alert" { p { b { (texts.order_outdated()) } " " (Wrong::of(why, visit).text) } }
            (parts::hint(&texts.order_outdated_hint()))
            table.table {
                thead { tr { th scope="col" { (texts.what()) } th.n scope="col" { (texts.amount(unit)) } th scope="col" { (texts.actions()) } } }
                tbody {
                    @for (it, now) in orders.iter().zip(&self.sums) {
                        tr {
                            th scope="row" { a href=(format!("/orders/{}", it.id)) { (orders_page::title(signed, it)) } }
                            td.n { (sum(signed, it.total, *now)) }
                            td { (anew::button(signed, it)) }
                        }
                    }
                }
            }
        };
        let (title, orders) = (texts.pay_order(), texts.orders());
        let page = frame::Page { title: &title, sub: "", above: &[("/orders", &orders)], body: &body };
        frame::page(signed, why.status, &page)
    }
}

/// What it costs by now, and what it was ordered at where that is another sum.
fn sum(signed: &Signed, was: Money, now: Option<Money>) -> Markup {
    match now.filter(|now| *now != was) {
        Some(now) => html! { (show::money(now)) span.s { (signed.visit.texts().it_was(show::money(was))) } },
        None => html! { (show::money(was)) },
    }
}
