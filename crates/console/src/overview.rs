//! The overview of an account: its money, what this month has come to, and what comes next.
//!
//! In:  an account. Out: figures up to this minute.
//! Invariant: what is open is what settlement would bill if everything ended now; it says so.

use crate::costs;
use crate::parts::figure;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{ahead, burn, commitment, forecast, frame, notices, show, urgent};
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::consumption::Basis;
use desk::cost::AccountCost;
use desk::lists::notices::Read;
use desk::overview::{self, Overview};
use maud::{Markup, html};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use units::{Money, MoneyError};

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/", get(shown))
}

async fn shown(signed: Signed) -> Result<Response, Response> {
    let Some(customer) = &signed.customer else { return Ok(see_other("/operator")) };
    let id = customer.account.id;
    let found = signed.report(move |tx, at| overview::of_account(tx, at, id)).await?;
    let cost = &found.cost;
    let (rows, figures) = (signed.good(by_product(cost))?, signed.good(forecast::of_account(&signed, cost))?);
    let body = html! {
        (urgent::arrears(&signed, &found))
        (urgent::unpaid(&signed, &found))
        (urgent::renewal(&signed, &found))
        (ahead::soon(&signed, &found.ahead))
        (money(&signed, &found))
        (commitment::figures(&signed, &found.commitment))
        (latest(&signed, &found.told))
        (ahead::steps(&signed, &found))
        (month(&signed, &found, &rows, &figures))
        (burn::overview(&signed, &found.packs))
    };
    let texts = signed.visit.texts();
    let sub = texts.up_to_now(signed.visit.time(signed.visit.now));
    Ok(frame::page(
        &signed,
        StatusCode::OK,
        &frame::Page { title: &texts.overview(), sub: &sub, above: &[], body: &body },
    ))
}

/// What the account was told last of all that is still so.
fn latest(signed: &Signed, told: &[Read]) -> Markup {
    let texts = signed.visit.texts();
    html! {
        @if !told.is_empty() {
            section aria-labelledby="h-told" {
                div.sect { h2 id="h-told" { (texts.notices()) } a.more href="/notices" { (texts.all_notices()) } }
                (notices::shown(signed, told))
            }
        }
    }
}

fn money(signed: &Signed, found: &Overview) -> Markup {
    let (visit, texts, it) = (&signed.visit, signed.visit.texts(), &found.customer);
    let unit = show::currency(it.account.currency, visit.language);
    let free = it.wallet.free();
    let of = texts.cash_and_bonus(show::money(free.cash()), show::money(free.bonus()));
    let since = it.account.arrears_since.map(|at| texts.owed_since(visit.time(at)));
    html! {
        dl.figures {
            (figure(&texts.available(), &show::money(it.wallet.available()), unit, &html! { (of) }))
            (figure(&texts.frozen(), &show::money(it.wallet.frozen().total()), unit, &html! { (texts.frozen_for()) }))
            (figure(&texts.owed(), &show::money(it.wallet.owed()), unit, &html! { (since.unwrap_or_else(|| texts.nothing_owed())) }))
            @if it.wallet.limit().is_positive() {
                (figure(&texts.credit_line(), &show::money(it.wallet.limit()), unit, &html! { (texts.credit_is_available()) }))
            }
            (ahead::lasting(signed, &found.ahead))
        }
    }
}

/// What a product came to this month: billed, and open. Errors: a sum that is too large.
fn by_product(cost: &AccountCost) -> Result<BTreeMap<&str, [Money; 2]>, MoneyError> {
    let none = Money::zero(cost.currency);
    let mut all: BTreeMap<&str, [Money; 2]> = BTreeMap::new();
    for (product, sum) in &cost.billed {
        all.entry(product).or_insert([none; 2])[0] = sum.total;
    }
    for it in cost.open.iter().flatten() {
        let open = &mut all.entry(it.product.as_str()).or_insert([none; 2])[1];
        *open = open.checked_add(it.total)?;
    }
    Ok(all)
}

/// The products of a month, those that cost most first.
fn dearest<'a>(rows: &BTreeMap<&'a str, [Money; 2]>) -> Vec<(&'a str, [Money; 2])> {
    let mut all: Vec<(&str, [Money; 2])> = rows.iter().map(|it| (*it.0, *it.1)).collect();
    let minor = |[billed, open]: [Money; 2]| i128::from(billed.minor()) + i128::from(open.minor());
    all.sort_by_key(|it| Reverse(minor(it.1)));
    all
}

fn month(signed: &Signed, found: &Overview, rows: &BTreeMap<&str, [Money; 2]>, figures: &Markup) -> Markup {
    let (texts, cost) = (signed.visit.texts(), &found.cost);
    let unit = show::currency(cost.currency, signed.visit.language);
    html! {
        section aria-labelledby="h-month" {
            div.sect { h2 id="h-month" { (texts.month_so_far(show::month(&cost.month, signed.visit.language))) } p { (texts.month_hint()) } a.more href="/cost" { (texts.costs()) } }
            (figures)
            @if rows.is_empty() {
                div.empty { h3 { (texts.nothing_spent()) } p { (texts.nothing_spent_hint()) } }
            } @else {
                @if !found.days.is_empty() {
                    (costs::by_day(signed, &cost.month, Basis::Used, &found.days))
                    (costs::figures_by_day(signed, &found.days))
                }
                table.table {
                    thead {
                        tr {
                            th scope="col" { (texts.product()) }
                            th.n scope="col" { (texts.billed(unit)) }
                            th.n scope="col" { (texts.open(unit)) }
                        }
                    }
                    tbody {
                        @for (product, [billed, open]) in dearest(rows) {
                            tr {
                                th scope="row" { (signed.product(product)) }
                                td.n { (show::money(billed)) }
                                td.n { @if cost.open.is_ok() { (show::money(open)) } @else { "–" } }
                            }
                        }
                    }
                }
            }
        }
    }
}
