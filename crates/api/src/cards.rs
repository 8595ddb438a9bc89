//! Cards: `/v1/cards`, and forms that add them.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use desk::cards::{self, Card};
use serde::{Deserialize, Serialize};
use units::CardId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::call::{Call, Nothing, Reply};
use web::caller::{Buyer, Reader};
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Id, Moment, Page, Path, Text};
use web::{Node, gateway};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_cards, create_card))
        .routes(routes!(delete_card))
        .routes(routes!(create_card_form))
}

/// A card that is paid with. Its number is nowhere but at the gateway.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "crd_019eb7696c008cf183c2a061049531a6", "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2030,
    "created": "2026-06-01T00:00:00Z"
}))]
pub struct CardView {
    pub id: String,
    pub brand: String,
    /// The last four digits of its number.
    pub last4: String,
    pub exp_month: i64,
    pub exp_year: i64,
    pub created: Moment,
}

impl From<Card> for CardView {
    fn from(it: Card) -> CardView {
        CardView {
            id: it.id.to_string(),
            brand: it.brand,
            last4: it.last4,
            exp_month: it.exp_month,
            exp_year: it.exp_year,
            created: wire::time(it.created),
        }
    }
}

/// Lists the cards of the account, the oldest first. There are ten at most.
#[utoipa::path(get, path = "/v1/cards", tag = "wallet",
    security(("key" = ["read"])), responses((status = 200, body = Page<CardView>)))]
async fn list_cards(State(node): State<Node>, who: Reader) -> Result<Json<Page<CardView>>, Problem> {
    let found = node.read(move |tx, _| cards::list(tx, who.account)).await?;
    Ok(Json(Page { items: found.into_iter().map(CardView::from).collect(), next: None }))
}

/// A card that is to be added, by the gateway's name of it. A number of a card is not taken.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "seti_1NQx9vLkdIwHu7ix"}))]
pub struct CardBody {
    /// The `setup` of a form that was filled in, or a payment method of the gateway (`pm_…`).
    token: Text<4, 255>,
}

/// Adds a card that the gateway knows. The gateway asks the card's bank whether it may be used.
#[utoipa::path(post, path = "/v1/cards", tag = "wallet", request_body = CardBody,
    security(("key" = ["buy"])), responses((status = 201, body = CardView)))]
async fn create_card(State(node): State<Node>, call: Call<Buyer, CardBody>) -> Result<Response, Problem> {
    let known = gateway::card(&node, call.who.account, call.body.token.as_str()).await?;
    node.once(call, move |tx, at, call| {
        let card = cards::add(tx, at, call.who.account, &known)?;
        Ok(Reply::created(below("/v1/cards", &card.id.to_string()), CardView::from(card)))
    })
    .await
}

/// Takes a card away: nothing is paid with it any more. What it is paying goes on.
#[utoipa::path(delete, path = "/v1/cards/{card}", tag = "wallet", params(("card" = String, Path)),
    security(("key" = ["buy"])), responses((status = 200, body = CardView)))]
async fn delete_card(
    State(node): State<Node>,
    Path(card): Path<Id<CardId>>,
    call: Call<Buyer, Nothing>,
) -> Result<Response, Problem> {
    let account = call.who.account;
    let done = node
        .once(call, move |tx, at, call| {
            Ok(Reply::ok(CardView::from(cards::end(tx, at, call.who.account, card.0)?)))
        })
        .await?;
    // It is not paid with any more whatever the gateway says; what is left there is not ours to show.
    if let Err(problem) = gateway::forget(&node, account, card.0).await {
        tracing::warn!(card = %card.0, "the gateway does not forget a card: {}", problem.detail);
    }
    Ok(done)
}

/// What the gateway's own script needs on the page that adds a card.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "setup": "seti_1NQx9vLkdIwHu7ix", "client_secret": "seti_1NQx9vLkdIwHu7ix_secret_abc",
    "publishable_key": "pk_live_abc", "script": "https://js.stripe.com/v3/"
}))]
pub struct CardFormView {
    /// What `POST /v1/cards` takes as its token once the form is filled in.
    pub setup: String,
    pub client_secret: String,
    pub publishable_key: String,
    /// The address of the script.
    pub script: String,
}

/// Begins to add a card: a form of the gateway, to be filled in by the card's holder.
#[utoipa::path(post, path = "/v1/card-forms", tag = "wallet",
    security(("key" = ["buy"])), responses((status = 201, body = CardFormView)))]
async fn create_card_form(State(node): State<Node>, call: Call<Buyer, Nothing>) -> Result<Response, Problem> {
    let token = call.token_or(&web::random::fresh("form"));
    let (form, gateway) = gateway::form(&node, call.who.account, &token).await?;
    let account = gateway.account();
    let view = CardFormView {
        setup: form.setup,
        client_secret: form.secret,
        publishable_key: account.publishable.clone(),
        script: account.script.clone(),
    };
    // The secret is shown once and stands nowhere: what is kept of the answer is without it.
    node.once(call, move |_, _, _| {
        let kept = CardFormView { client_secret: String::new(), ..view.clone() };
        Reply::created("/v1/cards".into(), view.clone()).keeping(&kept)
    })
    .await
}
