//! The file of the sellers: legal entities, their numbers, and the taxes with their dates.
//!
//! In:  the text of one TOML file. Out: who sells and what is taxed, or every problem with its line.
//! Invariant: no id, prefix or period that could be meant in two ways gets out.
//! Rules: R-INV-1. How to write one: docs/documents.md.

use crate::files::Files;
use crate::problem::{Place, Problem, Problems};
use crate::raw_text::RawText;
use crate::reader::Reader;
use crate::words;
use billing::document::Kind;
use billing::document::error::DocumentError;
use billing::document::party::{Party, is_country};
use billing::document::seller::{Entity, Prefixes, SERVICE, Sellers};
use billing::document::tax::{Category, Mode, Row, Tax, WHOLE_PPM};
use billing::text::{Text, is_plain};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// As the file is called where a problem is told.
const FILE: &str = "seller.toml";
/// More bytes than any such file needs.
const LONGEST: usize = 200_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSellers {
    entity: Vec<Spanned<RawEntity>>,
    tax: Vec<Spanned<RawTax>>,
    #[serde(default)]
    kinds: BTreeMap<String, Spanned<Vec<String>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntity {
    id: String,
    name: String,
    #[serde(default)]
    tax_number: String,
    country: String,
    city: String,
    street: String,
    #[serde(default)]
    postal_code: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    mail: String,
    #[serde(default)]
    bank: String,
    #[serde(default)]
    bank_account: String,
    sells_to: Vec<String>,
    invoice: String,
    credit_note: String,
    receipt: String,
    statement: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTax {
    country: String,
    kind: Option<String>,
    name: RawText,
    rate: String,
    mode: String,
    category: Option<String>,
    reason: Option<RawText>,
    from: String,
    to: Option<String>,
    #[serde(default)]
    reverse_charge: bool,
}

/// Reads the file of the sellers. Errors: every problem that was found; nothing of the file is used then.
pub fn sellers(text: &str) -> Result<Sellers, Vec<Problem>> {
    let (mut files, mut problems) = (Files::default(), Problems::default());
    files.add(FILE, if text.len() > LONGEST { "" } else { text });
    let mut reader = Reader::new(&files, Place { file: FILE, line: 1 }, &mut problems);
    if text.len() > LONGEST {
        reader.refuse("the file has more than 200 000 bytes", "Take out taxes that ended long ago");
    }
    let read = reader.toml::<RawSellers>("See docs/documents.md for the fields of this file");
    let sellers = read.map(|raw| read_all(&mut reader, &raw));
    match sellers {
        Some(sellers) if problems.is_empty() => Ok(sellers),
        Some(_) | None => Err(problems.into_list()),
    }
}

fn read_all(reader: &mut Reader<'_>, raw: &RawSellers) -> Sellers {
    if raw.entity.is_empty() {
        reader.refuse("nobody sells", "Write an [[entity]]");
    }
    let entities = raw.entity.iter().map(|it| entity(&mut reader.of(it), it.get_ref())).collect::<Vec<_>>();
    let mut ids = BTreeSet::new();
    for (read, at) in entities.iter().zip(&raw.entity) {
        if !ids.insert(&read.id) {
            reader.of(at).refuse(format!("there are two entities `{}`", read.id), "Give each its own id");
        }
    }
    let kinds = kinds(reader, raw);
    let taxes: Vec<Option<Row>> =
        raw.tax.iter().map(|it| tax(&mut reader.of(it), it.get_ref(), &kinds)).collect();
    for (at, row) in taxes.iter().enumerate() {
        let meets =
            |other: &Option<Row>| matches!((row, other), (Some(row), Some(other)) if row.meets(other));
        if let Some(first) = taxes[..at].iter().position(meets) {
            let line = reader.place_of(&raw.tax[first]).line;
            let what = format!("this tax and the one of line {line} hold on the same days");
            reader
                .of(&raw.tax[at])
                .refuse(what, "End one where the other begins: `to` is the first day that is not in it");
        }
    }
    Sellers { entities, taxes: taxes.into_iter().flatten().collect(), kinds }
}

fn entity(reader: &mut Reader<'_>, raw: &RawEntity) -> Entity {
    let is_id = |it: &str| {
        (1..=40).contains(&it.len())
            && it.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-')
    };
    if !is_id(&raw.id) {
        let what = format!("`{}` is no id of an entity", words::first_line(&raw.id));
        reader.refuse(what, "Write 1 to 40 small letters, digits and dashes");
    }
    let party = party(raw).checked();
    let is_whole = party.as_ref().is_ok_and(Party::is_complete);
    match &party {
        Err(DocumentError::Details { field, what }) => reader.refuse(format!("`{field}` {what}"), "Mend it"),
        Err(error) => reader.refuse(error.to_string(), "Mend it"),
        Ok(_) if !is_whole => {
            reader.refuse("an entity has a name, a country, a city and a street", "Fill them in")
        }
        Ok(_) => {}
    }
    for country in raw.sells_to.iter().filter(|it| *it != "*" && !is_country(it)) {
        let what = format!("`{}` is no country", words::first_line(country));
        reader.refuse(what, "Write two capital letters, such as CN, or * for all");
    }
    if raw.sells_to.is_empty() {
        reader.refuse("the entity sells to nobody", "Write sells_to = [\"*\"]");
    }
    Entity {
        id: raw.id.clone(),
        party: party.unwrap_or_default(),
        sells_to: raw.sells_to.clone(),
        prefixes: prefixes(reader, raw),
    }
}

fn party(raw: &RawEntity) -> Party {
    Party {
        name: raw.name.clone(),
        tax_number: raw.tax_number.clone(),
        country: raw.country.clone(),
        city: raw.city.clone(),
        street: raw.street.clone(),
        postal_code: raw.postal_code.clone(),
        phone: raw.phone.clone(),
        mail: raw.mail.clone(),
        bank: raw.bank.clone(),
        bank_account: raw.bank_account.clone(),
    }
}

fn prefixes(reader: &mut Reader<'_>, raw: &RawEntity) -> Prefixes {
    let said = Prefixes {
        statement: raw.statement.clone(),
        receipt: raw.receipt.clone(),
        invoice: raw.invoice.clone(),
        credit_note: raw.credit_note.clone(),
    };
    let mut seen = BTreeSet::new();
    for prefix in Kind::ALL.map(|kind| said.of(kind)) {
        let plain = (1..=12).contains(&prefix.len())
            && prefix.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
        if !plain {
            let what = format!("`{}` does not begin a number", words::first_line(prefix));
            reader.refuse(what, "Write 1 to 12 capital letters and digits, such as INV");
        }
        if !seen.insert(prefix) {
            let what = format!("two kinds of documents of `{}` begin with {prefix}", raw.id);
            reader.refuse(what, "Give each its own beginning, or two documents would have one number");
        }
    }
    said
}

fn kinds(reader: &mut Reader<'_>, raw: &RawSellers) -> BTreeMap<String, Vec<String>> {
    let mut seen = BTreeSet::new();
    for (kind, products) in &raw.kinds {
        if !words::is_word(kind) || kind == "*" {
            reader.of(products).refuse(format!("`{}` is no kind", words::first_line(kind)), words::WORDS);
        }
        for product in products.get_ref() {
            if !seen.insert(product) {
                let what = format!("`{}` is of two kinds", words::first_line(product));
                reader.of(products).refuse(what, "Name it once");
            }
        }
    }
    raw.kinds.iter().map(|it| (it.0.clone(), it.1.get_ref().clone())).collect()
}

fn tax(reader: &mut Reader<'_>, raw: &RawTax, kinds: &BTreeMap<String, Vec<String>>) -> Option<Row> {
    if raw.country != "*" && !is_country(&raw.country) {
        let what = format!("`{}` is no country", words::first_line(&raw.country));
        reader.refuse(what, "Write two capital letters, such as CN, or * for all others");
    }
    let kind = raw.kind.as_deref().unwrap_or("*");
    if kind != "*" && kind != SERVICE && !kinds.contains_key(kind) {
        let what = format!("no product is of the kind `{}`", words::first_line(kind));
        reader.refuse(what, "Name its products under [kinds], or leave `kind` out for all");
    }
    let name = said(reader, &raw.name, "name");
    let reason = raw.reason.as_ref().map(|it| said(reader, it, "reason"));
    let rate_ppm = rate(reader, &raw.rate);
    let mode = reader.word(&raw.mode, &Mode::ALL.map(|it| (it.as_str(), it)));
    let category = match &raw.category {
        Some(word) => reader.word(word, &Category::ALL.map(|it| (it.as_str(), it))),
        None => Some(if rate_ppm == Some(0) { Category::Zero } else { Category::Standard }),
    };
    let (from, to) = (day(reader, &raw.from), raw.to.as_ref().map(|it| day(reader, it)));
    if let (Some(from), Some(Some(to))) = (&from, &to)
        && to <= from
    {
        reader.refuse("the tax ends before it begins", "Write the first day that is not in it as `to`");
    }
    let (name, rate_ppm, mode, category) = (name?, rate_ppm?, mode?, category?);
    let reason = match reason {
        Some(reason) => Some(reason?),
        None => None,
    };
    let tax = Tax { name, category, rate_ppm, mode, reason };
    fits(reader, &tax);
    let reverse = raw.reverse_charge.then(|| reversed(&tax));
    let to = match to {
        Some(to) => Some(to?),
        None => None,
    };
    Some(Row { country: raw.country.clone(), kind: kind.to_string(), from: from?, to, tax, reverse })
}

/// What a category asks of rate and reason. Source: EN 16931, BR-S-*, BR-Z-*, BR-E-*, BR-AE-*, BR-O-*.
fn fits(reader: &mut Reader<'_>, tax: &Tax) {
    match tax.category {
        Category::Standard if tax.rate_ppm == 0 => {
            reader.refuse("a standard tax of 0 %", "Write category = \"zero\", \"exempt\" or \"outside\"");
        }
        Category::Standard => {}
        Category::Zero | Category::Exempt | Category::ReverseCharge | Category::Outside
            if tax.rate_ppm > 0 =>
        {
            reader.refuse(
                format!("a tax of the category {} has a rate", tax.category.as_str()),
                "Write rate = \"0\"",
            );
        }
        Category::Zero => {}
        Category::Exempt | Category::ReverseCharge | Category::Outside if tax.reason.is_none() => {
            reader.refuse("nothing says why there is no tax", "Write reason = { en = \"…\", zh = \"…\" }");
        }
        Category::Exempt | Category::ReverseCharge | Category::Outside => {}
    }
}

fn reversed(tax: &Tax) -> Tax {
    let reason = Text::new("Reverse charge: the recipient owes the tax", "反向征收：由购买方缴纳税款");
    Tax { category: Category::ReverseCharge, rate_ppm: 0, reason: Some(reason), ..tax.clone() }
}

fn said(reader: &mut Reader<'_>, raw: &RawText, field: &str) -> Option<Text> {
    match (&raw.en, &raw.zh) {
        (Some(en), Some(zh)) if ![en, zh].iter().all(|it| is_plain(it)) => {
            reader
                .refuse(format!("`{field}` has a letter that no document can hold"), "Write it on one line");
            None
        }
        (Some(en), Some(zh)) if !en.trim().is_empty() && !zh.trim().is_empty() => {
            Some(Text::new(en.trim(), zh.trim()))
        }
        (Some(_) | None, _) => {
            reader.refuse(
                format!("`{field}` is not said in both languages"),
                "Write { en = \"…\", zh = \"…\" }",
            );
            None
        }
    }
}

fn rate(reader: &mut Reader<'_>, text: &str) -> Option<u32> {
    let read = units::decimal::parse(text.trim(), 4).ok().and_then(|it| u32::try_from(it).ok());
    let found = read.filter(|it| *it <= WHOLE_PPM);
    if found.is_none() {
        let what = format!("`{}` is no rate", words::first_line(text));
        reader.refuse(
            what,
            "Write percents from 0 to 100 with at most four digits behind the point, like \"6\"",
        );
    }
    found
}

/// A day as it is written. Its order is that of its text.
fn day(reader: &mut Reader<'_>, text: &str) -> Option<String> {
    let calendar = units::Calendar::settlement();
    let is_day = calendar.parse(text).is_ok_and(|it| calendar.local(it).date().to_string() == text);
    if !is_day {
        let what = format!("`{}` is no day", words::first_line(text));
        reader.refuse(what, "Write it like 2026-07-01");
        return None;
    }
    Some(text.to_string())
}
