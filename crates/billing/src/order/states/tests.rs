//! The whole table of steps.

use super::*;
use crate::made;

/// Source: R-ORD-3.
#[test]
fn every_state_against_every_event() {
    let table = made::table(&State::ALL, &Event::ALL, State::as_str, |state, event| state.on(event).ok());
    assert_eq!(table, include_str!("steps.txt"));
}

#[test]
fn a_refusal_says_no_word_of_the_code() {
    for error in made::refusals(&State::ALL, &Event::ALL, State::on) {
        assert!(!error.contains(char::is_uppercase), "{error}");
    }
    assert_eq!(
        State::Expired.on(Event::Pay).unwrap_err().to_string(),
        "an order that is expired is not paid: it was not paid in time; place it again"
    );
}
