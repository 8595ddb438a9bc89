//! Quotes: `POST /v1/quotes`.
//!
//! In:  what is wanted. Out: what it would cost, item by item.
//! Invariant: nothing is kept; quotes that are asked for at the same time share one reading.

use super::orders::{ItemBody, items, one_to_twenty, options};
use super::state::{Api, Lanes};
use axum::Json;
use axum::extract::State;
use billing::account::Account;
use billing::quote::{Quote, QuoteError};
use desk::lists::accounts;
use desk::{At, Refusal, Tx, purchases};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::Money;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::Call;
use web::caller::Reader;
use web::lane::{self, Lane, Waiting};
use web::problem::Problem;
use web::wire;

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
    pub(super) items: Vec<ItemBody>,
}

/// A component that is paid with the order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuoteLineView {
    pub component: String,
    pub name: String,
    /// Before discounts, for one piece.
    pub list: String,
    /// After discounts, for one piece.
    pub cost: String,
}

/// What a component costs that is paid by use.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnitPriceView {
    pub component: String,
    pub name: String,
    /// The price in words, such as `0.17 per hour`.
    pub price: String,
}

/// What the purchase of the examples chooses, what it leaves to the defaults included.
pub(super) fn chosen_example() -> serde_json::Value {
    serde_json::json!({"bandwidth": "1", "charge": "prepaid", "data_disk": "0", "data_disk_type": "premium",
        "network": "bandwidth", "os": "linux", "region": "guangzhou", "system_disk": "20", "system_disk_type": "local",
        "type": "S1.SMALL1", "zone": "guangzhou-1"})
}

fn quote_example() -> serde_json::Value {
    serde_json::json!({
        "product": "server", "options": chosen_example(), "months": 1, "quantity": 1, "currency": "CNY",
        "list": "71.00", "total": "71.00", "freeze": "0.00", "lines": [
            {"component": "hardware", "name": "CPU and memory", "list": "51.00000000", "cost": "51.00000000"},
            {"component": "bandwidth", "name": "Public bandwidth", "list": "20.00000000", "cost": "20.00000000"}
        ], "unit_prices": []
    })
}

/// What an item would cost.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!(quote_example()))]
pub struct QuoteView {
    pub product: String,
    /// Every option, those left to their defaults too.
    pub options: BTreeMap<String, String>,
    pub months: u32,
    pub quantity: u32,
    pub currency: String,
    /// For all pieces, before discounts.
    pub list: String,
    /// What is paid with the order, for all pieces.
    pub total: String,
    /// What is held for one piece as long as it lives.
    pub freeze: String,
    pub lines: Vec<QuoteLineView>,
    pub unit_prices: Vec<UnitPriceView>,
}

impl From<&Quote> for QuoteView {
    fn from(it: &Quote) -> QuoteView {
        let currency = it.total.currency();
        let line = |line: &billing::bill::Line<'_>| QuoteLineView {
            component: line.component.to_string(),
            name: line.name.to_string(),
            list: wire::amount(line.list_e8, currency),
            cost: wire::amount(line.cost_e8, currency),
        };
        let unit = |it: &billing::quote::UnitPrice| UnitPriceView {
            component: it.component.clone(),
            name: it.name.clone(),
            price: it.text.clone(),
        };
        QuoteView {
            product: it.product.clone(),
            options: options(&it.options),
            months: it.months,
            quantity: it.quantity,
            currency: currency.as_str().to_string(),
            list: it.list.to_string(),
            total: it.total.to_string(),
            freeze: it.freeze.to_string(),
            lines: it.lines.iter().map(line).collect(),
            unit_prices: it.unit_prices.iter().map(unit).collect(),
        }
    }
}

/// What a purchase would cost.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [quote_example()], "total": "71.00", "currency": "CNY"}))]
pub struct QuotesView {
    pub items: Vec<QuoteView>,
    /// What is paid with the orders.
    pub total: String,
    pub currency: String,
}

/// Says what a purchase would cost. Nothing is kept.
#[utoipa::path(post, path = "/v1/quotes", tag = "orders", request_body = QuoteBody,
    security(("key" = ["read"])), responses((status = 200, body = QuotesView)))]
async fn create_quote(
    State(node): State<Node>,
    State(lanes): State<Lanes>,
    call: Call<Reader, QuoteBody>,
) -> Result<Json<QuotesView>, Problem> {
    let together = |node: &Node, next| lane::read_together(node, next, quoted);
    Ok(Json(lane::ask(&node, &lanes.quotes, (call.who.account, call.body), together).await??))
}

/// Quotes that are waited for.
pub type Quotes = Lane<QuoteBody, Result<QuotesView, Refusal>>;

fn quoted(
    tx: &mut Tx<'_>,
    at: At<'_>,
    next: &[Waiting<QuoteBody, Result<QuotesView, Refusal>>],
) -> Result<Vec<Result<QuotesView, Refusal>>, Refusal> {
    let accounts = accounts::of(tx, next.iter().map(Waiting::account))?;
    let one = |it: &Waiting<QuoteBody, Result<QuotesView, Refusal>>| {
        let id = it.account();
        let missing = || Refusal::missing(format!("account {id}"));
        quotes(at, &accounts.get(&id).ok_or_else(missing)?.account, &it.call)
    };
    Ok(next.iter().map(one).collect())
}

fn quotes(at: At<'_>, account: &Account, body: &QuoteBody) -> Result<QuotesView, Refusal> {
    let currency = at.book()?.currency;
    let items = items::read(&body.items, currency)?;
    let quotes = purchases::quotes(at, account, &items)?.into_iter().enumerate();
    let of_item = |(index, quote): (usize, Result<Quote, QuoteError>)| {
        quote.map_err(|error| Refusal::from(error).of_item(index))
    };
    let items = quotes.map(of_item).collect::<Result<Vec<Quote>, _>>()?;
    let mut total = Money::zero(currency);
    for it in &items {
        total = total.checked_add(it.total)?;
    }
    Ok(QuotesView {
        items: items.iter().map(QuoteView::from).collect(),
        total: total.to_string(),
        currency: currency.as_str().to_string(),
    })
}
