//! What contract prices are for, in the words of the price books of now.
//!
//! In:  a contract price; what books charge by. Out: names of components and options; the field in which options are chosen.
//! Invariant: what the books have no more stands there as programs know it.

use crate::fields::Fields;
use crate::parts::{Wrong, sent};
use crate::signed::Signed;
use crate::{field_names, show, tariff};
use billing::contract_price::ContractPrice;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// The option values and the tier that it is for, as the price books of now call them.
pub(crate) fn chosen(signed: &Signed, it: &ContractPrice) -> String {
    let (visit, language) = (&signed.visit, signed.visit.language);
    let said = |(name, values): &(String, Vec<String>)| {
        let values: Vec<String> = values.iter().map(|it| field_names::value(visit, name, it)).collect();
        show::labelled(&field_names::option(visit, name), &show::listed(&values, language), language)
    };
    let mut all: Vec<String> = it.when.iter().map(said).collect();
    all.extend(it.above.iter().map(|it| format!("> {it}")));
    all.join(&language.say(", ".into(), "，".into()))
}

/// What the price books of now call the component; nothing where they have it no more.
pub(crate) fn component(signed: &Signed, it: &ContractPrice) -> String {
    let books = signed.books();
    let found = books.iter().filter_map(|book| book.product(&it.product));
    let mut found = found.filter_map(|product| product.components.iter().find(|of| of.id == it.component));
    found.next().map_or_else(String::new, |of| of.label.or(&of.name).get(signed.visit.language).to_string())
}

/// What prices of the books of now depend on, as a form sends it, each with what it is called.
fn choices(signed: &Signed) -> BTreeMap<String, String> {
    let (visit, books) = (&signed.visit, signed.books());
    let components = books.iter().flat_map(|book| &book.products).flat_map(|it| &it.components);
    let keys = components.flat_map(|it| &it.prices).flat_map(|row| &row.keys);
    let mut found = BTreeMap::new();
    for (name, value) in keys.flat_map(|(name, values)| values.iter().map(move |value| (name, value))) {
        found.entry(format!("{name}={value}")).or_insert_with(|| {
            let value = field_names::value(visit, name, value);
            show::labelled(&field_names::option(visit, name), &value, visit.language)
        });
    }
    found
}

/// The field of the options that a price is for, with those that there are to choose from.
pub(crate) fn options_field(signed: &Signed, form: &Fields, told: Option<&Wrong>) -> Markup {
    let (texts, bad) = (signed.visit.texts(), told.and_then(|it| it.at("when")));
    html! {
        div.field.bad[bad.is_some()] {
            label for="when" { (texts.contract_options()) }
            span.hint id="h-when" { (texts.contract_options_hint()) }
            input.input type="text" id="when" name="when" value=(sent(Some(form), "when")) autocomplete="off" list="when-choices"
                aria-invalid=[bad.map(|_| "true")] aria-describedby=(if bad.is_some() { "h-when e-when" } else { "h-when" });
            datalist id="when-choices" { @for (value, called) in choices(signed) { option value=(value) { (called) } } }
            @if let Some(bad) = bad { p.error id="e-when" { (bad.text) } }
        }
    }
}

/// Per what it is, as the price book in force says: `per hour`. Nothing where that says several, or has it no more.
pub(crate) fn per(signed: &Signed, it: &ContractPrice) -> Option<String> {
    let books = signed.books();
    let book = books.iter().find(|book| book.currency == it.amount.currency())?;
    let component = book.product(&it.product)?.components.iter().find(|of| of.id == it.component)?;
    let wanted = |(name, values): &(String, Vec<String>)| {
        it.when.iter().all(|of| of.0 != *name || values.iter().any(|value| of.1.contains(value)))
    };
    let rows = component.prices.iter().filter(|row| row.keys.iter().all(wanted));
    let mut all = rows.filter_map(|row| tariff::per(component, &row.item, signed.visit.language));
    let first = all.next()?;
    all.all(|it| it == first).then_some(first)
}
