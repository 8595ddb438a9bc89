//! Lists as CSV: those of the API, under the rights of whoever is signed in.
//!
//! In:  the name of a list, what the API is asked. Out: all of it, as a spreadsheet reads it.
//! Invariant: the API writes it, line by line; a customer gets its own account's, and an operator what its role may see, and the
//! API takes who asks for nothing but that list.
//! A mark of UTF-8 stands before it, without which spreadsheets take Chinese for something else.

use crate::signed::Signed;
use crate::state::Console;
use crate::{frame, lost};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use billing::user::{House, Right};
use desk::keys::Scope;
use futures_util::{StreamExt, stream};
use std::io;
use tower::ServiceExt;
use web::identity::{Actor, Identity, Proved};
use web::problem::Problem;

/// What spreadsheets know UTF-8 by.
const MARK: &[u8] = b"\xef\xbb\xbf";

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/csv/{list}", get(list))
}

/// Lists of an account: the name, and where the API has it.
const OF_ACCOUNT: [(&str, &str); 20] = [
    ("resources", "/v1/resources"),
    ("orders", "/v1/orders"),
    ("bills", "/v1/bills"),
    ("bill-months", "/v1/bills/months"),
    ("bill-lines", "/v1/bills/lines"),
    ("bill-resources", "/v1/bills/resources"),
    ("costs", "/v1/bills/costs"),
    ("movements", "/v1/wallet/movements"),
    ("packs", "/v1/packs"),
    ("notices", "/v1/notices"),
    ("budgets", "/v1/budgets"),
    ("documents", "/v1/documents"),
    ("offers", "/v1/offers"),
    ("sales-requests", "/v1/sales-requests"),
    ("projects", "/v1/projects"),
    ("cards", "/v1/cards"),
    ("card-payments", "/v1/card-payments"),
    ("refunds", "/v1/refunds"),
    ("vouchers", "/v1/vouchers"),
    ("webhooks", "/v1/webhooks"),
];

/// Lists of the operator, and the right that seeing each takes.
const OF_OPERATOR: [(&str, &str, Right); 24] = [
    ("price-books", "/v1/price-books", Right::Customers),
    ("quarantine", "/v1/quarantine", Right::Customers),
    ("quarantine-reasons", "/v1/quarantine/reasons", Right::Customers),
    ("set-aside", "/v1/settlements/set-aside", Right::Customers),
    ("webhook-queues", "/v1/webhook-queues", Right::Customers),
    ("accounts", "/v1/accounts", Right::Customers),
    ("arrears", "/v1/arrears", Right::Customers),
    ("corrections", "/v1/corrections", Right::Customers),
    ("documents", "/v1/documents", Right::Customers),
    ("orders", "/v1/all-orders", Right::Customers),
    ("tasks", "/v1/tasks", Right::Customers),
    ("top-ups", "/v1/top-ups", Right::Customers),
    ("card-payments", "/v1/all-card-payments", Right::Customers),
    ("refunds", "/v1/all-refunds", Right::Customers),
    ("vouchers", "/v1/vouchers", Right::Customers),
    ("card-differences", "/v1/card-differences", Right::Customers),
    ("bank-entries", "/v1/bank-entries", Right::Money),
    ("mails", "/v1/mails", Right::Customers),
    ("keys", "/v1/keys", Right::Keys),
    ("audit-log", "/v1/audit-log/search", Right::Audit),
    ("offers", "/v1/offers", Right::Customers),
    ("sales-requests", "/v1/sales-requests", Right::Customers),
    ("revenue", "/v1/revenue", Right::Revenue),
    ("revenue-bills", "/v1/revenue/bills", Right::Revenue),
];

/// Where the API has a list of this name for the house that somebody is in. The answer otherwise.
async fn found(signed: &Signed, name: &str) -> Result<&'static str, Response> {
    let place = match signed.house() {
        House::Account(_) => OF_ACCOUNT.iter().find(|it| it.0 == name).map(|it| (it.1, Right::See)),
        House::Operator => OF_OPERATOR.iter().find(|it| it.0 == name).map(|it| (it.1, it.2)),
    };
    match place {
        Some((path, right)) => frame::needs(signed, right).map(|()| path),
        None => Err(lost::nowhere(signed.visit.clone()).await),
    }
}

async fn list(
    State(console): State<Console>,
    signed: Signed,
    Path(name): Path<String>,
) -> Result<Response, Response> {
    let path = found(&signed, &name).await?;
    let query = signed.visit.address.split_once('?').map_or("", |it| it.1);
    let asked =
        Request::get(format!("{path}?{query}")).header(header::ACCEPT, "text/csv").body(Body::empty());
    let Ok(mut asked) = asked else { return Err(lost::nowhere(signed.visit).await) };
    asked.extensions_mut().insert(Proved::reads(path, identity(&signed)));
    let answer = console.lists.oneshot(asked).await.unwrap_or_else(|never| match never {});
    let status = answer.status();
    if status == StatusCode::OK {
        return Ok(marked(answer, &name));
    }
    Err(match answer.extensions().get::<Problem>() {
        // What was asked for is not there, or not like that: the words of the API say why.
        Some(problem) => lost::failed(&signed.visit, problem),
        None => lost::page(&signed.visit, status, &signed.visit.texts().no_such_list()),
    })
}

/// Whoever is signed in, as the API knows callers. The role was looked at already; with this it reads the one list.
fn identity(signed: &Signed) -> Identity {
    let account = signed.house().account();
    let scope = if account.is_some() { Scope::Read } else { Scope::Operator };
    Identity { actor: Actor::User(signed.who.user.id), account, scopes: vec![scope] }
}

/// The same answer with the mark before it, as a file of the name that the list has here.
fn marked(answer: Response, name: &str) -> Response {
    let named = HeaderValue::from_str(&format!("attachment; filename=\"{name}.csv\"")).ok();
    let headers = [
        (header::CONTENT_TYPE, answer.headers().get(header::CONTENT_TYPE).cloned()),
        (header::CONTENT_DISPOSITION, named),
    ];
    let lines = answer.into_body().into_data_stream().map(|it| it.map_err(io::Error::other));
    let mark = stream::once(async { Ok(Bytes::from_static(MARK)) });
    let mut marked = Body::from_stream(mark.chain(lines)).into_response();
    marked.headers_mut().extend(headers.into_iter().filter_map(|it| Some((it.0, it.1?))));
    marked
}
