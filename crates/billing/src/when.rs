//! Times and figures as sentences say them.
//!
//! In:  an instant, a calendar, a language. Out: `18 June 2026, 12:00` or `2026年6月18日 12:00`.
//! Invariant: the clock is that of the settlement zone; seconds stand only where they are not 0.
//! Rules: R-TIM-1; the wording follows the glossary of the console.

use crate::language::Language;
use units::{Calendar, Money, Timestamp};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `at` in a sentence.
pub fn in_sentence(at: Timestamp, calendar: &Calendar, language: Language) -> String {
    let wall = calendar.local(at);
    let seconds = if wall.second() == 0 { String::new() } else { format!(":{:02}", wall.second()) };
    let clock = format!("{:02}:{:02}{seconds}", wall.hour(), wall.minute());
    match language {
        Language::English => format!("{} {} {}, {clock}", wall.day(), month(wall.month()), wall.year()),
        Language::Chinese => format!("{}年{}月{}日 {clock}", wall.year(), wall.month(), wall.day()),
    }
}

/// A month such as `2026-06` in a sentence: `June 2026` or `2026年6月`; what is none stays as it is.
pub fn month_in_sentence(text: &str, language: Language) -> String {
    let parts = text.split_once('-').and_then(|(year, month)| Some((year, month.parse::<i8>().ok()?)));
    let Some((year, number)) = parts.filter(|it| (1..=12).contains(&it.1)) else { return text.to_string() };
    match language {
        Language::English => format!("{} {year}", month(number)),
        Language::Chinese => format!("{year}年{number}月"),
    }
}

fn month(number: i8) -> &'static str {
    let at = usize::try_from(number - 1).expect("invariant: months are counted from 1");
    MONTHS[at]
}

/// `2,577,520` of `2577520`.
pub fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An amount as a sentence says it: `8,600.00 CNY` or `8,600.00 元`; a minus is U+2212.
pub fn money(it: Money, language: Language) -> String {
    let text = it.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |it| ("\u{2212}", it));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.parse().map_or_else(|_| whole.to_string(), grouped);
    let point = if rest.is_empty() { "" } else { "." };
    let unit = match (language, it.currency().as_str()) {
        (Language::Chinese, "CNY") => "元",
        (Language::Chinese | Language::English, word) => word,
    };
    format!("{sign}{whole}{point}{rest} {unit}")
}

#[cfg(test)]
mod tests;
