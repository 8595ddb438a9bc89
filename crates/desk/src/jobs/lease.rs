//! Leases: which node works at a chain of jobs, until when.
//!
//! In:  a store, a holder with the clock of its machine. Out: a lease, or that somebody else has it.
//! Invariant: whoever slept past the end of a lease writes nothing under it any more; no lease outlives its length by more
//! than clocks may lie apart, whatever becomes of clocks.

use super::job::Chain;
use crate::{Refusal, later};
use std::cell::Cell;
use store::jobs::{self, Claim};
use store::{Store, StoreError, Tx};
use units::Timestamp;

/// How long a lease lasts that nobody prolongs.
const LEASE_SECONDS: u64 = 15;
/// A lease is prolonged between items when less than this is left of it.
const ENOUGH_SECONDS: u64 = 10;
/// How far the clocks of nodes may lie apart. A lease that ends farther ahead than its length and this is void: the
/// clock by which it was taken was wrong, or this one was set back.
const APART_SECONDS: u64 = 60;
/// How long one turn may take: then others are let in.
pub(super) const TURN_SECONDS: u64 = 5;

/// A node that wants to work.
#[derive(Clone, Copy)]
pub struct Keeper<'a> {
    /// The name of this process, like no other's.
    pub holder: &'a str,
    /// The clock of the machine, also where the till runs on a test clock: leases are about processes.
    pub clock: &'a dyn Fn() -> Timestamp,
    /// Whether it is asked to end.
    pub is_ending: &'a dyn Fn() -> bool,
}

/// A lease that a keeper took for one turn.
pub struct Lease<'a> {
    chain: Chain,
    keeper: Keeper<'a>,
    until: Cell<Timestamp>,
    turn_ends: Timestamp,
}

/// Whether to go on with the next item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breath {
    GoOn,
    /// The turn took long enough.
    TimeIsUp,
    /// The keeper is asked to end.
    Ending,
    /// Somebody else has the lease by now, or may have.
    Lost,
}

/// What a holder wants at `now` by the clock of its machine.
pub(super) fn claim<'c>(name: &'c str, holder: &'c str, now: Timestamp) -> Claim<'c> {
    let until = later(now, LEASE_SECONDS);
    Claim { name, holder, now, until, farthest: later(until, APART_SECONDS) }
}

impl<'a> Lease<'a> {
    /// Takes the lease of a chain. `None` while somebody else holds it.
    pub fn take(store: &Store, chain: Chain, keeper: Keeper<'a>) -> Result<Option<Lease<'a>>, Refusal> {
        let now = (keeper.clock)();
        // Who holds it is read first: a claim would wait for the transaction that the holder is in.
        let rows = store.read(|tx| Ok::<_, Refusal>(jobs::all(tx)?))?;
        let row = rows.iter().find(|it| it.name == chain.as_str());
        let claim = claim(chain.as_str(), keeper.holder, now);
        if row.is_some_and(|it| it.holder != keeper.holder && claim.is_valid(it.until)) {
            return Ok(None);
        }
        match store.write(|tx| Ok::<_, Refusal>(jobs::claim(tx, &claim)?))? {
            jobs::Lease::Held => {
                let turn_ends = later(now, TURN_SECONDS);
                Ok(Some(Lease { chain, keeper, until: Cell::new(claim.until), turn_ends }))
            }
            jobs::Lease::Others => Ok(None),
        }
    }

    /// Prolongs the lease within `tx`, where it has not ended: nobody else gets it before `tx` ends. `None`: it has ended.
    pub(super) fn hold(&self, tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
        let now = (self.keeper.clock)();
        let claim = claim(self.chain.as_str(), self.keeper.holder, now);
        Ok(match jobs::hold(tx, &claim)? {
            jobs::Lease::Held => Some(claim.until),
            jobs::Lease::Others => None,
        })
    }

    /// The transaction that prolonged the lease up to `until` is written.
    pub(super) fn lasts(&self, until: Timestamp) {
        self.until.set(until);
    }

    /// Whoever holds it as somebody who takes accounts of runs, and the time of its machine.
    pub(super) fn holder(&self) -> (&str, Timestamp) {
        (self.keeper.holder, (self.keeper.clock)())
    }

    /// Between two items: prolongs the lease when a third of it is gone.
    pub(super) fn breath(&self, store: &Store) -> Result<Breath, Refusal> {
        if (self.keeper.is_ending)() {
            return Ok(Breath::Ending);
        }
        let now = (self.keeper.clock)();
        if later(now, ENOUGH_SECONDS) > self.until.get() {
            match store.write(|tx| Ok::<_, Refusal>(self.hold(tx)?))? {
                Some(until) => self.lasts(until),
                None => return Ok(Breath::Lost),
            }
        }
        Ok(if now > self.turn_ends { Breath::TimeIsUp } else { Breath::GoOn })
    }
}
