//! Account-wide sums: what all resources of an account in one region and of one spec used together.
//!
//! In:  `Used` rows of single resources, less what packs covered. Out: one row per sum and price version.
//! Invariant: sums stay whole numbers; free units and tiers go on from one price version to the next.
//! Rules: R-QCS-2, R-QCS-3, R-PRC-16.

use crate::plan::Configs;
use crate::sequence;
use crate::used::{AggregateError, PartRef, Used};
use std::collections::BTreeMap;
use units::{BookId, Measured};

/// What an account-wide sum is keyed by. Source: R-QCS-3.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub product: String,
    pub component: String,
    pub region: String,
    pub spec: String,
    /// The price version, and the price where other options than the spec choose it.
    pub version: i64,
    pub price: String,
}

/// What of a sum is charged, by which book, and when it was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charged {
    pub book: BookId,
    pub from: i64,
    pub to: i64,
    pub most: u128,
}

/// Account-wide sums in the making.
#[derive(Default)]
pub struct Sums {
    sums: BTreeMap<Key, Used>,
}

impl Sums {
    /// Adds what was used, less what packs covered of it and what was free.
    pub fn add(&mut self, used: &Used, configs: &Configs) -> Result<(), AggregateError> {
        let (plan, part) = used.at.resolve(configs)?;
        let component = plan.component(part);
        let key = Key::of(used.at, configs)?;
        let read = component.meter.usage().is_some();
        let unit = if read { component.quantity.unit } else { component.quantity.unit.seconds() };
        let empty = Used::new(used.at, Measured::of(0, unit), used.from, used.to);
        let sum = self.sums.entry(key).or_insert(empty);
        sum.measured.quantity += used.measured.quantity;
        sum.covered += used.covered;
        sum.free += used.free;
        sum.from = sum.from.min(used.from);
        sum.to = sum.to.max(used.to);
        Ok(())
    }

    /// Takes off what packs took of each sum, as far as there is so much; `taken` says how much of which.
    pub fn cover(
        &mut self,
        configs: &Configs,
        mut taken: impl FnMut(&Key, &Charged) -> u64,
    ) -> Result<(), AggregateError> {
        for (key, used) in &mut self.sums {
            let (plan, _) = used.at.resolve(configs)?;
            let (book, most) = (plan.book.id, used.measured.quantity);
            let charged = Charged { book, from: used.from, to: used.to, most };
            let units = u128::from(taken(key, &charged)).min(most);
            used.measured.quantity -= units;
            // It is no more than a number of 64 bits was.
            used.covered += units as u64;
        }
        Ok(())
    }

    /// The sums in the order of their keys: kind of resource, spec, price version; those of one component together,
    /// each going on where the version before left off.
    ///
    /// Errors: a sum that is too large to carry into the next price version.
    pub fn in_order(self, configs: &Configs) -> Result<Vec<Versions>, AggregateError> {
        let sums: Vec<(Key, Used)> = self.sums.into_iter().collect();
        let same = |one: &(Key, Used), other: &(Key, Used)| one.0.is_version_of(&other.0);
        let versions = |of_one: &[(Key, Used)]| {
            let used = sequence::go_on(of_one.iter().map(|it| it.1).collect(), configs)?;
            Ok(Versions { keys: of_one.iter().map(|it| (it.1.at, it.0.clone())).collect(), used })
        };
        sums.chunk_by(same).map(versions).collect()
    }
}

/// One account-wide sum in all its price versions.
pub struct Versions {
    /// By the part that stands for the version.
    pub keys: Vec<(PartRef, Key)>,
    pub used: Vec<Used>,
}

impl Key {
    /// Of what is charged by a part. Errors: its configuration has no plan in that version.
    pub fn of(at: PartRef, configs: &Configs) -> Result<Key, AggregateError> {
        let (plan, part) = at.resolve(configs)?;
        Ok(Key {
            product: plan.product().id.clone(),
            component: plan.component(part).id.clone(),
            region: plan.region().to_string(),
            spec: part.spec.clone(),
            version: configs.get(at.config).versions[at.version].0,
            price: plan.item(part).key.clone(),
        })
    }

    /// Whether both are of one sum, at whatever price.
    fn is_version_of(&self, other: &Key) -> bool {
        let of = |it: &'_ Key| [&it.product, &it.component, &it.region, &it.spec].map(String::clone);
        of(self) == of(other)
    }
}
