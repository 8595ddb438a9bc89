//! What packs took of sums when their cycle closed: it stays taken when the cycle is rated once more.
//!
//! In:  what was billed, and what packs took in which seconds. Out: how much of each sum packs took.
//! Invariant: each unit that a pack took is taken once, of what is priced in its second by now; what it was taken of before keeps the
//! rest of it, as far as there is so much. A unit that a pack took is not charged. Source: R-PKG-13, R-COR-1.

use crate::run::{Billed, Recount};
use crate::sums::Key;
use std::collections::BTreeMap;
use units::BookId;

/// Product, region, spec and component: what is taken of one of them is taken of no other.
type Name = [String; 4];

/// What packs took of each sum as it is priced now, by the seconds in which they took it; with the book that prices it.
pub(super) type Served = BTreeMap<Key, (BookId, u64)>;

/// What packs took of something by one price and book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Claim {
    /// What is not taken off any sum yet.
    left: u64,
    /// What of it is due to sums that are priced otherwise now, since packs took it in their seconds.
    elsewhere: u64,
}

/// What packs took and is not taken off any sum yet, by price and book.
#[derive(Default)]
pub(super) struct Taken {
    claims: BTreeMap<Name, BTreeMap<(String, BookId), Claim>>,
    served: Served,
}

impl Taken {
    /// Of a closed cycle.
    pub(super) fn of(recount: &Recount, served: Served) -> Taken {
        let mut taken = Taken::default();
        recount.billed.iter().for_each(|it| taken.add(it));
        taken.place(served);
        taken
    }

    fn add(&mut self, it: &Billed) {
        for ((component, price, book), units) in &it.covered {
            let name = [&it.product, &it.region, &it.spec, component].map(String::clone);
            let claim = self.claims.entry(name).or_default().entry((price.clone(), *book)).or_default();
            claim.left = claim.left.saturating_add(*units);
        }
    }

    /// Notes in which seconds packs took what was taken.
    fn place(&mut self, served: Served) {
        for (name_of, claims) in &mut self.claims {
            for ((price, book), claim) in claims {
                let is_own = |(key, (by, _)): &(&Key, &(BookId, u64))| {
                    name(key) == *name_of && key.price == *price && by == book
                };
                let here: u64 = served.iter().filter(is_own).map(|it| it.1.1).sum();
                claim.elsewhere = claim.left.saturating_sub(here);
            }
        }
        self.served = served;
    }

    /// Of one sum, of which there is so much: what packs took in its seconds. What no book claimed when the cycle closed is priced
    /// instead of what one of them did, its own price first.
    pub(super) fn in_time(&mut self, key: &Key, book: BookId, most: u128) -> u64 {
        let served = self.served.get(key).map_or(0, |it| it.1);
        let Some(claims) = self.claims.get_mut(&name(key)) else { return 0 };
        let most = most.min(served.into());
        if let Some(own) = claims.get_mut(&(key.price.clone(), book)) {
            return off(&mut own.left, most);
        }
        if claims.keys().any(|it| it.1 == book) {
            return 0;
        }
        let mut taken = 0;
        for is_own_price in [true, false] {
            for ((price, _), claim) in claims.iter_mut() {
                if (*price == key.price) == is_own_price {
                    let units = off(&mut claim.elsewhere, u128::from(claim.left).min(most - u128::from(taken)));
                    claim.left -= units;
                    taken += units;
                }
            }
        }
        taken
    }

    /// Of one sum, of which there is so much: what its own price and book claim.
    pub(super) fn own(&mut self, key: &Key, book: BookId, most: u128) -> u64 {
        let claims = self.claims.get_mut(&name(key));
        let own = claims.and_then(|it| it.get_mut(&(key.price.clone(), book)));
        own.map_or(0, |claim| off(&mut claim.left, most))
    }

    /// Of one sum, of which there is so much: what nothing claims any more.
    pub(super) fn rest(&mut self, key: &Key, most: u128) -> u64 {
        let (mut taken, claims) = (0, self.claims.get_mut(&name(key)));
        for claim in claims.into_iter().flat_map(BTreeMap::values_mut) {
            taken += off(&mut claim.left, most - u128::from(taken));
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
