//! Money and times as pages write them.
//!
//! In:  values of the till. Out: texts in a language.
//! Invariant: nothing that was billed is rounded here.

use billing::explain::Language;
use billing::user::Session;
use billing::when;
use desk::journal;
use texts::Texts;
use units::calendar::whole_second;
use units::{Amount, Calendar, Currency, Money, Timestamp};

/// An amount with its thousands parted, without its currency: `8,600.00`; a minus is U+2212.
pub(crate) fn money(it: Money) -> String {
    when::decimal(&it.to_string())
}

/// By how much something is more or less, with its sign: `+14.32`, `−0.90`; nothing has none.
pub(crate) fn change(it: Money) -> String {
    let sign = if it.is_positive() { "+" } else { "" };
    format!("{sign}{}", money(it))
}

/// A text with the quotes that people write, not with those of programs.
pub(crate) fn quoted(text: &str) -> String {
    let mut parts = text.split('`');
    let mut said = parts.next().unwrap_or_default().to_string();
    for (index, part) in parts.enumerate() {
        said.push(if index % 2 == 0 { '“' } else { '”' });
        said.push_str(part);
    }
    said
}

/// What a column is about, and in which unit: `Billed, CNY`.
pub(crate) fn headed(name: &str, unit: &str, language: Language) -> String {
    language.say(format!("{name}, {unit}"), format!("{name}（{unit}）"))
}

/// A cost in 1e-8, as it is read: `121.71` and the digits behind the minor unit, without zeros at the end.
pub(crate) fn cost_parts(e8: i128, currency: Currency) -> (String, String) {
    let digits = usize::try_from(currency.minor_digits()).unwrap_or(0);
    let text = when::decimal(&Amount::from_e8(e8, currency).to_string());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let (minor, finer) = rest.split_at(digits.min(rest.len()));
    let point = if minor.is_empty() { "" } else { "." };
    (format!("{whole}{point}{minor}"), finer.trim_end_matches('0').to_string())
}

/// The same as one text.
pub(crate) fn cost(e8: i128, currency: Currency) -> String {
    let (read, finer) = cost_parts(e8, currency);
    format!("{read}{finer}")
}

/// A rate in 1e-8: `0.90`, `1.00`.
pub(crate) fn rate(e8: u64) -> String {
    let text = format!("{}.{:08}", e8 / 100_000_000, e8 % 100_000_000);
    let shorter = text.trim_end_matches('0');
    // Two digits at least, as rates are spoken of.
    let least = text.find('.').map_or(text.len(), |it| it + 3);
    text[..shorter.len().max(least)].to_string()
}

/// How much less a rate in 1e-8 takes than the whole: `−12%`, or `8.8 折`.
pub(crate) fn less(rate_e8: u64, language: Language) -> String {
    let off = 100_000_000_u64.saturating_sub(rate_e8);
    match language {
        Language::English => format!("\u{2212}{}%", units::decimal::print_short(off.into(), 6, 0)),
        Language::Chinese => format!("{} 折", units::decimal::print_short(rate_e8.into(), 7, 0)),
    }
}

/// Sentences behind one another. What has no end gets the one of the language between them.
pub(crate) fn sentences(all: &[&str], language: Language) -> String {
    let mut said = String::new();
    for text in all.iter().filter(|it| !it.is_empty()) {
        let is_ended = said.is_empty() || said.ends_with(['.', '!', '?', '。', '！', '？']);
        match language {
            Language::English if said.is_empty() => {}
            Language::English => said.push_str(if is_ended { " " } else { ". " }),
            Language::Chinese if is_ended => {}
            Language::Chinese => said.push('。'),
        }
        said.push_str(text);
    }
    said
}

/// Words of a list in one line.
pub(crate) fn listed(all: &[String], language: Language) -> String {
    all.join(match language {
        Language::English => ", ",
        Language::Chinese => "、",
    })
}

/// What something is called, and what is said of it.
pub(crate) fn labelled(name: &str, value: &str, language: Language) -> String {
    language.say(format!("{name}: {value}"), format!("{name}：{value}"))
}

/// A month such as `2026-06`, as a title says it: `June 2026` or `2026年6月`.
pub(crate) fn month(text: &str, language: Language) -> String {
    when::day(text, language)
}

/// Digits in groups of three.
pub(crate) fn thousands(digits: &str) -> String {
    when::decimal(digits)
}

/// What a currency is called behind an amount.
pub(crate) fn currency(it: Currency, language: Language) -> &'static str {
    when::unit(it, language)
}

/// An instant as a sentence says it: `18 June 2026, 12:00` or `2026年6月18日 12:00`.
pub(crate) fn time(calendar: &Calendar, at: Timestamp, language: Language) -> String {
    let pattern = match language {
        Language::English => "%-d %B %Y, %H:%M",
        Language::Chinese => "%Y年%-m月%-d日 %H:%M",
    };
    calendar.local(at).strftime(pattern).to_string()
}

/// The day of an instant as a sentence says it: `18 June 2026` or `2026年6月18日`.
pub(crate) fn day(calendar: &Calendar, at: Timestamp, language: Language) -> String {
    when::day(&calendar.local(at).date().to_string(), language)
}

/// Who did something, by what the audit log names: a user by the mail address, a key by its id.
pub(crate) fn actor(name: &str, texts: &Texts) -> String {
    match name {
        "" => "–".to_string(),
        journal::COMMAND_LINE => texts.command_line(),
        _ => name.split_once(' ').map_or(name, |it| it.1).to_string(),
    }
}

/// A sentence of the till as people read it: instants on the clock of the settlement zone, thousands of amounts parted. What
/// stands in backticks was typed by somebody and stays as it is.
pub(crate) fn readable(text: &str, calendar: &Calendar) -> String {
    by_words(text, |it| readable_word(it, calendar))
}

/// The same with its instants alone, also those that a form was given on the clock of the zone: figures stay as they were sent.
pub(crate) fn on_clock(text: &str, calendar: &Calendar) -> String {
    let said = |it: &str| instant(it, calendar).or_else(|| local(it, calendar));
    by_words(text, |it| said(it).unwrap_or_else(|| it.to_string()))
}

/// A text in which whatever begins with a digit is said otherwise.
fn by_words(text: &str, say: impl Fn(&str) -> String) -> String {
    let is_of_word = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | ':' | '-' | '+');
    let word = |it: &str| {
        let end = it.trim_end_matches(['.', ':', '-']);
        format!("{}{}", say(end), &it[end.len()..])
    };
    let part = |(at, part): (usize, &str)| {
        if at % 2 == 1 {
            return part.to_string();
        }
        let (mut said, mut rest) = (String::new(), part);
        while !rest.is_empty() {
            let other = rest.find(|it: char| it.is_ascii_digit()).unwrap_or(rest.len());
            let (before, from) = rest.split_at(other);
            let end = from.find(|it: char| !is_of_word(it)).unwrap_or(from.len());
            // A digit within a word, such as of an id, begins nothing.
            let is_inside = before.ends_with(|it: char| it.is_ascii_alphanumeric() || it == '_');
            said.push_str(before);
            said.push_str(&if is_inside { from[..end].to_string() } else { word(&from[..end]) });
            rest = &from[end..];
        }
        said
    };
    text.split('`').enumerate().map(part).collect::<Vec<_>>().join("`")
}

fn instant(word: &str, calendar: &Calendar) -> Option<String> {
    word.parse::<Timestamp>().ok().map(|at| calendar.print(whole_second(at)))
}

/// A time on the clock of the zone, as forms send it: `2026-07-01T00:00`.
fn local(word: &str, calendar: &Calendar) -> Option<String> {
    let at = word.contains('T').then(|| calendar.parse(word))?;
    at.ok().map(|at| calendar.print(whole_second(at)))
}

fn readable_word(word: &str, calendar: &Calendar) -> String {
    if let Some(said) = instant(word, calendar) {
        return said;
    }
    match word.split_once('.') {
        Some((whole, rest)) if [whole, rest].iter().all(|it| it.bytes().all(|it| it.is_ascii_digit())) => {
            format!("{}.{rest}", thousands(whole))
        }
        Some(_) | None => word.to_string(),
    }
}

/// A percentage as the till computes it, with a real minus: `+11.8%`, `−0.9%`.
pub(crate) fn percent(text: &str) -> String {
    format!("{}%", text.replace('-', "\u{2212}"))
}

/// The browser of a session and what it runs on, as far as it says so in the usual way.
pub(crate) fn browser(it: &Session) -> Option<String> {
    const BROWSERS: [(&str, &str); 5] = [
        ("Firefox/", "Firefox"),
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let named =
        |all: &[(&str, &'static str)]| all.iter().find(|name| it.agent.contains(name.0)).map(|it| it.1);
    let (browser, system) = (named(&BROWSERS)?, named(&SYSTEMS));
    Some(system.map_or_else(|| browser.to_string(), |system| format!("{browser}, {system}")))
}

#[cfg(test)]
mod tests;
