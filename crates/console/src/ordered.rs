//! What an order is of: its configuration, of a change from what to what, and how its price comes about.
//!
//! In:  an order. Out: the parts of its page, and of the page on which it is paid.
//! Invariant: the lines are made by the book and the terms that it was placed with; where they do not come to its price they are not
//! shown.
//! Rules: R-ORD-1, R-CHG-1.

use crate::signed::Signed;
use crate::{lines_shown, show, words};
use billing::options::Options;
use billing::order::{Action, Order};
use billing::quote::Quote;
use desk::quotes;
use maud::{Markup, html};
use std::collections::BTreeSet;

/// The configuration of an order and its price lines.
pub(crate) fn section(signed: &Signed, it: &Order) -> Markup {
    let texts = signed.visit.texts();
    html! {
        section aria-labelledby="h-what" {
            div.sect { h2 id="h-what" { (texts.what_was_ordered()) } }
            (configuration(signed, it))
            @if let Some(quote) = lines_of(signed, it) {
                dl.rows {
                    (lines_shown::rows(signed, &quote))
                    @if it.pieces.len() > 1 {
                        div { dt { (texts.pieces(quote.quantity, show::thousands(&quote.quantity.to_string()))) } dd { (show::money(quote.list)) } }
                    }
                    (lines_shown::discount(signed, &quote))
                    div.sum { dt { (texts.sum()) } dd { (show::money(quote.total)) " " span.cur { (signed.unit()) } } }
                }
            }
        }
    }
}

/// What was chosen, by name; of a change what is another, from what to what.
pub(crate) fn configuration(signed: &Signed, it: &Order) -> Markup {
    let texts = signed.visit.texts();
    html! {
        dl.pairs.ruled {
            @if !it.name.is_empty() { dt { (texts.name()) } dd { (it.name) } }
            @for (name, value) in options(signed, it) { dt { (name) } dd { (value) } }
            @if let Some(month) = &it.month { dt { (texts.begins()) } dd { (show::month(month, signed.visit.language)) } }
            @if it.months > 0 { dt { (texts.duration()) } dd { (texts.months(it.months)) } }
        }
    }
}

/// Options by name with their values, in the order of their product.
fn options(signed: &Signed, it: &Order) -> Vec<(String, String)> {
    let named = |option: &str, value: &str| words::option(signed, &it.product, option, value);
    let in_order = |all| words::in_order(signed, &it.product, all);
    let Some(had) = &it.had else {
        let all = in_order(it.options.pairs());
        return all.iter().map(|(option, value)| named(option, value)).collect();
    };
    let both = had.pairs().into_iter().chain(it.options.pairs());
    let names: BTreeSet<String> = both.map(|(option, _)| option).collect();
    let is_other = |option: &String| had.get(option) != it.options.get(option);
    let other = names.into_iter().filter(is_other).map(|option| (option, String::new()));
    let change = |(option, _): (String, String)| {
        let of = |all: &Options| all.get(&option).map_or_else(|| "–".to_string(), |it| named(&option, it).1);
        (named(&option, "").0, format!("{} → {}", of(had), of(&it.options)))
    };
    in_order(other.collect()).into_iter().map(change).collect()
}

/// The lines by which an order was priced; of a downgrade, which is not paid, its bill has them.
fn lines_of(signed: &Signed, it: &Order) -> Option<Quote> {
    match it.action {
        Action::Downgrade => None,
        Action::New | Action::Renew | Action::Convert | Action::Upgrade => {
            let quote = quotes::of_order(&signed.visit.node.desk(), it).ok()?;
            (quote.total == it.total && !quote.lines.is_empty()).then_some(quote)
        }
    }
}
