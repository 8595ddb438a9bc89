//! Why a line is what it is, down to the events.
//!
//! In:  a line of a bill. Out: what happened, the arithmetic, and who paid, in the language of the page.
//! Invariant: figures are said in the units that people speak of; behind them stands the arithmetic to the last digit, in
//! the sentences of `till explain` and of the API.

use crate::charges::subject;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::{frame, house, linked, lost, parts, show};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::bill::Bill;
use billing::explain::{Reason, Step};
use billing::user::{House, Right};
use desk::explain::{self, Detail, Explanation, Figures, Question, ToldTo};
use desk::lists::bills::{self as list, NamedBill};
use maud::{Markup, html};
use std::collections::BTreeMap;
use units::{AccountId, BillId};

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/bills/{bill}/{line}", get(why))
}

async fn why(
    signed: Signed,
    Path((bill, line)): Path<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Response> {
    let (Ok(id), Ok(number)) = (bill.parse::<BillId>(), line.parse::<usize>()) else {
        return Ok(lost::nowhere(signed.visit).await);
    };
    let account = whose(&signed)?;
    let (found, bill) = read(&signed, account, BillLine { bill: id, number }, &query).await?;
    Ok(shown(&signed, number, &found, &bill))
}

/// A line of a bill by its number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BillLine {
    pub bill: BillId,
    pub number: usize,
}

/// The explanation of a line, and its bill.
pub(crate) async fn read(
    signed: &Signed,
    account: AccountId,
    line: BillLine,
    query: &BTreeMap<String, String>,
) -> Result<(Explanation, NamedBill), Response> {
    let detail = if query.contains_key("readings") { Detail::Whole } else { Detail::Summary };
    let BillLine { bill, number } = line;
    let (language, figures) = (signed.visit.language, Figures::Readable);
    let told_to = match signed.house() {
        House::Operator => ToldTo::Operator,
        House::Account(_) => ToldTo::Customer,
    };
    let question = Question { account, bill, number, language, detail, figures, told_to };
    let read = move |tx: &mut desk::Tx<'_>, at: desk::At<'_>| {
        let named = list::one(tx, account, bill)?;
        let lines = named.bill.lines.len();
        if lines > 0 && number >= lines {
            return Ok(Err(lines));
        }
        Ok(Ok((explain::line(tx, at.desk, question)?, named)))
    };
    let found = signed.report(read).await?;
    found.map_err(|lines| {
        let (texts, bill) =
            (signed.visit.texts(), format!("{}/bills/{bill}", house::things(signed, account)));
        let content = html! {
            p { (texts.so_many_lines(lines)) }
            p { a href=(bill) { (texts.refund_see_bill()) } }
        };
        lost::part(&signed.visit, texts.no_such_line(), content)
    })
}

/// What happened, the arithmetic, and the whole sum beside them.
pub(crate) fn reasons(signed: &Signed, number: usize, it: &Explanation, bill: &NamedBill) -> Markup {
    let texts = signed.visit.texts();
    let ended = match bill.bill.went_back() {
        true => texts.rounded_and_given_back(),
        false => texts.rounded_and_paid(),
    };
    let said = |all: &[String]| sentences(signed, bill.bill.account, all);
    html! {
        div.cols.side-r {
            ol.why {
                (step(&texts.what_happened(), &said(&it.facts)))
                @if !it.steps.is_empty() { (step(&texts.arithmetic(), &arithmetic(signed, it, &bill.bill))) }
                (step(&ended, &said(&it.sum)))
            }
            div.stick { (slip(signed, number, bill)) (ways(signed, number, bill)) }
        }
    }
}

/// What a line is called, and the question.
pub(crate) fn titles(signed: &Signed, number: usize, bill: &NamedBill) -> (String, String) {
    let line = bill.bill.lines.get(number);
    let name = line.map_or_else(|| subject(signed, bill), |it| signed.component(&bill.bill, it));
    let cost = line.map_or_else(
        || show::money(bill.bill.total),
        |it| show::cost(it.cost_e8.into(), bill.bill.currency()),
    );
    (name, signed.visit.texts().why_so_much(format!("{cost} {}", signed.unit())))
}

fn shown(signed: &Signed, number: usize, it: &Explanation, bill: &NamedBill) -> Response {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let body = reasons(signed, number, it, bill);
    let (month, bills) = (visit.calendar.month(bill.bill.from), texts.bills());
    let (of_month, title) = (format!("/bills/{month}"), show::month(&month, visit.language));
    let (of_bill, subject) = (format!("/bills/{}", bill.bill.id), subject(signed, bill));
    let above = [
        ("/bills", bills.as_str()),
        (of_month.as_str(), title.as_str()),
        (of_bill.as_str(), subject.as_str()),
    ];
    let (name, title) = titles(signed, number, bill);
    frame::page(
        signed,
        StatusCode::OK,
        &frame::Page { title: &title, sub: &name, above: &above, body: &body },
    )
}

/// The ways on: to the prices that made it, for who keeps them; to what its resource used, and to each reading that it counts.
fn ways(signed: &Signed, number: usize, it: &NamedBill) -> Markup {
    let (visit, texts, bill) = (&signed.visit, signed.visit.texts(), &it.bill);
    let Some(line) = bill.lines.get(number).filter(|it| !it.is_sum()) else { return html! {} };
    let desk = visit.node.desk();
    // Prices of one account alone have no page: those that everybody sees lie below them.
    let book = desk.books.listed(line.book).or_else(|| desk.books.get(line.book));
    let book = book.filter(|it| it.product(&bill.product).is_some());
    let component =
        book.and_then(|it| it.product(&bill.product)?.components.iter().find(|it| it.id == line.component));
    let is_measured = bill.kind.is_post_paid() && component.is_some_and(|it| it.meter.usage().is_some());
    let own = bill.resource.filter(|_| is_measured && matches!(signed.house(), House::Account(_)));
    let is_listed = visit.address.contains("readings=");
    let book = book.filter(|_| signed.may(Right::Customers));
    html! {
        @if book.is_some() || is_measured {
            ul.also.dots {
                @if let Some(book) = book {
                    li { a href=(format!("/operator/books/{}/products/{}", book.id, bill.product)) { (texts.priced_by_book(&book.name)) } }
                }
                @if let Some(id) = own { li { a href=(format!("/resources/{id}")) { (texts.what_it_used(subject(signed, it))) } } }
                @if is_measured && !is_listed { li { a href=(visit.behind("readings", "all")) { (texts.each_reading()) } } }
            }
        }
    }
}

fn step(title: &str, content: &Markup) -> Markup {
    html! { li { div { h2 { (title) } (content) } } }
}

fn sentences(signed: &Signed, account: AccountId, all: &[String]) -> Markup {
    html! { @for it in all { p { (linked::text(signed, account, it)) } } }
}

/// The steps, each with what the line comes to after it.
fn arithmetic(signed: &Signed, it: &Explanation, of: &Bill<'_>) -> Markup {
    let (texts, unit) = (signed.visit.texts(), signed.unit());
    // Of what is paid after use nothing but the contract takes a share off. Source: R-PRC-4, R-PRC-5.
    let is_agreed = of.kind.is_post_paid() && it.steps.iter().any(|it| matches!(it.step, Step::Rate { .. }));
    html! {
        table.table.tight {
            thead { tr { th scope="col" { (texts.step()) } th.n scope="col" { (texts.comes_to(unit)) } } }
            tbody {
                @for reason in &it.steps {
                    tr {
                        td { (reason.readable(it.language)) }
                        td.n { @if let Some(result) = reason.result { (parts::exact(result.e8(), result.currency())) } }
                    }
                }
            }
        }
        @if is_agreed { p.hint { (texts.rate_of_contract()) } }
        (exactly(signed, it))
    }
}

/// The same to the last digit. What the price book notes of a price is for those who keep it.
fn exactly(signed: &Signed, it: &Explanation) -> Markup {
    let is_shown = |it: &&Reason| {
        signed.may(Right::Customers) || !matches!(it.step, Step::Priced { contract: None, .. })
    };
    html! {
        details.gap {
            summary { (signed.visit.texts().exact_figures()) }
            @for reason in it.steps.iter().filter(is_shown) { p.hint { (reason.sentence(it.language)) } }
        }
    }
}

/// When a bill was deducted, went back, or was made where no money moved.
fn moved(signed: &Signed, bill: &Bill<'_>) -> String {
    let (texts, at) = (signed.visit.texts(), signed.visit.exact_time(bill.posted));
    if bill.went_back() {
        texts.went_back_at(at)
    } else if bill.total.is_zero() {
        texts.billed_at(at)
    } else {
        texts.deducted_at(at)
    }
}

/// The whole sum: lines, what they add up to, and what was deducted.
fn slip(signed: &Signed, number: usize, it: &NamedBill) -> Markup {
    let (texts, unit) = (signed.visit.texts(), signed.unit());
    let (bill, currency) = (&it.bill, it.bill.currency());
    html! {
        aside.slip aria-labelledby="h-slip" {
            h2 id="h-slip" { (texts.whole_sum()) }
            dl.rows {
                @for (index, line) in bill.lines.iter().enumerate() {
                    div {
                        dt { @if index == number { b { (signed.component(bill, line)) } } @else { (signed.component(bill, line)) } }
                        dd { (parts::exact(line.cost_e8.into(), currency)) }
                    }
                }
                div.sum { dt { (texts.rounded()) } dd { (show::money(bill.total)) " " span.cur { (unit) } } }
            }
        }
        p.hint { (moved(signed, bill)) }
        p.hint.id { (bill.id) "/" (number) }
    }
}
