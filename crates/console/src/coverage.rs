//! Coverage: what lives and is not priced, not measured, or has fallen silent.
//!
//! In:  after how many hours a meter counts as silent, in the address. Out: a table for each.
//! Invariant: the same report as the API gives.

use crate::signed::Signed;
use crate::state::Console;
use crate::{choice, frame, house, parts, show};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::user::Right;
use desk::coverage::{self as report, Coverage, Filter, Silent, Unpriced, WithoutLife};
use desk::lists::accounts;
use desk::{At, Tx};
use maud::{Markup, html};
use std::collections::BTreeMap;
use units::AccountId;

/// A meter without a reading for so many hours is silent, where nothing else is asked for.
const HOURS: u32 = 2;
/// The choices of a page.
const CHOICES: [u32; 4] = [2, 6, 24, 168];

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/coverage", get(coverage))
}

async fn coverage(
    signed: Signed,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let asked = choice::asked(&signed, "hours", &CHOICES, |it| it.to_string())?;
    let hours = asked.unwrap_or(HOURS);
    let of = Filter { hours, after: query.get("after").cloned() };
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let found = report::report(tx, at, &of)?;
        let ids =
            found.unmetered.iter().map(|it| &it.account).chain(found.silent.iter().map(|it| &it.account));
        let names = accounts::names(tx, ids.filter_map(|it| it.parse().ok()))?;
        Ok((found, names))
    };
    let (found, names) = signed.report(read).await?;
    let texts = signed.visit.texts();
    let body = html! {
        (choice(&signed, hours))
        @if is_whole(&found) {
            div.empty { h2 { (texts.all_covered()) } p { (texts.all_covered_hint()) } }
        }
        @if !found.unpriced.is_empty() { (section(&texts.unpriced(), &texts.unpriced_hint(), "unpriced", &unpriced(&signed, &found.unpriced))) }
        @if !found.unmetered.is_empty() { (section(&texts.unmetered(), &texts.unmetered_hint(), "unmetered", &unmetered(&signed, &names, &found.unmetered))) }
        @if !found.silent.is_empty() { (section(&texts.silent(), &texts.silent_hint(), "silent", &silent(&signed, &names, &found.silent))) }
        (parts::more(&signed.visit, found.next.as_deref()))
    };
    let page = frame::Page { title: &texts.coverage(), sub: &texts.coverage_sub(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn is_whole(it: &Coverage) -> bool {
    it.unpriced.is_empty() && it.unmetered.is_empty() && it.silent.is_empty() && it.next.is_none()
}

fn choice(signed: &Signed, hours: u32) -> Markup {
    let texts = signed.visit.texts();
    html! {
        nav.line.ways aria-label=(texts.silent_after()) {
            span.quiet { (texts.silent_after()) }
            @for it in CHOICES {
                a.btn.small href=(format!("/operator/coverage?hours={it}")) aria-current=[(it == hours).then_some("page")] {
                    (texts.so_many_hours(it.to_string()))
                }
            }
        }
    }
}

fn section(title: &str, hint: &str, id: &str, table: &Markup) -> Markup {
    let id = format!("h-{id}");
    html! {
        section aria-labelledby=(id) {
            div.sect { h2 id=(id) { (title) } p { (hint) } }
            (table)
        }
    }
}

fn unpriced(signed: &Signed, all: &[Unpriced]) -> Markup {
    let texts = signed.visit.texts();
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.product()) }
                    th.n scope="col" { (texts.resources()) }
                    th.p2 scope="col" { (texts.one_of_them()) }
                    th scope="col" { (texts.kept_for()) }
                }
            }
            tbody {
                @for it in all {
                    tr {
                        th scope="row" { (signed.product(&it.group.product)) span.s { (it.group.options) } }
                        td.n { (show::thousands(&it.group.resources.to_string())) }
                        td.p2 { span.id { (it.group.example) } }
                        td { code { (it.reason) } span.s lang="en" { (it.detail) } }
                    }
                }
            }
        }
    }
}

/// What accounts are called.
type Names = BTreeMap<AccountId, String>;

/// A customer by its name, as a way to its page; by its id where it has none.
fn customer(names: &Names, id: &str) -> Markup {
    let named = id.parse().ok().and_then(|id: AccountId| Some((id, names.get(&id)?)));
    html! { @match named { Some((id, name)) => (house::link(id, name)), None => span.id { (id) } } }
}

fn unmetered(signed: &Signed, names: &Names, all: &[WithoutLife]) -> Markup {
    let texts = signed.visit.texts();
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.resource()) }
                    th scope="col" { (texts.product()) }
                    th.p2 scope="col" { (texts.customer_account()) }
                }
            }
            tbody {
                @for it in all {
                    tr {
                        th scope="row" { span.id { (it.resource) } }
                        td { (signed.product(&it.product)) }
                        td.p2 { (customer(names, &it.account)) }
                    }
                }
            }
        }
    }
}

fn silent(signed: &Signed, names: &Names, all: &[Silent]) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.resource()) }
                    th scope="col" { (texts.meter()) }
                    th scope="col" { (texts.last_reading()) }
                    th.p2 scope="col" { (texts.running_since()) }
                    th.p2 scope="col" { (texts.customer_account()) }
                }
            }
            tbody {
                @for it in all {
                    tr {
                        th scope="row" { (signed.product(&it.product)) span.s.id { (it.resource) } }
                        td { code { (it.meter) } }
                        td { @match it.last { Some(at) => (visit.exact_time(at)), None => (texts.not_yet()) } }
                        td.p2.pre { (visit.exact_time(it.running_since)) }
                        td.p2 { (customer(names, &it.account)) }
                    }
                }
            }
        }
    }
}
