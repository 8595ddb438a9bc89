//! Raises of an option for some days, as a resource keeps them.
//!
//! In:  days and values. Out: the same as text of a row, and back.
//! Invariant: what was written is read as it was.
//! Rules: R-NET-3.

use crate::options::Options;
use units::Timestamp;

/// Whole days: from 00:00 of the first to 00:00 behind the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// An option that is raised for some days, and then what it was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raise {
    pub option: String,
    /// What it is without it.
    pub base: String,
    pub value: String,
    pub days: Days,
    /// Whether it is raised by now.
    pub begun: bool,
}

impl Raise {
    /// What an order does that was paid for: the one option that differs. `None` where it is none or several.
    pub fn between(had: &Options, has: &Options, days: Days) -> Option<Raise> {
        let mut differing = has.iter().filter(|(name, value)| had.get(name) != Some(*value));
        let (option, value) = differing.next()?;
        let base = had.get(option)?.to_string();
        let is_one = differing.next().is_none();
        is_one.then(|| Raise {
            option: option.to_string(),
            base,
            value: value.to_string(),
            days,
            begun: false,
        })
    }

    /// The text of a row: a line for each.
    pub fn text(all: &[Raise]) -> String {
        let line = |it: &Raise| {
            let (from, to) = (it.days.from.as_second(), it.days.to.as_second());
            let begun = if it.begun { "begun" } else { "planned" };
            format!("{} {} {} {from} {to} {begun}", it.option, it.base, it.value)
        };
        all.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Reads what `text` wrote.
    pub fn parse(text: &str) -> Option<Vec<Raise>> {
        text.lines().map(Raise::line).collect()
    }

    fn line(text: &str) -> Option<Raise> {
        let words: Vec<&str> = text.split(' ').collect();
        let [option, base, value, from, to, begun] = words.as_slice() else { return None };
        let second = |it: &str| Timestamp::from_second(it.parse().ok()?).ok();
        Some(Raise {
            option: option.to_string(),
            base: base.to_string(),
            value: value.to_string(),
            days: Days { from: second(from)?, to: second(to)? },
            begun: match *begun {
                "begun" => true,
                "planned" => false,
                _ => return None,
            },
        })
    }
}
