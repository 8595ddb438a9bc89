//! How sums and days are written on paper, and which letters a document needs.
//!
//! In:  sums, days, a language. Out: texts as the console writes them.
//! Invariant: nothing is rounded here.

use billing::document::party::Party;
use billing::document::{Content, Document};
use billing::language::Language;
use std::collections::BTreeSet;
use units::decimal::print_short;
use units::{Currency, Money};

/// `8,600.00`; a minus is U+2212.
pub(crate) fn money(it: Money) -> String {
    grouped(&it.to_string())
}

/// The same with its currency.
pub(crate) fn sum(it: Money, language: Language) -> String {
    format!("{} {}", money(it), currency(it.currency(), language))
}

/// A cost in 1e-8, exact, with at least the digits of the currency.
pub(crate) fn cost(e8: i128, currency: Currency) -> String {
    grouped(&print_short(e8, 8, currency.minor_digits()))
}

fn grouped(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |it| ("\u{2212}", it));
    let (whole, rest) = digits.split_once('.').map_or((digits, None), |it| (it.0, Some(it.1)));
    let mut out = String::from(sign);
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(rest) = rest {
        out.push('.');
        out.push_str(rest);
    }
    out
}

/// What a currency is called behind a sum.
pub(crate) fn currency(it: Currency, language: Language) -> &'static str {
    match (language, it.as_str()) {
        (Language::Chinese, "CNY") => "元",
        (Language::Chinese | Language::English, word) => word,
    }
}

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

/// `18 June 2026` or `2026年6月18日`; of a month `June 2026` or `2026年6月`. What is no day stays as it is.
pub(crate) fn day(text: &str, language: Language) -> String {
    let mut parts = text.split('-').map(|it| it.parse::<usize>().ok());
    let (year, month, day) = (parts.next().flatten(), parts.next().flatten(), parts.next().flatten());
    let name = month.and_then(|it| MONTHS.get(it.checked_sub(1)?));
    match (year, month, name, day, language) {
        (Some(year), Some(_), Some(name), Some(day), Language::English) => format!("{day} {name} {year}"),
        (Some(year), Some(_), Some(name), None, Language::English) => format!("{name} {year}"),
        (Some(year), Some(month), Some(_), Some(day), Language::Chinese) => {
            format!("{year}年{month}月{day}日")
        }
        (Some(year), Some(month), Some(_), None, Language::Chinese) => format!("{year}年{month}月"),
        (_, _, _, _, Language::English | Language::Chinese) => text.to_string(),
    }
}

/// The lines of a party's address, without those that nobody said.
pub(crate) fn address(it: &Party) -> Vec<String> {
    let place = [it.postal_code.as_str(), it.city.as_str(), it.country.as_str()];
    let place: Vec<&str> = place.into_iter().filter(|it| !it.is_empty()).collect();
    [it.street.clone(), place.join(" ")].into_iter().filter(|it| !it.is_empty()).collect()
}

/// The letters of a document, in this language: a font that lacks one cannot set it. Signs and pictures are not among them.
pub(crate) fn letters(document: &Document, language: Language) -> BTreeSet<char> {
    let mut text = String::from("AZaz09");
    for party in [&document.seller, &document.buyer] {
        party.fields().iter().for_each(|it| text.push_str(it.1));
    }
    text.push_str(&document.account_name);
    match &document.content {
        Content::Statement(it) => {
            for line in &it.lines {
                text.push_str(line.product_name.get(language));
                text.push_str(&line.name);
            }
        }
        Content::Receipt(it) => text.push_str(&it.reference),
        Content::Invoice(it) => it.taxed.lines.iter().for_each(|it| text.push_str(it.name.get(language))),
        Content::CreditNote(it) => {
            text.push_str(&it.reason);
            it.taxed.lines.iter().for_each(|it| text.push_str(it.name.get(language)));
        }
    }
    if language == Language::Chinese {
        text.push_str("月结单发票收款凭证红字");
    }
    text.chars().filter(|it| it.is_alphanumeric()).collect()
}
