//! What the prices of one component stand on, and a price of it from what its line says.
//!
//! In:  the component as it is written, its product, what a price is for. Out: price rows with their keys.
//! Invariant: every price has a source and a name, and the name has a place for checks between files.
//! Rules: R-PRC-10, R-PRC-16, R-PRC-17.

use crate::raw::{RawComponent, RawPrice};
use crate::reader::Reader;
use crate::words::{Per, first_line};
use billing::book::{Conditions, PriceRow, Product, Sale};
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
    pub sale: Sale,
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
            free: self.free(reader),
            minimum: self.raw().minimum.as_deref().and_then(|it| reader.amount(it, self.currency)),
            started: self.raw().started.as_ref().map(|it| self.started_units(reader, &it.0)),
            discount: draft.discount.filter(|it| it != "none" && !it.is_empty()),
            source: draft.source.trim().to_string(),
            contract: None,
        };
        PriceRow { keys: draft.keys, sale: draft.sale, item }
    }

    /// How much a package holds.
    pub(crate) fn size(&self, reader: &mut Reader<'_>) -> Option<Quantity> {
        let size = self.raw().size.as_ref().and_then(|it| self.per.quantity_of(&it.0, reader.format));
        let size = size.filter(|it| *it > 0);
        if size.is_none() {
            reader.refuse(
                "a package has no size",
                "Write size = 1000, in what the price is per, or \"100 GB\"",
            );
        }
        size.map(|it| Quantity::new(it, self.per.quantity.unit))
    }

    /// What a cycle has free.
    fn free(&self, reader: &mut Reader<'_>) -> u128 {
        let Some(text) = self.raw().free.as_ref().map(|it| it.0.as_str()) else { return 0 };
        self.per.quantity_of(text, reader.format).unwrap_or_else(|| {
            let what = format!("`{}` is not a quantity of {}", first_line(text), self.per.quantity.unit);
            reader.refuse(what, "Write a number in what the price is per, or one with its unit like 100 GB");
            0
        })
    }

    /// What counts whole once it is started: a duration, or so many of what is counted.
    fn started_units(&self, reader: &mut Reader<'_>, text: &str) -> u128 {
        let units = self.per.started(text, reader.format);
        units.filter(|it| *it > 0).unwrap_or_else(|| {
            let what = format!("`{}` is not a unit to start", first_line(text));
            let remedy = "Write a number in what the price is per, 1 h or 1 d of what is held, 1 GB of what is counted";
            reader.refuse(what, remedy);
            1
        })
    }

    /// The name of a price of the component.
    fn key(&self, keys: &Conditions) -> String {
        price_key(&format!("{}/{}", self.product.id, self.component.id), keys)
    }
}

/// The name of a price of `component`. Of a long list the first value stands for all: no other price can have it.
pub(crate) fn price_key(component: &str, keys: &Conditions) -> String {
    let short = |values: &[String]| match values {
        [first, .., _] if values.len() > 4 => format!("{first}|+{}", values.len() - 1),
        _ => values.join("|"),
    };
    let values: Vec<String> = keys.iter().map(|it| short(&it.1)).collect();
    format!("{component} {}", values.join(" ")).trim_end().to_string()
}
