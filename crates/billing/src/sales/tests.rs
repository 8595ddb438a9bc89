//! The whole table of steps, and what a message is.

use super::*;
use crate::made;

#[test]
fn every_state_against_every_event() {
    let table = made::table(&State::ALL, &Event::ALL, State::as_str, |state, event| state.on(event).ok());
    assert_eq!(table, include_str!("steps.txt"));
}

#[test]
fn a_message_says_something() {
    assert_eq!(message("  720 h of 1U1G "), Ok("720 h of 1U1G".to_string()));
    for wrong in ["", "  ", &"x".repeat(LONGEST + 1)] {
        assert_eq!(message(wrong), Err(SalesError::Message));
    }
}
