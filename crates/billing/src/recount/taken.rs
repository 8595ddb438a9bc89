//! What packs took of sums when their cycle closed: it stays taken when the cycle is rated once more.
//!
//! In:  what was billed. Out: how much of each sum packs took.
//! Invariant: each unit that a pack took is taken once: of what its own price and book still price, then of what is priced
//! instead of that, as far as there is so much. A unit that a pack took is not charged. Source: R-PKG-13, R-COR-1.

use crate::run::{Billed, Recount};
use crate::sums::Key;
use std::collections::BTreeMap;
use units::BookId;

/// Product, region, spec and component: what is taken of one of them is taken of no other.
type Name = [String; 4];

/// What packs took and is not taken off any sum yet, by price and book.
#[derive(Default)]
pub(super) struct Taken {
    left: BTreeMap<Name, BTreeMap<(String, BookId), u64>>,
}

impl Taken {
    /// Of a closed cycle.
    pub(super) fn of(recount: &Recount) -> Taken {
        let mut taken = Taken::default();
        recount.billed.iter().for_each(|it| taken.add(it));
        taken
    }

    fn add(&mut self, it: &Billed) {
        for ((component, price, book), units) in &it.covered {
            let name = [&it.product, &it.region, &it.spec, component].map(String::clone);
            let left = self.left.entry(name).or_default().entry((price.clone(), *book)).or_default();
            *left = left.saturating_add(*units);
        }
    }

    /// Of one sum, of which there is so much: what its own price and book claim.
    pub(super) fn own(&mut self, key: &Key, book: BookId, most: u128) -> u64 {
        let claims = self.left.get_mut(&name(key));
        claims.and_then(|it| it.get_mut(&(key.price.clone(), book))).map_or(0, |left| off(left, most))
    }

    /// Of one sum, of which there is so much: what nothing claims any more.
    pub(super) fn rest(&mut self, key: &Key, most: u128) -> u64 {
        let (mut taken, claims) = (0, self.left.get_mut(&name(key)));
        for left in claims.into_iter().flat_map(BTreeMap::values_mut) {
            taken += off(left, most - u128::from(taken));
        }
        taken
    }
}

fn name(key: &Key) -> Name {
    [&key.product, &key.region, &key.spec, &key.component].map(String::clone)
}

/// Takes so much at most off what is left, and gives how much that was.
fn off(left: &mut u64, most: u128) -> u64 {
    let taken = u64::try_from(most).unwrap_or(u64::MAX).min(*left);
    *left -= taken;
    taken
}

#[cfg(test)]
mod tests;
