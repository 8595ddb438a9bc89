//! The cashier: follows payments by card, one call to the gateway after another.
//!
//! In:  a node whose desk has a gateway. Out: payments, each as far as it goes.
//! Invariant: a call is claimed before it is made, so two nodes do not make it at once; a node that dies leaves it to be looked at
//! when the claim ends. No transaction is open while the gateway is asked. A gateway that does not answer holds nothing else up.

use crate::flights::{self, Kind};
use crate::giver;
use billing::payment::{Answer, CALL_SECONDS, Call, Payment, State};
use desk::{card_payments, card_rules, reconcile};
use providers::cards::{Cards, Stripe};
use std::sync::Arc;
use std::time::{Duration, Instant};
use units::{AccountId, PaymentId};
use web::problem::Problem;
use web::{Node, gateway, telemetry};

/// How often it is looked whose wallet is low.
const AUTOMATIC: Duration = Duration::from_secs(5);
/// How often what the gateway has is compared with the books.
const COMPARE: Duration = Duration::from_secs(3_600);
/// Payments that are followed at once.
const AT_ONCE: usize = 16;
const PAYMENTS: Kind<PaymentId> = Kind { name: "payments", at_once: AT_ONCE, due: card_payments::due };
/// So long one turn of a payment asks at most.
const TURN: Duration = Duration::from_secs(CALL_SECONDS);
/// Calls that one payment may need one after another, and room.
const CALLS: usize = 8;

/// Follows payments and what goes back to cards, asks for what is to come by itself, and compares what the gateway has with the books, until the server ends.
pub(crate) async fn keep(node: Node) {
    let Cards::Stripe(gateway) = node.desk().cards.clone() else { return };
    tokio::join!(
        flights::keep(&node, PAYMENTS, |id| follow(node.clone(), gateway.clone(), id)),
        giver::keep(&node, gateway.clone()),
        automatic(&node),
        compare(&node)
    );
}

/// Waits so long, or until the server ends.
async fn pause(node: &Node, time: Duration) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        () = node.stopped() => {}
    }
}

/// Asks cards for what their owners want to come by itself.
async fn automatic(node: &Node) {
    while !node.is_stopping() {
        let due = match node.read(|tx, at| card_rules::due(tx, at, AT_ONCE)).await {
            Ok(due) => due,
            Err(problem) => {
                tracing::error!(code = problem.code.as_str(), "payments by themselves: {}", problem.detail);
                pause(node, AUTOMATIC).await;
                continue;
            }
        };
        for account in &due {
            asked_by_itself(node, *account).await;
        }
        // Where more may wait, they are looked at without a pause: each that was looked at waits for a while.
        if due.len() < AT_ONCE {
            pause(node, AUTOMATIC).await;
        }
    }
}

/// Looks at one account. One that cannot be looked at waits, so that it does not stand before all others.
async fn asked_by_itself(node: &Node, account: AccountId) {
    match node.write(move |tx, at| card_rules::look(tx, at, account)).await {
        Ok(Some(it)) => {
            tracing::info!(%account, payment = %it.id, kind = it.kind.as_str(), "a card is asked by itself");
        }
        Ok(None) => {}
        Err(problem) => {
            tracing::error!(%account, code = problem.code.as_str(), "payments by themselves: {}", problem.detail);
            if let Err(problem) = node.write(move |tx, at| card_rules::put_off(tx, at, account)).await {
                tracing::error!(%account, code = problem.code.as_str(), "payments by themselves: {}", problem.detail);
                pause(node, AUTOMATIC).await;
            }
        }
    }
}

/// Compares what the gateway has with the books.
async fn compare(node: &Node) {
    while !node.is_stopping() {
        pause(node, COMPARE).await;
        let listed = match gateway::listed(node).await {
            Ok(listed) => listed,
            Err(problem) => {
                tracing::warn!("what the gateway has is not compared: {}", problem.detail);
                continue;
            }
        };
        match node.write(move |tx, at| reconcile::compare(tx, at, &listed)).await {
            Ok(open) => {
                for it in &open {
                    let kind = it.difference.kind.as_str();
                    tracing::error!(payment = %it.difference.payment, kind, "the gateway and the books differ: {}", it.difference.detail);
                }
            }
            Err(problem) => tracing::error!("what the gateway has is not compared: {}", problem.detail),
        }
    }
}

/// Takes a payment as far as it goes now.
async fn follow(node: Node, gateway: Arc<Stripe>, id: PaymentId) -> PaymentId {
    for _ in 0..CALLS {
        match turn(&node, &gateway, id).await {
            Ok(Some(())) => {}
            Ok(None) => break,
            Err(problem) => {
                tracing::error!(payment = %id, code = problem.code.as_str(), "payments: {}", problem.detail);
                break;
            }
        }
    }
    id
}

/// One call of a payment, written down before and after; `None` where none is due.
async fn turn(node: &Node, gateway: &Stripe, id: PaymentId) -> Result<Option<()>, Problem> {
    let Some(payment) = node.write(move |tx, at| card_payments::claim(tx, at, id)).await? else {
        return Ok(None);
    };
    let Some(call) = payment.next() else { return Ok(None) };
    let answer = tokio::time::timeout(TURN, answered(gateway, &payment, call)).await;
    let answer = answer.unwrap_or_else(|_| Answer::Silent(format!("nothing within {CALL_SECONDS} s")));
    let silent = matches!(answer, Answer::Silent(_));
    let heard = node.write(move |tx, at| card_payments::hear(tx, at, id, &answer)).await?;
    if heard.state != payment.state {
        tracing::info!(payment = %id, from = payment.state.as_str(), to = heard.state.as_str(), "a payment went on");
    }
    if heard.state == State::Lost {
        tracing::error!(payment = %id, "the bank did not keep what it had agreed to; the wallet pays");
    }
    Ok((!silent).then_some(()))
}

/// What a call comes to; what was looked at and is to be done still is done at once.
async fn answered(gateway: &Stripe, payment: &Payment, call: Call) -> Answer {
    let answer = asked(gateway, payment, call).await;
    match payment.noted(&answer).ok().and_then(|noted| Some((noted.resumed(&answer)?, noted))) {
        Some((call, noted)) => asked(gateway, &noted, call).await,
        None => answer,
    }
}

async fn asked(gateway: &Stripe, payment: &Payment, call: Call) -> Answer {
    let begun = Instant::now();
    let answer = gateway.ask(payment, call).await;
    let (name, result) = (name(call), result(&answer));
    metrics::histogram!(telemetry::GATEWAY_SECONDS, "call" => name, "result" => result)
        .record(begun.elapsed().as_secs_f64());
    if let Answer::Silent(why) = &answer {
        tracing::warn!(payment = %payment.id, call = name, "the gateway for cards does not say: {why}");
    }
    answer
}

const fn name(call: Call) -> &'static str {
    match call {
        Call::Find => "find",
        Call::Authorise => "authorise",
        Call::Look => "look",
        Call::Capture(_) => "capture",
        Call::Cancel => "cancel",
    }
}

const fn result(answer: &Answer) -> &'static str {
    match answer {
        Answer::Said(_) => "said",
        Answer::Nothing => "nothing",
        Answer::Refused(_) => "refused",
        Answer::Silent(_) => "silent",
    }
}
