//! Requests to sales and offers, as the customer sees them.
//!
//! In:  an account; what is asked for. Out: requests and offers, the newest first; a form to ask.
//! Invariant: what is shown is what the lists of the API give; a request orders nothing.

use crate::fields::Fields;
use crate::parts::{self, Field, Wrong, sent};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::{frame, lost, show, words};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::sales::State;
use billing::user::Right;
use desk::lists::accounts::currency;
use desk::lists::offers::{self as list, Filter, Offer, Request, RequestsFilter};
use desk::page::{Page, Part};
use desk::sales::{self, New};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use std::collections::BTreeMap;
use units::{AccountId, Money, SalesRequestId};
use web::problem::Problem;

/// Requests and offers of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/requests", get(all).post(ask)).route("/requests/{request}/withdraw", post(withdraw))
}

async fn all(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    let texts = signed.visit.texts();
    let said = match query.get("said").map(String::as_str) {
        Some("sent") => Some(texts.request_sent()),
        Some("withdrawn") => Some(texts.request_withdrawn()),
        Some("declined") => Some(texts.offer_is_declined()),
        Some("offered") => Some(texts.offer_made()),
        Some(_) | None => None,
    };
    page(&signed, said.as_deref(), None, query.get("after").cloned()).await
}

async fn page(
    signed: &Signed,
    said: Option<&str>,
    wrong: Option<(&Fields, &Problem)>,
    after: Option<String>,
) -> Result<Response, Response> {
    let (account, part) = (whose(signed)?, Part { after, most: MOST });
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let offers = list::page(tx, at, Filter { account: Some(account), state: None }, &part)?;
        let of = RequestsFilter { account: Some(account), state: None };
        Ok((offers, list::requests(tx, of, &Part::first(MOST))?.items))
    };
    let (offers, requests) = signed.read(read).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it.1, visit.language));
    let body = html! {
        @if let Some(said) = said { (parts::done(said, &html! {})) }
        (parts::errors(visit, told.as_ref()))
        section aria-labelledby="h-offers" {
            div.sect { h2 id="h-offers" { (texts.offers()) } }
            @if offers.items.is_empty() { p.quiet { (texts.no_offers()) ". " (texts.no_offers_hint()) } } @else {
                (offers_table(signed, &offers, None))
                (parts::more(visit, offers.next.as_deref()))
                (parts::csv(visit, "offers", &[]))
            }
        }
        section aria-labelledby="h-requests" {
            div.sect { h2 id="h-requests" { (texts.requests()) } }
            @if requests.is_empty() { p.quiet { (texts.no_requests()) ". " (texts.no_requests_hint()) } } @else { (requests_list(signed, &requests)) (parts::csv(visit, "sales-requests", &[])) }
        }
        section aria-labelledby="h-ask" {
            div.sect { h2 id="h-ask" { (texts.ask_sales()) } }
            @if signed.may(Right::Buy) { (form(signed, wrong.map(|it| it.0), told.as_ref())) } @else { p.quiet { (texts.not_allowed()) } }
        }
    };
    let status = wrong.map_or(StatusCode::OK, |it| it.1.status);
    let page = frame::Page { title: &texts.sales(), sub: &texts.sales_sub(), above: &[], body: &body };
    Ok(frame::page(signed, status, &page))
}

/// Offers as a table; `names` are those of the customers where they are of several.
pub(crate) fn offers_table(
    signed: &Signed,
    found: &Page<Offer>,
    names: Option<&BTreeMap<AccountId, String>>,
) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let name = |it: &Offer| names.and_then(|all| all.get(&it.account).cloned());
    let sum = |money: Result<Money, units::MoneyError>| money.map_or_else(|_| "–".to_string(), show::money);
    let unit = |it: &Offer| it.total().map_or("", |it| show::currency(it.currency(), visit.language));
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.what()) }
                    th scope="col" { (texts.state()) }
                    th.p2 scope="col" { (texts.good_until_then()) }
                    th.n scope="col" { (texts.price()) }
                }
            }
            tbody {
                @for it in &found.items {
                    tr {
                        th scope="row" {
                            a href=(format!("/offers/{}", it.id)) { (items(signed, it)) }
                            @if let Some(name) = name(it) { span.s { (name) } }
                            span.s { (texts.offer_of(visit.time(it.created))) }
                        }
                        td { (words::offer_state(texts, it.state_at(visit.now))) }
                        td.p2.pre { (visit.exact_time(it.until)) }
                        td.n { (sum(it.total())) " " (unit(it)) }
                    }
                }
            }
        }
    }
}

/// What an offer is for.
pub(crate) fn items(signed: &Signed, it: &Offer) -> String {
    let one = |it: &billing::offer::OfferedItem| {
        format!("{} × {}", it.item.wish.quantity, signed.product(&it.item.wish.product))
    };
    it.items.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What was asked, in a line.
pub(crate) fn asked(signed: &Signed, it: &Request) -> Markup {
    let parts = [
        it.quantity.map(|it| format!("{it} ×")),
        it.product.as_ref().map(|it| signed.product(it)),
        it.from.clone(),
        it.price.map(|it| {
            format!("{} {}", show::money(it), show::currency(it.currency(), signed.visit.language))
        }),
    ];
    let line: Vec<String> = parts.into_iter().flatten().collect();
    html! { @if !line.is_empty() { span.s { (line.join(" ")) } } }
}

fn requests_list(signed: &Signed, all: &[Request]) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        ul.todo {
            @for it in all {
                li {
                    div {
                        b { (it.message) }
                        (asked(signed, it))
                        span.s { (texts.asked_on(visit.time(it.created))) " · " (words::request_state(texts, it.state)) }
                        @if !it.reason.is_empty() { span.s { (it.reason) } }
                    }
                    @if it.state == State::Open && signed.may(Right::Buy) {
                        (parts::button(visit, &format!("/requests/{}/withdraw", it.id), &[], &texts.withdraw()))
                    }
                }
            }
        }
    }
}

fn form(signed: &Signed, form: Option<&Fields>, wrong: Option<&Wrong>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let desk = visit.node.desk();
    let products = desk.book(visit.now).map(|it| it.products.clone()).unwrap_or_default();
    html! {
        form.narrow method="post" action="/requests" {
            (parts::hidden(visit))
            div.field {
                label for="product" { (texts.asked_product()) }
                select.select id="product" name="product" {
                    option value="" { (texts.any_product()) }
                    @for it in &products {
                        option value=(it.id) selected[sent(form, "product") == it.id] { (signed.product(&it.id)) }
                    }
                }
            }
            (parts::optional("quantity", &texts.asked_quantity(), sent(form, "quantity"), wrong))
            (parts::optional("from", &texts.asked_from(), sent(form, "from"), wrong))
            (parts::optional("price", &texts.asked_price(signed.unit()), sent(form, "price"), wrong))
            (Field {
                name: "message",
                label: texts.asked_message(),
                kind: "text",
                value: sent(form, "message"),
                autocomplete: "off",
                hint: Some(texts.asked_message_hint()),
            }.show(wrong))
            div.field { button.btn.main { (texts.send_to_sales()) } }
        }
    }
}

async fn ask(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let account = whose(&signed)?;
    frame::needs(&signed, Right::Buy)?;
    let sent = form.clone();
    let ask = move |tx: &mut Tx<'_>, at: At<'_>| {
        asked_for(tx, at, account, &sent)?;
        Ok("/requests?said=sent".to_string())
    };
    match signed.once(&form, ask).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, None, Some((&form, &problem)), None).await,
    }
}

fn asked_for(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, form: &Fields) -> Result<(), Refusal> {
    let said = |name: &str| Some(form.text(name)).filter(|it| !it.is_empty());
    // What is no number is refused as 0 is.
    let quantity = said("quantity").map(|it| it.parse().unwrap_or(0));
    let currency = currency(tx, account)?;
    let price = said("price").map(|it| Money::parse(it, currency)).transpose();
    let new = New {
        account,
        product: said("product"),
        quantity,
        from: said("from"),
        price: price.map_err(|it| Refusal::from(it).of("price"))?,
        message: form.text("message"),
        token: form.once(),
    };
    sales::ask(tx, at, new).map(drop)
}

async fn withdraw(
    Path(request): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let account = whose(&signed)?;
    frame::needs(&signed, Right::Buy)?;
    let missing = |_| lost::failed(&signed.visit, &Problem::not_found("such request"));
    let id: SalesRequestId = request.parse().map_err(missing)?;
    let withdraw = move |tx: &mut Tx<'_>, at: At<'_>| {
        sales::withdraw(tx, at, account, id)?;
        Ok("/requests?said=withdrawn".to_string())
    };
    match signed.once(&form, withdraw).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => Err(lost::failed(&signed.visit, &problem)),
    }
}
