//! One bill: for what, how much, paid from what, and its lines.
//!
//! In:  a bill. Out: each of its lines with the way to its arithmetic.
//! Invariant: a bill of another account is not there.

use crate::charges::subject;
use crate::signed::{Signed, whose};
use crate::why::{self, BillLine};
use crate::{frame, house, linked, parts, show};
use axum::http::StatusCode;
use axum::response::Response;
use billing::bill::{Bill, Kind, Line};
use billing::readable;
use desk::lists::bills::{self as list, NamedBill, Whole};
use maud::{Markup, html};
use std::collections::BTreeMap;
use units::{BillId, Measured, Money};

pub(crate) async fn page(signed: &Signed, id: BillId) -> Result<Response, Response> {
    let account = whose(signed)?;
    let whole = signed.read(move |tx, _| list::whole(tx, account, id)).await?;
    let (visit, texts, found) = (&signed.visit, signed.visit.texts(), &whole.named);
    let reasons = without_lines(signed, found).await?;
    let body = html! { (shown(signed, &whole)) (reasons) };
    let (month, bills) = (visit.calendar.month(found.bill.from), texts.bills());
    let (address, title) = (format!("/bills/{month}"), show::month(&month, visit.language));
    let above = [("/bills", bills.as_str()), (address.as_str(), title.as_str())];
    let (title, sub) = (texts.bill_of(subject(signed, found)), sub(signed, &found.bill));
    Ok(frame::page(
        signed,
        StatusCode::OK,
        &frame::Page { title: &title, sub: &sub, above: &above, body: &body },
    ))
}

/// How the sum of a bill without lines comes about; nothing of one whose lines say that. Source: R-MON-4.
async fn without_lines(signed: &Signed, it: &NamedBill) -> Result<Markup, Response> {
    if !it.bill.lines.is_empty() {
        return Ok(html! {});
    }
    let line = BillLine { bill: it.bill.id, number: 0 };
    let (found, _) = why::read(signed, it.bill.account, line, &BTreeMap::new()).await?;
    Ok(html! {
        section aria-labelledby="h-whole" {
            div.sect { h2 id="h-whole" { (signed.visit.texts().arithmetic()) } }
            @for said in found.facts.iter().chain(&found.sum) { p.prose { (linked::text(signed, it.bill.account, said)) } }
        }
    })
}

/// How a bill was charged, and for what.
pub(crate) fn sub(signed: &Signed, it: &Bill<'_>) -> String {
    format!("{} · {}", it.kind.text().get(signed.visit.language), signed.product(&it.product))
}

/// Its figures and its lines.
pub(crate) fn shown(signed: &Signed, it: &Whole) -> Markup {
    html! { (figures(signed, it)) (corrected(signed, it)) (lines(signed, &it.named.bill)) }
}

/// The bill that it corrects, and what people credited or charged of it since, with why. Source: R-COR-1.
fn corrected(signed: &Signed, it: &Whole) -> Markup {
    let (visit, texts, bill) = (&signed.visit, signed.visit.texts(), &it.named.bill);
    let address = |id: BillId| format!("{}/bills/{id}", house::things(signed, bill.account));
    let line = |number: Option<usize>| number.and_then(|it| bill.lines.get(it));
    html! {
        @if let Some(id) = it.against { p.prose { a href=(address(id)) { (texts.corrected_bill()) } } }
        @if !it.corrections.is_empty() {
            section aria-labelledby="h-corrected" {
                div.sect { h2 id="h-corrected" { (texts.corrected_since()) } p { (texts.corrected_since_hint()) } }
                table.table {
                    thead { tr { th scope="col" { (texts.reason()) } th.p2 scope="col" { (texts.at()) } th.n scope="col" { (texts.amount(signed.unit())) } } }
                    tbody {
                        @for made in &it.corrections {
                            tr {
                                th scope="row" {
                                    a href=(address(made.made)) { (made.correction.reason) }
                                    @if let Some(line) = line(made.line) { span.s { (signed.component(bill, line)) } }
                                }
                                td.p2.pre { (visit.exact_time(made.correction.at)) }
                                td.n { (show::money(made.total)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn figures(signed: &Signed, it: &Whole) -> Markup {
    let (visit, texts, unit) = (&signed.visit, signed.visit.texts(), signed.unit());
    let bill = &it.named.bill;
    if bill.went_back() {
        return went_back(signed, it);
    }
    let purses = bill.paid.purses();
    let of = texts.cash_and_bonus(show::money(purses.cash()), show::money(purses.bonus()));
    html! {
        dl.figures {
            (parts::figure(&texts.was_deducted(), &show::money(bill.total), unit, &html! { (visit.exact_time(bill.posted)) }))
            @if !bill.vouchers().is_zero() { (parts::figure(&texts.from_vouchers(), &show::money(bill.vouchers()), unit, &html! {})) }
            (parts::figure(&texts.paid_from(), &show::money(purses.total()), unit, &html! { (of) }))
            (parts::figure(&texts.owed_then(), &show::money(bill.paid.owed()), unit, &html! { (texts.owed_then_hint()) }))
        }
        p.prose { (time(signed, it)) }
    }
}

/// For which time a bill is, and when it was made where it is for none.
fn time(signed: &Signed, it: &Whole) -> String {
    let (visit, texts, bill) = (&signed.visit, signed.visit.texts(), &it.named.bill);
    let Some([from, to]) = it.period.map(|it| it.map(|it| visit.exact_time(it))) else {
        return texts.billed_at(visit.exact_time(bill.posted));
    };
    match bill.kind {
        Kind::PackPurchase => texts.pack_good_between(from, to),
        Kind::Correction => texts.corrected_between(from, to),
        Kind::Commitment => texts.commitment_of(from, to),
        Kind::PrepaidNew | Kind::PrepaidRenew | Kind::PrepaidChange => texts.paid_for_between(from, to),
        Kind::Hourly
        | Kind::Daily
        | Kind::Monthly
        | Kind::Adjustment
        | Kind::PrecisionCredit
        | Kind::PrecisionWaiver
        | Kind::OneTime
        | Kind::Refund => texts.used_between(from, to),
    }
}

/// The figures of a bill below zero, or of a downgrade: what went back, and where. Source: R-CHG-3, R-REF-4.
fn went_back(signed: &Signed, it: &Whole) -> Markup {
    let (visit, texts, unit) = (&signed.visit, signed.visit.texts(), signed.unit());
    let bill = &it.named.bill;
    let back = |sum: Money| show::money(sum.checked_neg().unwrap_or(sum));
    let purses = bill.paid.purses();
    let of = texts.cash_and_bonus(back(purses.cash()), back(purses.bonus()));
    // Cash of a refund may go to cards.
    let to =
        if bill.kind == Kind::Refund { texts.back_to_balance_or_card() } else { texts.back_to_balance() };
    html! {
        dl.figures {
            (parts::figure(&texts.refund_went_back(), &back(bill.total), unit, &html! { (visit.exact_time(bill.posted)) }))
            @if !bill.vouchers().is_zero() { (parts::figure(&texts.from_vouchers(), &show::money(bill.vouchers()), unit, &html! {})) }
            (parts::figure(&to, &back(purses.total()), unit, &html! { (of) }))
            (parts::figure(&texts.refund_to_owed(), &back(bill.paid.owed()), unit, &html! {}))
        }
        @if bill.total.is_zero() { p.prose { (texts.nothing_moved()) } }
        p.prose { (time(signed, it)) }
    }
}

fn lines(signed: &Signed, bill: &Bill<'_>) -> Markup {
    let texts = signed.visit.texts();
    html! {
        section aria-labelledby="h-lines" {
            div.sect { h2 id="h-lines" { (texts.lines()) } @if bill.lines.is_empty() { a.more href=(format!("{}/bills/{}/0", house::things(signed, bill.account), bill.id)) { (texts.why()) } } @else { p { (texts.rounded_once()) } } }
            @if bill.lines.is_empty() { p.prose { (settles(signed, bill)) } } @else { (table(signed, bill)) }
        }
    }
}

/// What a bill without lines settles.
fn settles(signed: &Signed, bill: &Bill<'_>) -> String {
    let texts = signed.visit.texts();
    let sum = format!("{} {}", show::cost(bill.amount_e8.into(), bill.currency()), signed.unit());
    match bill.kind {
        Kind::Correction => texts.no_lines_corrected(sum),
        Kind::PrepaidNew
        | Kind::PrepaidRenew
        | Kind::PrepaidChange
        | Kind::PackPurchase
        | Kind::Hourly
        | Kind::Daily
        | Kind::Monthly
        | Kind::Adjustment
        | Kind::PrecisionCredit
        | Kind::PrecisionWaiver
        | Kind::OneTime
        | Kind::Refund
        | Kind::Commitment => texts.no_lines_rounding(sum),
    }
}

fn table(signed: &Signed, bill: &Bill<'_>) -> Markup {
    let (texts, unit) = (signed.visit.texts(), signed.unit());
    html! {
            table.table {
                thead {
                    tr {
                        th scope="col" { (texts.component()) }
                        th.n.p2 scope="col" { (texts.measured()) }
                        th.n.p2 scope="col" { (texts.at_list_price(unit)) }
                        th.n.p2 scope="col" { (texts.rate()) }
                        th.n scope="col" { (texts.cost(unit)) }
                        th scope="col" { span.sr { (texts.why()) } }
                    }
                }
                tbody {
                    @for (number, line) in bill.lines.iter().enumerate() { (row(signed, bill, number, line)) }
                }
                tfoot {
                    tr {
                        th scope="row" { (texts.sum_of_lines()) }
                        td.p2 {} td.p2 {} td.p2 {}
                        td.n { (parts::exact(bill.amount_e8.into(), bill.currency())) }
                        td {}
                    }
                    @if bill.carried_e8 != 0 { (carried(signed, bill)) }
                }
            }
    }
}

/// What rounding left of the sum, for the next bill of the product.
fn carried(signed: &Signed, bill: &Bill<'_>) -> Markup {
    let texts = signed.visit.texts();
    html! {
        tr {
            th scope="row" { (texts.left_to_next_bill()) }
            td.p2 {} td.p2 {} td.p2 {}
            td.n { (parts::exact(bill.carried_e8.into(), bill.currency())) }
            td {}
        }
    }
}

fn row(signed: &Signed, bill: &Bill<'_>, number: usize, line: &Line<'_>) -> Markup {
    let currency = bill.currency();
    html! {
        tr {
            th scope="row" { (signed.component(bill, line)) }
            @if line.is_sum() {
                // It has no price: nothing was measured.
                td.n.p2 { "–" } td.n.p2 { "–" } td.n.p2 { "–" }
            } @else {
                (measured(signed, line.measured))
                td.n.p2 { (parts::exact(line.list_e8.into(), currency)) }
                td.n.p2 { (show::rate(line.rate_e8)) }
            }
            td.n { (parts::exact(line.cost_e8.into(), currency)) }
            td.one { (why(signed, bill, number, &signed.component(bill, line))) }
        }
    }
}

/// What was measured, as it is read; what it is exactly when it is pointed at.
fn measured(signed: &Signed, it: Measured) -> Markup {
    let language = signed.visit.language;
    html! { td.n.p2 title=(readable::exactly(it.quantity, it.unit, language)) { (readable::measured(it, language)) } }
}

/// The way to the arithmetic of a line.
fn why(signed: &Signed, bill: &Bill<'_>, number: usize, name: &str) -> Markup {
    let texts = signed.visit.texts();
    let label = format!("{}: {name}", texts.why());
    let things = house::things(signed, bill.account);
    html! { a href=(format!("{things}/bills/{}/{number}", bill.id)) aria-label=(label) { (texts.why()) } }
}
