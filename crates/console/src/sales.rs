//! Requests to sales and offers, as the customer sees them.
//!
//! In:  an account; what is asked for. Out: requests and offers, the newest first; a form to ask.
//! Invariant: what is shown is what the lists of the API give; a request orders nothing.

use crate::fields::Fields;
use crate::house::{self, Asked};
use crate::parts::{self, Field, Wrong, sent};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::{choice, frame, show, words};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::sales::{self as rules, SalesError, State};
use billing::user::Right;
use desk::lists::offers::{self as list, Filter, Offer, Request, RequestsFilter};
use desk::page::Part;
use desk::sales::{self, New};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use units::{AccountId, Money, SalesRequestId};
use web::problem::Problem;

/// Requests and offers of a page.
const MOST: u16 = 50;
/// The place in the list of requests, beside that of offers in the same address.
pub(crate) const AFTER_REQUESTS: &str = "after-requests";

pub(crate) fn routes() -> Router<Console> {
    // A request has no page of its own.
    let up = || async { see_other("/requests") };
    Router::new()
        .route("/requests", get(all).post(ask))
        .route("/requests/{request}/withdraw", get(up).post(withdraw))
}

async fn all(signed: Signed, Query(query): Query<Asked>) -> Result<Response, Response> {
    page(&signed, &query, None).await
}

/// What was just done, as the address says it.
fn said(signed: &Signed, query: &Asked) -> Option<String> {
    let texts = signed.visit.texts();
    match query.get("said").map(String::as_str) {
        Some("sent") => Some(texts.request_sent()),
        Some("withdrawn") => Some(texts.request_withdrawn()),
        Some("declined") => Some(texts.offer_is_declined()),
        Some("offered") => Some(texts.offer_made()),
        Some(_) | None => None,
    }
}

async fn page(
    signed: &Signed,
    query: &Asked,
    wrong: Option<(&Fields, &Problem)>,
) -> Result<Response, Response> {
    let account = whose(signed)?;
    let part = |name: &str| Part { after: house::text(query, name), most: MOST };
    let (of_offers, of_requests) = (part("after"), part(AFTER_REQUESTS));
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let offers = list::page(tx, at, Filter { account: Some(account), state: None }, &of_offers)?;
        let of = RequestsFilter { account: Some(account), state: None };
        Ok((offers, list::requests(tx, of, &of_requests)?))
    };
    let (offers, requests) = signed.read(read).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it.1, visit));
    let rows: Vec<Row<'_>> = offers.items.iter().map(|offer| Row { offer, of: None }).collect();
    let table = offers_table(signed, &rows)?;
    let body = html! {
        @if let Some(said) = said(signed, query) { (parts::done(&said, &html! {})) }
        (parts::errors(visit, told.as_ref()))
        section aria-labelledby="h-offers" {
            div.sect { h2 id="h-offers" { (texts.offers()) } }
            @if offers.items.is_empty() { p.quiet { (show::sentences(&[&texts.no_offers(), &texts.no_offers_hint()], visit.language)) } } @else {
                (table)
                (parts::more(visit, offers.next.as_deref()))
                (parts::csv(visit, "offers", &[]))
            }
        }
        section aria-labelledby="h-requests" {
            div.sect { h2 id="h-requests" { (texts.requests()) } }
            @if requests.items.is_empty() { p.quiet { (show::sentences(&[&texts.no_requests(), &texts.no_requests_hint()], visit.language)) } } @else {
                (requests_list(signed, &requests.items))
                (parts::more_of(visit, AFTER_REQUESTS, requests.next.as_deref()))
                (parts::csv(visit, "sales-requests", &[]))
            }
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

/// An offer of a table.
pub(crate) struct Row<'a> {
    pub offer: &'a Offer,
    /// What the customer is called, where the offers are of several.
    pub of: Option<&'a str>,
}

/// Offers as a table. The answer otherwise: that a sum cannot be had.
pub(crate) fn offers_table(signed: &Signed, rows: &[Row<'_>]) -> Result<Markup, Response> {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let totals: Result<Vec<Money>, _> = rows.iter().map(|it| it.offer.total()).collect();
    let totals = signed.good(totals)?;
    Ok(html! {
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
                @for (Row { offer: it, of }, total) in rows.iter().zip(totals) {
                    tr {
                        th scope="row" {
                            a href=(format!("/offers/{}", it.id)) { (items(signed, it)) }
                            @if let Some(name) = of { span.s { (name) } }
                            span.s { (texts.offer_of(visit.time(it.created))) }
                            span.only.s { (show::labelled(&texts.good_until_then(), &visit.exact_time(it.until), visit.language)) }
                        }
                        td { (words::offer_state(texts, it.state_at(visit.now))) }
                        td.p2.pre { (visit.exact_time(it.until)) }
                        td.n { (show::money(total)) " " (show::currency(total.currency(), visit.language)) }
                    }
                }
            }
        }
    })
}

/// What an offer is for.
pub(crate) fn items(signed: &Signed, it: &Offer) -> String {
    let one = |it: &billing::offer::OfferedItem| {
        format!("{} × {}", it.item.wish.quantity, signed.product(&it.item.wish.product))
    };
    show::listed(&it.items.iter().map(one).collect::<Vec<_>>(), signed.visit.language)
}

/// What was asked, in a line.
pub(crate) fn asked(signed: &Signed, it: &Request) -> Markup {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let product = it.product.as_ref().map(|it| signed.product(it));
    let what = match (it.quantity, product) {
        (Some(quantity), Some(product)) => Some(format!("{quantity} × {product}")),
        (Some(quantity), None) => Some(texts.asked_pieces(quantity, show::thousands(&quantity.to_string()))),
        (None, product) => product,
    };
    let money = |it: Money| format!("{} {}", show::money(it), show::currency(it.currency(), language));
    let parts = [
        what,
        it.from.as_ref().map(|day| texts.asked_from_day(show::month(day, language))),
        it.price.map(|price| texts.asked_for_price(money(price))),
    ];
    let line: Vec<String> = parts.into_iter().flatten().collect();
    html! { @if !line.is_empty() { span.s { (line.join(&language.say(", ".into(), "，".into()))) } } }
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
    html! {
        form.narrow method="post" action="/requests" {
            (parts::hidden(visit))
            div.field {
                label for="product" { (texts.asked_product()) }
                select.select id="product" name="product" {
                    option value="" { (texts.any_product()) }
                    @for (id, name) in &signed.products() {
                        option value=(id) selected[sent(form, "product") == id.as_str()] { (name) }
                    }
                }
            }
            (parts::optional("quantity", &texts.asked_quantity(), sent(form, "quantity"), wrong))
            (parts::optional("from", &texts.asked_from(), sent(form, "from"), wrong))
            (parts::optional("price", &texts.asked_price(signed.unit()), sent(form, "price"), wrong))
            (Field::text("message", texts.asked_message(), sent(form, "message")).hint(texts.asked_message_hint()).show(wrong))
            div.field { button.btn.main { (texts.send_to_sales()) } }
        }
    }
}

async fn ask(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let account = whose(&signed)?;
    frame::needs(&signed, Right::Buy)?;
    match sent_off(&signed, account, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, &Asked::new(), Some((&form, &problem))).await,
    }
}

async fn sent_off(signed: &Signed, account: AccountId, form: &Fields) -> Result<String, Problem> {
    let (asked, sent) = (Asking::read(signed, form)?, form.clone());
    let ask = move |tx: &mut Tx<'_>, at: At<'_>| {
        let new = New {
            account,
            product: said_of(&sent, "product"),
            quantity: asked.quantity,
            from: said_of(&sent, "from"),
            price: asked.price,
            message: sent.text("message"),
            token: sent.once(),
        };
        sales::ask(tx, at, new)?;
        Ok("/requests?said=sent".to_string())
    };
    signed.once(form, ask).await
}

/// What a field says, if anything.
fn said_of<'a>(form: &'a Fields, name: &str) -> Option<&'a str> {
    Some(form.text(name)).filter(|it| !it.is_empty())
}

/// What a form asks for, as far as it is not a text.
struct Asking {
    quantity: Option<u32>,
    price: Option<Money>,
}

impl Asking {
    /// Errors: everything that is wrong with the form, as one.
    fn read(signed: &Signed, form: &Fields) -> Result<Asking, Problem> {
        let (currency, calendar) = (signed.currency()?, &signed.visit.calendar);
        let wrong = |it: SalesError| Problem::from(Refusal::from(it));
        let quantity = choice::number(form, "quantity").and_then(|it| rules::pieces(it).map_err(wrong));
        let from = said_of(form, "from").map(|it| rules::day(it, calendar)).transpose().map_err(wrong);
        let price = said_of(form, "price").map(|it| Money::parse(it, currency)).transpose();
        let price = price.map_err(|it| Problem::from(Refusal::from(it).of("price")));
        let message = rules::message(form.text("message")).map_err(wrong);
        house::all_read([
            quantity.as_ref().err(),
            from.as_ref().err(),
            price.as_ref().err(),
            message.as_ref().err(),
        ])?;
        Ok(Asking { quantity: quantity?, price: price? })
    }
}

async fn withdraw(
    Path(request): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let account = whose(&signed)?;
    frame::needs(&signed, Right::Buy)?;
    let id: SalesRequestId = signed.id(&request).await?;
    let withdraw = move |tx: &mut Tx<'_>, at: At<'_>| {
        sales::withdraw(tx, at, account, id)?;
        Ok("/requests?said=withdrawn".to_string())
    };
    match signed.once(&form, withdraw).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, &Asked::new(), Some((&form, &problem))).await,
    }
}
