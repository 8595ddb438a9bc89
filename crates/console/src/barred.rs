//! Why values beside each other cannot be chosen, where everybody sees it: no pointer, no tooltip.
//!
//! In:  the names of values, each with the reason if it has one. Out: a line for each reason, with the values that it bars.
//! Invariant: a reason is said once, in the order in which the values stand.

use crate::show;
use billing::language::Language;
use maud::{Markup, html};

/// The lines; nothing where all can be chosen.
pub(crate) fn lines(all: impl Iterator<Item = (String, Option<String>)>, language: Language) -> Markup {
    let said = by_reason(all);
    html! {
        @for (why, names) in &said { p.hint { (show::labelled(&show::listed(names, language), why, language)) } }
    }
}

fn by_reason(all: impl Iterator<Item = (String, Option<String>)>) -> Vec<(String, Vec<String>)> {
    let mut said: Vec<(String, Vec<String>)> = Vec::new();
    for (name, why) in all {
        let Some(why) = why else { continue };
        match said.iter_mut().find(|it| it.0 == why) {
            Some((_, names)) => names.push(name),
            None => said.push((why, vec![name])),
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_said_once_with_all_that_it_bars() {
        let all = [
            ("Zone 1", Some("Not here.")),
            ("Zone 2", None),
            ("Zone 3", Some("Over.")),
            ("Zone 4", Some("Not here.")),
        ];
        let all = || all.iter().map(|it| (it.0.to_string(), it.1.map(str::to_string)));
        let text = lines(all(), Language::English).into_string();
        assert_eq!(
            text,
            "<p class=\"hint\">Zone 1, Zone 4: Not here.</p><p class=\"hint\">Zone 3: Over.</p>"
        );
        assert!(lines(all().filter(|it| it.1.is_none()), Language::English).into_string().is_empty());
    }
}
