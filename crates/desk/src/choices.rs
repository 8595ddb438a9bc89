//! What may be chosen of a product now, and why the rest may not.
//!
//! In:  a product, some of its options. Out: choices, and of a pack the months that it may begin in.
//! Invariant: whoever chooses nothing that is barred is sold it; nothing is read but the price book.
//! Rules: R-ORD-8, R-ORD-9, R-CAT-1, R-PKG-2, R-PKG-5.

use super::catalogue::{self, Offer, Prices};
use super::pack_quotes::{self, Start};
use super::{At, Refusal};
use billing::choices::{self, Choices};

/// What may be chosen of a product of the book of now.
#[derive(Clone, Debug)]
pub struct Chosen<'a> {
    pub offer: Offer<'a>,
    pub choices: Choices,
    /// Of a pack whose hours are chosen; none of anything else.
    pub starts: Vec<Start>,
}

/// What may be chosen of product `id`, at whose prices it is sold, where `options` were chosen so far, written like `region=guangzhou,spec=1U1G`.
///
/// Errors: `NotFound` for a product that there is not, `Option` for an option that it does not have.
pub fn of<'a>(at: At<'a>, prices: impl Into<Prices>, id: &str, options: &str) -> Result<Chosen<'a>, Refusal> {
    let offer = catalogue::product(at, prices, id)?;
    let asked = catalogue::chosen(offer.product, options).map_err(|refusal| refusal.of("options"))?;
    let choices = choices::choices(offer.book, offer.product, &asked)?;
    let starts = match &offer.product.pack {
        Some(rule) if choices.chosen.get(&rule.hours).is_some() && has_size(rule, &choices) => {
            pack_quotes::starts(at, rule, &choices.chosen)?
        }
        Some(_) | None => Vec::new(),
    };
    Ok(Chosen { offer, choices, starts })
}

fn has_size(rule: &billing::book::PackRule, choices: &Choices) -> bool {
    rule.size.as_deref().is_none_or(|it| choices.chosen.get(it).is_some())
}
