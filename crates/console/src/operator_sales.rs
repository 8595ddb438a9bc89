//! What customers ask sales for and what was offered, as the operator sees it.
//!
//! In:  requests and offers of all customers; why one is declined or withdrawn. Out: lists, the newest first.
//! Invariant: what is done about one is done in the operator's own pages, never in those of a customer, and stands in the
//! audit log of its customer.

use crate::house::{self, Asked};
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::sales::{AFTER_REQUESTS, Row, asked, offers_table};
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{frame, words};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::sales::State;
use billing::user::Right;
use desk::lists::accounts::{self, Owned};
use desk::lists::offers::{self as list, Filter, Request, RequestsFilter};
use desk::page::Part;
use desk::{At, Tx, offers, sales};
use maud::{Markup, html};
use units::{OfferId, SalesRequestId};
use web::location::below;
use web::once::Done;
use web::problem::Problem;

/// How a month is written, such as `2026-08`: so many letters.
const MONTH: usize = 7;
/// Which requests are listed, in the query: all of them, where it says so; else those that wait.
const WHICH: &str = "requests";
const ALL: &str = "all";
/// Requests and offers of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/offers", get(all))
        // Neither an offer nor a request has a page of its own here.
        .route("/operator/offers/{offer}/withdraw", get(up).post(withdraw))
        .route("/operator/requests/{request}/decline", get(up).post(decline))
}

async fn up() -> Response {
    see_other("/operator/offers")
}

async fn all(signed: Signed, Query(query): Query<Asked>) -> Result<Response, Response> {
    listed(&signed, &query, None).await
}

/// What was just done, as the address says it.
fn said(signed: &Signed, query: &Asked) -> Option<String> {
    let texts = signed.visit.texts();
    match query.get("said").map(String::as_str) {
        Some("withdrawn") => Some(texts.offer_withdrawn_now()),
        Some("declined") => Some(texts.request_declined()),
        Some(_) | None => None,
    }
}

async fn listed(signed: &Signed, query: &Asked, wrong: Option<&Problem>) -> Result<Response, Response> {
    frame::operators(signed, Right::Customers)?;
    let part = |name: &str| Part { after: house::text(query, name), most: MOST };
    let (of_offers, of_requests) = (part("after"), part(AFTER_REQUESTS));
    let state = query.get(WHICH).is_none_or(|it| it != ALL).then_some(State::Open);
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let offers = list::page(tx, at, Filter::default(), &of_offers)?;
        let of = RequestsFilter { account: None, state };
        let requests = list::requests(tx, of, &of_requests)?;
        Ok((accounts::owned(tx, offers, |it| it.account)?, accounts::owned(tx, requests, |it| it.account)?))
    };
    let (offers, requests) = signed.read(read).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let rows: Vec<Row<'_>> =
        offers.items.iter().map(|it| Row { offer: &it.of, of: Some(&it.name) }).collect();
    let table = offers_table(signed, &rows)?;
    // Which of the forms it was is not said: each holds nothing but a reason.
    let told = wrong.map(|it| Wrong { field: None, ..Wrong::of(it, visit) });
    let body = html! {
        @if let Some(said) = said(signed, query) { (parts::done(&said, &html! {})) }
        (parts::errors(visit, told.as_ref()))
        section aria-labelledby="h-requests" {
            div.sect {
                h2 id="h-requests" { (texts.requests()) }
                @match state {
                    Some(_) => a.more href=(format!("/operator/offers?{WHICH}={ALL}")) { (texts.all_requests()) },
                    None => a.more href="/operator/offers" { (texts.open_requests()) },
                }
            }
            @if requests.items.is_empty() { (parts::nothing(visit, &none(signed, state))) } @else {
                (listed_requests(signed, &requests.items))
                (parts::more_of(visit, AFTER_REQUESTS, requests.next.as_deref()))
                (parts::csv(visit, "sales-requests", &[("state", state.map_or("", State::as_str))]))
            }
        }
        section aria-labelledby="h-offers" {
            div.sect { h2 id="h-offers" { (texts.offers()) } }
            @if offers.items.is_empty() { (parts::nothing(&signed.visit, &texts.no_offers())) } @else {
                (table)
                (parts::more(visit, offers.next.as_deref()))
                (parts::csv(visit, "offers", &[]))
            }
        }
    };
    let page = frame::Page { title: &texts.sales(), sub: &texts.offers_all_sub(), above: &[], body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.status), &page))
}

/// What is said where no request is listed.
fn none(signed: &Signed, state: Option<State>) -> String {
    let texts = signed.visit.texts();
    if state.is_some() { texts.no_open_requests() } else { texts.no_requests() }
}

/// Where what was asked for is chosen: the product with the quantity, and the month in which a pack is to begin.
fn chosen(it: &Request) -> String {
    let Some(product) = &it.product else { return "/buy".to_string() };
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(quantity) = it.quantity {
        query.append_pair("quantity", &quantity.to_string());
    }
    if let Some(month) = it.from.as_ref().and_then(|it| it.get(..MONTH)) {
        query.append_pair("start", month);
    }
    format!("{}?{}", below("/buy", product), query.finish())
}

fn listed_requests(signed: &Signed, all: &[Owned<Request>]) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        ul.todo {
            @for Owned { account, name, of: it } in all {
                li {
                    div {
                        b { (name) }
                        span.s { (it.message) }
                        (asked(signed, it))
                        span.s { (texts.asked_on(visit.time(it.created))) " · " (words::request_state(texts, it.state)) }
                        @if !it.reason.is_empty() { span.s { (it.reason) } }
                    }
                    @if it.state == State::Open && signed.may(Right::Offers) {
                        div.acts {
                            (parts::button(visit, "/operator/act", &[("account", &account.to_string()), ("to", &chosen(it))], &texts.act_for()))
                            (parts::reasoned(visit, &format!("/operator/requests/{}/decline", it.id), &texts.decline_request()))
                        }
                    }
                }
            }
        }
    }
}

async fn withdraw(
    Path(offer): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::operators(&signed, Right::Offers)?;
    let (id, reason): (OfferId, _) = (signed.id(&offer).await?, form.text("reason").to_string());
    let withdraw = move |tx: &mut Tx<'_>, at: At<'_>| {
        let after = offers::withdraw(tx, at, id, &reason)?;
        Ok(Done { to: "/operator/offers?said=withdrawn".to_string(), about: Some(after.account), did: true })
    };
    done(&signed, signed.once_of(&form, withdraw).await).await
}

async fn decline(
    Path(request): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::operators(&signed, Right::Offers)?;
    let (id, reason): (SalesRequestId, _) = (signed.id(&request).await?, form.text("reason").to_string());
    let decline = move |tx: &mut Tx<'_>, at: At<'_>| {
        let after = sales::decline(tx, at, id, &reason)?;
        Ok(Done { to: "/operator/offers?said=declined".to_string(), about: Some(after.account), did: true })
    };
    done(&signed, signed.once_of(&form, decline).await).await
}

async fn done(signed: &Signed, done: Result<String, Problem>) -> Result<Response, Response> {
    match done {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => listed(signed, &Asked::new(), Some(&problem)).await,
    }
}
