//! Charging: the bills of one account and cycle, before any money moves.
//!
//! In:  what was used, by resource, by sum; what the month came to so far. Out: bills, each rounded once.
//! Invariant: one bill per resource and cycle, per account-wide sum and price version, per product that rounding
//! took too much or too little of. What comes late is billed in `recount`.
//! Rules: R-SET-1, R-SET-2, R-MON-2, R-MON-4, R-TIM-9.

use crate::aggregate::{Aggregation, samples};
use crate::bill::{Bill, Kind, Line, Title};
use crate::book::Scope;
use crate::plan::Configs;
use crate::rate;
use crate::run::{AccountCycle, Run};
use crate::segment::Segment;
use crate::sums::{Key, Sums};
use crate::used::{AggregateError, PartRef, Sample, Used, Window};
use std::borrow::Cow;
use std::collections::BTreeMap;
use units::{Amount, BillId, Currency, CycleKind, Money, MoneyError, ResourceId};

/// One account and cycle, and the prices.
#[derive(Clone, Copy)]
pub struct Charging<'r, 'a> {
    pub read: &'r AccountCycle,
    pub configs: &'a Configs,
    pub run: Run,
}

/// The samples of `resource`, off the front of `left`, which is as sorted as the resources are asked for.
pub fn samples_of<'a>(resource: ResourceId, left: &mut &'a [Sample]) -> &'a [Sample] {
    let first = left.iter().take_while(|it| it.resource < resource).count();
    let count = left[first..].iter().take_while(|it| it.resource == resource).count();
    let (own, rest) = left[first..].split_at(count);
    *left = rest;
    own
}

/// What a bill is about: the resource or the sum, and the part that names its product.
#[derive(Clone, Copy)]
pub(crate) struct About {
    pub at: PartRef,
    pub resource: Option<ResourceId>,
    /// What its id follows from.
    pub subject: u128,
}

impl<'a> Charging<'_, 'a> {
    pub(crate) fn currency(&self) -> Currency {
        self.read.wallet.currency()
    }

    fn title(&self, kind: Kind, subject: u128) -> Title {
        Title { account: self.read.wallet.account(), kind, cycle: self.run.cycle, subject }
    }

    /// One bill for each resource that has something to pay, in the order of `segments`.
    pub fn resources(&self, segments: &[Segment]) -> Result<Vec<Bill<'a>>, AggregateError> {
        let mut bills = Vec::with_capacity(self.read.openings.len());
        let mut used: Vec<Used> = Vec::new();
        let mut samples = self.read.samples.as_slice();
        let aggregation = Aggregation::new(self.configs, Scope::Resource, &self.run.cycle);
        let kind = Kind::of_cycle(self.run.cycle.kind);
        for own in segments.chunk_by(|one, other| one.resource == other.resource) {
            let resource = own[0].resource;
            let name = |it: AggregateError| it.of(resource);
            used.clear();
            aggregation.resource(own, samples_of(resource, &mut samples), &mut used).map_err(name)?;
            let Some(first) = used.first() else { continue };
            let about = About { at: first.at, resource: Some(resource), subject: resource.bits() };
            let lines = rate::lines(&used, self.configs, self.read.terms).map_err(name)?;
            bills.push(self.bill(kind, about, lines).map_err(name)?);
        }
        Ok(bills)
    }

    /// The samples that nothing charges although something reads them. Source: R-TIM-9.
    pub fn homeless(&self, segments: &[Segment]) -> Result<Vec<Sample>, AggregateError> {
        let window = Window { configs: self.configs, cycle: self.run.cycle };
        let mut homeless = Vec::new();
        let mut segments = segments;
        for own in self.read.samples.chunk_by(|one, other| one.resource == other.resource) {
            let first = segments.iter().take_while(|it| it.resource < own[0].resource).count();
            segments = &segments[first..];
            let count = segments.iter().take_while(|it| it.resource == own[0].resource).count();
            // A run of another kind of cycle may know nothing of the resource, and judges nothing of it.
            if count == 0 {
                continue;
            }
            homeless.extend(samples::homeless(&segments[..count], own, &window)?.into_iter().cloned());
        }
        Ok(homeless)
    }

    /// A bill over `lines`.
    #[inline(always)]
    pub(crate) fn bill(
        &self,
        kind: Kind,
        about: About,
        lines: Vec<Line<'a>>,
    ) -> Result<Bill<'a>, AggregateError> {
        let (plan, part) = about.at.resolve(self.configs)?;
        let sum = Bill::sum(&lines, self.currency());
        let name = |it: MoneyError| AggregateError::from(it).of(&plan.product().id);
        let (amount_e8, total) = sum.map_err(name)?;
        Ok(Bill {
            product: Cow::Borrowed(&plan.product().id),
            region: Cow::Borrowed(plan.region()),
            resource: about.resource,
            spec: if about.resource.is_some() { Cow::Borrowed("") } else { Cow::Borrowed(&part.spec) },
            posted: self.run.posted,
            watermark: self.run.watermark,
            amount_e8,
            total,
            lines,
            ..Bill::blank(&self.title(kind, about.subject), self.currency())
        })
    }

    /// One bill for each account-wide sum and price version, in the order of their keys.
    pub fn sums(&self, sums: Sums) -> Result<Vec<Bill<'a>>, AggregateError> {
        let mut bills = Vec::new();
        for it in sums.in_order(self.configs)? {
            let lines = rate::lines(&it.used, self.configs, self.read.terms)?;
            let mut lines: Vec<(PartRef, Line<'a>)> = it.used.iter().map(|it| it.at).zip(lines).collect();
            for (at, key) in &it.keys {
                let (own, rest) = lines.into_iter().partition(|it| it.0 == *at);
                lines = rest;
                bills.extend(self.sum(*at, key, own)?);
            }
        }
        Ok(bills)
    }

    /// `None` for a version of which nothing is left: what was begun before took all of it.
    fn sum(
        &self,
        at: PartRef,
        key: &Key,
        lines: Vec<(PartRef, Line<'a>)>,
    ) -> Result<Option<Bill<'a>>, AggregateError> {
        if lines.is_empty() {
            return Ok(None);
        }
        let name = format!(
            "{} {} {} {} {} {}",
            key.product, key.component, key.region, key.spec, key.version, key.price
        );
        let subject = BillId::named(self.run.cycle.from, &name).bits();
        let about = About { at, resource: None, subject };
        let lines = lines.into_iter().map(|it| it.1).collect();
        self.bill(Kind::of_cycle(self.run.cycle.kind), about, lines).map(Some)
    }

    /// At the end of a month, what rounding took too much is given back, what it took too little is waived.
    ///
    /// Source: R-MON-4.
    pub fn precision(&self, bills: &[Bill<'a>]) -> Result<Vec<Bill<'a>>, AggregateError> {
        if self.run.cycle.kind != CycleKind::Month {
            return Ok(Vec::new());
        }
        let mut differences: BTreeMap<&str, Amount> = BTreeMap::new();
        let so_far = self.read.sums.iter().map(|it| (it.product.as_str(), it.amount_e8, it.total));
        let now = bills.iter().filter(|it| it.kind.is_post_paid());
        // What is carried on is settled with a later bill.
        let now =
            now.map(|it| (&*it.product, i128::from(it.amount_e8) - i128::from(it.carried_e8), it.total));
        for (product, amount_e8, total) in so_far.chain(now) {
            let difference = differences.entry(product).or_insert(Amount::zero(self.currency()));
            let cost = Amount::from_e8(amount_e8, self.currency());
            let sum = difference.checked_add(cost).and_then(|it| it.checked_sub(total.to_amount()));
            *difference = sum.map_err(|it| AggregateError::from(it).of(product))?;
        }
        let correct = |product: &str, it| {
            self.correction(product, it).map_err(|it| AggregateError::from(it).of(product))
        };
        let corrections = differences.into_iter().map(|(product, it)| correct(product, it));
        corrections.filter_map(Result::transpose).collect()
    }

    /// The correction of one product, if it comes to a minor unit.
    fn correction(&self, product: &str, difference: Amount) -> Result<Option<Bill<'a>>, MoneyError> {
        let rounded = difference.round()?;
        let (kind, total) = match rounded.minor() {
            0 => return Ok(None),
            minor if minor < 0 => (Kind::PrecisionCredit, rounded),
            _ => (Kind::PrecisionWaiver, Money::zero(self.currency())),
        };
        let subject = BillId::named(self.run.cycle.from, product).bits();
        Ok(Some(Bill {
            product: Cow::Owned(product.to_string()),
            posted: self.run.posted,
            watermark: self.run.watermark,
            amount_e8: difference.to_row()?,
            total,
            ..Bill::blank(&self.title(kind, subject), self.currency())
        }))
    }
}
