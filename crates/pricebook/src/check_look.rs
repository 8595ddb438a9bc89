//! What is shown of an option is there: values, stops, what is recommended.
//!
//! In:  a product whose files could be read. Out: problems at its options.
//! Invariant: what is offered at hand can be chosen.

use crate::problem::Problems;
use crate::shelf::{Shelf, some_of};
use billing::book::{OptionKind, OptionRule};

/// Adds a problem for what is shown and cannot be chosen. `can_be` says what can.
pub(crate) fn option(
    shelf: Shelf<'_>,
    option: &OptionRule,
    can_be: impl Fn(&str) -> bool,
    problems: &mut Problems,
) {
    let thing = format!("{} {}", shelf.product.id, option.name);
    let name = format!("option `{}`", option.name);
    for value in option.look.values.keys().filter(|it| !can_be(it)) {
        let what = format!("{name} has a text for `{value}`, which cannot be chosen");
        problems.of(&thing, what, format!("Choices are: {}", some_of(shelf.choices(&option.name))));
    }
    if let Some(value) = option.look.recommended.as_ref().filter(|it| !can_be(it)) {
        let what = format!("{name} recommends `{value}`, which cannot be chosen");
        problems.of(&thing, what, "Recommend a value that can be chosen");
    }
    if let Some(stop) = option.look.stops.iter().find(|it| !can_be(&it.to_string())) {
        let what = format!("{name} has a stop at {stop}, which cannot be chosen");
        problems.of(&thing, what, "Let stops lie in the range, on its steps");
    }
    if !option.look.stops.is_sorted_by(|one, other| one < other) {
        problems.of(&thing, format!("the stops of {name} do not go up"), "Write the smaller ones first");
    }
    if !option.look.stops.is_empty() && !matches!(option.kind, OptionKind::Range { .. }) {
        problems.of(
            &thing,
            format!("{name} has stops and is no range"),
            "Leave them out, or write kind = \"range\"",
        );
    }
}
