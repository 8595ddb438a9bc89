//! The whole table of steps.

use super::*;

/// Source: issue 12, item 5.
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
fn a_refusal_says_what_to_do() {
    assert_eq!(
        State::Expired.on(Event::Accept).unwrap_err().to_string(),
        "an offer that is expired is not accepted: its time is over; ask for another"
    );
}
