//! Where readings belong: whose they are, how the resource stood, what charges them, whether their cycle is closed.
//!
//! In:  readings. Out: the place of each, or why it has none.
//! Invariant: facts are read once per resource and account, whatever the number of readings.

use crate::{At, Desk, Refusal};
use billing::book::Due;
use billing::meter::Tally;
use billing::plan::Configs;
use billing::reading::{Reading, Reason, Stand};
use billing::resource::State;
use std::collections::{BTreeSet, HashMap};
use store::Tx;
use store::usage::{self, StoodAt};
use units::{Cycle, CycleKind, ResourceId, Timestamp};

/// Where a reading belongs.
#[derive(Clone, Debug)]
pub(super) struct Place<'f> {
    pub account: &'f str,
    pub stood: StoodAt,
    pub tally: Tally,
    /// The cycle that it falls into, if it is charged after one.
    pub cycle: Option<Cycle>,
}

/// Why a reading has no place, and more about it for people.
pub(super) type Aside = (Reason, String);

struct Known {
    account: String,
    product: String,
    life: Vec<StoodAt>,
}

/// What the store knows of the resources of a batch.
pub(super) struct Facts {
    resources: HashMap<String, Known>,
    pub configs: Configs,
}

impl Facts {
    pub(super) fn read<'r>(
        tx: &mut Tx<'_>,
        desk: &Desk,
        readings: impl Iterator<Item = &'r Reading<'r>>,
    ) -> Result<Facts, Refusal> {
        let named: BTreeSet<&str> = readings.map(|it| it.resource).collect();
        let ids: Vec<&str> = named.into_iter().filter(|it| it.parse::<ResourceId>().is_ok()).collect();
        let owners = usage::owners(tx, &ids)?;
        let keys: Vec<(&str, &str)> =
            owners.iter().map(|it| (it.account.as_str(), it.resource.as_str())).collect();
        let mut configs = Configs::default();
        let lives = usage::lives(tx, &keys, &desk.books, &mut configs)?;
        let mut resources: HashMap<String, Known> = HashMap::with_capacity(owners.len());
        for it in owners {
            resources
                .insert(it.resource, Known { account: it.account, product: it.product, life: Vec::new() });
        }
        for (resource, stood) in lives {
            if let Some(known) = resources.get_mut(&resource) {
                known.life.push(stood);
            }
        }
        Ok(Facts { resources, configs })
    }

    /// The place of a reading, or why it is to be kept aside. They are tried in the order of docs/scenarios.md.
    pub(super) fn place(
        &self,
        at: At<'_>,
        cycles: &mut Cycles,
        reading: &Reading<'_>,
    ) -> Result<Result<Place<'_>, Aside>, Refusal> {
        let aside = |reason: Reason| Ok(Err((reason, String::new())));
        let Some(known) = self.resources.get(reading.resource) else {
            return aside(Reason::UnknownResource);
        };
        match at.product(&known.product) {
            Ok(product) if product.reads(reading.usage) => {}
            Ok(_) => return aside(Reason::UnknownMeter),
            Err(error) => return Ok(Err((Reason::NoPrice, error.to_string()))),
        }
        let second = units::calendar::whole_second(reading.at).as_second();
        let before = known.life.partition_point(|it| it.at_us <= second * 1_000_000);
        let stood = before.checked_sub(1).map(|at| known.life[at]);
        let Some(stood) = stood.filter(|it| it.state != State::Pending) else {
            return aside(Reason::NotDelivered);
        };
        let config = self.configs.get(stood.config);
        let plan = match config.plan(config.version(second)) {
            Ok(plan) => plan,
            Err(error) => return Ok(Err((Reason::NoPrice, error.to_string()))),
        };
        let part = plan.parts.iter().find(|it| plan.component(it).meter.usage() == Some(reading.usage));
        let running = matches!(stood.state, State::Running | State::Limited);
        // What is reported while the resource does not run is kept aside; what arrears cut is simply not charged.
        if !running && !part.is_some_and(|it| it.billed_while.contains(stood.state)) {
            return aside(Reason::NotRunning);
        }
        let tally = part.map_or(Tally::Kept, |it| plan.component(it).meter.tally());
        let cycle = match part.map(|it| it.due) {
            Some(Due::Cycle(kind)) => Some(cycles.at(at.desk, kind, second)?),
            Some(Due::Order) | None => None,
        };
        Ok(Ok(Place { account: &known.account, stood, tally, cycle }))
    }
}

/// Cycles that were looked up: most readings of a batch fall into one.
#[derive(Default)]
pub(super) struct Cycles(Vec<Cycle>);

impl Cycles {
    fn at(&mut self, desk: &Desk, kind: CycleKind, second: i64) -> Result<Cycle, Refusal> {
        let at = Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
        if let Some(found) = self.0.iter().rev().find(|it| it.kind == kind && it.contains(at)) {
            return Ok(*found);
        }
        let found = desk.calendar.cycle(kind, at)?;
        // Few are kept: a batch over months would otherwise be searched through and through.
        if self.0.len() >= 8 {
            self.0.remove(0);
        }
        self.0.push(found);
        Ok(found)
    }
}

/// Up to where the cycles of the accounts of a batch are closed, held until the transaction ends.
pub(super) struct Dues(HashMap<String, Vec<(CycleKind, Timestamp)>>);

impl Dues {
    pub(super) fn hold<'f>(
        tx: &mut Tx<'_>,
        places: impl Iterator<Item = &'f Place<'f>>,
    ) -> Result<Dues, Refusal> {
        let accounts: BTreeSet<&str> = places.filter(|it| it.cycle.is_some()).map(|it| it.account).collect();
        let accounts: Vec<&str> = accounts.into_iter().collect();
        let mut held: HashMap<String, Vec<(CycleKind, Timestamp)>> = HashMap::new();
        for (account, kind, to) in usage::hold_dues(tx, &accounts)? {
            held.entry(account).or_default().push((kind, to));
        }
        Ok(Dues(held))
    }

    /// How a reading stands: with the cycle that it belongs to, if that is closed already.
    pub(super) fn stand(&self, place: &Place<'_>, now: Timestamp) -> Stand {
        Stand { tally: place.tally, closed: self.closed(place, now) }
    }

    fn closed(&self, place: &Place<'_>, now: Timestamp) -> Option<Cycle> {
        let cycle = place.cycle?;
        let of_account = self.0.get(place.account).map_or(&[][..], Vec::as_slice);
        let settled = of_account.iter().find(|it| it.0 == cycle.kind).map_or(now, |it| it.1);
        (cycle.to <= settled).then_some(cycle)
    }
}
