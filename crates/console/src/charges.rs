//! Bills: of a month, a product, a resource.
//!
//! In:  what is asked for in the address. Out: bills, the newest first.
//! Invariant: an address says all of what is shown, so that it can be kept and sent.

use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::{choice, frame, parts, show};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::bill::Kind;
use desk::lists::bills::{self as list, Filter, NamedBill};
use desk::page::{Page, Part};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Bills of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/charges", get(charges))
}

async fn charges(
    signed: Signed,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Response> {
    let account = whose(&signed)?;
    let text = |name: &str| query.get(name).filter(|it| !it.is_empty()).cloned();
    let month = text("month");
    let filter = Filter {
        month: month.clone(),
        product: text("product"),
        kind: choice::asked(&signed, "kind", &Kind::ALL, Kind::as_str)?,
        resource: text("resource"),
        ..Filter::of(account)
    };
    let part = Part { after: text("after"), most: MOST };
    let found = signed.report(move |tx, at| list::page(tx, at, &filter, &part)).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let body = html! {
        @if found.items.is_empty() {
            div.empty { h2 { (texts.no_bills_here()) } p { a href="/bills" { (texts.bills()) } } }
        } @else {
            (table(&signed, &found))
            (parts::csv(visit, "bills", &of_list(&query)))
        }
    };
    let bills = texts.bills();
    let of_month = month.map(|it| (format!("/bills/{it}"), show::month(&it, visit.language)));
    let mut above = vec![("/bills", bills.as_str())];
    above.extend(of_month.iter().map(|it| (it.0.as_str(), it.1.as_str())));
    let is_of_one = query.contains_key("resource") || query.contains_key("product");
    let title = found
        .items
        .first()
        .filter(|_| is_of_one)
        .map_or_else(|| texts.bills(), |it| texts.bills_of(subject(&signed, it)));
    Ok(frame::page(
        &signed,
        StatusCode::OK,
        &frame::Page { title: &title, sub: "", above: &above, body: &body },
    ))
}

/// As the list of the API is asked for the same.
fn of_list(query: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
    let asked = ["month", "product", "kind", "resource"].into_iter();
    asked.filter_map(|name| Some((name, query.get(name)?.as_str()))).collect()
}

/// What a bill is about: a resource by its name, a spec, or a product.
pub(crate) fn subject(signed: &Signed, it: &NamedBill) -> String {
    let named = [it.name.as_str(), &it.bill.spec].into_iter().find(|it| !it.is_empty());
    named.map_or_else(|| signed.product(&it.bill.product), str::to_string)
}

fn table(signed: &Signed, found: &Page<NamedBill>) -> Markup {
    let (visit, texts, unit) = (&signed.visit, signed.visit.texts(), signed.unit());
    html! {
        table.table data-rows {
            thead {
                tr {
                    th scope="col" { (texts.what()) }
                    th.p2 scope="col" { (texts.from()) }
                    th.p2 scope="col" { (texts.to()) }
                    th.p2 scope="col" { (texts.charged()) }
                    th.n.p2 scope="col" { (texts.lines_cost(unit)) }
                    th.n scope="col" { (texts.deducted(unit)) }
                }
            }
            tbody {
                @for it in &found.items {
                    tr {
                        th scope="row" {
                            a href=(format!("/bills/{}", it.bill.id)) { (subject(signed, it)) }
                            span.only.s { (visit.exact_time(it.bill.from)) " – " (visit.exact_time(it.bill.to)) }
                            span.only.s { (it.bill.kind.text().get(visit.language)) }
                        }
                        td.p2.pre { (visit.exact_time(it.bill.from)) }
                        td.p2.pre { @if it.bill.from < it.bill.to { (visit.exact_time(it.bill.to)) } @else { "–" } }
                        td.p2 { (it.bill.kind.text().get(visit.language)) }
                        td.n.p2 { (parts::exact(it.bill.lines_e8(), it.bill.currency())) }
                        td.n { (show::money(it.bill.total)) }
                    }
                }
            }
        }
        (parts::more(visit, found.next.as_deref()))
    }
}
