//! `amendments.toml`: single prices that change from the book before.
//!
//! In:  the book as its products say it. Out: the same with other amounts, or problems at the amendments.
//! Invariant: an amendment changes at least one price, and nothing but amount and source of prices per unit.
//! Rules: R-PRC-6.

use crate::files::Files;
use crate::problem::{Place, Problems};
use crate::raw::{RawAmendment, RawAmendments, conditions};
use crate::reader::Reader;
use billing::book::{Book, Component, Conditions, PriceRow};
use billing::price::Pricing;
use units::Amount;

const AMENDMENTS: Place<'static> = Place { file: "amendments.toml", line: 1 };

/// Applies the amendments, if there are any. Source: R-PRC-6.
pub(crate) fn amend(files: &Files, book: &mut Book, problems: &mut Problems) {
    if files.get(AMENDMENTS.file).is_none() {
        return;
    }
    let mut reader = Reader::new(files, AMENDMENTS, problems);
    let remedy = "Write [[price]] with product, component, when, amount, source";
    let Some(raw) = reader.toml::<RawAmendments>(remedy) else { return };
    for it in &raw.price {
        apply(&mut reader.of(it), it.get_ref(), book);
    }
}

fn apply(reader: &mut Reader<'_>, raw: &RawAmendment, book: &mut Book) {
    let Some(amount) = reader.amount(&raw.amount, book.currency) else { return };
    let Some(component) = component(book, raw) else {
        let what = format!("there is no component `{}` of `{}`", raw.component, raw.product);
        reader.refuse(what, "Mend the names");
        return;
    };
    if change(component, raw, amount) == 0 {
        let remedy = "Name the option values of one row of its table";
        reader.refuse("no price per unit fits this amendment", remedy);
    }
}

fn component<'a>(book: &'a mut Book, raw: &RawAmendment) -> Option<&'a mut Component> {
    let product = book.products.iter_mut().find(|it| it.id == raw.product)?;
    product.components.iter_mut().find(|it| it.id == raw.component)
}

/// Changes the prices per unit that the amendment is for, and says how many those were.
fn change(component: &mut Component, raw: &RawAmendment, amount: Amount) -> usize {
    let wanted = conditions(&raw.when);
    let mut changed = 0;
    for row in component.prices.iter_mut().filter(|it| lies_within(it, &wanted)) {
        if let Pricing::PerUnit(price) = &mut row.item.pricing {
            price.amount = amount;
            row.item.source.clone_from(&raw.source);
            changed += 1;
        }
    }
    changed
}

/// Whether the row is only for values that `wanted` has.
fn lies_within(row: &PriceRow, wanted: &Conditions) -> bool {
    wanted
        .iter()
        .all(|want| row.keys.iter().any(|key| key.0 == want.0 && key.1.iter().all(|it| want.1.contains(it))))
}
