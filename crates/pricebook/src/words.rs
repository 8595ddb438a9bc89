//! The words of the files: names, durations, units and what a price is per.
//!
//! In:  a word or two. Out: the value, or nothing where they do not say one.
//! Invariant: a number whose unit does not fit what is counted says nothing; it is never taken as it is.

use billing::meter::MeterUnit;
use units::{Quantity, Unit};

/// What to write where `is_word` says no.
pub(crate) const WORDS: &str = "Write a word without spaces and `=`: letters, digits, - and _";

/// Whether `text` can be a choice: options are kept as `name=value`, apart by spaces.
pub(crate) fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(|it: char| it == '=' || it.is_whitespace() || it.is_control())
}

/// The first line of a text or of an error, to be put into a sentence.
pub(crate) fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or("it cannot be read").trim_end_matches('.').to_string()
}

/// Seconds of `2 h`, `96 h`, `15 d`, `5 min`, `30 s`.
pub(crate) fn seconds(text: &str) -> Option<u64> {
    let (number, unit) = text.trim().split_once(' ')?;
    let number: u64 = number.parse().ok()?;
    let scale = match unit.trim() {
        "s" => 1,
        "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    number.checked_mul(scale)
}

/// A number of `unit`, or one with a unit that scales it: `100 Mbps` in bits per second, `96 h` in seconds, `20 Gbps`.
///
/// A number in `unit` itself is taken as it is: a size of `20 GB` is 20 where gigabytes are counted.
pub(crate) fn scaled(text: &str, unit: Unit) -> Option<u128> {
    if let Ok(number) = text.trim().parse::<u128>() {
        return Some(number);
    }
    if matches!(unit, Unit::PieceSecond | Unit::GigabyteSecond | Unit::MbpsSecond) {
        return seconds(text).map(u128::from);
    }
    let (number, name) = text.trim().split_once(' ')?;
    let number: u128 = number.parse().ok()?;
    number.checked_mul(scale(name.trim(), unit)?)
}

/// How many of `unit` one of `name` is.
fn scale(name: &str, unit: Unit) -> Option<u128> {
    match name {
        it if it == unit.as_str() => Some(1),
        _ if !matches!(unit, Unit::Byte | Unit::BitPerSecond) => None,
        "bit/s" | "B" => Some(1),
        "kbps" => Some(1_000),
        "Mbps" => Some(1_000_000),
        "Gbps" => Some(1_000_000_000),
        "MB" => Some(1 << 20),
        "GB" => Some(1 << 30),
        "TB" => Some(1 << 40),
        _ => None,
    }
}

/// The unit of this name.
pub(crate) fn unit(text: &str) -> Option<Unit> {
    Unit::ALL.into_iter().find(|it| it.as_str() == text)
}

/// What a price is for: so much of what is counted, and the seconds that it is held; 1 where it is not held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Per {
    pub quantity: Quantity,
    pub seconds: u64,
}

/// What a price per `text` is for, where a component has `unit` and its meter counts as `meter` says.
pub(crate) fn per(text: &str, unit: Unit, meter: MeterUnit) -> Option<Per> {
    match (time(text), meter) {
        (Some(seconds), MeterUnit::OwnSeconds) => {
            Some(Per { quantity: Quantity::new(seconds.into(), unit.seconds()), seconds: 1 })
        }
        (Some(seconds), MeterUnit::Own | MeterUnit::Fixed(_)) => {
            Some(Per { quantity: Quantity::new(1, unit), seconds })
        }
        (None, _) => Some(Per { quantity: Quantity::new(count(text, unit)?, unit), seconds: 1 }),
    }
}

/// The seconds of a time that a price may be per.
fn time(text: &str) -> Option<u64> {
    match text {
        "hour" => Some(3_600),
        "day" => Some(86_400),
        "second" => Some(1),
        _ => None,
    }
}

/// How many of `unit` a price that is not per time is for.
fn count(text: &str, unit: Unit) -> Option<u128> {
    match (text, unit) {
        // A byte or a bit per second is never what a price is for; whoever writes that means more of them.
        ("month" | "piece" | "event" | "order", unit) if !matches!(unit, Unit::Byte | Unit::BitPerSecond) => {
            Some(1)
        }
        ("GB", Unit::Byte) => Some(1 << 30),
        ("GB decimal", Unit::Byte) => Some(1_000_000_000),
        ("Mbps", Unit::BitPerSecond) => Some(1_000_000),
        ("Gbps", Unit::BitPerSecond) => Some(1_000_000_000),
        ("1000 events", Unit::Event) => Some(1_000),
        _ => None,
    }
}
