//! The wallet: `/v1/wallet`, its movements, and what was paid into it.

use super::accounts::WalletView;
use super::state::Api;
use axum::Json;
use axum::extract::State;
use desk::lists::accounts::Owned;
use desk::lists::wallet::{self, Entry, TopUp, TopUpFilter};
use serde::{Deserialize, Serialize};
use units::{AccountId, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::{Operator, Reader};
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, Page, Path, Query, Text, When};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_wallet))
        .routes(routes!(list_movements))
        .routes(routes!(list_top_ups))
        .routes(routes!(get_top_up))
        .routes(routes!(list_all_top_ups))
}

/// The caller's money.
#[utoipa::path(get, path = "/v1/wallet", tag = "wallet",
    security(("key" = ["read"])), responses((status = 200, body = WalletView)))]
async fn get_wallet(State(node): State<Node>, who: Reader) -> Result<Json<WalletView>, Problem> {
    let found = node.read(move |tx, _| wallet::one(tx, who.account)).await?;
    Ok(Json(WalletView::from(&found)))
}

/// A movement of money between two purses.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "tra_019eb7696c008cf183c2a061049531a6", "at": "2026-06-01T01:00:00Z", "kind": "deduct", "debit": "cash",
    "credit": "revenue", "amount": "0.42", "balance_after": "99.58", "currency": "CNY",
    "for": "bil_019eb7696c008cf183c2a061049531a6"
}))]
pub struct MovementView {
    pub id: String,
    pub at: Moment,
    /// `recharge`, `withdraw`, `deduct`, `freeze`, `unfreeze`, `hold` or `debt`.
    #[schema(value_type = words::MovementKind)]
    pub kind: String,
    /// The purse that it came from: `cash`, `bonus`, `income`, the same with `frozen_` before it, `owed` (a debit
    /// makes the debt more), or outside of the wallet `bank` and `grants`.
    pub debit: words::Side,
    /// The purse that it went to; `revenue` is the provider's.
    pub credit: words::Side,
    pub amount: wire::MoneyShown,
    /// Everything in the wallet less what was owed, after it. Freezing changes nothing of that.
    pub balance_after: wire::MoneyShown,
    pub currency: String,
    /// What it was for: a bill, an order, a resource, a hold or a payment.
    #[serde(rename = "for")]
    pub subject: String,
}

impl From<Entry> for MovementView {
    fn from(it: Entry) -> MovementView {
        let movement = it.movement;
        MovementView {
            id: movement.id,
            at: wire::time(movement.at),
            kind: movement.kind,
            debit: movement.debit.into(),
            credit: movement.credit.into(),
            amount: wire::money(movement.money),
            balance_after: wire::money(it.balance),
            currency: movement.money.currency().as_str().to_string(),
            subject: movement.subject,
        }
    }
}

/// Which movements.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MovementsQuery {
    /// Only movements of this kind.
    kind: Option<Word<words::MovementKind>>,
    /// Only movements that were made then or later.
    from: Option<When>,
    /// Only movements that were made before.
    to: Option<When>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: a movement.
    after: Option<Text<0, 80>>,
}

/// Lists movements of money, the newest first, each with the balance after it.
#[utoipa::path(get, path = "/v1/wallet/movements", tag = "wallet", params(MovementsQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<MovementView>)))]
async fn list_movements(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<MovementsQuery>,
) -> Result<Json<Page<MovementView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let kind = query.kind.as_ref().map_or("", Word::as_str);
    let from = query.from.map_or(Ok(Timestamp::MIN), |it| it.of("from"))?;
    let to = query.to.map_or(Ok(Timestamp::MAX), |it| it.of("to"))?;
    let of = wallet::Filter { kind, from, to };
    let page = node.read(move |tx, _| wallet::movements(tx, who.account, of, &part)).await?;
    Ok(Json(Page::of(page, MovementView::from)))
}

/// Money that came in, or was granted.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "reference": "transfer 4711", "amount": "100.00", "currency": "CNY", "purse": "cash", "at": "2026-06-01T00:00:00Z"
}))]
pub struct TopUpView {
    pub reference: String,
    pub amount: wire::MoneyShown,
    pub currency: String,
    /// `cash`, `bonus` or `income`.
    #[schema(value_type = words::Purse)]
    pub purse: String,
    pub at: Moment,
}

impl From<TopUp> for TopUpView {
    fn from(it: TopUp) -> TopUpView {
        TopUpView {
            reference: it.reference,
            amount: wire::money(it.money),
            currency: it.money.currency().as_str().to_string(),
            purse: it.purse.as_str().to_string(),
            at: wire::time(it.at),
        }
    }
}

/// Which top-ups.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TopUpsQuery {
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: a reference.
    after: Option<Text<0, 120>>,
}

/// Lists what was paid into a wallet, the newest first.
#[utoipa::path(get, path = "/v1/accounts/{account}/top-ups", tag = "accounts",
    params(("account" = String, Path), TopUpsQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<TopUpView>)))]
async fn list_top_ups(
    State(node): State<Node>,
    _: Operator,
    Path(account): Path<Id<AccountId>>,
    Query(query): Query<TopUpsQuery>,
) -> Result<Json<Page<TopUpView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let page = node.read(move |tx, _| wallet::top_ups(tx, account.0, &part)).await?;
    Ok(Json(Page::of(page, TopUpView::from)))
}

/// One payment into a wallet, by its reference.
#[utoipa::path(get, path = "/v1/accounts/{account}/top-ups/{reference}", tag = "accounts",
    params(("account" = String, Path), ("reference" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = TopUpView)))]
async fn get_top_up(
    State(node): State<Node>,
    _: Operator,
    Path((account, reference)): Path<(Id<AccountId>, String)>,
) -> Result<Json<TopUpView>, Problem> {
    let found = node.read(move |tx, _| wallet::top_up(tx, account.0, &reference)).await?;
    Ok(Json(TopUpView::from(found)))
}

/// Money that came in, or was granted, and whose it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "account": "acc_019eb7696c008cf183c2a061049531a6", "account_name": "shop", "reference": "transfer 4711",
    "amount": "100.00", "currency": "CNY", "purse": "cash", "at": "2026-06-01T00:00:00Z"
}))]
pub struct OwnedTopUpView {
    pub account: String,
    /// What the account is called.
    pub account_name: String,
    #[serde(flatten)]
    pub top_up: TopUpView,
}

impl From<Owned<TopUp>> for OwnedTopUpView {
    fn from(it: Owned<TopUp>) -> OwnedTopUpView {
        let account = it.account.to_string();
        OwnedTopUpView { account, account_name: it.name, top_up: TopUpView::from(it.of) }
    }
}

/// Which top-ups of all accounts.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AllTopUpsQuery {
    /// Only those of this account.
    account: Option<Text<0, 80>>,
    /// Only those that were made then or later.
    from: Option<When>,
    /// Only those that were made before.
    to: Option<When>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 4200>>,
}

/// Lists what was paid in or granted, of all accounts, the newest first.
#[utoipa::path(get, path = "/v1/top-ups", tag = "operations", params(AllTopUpsQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<OwnedTopUpView>),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn list_all_top_ups(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<AllTopUpsQuery>,
) -> Result<Json<Page<OwnedTopUpView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = TopUpFilter {
        account: query.account.map(|it| desk::lists::accounts::id(it.as_str())).transpose()?,
        from: query.from.map_or(Ok(Timestamp::MIN), |it| it.of("from"))?,
        to: query.to.map_or(Ok(Timestamp::MAX), |it| it.of("to"))?,
    };
    let page = node.report(move |tx, _| wallet::all_top_ups(tx, of, &part)).await?;
    Ok(Json(Page::of(page, OwnedTopUpView::from)))
}
