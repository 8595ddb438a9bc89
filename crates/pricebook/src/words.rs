//! The words of the files: durations, units, "per" and the names of meters.

use units::{Quantity, Unit};

/// Seconds of `2 h`, `96 h`, `15 d`, `5 min`, `30 s`.
pub fn seconds(text: &str) -> Option<u64> {
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
pub fn scaled(text: &str, unit: Unit) -> Option<u128> {
    if let Ok(number) = text.trim().parse::<u128>() {
        return Some(number);
    }
    if matches!(unit, Unit::PieceSecond | Unit::GigabyteSecond | Unit::MbpsSecond) {
        return seconds(text).map(u128::from);
    }
    let (number, name) = text.trim().split_once(' ')?;
    let number: u128 = number.parse().ok()?;
    let scale: u128 = match name.trim() {
        it if it == unit.as_str() => 1,
        _ if !matches!(unit, Unit::Byte | Unit::BitPerSecond) => return None,
        "bit/s" | "B" => 1,
        "kbps" => 1_000,
        "Mbps" => 1_000_000,
        "Gbps" => 1_000_000_000,
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        "TB" => 1 << 40,
        _ => return None,
    };
    number.checked_mul(scale)
}

pub fn unit(text: &str) -> Option<Unit> {
    Unit::ALL.into_iter().find(|it| it.as_str() == text)
}

/// What a price is for: so many base units of `unit`, and for how many seconds they are held.
///
/// `summed` says that the meter adds up unit-seconds itself.
pub fn per(text: &str, unit: Unit, summed: Summed) -> Option<(Quantity, u64)> {
    let time = match text {
        "hour" => Some(3_600),
        "day" => Some(86_400),
        "second" => Some(1),
        _ => None,
    };
    if let (Some(seconds), Summed::UnitSeconds) = (time, summed) {
        return Some((Quantity::new(seconds.into(), unit.seconds()), 1));
    }
    if let Some(seconds) = time {
        return Some((Quantity::new(1, unit), seconds));
    }
    let value: u128 = match (text, unit) {
        // A byte or a bit per second is never what a price is for; whoever writes that means more of them.
        ("month" | "piece" | "event" | "order", unit) if !matches!(unit, Unit::Byte | Unit::BitPerSecond) => {
            1
        }
        ("GB", Unit::Byte) => 1 << 30,
        ("GB decimal", Unit::Byte) => 1_000_000_000,
        ("Mbps", Unit::BitPerSecond) => 1_000_000,
        ("Gbps", Unit::BitPerSecond) => 1_000_000_000,
        ("1000 events", Unit::Event) => 1_000,
        _ => return None,
    };
    Some((Quantity::new(value, unit), 1))
}

/// Whether a meter adds up unit-seconds, or keeps quantity and time apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Summed {
    UnitSeconds,
    Apart,
}
