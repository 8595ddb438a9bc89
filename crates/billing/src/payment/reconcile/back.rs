//! What went back to cards at the gateway against what the books say of it, however long ago was paid.
//!
//! In:  refunds to cards of both, of the same time. Out: every difference.
//! Invariant: what is on its way is no difference; what the gateway gave back for somebody else is not looked at.
//! Rules: R-REF-4.

use super::{Difference, Kind, MARGIN_SECONDS};
use crate::card_refund::{CardRefund, State};
use std::collections::BTreeMap;
use units::{CardRefundId, Money, PaymentId, Timestamp};

/// A refund as the gateway lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedBack {
    /// The gateway's name of it.
    pub name: String,
    /// Our ids, as they stand in its metadata.
    pub ours: CardRefundId,
    pub payment: PaymentId,
    pub money: Money,
    /// Whether the card has it, or will have it.
    pub is_good: bool,
}

/// What the gateway lists since an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingBack {
    pub since: Timestamp,
    /// When it was asked: what changed in the books after that may not be listed as it stands.
    pub asked: Timestamp,
    pub refunds: Vec<ListedBack>,
}

/// Everything in which both differ. `ours` begin a margin before `theirs`, and are compared from a margin
/// behind their beginning.
pub fn differences(ours: &[CardRefund], theirs: &ListingBack) -> Vec<Difference> {
    let mut listed: BTreeMap<CardRefundId, Vec<&ListedBack>> = BTreeMap::new();
    for it in theirs.refunds.iter().filter(|it| it.is_good) {
        listed.entry(it.ours).or_default().push(it);
    }
    let mut found = Vec::new();
    for it in ours {
        let there = listed.remove(&it.id).unwrap_or_default();
        let is_covered = it.created.duration_since(theirs.since).as_secs() >= MARGIN_SECONDS;
        if is_covered && it.changed <= theirs.asked {
            found.extend(of_one(it, &there));
        }
    }
    for it in listed.into_values().flatten() {
        let detail = format!("{} went back at the gateway, not in the books", it.money);
        found.push(Difference { kind: Kind::Unknown, payment: it.payment, intent: it.name.clone(), detail });
    }
    found
}

/// The differences of one.
fn of_one(it: &CardRefund, there: &[&ListedBack]) -> Vec<Difference> {
    let named = |kind, intent: &str, detail: String| Difference {
        kind,
        payment: it.payment,
        intent: intent.to_string(),
        detail,
    };
    let is_known = |other: &&&ListedBack| it.name.as_ref() == Some(&other.name);
    let own = there.iter().find(is_known).or(there.first());
    let again = there.iter().filter(|other| own.is_some_and(|own| own.name != other.name));
    let mut found: Vec<Difference> = again
        .map(|other| named(Kind::Twice, &other.name, format!("{} went back once more", other.money)))
        .collect();
    let known = it.name.as_deref().unwrap_or("");
    match (it.state, own) {
        (State::Sent, None) => {
            found.push(named(
                Kind::Missing,
                known,
                format!("{} went back in the books, not at the gateway", it.money),
            ));
        }
        (State::Sent | State::ToSend, Some(other)) if other.money != it.money => {
            let detail = format!("{} goes back, {} did at the gateway", it.money, other.money);
            found.push(named(Kind::Sum, &other.name, detail));
        }
        (State::Failed, Some(other)) => {
            let detail = format!("the balance has {}, the gateway gave it back too", it.money);
            found.push(named(Kind::State, &other.name, detail));
        }
        (State::Sent | State::ToSend, Some(_)) | (State::ToSend | State::Failed, None) => {}
    }
    found
}

#[cfg(test)]
mod tests;
