//! The arithmetic of a line in a few words, to stand beside its sum.
//!
//! In:  a product, a line that a book prices. Out: how its price makes what it comes to.
//! Invariant: what is said are steps of the explanation, which come to what the line costs.
//! Rules: R-BIL-2, R-TIM-8.

use crate::show;
use crate::signed::Signed;
use billing::bill::Line;
use billing::explain::{self, Reason, Step};

/// How a line comes to its list price: `218.00 per month × (244 days × 12 / 365 months).` Empty where it follows from no price.
pub(crate) fn of_list(signed: &Signed, product: &str, line: &Line<'_>) -> String {
    said(signed, steps(signed, product, line).iter().take(1))
}

/// How it comes to its cost, with what was agreed and what comes with the months.
pub(crate) fn of_cost(signed: &Signed, product: &str, line: &Line<'_>) -> String {
    said(signed, steps(signed, product, line).iter())
}

fn said<'a>(signed: &Signed, steps: impl Iterator<Item = &'a Reason>) -> String {
    let language = signed.visit.language;
    let all: Vec<String> = steps.map(|it| it.readable(language)).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    show::sentences(&all, language)
}

/// The steps from the price on; what stands on the other side of a difference is said by the sign of its sum.
fn steps(signed: &Signed, product: &str, line: &Line<'_>) -> Vec<Reason> {
    let desk = signed.visit.node.desk();
    let Some(book) = desk.books.get(line.book) else { return Vec::new() };
    let components = book.product(product).map_or(&[][..], |it| it.components.as_slice());
    let Some(component) = components.iter().find(|it| it.id == line.component) else { return Vec::new() };
    let Some(row) = component.prices.iter().find(|it| it.item.key == line.price) else { return Vec::new() };
    let steps = explain::line(line, component, &row.item, book.currency).unwrap_or_default();
    let is_priced = |it: &Reason| it.result.is_some() && !matches!(it.step, Step::GivenBack);
    steps.into_iter().filter(is_priced).collect()
}
