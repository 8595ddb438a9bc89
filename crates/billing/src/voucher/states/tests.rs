//! The whole table of steps.

use super::*;

/// Source: section 6 of the rules, voucher states.
#[test]
fn every_state_against_every_event() {
    let mut table = String::new();
    for state in State::ALL {
        let steps: Vec<String> = Event::ALL
            .iter()
            .filter_map(|event| state.on(*event).ok().map(|to| format!("{event:?}→{}", to.as_str())))
            .collect();
        table += &format!("{}: {}\n", state.as_str(), steps.join(" "));
    }
    assert_eq!(table, include_str!("steps.txt"));
}

#[test]
fn a_refusal_says_no_word_of_the_code() {
    for (state, event) in State::ALL.into_iter().flat_map(|state| Event::ALL.map(|it| (state, it))) {
        if let Err(error) = state.on(event) {
            assert!(!error.to_string().contains(char::is_uppercase), "{error}");
        }
    }
    assert_eq!(
        State::Frozen.on(Event::Withdraw).unwrap_err().to_string(),
        "a voucher that is frozen is not withdrawn: pay or cancel the purchase that holds it first"
    );
}
