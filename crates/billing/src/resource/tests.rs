//! The whole table of steps.

use super::*;

/// Source: R-PRV-3, sections 7, 10.1 and 10.2 of the rules.
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
