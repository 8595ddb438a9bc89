//! Quotes: `POST /v1/quotes`.
//!
//! In:  what is wanted. Out: what it would cost, item by item.
//! Invariant: nothing is kept; quotes that are asked for at the same time share one reading.

pub mod view;

use super::items::{ItemBody, desk_items, one_to_twenty};
use super::state::{Api, Lanes};
use axum::Json;
use axum::extract::State;
use billing::account::Account;
use desk::lists::accounts;
use desk::{At, Refusal, Tx};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use view::{QuoteView, QuotesView};
use web::Node;
use web::call::Call;
use web::caller::Reader;
use web::lane::{self, Asking, Waiting};
use web::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(create_quote))
}

/// What is wanted, all of it in one purchase.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [{
    "product": "server", "name": "web", "options": {"charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1",
        "type": "S1.SMALL1", "network": "bandwidth", "bandwidth": 1}, "months": 1
}]}))]
pub struct QuoteBody {
    #[schema(min_items = 1, max_items = 20)]
    #[serde(deserialize_with = "one_to_twenty")]
    items: Vec<ItemBody>,
}

/// Says what a purchase would cost. Nothing is kept.
#[utoipa::path(post, path = "/v1/quotes", tag = "orders", request_body = QuoteBody,
    security(("key" = ["read"])), responses((status = 200, body = QuotesView)))]
async fn create_quote(
    State(node): State<Node>,
    State(lanes): State<Lanes>,
    call: Call<Reader, QuoteBody>,
) -> Result<Json<QuotesView>, Problem> {
    let together = |node: &Node, next| lane::read_together(node, next, answers);
    Ok(Json(
        lane::ask(&node, &lanes.quotes, Asking::one(call.who.account, call.body.items), together).await??,
    ))
}

fn answers(
    tx: &mut Tx<'_>,
    at: At<'_>,
    next: &[Waiting<Vec<ItemBody>, Result<QuotesView, Refusal>>],
) -> Result<Vec<Result<QuotesView, Refusal>>, Refusal> {
    let accounts = accounts::of(tx, next.iter().map(Waiting::account))?;
    let one = |it: &Waiting<Vec<ItemBody>, Result<QuotesView, Refusal>>| {
        let id = it.account();
        let missing = || Refusal::missing(format!("account {id}"));
        quotes(at, &accounts.get(&id).ok_or_else(missing)?.account, &it.call)
    };
    Ok(next.iter().map(one).collect())
}

fn quotes(at: At<'_>, account: &Account, items: &[ItemBody]) -> Result<QuotesView, Refusal> {
    let currency = at.book()?.currency;
    let items = desk_items(items, currency)?;
    let (items, total) = desk::quotes::total(at, account, &items)?;
    Ok(QuotesView {
        items: items.iter().map(QuoteView::from).collect(),
        total: web::wire::money(total),
        currency: currency.as_str().to_string(),
    })
}
