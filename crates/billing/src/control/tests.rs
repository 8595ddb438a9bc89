//! Which control an option has.

use super::*;
use crate::book::Resize;
use crate::look::{Attribute, AttributeKind, Label, OptionLook};
use std::collections::BTreeMap;
use units::Unit;

fn option(kind: OptionKind, look: OptionLook) -> OptionRule {
    let (default, at_least) = (None, None);
    OptionRule { name: "it".into(), kind, default, when: Vec::new(), resize: Resize::Fixed, at_least, look }
}

fn choice(count: usize) -> OptionKind {
    OptionKind::Choice((0..count).map(|it| it.to_string()).collect())
}

fn attribute(id: &str) -> Attribute {
    let (kind, values) = (AttributeKind::Number, BTreeMap::new());
    Attribute { id: id.into(), label: Label::default(), unit: None, kind, values }
}

fn named(value: &str, label: Label) -> OptionLook {
    OptionLook { values: [(value.to_string(), label)].into(), ..OptionLook::default() }
}

#[track_caller]
fn check(kind: OptionKind, look: OptionLook, control: Control) {
    assert_eq!(Control::of(&option(kind, look)), control);
}

#[test]
fn a_control_follows_from_what_there_is_to_choose() {
    let plain = OptionLook::default;
    check(OptionKind::Region, plain(), Control::Segments);
    check(OptionKind::Zone, plain(), Control::Segments);
    check(OptionKind::Range { from: 1, to: 9, step: 1, unit: Unit::Mbps }, plain(), Control::Number);
    check(choice(7), plain(), Control::Segments);
    check(choice(8), plain(), Control::Select);
    let long = Label { name: Some(Text::new("a name that takes a whole line", "长")), help: None };
    check(choice(2), named("0", long), Control::Select);
    let told = Label { name: None, help: Some(Text::same("Why.")) };
    check(choice(2), named("1", told.clone()), Control::Picks);
    let one = OptionLook { attributes: vec![attribute("a")], ..plain() };
    check(choice(2), one, Control::Segments);
    let two = OptionLook { attributes: vec![attribute("a"), attribute("b")], ..named("1", told) };
    check(choice(2), two, Control::Table);
}

#[test]
fn what_has_no_name_is_called_by_its_id() {
    let label = Label { name: Some(Text::new("Local", "本地盘")), help: None };
    let look = named("local", label);
    assert_eq!(look.value("local"), Text::new("Local", "本地盘"));
    assert_eq!(look.value("ssd"), Text::same("ssd"));
}
