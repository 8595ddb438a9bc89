//! Contract prices: `/v1/accounts/{account}/contract-prices` for an operator, `/v1/contract-prices` for the customer.
//!
//! In:  what one account pays for a component, from when on. Out: its prices, in the order in which they were made.
//! Invariant: a customer sees its own prices alone; what was agreed is not edited, only ended.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::contract_price::ContractPrice;
use desk::contract_prices::{self, Named, New};
use desk::page;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::AccountId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, OrNothing, Reply};
use web::caller::{Operator, Reader};
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, Page, Path, Query, Text, When};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_contract_prices, create_contract_price))
        .routes(routes!(get_contract_price))
        .routes(routes!(end_contract_price))
        .routes(routes!(list_own_contract_prices))
}

/// What one account pays for a component in place of what the price book says.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "c-2026-17", "account": "acc_019eb7696c008cf183c2a061049531a6", "product": "container", "component": "compute",
    "when": {"spec": ["1U1G"]}, "above": null, "amount": "0.15", "currency": "CNY", "from": "2026-06-15T00:00:00Z",
    "until": null, "reason": "framework contract 17", "made": "2026-06-01T00:00:00Z"
}))]
pub struct ContractPriceView {
    /// Chosen by whoever agreed it.
    pub id: String,
    pub account: String,
    pub product: String,
    pub component: String,
    /// The option values that it is for; all without any.
    pub when: BTreeMap<String, Vec<String>>,
    /// Where the tier or band begins that it is for; `null` for all of them.
    pub above: Option<String>,
    /// The price of what the price book says that a price is per.
    pub amount: wire::PriceShown,
    pub currency: String,
    pub from: Moment,
    /// It holds before this instant; `null` until it is ended.
    pub until: Option<Moment>,
    pub reason: String,
    pub made: Moment,
}

impl From<ContractPrice> for ContractPriceView {
    fn from(it: ContractPrice) -> ContractPriceView {
        ContractPriceView {
            account: it.account.to_string(),
            amount: wire::price(it.amount),
            currency: it.amount.currency().as_str().to_string(),
            from: wire::time(it.from),
            until: it.until.map(wire::time),
            made: wire::time(it.made),
            id: it.id,
            product: it.product,
            component: it.component,
            when: it.when.into_iter().collect(),
            above: it.above,
            reason: it.reason,
        }
    }
}

/// A new contract price.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "id": "c-2026-17", "product": "container", "component": "compute", "when": {"spec": ["1U1G"]}, "amount": "0.15",
    "reason": "framework contract 17"
}))]
pub struct ContractPriceBody {
    /// Such as the number of the contract; the same again changes nothing.
    id: Text<1, 100>,
    product: Text<1, 60>,
    /// A component of the product, as the price book calls it.
    component: Text<1, 60>,
    /// The option values that it is for; all of them if left out.
    #[serde(default)]
    when: BTreeMap<String, Vec<Text<1, 100>>>,
    /// Where the tier or band begins that it is for, such as `96 h`; all of them if left out.
    above: Option<Text<1, 40>>,
    /// The price of what the price book says that a price is per, with up to eight digits behind the point.
    amount: Text<1, 30>,
    /// From when it holds: now or later; now if left out.
    from: Option<When>,
    /// It holds before this instant; until it is ended if left out.
    until: Option<When>,
    /// Why, as the customer reads it, too.
    reason: Text<1, 500>,
}

/// Agrees a contract price with an account. What was bought and used before keeps its price.
#[utoipa::path(post, path = "/v1/accounts/{account}/contract-prices", tag = "accounts",
    params(("account" = String, Path)), request_body = ContractPriceBody,
    security(("key" = ["operator"])), responses((status = 201, body = ContractPriceView)))]
async fn create_contract_price(
    State(node): State<Node>,
    Path(account): Path<Id<AccountId>>,
    call: Call<Operator, ContractPriceBody>,
) -> Result<Response, Problem> {
    let done = node
        .once(call, move |tx, at, call| {
            let body = &call.body;
            let values = |it: &Vec<Text<1, 100>>| it.iter().map(|it| it.as_str().to_string()).collect();
            let new = New {
                account: account.0,
                id: body.id.as_str(),
                product: body.product.as_str(),
                component: body.component.as_str(),
                when: body.when.iter().map(|it| (it.0.clone(), values(it.1))).collect(),
                above: body.above.as_ref().map(Text::as_str),
                amount: body.amount.as_str(),
                from: body.from.as_ref().map(|it| it.of("from")).transpose()?,
                until: body.until.as_ref().map(|it| it.of("until")).transpose()?,
                reason: body.reason.as_str(),
            };
            let made =
                contract_prices::agree(tx, at, &new).map_err(|it| it.by_code(&[("conflict", "id")]))?;
            let place = below(&format!("/v1/accounts/{}/contract-prices", account.0), &made.id);
            Ok(Reply::created(place, ContractPriceView::from(made)).about(account.0))
        })
        .await?;
    node.blocking(Node::reload).await?;
    Ok(done)
}

/// Which contract prices.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContractPricesQuery {
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 100>>,
}

async fn listed(
    node: Node,
    account: AccountId,
    query: ContractPricesQuery,
) -> Result<Json<Page<ContractPriceView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let page = node
        .read(move |tx, _| {
            let all = contract_prices::of_account(tx, account)?;
            page::Page::out_of(all, &part, |it: &ContractPrice| it.id.clone())
        })
        .await?;
    Ok(Json(Page::of(page, ContractPriceView::from)))
}

/// Lists the contract prices of an account, the one that was made first before the others; those that are over, too.
#[utoipa::path(get, path = "/v1/accounts/{account}/contract-prices", tag = "accounts",
    params(("account" = String, Path), ContractPricesQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<ContractPriceView>)))]
async fn list_contract_prices(
    State(node): State<Node>,
    _: Operator,
    Path(account): Path<Id<AccountId>>,
    Query(query): Query<ContractPricesQuery>,
) -> Result<Json<Page<ContractPriceView>>, Problem> {
    listed(node, account.0, query).await
}

/// Lists the account's own contract prices.
#[utoipa::path(get, path = "/v1/contract-prices", tag = "accounts", params(ContractPricesQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<ContractPriceView>)))]
async fn list_own_contract_prices(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<ContractPricesQuery>,
) -> Result<Json<Page<ContractPriceView>>, Problem> {
    listed(node, who.account, query).await
}

/// One contract price of an account.
#[utoipa::path(get, path = "/v1/accounts/{account}/contract-prices/{price}", tag = "accounts",
    params(("account" = String, Path), ("price" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = ContractPriceView)))]
async fn get_contract_price(
    State(node): State<Node>,
    _: Operator,
    Path((account, price)): Path<(Id<AccountId>, String)>,
) -> Result<Json<ContractPriceView>, Problem> {
    let found = node.read(move |tx, _| contract_prices::one(tx, account.0, &price)).await?;
    Ok(Json(ContractPriceView::from(found)))
}

/// When a contract price ends.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"until": "2099-01-01T00:00:00Z"}))]
pub struct ContractEndBody {
    /// Now or later; now if left out. One that has not begun never holds then.
    until: Option<When>,
}

/// Ends a contract price: what is bought and used from then on has the price of the price book. Ended there already, it stays
/// as it is.
#[utoipa::path(post, path = "/v1/accounts/{account}/contract-prices/{price}/end", tag = "accounts",
    params(("account" = String, Path), ("price" = String, Path)), request_body = ContractEndBody,
    security(("key" = ["operator"])), responses((status = 200, body = ContractPriceView)))]
async fn end_contract_price(
    State(node): State<Node>,
    Path((account, price)): Path<(Id<AccountId>, String)>,
    call: Call<Operator, OrNothing<ContractEndBody>>,
) -> Result<Response, Problem> {
    let done = node
        .once(call, move |tx, at, call| {
            let until = call.body.0.until.as_ref().map(|it| it.of("until")).transpose()?;
            let after = contract_prices::end(tx, at, Named { account: account.0, id: &price }, until)
                .map_err(|it| it.by_code(&[("time_invalid", "until")]))?;
            Ok(Reply::ok(ContractPriceView::from(after)).about(account.0))
        })
        .await?;
    node.blocking(Node::reload).await?;
    Ok(done)
}
