//! What customers ask sales for and what was offered, as the operator sees it; and an offer of what was chosen for one.
//!
//! In:  requests and offers of all customers; what an operator chose while acting for one. Out: lists; an offer.
//! Invariant: what is offered is chosen on the same pages as what is bought, and priced by the desk; what is done about a
//! request or an offer stands in the audit log of its customer.

use crate::fields::Fields;
use crate::parts::{self, Wrong, sent as typed};
use crate::posted::Posted;
use crate::sales::{asked, offers_table};
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::wish::{Sent, settled};
use crate::{frame, lost, show};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::offer::{OfferError, Price};
use billing::sales::State;
use billing::user::{House, Right};
use desk::lists::accounts::{self, currency};
use desk::lists::offers::{self as list, Filter, Request, RequestsFilter};
use desk::offers::{self, New};
use desk::page::Part;
use desk::{At, Refusal, Tx, sales};
use maud::{Markup, html};
use std::collections::BTreeMap;
use units::{AccountId, Money, OfferId, SalesRequestId, Timestamp};
use web::once::Done;
use web::problem::Problem;

/// Requests and offers of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/offers", get(all))
        .route("/operator/offers/{offer}/withdraw", post(withdraw))
        .route("/operator/requests/{request}/decline", post(decline))
        .route("/buy/{product}/offer", get(choose).post(make))
}

async fn all(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    if signed.house() != House::Operator {
        return Ok(see_other("/requests"));
    }
    frame::needs(&signed, Right::Customers)?;
    let part = Part { after: query.get("after").cloned(), most: MOST };
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let offers = list::page(tx, at, Filter::default(), &part)?;
        let of = RequestsFilter { account: None, state: Some(State::Open) };
        let requests = list::requests(tx, of, &Part::first(MOST))?.items;
        let named = offers.items.iter().map(|it| it.account).chain(requests.iter().map(|it| it.account));
        let names = accounts::of(tx, named)?.into_iter().map(|it| (it.0, it.1.account.name)).collect();
        Ok((offers, requests, names))
    };
    let (offers, requests, names) = signed.read(read).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let said = match query.get("said").map(String::as_str) {
        Some("withdrawn") => Some(texts.offer_withdrawn_now()),
        Some("declined") => Some(texts.request_declined()),
        Some(_) | None => None,
    };
    let body = html! {
        @if let Some(said) = said { (parts::done(&said, &html! {})) }
        section aria-labelledby="h-requests" {
            div.sect { h2 id="h-requests" { (texts.requests()) } }
            @if requests.is_empty() { p.quiet { (texts.no_requests()) "." } } @else {
                (waiting(&signed, &requests, &names))
                (parts::csv(visit, "sales-requests", &[("state", "open")]))
            }
        }
        section aria-labelledby="h-offers" {
            div.sect { h2 id="h-offers" { (texts.offers()) } }
            @if offers.items.is_empty() { p.quiet { (texts.no_offers()) "." } } @else {
                (offers_table(&signed, &offers, Some(&names)))
                (parts::more(visit, offers.next.as_deref()))
                (parts::csv(visit, "offers", &[]))
            }
        }
    };
    let page = frame::Page { title: &texts.sales(), sub: &texts.offers_all_sub(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn waiting(signed: &Signed, all: &[Request], names: &BTreeMap<AccountId, String>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        ul.todo {
            @for it in all {
                li {
                    div {
                        b { (names.get(&it.account).cloned().unwrap_or_default()) }
                        span.s { (it.message) }
                        (asked(signed, it))
                        span.s { (texts.asked_on(visit.time(it.created))) }
                    }
                    @if signed.may(Right::Offers) {
                        div.acts {
                            (parts::button(visit, "/operator/act", &[("account", &it.account.to_string())], &texts.act_for()))
                            (parts::button(visit, &format!("/operator/requests/{}/decline", it.id), &[], &texts.decline_request()))
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
    frame::needs(&signed, Right::Offers)?;
    let missing = |_| lost::failed(&signed.visit, &Problem::not_found("such offer"));
    let id: OfferId = offer.parse().map_err(missing)?;
    let withdraw = move |tx: &mut Tx<'_>, at: At<'_>| {
        let after = offers::withdraw(tx, at, id, "")?;
        Ok(Done { to: "/operator/offers?said=withdrawn".to_string(), about: Some(after.account) })
    };
    done(&signed, signed.once_of(&form, withdraw).await)
}

async fn decline(
    Path(request): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::needs(&signed, Right::Offers)?;
    let missing = |_| lost::failed(&signed.visit, &Problem::not_found("such request"));
    let id: SalesRequestId = request.parse().map_err(missing)?;
    let decline = move |tx: &mut Tx<'_>, at: At<'_>| {
        let after = sales::decline(tx, at, id, "")?;
        Ok(Done { to: "/operator/offers?said=declined".to_string(), about: Some(after.account) })
    };
    done(&signed, signed.once_of(&form, decline).await)
}

fn done(signed: &Signed, done: Result<String, Problem>) -> Result<Response, Response> {
    done.map(|to| see_other(&to)).map_err(|problem| lost::failed(&signed.visit, &problem))
}

/// Whether this is an operator who acts for a customer and may make offers; for which one.
fn customer(signed: &Signed) -> Result<AccountId, Response> {
    frame::needs(signed, Right::Offers)?;
    signed.who.acts_for().ok_or_else(|| lost::forbidden(&signed.visit))?;
    whose(signed)
}

async fn choose(
    signed: Signed,
    Path(product): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Response> {
    let chosen = Sent::read(query.iter().map(|it| (it.0.as_str(), it.1.as_str())));
    page(&signed, &product, chosen, None).await
}

async fn page(
    signed: &Signed,
    product: &str,
    chosen: Sent,
    wrong: Option<(&Fields, &Problem)>,
) -> Result<Response, Response> {
    customer(signed)?;
    let (visit, texts, id) = (&signed.visit, signed.visit.texts(), product.to_string());
    let read = move |_: &mut Tx<'_>, at: At<'_>| {
        let found = settled(at, &id, &chosen)?;
        let wish = &found.item.wish;
        let listed = billing::quote::quote(at.book()?, wish, billing::rate::Terms::default())?.list;
        Ok((found.fields(), found.query(), listed, wish.quantity))
    };
    let (fields, query, listed, quantity) = signed.read(read).await?;
    let told = wrong.map(|it| Wrong::of(it.1, visit.language).of_offer());
    let form = wrong.map(|it| it.0);
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        p { (quantity) " × " (signed.product(product)) ": " (texts.list_price(signed.unit())) " " (show::money(listed)) }
        form.narrow method="post" action=(format!("/buy/{product}/offer?{query}")) {
            (parts::hidden(visit))
            @for (name, value) in &fields { input type="hidden" name=(name) value=(value); }
            (parts::optional("total", &texts.offer_price(signed.unit()), typed(form, "total"), told.as_ref()))
            (parts::optional("rate", &texts.offer_rate(), typed(form, "rate"), told.as_ref()))
            (parts::optional("until", &texts.offer_valid(), typed(form, "until"), told.as_ref()))
            (parts::optional("note", &texts.offer_note(), typed(form, "note"), told.as_ref()))
            div.field { button.btn.main { (texts.offer_it()) } }
        }
    };
    let status = wrong.map_or(StatusCode::OK, |it| it.1.status);
    let (title, back) = (signed.product(product), format!("/buy/{product}?{query}"));
    let above = [(back.as_str(), title.as_str())];
    let page = frame::Page { title: &texts.offer_it_at(), sub: "", above: &above, body: &body };
    Ok(frame::page(signed, status, &page))
}

impl Wrong {
    /// The same, beside the field that the form of an offer has for it.
    fn of_offer(self) -> Wrong {
        let last = |it: String| it.rsplit('.').next().unwrap_or("").to_string();
        Wrong { field: self.field.map(last), ..self }
    }
}

async fn make(
    Path(product): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let account = customer(&signed)?;
    let chosen = Sent::read(form.pairs());
    let (sent, id, again) = (form.clone(), product.clone(), chosen.clone());
    let make = move |tx: &mut Tx<'_>, at: At<'_>| {
        let found = settled(at, &id, &again)?;
        let price = price(tx, account, &sent)?;
        let until = until(at, sent.text("until"))?;
        let new = New {
            account,
            request: None,
            items: &[(found.item, price)],
            note: sent.text("note"),
            until,
            token: sent.once(),
        };
        offers::make(tx, at, new)?;
        Ok("/requests?said=offered".to_string())
    };
    match signed.once(&form, make).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, &product, chosen, Some((&form, &problem))).await,
    }
}

fn price(tx: &mut Tx<'_>, account: AccountId, form: &Fields) -> Result<Price, Refusal> {
    match (form.text("total"), form.text("rate")) {
        (total, "") if !total.is_empty() => {
            let read = Money::parse(total, currency(tx, account)?);
            Ok(Price::Total(read.map_err(|it| Refusal::from(it).of("total"))?))
        }
        ("", rate) if !rate.is_empty() => {
            let read = units::decimal::parse(rate, 8).ok().and_then(|it| u64::try_from(it).ok());
            Ok(Price::Rate(read.ok_or(OfferError::Rate)?))
        }
        _ => Err(OfferError::Price.into()),
    }
}

/// The begin of a day. Errors: what is none.
fn until(at: At<'_>, day: &str) -> Result<Timestamp, Refusal> {
    let read = at.desk.calendar.parse(&format!("{day} 00:00:00"));
    read.map_err(|_| Refusal::from(OfferError::Until))
}
