//! A month of an account: what it came to, by product and by resource.
//!
//! In:  a month. Out: a table in which each level is the sum of the one below.
//! Invariant: the sums are those of the lists of the API; nothing is added up here.

use crate::signed::{Signed, whose};
use crate::{frame, lost, parts, show};
use axum::http::StatusCode;
use axum::response::Response;
use billing::bill::Sum;
use desk::lists::bills::{self as list, InMonth, ProductSum, SubjectSum};
use desk::page::{Page, Part};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};

/// Resources of a page.
const MOST: u16 = 100;
/// Products of a page: more than any price book has.
const PRODUCTS: u16 = 500;

/// A month as it is shown.
struct Statement {
    sum: Sum,
    products: Vec<ProductSum>,
    subjects: Page<SubjectSum>,
    /// Whether more may still come into it.
    estimate: bool,
}

fn read(tx: &mut Tx<'_>, at: At<'_>, of: &InMonth, after: Option<String>) -> Result<Statement, Refusal> {
    let products = list::products(tx, at, of, &Part::first(PRODUCTS))?.items;
    let subjects = list::resources(tx, at, of, &Part { after, most: MOST })?;
    let cycle = list::month(at.desk, &of.month)?;
    let currency = desk::lists::accounts::one(tx, of.account)?.account.currency;
    Ok(Statement {
        sum: Sum::of(products.iter().map(|it| &it.sum), currency)?,
        estimate: billing::bill::is_estimate(&cycle, at.now, &at.desk.calendar),
        products,
        subjects,
    })
}

pub(crate) async fn page(signed: &Signed, month: &str, after: Option<String>) -> Result<Response, Response> {
    let account = whose(signed)?;
    // A month that has not begun has no statement.
    if !is_month(month) || month > signed.visit.calendar.month(signed.visit.now).as_str() {
        return Ok(lost::nowhere(signed.visit.clone()).await);
    }
    let of = InMonth { account, month: month.to_string(), product: None };
    let found = signed.report(move |tx, at| read(tx, at, &of, after.clone())).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let sub = if found.estimate { texts.not_final() } else { texts.final_month() };
    let body = html! {
        (figures(signed, &found.sum))
        section aria-labelledby="h-tree" {
            div.sect { h2 id="h-tree" { (texts.made_of()) } a.more href=(format!("/cost?month={month}")) { (texts.costs()) } }
            @if found.products.is_empty() {
                div.empty { h3 { (texts.no_bills_in_month()) } p { a href="/bills" { (texts.bills()) } } }
            } @else { (tree(signed, month, &found)) }
        }
    };
    let (title, bills) = (show::month(month, visit.language), texts.bills());
    let above = [("/bills", bills.as_str())];
    let page = frame::Page { title: &title, sub: &sub, above: &above, body: &body };
    Ok(frame::page(signed, StatusCode::OK, &page))
}

/// `2026-06`.
fn is_month(text: &str) -> bool {
    let digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    text.split_once('-').is_some_and(|(year, month)| {
        year.len() == 4 && digits(year) && digits(month) && ("01"..="12").contains(&month)
    })
}

fn figures(signed: &Signed, sum: &Sum) -> Markup {
    let (texts, unit) = (signed.visit.texts(), signed.unit());
    let purses = sum.paid.purses();
    let of = texts.cash_and_bonus(show::money(purses.cash()), show::money(purses.bonus()));
    let bills = texts.so_many_bills(sum.bills, show::thousands(&sum.bills.to_string()));
    html! {
        dl.figures {
            (parts::figure(&texts.was_deducted(), &show::money(sum.total), unit, &html! { (bills) }))
            @if !sum.vouchers().is_zero() { (parts::figure(&texts.from_vouchers(), &show::money(sum.vouchers()), unit, &html! {})) }
            (parts::figure(&texts.paid_from(), &show::money(purses.total()), unit, &html! { (of) }))
            (parts::figure(&texts.owed_then(), &show::money(sum.paid.owed()), unit, &html! { (texts.owed_then_hint()) }))
        }
    }
}

fn tree(signed: &Signed, month: &str, it: &Statement) -> Markup {
    let (visit, texts, unit) = (&signed.visit, signed.visit.texts(), signed.unit());
    let subjects = &it.subjects.items;
    let begins =
        |index: usize| index == 0 || subjects[index - 1].subject.product != subjects[index].subject.product;
    html! {
        table.table {
            caption { (texts.exactness(unit)) }
            thead {
                tr {
                    th scope="col" { (texts.product_and_resource()) }
                    th.p2 scope="col" { (texts.charged()) }
                    th.n.p2 scope="col" { (texts.bills()) }
                    th.n.p2 scope="col" { (texts.lines_cost(unit)) }
                    th.n scope="col" { (texts.deducted(unit)) }
                    th scope="col" { span.sr { (texts.bills()) } }
                }
            }
            tbody {
                @for (index, subject) in subjects.iter().enumerate() {
                    @if begins(index) { (product_row(signed, &subject.subject.product, it)) }
                    (subject_row(signed, month, subject))
                }
            }
            tfoot {
                tr {
                    th scope="row" { (show::month(month, visit.language)) }
                    td.p2 {}
                    (sums(&it.sum))
                    td {}
                }
            }
        }
        (parts::more(visit, it.subjects.next.as_deref()))
        (parts::csv(visit, "bill-resources", &[("month", month)]))
    }
}

/// The columns of figures.
fn sums(sum: &Sum) -> Markup {
    html! {
        td.n.p2 { (show::thousands(&sum.bills.to_string())) }
        td.n.p2 { (parts::exact(sum.amount_e8, sum.total.currency())) }
        td.n { (show::money(sum.total)) }
    }
}

fn product_row(signed: &Signed, product: &str, it: &Statement) -> Markup {
    let sum = it.products.iter().find(|it| it.product == product);
    html! {
        @if let Some(it) = sum {
            tr.l1 { th scope="row" { (signed.product(&it.product)) } td.p2 {} (sums(&it.sum)) td {} }
        }
    }
}

/// What something is called: as its resource or order, by its spec, or by its product.
pub(crate) fn called(signed: &Signed, [name, spec, product]: [&str; 3]) -> String {
    let named = [name, spec].into_iter().find(|it| !it.is_empty());
    named.map_or_else(|| signed.product(product), str::to_string)
}

/// Where the bills of a month are listed, of a product, a resource and a kind: empty for any.
pub(crate) fn charges(month: &str, [product, resource, kind]: [&str; 3]) -> String {
    let mut query = form_urlencoded::Serializer::new(format!("/charges?month={month}"));
    let asked = [("product", product), ("resource", resource), ("kind", kind)];
    query.extend_pairs(asked.into_iter().filter(|it| !it.1.is_empty()));
    query.finish()
}

fn subject_row(signed: &Signed, month: &str, it: &SubjectSum) -> Markup {
    let texts = signed.visit.texts();
    let subject = &it.subject;
    let name = called(signed, [&it.name, &subject.spec, &subject.product]);
    let bills = charges(month, [&subject.product, &subject.resource, &subject.kind]);
    html! {
        tr.l2 {
            th scope="row" { (name) @if !subject.region.is_empty() { span.s { (signed.place(&subject.region)) } } span.only.s { (it.kind.text().get(signed.visit.language)) } }
            td.p2 { (it.kind.text().get(signed.visit.language)) }
            (sums(&it.sum))
            td.one { a href=(bills) aria-label=(texts.bills_of(&name)) { (texts.bills()) } }
        }
    }
}
