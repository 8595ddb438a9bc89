//! Price tags: a price as a list shows it.
//!
//! In:  a component and its price item. Out: words such as `0.42 per hour`.
//! Invariant: figures are those of the price item, shortened by nothing but zeros.
//! Rules: R-PRC-1, R-PRC-16, R-PRC-17, R-PRC-23 to R-PRC-25, R-BIL-2.

use crate::book::{Component, Due, Meter};
use crate::language::{self, Language};
use crate::price::{PriceItem, Pricing};
use crate::readable;
use std::fmt;
use units::{Quantity, Unit};

/// What a price is per: so much of a unit, and a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Per {
    quantity: Quantity,
    time: Time,
}

/// The time for which a price is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Time {
    Month,
    /// 1 for what is not held for a time.
    Seconds(u64),
}

/// What a price of `component` is per; what is paid by the month says so.
pub fn per(component: &Component, quantity: Quantity, seconds: u64) -> Per {
    let time = if component.meter == Meter::Months { Time::Month } else { Time::Seconds(seconds) };
    Per { quantity, time }
}

impl Per {
    /// How much of what is counted it is for.
    pub const fn quantity(self) -> Quantity {
        self.quantity
    }

    /// The seconds for which it is held; `None` for what is paid by the month, or not held.
    pub const fn seconds(self) -> Option<u64> {
        match self.time {
            Time::Month | Time::Seconds(1) => None,
            Time::Seconds(seconds) => Some(seconds),
        }
    }

    /// The time alone: `month`; `None` for what is not held.
    pub fn time(self, language: Language) -> Option<String> {
        self.time.words(language)
    }

    /// Whether it is paid by the month.
    pub const fn is_by_month(self) -> bool {
        matches!(self.time, Time::Month)
    }

    /// `GB`, `hour`, `GB and hour`.
    pub fn words(self, language: Language) -> String {
        let unit = self.unit(language);
        match (self.quantity.unit, self.time.words(language)) {
            (_, None) => unit,
            (Unit::Piece, Some(time)) => time,
            (_, Some(time)) => language.say(format!("{unit} and {time}"), format!("{unit}·{time}")),
        }
    }

    fn unit(self, language: Language) -> String {
        let hour = language.say("hour".into(), "小时".into());
        let held = |unit: &str| language.say(format!("{unit} and {hour}"), format!("{unit}·{hour}"));
        match (self.quantity.unit, self.quantity.value) {
            (Unit::PieceSecond, 3_600) => hour,
            (Unit::GigabyteSecond, 3_600) => held("GB"),
            (Unit::MbpsSecond, 3_600) => held("Mbps"),
            (Unit::Byte, 1_073_741_824) => "GB".to_string(),
            (Unit::Byte, 1_000_000_000) => language.say("GB (10⁹ bytes)".into(), "GB(10⁹ 字节)".into()),
            (Unit::BitPerSecond, 1_000_000) => "Mbps".to_string(),
            (unit, 1) => language::unit(unit, language).to_string(),
            (unit, value) => format!("{value} {}", language::unit(unit, language)),
        }
    }
}

impl Time {
    fn words(self, language: Language) -> Option<String> {
        let say = |english: &str, chinese: &str| Some(language.say(english.into(), chinese.into()));
        match self {
            Time::Month => say("month", "月"),
            Time::Seconds(1) => None,
            Time::Seconds(3_600) => say("hour", "小时"),
            Time::Seconds(86_400) => say("day", "天"),
            Time::Seconds(other) => Some(format!("{other} {}", language::unit(Unit::PieceSecond, language))),
        }
    }
}

impl fmt::Display for Per {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.words(Language::English))
    }
}

/// The price as a list shows it: `0.42 per hour`, `0.80 per GB`, `1 at 0.063, above 5 at 0.25`; and what of a life counts whole,
/// `0.42 per hour, the first 60 s of a life count whole`, what counts of a month at most, what of it is free, and `each started 1 hour
/// counts whole`, what of a cycle is free, what it costs at least. Source: R-PRC-16, R-PRC-17, R-PRC-23 to R-PRC-25.
pub fn in_words(component: &Component, item: &PriceItem) -> String {
    let least = match component.least_seconds {
        0 => String::new(),
        least => format!(", the first {} of a life count whole", time_in_words(least)),
    };
    let most = component.month_seconds.map(|it| format!(", at most {} of a month", time_in_words(it)));
    let free = component.free_tier.as_ref().map(|it| {
        let units = readable::quantity(it.units.into(), component.counted(), Language::English);
        format!(", {units} of a month free for the account")
    });
    let (most, free) = (most.unwrap_or_default(), free.unwrap_or_default());
    format!("{}{least}{most}{free}{}", of_item(component, item), of_cycle(component, item))
}

/// In what `started` of a price is counted: in seconds where time is, otherwise in what is counted. Source: R-PRC-17.
pub fn started_in(component: &Component, item: &PriceItem) -> Unit {
    if item.per_seconds > 1 || component.meter == Meter::Held {
        Unit::PieceSecond
    } else {
        component.counted()
    }
}

/// What is done to the quantity of a cycle before it is priced, and what the cycle costs at least. Source: R-PRC-16, R-PRC-17.
fn of_cycle(component: &Component, item: &PriceItem) -> String {
    let said = |value, unit| readable::quantity(value, unit, Language::English);
    let cycle = match component.due {
        Due::Order => "order",
        Due::Cycle(it) => it.as_str(),
    };
    let started = item.started.map(|it| {
        let size = said(it, started_in(component, item));
        format!(", each started {size} counts whole")
    });
    let free =
        (item.free > 0).then(|| format!(", {} of each {cycle} free", said(item.free, component.counted())));
    let least = item.minimum.map(|it| format!(", at least {} for each {cycle} with any use", it.short()));
    [started, free, least].into_iter().flatten().collect()
}

/// `672 h` where it is whole hours, otherwise `90 s`.
fn time_in_words(seconds: u64) -> String {
    match seconds % 3_600 {
        0 => format!("{} h", seconds / 3_600),
        _ => format!("{seconds} s"),
    }
}

fn of_item(component: &Component, item: &PriceItem) -> String {
    match &item.pricing {
        Pricing::PerUnit(price) => {
            format!("{} per {}", price.amount.short(), per(component, price.per, item.per_seconds))
        }
        Pricing::Graduated(tiers) | Pricing::Volume(tiers) => {
            let steps: Vec<String> =
                tiers.tiers.iter().map(|it| format!("above {} at {}", it.above, it.amount.short())).collect();
            format!("{} per {}", steps.join(", "), per(component, tiers.per, item.per_seconds))
        }
        Pricing::Package { size, price } => format!("{} per {} {}", price.short(), size.value, size.unit),
        Pricing::Percentage(it) => {
            format!("{} % + {}", units::decimal::print_short(it.rate_e8.into(), 6, 0), it.fixed.short())
        }
        Pricing::Band(bands) => format!(
            "{} bands from {}",
            bands.bands.len(),
            bands.bands.first().map_or_else(String::new, |it| it.1.short())
        ),
    }
}
