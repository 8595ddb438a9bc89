//! The operator's customers: found, and acted for.
//!
//! In:  a part of a name. Out: customers with their money; the pages of one, in its name.
//! Invariant: whoever acts for a customer is named in that customer's audit log.

use crate::parts;
use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{frame, lost, show};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::user::{House, Right};
use desk::lists::accounts::{self, Customer, Filter};
use desk::page::{Page, Part};
use desk::{At, Tx, sessions};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Customers of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator", get(customers))
        .route("/operator/act", post(act))
        .route("/operator/stop", post(stop))
}

async fn customers(
    signed: Signed,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Response> {
    if signed.house() != House::Operator {
        return Ok(see_other("/"));
    }
    frame::needs(&signed, Right::Customers)?;
    let search = query.get("q").map(|it| it.trim().to_string()).filter(|it| !it.is_empty());
    let part = Part { after: query.get("after").cloned(), most: MOST };
    let filter = Filter { search: search.clone(), ..Filter::default() };
    let found = signed.read(move |tx, _| accounts::page(tx, &filter, &part)).await?;
    let texts = signed.visit.texts();
    let body = html! {
        form.filter method="get" action="/operator" role="search" {
            input.input type="search" name="q" value=(search.as_deref().unwrap_or("")) aria-label=(texts.search_customers());
            button.btn { (texts.search()) }
        }
        @if found.items.is_empty() { (empty(&signed, search.as_deref())) } @else { (table(&signed, &found)) }
    };
    Ok(frame::page(
        &signed,
        StatusCode::OK,
        &frame::Page { title: &texts.customers(), sub: "", above: &[], body: &body },
    ))
}

fn empty(signed: &Signed, search: Option<&str>) -> Markup {
    let texts = signed.visit.texts();
    html! {
        div.empty {
            @match search {
                Some(search) => {
                    h2 { (texts.no_customer_called(search)) }
                    p.acts { a.btn href="/operator" { (texts.show_all()) } }
                }
                None => { h2 { (texts.no_customers()) } p { (texts.no_customers_hint()) } }
            }
        }
    }
}

fn table(signed: &Signed, found: &Page<Customer>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.name()) }
                    th.n scope="col" { (texts.available()) }
                    th.n.p2 scope="col" { (texts.frozen()) }
                    th.n scope="col" { (texts.owed()) }
                    th.p2 scope="col" { (texts.since()) }
                    th scope="col" { span.sr { (texts.actions()) } }
                }
            }
            tbody {
                @for it in &found.items {
                    @let unit = show::currency(it.account.currency, visit.language);
                    tr {
                        th scope="row" { (it.account.name) span.s.id { (it.account.id) } }
                        td.n { (show::money(it.wallet.available())) " " (unit) }
                        td.n.p2 { (show::money(it.wallet.frozen().total())) }
                        td.n { (show::money(it.wallet.owed())) }
                        td.p2 { (visit.time(it.account.created)) }
                        td.one {
                            @if signed.may(Right::ActFor) {
                                (parts::button(visit, "/operator/act", &[("account", &it.account.id.to_string())], &texts.act_for()))
                            }
                        }
                    }
                }
            }
        }
        (parts::more(visit, found.next.as_deref()))
    }
}

async fn act(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::ActFor)?;
    match form.text("account").parse() {
        Ok(account) => enter(&signed, House::Account(account), "/").await,
        Err(_) => Ok(see_other("/operator")),
    }
}

async fn stop(Posted { who: signed, .. }: Posted<Signed>) -> Result<Response, Response> {
    enter(&signed, signed.who.user.house, "/operator").await
}

async fn enter(signed: &Signed, house: House, to: &str) -> Result<Response, Response> {
    let who = signed.who.clone();
    let enter = move |tx: &mut Tx<'_>, at: At<'_>| sessions::enter(tx, at, &who, house);
    let done = signed.visit.node.write(enter).await;
    done.map_err(|problem| lost::failed(&signed.visit, &problem))?;
    Ok(see_other(to))
}
