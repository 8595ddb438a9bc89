//! What lives under a price book that is to follow another: all of it keeps a price, and some of it may have another one.
//!
//! In:  a book and the one that holds until it begins. Out: whether it charges anything that lives otherwise, or what it drops.
//! Invariant: resources that have not ended count, also in the bin or before delivery, and packs of which something is left.
//! Rules: R-CAT-1, R-PRC-6.

use super::Refusal;
use billing::alike;
use billing::book::Book;
use billing::plan::Plan;
use std::sync::Arc;
use store::Tx;
use store::resources::Living;
use units::Timestamp;

/// A book, and the one that holds until it begins.
pub(super) struct Change<'a> {
    pub before: Option<Arc<Book>>,
    pub book: &'a Arc<Book>,
}

impl Change<'_> {
    /// What lives without a price in the book, in words; `None` where all of it has one.
    fn drops(&self, it: &Living) -> Option<String> {
        let what = match Plan::resolve(self.book, &it.product, &it.options) {
            Err(error) => error.to_string(),
            Ok(plan) => {
                let before = Plan::resolve(self.before.as_ref()?, &it.product, &it.options).ok()?;
                format!("the price book has no component `{}` for it", plan.lacks(&before)?)
            }
        };
        Some(format!("{} × {} {} ({what})", it.count, it.product, it.options))
    }

    /// Whether any resource of those that it keeps is charged otherwise than before; nothing is where no book holds before.
    pub(super) fn moves(&self, kept: &[Living]) -> bool {
        let Some(before) = &self.before else { return false };
        kept.iter().any(|it| {
            let plans = [before, self.book].map(|book| Plan::resolve(book, &it.product, &it.options));
            !matches!(&plans, [Ok(before), Ok(after)] if alike::charges_alike(before, after))
        })
    }
}

/// How many kinds of dropped things a refusal names.
const NAMED: usize = 5;

/// Everything that lives in the currency of a book has a price in it, each component too. Out: the resources of that.
///
/// Errors: `BookDrops` with what has none, and how many. Source: R-CAT-1.
pub(super) fn keeps(tx: &mut Tx<'_>, change: &Change<'_>, now: Timestamp) -> Result<Vec<Living>, Refusal> {
    let currency = change.book.currency;
    let resources = store::resources::living(tx, currency)?;
    let packs = store::packs::living(tx, currency, now)?;
    let dropped: Vec<String> = resources.iter().chain(&packs).filter_map(|it| change.drops(it)).collect();
    match dropped.len() {
        0 => Ok(resources),
        count if count > NAMED => {
            let more = format!("{}; and {} more", dropped[..NAMED].join("; "), count - NAMED);
            Err(Refusal::BookDrops(more))
        }
        _ => Err(Refusal::BookDrops(dropped.join("; "))),
    }
}
