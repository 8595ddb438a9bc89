//! Tries to sign in: how long somebody waits who was wrong too often.
//!
//! In:  how often, and when last. Out: until when nobody may try.
//! Invariant: a wait doubles and never ends: a right password after it is taken. Nothing tells whether a person exists.

use units::Timestamp;

/// Seconds of the longest wait.
const LONGEST_WAIT: u64 = 900;
/// After so many seconds without a try everything is forgotten.
const FORGOTTEN: i64 = 86_400;

/// Tries that were wrong, of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    pub failures: u32,
    pub last: Timestamp,
}

/// What tries are counted by: how many are free tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// A person from an address: whoever mistypes.
    Pair,
    /// A person, from wherever: whoever guesses from many addresses.
    Person,
    /// An address, whoever is tried from there.
    Address,
}

impl Counted {
    const fn free(self) -> u32 {
        match self {
            Counted::Pair => 5,
            Counted::Person | Counted::Address => 50,
        }
    }
}

impl Tries {
    /// With one more that is wrong, until it turns out to be right.
    pub fn and_one(before: Option<Tries>, now: Timestamp) -> Tries {
        let kept = before.filter(|it| !it.is_forgotten(now)).map_or(0, |it| it.failures);
        Tries { failures: kept.saturating_add(1), last: now }
    }

    /// With one less, which turned out to be right; `None` where none is left.
    pub fn less_one(self) -> Option<Tries> {
        let failures = self.failures.saturating_sub(1);
        (failures > 0).then_some(Tries { failures, ..self })
    }

    /// Until when nobody may try; `None` when one may now.
    ///
    /// One second after the first that is not free, twice as long after each other one, a quarter of an hour at most.
    pub fn wait(&self, by: Counted, now: Timestamp) -> Option<Timestamp> {
        if self.is_forgotten(now) {
            return None;
        }
        let beyond = self.failures.checked_sub(by.free())?;
        let seconds = 1_u64.checked_shl(beyond.min(20)).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
        let wait = i64::try_from(seconds * 1_000_000).ok()?;
        let until = Timestamp::from_microsecond(self.last.as_microsecond().checked_add(wait)?).ok()?;
        (until > now).then_some(until)
    }

    fn is_forgotten(&self, now: Timestamp) -> bool {
        now.as_second().saturating_sub(self.last.as_second()) >= FORGOTTEN
    }
}

#[cfg(test)]
mod tests;
