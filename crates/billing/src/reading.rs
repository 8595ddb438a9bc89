//! Readings: what becomes of what senders report.
//!
//! In:  a reading, how its resource stood, what was said before it. Out: taken, late, a duplicate, or kept aside with a reason.
//! Invariant: how readings are split into rounds changes nothing of what becomes of them.
//! Rules: R-SET-5, R-DDS-2. Where a reading belongs is decided in `home`.

use crate::counter::{Counting, History};
use crate::meter::Tally;
use std::collections::HashMap;
use units::Timestamp;

/// The most that one reading may say was used: 10^15 of its unit, as much as a Tbit/s brings in bytes in two hours.
pub const MOST_AT_ONCE: u64 = 1_000_000_000_000_000;

/// What became of a reading. Every case has a stable name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Accepted,
    /// The same reading came before.
    Duplicate,
    /// A cycle that it belongs to was closed; the next close rates that cycle once more. Source: R-SET-5.
    Late,
    /// Kept aside with a reason, never lost.
    Quarantined(Reason),
}

impl Taken {
    pub const fn as_str(self) -> &'static str {
        match self {
            Taken::Accepted => "accepted",
            Taken::Duplicate => "duplicate",
            Taken::Late => "late",
            Taken::Quarantined(reason) => reason.as_str(),
        }
    }
}

/// Why a reading is kept aside. Names are never changed; docs/usage.md lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    UnknownResource,
    UnknownMeter,
    /// It happened before the resource was delivered.
    NotDelivered,
    NotRunning,
    /// The price book cannot price the resource.
    NoPrice,
    /// Another reading of the same instant says something else; the first stands.
    Conflict,
    /// Its cycle was closed and it is not of a kind that adds up. A name of old rows only: peaks may come late.
    LateForPeak,
    /// A cycle that it belongs to ended so long ago that it is not rated once more. Source: R-SET-5.
    TooLate,
    /// A standing of a counter, where what is charged is not a sum.
    NotACounter,
}

impl Reason {
    pub const ALL: [Reason; 9] = [
        Reason::UnknownResource,
        Reason::UnknownMeter,
        Reason::NotDelivered,
        Reason::NotRunning,
        Reason::NoPrice,
        Reason::Conflict,
        Reason::LateForPeak,
        Reason::TooLate,
        Reason::NotACounter,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Reason::UnknownResource => "unknown_resource",
            Reason::UnknownMeter => "unknown_meter",
            Reason::NotDelivered => "not_delivered",
            Reason::NotRunning => "not_running",
            Reason::NoPrice => "no_price",
            Reason::Conflict => "conflict",
            Reason::LateForPeak => "late_for_peak",
            Reason::TooLate => "too_late",
            Reason::NotACounter => "not_a_counter",
        }
    }

    pub fn parse(text: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// A reading as it is reported: of a resource by name of its id, which may not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading<'a> {
    /// With `event`, its identity for ever.
    pub source: &'a str,
    pub event: &'a str,
    pub resource: &'a str,
    pub usage: &'a str,
    pub at: Timestamp,
    pub received: Timestamp,
    pub quantity: u64,
    /// What tells readings of one second apart, or one counter of a resource from another.
    pub key: &'a str,
    pub counting: Counting,
}

/// Why a reading cannot be one, whatever else was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadingError {
    #[error("the use is stamped {0}, which is later than now")]
    InTheFuture(Timestamp),
    #[error("{0} is more than anything uses at once")]
    TooMuch(u64),
    #[error("{0} is more than can be stored")]
    Overflow(u64),
}

impl<'a> Reading<'a> {
    /// Errors: what no state of the books could change.
    pub fn check(&self) -> Result<(), ReadingError> {
        if self.at > self.received {
            return Err(ReadingError::InTheFuture(self.at));
        }
        match self.counting {
            // Where a counter stands may be more than one reading: only what it grew by is used.
            Counting::Standing => whole(self.quantity).map(drop),
            Counting::Delta | Counting::Began => bounded(self.quantity).map(drop),
        }
    }

    /// The second in which it happened, in microseconds since 1970.
    pub fn second(&self) -> i64 {
        units::calendar::whole_second(self.at).as_microsecond()
    }

    /// The counter that it is of.
    pub fn series(&self) -> Series<'a> {
        Series { resource: self.resource, usage: self.usage, key: self.key }
    }

    fn spot(&self) -> Spot {
        Spot {
            resource: self.resource.to_string(),
            usage: self.usage.to_string(),
            second: self.second(),
            key: self.key.to_string(),
        }
    }
}

/// What nothing uses at once is an error of the meter, that no sum could be made of.
fn bounded(quantity: u64) -> Result<i64, ReadingError> {
    if quantity > MOST_AT_ONCE { Err(ReadingError::TooMuch(quantity)) } else { whole(quantity) }
}

fn whole(quantity: u64) -> Result<i64, ReadingError> {
    i64::try_from(quantity).map_err(|_| ReadingError::Overflow(quantity))
}

/// A counter of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series<'a> {
    pub resource: &'a str,
    pub usage: &'a str,
    pub key: &'a str,
}

/// Where one value stands at most: a second of a meter, by key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Spot {
    pub resource: String,
    pub usage: String,
    /// In microseconds since 1970.
    pub second: i64,
    pub key: String,
}

/// What becomes of a reading whose id is free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is written: so much, and where its counter stands if it is of one.
    Take {
        quantity: i64,
        standing: Option<i64>,
    },
    Duplicate,
    /// It is kept aside; with more about it for people.
    Aside(Reason, String),
    Refused(ReadingError),
}

impl Verdict {
    fn aside(reason: Reason) -> Verdict {
        Verdict::Aside(reason, String::new())
    }
}

/// What was said before the readings of a round, and what they add to it one after the other.
#[derive(Debug, Default)]
pub struct Said<'a> {
    attacks: HashMap<Spot, u64>,
    histories: HashMap<Series<'a>, History>,
}

impl<'a> Said<'a> {
    /// With the standings of counters that were stored around those of the round.
    pub fn new(histories: HashMap<Series<'a>, History>) -> Said<'a> {
        Said { attacks: HashMap::new(), histories }
    }

    /// Notes what is stored for a second of a meter. The first stands.
    pub fn attacked(&mut self, spot: Spot, quantity: u64) {
        self.attacks.entry(spot).or_insert(quantity);
    }

    /// What becomes of a reading that adds up so: tried in this order, whether it is late or not.
    ///
    /// 1. One second of an attack has one value by key: the same again is a duplicate, another a conflict (R-DDS-2).
    /// 2. What was used since the reading before is taken as it is.
    /// 3. A counter may stand only where a sum is charged.
    /// 4. Of a counter is taken by how much its history grows; one instant has one value.
    pub fn decide(&mut self, reading: &Reading<'a>, tally: Tally) -> Verdict {
        if tally == Tally::Attack && reading.counting == Counting::Delta {
            if let Some(first) = self.attacks.get(&reading.spot()) {
                let is_same = *first == reading.quantity;
                return if is_same { Verdict::Duplicate } else { Verdict::aside(Reason::Conflict) };
            }
            self.attacks.insert(reading.spot(), reading.quantity);
        }
        match reading.counting {
            Counting::Delta => taken(whole(reading.quantity), None),
            Counting::Standing | Counting::Began if !tally.counts() => Verdict::aside(Reason::NotACounter),
            Counting::Standing | Counting::Began => self.grow(reading),
        }
    }

    fn grow(&mut self, reading: &Reading<'a>) -> Verdict {
        let (at, value) = (reading.at.as_microsecond(), reading.quantity);
        let history = self.histories.entry(reading.series()).or_default();
        let grown = match history.add(at, value, reading.counting) {
            Ok(grown) => grown,
            Err(other) => return Verdict::Aside(Reason::Conflict, other.to_string()),
        };
        if grown > MOST_AT_ONCE {
            history.forget(at);
        }
        match whole(value) {
            Ok(value) => taken(bounded(grown), Some(value)),
            Err(error) => Verdict::Refused(error),
        }
    }
}

fn taken(quantity: Result<i64, ReadingError>, standing: Option<i64>) -> Verdict {
    match quantity {
        Ok(quantity) => Verdict::Take { quantity, standing },
        Err(error) => Verdict::Refused(error),
    }
}

#[cfg(test)]
mod tests;
