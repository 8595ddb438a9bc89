//! Costs: a month cut by day, region or project.
//!
//! In:  a month and a cut, in the address. Out: a chart by day, and sums that together are the month's.
//! Invariant: the sums are those of the lists of the API.

use crate::ahead::lasting;
use crate::chart::{self, Bar};
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::{choice, frame, parts, show};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use desk::ahead::{self, Look};
use desk::lists::bills::{self, InMonth};
use desk::lists::costs::{self as list, Cut, Group};
use desk::page::Part;
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use std::collections::BTreeMap;
use units::{AccountId, Money};

/// A way to cut a month, and its word in addresses.
type Named = (&'static str, fn() -> Cut);

/// The ways to cut a month that a page offers, by their words; the first where none is named.
const CUTS: [Named; 3] = [("day", || Cut::Day), ("region", || Cut::Region), ("project", || Cut::Project)];
/// Groups of a page.
const MOST: u16 = 100;
/// Months that a page leads to.
const MONTHS: u16 = 12;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/cost", get(costs))
}

async fn costs(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    let account = whose(&signed)?;
    let visit = &signed.visit;
    let months = signed.read(move |tx, at| months(tx, at, account)).await?;
    // Without one the newest that has bills, so that a month that has just begun is not an empty page.
    let newest = months.first().cloned().unwrap_or_else(|| visit.calendar.month(visit.now));
    let month = query.get("month").cloned().unwrap_or(newest);
    let (by, cut) = choice::asked(&signed, "by", &CUTS, |it| it.0)?.unwrap_or(CUTS[0]);
    let cut = cut();
    let part = Part { after: query.get("after").cloned(), most: MOST };
    let (of, asked) = (InMonth { account, month: month.clone(), product: None }, cut.clone());
    // How long the money lasts is of now, not of a month that is over.
    let is_present = month == visit.calendar.month(visit.now) && part.after.is_none();
    let (found, ahead) = signed
        .report(move |tx, at| {
            let ahead =
                if is_present { Some(ahead::alone(tx, at, account, Look::forecast(1))?) } else { None };
            Ok((list::page(tx, at, &of, &asked, &part)?, ahead))
        })
        .await?;
    let texts = visit.texts();
    let body = html! {
        @if let Some(ahead) = &ahead { dl.figures { (lasting(&signed, ahead)) } p.hint { a href="/forecast" { (texts.whole_forecast()) } } }
        (other_months(&signed, &months, (month.as_str(), by)))
        (ways(&signed, &month, by))
        @if found.items.is_empty() {
            div.empty { h2 { (texts.nothing_spent_then()) } p { a href="/bills" { (texts.bills()) } } }
        } @else {
            @if cut == Cut::Day { (by_day(&signed, &month, &found.items)) }
            @let is_whole = found.next.is_none() && !query.contains_key("after");
            (table(&signed, &cut, &found.items, is_whole.then(|| sum(&found.items)).flatten()))
            (parts::more(visit, found.next.as_deref()))
            (parts::csv(visit, "costs", &[("month", &month), ("by", by)]))
        }
    };
    let title = texts.costs_of(show::month(&month, visit.language));
    let bills = texts.bills();
    let above = [("/bills", bills.as_str())];
    let page = frame::Page { title: &title, sub: &texts.costs_sub(), above: &above, body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

/// The months that have bills, the newest first.
fn months(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<Vec<String>, Refusal> {
    let all = bills::months(tx, at, account, &Part::first(MONTHS))?.items;
    Ok(all.into_iter().map(|it| it.name).collect())
}

/// The ways to other months.
fn other_months(signed: &Signed, all: &[String], (month, by): (&str, &str)) -> Markup {
    html! {
        @if all.iter().any(|it| it != month) {
            nav.line.ways aria-label=(signed.visit.texts().month()) {
                @for it in all {
                    a.btn.small href=(format!("/cost?month={it}&by={by}")) aria-current=[(it == month).then_some("page")] { (show::month(it, signed.visit.language)) }
                }
            }
        }
    }
}

/// What several groups come to together.
fn sum(all: &[Group]) -> Option<Total> {
    let mut total = Total { bills: 0, amount_e8: 0, money: Money::zero(all.first()?.sum.total.currency()) };
    for it in all {
        total.bills = total.bills.checked_add(it.sum.bills)?;
        total.amount_e8 = total.amount_e8.checked_add(it.sum.amount_e8)?;
        total.money = total.money.checked_add(it.sum.total).ok()?;
    }
    Some(total)
}

/// A sum of groups: bills, lines and what was deducted.
#[derive(Clone, Copy, Debug)]
struct Total {
    bills: u64,
    amount_e8: i128,
    money: Money,
}

/// The other ways to cut the month.
fn ways(signed: &Signed, month: &str, by: &str) -> Markup {
    let texts = signed.visit.texts();
    let all = [("day", texts.by_day()), ("region", texts.by_region()), ("project", texts.by_project())];
    html! {
        nav.line.ways aria-label=(texts.cut_by()) {
            @for (word, label) in all {
                a.btn.small href=(format!("/cost?month={month}&by={word}")) aria-current=[(word == by).then_some("page")] { (label) }
            }
            a.btn.small href="/budgets" { (texts.budgets()) }
        }
    }
}

/// A bar for every day of `month`, so that days without a cost are seen too.
fn by_day(signed: &Signed, month: &str, all: &[Group]) -> Markup {
    let (texts, unit, language) = (signed.visit.texts(), signed.unit(), signed.visit.language);
    let calendar = &signed.visit.calendar;
    let days =
        calendar.parse(&format!("{month}-01 00:00:00")).map_or(0, |start| calendar.days_in_month(start));
    let spent: BTreeMap<&str, Money> =
        all.iter().filter_map(|it| Some((it.value.as_deref()?, it.sum.total))).collect();
    let nothing = all.first().map(|it| Money::from_minor(0, it.sum.total.currency()));
    let bar = |number: u64| {
        let day = format!("{month}-{number:02}");
        let money = spent.get(day.as_str()).copied().or(nothing)?;
        Some(Bar { short: number.to_string(), long: format!("{day}: {} {unit}", show::money(money)), money })
    };
    let bars: Vec<Bar> = (1..=days).filter_map(bar).collect();
    chart::bars(&bars, &texts.by_day_of_use(unit), language)
}

fn table(signed: &Signed, cut: &Cut, all: &[Group], total: Option<Total>) -> Markup {
    let (texts, unit) = (signed.visit.texts(), signed.unit());
    let name = |it: &Group| match (&it.name, &it.value, cut) {
        (Some(name), _, _) => name.clone(),
        (None, Some(value), Cut::Region) => signed.place(value),
        (None, Some(value), _) if value.is_empty() => texts.none_of_these(),
        (None, Some(value), _) => value.clone(),
        (None, None, _) => texts.none_of_these(),
    };
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.what()) }
                    th.n.p2 scope="col" { (texts.bills()) }
                    th.n.p2 scope="col" { (texts.lines_cost(unit)) }
                    th.n scope="col" { (texts.deducted(unit)) }
                }
            }
            tbody {
                @for it in all {
                    tr {
                        th scope="row" { (name(it)) }
                        td.n.p2 { (show::thousands(&it.sum.bills.to_string())) }
                        td.n.p2 { (parts::exact(it.sum.amount_e8, it.sum.total.currency())) }
                        td.n { (show::money(it.sum.total)) }
                    }
                }
            }
            @if let Some(total) = total {
                tfoot {
                    tr {
                        th scope="row" { (texts.sum_of_groups()) }
                        td.n.p2 { (show::thousands(&total.bills.to_string())) }
                        td.n.p2 { (parts::exact(total.amount_e8, total.money.currency())) }
                        td.n { (show::money(total.money)) }
                    }
                }
            }
        }
    }
}
