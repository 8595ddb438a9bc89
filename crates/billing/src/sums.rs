//! Account-wide sums: what all resources of an account in one region and of one spec used together.
//!
//! In:  `Used` rows of single resources, less what packs covered. Out: one row per sum and price version.
//! Invariant: sums stay whole numbers; free units and tiers go on from one price version to the next.
//! Rules: R-QCS-2, R-QCS-3, R-PRC-16.

use crate::plan::Configs;
use crate::used::{AggregateError, Used, carry};
use std::collections::BTreeMap;
use units::Measured;

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

/// Account-wide sums in the making.
#[derive(Default)]
pub struct Sums {
    sums: BTreeMap<Key, Used>,
}

impl Sums {
    /// Adds what was used, less what packs covered of it.
    pub fn add(&mut self, used: &Used, configs: &Configs) -> Result<(), AggregateError> {
        let (plan, part) = used.at.resolve(configs)?;
        let component = plan.component(part);
        let key = Key {
            product: plan.product().id.clone(),
            component: component.id.clone(),
            region: plan.region().to_string(),
            spec: part.spec.clone(),
            version: configs.get(used.at.config).versions[used.at.version].0,
            price: plan.item(part).key.clone(),
        };
        let read = component.meter.usage().is_some();
        let unit = if read { component.quantity.unit } else { component.quantity.unit.seconds() };
        let empty = Used::new(used.at, Measured::of(0, unit), used.from, used.to);
        let sum = self.sums.entry(key).or_insert(empty);
        sum.measured.quantity += used.measured.quantity;
        sum.covered += used.covered;
        sum.from = sum.from.min(used.from);
        sum.to = sum.to.max(used.to);
        Ok(())
    }

    /// The sums in the order of their keys: kind of resource, spec, price version.
    ///
    /// Errors: a sum that is too large to carry into the next price version.
    pub fn in_order(self, configs: &Configs) -> Result<Vec<(Key, Used)>, AggregateError> {
        let mut sums: Vec<(Key, Used)> = self.sums.into_iter().collect();
        let same = |one: &(Key, Used), other: &(Key, Used)| {
            let of =
                |it: &Key| (it.product.clone(), it.component.clone(), it.region.clone(), it.spec.clone());
            of(&one.0) == of(&other.0)
        };
        for versions in sums.chunk_by_mut(same).filter(|it| it.len() > 1) {
            let mut lines: Vec<Used> = versions.iter().map(|it| it.1).collect();
            carry(&mut lines, configs)?;
            versions.iter_mut().zip(lines).for_each(|(version, line)| version.1 = line);
        }
        Ok(sums)
    }
}
