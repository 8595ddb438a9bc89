//! What is a trace, and what begins a new one.

use super::{TRACEPARENT, Trace, parse};
use axum::http::{HeaderMap, HeaderValue};

const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn of(text: &'static str) -> Trace {
    Trace::of(&HeaderMap::from_iter([(TRACEPARENT.parse().unwrap(), HeaderValue::from_static(text))]))
}

#[test]
fn a_request_has_a_place_of_its_own_in_the_trace_that_it_names() {
    let (one, other) = (of(GIVEN), of(GIVEN));
    assert_eq!(one.id, "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_ne!(one.place, other.place);
    let said = one.header().unwrap();
    let said = said.to_str().unwrap();
    assert!(said.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && said.ends_with("-01"), "{said}");
    assert!(parse(said).is_some() && !said.contains("00f067aa0ba902b7"), "{said}");
}

/// Source: W3C Trace Context, `traceparent`: all zeros, version `ff`, capital letters and other lengths are none.
#[test]
fn what_is_no_trace_begins_a_new_one() {
    for text in [
        "",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e47-00f067aa0ba902b7-01",
    ] {
        let new = of(text);
        assert_ne!(new.id, "4bf92f3577b34da6a3ce929d0e0e4736", "{text}");
        assert!(parse(new.header().unwrap().to_str().unwrap()).is_some(), "{new:?}");
    }
    assert_eq!(of("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more").id, of(GIVEN).id);
    assert_ne!(Trace::of(&HeaderMap::new()), Trace::of(&HeaderMap::new()));
}
