//! Credit lines: `/v1/accounts/{account}/credit` for an operator, `/v1/account/credit` for the customer.
//!
//! In:  how much an account may owe, and the day on which that is collected. Out: the credit line as it stands.
//! Invariant: a customer sees its own alone; what was agreed before stays written.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use desk::credit_lines::{self, New, Seen};
use desk::lists::accounts::currency;
use serde::{Deserialize, Serialize};
use units::{AccountId, MoneyError};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Reply};
use web::caller::{Operator, Reader};
use web::problem::Problem;
use web::wire::{self, Id, Moment, MoneyText, Path, Text, Whole};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_credit, set_credit)).routes(routes!(get_own_credit))
}

/// How much an account may owe before it is in arrears, and how much of that is used.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "account": "acc_019eb7696c008cf183c2a061049531a6", "limit": "30.00", "used": "12.40", "available": "17.60", "day": 10,
    "since": "2026-06-01T00:00:00Z", "collected": "2026-06-09T16:00:00Z", "withheld": null, "currency": "CNY"
}))]
pub struct CreditView {
    pub account: String,
    /// What was agreed; 0.00 without a credit line.
    pub limit: wire::MoneyShown,
    /// What is owed, and what orders take that are paid on credit and not delivered yet.
    pub used: wire::MoneyShown,
    /// What can be spent: money and what is left of the credit line, less what holds of use lack in money; below zero where that is more.
    pub available: wire::MoneyShown,
    /// Of the month, on which what is owed is collected by the card of the card rule.
    #[schema(minimum = 1, maximum = 28)]
    pub day: u8,
    /// From when on it holds; `null` where nothing was ever agreed.
    pub since: Option<Moment>,
    /// When what is owed is collected next, if it is not before.
    pub collected: Option<Moment>,
    /// Since when it is withheld, because what was owed could not be collected; it holds again once that is paid.
    pub withheld: Option<Moment>,
    pub currency: String,
}

impl CreditView {
    fn new(account: AccountId, it: &Seen) -> Result<CreditView, MoneyError> {
        let (wallet, line) = (&it.wallet, it.line.as_ref());
        let none = units::Money::zero(wallet.currency());
        Ok(CreditView {
            account: account.to_string(),
            limit: wire::money(line.map_or(none, |it| it.limit)),
            used: wire::money(wallet.owed().checked_add(wallet.pledged())?),
            available: wire::money(wallet.available()),
            day: line.map_or(billing::credit::DAY, |it| it.day),
            since: line.map(|it| wire::time(it.since)),
            collected: line.map(|it| wire::time(it.collect)),
            withheld: line.and_then(|it| it.withheld).map(wire::time),
            currency: wallet.currency().as_str().to_string(),
        })
    }
}

/// The credit line of an account.
#[utoipa::path(get, path = "/v1/accounts/{account}/credit", tag = "accounts", params(("account" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = CreditView)))]
async fn get_credit(
    State(node): State<Node>,
    _: Operator,
    Path(account): Path<Id<AccountId>>,
) -> Result<Json<CreditView>, Problem> {
    let seen = node.read(move |tx, at| credit_lines::seen(tx, at, account.0)).await?;
    Ok(Json(CreditView::new(account.0, &seen).map_err(desk::Refusal::from)?))
}

/// What an account may owe, agreed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"limit": "30.00", "day": 10, "reason": "framework contract 17"}))]
pub struct CreditBody {
    /// How much it may owe before it is in arrears; 0.00 for nothing any more.
    limit: MoneyText,
    /// Of the month, on which what is owed is collected; 10 if left out.
    day: Option<Whole<1, 28>>,
    /// Why, for the audit log.
    reason: Text<1, 500>,
}

/// Agrees how much an account may owe from now on. The same again changes nothing.
///
/// Within it nothing is stopped, and purchases are paid on credit where money does not suffice. What is owed is collected by the card of
/// the card rule, if that collects, on the day, or at once when less than nothing is available.
#[utoipa::path(put, path = "/v1/accounts/{account}/credit", tag = "accounts", params(("account" = String, Path)),
    request_body = CreditBody, security(("key" = ["operator"])), responses((status = 200, body = CreditView)))]
async fn set_credit(
    State(node): State<Node>,
    Path(account): Path<Id<AccountId>>,
    call: Call<Operator, CreditBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let body = &call.body;
        let limit = body.limit.money(currency(tx, account.0)?).map_err(|it| it.of("limit"))?;
        let day = body.day.as_ref().map(|it| u8::try_from(it.count()).unwrap_or(u8::MAX));
        let new = New { account: account.0, limit, day, reason: body.reason.as_str() };
        let seen = credit_lines::set(tx, at, new)?;
        Ok(Reply::ok(CreditView::new(account.0, &seen)?).about(account.0))
    })
    .await
}

/// The credit line of the caller's account.
#[utoipa::path(get, path = "/v1/account/credit", tag = "wallet",
    security(("key" = ["read"])), responses((status = 200, body = CreditView)))]
async fn get_own_credit(State(node): State<Node>, who: Reader) -> Result<Json<CreditView>, Problem> {
    let seen = node.read(move |tx, at| credit_lines::seen(tx, at, who.account)).await?;
    Ok(Json(CreditView::new(who.account, &seen).map_err(desk::Refusal::from)?))
}
