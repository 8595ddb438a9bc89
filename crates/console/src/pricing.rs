//! The prices of a price book as tables: what each is for, what it is, where it comes from.
//!
//! In:  a product of a book. Out: a table for each of its components.
//! Invariant: figures are those of the book; a price of several tiers says each of them.

use crate::signed::Signed;
use crate::{parts, show, tariff};
use billing::book::{Book, Component, PriceRow, Product, Sale};
use billing::control::{option_name, value_name};
use billing::language::Language;
use billing::price::{Bands, PriceItem, Pricing, Tiers};
use maud::{Markup, html};
use texts::Texts;
use units::Amount;

/// Prices of a component that a page shows; more are in the files.
const MOST: usize = 400;

/// A product, and the book that it is of.
#[derive(Clone, Copy)]
pub(crate) struct Sold<'a> {
    pub book: &'a Book,
    pub product: &'a Product,
}

/// Every component with its prices.
pub(crate) fn components(signed: &Signed, sold: Sold<'_>) -> Markup {
    html! { @for (number, it) in sold.product.components.iter().enumerate() { (component(signed, sold, (number, it))) } }
}

fn component(signed: &Signed, sold: Sold<'_>, (number, it): (usize, &Component)) -> Markup {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let id = format!("h-{number}");
    let name = it.label.or(&it.name);
    html! {
        section aria-labelledby=(id) {
            div.sect {
                h2 id=(id) { (name.get(language)) }
                p {
                    code { (it.id) } " · " (tariff::when(texts, it, language))
                    @if it.sale == Sale::Retired { " · " (texts.retired()) }
                }
            }
            table.table {
                thead {
                    tr {
                        th scope="col" { (texts.price_for()) }
                        th scope="col" { (texts.price_in(show::currency(sold.book.currency, language))) }
                        th.p2 scope="col" { (texts.price_source()) }
                    }
                }
                tbody {
                    @for row in it.prices.iter().take(MOST) {
                        tr.dim[row.sale == Sale::Retired] {
                            th scope="row" {
                                (chosen(sold, row, language).unwrap_or_else(|| texts.every_choice()))
                                @if row.sale == Sale::Retired { span.s { (texts.retired()) } }
                            }
                            td { (price(texts, it, &row.item, language)) }
                            td.p2 { span.s { (row.item.source) } }
                        }
                    }
                }
            }
            @if it.prices.len() > MOST { (parts::hint(&texts.more_prices(it.prices.len() - MOST))) }
        }
    }
}

/// What a price is for, in words; `None` for every choice.
pub(crate) fn chosen(sold: Sold<'_>, row: &PriceRow, language: Language) -> Option<String> {
    let said = |(option, values): &(String, Vec<String>)| {
        let Some(rule) = sold.product.option(option) else {
            return show::labelled(option, &show::listed(values, language), language);
        };
        let value = |it: &String| value_name(sold.book, rule, it).get(language).to_string();
        let values: Vec<String> = values.iter().map(value).collect();
        show::labelled(
            option_name(sold.product, option).get(language),
            &show::listed(&values, language),
            language,
        )
    };
    let all: Vec<String> = row.keys.iter().map(said).collect();
    (!all.is_empty()).then(|| all.join(&language.say("; ".into(), "；".into())))
}

/// A price in words, and its tiers below.
fn price(texts: &Texts, component: &Component, item: &PriceItem, language: Language) -> Markup {
    let steps = match &item.pricing {
        Pricing::Graduated(it) | Pricing::Volume(it) => tiers(it, language),
        Pricing::Band(it) => bands(it, language),
        Pricing::PerUnit(_) | Pricing::Package { .. } | Pricing::Percentage(_) => Vec::new(),
    };
    html! {
        (tariff::words(component, item, language))
        @for it in &steps { span.s { (it) } }
        @for it in tariff::besides(texts, component, item, language) { span.s { (it) } }
        @if let Some(table) = &item.discount { span.s { (table) } }
    }
}

fn tiers(it: &Tiers, language: Language) -> Vec<String> {
    let flat = |amount: Amount| {
        if amount.e8() == 0 { String::new() } else { format!(" + {}", tariff::short(amount)) }
    };
    let step = |tier: &billing::price::Tier| {
        let price = format!("{}{}", tariff::short(tier.amount), flat(tier.flat));
        show::labelled(&tariff::above(tier.above, it.per.unit, language), &price, language)
    };
    it.tiers.iter().map(step).collect()
}

fn bands(it: &Bands, language: Language) -> Vec<String> {
    let band = |band: &(u128, Amount)| {
        show::labelled(&tariff::above(band.0, it.unit, language), &tariff::short(band.1), language)
    };
    it.bands.iter().map(band).collect()
}
