//! An offer of what an operator chose while acting for a customer.
//!
//! In:  what was chosen, a price, until when, which request it answers. Out: an offer.
//! Invariant: what is offered is chosen on the same pages as what is bought, and priced by the desk; what was replaced on the
//! way is not offered.

use crate::fields::Fields;
use crate::parts::{self, Wrong, sent as typed};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::{Visit, see_other};
use crate::wish::{Sent, settled};
use crate::{frame, house, lost, show};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::offer::{self, OfferError, Price};
use billing::sales::State;
use billing::user::Right;
use desk::lists::offers::{self as list, Request, RequestsFilter};
use desk::offers::{self, New};
use desk::page::Part;
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use units::{AccountId, Currency, Money, SalesRequestId, Timestamp};
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/buy/{product}/offer", get(choose).post(make))
}

/// Of the newest requests so many can be answered. An account has no more that wait.
const REQUESTS: Part = Part::first(20);

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

/// What is to be offered, as the page shows it.
struct Shown {
    fields: Vec<(String, String)>,
    query: String,
    listed: Money,
    quantity: u32,
    /// Those that wait for an offer.
    requests: Vec<Request>,
}

async fn page(
    signed: &Signed,
    product: &str,
    chosen: Sent,
    wrong: Option<(&Fields, &Problem)>,
) -> Result<Response, Response> {
    let account = customer(signed)?;
    let (visit, texts, id) = (&signed.visit, signed.visit.texts(), product.to_string());
    let currency = signed.good(signed.currency())?;
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let found = settled(at, currency, &id, &chosen)?;
        let wish = &found.item.wish;
        let listed =
            billing::quote::quote(at.book_of(account, currency)?, wish, billing::rate::Terms::default())?
                .list;
        let of = RequestsFilter { account: Some(account), state: Some(State::Open) };
        let requests = list::requests(tx, of, &REQUESTS)?.items;
        Ok(Shown { fields: found.fields(), query: found.query(), listed, quantity: wish.quantity, requests })
    };
    let Shown { fields, query, listed, quantity, requests } = signed.read(read).await?;
    let told = wrong.map(|it| told(it.1, visit));
    let (form, told) = (wrong.map(|it| it.0), told.as_ref());
    // What the customer would like to pay stands there, where one request waits alone and is for this.
    let is_for_it = |it: &&Request| {
        it.product.as_deref() == Some(product) && it.quantity.is_none_or(|wanted| wanted == quantity)
    };
    let hoped = if let [one] = requests.as_slice() {
        Some(one).filter(is_for_it).and_then(|it| it.price)
    } else {
        None
    };
    let hoped = hoped.map_or_else(String::new, |it| it.to_string());
    let total = form.map_or(hoped.as_str(), |it| it.text("total"));
    let body = html! {
        (parts::errors(visit, told))
        p { (quantity) " × " (show::labelled(&signed.product(product), &texts.list_price(signed.unit()), signed.visit.language)) " " (show::money(listed)) }
        form.narrow method="post" action=(format!("/buy/{product}/offer?{query}")) {
            (parts::hidden(visit))
            @for (name, value) in &fields { input type="hidden" name=(name) value=(value); }
            (answered(signed, &requests, form, told))
            (parts::optional("total", &texts.offer_price(signed.unit()), total, told))
            (parts::optional("rate", &texts.offer_rate(), typed(form, "rate"), told))
            (parts::optional("until", &texts.offer_valid(), typed(form, "until"), told))
            (parts::optional("note", &texts.offer_note(), typed(form, "note"), told))
            div.field { button.btn.main { (texts.offer_it()) } }
        }
    };
    let status = wrong.map_or(StatusCode::OK, |it| it.1.status);
    let (title, back) = (signed.product(product), format!("/buy/{product}?{query}"));
    let above = [(back.as_str(), title.as_str())];
    let page = frame::Page { title: &texts.offer_it_at(), sub: "", above: &above, body: &body };
    Ok(frame::page(signed, status, &page))
}

/// Which request the offer answers. Where one waits alone, it is chosen until something else is.
fn answered(signed: &Signed, all: &[Request], form: Option<&Fields>, wrong: Option<&Wrong>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let alone = if let [one] = all { one.id.to_string() } else { String::new() };
    let chosen = form.map_or(alone.as_str(), |it| it.text("request"));
    let bad = wrong.and_then(|it| it.at("request"));
    html! {
        @if !all.is_empty() || bad.is_some() {
            div.field.bad[bad.is_some()] {
                label for="request" { (texts.offer_answers()) }
                select.select id="request" name="request" aria-describedby=[bad.map(|_| "e-request")] {
                    option value="" { (texts.offer_answers_none()) }
                    @for it in all {
                        option value=(it.id) selected[chosen == it.id.to_string()] { (show::labelled(&visit.time(it.created), &it.message, visit.language)) }
                    }
                }
                @if let Some(bad) = bad { p.error id="e-request" { (bad.text) } }
            }
        }
    }
}

/// What is wrong, beside the field that this form has for it; what was chosen before has none here.
fn told(problem: &Problem, visit: &Visit) -> Wrong {
    let own = problem.field.as_deref().and_then(|it| it.rsplit('.').next()).map(str::to_string);
    Wrong { field: own, ..Wrong::of(problem, visit) }.among(&["request", "total", "rate", "until", "note"])
}

async fn make(
    Path(product): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let account = customer(&signed)?;
    match made(&signed, (account, &product), &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, &product, Sent::read(form.pairs()), Some((&form, &problem))).await,
    }
}

async fn made(
    signed: &Signed,
    (account, product): (AccountId, &str),
    form: &Fields,
) -> Result<String, Problem> {
    let (chosen, sent, id) = (Sent::of(form)?, form.clone(), product.to_string());
    let (currency, terms) = (signed.currency()?, Terms::read(signed, form)?);
    let make = move |tx: &mut Tx<'_>, at: At<'_>| {
        let item = settled(at, currency, &id, &chosen)?.exactly()?;
        let new = New {
            account,
            request: terms.request,
            items: &[(item, terms.price)],
            note: sent.text("note"),
            until: terms.until,
            token: sent.once(),
        };
        offers::make(tx, at, new)?;
        Ok("/requests?said=offered".to_string())
    };
    signed.once(form, make).await
}

/// What a form says of an offer beside what it is for.
struct Terms {
    request: Option<SalesRequestId>,
    price: Price,
    until: Timestamp,
}

impl Terms {
    /// Errors: everything that is wrong with the form, as one.
    fn read(signed: &Signed, form: &Fields) -> Result<Terms, Problem> {
        let desk = signed.visit.node.desk();
        let at = desk.at(signed.visit.now);
        let request = request(form).map_err(Problem::from);
        let price = price(form, signed.currency()?).map_err(Problem::from);
        let until = until(at, form.text("until")).map_err(Problem::from);
        let note = offer::note(form.text("note")).map_err(|it| Problem::from(Refusal::from(it)));
        house::all_read([
            request.as_ref().err(),
            price.as_ref().err(),
            until.as_ref().err(),
            note.as_ref().err(),
        ])?;
        Ok(Terms { request: request?, price: price?, until: until? })
    }
}

/// The request that a form says it answers; `None` for none. Errors: `NotFound` of the field for what is none.
fn request(form: &Fields) -> Result<Option<SalesRequestId>, Refusal> {
    match form.text("request") {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Refusal::missing("such request").of("request")),
    }
}

fn price(form: &Fields, currency: Currency) -> Result<Price, Refusal> {
    match (form.text("total"), form.text("rate")) {
        ("", "") => Err(OfferError::Price.into()),
        (total, "") => {
            let read = Money::parse(total, currency).map_err(|it| Refusal::from(it).of("total"))?;
            Ok(Price::Total(offer::above_zero(read)?))
        }
        ("", rate) => {
            let read = units::decimal::parse(rate, 8).ok().and_then(|it| u64::try_from(it).ok());
            Ok(Price::Rate(offer::rate(read.ok_or(OfferError::Rate)?)?))
        }
        (_, _) => Err(OfferError::Price.into()),
    }
}

/// The begin of a day. Errors: what is none, or does not lie ahead as it has to.
fn until(at: At<'_>, day: &str) -> Result<Timestamp, Refusal> {
    let read = at.desk.calendar.parse(&format!("{day} 00:00:00")).map_err(|_| OfferError::Until)?;
    Ok(offer::until(read, at.now)?)
}
