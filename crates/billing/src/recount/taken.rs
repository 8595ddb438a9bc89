//! What packs took of sums when their cycle closed: it stays taken when the cycle is rated once more.
//!
//! In:  what was billed, by which books each thing is priced now. Out: how much of each sum packs took.
//! Invariant: what was taken under a book that prices that thing no more is taken of what is priced instead, as far as there is
//! so much: a unit that a pack took is not charged. Which books price other things means nothing. Source: R-PKG-13, R-COR-1.

use crate::run::{Billed, Recount};
use crate::sums::Key;
use std::collections::{BTreeMap, BTreeSet};
use units::BookId;

/// What packs took, and what of it no book of today claims.
pub(super) struct Taken<'r> {
    billed: &'r [Billed],
    unclaimed: BTreeMap<[String; 4], u64>,
}

impl<'r> Taken<'r> {
    /// Of a closed cycle of which each thing is priced by these books now.
    pub(super) fn of(recount: &'r Recount, priced: &BTreeSet<([String; 4], BookId)>) -> Taken<'r> {
        let mut unclaimed: BTreeMap<[String; 4], u64> = BTreeMap::new();
        for it in &recount.billed {
            for ((component, _, book), units) in &it.covered {
                let name = [&it.product, &it.region, &it.spec, component].map(String::clone);
                let claim = (name, *book);
                if !priced.contains(&claim) {
                    let sum = unclaimed.entry(claim.0).or_default();
                    *sum = sum.saturating_add(*units);
                }
            }
        }
        Taken { billed: &recount.billed, unclaimed }
    }

    /// Of one sum, of which there is so much: what its own book claims, then what none does.
    pub(super) fn of_sum(&mut self, key: &Key, book: BookId, most: u128) -> u64 {
        let is_own =
            |it: &&Billed| it.product == key.product && it.region == key.region && it.spec == key.spec;
        let own = self.billed.iter().find(is_own);
        let name = (key.component.clone(), key.price.clone(), book);
        let own = own.and_then(|it| it.covered.get(&name)).copied().unwrap_or(0);
        let name = [&key.product, &key.region, &key.spec, &key.component].map(String::clone);
        let Some(left) = self.unclaimed.get_mut(&name) else { return own };
        let more = u64::try_from(most.saturating_sub(own.into())).unwrap_or(u64::MAX).min(*left);
        *left -= more;
        own + more
    }
}
