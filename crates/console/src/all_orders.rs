//! Orders of all customers, the newest first.
//!
//! In:  a state, how they came out, a customer. Out: orders with whose they are.
//! Invariant: an address says all of what is shown, so that it can be kept and sent.

use crate::house::{self, Asked, Whose};
use crate::signed::Signed;
use crate::state::Console;
use crate::{choice, frame, orders, parts, progress, show, words};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::order::{Order, Outcome, State};
use billing::user::Right;
use desk::lists::accounts::Owned;
use desk::lists::orders::{self as list, AllFilter, Moved};
use desk::page::{Page, Part};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};

/// Orders of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/orders", get(orders))
}

async fn orders(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let state = choice::asked(&signed, "state", &State::ALL, State::as_str)?;
    let result = choice::asked(&signed, "result", &Outcome::ALL, Outcome::as_str)?;
    let (named, part) =
        (house::text(&asked, "account"), Part { after: house::text(&asked, "after"), most: MOST });
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        let account = match house::whose(tx, named.as_deref())? {
            Whose::Everybody => None,
            Whose::Of(account) => Some(account),
            Whose::Nobody => return Ok::<_, Refusal>((None, Page::whole(Vec::new()), Moved::new())),
        };
        let filter = AllFilter { account, state, result, ..AllFilter::default() };
        let found = list::of_all(tx, &filter, &part)?;
        let moved = list::moved(tx, found.items.iter().map(|it| &it.of))?;
        Ok((account, found, moved))
    };
    let (of, found, moved) = signed.report(read).await?;
    let of = of.map_or_else(String::new, |it| it.to_string());
    let csv = [
        ("account", of.as_str()),
        ("state", state.map_or("", State::as_str)),
        ("result", result.map_or("", Outcome::as_str)),
    ];
    let texts = signed.visit.texts();
    let nothing = [texts.no_orders(), texts.no_orders_here()];
    let body = html! {
        (filter(&signed, &asked, (state, result)))
        @if found.items.is_empty() { (house::empty(&signed, &asked, &nothing)) } @else { (table(&signed, &found, &moved)) (parts::csv(&signed.visit, "orders", &csv)) }
    };
    let page = frame::Page { title: &texts.orders(), sub: &texts.all_orders_sub(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn filter(signed: &Signed, asked: &Asked, (chosen, result): (Option<State>, Option<Outcome>)) -> Markup {
    let texts = signed.visit.texts();
    let account = asked.get("account").map_or("", String::as_str);
    html! {
        form.filter method="get" action="/operator/orders" role="search" {
            input.input type="search" name="account" value=(account) aria-label=(texts.customer_or_id()) placeholder=(texts.customer_or_id());
            select.select name="state" aria-label=(texts.state()) {
                option value="" { (texts.any_state()) }
                @for state in State::ALL {
                    option value=(state.as_str()) selected[chosen == Some(state)] { (words::order_state_exactly(texts, state)) }
                }
            }
            (orders::outcomes(signed, result))
            button.btn { (texts.search()) }
        }
    }
}

fn table(signed: &Signed, found: &Page<Owned<Order>>, moved: &Moved) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.what()) }
                    th scope="col" { (texts.customer()) }
                    th scope="col" { (texts.state()) }
                    th.p2 scope="col" { (texts.placed()) }
                    th.n.p2 scope="col" { (texts.sum()) }
                }
            }
            tbody {
                @for Owned { account, name, of: it } in &found.items {
                    tr {
                        th scope="row" {
                            a href=(format!("{}/orders/{}", house::address(*account), it.id)) { (it.pieces.len()) " × " (signed.product(&it.product)) }
                            @if !it.name.is_empty() { span.s { (it.name) } }
                            span.s.id.p2 { (it.id) }
                            span.only.s { (visit.exact_time(it.created)) }
                            span.only.s { (orders::listed(it, moved)) " " (show::currency(it.currency(), visit.language)) }
                        }
                        td { (house::link(*account, name)) }
                        td { (progress::how_far_exactly(signed, it)) }
                        td.p2.pre { (visit.exact_time(it.created)) }
                        td.n.p2 { (orders::listed(it, moved)) " " (show::currency(it.currency(), visit.language)) }
                    }
                }
            }
        }
        (parts::more(visit, found.next.as_deref()))
    }
}
