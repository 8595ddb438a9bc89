//! The giver: follows what goes back to cards, one call to the gateway after another.
//!
//! In:  a node whose desk has a gateway. Out: refunds to cards, each as far as it goes.
//! Invariant: as with payments, a call is claimed before it is made, and no transaction is open while the gateway is asked. What a
//! killed node left is looked for at the gateway before it is sent again.

use billing::card_refund::{Answer, Call, State};
use billing::payment::CALL_SECONDS;
use desk::card_refunds::{self, Asked};
use providers::cards::Stripe;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use units::CardRefundId;
use web::problem::Problem;
use web::{Node, telemetry};

/// Refunds that are followed at once.
const AT_ONCE: usize = 8;
/// How often to look when nothing happens.
const LOOK: Duration = Duration::from_secs(1);
/// So long one turn asks at most.
const TURN: Duration = Duration::from_secs(CALL_SECONDS);

/// Follows what goes back to cards until the server ends; calls that are on their way then are waited for.
pub(crate) async fn keep(node: &Node, gateway: Arc<Stripe>) {
    let mut stirs = node.stirs();
    let (mut flying, mut ids) = (JoinSet::new(), HashSet::new());
    while !node.is_stopping() {
        match node.read(|tx, at| card_refunds::due(tx, at, AT_ONCE)).await {
            Ok(due) => {
                for id in due {
                    if flying.len() < AT_ONCE && ids.insert(id) {
                        flying.spawn(follow(node.clone(), gateway.clone(), id));
                    }
                }
            }
            Err(problem) => {
                tracing::error!(code = problem.code.as_str(), "refunds to cards: {}", problem.detail)
            }
        }
        tokio::select! {
            Some(landed) = flying.join_next() => land(&mut ids, landed),
            _ = stirs.changed() => {}
            () = tokio::time::sleep(LOOK) => {}
            () = node.stopped() => break,
        }
    }
    while let Some(landed) = flying.join_next().await {
        land(&mut ids, landed);
    }
}

fn land(ids: &mut HashSet<CardRefundId>, landed: Result<CardRefundId, tokio::task::JoinError>) {
    match landed {
        Ok(id) => drop(ids.remove(&id)),
        Err(error) => {
            tracing::error!(%error, "a refund to a card broke off; it is looked at again");
            ids.clear();
        }
    }
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
