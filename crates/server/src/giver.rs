//! The giver: follows what goes back to cards, one call to the gateway after another.
//!
//! In:  a node whose desk has a gateway. Out: refunds to cards, each as far as it goes.
//! Invariant: as with payments, a call is claimed before it is made, and no transaction is open while the gateway is asked. What a
//! killed node left is looked for at the gateway before it is sent again.

use crate::flights::{self, Kind};
use billing::card_refund::{Answer, Call, State};
use billing::payment::CALL_SECONDS;
use desk::card_refunds::{self, Asked};
use providers::cards::Stripe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use units::CardRefundId;
use web::problem::Problem;
use web::{Node, telemetry};

/// So long one turn asks at most.
const TURN: Duration = Duration::from_secs(CALL_SECONDS);

const REFUNDS: Kind<CardRefundId> = Kind { name: "refunds to cards", at_once: 8, due: card_refunds::due };

/// Follows what goes back to cards until the server ends; calls that are on their way then are waited for.
pub(crate) async fn keep(node: &Node, gateway: Arc<Stripe>) {
    flights::keep(node, REFUNDS, |id| follow(node.clone(), gateway.clone(), id)).await;
}

async fn follow(node: Node, gateway: Arc<Stripe>, id: CardRefundId) -> CardRefundId {
    if let Err(problem) = turn(&node, &gateway, id).await {
        tracing::error!(card_refund = %id, code = problem.code.as_str(), "refunds to cards: {}", problem.detail);
    }
    id
}

/// One look at one, written down before and after.
async fn turn(node: &Node, gateway: &Stripe, id: CardRefundId) -> Result<(), Problem> {
    let Some(asked) = node.write(move |tx, at| card_refunds::claim(tx, at, id)).await? else {
        return Ok(());
    };
    let answer = tokio::time::timeout(TURN, answered(node, gateway, &asked)).await;
    let answer = answer.unwrap_or_else(|_| Answer::Silent(format!("nothing within {CALL_SECONDS} s")));
    let heard = node.write(move |tx, at| card_refunds::hear(tx, at, id, &answer)).await?;
    let (payment, reason) = (heard.payment, heard.reason.as_deref().unwrap_or(""));
    match heard.state {
        State::ToSend => {
            tracing::warn!(card_refund = %id, %payment, tries = heard.tries, "a refund to a card waits: {reason}");
        }
        State::Sent => tracing::info!(card_refund = %id, %payment, "a refund went to its card"),
        State::Failed => {
            tracing::error!(card_refund = %id, %payment, "a card took nothing back, the wallet has it: {reason}");
        }
    }
    Ok(())
}

/// What a look comes to; what is not there is sent at once.
async fn answered(node: &Node, gateway: &Stripe, it: &Asked) -> Answer {
    let answer = call(gateway, it, it.card_refund.next()).await;
    match it.card_refund.resumed(&answer, node.clock().now()) {
        Some(next) => call(gateway, it, next).await,
        None => answer,
    }
}

async fn call(gateway: &Stripe, it: &Asked, call: Call) -> Answer {
    let begun = Instant::now();
    let intent = it.payment.intent.as_deref().unwrap_or("");
    let answer = gateway.give_back(&it.card_refund, intent, call).await;
    metrics::histogram!(telemetry::GATEWAY_SECONDS, "call" => name(call), "result" => result(&answer))
        .record(begun.elapsed().as_secs_f64());
    answer
}

const fn name(call: Call) -> &'static str {
    match call {
        Call::Find => "find_refund",
        Call::Send => "refund",
    }
}

const fn result(answer: &Answer) -> &'static str {
    match answer {
        Answer::Sent(_) => "said",
        Answer::Nothing => "nothing",
        Answer::Refused(_) => "refused",
        Answer::Silent(_) => "silent",
    }
}
