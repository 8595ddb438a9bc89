//! Lines of a quote as slips and orders show them: what is new at its list price, what it replaces, and what is less.
//!
//! In:  a quote. Out: a row for each line, with how it comes about.
//! Invariant: every figure is one of the quote; all sums stand under each other by their points.
//! Rules: R-CHG-1, R-CHG-2.

use crate::signed::Signed;
use crate::{arithmetic, show, slip};
use billing::bill::Line;
use billing::breakdown::rate;
use billing::price::FULL_RATE_E8;
use billing::quote::Quote;
use maud::{Markup, html};

/// What is new at its list price for the time that it is for, or what it replaces.
pub(crate) fn rows(signed: &Signed, quote: &Quote) -> Markup {
    let currency = quote.total.currency();
    let parts: Vec<(String, String)> =
        quote.lines.iter().map(|it| show::cost_parts(it.list_e8.into(), currency)).collect();
    let finest = parts.iter().map(|it| it.1.len()).max().unwrap_or(0);
    html! {
        @for (line, (read, finer)) in quote.lines.iter().zip(&parts) {
            div {
                dt { (name(signed, &quote.product, line)) small { (arithmetic::of_list(signed, &quote.product, line)) } }
                dd { (read) @if finest > 0 { span.f { (format!("{finer:0<finest$}")) } } }
            }
        }
    }
}

/// What is less than the list, with the rates; nothing where nothing is.
pub(crate) fn discount(signed: &Signed, quote: &Quote) -> Markup {
    let less = quote.list.checked_sub(quote.total).ok().filter(|it| !it.is_zero());
    html! {
        @if let Some(less) = less {
            div.rule { dt { (signed.visit.texts().discount()) small { (rates(signed, quote)) } } dd.minus { "\u{2212}" (show::money(less)) } }
        }
    }
}

fn name(signed: &Signed, product: &str, line: &Line<'_>) -> String {
    let name = component(signed, product, line);
    if line.gives_back() { signed.visit.texts().replaces(name) } else { name }
}

/// What a line is for.
fn component(signed: &Signed, product: &str, line: &Line<'_>) -> String {
    let books = signed.books();
    let product = books.iter().find_map(|book| book.product(product));
    let component = product.and_then(|it| it.components.iter().find(|it| it.id == line.component));
    component.map_or_else(|| line.name.to_string(), |it| slip::name(it, signed.visit.language))
}

/// What list prices are multiplied with, each component once. Source: R-CHG-2.
fn rates(signed: &Signed, quote: &Quote) -> String {
    let mut said: Vec<String> = Vec::new();
    for line in quote.lines.iter().filter(|it| it.rate_e8 != FULL_RATE_E8) {
        let text = format!("{} × {}", component(signed, &quote.product, line), rate(line.rate_e8));
        if !said.contains(&text) {
            said.push(text);
        }
    }
    show::listed(&said, signed.visit.language)
}
