//! What packs took of sums when their cycle closed: it stays taken when the cycle is rated once more.
//!
//! In:  what was billed, and what packs took in which seconds. Out: how much of each sum packs took.
//! Invariant: each unit that a pack took is taken once, of what is priced in its second by now; what it was taken of before keeps the
//! rest of it, as far as there is so much. A unit that a pack took is not charged. Source: R-PKG-13, R-COR-1.

use crate::run::{Billed, Covered, Recount};
use crate::sums::{Charged, Key};
use std::collections::BTreeMap;
use units::BookId;

/// Product, region, spec and component: what is taken of one of them is taken of no other.
type Name = [String; 4];

/// What packs took of each sum as it is priced now, by the seconds in which they took it.
pub(super) type Served = BTreeMap<Key, u64>;

/// What packs took of something by one price of a book.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Claim {
    price: String,
    book: BookId,
    from: i64,
    to: i64,
    /// What is not taken off any sum yet.
    left: u64,
    /// What of it is due to sums that are priced otherwise now: packs took it in their seconds.
    elsewhere: u64,
}

impl Claim {
    /// Whether a sum was used while what was billed was.
    fn meets(&self, it: &Charged) -> bool {
        it.from < self.to && self.from < it.to
    }

    /// Whether it is of this very sum.
    fn is_of(&self, key: &Key, it: &Charged) -> bool {
        self.meets(it) && self.price == key.price && self.book == it.book
    }
}

/// What packs took and is not taken off any sum yet.
#[derive(Default)]
pub(super) struct Taken {
    claims: BTreeMap<Name, Vec<Claim>>,
    served: Served,
}

impl Taken {
    /// Of a closed cycle.
    pub(super) fn of(recount: &Recount, served: Served) -> Taken {
        let mut taken = Taken { served, ..Taken::default() };
        recount.billed.iter().for_each(|it| taken.add(it));
        taken
    }

    fn add(&mut self, it: &Billed) {
        for Covered { component, price, book, from, to, units } in &it.covered {
            let name = [&it.product, &it.region, &it.spec, component].map(String::clone);
            let claim = Claim {
                price: price.clone(),
                book: *book,
                from: *from,
                to: *to,
                left: *units,
                elsewhere: *units,
            };
            self.claims.entry(name).or_default().push(claim);
        }
    }

    /// Notes how much packs took in the seconds of a sum that is priced as it was billed: that is not due to another one.
    pub(super) fn stays(&mut self, key: &Key, it: &Charged) {
        let mut served = self.served.get(key).copied().unwrap_or(0);
        for claim in of(&mut self.claims, key).filter(|claim| claim.is_of(key, it)) {
            claim.elsewhere -= off(&mut served, claim.elsewhere.into());
        }
    }

    /// Of one sum: what packs took in its seconds, by its own price and book, or else by what it is priced instead of, its own price
    /// first.
    pub(super) fn in_time(&mut self, key: &Key, it: &Charged) -> u64 {
        let most = it.most.min(self.served.get(key).copied().unwrap_or(0).into());
        if of(&mut self.claims, key).any(|claim| claim.is_of(key, it)) {
            return all_of(of(&mut self.claims, key).filter(|claim| claim.is_of(key, it)), most);
        }
        // What comes late is priced by a book that charged some of that time, and takes nothing of what packs gave to others.
        if of(&mut self.claims, key).any(|claim| claim.meets(it) && claim.book == it.book) {
            return 0;
        }
        let mut taken = 0;
        for is_own_price in [true, false] {
            let others = of(&mut self.claims, key).filter(|claim| claim.meets(it));
            for claim in others.filter(|claim| (claim.price == key.price) == is_own_price) {
                let due = off(&mut claim.elsewhere, u128::from(claim.left).min(most - u128::from(taken)));
                claim.left -= due;
                taken += due;
            }
        }
        taken
    }

    /// Of one sum: what its own price and book claim.
    pub(super) fn own(&mut self, key: &Key, it: &Charged) -> u64 {
        let own = of(&mut self.claims, key).filter(|claim| claim.is_of(key, it));
        all_of(own, it.most)
    }

    /// Of one sum: what nothing claims any more.
    pub(super) fn rest(&mut self, key: &Key, it: &Charged) -> u64 {
        all_of(of(&mut self.claims, key), it.most)
    }
}

/// The claims on what is named alike.
fn of<'a>(claims: &'a mut BTreeMap<Name, Vec<Claim>>, key: &Key) -> impl Iterator<Item = &'a mut Claim> {
    claims.get_mut(&name(key)).into_iter().flatten()
}

/// So much at most off what is left of them.
fn all_of<'a>(claims: impl Iterator<Item = &'a mut Claim>, most: u128) -> u64 {
    claims.fold(0, |taken, claim| taken + off(&mut claim.left, most - u128::from(taken)))
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
