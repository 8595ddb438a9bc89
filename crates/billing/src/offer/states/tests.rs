//! The whole table of steps.

use super::*;
use crate::made;

/// Source: docs/sales.md.
#[test]
fn every_state_against_every_event() {
    let table = made::table(&State::ALL, &Event::ALL, State::as_str, |state, event| state.on(event).ok());
    assert_eq!(table, include_str!("steps.txt"));
}

#[test]
fn a_refusal_says_what_to_do() {
    assert_eq!(
        State::Expired.on(Event::Accept).unwrap_err().to_string(),
        "an offer that is expired is not accepted: its time is over; ask for another"
    );
}
