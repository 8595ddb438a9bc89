//! The purchase that the address of a review names: each review has one of its own, and leads to its order once that was made.
//!
//! In:  an address. Out: the purchase that it names, the same address with a new one, the page of one that was made before.
//! Invariant: who goes back in the browser's history finds what was ordered, never a fresh form of the same.

use crate::signed::Signed;
use crate::wish::PURCHASE;
use crate::{frame, house};
use axum::http::StatusCode;
use axum::response::Response;
use desk::lists::orders;
use maud::html;
use units::{AccountId, OrderId};

/// The purchase that an address names, as long as it is one that a page of ours gave.
pub(crate) fn purchase(signed: &Signed) -> Option<String> {
    let named = house::prefilled(signed).text(PURCHASE).to_string();
    let is_ours = named.len() == 32 && named.bytes().all(|it| it.is_ascii_hexdigit());
    is_ours.then_some(named)
}

/// The address of this page that names one purchase of its own.
pub(crate) fn named(signed: &Signed) -> String {
    let mut address = chosen(signed);
    address.append_pair(PURCHASE, &web::random::hexadecimal::<16>());
    format!("{}?{}", signed.visit.path(), address.finish())
}

/// What the address of this page chooses, without the purchase that it names.
fn chosen(signed: &Signed) -> form_urlencoded::Serializer<'static, String> {
    let query = signed.visit.address.split_once('?').map_or("", |it| it.1);
    let kept = form_urlencoded::parse(query.as_bytes()).filter(|it| it.0 != PURCHASE);
    let mut address = form_urlencoded::Serializer::new(String::new());
    address.extend_pairs(kept);
    address
}

/// The first order of the purchase that this address names, where it was made.
pub(crate) async fn order(signed: &Signed, account: AccountId) -> Result<Option<OrderId>, Response> {
    let Some(group) = purchase(signed) else { return Ok(None) };
    signed.read(move |tx, _| orders::first_of(tx, account, &group)).await
}

/// Where a review stands, and what the button to another one of the same says.
pub(crate) struct Review<'a> {
    pub above: &'a [(&'a str, &'a str)],
    pub once_more: String,
}

/// The page of a purchase that was made before: the way to its order, and to another one of the same.
pub(crate) fn page(signed: &Signed, it: &Review<'_>, order: OrderId, status: StatusCode) -> Response {
    let (texts, again) = (signed.visit.texts(), chosen(signed).finish());
    let body = html! {
        div.empty {
            h2 { (texts.ordered_before()) }
            p { (texts.ordered_before_hint()) }
            p.acts {
                a.btn.main href=(format!("/orders/{order}")) { (texts.order()) }
                a.btn href=(format!("{}?{again}", signed.visit.path())) { (it.once_more) }
            }
        }
    };
    let title = texts.review_and_pay();
    frame::page(signed, status, &frame::Page { title: &title, sub: "", above: it.above, body: &body })
}
