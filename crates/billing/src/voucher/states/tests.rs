//! The whole table of steps.

use super::*;
use crate::made;

/// Source: section 6 of the rules, voucher states.
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
        State::Frozen.on(Event::Withdraw).unwrap_err().to_string(),
        "a voucher that is frozen is not withdrawn: pay or cancel the purchase that holds it first"
    );
}
