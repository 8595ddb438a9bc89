//! Charging: the bills of one account and cycle, before any money moves.
//!
//! In:  what was used, by resource, by sum, late; what the month came to so far. Out: bills, each rounded once.
//! Invariant: one bill per resource and cycle, per account-wide sum, per late reading, per product that rounding
//! took too much or too little of.
//! Rules: R-SET-1, R-SET-2, R-SET-5, R-MON-2, R-MON-4.

use crate::aggregate::{Aggregation, samples};
use crate::bill::{Bill, Kind, Line, Title};
use crate::book::Scope;
use crate::plan::Configs;
use crate::rate;
use crate::run::{AccountCycle, Late, Run};
use crate::segment::Segment;
use crate::sums::{Key, Sums};
use crate::used::{AggregateError, PartRef, Sample, Used};
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
struct About {
    at: PartRef,
    resource: Option<ResourceId>,
    /// What its id follows from.
    subject: u128,
}

impl<'a> Charging<'_, 'a> {
    fn currency(&self) -> Currency {
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
            used.clear();
            aggregation.resource(own, samples_of(resource, &mut samples), &mut used)?;
            let Some(first) = used.first() else { continue };
            let about = About { at: first.at, resource: Some(resource), subject: resource.bits() };
            let mut lines = Vec::with_capacity(used.len());
            for it in &used {
                lines.push(rate::line(it, self.configs, self.read.terms)?);
            }
            bills.push(self.bill(kind, about, lines)?);
        }
        Ok(bills)
    }

    /// A bill over `lines`.
    #[inline(always)]
    fn bill(&self, kind: Kind, about: About, lines: Vec<Line<'a>>) -> Result<Bill<'a>, AggregateError> {
        let (plan, part) = about.at.resolve(self.configs)?;
        let (amount_e8, total) = Bill::sum(&lines, self.currency())?;
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

    /// One bill for each account-wide sum, in the order of their keys.
    pub fn sums(&self, sums: Sums) -> Result<Vec<Bill<'a>>, AggregateError> {
        sums.in_order(self.configs)?.iter().map(|(key, used)| self.sum(key, used)).collect()
    }

    fn sum(&self, key: &Key, used: &Used) -> Result<Bill<'a>, AggregateError> {
        let line = rate::line(used, self.configs, self.read.terms)?;
        let name = format!(
            "{} {} {} {} {} {}",
            key.product, key.component, key.region, key.spec, key.version, key.price
        );
        let subject = BillId::named(self.run.cycle.from, &name).bits();
        let about = About { at: used.at, resource: None, subject };
        self.bill(Kind::of_cycle(self.run.cycle.kind), about, vec![line])
    }

    /// Its own bill, at the price of the usage instant, no pack, naming the closed cycle. Source: R-SET-5.
    pub fn late(&self, late: &Late) -> Result<Option<Bill<'a>>, AggregateError> {
        let config = self.configs.get(late.config);
        let version = config.version(late.sample.at);
        let plan = config.plan(version)?;
        for (part, it) in plan.parts.iter().enumerate() {
            let component = plan.component(it);
            let charged = component.meter.usage() == Some(&late.sample.usage)
                && component.billed_while.contains(&late.state);
            let at = PartRef { config: late.config, version, part };
            let Some(used) = samples::late(&late.sample, at, plan, it).filter(|_| charged) else { continue };
            let line = rate::line(&used, self.configs, self.read.terms)?;
            let subject = BillId::named(self.run.cycle.from, &late.sample.event).bits();
            let about = About { at, resource: Some(late.sample.resource), subject };
            let bill = self.bill(Kind::Adjustment, about, vec![line])?;
            return Ok(Some(Bill { original: Some((late.original.from, late.original.to)), ..bill }));
        }
        Ok(None)
    }

    /// At the end of a month, what rounding took too much is given back, what it took too little is waived.
    ///
    /// Source: R-MON-4.
    pub fn precision(&self, bills: &[Bill<'a>]) -> Result<Vec<Bill<'a>>, MoneyError> {
        if self.run.cycle.kind != CycleKind::Month {
            return Ok(Vec::new());
        }
        let mut differences: BTreeMap<&str, Amount> = BTreeMap::new();
        let so_far = self.read.sums.iter().map(|it| (it.product.as_str(), it.amount_e8, it.total));
        let now = bills.iter().filter(|it| it.kind.is_post_paid());
        for (product, amount_e8, total) in so_far.chain(now.map(|it| (&*it.product, it.amount_e8, it.total)))
        {
            let difference = differences.entry(product).or_insert(Amount::zero(self.currency()));
            let cost = Amount::from_e8(amount_e8.into(), self.currency());
            *difference = difference.checked_add(cost)?.checked_sub(total.to_amount())?;
        }
        let corrections = differences.into_iter().map(|(product, it)| self.correction(product, it));
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
