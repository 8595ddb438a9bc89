//! The catalogue: what the price book of an instant sells, and which of its prices a choice of options leaves.
//!
//! In:  a book, a product, what was chosen so far. Out: price rows.
//! Invariant: the rows are those that orders are priced by; nothing is computed here.
//! Rules: R-ORD-8, R-ORD-9, R-PRC-6.

use super::{At, Refusal};
use billing::book::{Book, Component, Conditions, OptionKind, PriceRow, Product};
use billing::options::{OptionError, canonical_spec};
use std::sync::Arc;
use units::{AccountId, Currency};

/// A product and the book that it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    pub book: &'a Arc<Book>,
    pub product: &'a Product,
}

/// Whose prices are looked at.
#[derive(Clone, Copy, Debug)]
pub enum Prices {
    /// Those that everybody sees who buys in a currency.
    Listed(Currency),
    /// Those of an account, with what was agreed with it. Source: R-PRC-22.
    Of(AccountId, Currency),
}

impl From<Currency> for Prices {
    fn from(currency: Currency) -> Prices {
        Prices::Listed(currency)
    }
}

/// The book of now. Errors: none holds.
pub fn book(at: At<'_>, prices: Prices) -> Result<&Arc<Book>, Refusal> {
    match prices {
        Prices::Listed(currency) => at.book(currency),
        Prices::Of(account, currency) => at.book_of(account, currency),
    }
}

/// A product of the book of now. Errors: no book; `NotFound`.
pub fn product<'a>(at: At<'a>, prices: impl Into<Prices>, id: &str) -> Result<Offer<'a>, Refusal> {
    let book = book(at, prices.into())?;
    let gone = || Refusal::missing(format!("product {}", id.chars().take(60).collect::<String>()));
    Ok(Offer { book, product: book.product(id).ok_or_else(gone)? })
}

/// Reads `region=guangzhou,spec=1U1G`: pairs apart by commas or spaces. A part without `=` belongs to the value before
/// it, as in `spec=1U1G,1P4`. Errors: `Option` for an option that the product does not have.
pub fn chosen(product: &Product, text: &str) -> Result<Vec<(String, String)>, Refusal> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for part in text.split([',', ' ']).filter(|it| !it.is_empty()) {
        match (part.split_once('='), pairs.last_mut()) {
            (Some((name, value)), _) => pairs.push((name.to_string(), value.to_string())),
            (None, Some((_, value))) => value.extend([",", part]),
            (None, None) => pairs.push((part.to_string(), String::new())),
        }
    }
    for (option, value) in &mut pairs {
        let Some(rule) = product.option(option) else {
            let known: Vec<&str> = product.options.iter().map(|it| it.name.as_str()).collect();
            let (product, option) = (product.id.clone(), option.chars().take(60).collect());
            return Err(OptionError::Unknown { product, option, known: known.join(", ") }.into());
        };
        if matches!(rule.kind, OptionKind::Spec(_)) {
            *value = canonical_spec(value);
        }
    }
    Ok(pairs)
}

/// The price rows of a product that go with what was chosen so far, with the component that each is of.
pub fn prices<'a>(product: &'a Product, chosen: &[(String, String)]) -> Vec<(&'a Component, &'a PriceRow)> {
    let fits = |conditions: &Conditions| {
        let fit = |(name, value): &(String, String)| {
            conditions.iter().filter(|it| it.0 == *name).all(|it| it.1.contains(value))
        };
        chosen.iter().all(fit)
    };
    let with = product.components.iter().filter(|it| fits(&it.when));
    let rows = with.flat_map(|component| component.prices.iter().map(move |row| (component, row)));
    rows.filter(|it| fits(&it.1.keys)).collect()
}

#[cfg(test)]
mod tests;
