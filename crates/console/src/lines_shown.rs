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
use units::Currency;

/// What is new at its list price for the time that it is for, or what it replaces.
pub(crate) fn rows(signed: &Signed, quote: &Quote) -> Markup {
    let sums: Vec<i128> = quote.lines.iter().map(|it| it.list_e8.into()).collect();
    let sums = aligned(&sums, quote.total.currency());
    html! {
        @for (line, sum) in quote.lines.iter().zip(&sums) {
            div {
                dt { (name(signed, &quote.product, line)) small { (arithmetic::of_list(signed, &quote.product, line)) } }
                dd { (sum) }
            }
        }
    }
}

/// Sums under each other by their points, each with as many digits as the finest of them; those beyond the currency's own are quiet.
pub(crate) fn aligned(all_e8: &[i128], currency: Currency) -> Vec<Markup> {
    let parts: Vec<(String, String)> = all_e8.iter().map(|it| show::cost_parts(*it, currency)).collect();
    let finest = parts.iter().map(|it| it.1.len()).max().unwrap_or(0);
    let one = |(read, finer): &(String, String)| {
        html! { (read) @if finest > 0 { span.f { (format!("{finer:0<finest$}")) } } }
    };
    parts.iter().map(one).collect()
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
pub(crate) fn component(signed: &Signed, product: &str, line: &Line<'_>) -> String {
    let books = signed.books();
    let product = books.iter().find_map(|book| book.product(product));
    let component = product.and_then(|it| it.components.iter().find(|it| it.id == line.component));
    component.map_or_else(|| line.name.to_string(), |it| slip::name(it, signed.visit.language))
}

/// What list prices are multiplied with, each component once. Source: R-PRC-4, R-PRC-5, R-CHG-2.
pub(crate) fn rates(signed: &Signed, quote: &Quote) -> String {
    let mut said: Vec<String> = Vec::new();
    for line in quote.lines.iter().filter(|it| it.rate_e8 != FULL_RATE_E8) {
        let text = format!("{} × {}", component(signed, &quote.product, line), rate(line.rate_e8));
        if !said.contains(&text) {
            said.push(text);
        }
    }
    show::listed(&said, signed.visit.language)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of a change: 11.34246575 for what is new, 6.4109589 for what it replaces.
    #[test]
    fn sums_have_as_many_digits_as_the_finest_of_them() {
        let said = |all: &[i128]| -> Vec<String> {
            aligned(all, Currency::CNY).into_iter().map(|it| it.into_string()).collect()
        };
        let found = said(&[1_134_246_575, -641_095_890]);
        assert_eq!(found[0], "11.34<span class=\"f\">246575</span>");
        assert!(found[1].ends_with("6.41<span class=\"f\">095890</span>"), "{found:?}");
        assert_eq!(said(&[11_950_000_000])[0], "119.50");
    }
}
