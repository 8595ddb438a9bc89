//! Money that a card brings by itself: `/v1/card-rule`; and in what the gateway and the books differ.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::payment::automatic::{Collect, Rule};
use desk::lists::accounts::currency;
use desk::reconcile::{self, OpenDifference};
use desk::{Refusal, card_rules};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::call::{Call, Nothing, Reply};
use web::caller::{Buyer, Operator, Reader};
use web::problem::Problem;
use web::wire::{self, Moment, MoneyText, Page, Text};
use web::{Node, gateway, words};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_card_rule, set_card_rule, delete_card_rule))
        .routes(routes!(list_card_differences, compare_card_payments))
}

/// What comes by card by itself.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "card": "crd_019eb7696c008cf183c2a061049531a6", "below": "50.00", "amount": "200.00", "ceiling": "500.00",
    "collect": "at_once", "currency": "CNY"
}))]
pub struct CardRuleView {
    pub card: String,
    /// Topped up when less than this is available; 0.00 for never.
    pub below: wire::MoneyShown,
    /// By so much.
    pub amount: wire::MoneyShown,
    /// At most so much by itself in a calendar month, collections included.
    pub ceiling: wire::MoneyShown,
    pub collect: words::CollectDebts,
    pub currency: String,
}

impl From<Rule> for CardRuleView {
    fn from(it: Rule) -> CardRuleView {
        CardRuleView {
            card: it.card.to_string(),
            below: wire::money(it.below),
            amount: wire::money(it.amount),
            ceiling: wire::money(it.ceiling),
            collect: it.collect.into(),
            currency: it.amount.currency().as_str().to_string(),
        }
    }
}

/// The rule of the account, or nothing.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"rule": null}))]
pub struct CardRuleStanding {
    pub rule: Option<CardRuleView>,
}

/// What comes by card by itself, if anything does.
#[utoipa::path(get, path = "/v1/card-rule", tag = "wallet",
    security(("key" = ["read"])), responses((status = 200, body = CardRuleStanding)))]
async fn get_card_rule(State(node): State<Node>, who: Reader) -> Result<Json<CardRuleStanding>, Problem> {
    let found = node.read(move |tx, _| card_rules::get(tx, who.account)).await?;
    Ok(Json(CardRuleStanding { rule: found.map(CardRuleView::from) }))
}

/// What is to come by card by itself.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "card": "crd_019eb7696c008cf183c2a061049531a6", "below": "50.00", "amount": "200.00", "ceiling": "500.00"
}))]
pub struct CardRuleBody {
    card: Text<1, 80>,
    /// Top up when less than this is available; 0.00 for never.
    below: MoneyText,
    /// By so much.
    amount: MoneyText,
    /// At most so much by itself in a calendar month, collections included.
    ceiling: MoneyText,
    /// Whether what is owed is collected as soon as anything is; `never` if left out.
    #[serde(default)]
    collect: Option<words::CollectDebts>,
}

/// Has a card top up the wallet by itself when little is left, and pay what is owed. It takes the place of what was there.
#[utoipa::path(put, path = "/v1/card-rule", tag = "wallet", request_body = CardRuleBody,
    security(("key" = ["buy"])), responses((status = 200, body = CardRuleView)))]
async fn set_card_rule(
    State(node): State<Node>,
    call: Call<Buyer, CardRuleBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let (account, body) = (call.who.account, &call.body);
        let currency = currency(tx, account)?;
        let money = |it: &MoneyText, field: &str| it.money(currency).map_err(|error| error.of(field));
        let card = body.card.as_str().parse().map_err(|_| web::call::hidden("such card").of("card"))?;
        let rule = Rule {
            account,
            card,
            below: money(&body.below, "below")?,
            amount: money(&body.amount, "amount")?,
            ceiling: money(&body.ceiling, "ceiling")?,
            collect: body.collect.map_or(Collect::Never, |it| it.0),
        };
        Ok(Reply::ok(CardRuleView::from(card_rules::set(tx, at, rule)?)))
    })
    .await
}

/// Nothing comes by card by itself any more.
#[utoipa::path(delete, path = "/v1/card-rule", tag = "wallet",
    security(("key" = ["buy"])), responses((status = 200, body = CardRuleStanding)))]
async fn delete_card_rule(State(node): State<Node>, call: Call<Buyer, Nothing>) -> Result<Response, Problem> {
    node.once(call, move |tx, _, call| {
        card_rules::end(tx, call.who.account)?;
        Ok(Reply::ok(CardRuleStanding { rule: None }))
    })
    .await
}

/// Something in which the gateway for cards and the books differ.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "kind": "sum", "payment": "pay_019eb7696c008cf183c2a061049531a6", "account": "acc_019eb7696c008cf183c2a061049531a6",
    "intent": "pi_1", "detail": "10.00 came in, 9.99 was taken at the gateway", "found": "2026-06-01T00:00:00Z",
    "seen": "2026-06-01T01:00:00Z"
}))]
pub struct CardDifferenceView {
    pub kind: words::CardDifferenceKind,
    pub payment: String,
    /// Whose payment it is; `null` where the books do not know it.
    pub account: Option<String>,
    /// The gateway's name of it; empty where it has none.
    pub intent: String,
    pub detail: String,
    /// Since when it is there.
    pub found: Moment,
    /// When it was seen last.
    pub seen: Moment,
}

impl From<OpenDifference> for CardDifferenceView {
    fn from(it: OpenDifference) -> CardDifferenceView {
        CardDifferenceView {
            kind: it.difference.kind.into(),
            payment: it.difference.payment.to_string(),
            account: Some(it.account).filter(|it| !it.is_empty()),
            intent: it.difference.intent,
            detail: it.difference.detail,
            found: wire::time(it.found),
            seen: wire::time(it.seen),
        }
    }
}

/// Lists in what the gateway for cards and the books differ, the oldest first. A job compares them every hour.
#[utoipa::path(get, path = "/v1/card-differences", tag = "operations",
    security(("key" = ["operator"])), responses((status = 200, body = Page<CardDifferenceView>)))]
async fn list_card_differences(
    State(node): State<Node>,
    _: Operator,
) -> Result<Json<Page<CardDifferenceView>>, Problem> {
    let found = node.read(|tx, _| reconcile::open(tx)).await?;
    Ok(Json(Page { items: found.into_iter().map(CardDifferenceView::from).collect(), next: None }))
}

/// Compares what the gateway for cards has with the books, now.
#[utoipa::path(post, path = "/v1/card-differences", tag = "operations",
    security(("key" = ["operator"])), responses((status = 200, body = Page<CardDifferenceView>)))]
async fn compare_card_payments(
    State(node): State<Node>,
    call: Call<Operator, Nothing>,
) -> Result<Response, Problem> {
    let listed = gateway::listed(&node).await?;
    node.once(call, move |tx, at, _| {
        let found = reconcile::compare(tx, at, &listed)?;
        let items = found.into_iter().map(CardDifferenceView::from).collect();
        Ok::<_, Refusal>(Reply::ok(Page::<CardDifferenceView> { items, next: None }))
    })
    .await
}
