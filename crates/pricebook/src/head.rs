//! `book.toml`: name, currency, zone, dates, discount tables and regions.
//!
//! In:  a reader at `book.toml`. Out: a book that sells nothing yet.
//! Invariant: no two regions and no two zones have one name.
//! Rules: R-PRC-4, R-PRC-6.

use crate::format::{Format, Reading};
use crate::look;
use crate::product;
use crate::raw::{RawBook, RawDiscount, RawRegion};
use crate::reader::Reader;
use crate::words::{WORDS, first_line};
use billing::book::{Book, DiscountTable, Region, Rounding};
use billing::price::FULL_RATE_E8;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;
use units::{BookId, Calendar, Currency, Timestamp};

/// The book without its products, and the format that the rest of it is read in.
pub(crate) fn book(reader: &mut Reader<'_>, reading: Reading) -> Option<(Book, Format)> {
    let raw = raw(reader)?;
    let format = format(reader, &raw)?.unwrap_or(reading.format);
    let currency = Currency::parse(raw.currency.get_ref());
    let currency =
        reader.of(&raw.currency).accept(currency, "Write a code of ISO 4217, such as CNY, USD or JPY");
    let calendar = Calendar::in_zone(raw.zone.get_ref());
    let calendar = reader.of(&raw.zone).accept(calendar, "Write +08:00");
    let (currency, calendar) = (currency?, calendar?);
    let first_day = calendar.parse(raw.from.get_ref());
    let first_day = reader.of(&raw.from).accept(first_day, "Write the first day that the prices hold")?;
    if let Some(until) = raw.until.as_ref().filter(|it| !ends_after(&calendar, it.get_ref(), first_day)) {
        let what =
            format!("the book ends at {}, before it starts at {}", until.get_ref(), raw.from.get_ref());
        reader.of(until).refuse(what, "Leave `until` out: the next book ends this one");
    }
    let rounding = product::rounding(reader, raw.rounding.as_ref()).unwrap_or(Rounding::Waive);
    let discounts = discounts(reader, &raw);
    let regions = regions(&mut reader.at(reader.place).reading(format), &raw);
    let groups = look::groups(&mut reader.at(reader.place).reading(format), &raw.product_group);
    let from = reading.from.unwrap_or(first_day);
    if format >= Format::Second {
        zone(&mut reader.of(&raw.zone), &calendar, from);
    }
    let book = Book {
        id: BookId::named(from, &reader.files.to_text()),
        name: raw.name,
        currency,
        zone: raw.zone.into_inner(),
        from,
        rounding,
        groups,
        regions,
        discounts,
        products: Vec::new(),
    };
    Some((book, format))
}

/// The format that the book says it is written in, if it does. Source: R-PRC-19.
fn format(reader: &mut Reader<'_>, raw: &RawBook) -> Option<Option<Format>> {
    let Some(number) = &raw.format else { return Some(None) };
    let format = Format::of(*number.get_ref());
    if format.is_none() {
        let what = format!("there is no format {}", number.get_ref());
        reader.of(number).refuse(what, "Leave `format` out, or write 1 for a book as it was read before");
    }
    format.map(Some)
}

/// Hours are whole only where the clock is set by whole hours. Source: R-TIM-10.
fn zone(reader: &mut Reader<'_>, calendar: &Calendar, from: Timestamp) {
    if let Some(at) = calendar.odd_change(from) {
        let what = format!("the clock of {} is set by other than whole hours at {at}", calendar.zone());
        reader.refuse(what, "Name a zone without such a change, or an offset like +10:30");
    }
}

fn raw(reader: &mut Reader<'_>) -> Option<RawBook> {
    if reader.files.get(reader.place.file).is_none() {
        let remedy = "Write one with name, currency, zone, from and regions";
        reader.refuse("the book has no book.toml", remedy);
        return None;
    }
    reader.toml("See docs/pricebook.md for the fields of this file")
}

fn ends_after(calendar: &Calendar, until: &str, first_day: Timestamp) -> bool {
    calendar.parse(until).is_ok_and(|it| it > first_day)
}

fn discounts(reader: &mut Reader<'_>, raw: &RawBook) -> BTreeMap<String, DiscountTable> {
    let table = |(name, table): (&String, &Spanned<RawDiscount>)| {
        (name.clone(), discount(&mut reader.of(table), table.get_ref()))
    };
    raw.discount.iter().map(table).collect()
}

fn discount(reader: &mut Reader<'_>, raw: &RawDiscount) -> DiscountTable {
    if raw.source.trim().is_empty() {
        reader.refuse("a discount table has no source", "Say where it comes from, or write `demo`");
    }
    let mut steps = Vec::new();
    for (months, rate) in &raw.steps {
        match (months.parse::<u32>(), rate_e8(rate)) {
            (Ok(months), Some(rate_e8)) => steps.push((months, rate_e8)),
            (Ok(_) | Err(_), _) => reader.refuse(
                format!("`{months}` is not a step of a discount table"),
                "Write months = \"rate\", like 12 = \"0.83\"",
            ),
        }
    }
    steps.sort_unstable();
    DiscountTable { steps, source: raw.source.trim().to_string() }
}

/// A rate from 0 to 1 in 1e-8. Four digits are written, so that two rates multiplied still fit eight.
fn rate_e8(text: &str) -> Option<u64> {
    let rate_e4 = units::decimal::parse(text, 4).ok()?;
    let rate_e8 = u64::try_from(rate_e4.checked_mul(10_000)?).ok()?;
    (rate_e8 <= FULL_RATE_E8).then_some(rate_e8)
}

fn regions(reader: &mut Reader<'_>, raw: &RawBook) -> Vec<Region> {
    let mut names = BTreeSet::new();
    for region in &raw.region {
        let mut here = reader.of(region);
        for place in place_names(region.get_ref()) {
            if !here.is_key(place.1) {
                let what = format!("`{}` is no name for a region or zone", first_line(place.1));
                here.refuse(what, WORDS);
            }
            if !names.insert(place) {
                here.refuse(format!("there are two {}s `{}`", place.0, place.1), "Give each its own name");
            }
        }
    }
    raw.region.iter().map(|it| region(&mut reader.of(it), it.get_ref())).collect()
}

fn region(reader: &mut Reader<'_>, raw: &RawRegion) -> Region {
    let (name, look) = look::region(reader, raw);
    Region { id: raw.id.clone(), name, zones: raw.zones.clone(), look }
}

/// The names of a region and its zones, each with what it names.
fn place_names(region: &RawRegion) -> impl Iterator<Item = (&'static str, &String)> {
    region.zones.iter().map(|it| ("zone", it)).chain([("region", &region.id)])
}
