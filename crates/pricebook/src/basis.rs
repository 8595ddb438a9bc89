//! What the prices of one component stand on, and a price of it from what its line says.
//!
//! In:  the component as it is written, its product, what a price is for. Out: price rows with their keys.
//! Invariant: every price has a source and a name, and the name has a place for checks between files.
//! Rules: R-PRC-10, R-PRC-16, R-PRC-17.

use crate::raw::{RawComponent, RawPrice};
use crate::reader::Reader;
use crate::words::{self, Per, first_line};
use billing::book::{Conditions, PriceRow, Product};
use billing::price::{PriceItem, Pricing};
use units::{Amount, Currency, Quantity};

/// What the prices of one component have in common.
#[derive(Clone, Copy)]
pub(crate) struct Basis<'a> {
    pub product: &'a Product,
    pub component: &'a RawComponent,
    pub per: Per,
    pub currency: Currency,
}

/// What one line, or one group of lines, says of a price.
pub(crate) struct Draft<'a> {
    pub keys: Conditions,
    pub pricing: Pricing,
    pub source: &'a str,
    pub discount: Option<String>,
}

impl<'a> Basis<'a> {
    /// The price as it is written.
    pub(crate) fn raw(&self) -> &'a RawPrice {
        self.component.price.get_ref()
    }

    /// Nothing, in the currency of the book.
    pub(crate) fn zero(&self) -> Amount {
        Amount::zero(self.currency)
    }

    /// The price row of `draft`, whose place is that of the reader.
    pub(crate) fn row(&self, reader: &mut Reader<'_>, draft: Draft<'_>) -> PriceRow {
        let key = self.key(&draft.keys);
        if draft.source.trim().is_empty() {
            reader.refuse("the price has no source", "Say where the figure comes from, or write demo");
        }
        reader.note(&key);
        let item = PriceItem {
            key,
            pricing: draft.pricing,
            per_seconds: self.per.seconds,
            free: self.raw().free.unwrap_or(0).into(),
            minimum: self.raw().minimum.as_deref().and_then(|it| reader.amount(it, self.currency)),
            started: self.raw().started.as_deref().map(|it| self.started_units(reader, it)),
            discount: draft.discount.filter(|it| it != "none" && !it.is_empty()),
            source: draft.source.trim().to_string(),
        };
        PriceRow { keys: draft.keys, item }
    }

    /// How much a package holds.
    pub(crate) fn size(&self, reader: &mut Reader<'_>) -> Option<Quantity> {
        let size = self.raw().size.filter(|it| *it > 0);
        if size.is_none() {
            reader.refuse("a package has no size", "Write size = 1000, in what is counted");
        }
        size.map(|it| Quantity::new(it.into(), self.per.quantity.unit))
    }

    /// What counts whole once it is started: a duration, or so many of what is counted.
    fn started_units(&self, reader: &mut Reader<'_>, text: &str) -> u128 {
        let units = words::seconds(text).map(u128::from);
        let units = units.or_else(|| words::scaled(text, self.per.quantity.unit));
        units.filter(|it| *it > 0).unwrap_or_else(|| {
            let what = format!("`{}` is not a unit to start", first_line(text));
            reader.refuse(what, "Write 1 h, 1 d, 1 GB or a number");
            1
        })
    }

    /// The name of a price. Of a long list the first value stands for all: no other price can have it.
    fn key(&self, keys: &Conditions) -> String {
        let short = |values: &[String]| match values {
            [first, .., _] if values.len() > 4 => format!("{first}|+{}", values.len() - 1),
            _ => values.join("|"),
        };
        let values: Vec<String> = keys.iter().map(|it| short(&it.1)).collect();
        format!("{}/{} {}", self.product.id, self.component.id, values.join(" ")).trim_end().to_string()
    }
}
