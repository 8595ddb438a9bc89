//! Times and figures as people read them: in sentences, on pages and on paper.
//!
//! In:  an instant, a day, a sum, a language. Out: `18 June 2026, 12:00` or `2026年6月18日 12:00`; `8,600.00`.
//! Invariant: the clock is that of the settlement zone. Nothing is rounded; a minus is U+2212.
//! Rules: R-TIM-1; the wording follows the glossary of the console.

use crate::language::Language;
use units::{Calendar, Currency, Money, Timestamp};

/// `at` in a sentence: seconds stand only where they are not 0.
pub fn in_sentence(at: Timestamp, calendar: &Calendar, language: Language) -> String {
    let wall = calendar.local(at);
    let pattern = match (language, wall.second()) {
        (Language::English, 0) => "%-d %B %Y, %H:%M",
        (Language::English, _) => "%-d %B %Y, %H:%M:%S",
        (Language::Chinese, 0) => "%Y年%-m月%-d日 %H:%M",
        (Language::Chinese, _) => "%Y年%-m月%-d日 %H:%M:%S",
    };
    wall.strftime(pattern).to_string()
}

/// A sentence whose instants, such as `2026-06-30T16:00:00Z`, are said as people read them. What stands between backticks is what
/// somebody wrote, and stays.
pub fn instants(text: &str, calendar: &Calendar) -> String {
    let parts = text.split('`').enumerate();
    let said = parts.map(|(at, part)| if at % 2 == 1 { part.to_string() } else { outside(part, calendar) });
    said.collect::<Vec<_>>().join("`")
}

fn outside(part: &str, calendar: &Calendar) -> String {
    let word = |word: &str| {
        let (from, to) = (word.find(|it: char| it.is_ascii_digit()), word.rfind('Z'));
        let (Some(from), Some(to)) = (from, to) else { return word.to_string() };
        match word.get(from..=to).and_then(|it| it.parse::<Timestamp>().ok()) {
            Some(at) => {
                let said = in_sentence(at, calendar, Language::English);
                format!("{}{said}{}", &word[..from], &word[to + 1..])
            }
            None => word.to_string(),
        }
    };
    part.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A day such as `2026-06-18` or a month such as `2026-06`: `18 June 2026`, `2026年6月`. What is neither stays as it is.
pub fn day(text: &str, language: Language) -> String {
    let is_month = text.len() == 7;
    let first = if is_month { format!("{text}-01") } else { text.to_string() };
    // Any zone: only the date is read back.
    let calendar = Calendar::settlement();
    let Ok(at) = calendar.parse(&first) else { return text.to_string() };
    let date = calendar.local(at).date();
    if date.to_string() != first {
        return text.to_string();
    }
    let pattern = match (language, is_month) {
        (Language::English, true) => "%B %Y",
        (Language::English, false) => "%-d %B %Y",
        (Language::Chinese, true) => "%Y年%-m月",
        (Language::Chinese, false) => "%Y年%-m月%-d日",
    };
    date.strftime(pattern).to_string()
}

/// A number as it is printed, with its thousands parted: `2,577,520` of `2577520`, `−8,600.00` of `-8600.00`.
pub fn decimal(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |it| ("\u{2212}", it));
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut said = String::from(sign);
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            said.push(',');
        }
        said.push(digit);
    }
    said.push_str(rest);
    said
}

/// What a currency is called behind a sum.
pub fn unit(currency: Currency, language: Language) -> &'static str {
    match (language, currency.as_str()) {
        (Language::Chinese, "CNY") => "元",
        (Language::Chinese | Language::English, word) => word,
    }
}

/// A sum with its currency: `8,600.00 CNY` or `8,600.00 元`.
pub fn money(it: Money, language: Language) -> String {
    format!("{} {}", decimal(&it.to_string()), unit(it.currency(), language))
}

#[cfg(test)]
mod tests;
