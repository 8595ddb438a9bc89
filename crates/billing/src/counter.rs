//! Counters that only grow: how much was used between one standing and the next.
//!
//! In:  standings of one counter, in any order. Out: by how much each lets the total grow.
//! Invariant: the total depends on the standings alone, never on the order in which they came.

use std::collections::BTreeMap;

/// What the quantity of a reading says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counting {
    /// What was used since the reading before.
    Delta,
    /// Where a counter stands.
    Standing,
    /// Where a counter stands that began at zero since the standing before.
    Began,
}

impl Counting {
    /// How it is stored; a delta needs no word.
    pub const fn as_str(self) -> Option<&'static str> {
        match self {
            Counting::Delta => None,
            Counting::Standing => Some("standing"),
            Counting::Began => Some("began"),
        }
    }

    pub fn parse(text: Option<&str>) -> Option<Counting> {
        [Counting::Delta, Counting::Standing, Counting::Began].into_iter().find(|it| it.as_str() == text)
    }
}

/// Another standing of the same instant has another value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the counter stood at {0} at this instant")]
pub struct TwoValues(pub u64);

/// Where a counter stood, and whether it had begun at zero since the standing before.
type Standing = (u64, Counting);

/// The standings of a counter by their instant: those around every one that is to be added.
#[derive(Clone, Debug, Default)]
pub struct History {
    standings: BTreeMap<i64, Standing>,
}

impl History {
    /// Notes a standing that was counted before.
    pub fn known(&mut self, at: i64, value: u64, counting: Counting) {
        self.standings.insert(at, (value, counting));
    }

    /// Takes a standing out again that was added and is not taken after all.
    pub fn forget(&mut self, at: i64) {
        self.standings.remove(&at);
    }

    /// Adds a standing. Returns by how much the total grows, which is never below zero.
    ///
    /// The first standing of all is where counting begins, unless it says that it began at zero; a value below the
    /// one before means that the counter began anew. One that comes late between two others adds only what
    /// could not be seen without it: nothing, if the counter simply grew.
    pub fn add(&mut self, at: i64, value: u64, counting: Counting) -> Result<u64, TwoValues> {
        if let Some((other, _)) = self.standings.get(&at) {
            return if *other == value { Ok(0) } else { Err(TwoValues(*other)) };
        }
        let before = self.standings.range(..at).next_back().map(|it| *it.1);
        let after = self.standings.range(at..).next().map(|it| *it.1);
        let new = (value, counting);
        self.standings.insert(at, new);
        let Some(after) = after else { return Ok(growth(before, new)) };
        let through = u128::from(growth(before, new)) + u128::from(growth(Some(new), after));
        let past = u128::from(growth(before, after));
        assert!(through >= past, "a standing in between does not let the total shrink");
        assert!(through - past <= u64::MAX.into(), "standings fit 63 bits, as all stored quantities do");
        Ok((through - past) as u64)
    }
}

/// By how much the total grew up to `now`.
fn growth(before: Option<Standing>, now: Standing) -> u64 {
    let (value, counting) = now;
    match (before, counting) {
        (_, Counting::Began) => value,
        (None, Counting::Standing | Counting::Delta) => 0,
        (Some((before, _)), Counting::Standing | Counting::Delta) => {
            value.checked_sub(before).unwrap_or(value)
        }
    }
}

#[cfg(test)]
mod tests;
