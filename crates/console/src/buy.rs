//! Choosing: the page on which something is bought, made from the options of its product.
//!
//! In:  a product, what was chosen so far. Out: a form with a control for each option, and the price that will be ordered.
//! Invariant: a new product of a book has such a page; what cannot be chosen says why; an address holds all choices.

use crate::options;
use crate::parts::{self, Wrong};
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::wish::{PURCHASE, Sent, Settled, settled};
use crate::{frame, lost, slip, voucher_choice};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use billing::breakdown::Assumed;
use billing::order::Action;
use billing::user::Right;
use desk::breakdown::{self, Detailed, Question};
use desk::vouchers::Proposal;
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use web::code::Code;
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/buy/{product}", get(buy))
}

/// What a page of a product shows: the choices, and their price or why there is none.
pub(crate) struct Shown {
    pub options: Markup,
    pub price: Markup,
    pub title: String,
    pub help: Option<String>,
}

/// Reads the price of what is chosen. `None` for what is not whole.
pub(crate) fn priced(
    tx: &mut Tx<'_>,
    at: At<'_>,
    it: &Settled<'_>,
    account: units::AccountId,
) -> Result<Option<Detailed>, Refusal> {
    if !it.is_whole {
        return Ok(None);
    }
    let account = desk::lists::accounts::one(tx, account)?.account;
    let (assumed, items) = (Assumed::default(), std::slice::from_ref(&it.item));
    let found = breakdown::detailed(tx, at, Question { account: &account, items, assumed: &assumed })?;
    Ok(found.0.into_iter().next())
}

async fn buy(
    signed: Signed,
    Path(product): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Response> {
    let account = whose(&signed)?;
    let sent = Sent::read(query.iter().map(|it| (it.0.as_str(), it.1.as_str())));
    let (looker, prices) = (signed.clone(), signed.good(signed.prices())?);
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let found = settled(at, prices, &product, &sent)?;
        let price = match priced(tx, at, &found, account) {
            _ if found.wrong_name => none(&looker, &Wrong::said(looker.visit.texts().name_too_long())),

            Ok(Some(it)) => {
                let by_vouchers = voucher_choice::proposed(tx, at, account, (&[&it.quote], Action::New))?;
                price(&looker, &found, (&it, &by_vouchers))
            }
            Ok(None) => none(&looker, &Wrong::said(options::why_not_whole(&looker, &found))),
            Err(refusal) => none(&looker, &Wrong::of(&Problem::from(refusal), &looker.visit)),
        };
        Ok(shown(&looker, &found, price))
    };
    match signed.visit.node.read(read).await {
        Ok(it) => Ok(answered(&signed, &it)),
        Err(problem) if problem.status == StatusCode::NOT_FOUND => Err(lost::nowhere(signed.visit).await),
        // The page of everything that is sold says that nothing is.
        Err(problem) if problem.code == Code::from(desk::Code::NoPriceBook) => Ok(see_other("/buy")),
        Err(problem) => Err(lost::failed(&signed.visit, &problem)),
    }
}

fn shown(signed: &Signed, it: &Settled<'_>, price: Markup) -> Shown {
    let (product, language) = (it.product(), signed.visit.language);
    Shown {
        options: options::all(signed, it),
        price,
        title: product.look.label.or(&product.name).get(language).to_string(),
        help: product.look.label.help.as_ref().map(|it| it.get(language).to_string()),
    }
}

/// The whole page, or the part of it that is asked for alone.
fn answered(signed: &Signed, it: &Shown) -> Response {
    match signed.visit.part.as_deref() {
        Some("options") => return Html(it.options.clone().into_string()).into_response(),
        Some("price") => return Html(it.price.clone().into_string()).into_response(),
        Some(_) | None => {}
    }
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let body = html! {
        form.buy method="get" action=(visit.path()) data-live=(visit.path()) {
            // Tells this purchase from the next: the review of one that was made says so.
            input type="hidden" name=(PURCHASE) value=(web::random::hexadecimal::<16>());
            (it.options)
            div.stick { (it.price) p.hint { (texts.price_checked_again()) } }
        }
        // What is put into the cart stands in the slip, in fields of this form: it is renewed with the price.
        form id="to-cart" method="post" action="/cart" { (parts::hidden(visit)) }
    };
    let buy = texts.buy();
    let sub = it.help.as_deref().unwrap_or("");
    let page = frame::Page { title: &it.title, sub, above: &[("/buy", &buy)], body: &body };
    frame::page(signed, StatusCode::OK, &page)
}

/// The slip, and on narrow screens a bar that keeps its figure and its button in reach.
fn aside(signed: &Signed, content: &Markup, bar: &Markup) -> Markup {
    html! {
        div.live id="price" {
            aside.slip aria-labelledby="h-price" {
                h2 id="h-price" { (signed.visit.texts().price()) }
                (content)
            }
            (bar)
        }
    }
}

fn update(signed: &Signed) -> Markup {
    html! { button.btn.wide.nojs { (signed.visit.texts().update_price()) } }
}

fn price(signed: &Signed, it: &Settled<'_>, (detailed, by_vouchers): (&Detailed, &Proposal)) -> Markup {
    let texts = signed.visit.texts();
    let review = format!("/buy/{}/review", it.product().id);
    let may = signed.may(Right::Buy);
    let button = html! {
        button.btn.main.wide formaction=(review) disabled[!may] { (texts.review_order()) }
    };
    let content = html! {
        (slip::rows(signed, detailed, by_vouchers.due))
        (slip::later(signed, detailed, by_vouchers))
        (update(signed))
        (button)
        @if may { (to_cart(signed, it)) }
        @if !may { p.hint { (texts.not_allowed()) } }
    };
    aside(signed, &content, &slip::bar(signed, detailed, (by_vouchers.due, &button)))
}

/// The button that puts what is chosen into the cart, with all of it.
fn to_cart(signed: &Signed, it: &Settled<'_>) -> Markup {
    let texts = signed.visit.texts();
    html! {
        input type="hidden" form="to-cart" name="product" value=(it.product().id);
        @for (name, value) in it.fields() { input type="hidden" form="to-cart" name=(name) value=(value); }
        @if let Some(kept) = &it.cart { input type="hidden" form="to-cart" name="cart" value=(kept); }
        button.btn.wide form="to-cart" { @if it.cart.is_some() { (texts.change_in_cart()) } @else { (texts.to_cart()) } }
    }
}

fn none(signed: &Signed, wrong: &Wrong) -> Markup {
    let bar = html! { div.paybar { div { b { "–" } span.hint { (wrong.text) } } } };
    aside(signed, &html! { (slip::no_price(signed, wrong)) (update(signed)) }, &bar)
}
