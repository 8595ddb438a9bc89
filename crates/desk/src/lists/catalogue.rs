//! What the price book of now sells in a currency, in its order.

use crate::catalogue::{Offer, chosen, prices as rows, product};
use crate::page::{Page, Part};
use crate::{At, Refusal};
use billing::book::{Book, Component, PriceRow, Product, Region};
use units::Currency;

/// Products. Errors: `Plan` without a book.
pub fn products<'a>(at: At<'a>, currency: Currency, part: &Part) -> Result<Page<&'a Product>, Refusal> {
    Page::out_of(&at.book(currency)?.products, part, |it| it.id.clone())
}

/// Regions. Errors: `Plan` without a book.
pub fn regions<'a>(at: At<'a>, currency: Currency, part: &Part) -> Result<Page<&'a Region>, Refusal> {
    Page::out_of(&at.book(currency)?.regions, part, |it| it.id.clone())
}

/// Which prices.
#[derive(Clone, Debug)]
pub struct PriceFilter {
    pub currency: Currency,
    pub product: String,
    /// Choices, such as `region=guangzhou,spec=1U1G`; empty for all prices.
    pub options: String,
}

/// A price of a component, in its book.
#[derive(Clone, Copy, Debug)]
pub struct Price<'a> {
    pub book: &'a Book,
    pub component: &'a Component,
    pub row: &'a PriceRow,
}

/// The prices of a product that go with some choices. Errors: `NotFound`, `Option` for a choice that there is not.
pub fn prices<'a>(at: At<'a>, of: &PriceFilter, part: &Part) -> Result<Page<Price<'a>>, Refusal> {
    let Offer { book, product } = product(at, of.currency, &of.product)?;
    let chosen = chosen(product, &of.options).map_err(|refusal| refusal.of("options"))?;
    let all = rows(product, &chosen).into_iter().map(|(component, row)| Price { book, component, row });
    Page::out_of(all, part, |it| it.row.item.key.clone())
}
