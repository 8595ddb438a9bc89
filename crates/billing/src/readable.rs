//! Quantities as people read them: `24 Gbps`, `3 GB`, `288 hours`.
//!
//! In:  base units, a language. Out: a figure with its unit, in the largest unit that it reaches.
//! Invariant: for reading alone: three digits behind the point, half up; what a price is multiplied with has eight, as prices have.
//! What was billed is said exactly beside it.
//! Source: R-PRC-7.

use crate::language::{self, Language};
use crate::when;
use units::decimal::{div_half_up, print_short};
use units::{Amount, Measured, Quantity, Unit};

/// Digits behind the point.
const DIGITS: u32 = 3;
/// Of something that would be nothing with those.
const FINEST: u32 = 9;
/// Of what a price is multiplied with, so that the product can be worked out again.
const FACTOR_DIGITS: u32 = 8;
const GIGABYTE: u128 = 1 << 30;
const MEGABYTE: u128 = 1 << 20;
const KILOBYTE: u128 = 1 << 10;
const GIGABIT: u128 = 1_000_000_000;
const MEGABIT: u128 = 1_000_000;
const KILOBIT: u128 = 1_000;
const HOUR: u128 = 3_600;
const MINUTE: u128 = 60;
const DAY: u64 = 86_400;
/// Days of a month of which some are paid. Source: R-PRE-3.
const MONTH_DAYS: u64 = 30;
/// A day of a change is so many months of so many days. Source: R-CHG-1.
const YEAR_MONTHS: u64 = 12;
const YEAR_DAYS: u64 = 365;
const E8: u128 = 100_000_000;

/// In what a quantity is read: so many base units, and what that is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    base: u128,
    word: Word,
}

/// What a scale is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    /// A sign that every language has.
    Sign(&'static str),
    /// One, several, Chinese.
    Name(&'static str, &'static str, &'static str),
    /// The same in each number.
    Held(&'static str, &'static str),
}

impl Scale {
    /// The largest in which `most` is at least one; nothing is read as the largest of all.
    pub fn of(most: u128, unit: Unit) -> Scale {
        let reaches = |base: u128| most == 0 || most >= base;
        let sign = |base: u128, sign: &'static str| Scale { base, word: Word::Sign(sign) };
        let held = |base: u128, english: &'static str, chinese: &'static str| Scale {
            base,
            word: Word::Held(english, chinese),
        };
        match unit {
            Unit::Byte if reaches(GIGABYTE) => sign(GIGABYTE, "GB"),
            Unit::Byte if reaches(MEGABYTE) => sign(MEGABYTE, "MB"),
            Unit::Byte if reaches(KILOBYTE) => sign(KILOBYTE, "KB"),
            Unit::Byte => Scale { base: 1, word: Word::Name("byte", "bytes", "字节") },
            Unit::BitPerSecond if reaches(GIGABIT) => sign(GIGABIT, "Gbps"),
            Unit::BitPerSecond if reaches(MEGABIT) => sign(MEGABIT, "Mbps"),
            Unit::BitPerSecond if reaches(KILOBIT) => sign(KILOBIT, "kbps"),
            Unit::BitPerSecond => sign(1, "bit/s"),
            Unit::PieceSecond if reaches(HOUR) => {
                Scale { base: HOUR, word: Word::Name("hour", "hours", "小时") }
            }
            Unit::PieceSecond if reaches(MINUTE) => {
                Scale { base: MINUTE, word: Word::Name("minute", "minutes", "分钟") }
            }
            Unit::PieceSecond => Scale { base: 1, word: Word::Name("second", "seconds", "秒") },
            Unit::GigabyteSecond if reaches(HOUR) => held(HOUR, "GB·h", "GB·小时"),
            Unit::GigabyteSecond => held(1, "GB·s", "GB·秒"),
            Unit::MbpsSecond if reaches(HOUR) => held(HOUR, "Mbps·h", "Mbps·小时"),
            Unit::MbpsSecond => held(1, "Mbps·s", "Mbps·秒"),
            Unit::Piece => Scale { base: 1, word: Word::Name("piece", "pieces", "个") },
            Unit::Event => Scale { base: 1, word: Word::Name("event", "events", "次") },
            Unit::Gigabyte | Unit::Mbps | Unit::Gbps => sign(1, unit.as_str()),
            Unit::ValueE8 => sign(E8, ""),
        }
    }

    /// The figure alone.
    pub fn number(self, value: u128) -> String {
        number(value, self.base)
    }

    /// The figure with its unit.
    pub fn say(self, value: u128, language: Language) -> String {
        let number = self.number(value);
        let is_one = number == "1";
        let word = match (self.word, language) {
            (Word::Sign(sign), _) => sign,
            (Word::Name(one, _, _), Language::English) if is_one => one,
            (Word::Name(_, many, _), Language::English) => many,
            (Word::Held(english, _), Language::English) => english,
            (Word::Name(_, _, chinese) | Word::Held(_, chinese), Language::Chinese) => chinese,
        };
        format!("{number} {word}").trim_end().to_string()
    }
}

/// `value / base`, as it is read.
fn number(value: u128, base: u128) -> String {
    rounded(value, base, DIGITS)
}

/// `value / base`, half up; something that is less than its last digit says has more of them, so that it is not said to be nothing.
fn rounded(value: u128, base: u128, digits: u32) -> String {
    let is_tiny = value > 0 && value.saturating_mul(2 * 10_u128.pow(digits)) < base;
    let digits = if is_tiny { FINEST } else { digits };
    let wide = |it: u128| i128::try_from(it).ok();
    let scaled = value.checked_mul(10_u128.pow(digits)).and_then(wide).zip(wide(base));
    match scaled {
        Some((value, base)) => when::decimal(&print_short(div_half_up(value, base), digits, 0)),
        // So much is whole units for certain.
        None => when::decimal(&(value / base).to_string()),
    }
}

/// A quantity in the largest unit that it reaches.
pub fn quantity(value: u128, unit: Unit, language: Language) -> String {
    Scale::of(value, unit).say(value, language)
}

/// What was measured: a mean as one figure, and the part of a time for which it was held.
pub fn measured(used: Measured, language: Language) -> String {
    let mean = used.quantity / u128::from(used.count.max(1));
    let scale = Scale::of(mean, used.unit);
    let of_all = Scale { base: scale.base.saturating_mul(used.count.max(1).into()), ..scale };
    let (said, part) = (of_all.say(used.quantity, language), factor(used, language));
    if part.is_empty() { said } else { format!("{said} × {part}") }
}

/// By what a quantity is taken, as people count: `6`, `100.5 h`, `27 of 30 days`; in lowest terms where it counts no time; nothing where
/// it is taken once.
pub fn factor(used: Measured, language: Language) -> String {
    let (num, den) = (used.num, used.den.max(1));
    if num == den {
        return String::new();
    }
    // Of a mean it is the share of the time for which a price held.
    let time = if used.count == 1 { of_time(num, den, language) } else { None };
    time.unwrap_or_else(|| {
        let by = divisor(num, den).max(1);
        match (num / by, den / by) {
            (num, 1) => when::decimal(&num.to_string()),
            (num, den) => format!("{}/{}", when::decimal(&num.to_string()), when::decimal(&den.to_string())),
        }
    })
}

/// A part of a time that people have a word for: the hours, the days, the days of a month. Source: R-TIM-8, R-PRE-3, R-CHG-1.
fn of_time(num: u64, den: u64, language: Language) -> Option<String> {
    let of_hours = || {
        let hours = rounded(num.into(), HOUR, FACTOR_DIGITS);
        language.say(format!("{hours} h"), format!("{hours} 小时"))
    };
    let of_days = || {
        let days = rounded(num.into(), DAY.into(), FACTOR_DIGITS);
        language.say(format!("{days} {}", if days == "1" { "day" } else { "days" }), format!("{days} 天"))
    };
    let of_month = |days: String, all: u64| {
        language.say(format!("{days} of {all} days"), format!("{days} 天（共 {all} 天）"))
    };
    let of_months = || {
        let (months, days) = (num / MONTH_DAYS, num % MONTH_DAYS);
        let one = if months == 1 { "month" } else { "months" };
        language.say(
            format!("({months} {one} and {days} of {MONTH_DAYS} days)"),
            format!("（{months} 个月又 {days} 天，每月按 {MONTH_DAYS} 天计）"),
        )
    };
    let of_year = || {
        let days = num / YEAR_MONTHS;
        let one = if days == 1 { "day" } else { "days" };
        language.say(
            format!("({days} {one} × {YEAR_MONTHS} / {YEAR_DAYS} months)"),
            format!("（{days} 天 × {YEAR_MONTHS} / {YEAR_DAYS} 个月）"),
        )
    };
    match den {
        3_600 => Some(of_hours()),
        DAY => Some(of_days()),
        MONTH_DAYS if num < den => Some(of_month(num.to_string(), den)),
        YEAR_DAYS if num.is_multiple_of(YEAR_MONTHS) => Some(of_year()),
        MONTH_DAYS if !num.is_multiple_of(den) => Some(of_months()),
        // A month by its seconds.
        _ if den.is_multiple_of(DAY) && (28..=31).contains(&(den / DAY)) => {
            Some(of_month(rounded(num.into(), DAY.into(), FACTOR_DIGITS), den / DAY))
        }
        _ => None,
    }
}

/// The greatest common divisor.
fn divisor(one: u64, other: u64) -> u64 {
    if other == 0 { one } else { divisor(other, one % other) }
}

/// A quantity to the last base unit: `3,221,225,472 B`.
pub fn exactly(value: u128, unit: Unit, language: Language) -> String {
    format!("{} {}", when::decimal(&value.to_string()), language::unit(unit, language))
}

/// How many times what a price is for a quantity is: `150` of 150 GB at a price of a GB.
pub fn times(value: u128, per: Quantity) -> String {
    rounded(value, per.value.max(1), FACTOR_DIGITS)
}

/// An amount without zeros that say nothing: `2,200.00`, `0.0042`.
pub fn amount(it: Amount) -> String {
    when::decimal(&it.short())
}

#[cfg(test)]
mod tests;
