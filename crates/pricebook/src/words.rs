//! The words of the files: names, durations, units and what a price is per.
//!
//! In:  a word or two. Out: the value, or nothing where they do not say one.
//! Invariant: a number whose unit does not fit what is counted says nothing; it is never taken as it is.

use crate::format::Format;
use billing::meter::MeterUnit;
use units::{Quantity, Unit};

/// What to write where `is_word` says no.
pub(crate) const WORDS: &str = "Write a word without spaces and `=`: letters, digits, - and _";

/// Whether `text` can be a choice: options are kept as `name=value`, apart by spaces.
pub(crate) fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(|it: char| it == '=' || it.is_whitespace() || it.is_control())
}

/// Whether nobody sees a character where it stands: two keys that look the same would differ.
pub(crate) fn is_invisible(it: char) -> bool {
    matches!(it,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The first line of a text or of an error, to be put into a sentence.
pub(crate) fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or("it cannot be read").trim_end_matches('.').to_string()
}

/// What a reader of TOML says is wrong, without what this program calls the tables that it reads.
pub(crate) fn wrong_toml(error: &str) -> String {
    const TABLE: &str = "expected struct Raw";
    let line = first_line(error);
    let Some((before, rest)) = line.split_once(TABLE) else { return line };
    let rest = rest.trim_start_matches(|it: char| it.is_ascii_alphanumeric());
    format!("{before}expected a table of fields{rest}")
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
/// A number in `unit` itself is taken as it is: a size of `20 GB` is 20 where gigabytes are counted. A unit of another
/// kind says nothing.
pub(crate) fn scaled(text: &str, unit: Unit) -> Option<u128> {
    if let Ok(number) = text.trim().parse::<u128>() {
        return Some(number);
    }
    with_unit(text, unit, scale)
}

/// The same as books of the first format were read: bytes and bits are taken for each other.
fn scaled_before(text: &str, unit: Unit) -> Option<u128> {
    let either = |name: &str, unit: Unit| {
        if matches!(unit, Unit::Byte | Unit::BitPerSecond) {
            return scale(name, Unit::Byte).or(scale(name, Unit::BitPerSecond));
        }
        (name == unit.as_str()).then_some(1)
    };
    text.trim().parse::<u128>().ok().or_else(|| with_unit(text, unit, either))
}

fn with_unit(text: &str, unit: Unit, scale: impl Fn(&str, Unit) -> Option<u128>) -> Option<u128> {
    if matches!(unit, Unit::PieceSecond | Unit::GigabyteSecond | Unit::MbpsSecond) {
        return seconds(text).map(u128::from);
    }
    let (number, name) = text.trim().split_once(' ')?;
    let number: u128 = number.parse().ok()?;
    number.checked_mul(scale(name.trim(), unit)?)
}

/// How many of `unit` one of `name` is.
fn scale(name: &str, unit: Unit) -> Option<u128> {
    match (name, unit) {
        (it, unit) if it == unit.as_str() => Some(1),
        ("kbps", Unit::BitPerSecond) => Some(1_000),
        ("Mbps", Unit::BitPerSecond) => Some(1_000_000),
        ("Gbps", Unit::BitPerSecond) => Some(1_000_000_000),
        ("MB", Unit::Byte) => Some(1 << 20),
        ("GB", Unit::Byte) => Some(1 << 30),
        ("TB", Unit::Byte) => Some(1 << 40),
        ("GB decimal", Unit::Byte) => Some(1_000_000_000),
        ("TB", Unit::Gigabyte) => Some(1 << 10),
        ("events", Unit::Event) | ("pieces", Unit::Piece) => Some(1),
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
    /// How much a number without a unit stands for, in the unit of `quantity`. Source: R-PRC-19.
    one: u128,
    /// Of what is held for a time: the seconds of the time that the price names, without its count.
    time: Option<u64>,
}

impl Per {
    /// A quantity beside the price: with a unit, or a number in the unit that the price names.
    ///
    /// Source: R-PRC-19. Books of the first format counted base units.
    pub(crate) fn quantity_of(&self, text: &str, format: Format) -> Option<u128> {
        let unit = self.quantity.unit;
        match (format, text.trim().parse::<u128>()) {
            (Format::First, _) => scaled_before(text, unit),
            (Format::Second, Ok(number)) => number.checked_mul(self.one),
            (Format::Second, Err(_)) => scaled(text, unit),
        }
    }

    /// What counts whole once it is started: a duration where time is counted, otherwise a quantity. A number without a
    /// unit is in what the price names: in hours where it is per hour. Source: R-PRC-17, R-PRC-19.
    pub(crate) fn started(&self, text: &str, format: Format) -> Option<u128> {
        let duration = seconds(text).map(u128::from);
        match (format, self.time) {
            (Format::First, _) => duration.or_else(|| scaled_before(text, self.quantity.unit)),
            (Format::Second, Some(one)) => {
                let number = || text.trim().parse::<u128>().ok()?.checked_mul(one.into());
                duration.or_else(number)
            }
            (Format::Second, None) if self.quantity.unit == Unit::PieceSecond => {
                duration.or_else(|| self.quantity_of(text, format))
            }
            (Format::Second, None) => self.quantity_of(text, format),
        }
    }
}

/// What a price per `text` is for, where a component has `unit` and its meter counts as `meter` says.
pub(crate) fn per(text: &str, unit: Unit, meter: MeterUnit) -> Option<Per> {
    let (count, name) = count_and_name(text)?;
    match (time(name), meter) {
        (Some(seconds), MeterUnit::OwnSeconds) => {
            let quantity = Quantity::new(count.checked_mul(seconds.into())?, unit.seconds());
            Some(Per { quantity, seconds: 1, one: seconds.into(), time: None })
        }
        (Some(one), MeterUnit::Own | MeterUnit::Fixed(_)) => {
            let seconds = u64::try_from(count).ok()?.checked_mul(one)?;
            Some(Per { quantity: Quantity::new(1, unit), seconds, one: level(unit), time: Some(one) })
        }
        (None, _) if name == "month" && count > 1 => None,
        (None, _) => {
            let one = base_units(name, unit)?;
            Some(Per { quantity: Quantity::new(count.checked_mul(one)?, unit), seconds: 1, one, time: None })
        }
    }
}

/// `1000` and `event` of `1000 events`; 1 where no number stands in front.
fn count_and_name(text: &str) -> Option<(u128, &str)> {
    let Some((number, name)) =
        text.split_once(' ').filter(|it| it.0.starts_with(|it: char| it.is_ascii_digit()))
    else {
        return Some((1, text));
    };
    let number = number.parse::<u128>().ok().filter(|it| *it > 0)?;
    Some((number, name.strip_suffix('s').filter(|it| it.len() > 3).unwrap_or(name)))
}

/// Whether a price per `text` is for a time.
pub(crate) fn is_time(text: &str) -> bool {
    count_and_name(text).is_some_and(|it| time(it.1).is_some())
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

/// What people count a level in: gigabytes where bytes are counted, Mbps where bits are.
pub(crate) fn level(unit: Unit) -> u128 {
    match unit {
        Unit::Byte => 1 << 30,
        Unit::BitPerSecond => 1_000_000,
        Unit::Piece
        | Unit::Gigabyte
        | Unit::Mbps
        | Unit::Gbps
        | Unit::PieceSecond
        | Unit::GigabyteSecond
        | Unit::MbpsSecond
        | Unit::Event
        | Unit::ValueE8 => 1,
    }
}

/// How many of `unit` one `name` is, which a price that is not per time may be for.
fn base_units(name: &str, unit: Unit) -> Option<u128> {
    match (name, unit) {
        // A byte or a bit per second is never what a price is for; whoever writes that means more of them.
        ("month" | "piece" | "event" | "order", unit) if !matches!(unit, Unit::Byte | Unit::BitPerSecond) => {
            Some(1)
        }
        ("GB", Unit::Byte) => Some(1 << 30),
        ("GB decimal", Unit::Byte) => Some(1_000_000_000),
        ("Mbps", Unit::BitPerSecond) => Some(1_000_000),
        ("Gbps", Unit::BitPerSecond) => Some(1_000_000_000),
        ("GB", Unit::Gigabyte) | ("Mbps", Unit::Mbps) | ("Gbps", Unit::Gbps) => Some(1),
        _ => None,
    }
}
