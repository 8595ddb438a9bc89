//! All of what a customer has of one kind, page by page: resources, bills of a month, movements, notices.
//!
//! In:  an account, a part. Out: the tables of the customer's page, whole.
//! Invariant: what an operator sees here is read alone; to change it, it acts for the customer.

use crate::house::{self, Asked, Below};
use crate::signed::Signed;
use crate::state::Console;
use crate::tables::Looked;
use crate::{notices, parts};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::user::Right;
use desk::lists::{bills, notices as told, resources, wallet};
use desk::page::Part;
use maud::{Markup, html};

/// Things of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/customers/{account}/resources", get(all_resources))
        .route("/operator/customers/{account}/bills", get(all_bills))
        .route("/operator/customers/{account}/movements", get(all_movements))
        .route("/operator/customers/{account}/notices", get(all_notices))
}

fn part(asked: &Asked) -> Part {
    Part { after: house::text(asked, "after"), most: MOST }
}

/// A page of things: their title, their table where there are any, and the next page.
fn page(of: &Looked<'_>, title: &str, table: Option<&Markup>, next: Option<&str>) -> Response {
    let (signed, texts) = (of.signed, of.signed.visit.texts());
    let body = html! {
        @match table {
            Some(table) => { (table) (parts::more(&signed.visit, next)) }
            None => div.empty { h2 { (texts.nothing_yet()) } },
        }
    };
    let it = Below { title, sub: "", status: StatusCode::OK, body: &body };
    house::below(signed, of.customer, &it)
}

async fn all_resources(
    signed: Signed,
    Path(account): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Customers, &account).await?;
    let (filter, part) = (resources::Filter::of(customer.account.id), part(&asked));
    let found = signed.read(move |tx, _| resources::page(tx, &filter, &part)).await?;
    let of = Looked { signed: &signed, customer: &customer };
    let table = (!found.items.is_empty()).then(|| of.resources(&found.items));
    Ok(page(&of, &signed.visit.texts().resources(), table.as_ref(), found.next.as_deref()))
}

async fn all_bills(
    signed: Signed,
    Path(account): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Customers, &account).await?;
    let (filter, part) = (bills::Filter::of(customer.account.id), part(&asked));
    let found = signed.report(move |tx, at| bills::page(tx, at, &filter, &part)).await?;
    let of = Looked { signed: &signed, customer: &customer };
    let table = (!found.items.is_empty()).then(|| of.bills(&found.items));
    Ok(page(&of, &signed.visit.texts().bills(), table.as_ref(), found.next.as_deref()))
}

async fn all_movements(
    signed: Signed,
    Path(account): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Customers, &account).await?;
    let (id, part) = (customer.account.id, part(&asked));
    let found = signed
        .report(move |tx, _| {
            let page = wallet::movements(tx, id, wallet::Filter::EVERY, &part)?;
            wallet::told(tx, id, page)
        })
        .await?;
    let of = Looked { signed: &signed, customer: &customer };
    let table = (!found.items.is_empty()).then(|| of.movements(&found.items));
    Ok(page(&of, &signed.visit.texts().movements(), table.as_ref(), found.next.as_deref()))
}

async fn all_notices(
    signed: Signed,
    Path(account): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Customers, &account).await?;
    let (filter, part) = (told::Filter { account: customer.account.id, kind: None }, part(&asked));
    let found = signed.read(move |tx, at| told::page(tx, at, filter, &part)).await?;
    let of = Looked { signed: &signed, customer: &customer };
    let table = (!found.items.is_empty()).then(|| notices::shown(&signed, &found.items));
    Ok(page(&of, &signed.visit.texts().notices(), table.as_ref(), found.next.as_deref()))
}
