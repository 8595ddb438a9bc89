//! What the gateway for cards sends: `POST /v1/gateway-events`.
//!
//! In:  a signed body. Out: nothing; the payment that it names is asked about at once.
//! Invariant: it is a hint: what it says is believed of nobody, and the gateway is asked for the truth. No key is needed, and one
//! that is not signed lately by the gateway changes nothing.

use super::state::Api;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use billing::payment::CardError;
use desk::{Refusal, card_payments};
use providers::cards::signature;
use serde::Deserialize;
use web::problem::Problem;
use web::{Node, gateway};

pub(super) fn routes() -> Router<Api> {
    Router::new().route("/v1/gateway-events", post(take_gateway_event))
}

#[derive(Deserialize)]
struct Event {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    id: Option<String>,
    /// Of a charge or a refund: the payment that it is of.
    payment_intent: Option<String>,
}

/// Takes what the gateway sends. The same again, in whatever order, changes nothing more.
async fn take_gateway_event(
    State(node): State<Node>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Problem> {
    let refused = |error: CardError| Problem::from(Refusal::from(error));
    let body = body.map_err(web::call::too_large)?;
    let gateway = gateway::of(&node)?;
    let secret = gateway.account().webhook_secret.as_deref().ok_or_else(|| refused(CardError::Signature))?;
    let header = headers.get("stripe-signature").and_then(|it| it.to_str().ok()).unwrap_or("");
    // The clock of the machine: the gateway knows no other.
    let now = web::clock::Clock::Machine.now().as_second();
    signature::check(header, &body, secret, now).map_err(refused)?;
    // Signed, and about something that we do not follow: that is in order.
    let Ok(event) = serde_json::from_slice::<Event>(&body) else { return Ok(StatusCode::NO_CONTENT) };
    let named = event.data.object.payment_intent.or(event.data.object.id);
    if let Some(intent) = named {
        node.write(move |tx, at| card_payments::look_at(tx, at, &intent)).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
