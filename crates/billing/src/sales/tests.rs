//! The whole table of steps, and what a message is.

use super::*;

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
fn a_message_says_something() {
    assert_eq!(message("  720 h of 1U1G "), Ok("720 h of 1U1G".to_string()));
    for wrong in ["", "  ", &"x".repeat(LONGEST + 1)] {
        assert_eq!(message(wrong), Err(SalesError::Message));
    }
}
