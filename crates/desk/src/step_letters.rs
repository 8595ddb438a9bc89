//! Letters about what the till does to a resource by itself, and about a downgrade that went through.
//!
//! In:  a step of a resource, an order. Out: a letter, where its account is told of it.
//! Invariant: nobody is told what it asked for itself; what arrears do at one instant is one letter, however many resources.
//! Rules: R-ARR-1, R-ARR-5, R-ARR-8, R-EXP-1, R-EXP-4, R-CHG-3; docs/mail.md.

use super::At;
use billing::letter::{Letter, LetterKind};
use billing::order::Order;
use billing::resource::{EndedBy, Resource, State};
use billing::user::House;
use store::letters::Mailing;

/// The subject of a letter about all that arrears did at one instant.
const OWED: &str = "arrears";

/// The letter about a step of `it` out of `before`; `None` for what its owner asked for, and what nobody waits for.
pub(super) fn stepped(at: At<'_>, before: State, it: &Resource) -> Option<Letter> {
    let ended = |kind| match it.ended_by {
        Some(EndedBy::Deadline) => Some((kind, it.id.to_string())),
        Some(EndedBy::Arrears) => Some((kind, OWED.to_string())),
        Some(EndedBy::Owner | EndedBy::Service | EndedBy::Refund) | None => None,
    };
    let (kind, subject) = match it.state {
        State::ArrearsStopped | State::Limited => (LetterKind::ResourceStopped, OWED.to_string()),
        State::Recycled => ended(LetterKind::ResourceRecycled)?,
        State::Releasing | State::Released => ended(LetterKind::ResourceReleased)?,
        State::Pending
        | State::Running
        | State::Stopped
        | State::StoppedFree
        | State::Expired
        | State::Failed => return None,
    };
    // What was being released is told already.
    let is_told = at.desk.mail == Mailing::On && before != it.state && before != State::Releasing;
    is_told.then(|| Letter::once(House::Account(it.account), kind, &subject, at.now))
}

/// The letter about a downgrade that went through.
pub(super) fn lowered(at: At<'_>, it: &Order) -> Option<Letter> {
    let (house, subject) = (House::Account(it.account), it.id.to_string());
    let letter = || Letter::once(house, LetterKind::DowngradeDone, &subject, it.created);
    (at.desk.mail == Mailing::On).then(letter)
}
