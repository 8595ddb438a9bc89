//! Where readings belong: whose they are, how the resource stood, what charges them, whether their cycles are closed.
//!
//! In:  readings. Out: the place of each, or why it has none.
//! Invariant: facts are read once per resource and account, whatever the number of readings. `billing::home` decides.

use crate::{At, Desk, Refusal};
use billing::book::Scope;
use billing::home::{self, Closing, Horizon, Standing};
use billing::meter::Tally;
use billing::plan::{Configs, PlanError};
use billing::reading::{Reading, Reason};
use std::collections::{BTreeSet, HashMap};
use store::Tx;
use store::recounts::Waiting;
use store::usage::{self, ResourceOwner, StoodAt};
use units::{AccountId, Currency, Cycle, CycleKind, ResourceId, Timestamp};

/// Where a reading belongs.
#[derive(Clone, Debug)]
pub(super) struct Place<'f> {
    pub account: &'f str,
    pub tally: Tally,
    /// The cycles that it falls into, and what it is added up by in each.
    pub cycles: Vec<(Cycle, Scope)>,
}

/// Why a reading has no place, and more about it for people.
pub(super) type Aside = (Reason, String);

struct Known {
    account: String,
    product: String,
    currency: Currency,
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
        let mut configs = Configs::default();
        let lives = usage::lives(tx, &owners, &desk.books, &mut configs)?;
        let mut resources: HashMap<String, Known> = HashMap::with_capacity(owners.len());
        for it in owners {
            let ResourceOwner { resource, account, product, currency } = it;
            resources.insert(resource, Known { account, product, currency, life: Vec::new() });
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
        match at.product(known.currency, &known.product) {
            Ok(product) if product.reads(reading.usage) => {}
            Ok(_) => return aside(Reason::UnknownMeter),
            Err(error) => return Ok(Err((Reason::NoPrice, error.to_string()))),
        }
        let second = units::calendar::whole_second(reading.at).as_second();
        let touched = home::touched(&known.life, second, |it| it.at_us.div_euclid(1_000_000));
        let stood: Result<Vec<Standing<'_>>, PlanError> = touched
            .iter()
            .map(|it| {
                let config = self.configs.get(it.config);
                Ok(Standing::new(it.state, config.plan(config.version(second))?, reading.usage))
            })
            .collect();
        let stood = match stood {
            Ok(stood) => stood,
            Err(error) => return Ok(Err((Reason::NoPrice, error.to_string()))),
        };
        let home = match home::home(&stood) {
            Ok(home) => home,
            Err(reason) => return aside(reason),
        };
        let mut found = Vec::with_capacity(home.charged.len());
        for (kind, scope) in home.charged {
            found.push((cycles.at(at.desk, kind, second)?, scope));
        }
        Ok(Ok(Place { account: &known.account, tally: home.tally, cycles: found }))
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
        let accounts: BTreeSet<&str> =
            places.filter(|it| !it.cycles.is_empty()).map(|it| it.account).collect();
        let accounts: Vec<&str> = accounts.into_iter().collect();
        let mut held: HashMap<String, Vec<(CycleKind, Timestamp)>> = HashMap::new();
        for (account, kind, to) in usage::hold_dues(tx, &accounts)? {
            held.entry(account).or_default().push((kind, to));
        }
        Ok(Dues(held))
    }

    /// The closed cycles that a reading of `resource` came late for, each to be rated once more.
    ///
    /// It is too late for all of them when it is for one: it would be half billed otherwise.
    pub(super) fn late(
        &self,
        at: At<'_>,
        place: &Place<'_>,
        resource: &str,
    ) -> Result<Result<Vec<Waiting>, Aside>, Refusal> {
        let horizon = Horizon { months: at.desk.late_months, calendar: &at.desk.calendar };
        let mut late = Vec::new();
        for (cycle, scope) in &place.cycles {
            match horizon.closing(cycle, self.settled_to(place, cycle.kind, at.now), at.now)? {
                Closing::Open => {}
                Closing::Closed => late.push(waiting(place, *cycle, (*scope, resource))?),
                Closing::Over => {
                    let ended = at.desk.calendar.print(cycle.to);
                    let months = at.desk.late_months;
                    let detail = format!("its cycle ended {ended}, more than {months} month(s) ago");
                    return Ok(Err((Reason::TooLate, detail)));
                }
            }
        }
        Ok(Ok(late))
    }

    /// Up to where cycles of a kind are closed; until now, where the account has none to settle.
    fn settled_to(&self, place: &Place<'_>, kind: CycleKind, now: Timestamp) -> Timestamp {
        let of_account = self.0.get(place.account).map_or(&[][..], Vec::as_slice);
        of_account.iter().find(|it| it.0 == kind).map_or(now, |it| it.1)
    }
}

/// What waits for a reading of one resource that is added up by it, or over its account.
fn waiting(place: &Place<'_>, original: Cycle, (scope, resource): (Scope, &str)) -> Result<Waiting, Refusal> {
    let account: AccountId = place.account.parse().map_err(|_| corrupt(place.account))?;
    let resource = match scope {
        Scope::Resource => Some(resource.parse::<ResourceId>().map_err(|_| corrupt(resource))?),
        Scope::Account => None,
    };
    Ok(Waiting { account, original, resource })
}

fn corrupt(id: &str) -> Refusal {
    store::StoreError::Corrupt(format!("the id `{id}`")).into()
}
