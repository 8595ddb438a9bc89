//! The gateway for cards, asked while somebody waits.
//!
//! In:  a node, an account. Out: forms, cards.
//! Invariant: no transaction is open while the gateway is asked, and what is written follows from what it said.

use super::node::Node;
use super::problem::Problem;
use billing::payment::reconcile::Listing;
use billing::payment::reconcile::back::ListingBack;
use billing::payment::{CardError, Payment, State};
use desk::reconcile::Listed;
use desk::{Refusal, cards, reconcile};
use providers::cards::stripe::{Form, KnownCard};
use providers::cards::{Cards, Stripe};
use std::sync::Arc;
use units::{AccountId, CardId};

/// The gateway. Errors: `CardsOff`.
pub fn of(node: &Node) -> Result<Arc<Stripe>, Problem> {
    match &node.desk().cards {
        Cards::Off | Cards::Simulated(_) => Err(refused(CardError::Off)),
        Cards::Stripe(gateway) => Ok(gateway.clone()),
    }
}

fn refused(error: CardError) -> Problem {
    Refusal::from(error).into()
}

/// Under which name the gateway knows an account; made known where it is not.
async fn customer(node: &Node, gateway: &Stripe, account: AccountId) -> Result<String, Problem> {
    match node.read(move |tx, _| cards::customer(tx, account)).await? {
        Some(known) => Ok(known),
        None => {
            let made = gateway.customer(account).await.map_err(refused)?;
            node.write(move |tx, at| cards::known_as(tx, at, account, &made)).await
        }
    }
}

/// Begins to add a card: what the page with the gateway's own form needs.
pub async fn form(node: &Node, account: AccountId, token: &str) -> Result<(Form, Arc<Stripe>), Problem> {
    let gateway = of(node)?;
    let customer = customer(node, &gateway, account).await?;
    let form = gateway.form(account, &customer, token).await.map_err(refused)?;
    Ok((form, gateway))
}

/// The card that a token names, known to the gateway as the account's. Errors: a token that is none, a card of another, a decline.
pub async fn card(node: &Node, account: AccountId, token: &str) -> Result<KnownCard, Problem> {
    let gateway = of(node)?;
    let customer = customer(node, &gateway, account).await?;
    gateway.card(token, &customer).await.map_err(refused)
}

/// Has the gateway forget a card of an account.
pub async fn forget(node: &Node, account: AccountId, id: CardId) -> Result<(), Problem> {
    let gateway = of(node)?;
    let found = node.read(move |tx, _| cards::one(tx, account, id)).await?;
    gateway.forget(&found.method).await.map_err(refused)
}

/// What the gateway has of payments and refunds since as long ago as is compared, and since when that is.
pub async fn listed(node: &Node) -> Result<Listed, Problem> {
    let gateway = of(node)?;
    let asked = node.clock().now();
    let since = reconcile::since(asked);
    let (payments, refunds) = (gateway.list(since).await, gateway.list_back(since).await);
    Ok(Listed {
        payments: Listing { since, asked, payments: payments.map_err(refused)? },
        back: ListingBack { since, asked, refunds: refunds.map_err(refused)? },
    })
}

/// The secret by which a page asks for a proof; `None` for a payment whose holder is not asked for one.
pub async fn challenge(node: &Node, payment: &Payment) -> Result<Option<(String, Arc<Stripe>)>, Problem> {
    match (payment.state, &payment.intent) {
        (State::Challenged, Some(intent)) => {
            let gateway = of(node)?;
            let secret = gateway.challenge(intent).await.map_err(refused)?;
            Ok(Some((secret, gateway)))
        }
        (_, _) => Ok(None),
    }
}
