//! Examples of every kind have the members that their form says.

use super::*;
use crate::events::told::{Presence, Shape};
use serde_json::Map;

/// Whether a value is of this shape.
fn fits(value: &Value, shape: &Shape) -> bool {
    match shape {
        Shape::Text => value.is_string(),
        Shape::Id(prefix) => value.as_str().is_some_and(|it| it.starts_with(prefix) && it.len() == 36),
        Shape::Whole => value.is_u64(),
        Shape::Money => value.as_str().is_some_and(|it| Money::parse(it, Currency::CNY).is_ok()),
        Shape::Instant => value.as_str().is_some_and(|it| it.parse::<Timestamp>().is_ok()),
        Shape::Words(words) => value.as_str().is_some_and(|it| words.contains(&it)),
        Shape::List(shape) => value.as_array().is_some_and(|all| all.iter().all(|it| fits(it, shape))),
        Shape::Map(shape) => value.as_object().is_some_and(|all| all.values().all(|it| fits(it, shape))),
        Shape::Nullable(shape) => value.is_null() || fits(value, shape),
        Shape::Object(members) => value.as_object().is_some_and(|it| has(it, members)),
    }
}

/// Whether an object has these members and no others.
fn has(object: &Map<String, Value>, members: &[crate::events::told::Member]) -> bool {
    let known = object.keys().all(|name| members.iter().any(|it| it.name == name));
    known
        && members.iter().all(|it| match object.get(it.name) {
            Some(value) => fits(value, &it.shape),
            None => it.presence == Presence::Sometimes,
        })
}

#[test]
fn examples_are_of_their_form() {
    let at: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
    let webhook = EndpointId::named(at, "w");
    for kind in EventKind::ALL {
        for owner in [None, Some(AccountId::named(at, "a"))] {
            let data = example(kind, Sample { owner, webhook, at });
            let form = form(kind);
            assert!(form.kinds.contains(&kind), "{kind:?} does not tell {}", form.name);
            assert!(fits(&data, &Shape::Object(form.members.clone())), "{kind:?}: {data} is not {form:?}");
            let account = data["account"].as_str();
            assert!(owner.is_none_or(|it| account.is_none_or(|said| said == it.to_string())), "{data}");
        }
    }
}
