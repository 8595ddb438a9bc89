//! What the gateway has of payments against what the books have of them.
//!
//! In:  payments of both, of the same time. Out: every difference.
//! Invariant: what is under way is no difference; what the gateway has of somebody else is not looked at.

pub mod back;

use super::{Payment, State, Status};
use std::collections::BTreeMap;
use units::{Money, MoneyError, PaymentId, Timestamp};

/// So long after its last step a payment may still be under way, in seconds.
const UNDER_WAY_SECONDS: i64 = 900;
/// At both ends of the time that is compared: what one side has of one end, the other may have of the other, in seconds.
pub const MARGIN_SECONDS: i64 = 86_400;

/// A payment as the gateway lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub intent: String,
    /// Our id, as it stands in its metadata.
    pub ours: PaymentId,
    pub status: Status,
    pub money: Money,
    /// What was taken of the card.
    pub taken: Money,
}

/// What the gateway lists since an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// What was made there from here on is listed.
    pub since: Timestamp,
    /// When it was asked: what changed in the books after that may not be listed as it stands.
    pub asked: Timestamp,
    pub payments: Vec<Listed>,
}

/// In what both differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The gateway has it under an id of ours that the books do not know.
    Unknown,
    /// The books have it, and the gateway does not.
    Missing,
    /// Another sum was taken than came in.
    Sum,
    /// One has it as paid or held, and the other does not.
    State,
    /// The gateway holds or took the sum once more, under another name.
    Twice,
}

impl Kind {
    pub const ALL: [Kind; 5] = [Kind::Unknown, Kind::Missing, Kind::Sum, Kind::State, Kind::Twice];

    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Unknown => "unknown",
            Kind::Missing => "missing",
            Kind::Sum => "sum",
            Kind::State => "state",
            Kind::Twice => "twice",
        }
    }

    pub fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub kind: Kind,
    pub payment: PaymentId,
    /// The gateway's name; empty where it has none.
    pub intent: String,
    pub detail: String,
}

/// Whether the gateway has money of it, or keeps some ready.
const fn has_money(status: Status) -> bool {
    match status {
        Status::Authorised | Status::Paid => true,
        Status::Open | Status::Challenged | Status::Refused | Status::Cancelled => false,
    }
}

/// Everything in which both differ, in the order of our ids. `ours` begin a margin before `theirs`, and are compared from a margin
/// behind their beginning: a payment is made here before it is made there. What is on its way back to a card may be there or not yet.
pub fn differences(
    ours: &[Payment],
    on_their_way: &BTreeMap<PaymentId, Money>,
    theirs: &Listing,
    now: Timestamp,
) -> Vec<Difference> {
    let mut listed: BTreeMap<PaymentId, Vec<&Listed>> = BTreeMap::new();
    for it in &theirs.payments {
        listed.entry(it.ours).or_default().push(it);
    }
    let mut found = Vec::new();
    for it in ours {
        let there = listed.remove(&it.id).unwrap_or_default();
        let is_covered = it.created.duration_since(theirs.since).as_secs() >= MARGIN_SECONDS;
        let is_quiet =
            now.duration_since(it.changed).as_secs() >= UNDER_WAY_SECONDS || !is_under_way(it.state);
        if is_covered && is_quiet && it.changed <= theirs.asked {
            found.extend(of_one(it, on_their_way.get(&it.id).copied(), &there));
        }
    }
    for (payment, there) in listed {
        for it in there.into_iter().filter(|it| has_money(it.status)) {
            let detail = format!("{} {} at the gateway, not in the books", word(it.status), it.money);
            found.push(Difference { kind: Kind::Unknown, payment, intent: it.intent.clone(), detail });
        }
    }
    found.sort_by_key(|it| (it.payment, it.kind));
    found
}

const fn is_under_way(state: State) -> bool {
    match state {
        State::Created | State::Challenged | State::Capturing | State::Releasing | State::Declined => true,
        State::Held | State::Captured | State::Released | State::Failed | State::Lost => false,
    }
}

const fn word(status: Status) -> &'static str {
    match status {
        Status::Open => "open",
        Status::Challenged => "challenged",
        Status::Authorised => "held",
        Status::Refused => "refused",
        Status::Paid => "paid",
        Status::Cancelled => "cancelled",
    }
}

/// The differences of one payment.
fn of_one(it: &Payment, on_its_way: Option<Money>, there: &[&Listed]) -> Vec<Difference> {
    let named = |kind, intent: &str, detail: String| Difference {
        kind,
        payment: it.id,
        intent: intent.to_string(),
        detail,
    };
    let known = it.intent.as_deref().unwrap_or("");
    let mut found = Vec::new();
    for other in there.iter().filter(|other| other.intent != known && has_money(other.status)) {
        let detail = format!("{} {} once more", word(other.status), other.money);
        found.push(named(Kind::Twice, &other.intent, detail));
    }
    let own = there.iter().find(|other| other.intent == known);
    let expects = match it.state {
        State::Held => Some(Status::Authorised),
        State::Captured => Some(Status::Paid),
        State::Created
        | State::Challenged
        | State::Capturing
        | State::Releasing
        | State::Released
        | State::Declined
        | State::Failed
        | State::Lost => None,
    };
    match (own, expects) {
        (None, Some(_)) => {
            let detail = format!("{} {} in the books, not at the gateway", it.state.as_str(), it.money);
            found.push(named(Kind::Missing, known, detail));
        }
        (Some(own), Some(status)) if own.status != status => {
            let detail = format!("{} in the books, {} at the gateway", it.state.as_str(), word(own.status));
            found.push(named(Kind::State, known, detail));
        }
        (Some(own), Some(Status::Paid)) if is_taken(it, on_its_way, own.taken) != Ok(true) => {
            let (came, back) = (it.taken, it.refunded);
            let detail =
                format!("{came} came in, {back} of it goes back, {} is taken at the gateway", own.taken);
            found.push(named(Kind::Sum, known, detail));
        }
        (Some(own), None) if has_money(own.status) => {
            let detail = format!("{} in the books, {} at the gateway", it.state.as_str(), word(own.status));
            found.push(named(Kind::State, known, detail));
        }
        (Some(_) | None, _) => {}
    }
    found
}

/// Whether the gateway took what the books say: what came in less what went back, with or without what is on its way.
fn is_taken(it: &Payment, on_its_way: Option<Money>, taken: Money) -> Result<bool, MoneyError> {
    let least = it.taken.checked_sub(it.refunded)?;
    let most = least.checked_add(on_its_way.unwrap_or(Money::zero(least.currency())))?;
    Ok(taken.checked_cmp(least)?.is_ge() && taken.checked_cmp(most)?.is_le())
}

#[cfg(test)]
mod tests;
