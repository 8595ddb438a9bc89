//! The whole table of steps.

use super::*;

/// Source: R-ORD-3, less the states of card payment.
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
