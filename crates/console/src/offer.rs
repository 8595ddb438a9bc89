//! An offer: what it is for, what it costs, accepted or declined.
//!
//! In:  an offer to the account; what is done with it. Out: its items with list price and price; the order that it became.
//! Invariant: accepting is a purchase like any other, at the price of the offer; a form that is sent twice buys once.

use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::{frame, show, words};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::offer::{OfferedItem, State};
use billing::user::{House, Right};
use desk::lists::offers::{self as list, Offer};
use desk::offers::{self, Accepted, Own};
use desk::purchases::Pay;
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use units::{Money, OfferId};
use web::once::Done;
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/offers/{offer}", get(one))
        .route("/offers/{offer}/accept", post(accept))
        .route("/offers/{offer}/decline", post(decline))
}

async fn one(signed: Signed, Path(offer): Path<String>) -> Result<Response, Response> {
    let id = signed.id(&offer).await?;
    shown(&signed, id, None).await
}

/// An operator sees any offer, a customer its own.
async fn shown(signed: &Signed, id: OfferId, wrong: Option<&Problem>) -> Result<Response, Response> {
    let account = signed.house().account();
    if account.is_none() {
        frame::needs(signed, Right::Customers)?;
    }
    let found = signed.read(move |tx: &mut Tx<'_>, _: At<'_>| list::one(tx, account, id)).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it, visit).among(&[]));
    let is_open = found.state_at(visit.now) == State::Open;
    let total = signed.good(found.total())?;
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        section aria-labelledby="h-what" {
            div.sect {
                h2 id="h-what" { (texts.what()) }
                p {
                    (texts.offer_of(visit.time(found.created))) " · "
                    (words::offer_state(texts, found.state_at(visit.now)))
                    @if is_open { " · " (texts.offer_until(visit.time(found.until))) }
                    @if !found.reason.is_empty() { " · " (found.reason) }
                }
                @if found.state == State::Accepted && account.is_some() { a.more href="/orders" { (texts.orders()) } }
            }
            (items(signed, &found, total))
        }
        @if is_open {
            section aria-labelledby="h-then" {
                div.sect { h2 id="h-then" { (texts.what_then()) } p { (texts.accept_hint()) } }
                (steps(signed, &found, total))
            }
        }
    };
    let status = wrong.map_or(StatusCode::OK, |it| it.status);
    let title = texts.offer_for(what(signed, &found));
    let (above, sales) = (if account.is_some() { "/requests" } else { "/operator/offers" }, texts.sales());
    let page =
        frame::Page { title: &title, sub: &found.note, above: &[(above, sales.as_str())], body: &body };
    Ok(frame::page(signed, status, &page))
}

/// Products that a heading names.
const NAMED: usize = 3;

/// What an offer is for, in a few words.
fn what(signed: &Signed, offer: &Offer) -> String {
    let one =
        |it: &OfferedItem| format!("{} × {}", it.item.wish.quantity, signed.product(&it.item.wish.product));
    let names: Vec<String> = offer.items.iter().take(NAMED).map(one).collect();
    let names = show::listed(&names, signed.visit.language);
    if offer.items.len() > NAMED { format!("{names}…") } else { names }
}

fn items(signed: &Signed, offer: &Offer, total: Money) -> Markup {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let unit = show::currency(total.currency(), language);
    let options = |it: &OfferedItem| show::listed(&chosen(signed, it), language);
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.what()) }
                    th.n.p2 scope="col" { (texts.quantity()) }
                    th.n.p2 scope="col" { (texts.list_price(unit)) }
                    th.n scope="col" { (texts.offered(unit)) }
                }
            }
            tbody {
                @for it in &offer.items {
                    tr {
                        th scope="row" {
                            (signed.product(&it.item.wish.product))
                            span.s { (options(it)) }
                            @if it.item.wish.months > 0 { span.s { (texts.months(it.item.wish.months)) } }
                            @if let Some(month) = &it.item.month { span.s { (show::month(month, language)) } }
                            span.only.s { (show::labelled(&texts.quantity(), &it.item.wish.quantity.to_string(), language)) }
                            span.only.s { (show::labelled(&texts.list_price(unit), &show::money(it.list), language)) }
                        }
                        td.n.p2 { (it.item.wish.quantity) }
                        td.n.p2 { (show::money(it.list)) }
                        td.n { (show::money(it.total)) }
                    }
                }
            }
            tfoot { tr { th scope="row" { (texts.whole_sum()) } td.p2 {} td.p2 {} td.n { (show::money(total)) } } }
        }
    }
}

/// What was chosen, by the names of the book of now where it knows them.
fn chosen(signed: &Signed, it: &OfferedItem) -> Vec<String> {
    let wish = &it.item.wish;
    let one = |(option, value): &(String, String)| {
        let (name, value) = words::option(signed, &wish.product, option, value);
        format!("{name} {value}")
    };
    words::in_order(signed, &wish.product, wish.options.clone()).iter().map(one).collect()
}

fn steps(signed: &Signed, offer: &Offer, total: Money) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let sum = format!("{} {}", show::money(total), show::currency(total.currency(), visit.language));
    let place = format!("/offers/{}", offer.id);
    html! {
        @if signed.house() == House::Operator {
            @if signed.may(Right::Offers) {
                (parts::reasoned(visit, &format!("/operator/offers/{}/withdraw", offer.id), &texts.withdraw()))
            }
        } @else if signed.may(Right::Buy) {
            @if signed.who.acts_for().is_some() { p { b { (texts.order_on_behalf()) } } }
            div.acts {
                form method="post" action=(format!("{place}/accept")) {
                    (parts::hidden(visit))
                    button.btn.main { (texts.accept_and_pay(sum)) }
                }
                (parts::reasoned(visit, &format!("{place}/decline"), &texts.decline_offer()))
            }
        } @else { p.quiet { (texts.not_allowed()) } }
    }
}

async fn accept(
    Path(offer): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let (id, account) = (signed.id(&offer).await?, whose(&signed)?);
    frame::needs(&signed, Right::Buy)?;
    let accept = move |tx: &mut Tx<'_>, at: At<'_>| {
        let Accepted { orders, did, .. } = offers::accept(tx, at, Own { account, id }, Pay::Now)?;
        let first = orders.first().ok_or_else(|| Refusal::missing("order"))?;
        Ok(Done { to: format!("/orders/{}", first.id), about: Some(account), did })
    };
    match signed.once_of(&form, accept).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => shown(&signed, id, Some(&problem)).await,
    }
}

async fn decline(
    Path(offer): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let (id, account) = (signed.id(&offer).await?, whose(&signed)?);
    frame::needs(&signed, Right::Buy)?;
    let reason = form.text("reason").to_string();
    let decline = move |tx: &mut Tx<'_>, at: At<'_>| {
        offers::decline(tx, at, Own { account, id }, &reason)?;
        Ok("/requests?said=declined".to_string())
    };
    match signed.once(&form, decline).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => shown(&signed, id, Some(&problem)).await,
    }
}
