//! Money and times as pages write them.
//!
//! In:  values of the till. Out: texts in a language.
//! Invariant: nothing that was billed is rounded here.

use billing::explain::Language;
use billing::user::Session;
use units::{Calendar, Currency, Money, Timestamp};

/// An amount with its thousands parted, without its currency: `8,600.00`; a minus is U+2212.
pub(crate) fn money(it: Money) -> String {
    let text = it.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |it| ("\u{2212}", it));
    let (whole, rest) = digits.split_once('.').map_or((digits, None), |it| (it.0, Some(it.1)));
    let whole = thousands(whole);
    rest.map_or_else(|| format!("{sign}{whole}"), |rest| format!("{sign}{whole}.{rest}"))
}

/// Digits in groups of three.
pub(crate) fn thousands(digits: &str) -> String {
    let first = digits.len() % 3;
    let (head, tail) = digits.split_at(first);
    let groups = tail.as_bytes().chunks(3).map(|it| String::from_utf8_lossy(it).into_owned());
    let head = (!head.is_empty()).then(|| head.to_string());
    head.into_iter().chain(groups).collect::<Vec<_>>().join(",")
}

/// What a currency is called behind an amount.
pub(crate) fn currency(it: Currency, language: Language) -> &'static str {
    match (language, it.as_str()) {
        (Language::Chinese, "CNY") => "元",
        (Language::Chinese | Language::English, word) => word,
    }
}

/// An instant as a sentence says it: `18 June 2026, 12:00` or `2026年6月18日 12:00`.
pub(crate) fn time(calendar: &Calendar, at: Timestamp, language: Language) -> String {
    let pattern = match language {
        Language::English => "%-d %B %Y, %H:%M",
        Language::Chinese => "%Y年%-m月%-d日 %H:%M",
    };
    calendar.local(at).strftime(pattern).to_string()
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
