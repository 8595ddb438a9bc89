//! Money that came in or was granted, of all customers, the newest first.
//!
//! In:  a customer, days. Out: payments with whose they are.
//! Invariant: an address says all of what is shown, so that it can be kept and sent.

use crate::house::{self, Asked, Whose};
use crate::signed::Signed;
use crate::state::Console;
use crate::{frame, parts, show, words};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::user::Right;
use desk::lists::accounts::Owned;
use desk::lists::wallet::{self, TopUp, TopUpFilter};
use desk::page::{Page, Part};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};

/// Payments of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/top-ups", get(top_ups))
}

async fn top_ups(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let (from, to) = house::days(&signed, &asked)?;
    let (named, part) =
        (house::text(&asked, "account"), Part { after: house::text(&asked, "after"), most: MOST });
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        let account = match house::whose(tx, named.as_deref())? {
            Whose::Everybody => None,
            Whose::Of(account) => Some(account),
            Whose::Nobody => return Ok::<_, Refusal>((None, Page::whole(Vec::new()))),
        };
        Ok((account, wallet::all_top_ups(tx, TopUpFilter { account, from, to }, &part)?))
    };
    let (of, found) = signed.report(read).await?;
    let csv = house::of_list(&of.map_or_else(String::new, |it| it.to_string()), from, to);
    let csv: Vec<(&str, &str)> = csv.iter().map(|it| (it.0, it.1.as_str())).collect();
    let texts = signed.visit.texts();
    let nothing = [texts.no_top_ups(), texts.no_top_ups_hint()];
    let body = html! {
        form.filter method="get" action="/operator/top-ups" role="search" {
            (house::filters(&signed, &asked))
            button.btn { (texts.search()) }
        }
        @if found.items.is_empty() { (house::empty(&signed, &asked, &nothing)) } @else { (table(&signed, &found)) (parts::csv(&signed.visit, "top-ups", &csv)) }
    };
    let page = frame::Page { title: &texts.top_ups(), sub: &texts.top_ups_sub(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn table(signed: &Signed, found: &Page<Owned<TopUp>>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.customer()) }
                    th.p2 scope="col" { (texts.at()) }
                    th scope="col" { (texts.reference()) }
                    th.p2 scope="col" { (texts.into_purse()) }
                    th.n scope="col" { (texts.sum()) }
                }
            }
            tbody {
                @for Owned { account, name, of: it } in &found.items {
                    tr {
                        th scope="row" { (house::link(*account, name)) span.only.s { (visit.exact_time(it.at)) } }
                        td.p2.pre { (visit.exact_time(it.at)) }
                        td { (it.reference) }
                        td.p2 { (words::purse(texts, it.purse)) }
                        td.n { (show::money(it.money)) " " (show::currency(it.money.currency(), visit.language)) }
                    }
                }
            }
        }
        (parts::more(visit, found.next.as_deref()))
    }
}
