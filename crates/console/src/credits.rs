//! What people put right, of all customers: credits, debits, readings, prices; the newest first.
//!
//! In:  a customer, days. Out: corrections with who made them and why.
//! Invariant: every correction says who and why.
//! Source: R-COR-1.

use crate::house::{self, Asked, Whose};
use crate::signed::Signed;
use crate::state::Console;
use crate::{frame, parts, words};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::user::Right;
use desk::journal;
use desk::lists::accounts;
use desk::lists::corrections::{self as list, Filter, Listed};
use desk::page::{Page, Part};
use desk::{At, Refusal, Tx, actors};
use maud::{Markup, html};
use std::collections::BTreeMap;
use texts::Texts;
use units::{AccountId, Timestamp};

/// Corrections of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/credits", get(credits))
}

/// Corrections, and what those are called who stand in them.
struct Told {
    /// Of which account, where one was named.
    of: Option<AccountId>,
    page: Page<Listed>,
    accounts: BTreeMap<AccountId, String>,
    actors: BTreeMap<String, String>,
}

fn read(tx: &mut Tx<'_>, of: Filter, part: &Part) -> Result<Told, Refusal> {
    let page = list::page(tx, of, part)?;
    Ok(Told {
        of: of.account,
        accounts: accounts::names(tx, page.items.iter().filter_map(|it| it.row.account))?,
        actors: actors::names(tx, page.items.iter().map(|it| it.row.actor.as_str()))?,
        page,
    })
}

async fn credits(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let (from, to) = house::days(&signed, &asked)?;
    let (named, part) =
        (house::text(&asked, "account"), Part { after: house::text(&asked, "after"), most: MOST });
    let found = move |tx: &mut Tx<'_>, _: At<'_>| {
        let account = match house::whose(tx, named.as_deref())? {
            Whose::Everybody => None,
            Whose::Of(account) => Some(account),
            Whose::Nobody => return Ok::<_, Refusal>(None),
        };
        read(tx, Filter { account, from, to }, &part).map(Some)
    };
    let found = signed.report(found).await?.filter(|it| !it.page.items.is_empty());
    let texts = signed.visit.texts();
    let nothing = [texts.no_corrections(), texts.no_corrections_hint()];
    let body = html! {
        form.filter method="get" action="/operator/credits" role="search" {
            (house::filters(&signed, &asked))
            button.btn { (texts.search()) }
        }
        @match &found { Some(found) => { (table(&signed, found)) (csv(&signed, found.of, (from, to))) } None => (house::empty(&signed, &asked, &nothing)) }
    };
    let page =
        frame::Page { title: &texts.corrections(), sub: &texts.corrections_sub(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn table(signed: &Signed, told: &Told) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.what()) }
                    th scope="col" { (texts.customer()) }
                    th scope="col" { (texts.reason()) }
                    th.p2 scope="col" { (texts.by_whom_done()) }
                    th.p2 scope="col" { (texts.at()) }
                }
            }
            tbody {
                @for it in &told.page.items {
                    tr {
                        th scope="row" { (words::correction(texts, &it.row.kind)) (amount(it)) span.s.id.p2 { (it.row.id) } span.only.s { (visit.exact_time(it.row.at)) } span.only.s { (by(texts, told, &it.row.actor)) } }
                        td {
                            @match it.row.account.and_then(|id| Some((id, told.accounts.get(&id)?))) {
                                Some((id, name)) => (house::link(id, name)),
                                None => (texts.all_customers()),
                            }
                        }
                        td { (it.row.reason) }
                        td.p2 { (by(texts, told, &it.row.actor)) }
                        td.p2.pre { (visit.exact_time(it.row.at)) }
                    }
                }
            }
        }
        (parts::more(visit, told.page.next.as_deref()))
    }
}

/// Who put it right.
fn by(texts: &Texts, told: &Told, actor: &str) -> String {
    match told.actors.get(actor) {
        Some(name) => name.clone(),
        None if actor == journal::COMMAND_LINE => texts.command_line(),
        None => actor.to_string(),
    }
}

/// The same as CSV.
fn csv(signed: &Signed, of: Option<AccountId>, days: (Timestamp, Timestamp)) -> Markup {
    let asked = house::of_list(&of.map_or_else(String::new, |it| it.to_string()), days.0, days.1);
    let asked: Vec<(&str, &str)> = asked.iter().map(|it| (it.0, it.1.as_str())).collect();
    parts::csv(&signed.visit, "corrections", &asked)
}

/// How much, of a credit or a debit.
fn amount(it: &Listed) -> Markup {
    let says = |name: &str| it.says.get(name).and_then(|it| it.as_str());
    html! { @if let (Some(amount), Some(currency)) = (says("amount"), says("currency")) { span.s.n-l { (amount) " " (currency) } } }
}
