//! Topping up: to which account a customer pays, what is written on the transfer, and how much is missing.
//!
//! In:  an account; the sum that the address names. Out: a page.
//! Invariant: nothing is written; the reference is the one that transfers are known by, the payee who sells to the account.

use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::{frame, house, short, show};
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::document::party::Party;
use desk::bank;
use desk::documents::sellers;
use maud::{Markup, html};
use units::Money;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route(short::TOP_UP, get(page))
}

async fn page(signed: Signed) -> Result<Response, Response> {
    let account = whose(&signed)?;
    let read = move |tx: &mut desk::Tx<'_>, _: desk::At<'_>| {
        Ok((bank::reference(tx, account)?, sellers::payee(tx, account)?))
    };
    let (reference, payee) = signed.read(read).await?;
    let texts = signed.visit.texts();
    let body = html! {
        section aria-labelledby="h-transfer" {
            div.sect { h2 id="h-transfer" { (texts.by_transfer()) } }
            (transfer(&signed, payee.as_ref(), &reference.grouped()))
            p { (texts.bank_reference(reference.grouped())) }
            p.hint { (texts.by_transfer_hint()) }
        }
        @if signed.takes_cards() {
            section aria-labelledby="h-card" {
                div.sect { h2 id="h-card" { (texts.top_up_by_card()) } }
                p.acts { a.btn href="/cards" { (texts.cards()) } }
            }
        }
    };
    let (title, sub) = (texts.top_up(), texts.bring_in_sub());
    let page = frame::Page { title: &title, sub: &sub, above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

/// What stands on a transfer, as far as it is known.
fn transfer(signed: &Signed, payee: Option<&Party>, reference: &str) -> Markup {
    let texts = signed.visit.texts();
    let row = |label: String, value: &str| html! { @if !value.is_empty() { div { dt { (label) } dd { (value) } } } };
    html! {
        aside.slip.narrow aria-label=(texts.by_transfer()) {
            dl.rows {
                @if let Some(it) = payee {
                    (row(texts.pay_to(), &it.name))
                    (row(texts.bank_name(), &it.bank))
                    (row(texts.bank_account_number(), &it.bank_account))
                }
                (row(texts.write_on_it(), reference))
                @if let Some(sum) = sum(signed) { div.sum { dt { (texts.missing_sum()) } dd { (show::money(sum)) " " span.cur { (signed.unit()) } } } }
            }
            @if payee.is_none() { p.also { (texts.no_payee_yet()) } }
        }
    }
}

/// The sum that the address names, or else what is owed.
fn sum(signed: &Signed) -> Option<Money> {
    let customer = signed.customer.as_ref()?;
    let named = house::prefilled(signed);
    let named = Money::parse(named.text("sum"), customer.account.currency).ok();
    let owed = Money::zero(customer.account.currency).checked_sub(customer.wallet.available()).ok();
    named.or(owed).filter(|it| it.is_positive())
}
