//! Recounting: a closed cycle rated once more with all that is known by now, and the difference billed.
//!
//! In:  how meters stood in the closed cycle, all its readings, what it came to so far. Out: adjustment bills.
//! Invariant: late is the same as on time: what a cycle cost and its adjustments add up, to 1e-8, to what it would have
//! cost had all come in time; one adjustment for each resource or sum and closed cycle, however many readings came.
//! Rules: R-SET-5, R-PKG-13, R-PRC-25.

mod kept;
mod taken;

use crate::aggregate::Aggregation;
use crate::bill::{Bill, Kind, Line, Title};
use crate::book::Scope;
use crate::charge::{About, Charging, samples_of};
use crate::demand;
use crate::free_tier::Freed;
use crate::plan::{Part, Plan, PlanError};
use crate::rate::{self, Cost};
use crate::run::{Billed, Recount};
use crate::segment::{self, Segment};
use crate::sums::{Key, Sums};
use crate::used::{AggregateError, PartRef};
use crate::wallet::Paid;
use std::borrow::Cow;
use taken::{Served, Taken};
use units::{Amount, BillId, Measured, MoneyError};

/// An adjustment, and how what it corrects was paid.
pub struct Adjustment<'a> {
    pub bill: Bill<'a>,
    pub so_far: Paid,
}

/// What one component of a resource or sum comes to in the closed cycle.
struct Rated<'a> {
    /// The part that it is named by.
    at: PartRef,
    plan: &'a Plan,
    part: &'a Part,
    spec: String,
    lines: Vec<Line<'a>>,
}

impl Rated<'_> {
    /// Product, region and spec: what an adjustment is of beside its resource.
    fn name(&self) -> [&str; 3] {
        [&self.plan.product().id, self.plan.region(), &self.spec]
    }

    fn component(&self) -> &str {
        &self.plan.component(self.part).id
    }
}

impl<'a> Charging<'_, 'a> {
    /// The adjustments of a closed cycle: none where nothing changed.
    ///
    /// Everything is rated once more; of sums over the account, what packs took stays, and what is free is shared out anew.
    /// Errors: as of a cycle that runs.
    pub fn recount(&self, recount: &Recount) -> Result<Vec<Adjustment<'a>>, AggregateError> {
        let (openings, changes) = recount.meters(self.configs)?;
        let (segments, _) = segment::segments(&openings, &changes, recount.original, self.configs)?;
        let rated = match recount.resource {
            Some(_) => self.rated_of_resource(recount, &segments)?,
            None => self.rated_sums(recount, &segments)?,
        };
        let mut adjustments = Vec::new();
        for about in rated.chunk_by(|one, other| one.name() == other.name()) {
            adjustments.extend(self.adjustment(recount, about)?);
        }
        Ok(adjustments)
    }

    /// What every component of the resource comes to, and those that were billed and come to nothing now.
    fn rated_of_resource(
        &self,
        recount: &Recount,
        segments: &[Segment],
    ) -> Result<Vec<Rated<'a>>, AggregateError> {
        let aggregation = Aggregation::new(self.configs, Scope::Resource, &recount.original);
        let mut used = Vec::new();
        aggregation.resource(segments, &recount.samples, &mut used)?;
        let mut rated: Vec<Rated<'a>> = Vec::new();
        for (it, line) in used.iter().zip(rate::lines(&used, self.configs, recount.terms)?) {
            match rated.iter_mut().find(|it| it.component() == line.component) {
                Some(of_component) => of_component.lines.push(line),
                None => rated.push(self.rated(it.at, "", vec![line])?),
            }
        }
        for component in recount.billed.iter().flat_map(|it| it.costs_e8.keys()) {
            if !rated.iter().any(|it| it.component() == component) {
                let at = self.part_of(recount, |plan, part| plan.component(part).id == *component);
                let at = at?.ok_or_else(|| gone(&recount.billed, component))?;
                rated.push(self.rated(at, "", Vec::new())?);
            }
        }
        Ok(rated)
    }

    /// What the components of sums come to, by product and component; what packs took of them stays taken.
    pub(crate) fn costs_of_sums(
        &self,
        recount: &Recount,
        segments: &[Segment],
    ) -> Result<Vec<(&'a str, &'a str, i64)>, AggregateError> {
        let rated = self.rated_sums(recount, segments)?;
        let costs = rated.iter().flat_map(|it| {
            let (product, component) =
                (it.plan.product().id.as_str(), it.plan.component(it.part).id.as_str());
            it.lines.iter().map(move |line| (product, component, line.cost_e8))
        });
        Ok(costs.collect())
    }

    fn rated(&self, at: PartRef, spec: &str, lines: Vec<Line<'a>>) -> Result<Rated<'a>, AggregateError> {
        let (plan, part) = at.resolve(self.configs)?;
        Ok(Rated { at, plan, part, spec: spec.to_string(), lines })
    }

    /// The part that something was billed by, found in the lives of the resources, the last options first.
    fn part_of(
        &self,
        recount: &Recount,
        is_it: impl Fn(&Plan, &Part) -> bool,
    ) -> Result<Option<PartRef>, AggregateError> {
        let from = recount.original.from.as_second();
        for change in recount.life.iter().rev() {
            let config = self.configs.get(change.config);
            let version = config.version(from);
            let plan = config.plan(version)?;
            if let Some(part) = plan.parts.iter().position(|it| is_it(plan, it)) {
                return Ok(Some(PartRef { config: change.config, version, part }));
            }
        }
        Ok(None)
    }

    /// Those of one sum stand together, for sums come in the order of their keys.
    fn rated_sums(&self, recount: &Recount, segments: &[Segment]) -> Result<Vec<Rated<'a>>, AggregateError> {
        let aggregation = Aggregation::new(self.configs, Scope::Account, &recount.original);
        let freed = Freed::of(aggregation, segments, &recount.samples)?;
        let mut sums = Sums::default();
        let mut samples = recount.samples.as_slice();
        let mut index = 0;
        for own in segments.chunk_by(|one, other| one.resource == other.resource) {
            let own_samples = samples_of(own[0].resource, &mut samples);
            for component in aggregation.sampled_in(own)? {
                for it in freed.sampled(component, own, own_samples)? {
                    sums.add(&it, self.configs)?;
                }
            }
            for at in 0..own.len() {
                let mut held = Vec::new();
                aggregation.held(&own[at..=at], &mut held)?;
                for it in &held {
                    sums.add(&freed.held(it, index + at)?, self.configs)?;
                }
            }
            index += own.len();
        }
        let mut taken = Taken::of(recount, self.served(recount, segments)?);
        // All take what packs took in their time before any takes more, and what is their own before any takes what is left.
        sums.cover(self.configs, |key, it| {
            taken.stays(key, it);
            0
        })?;
        sums.cover(self.configs, |key, it| taken.in_time(key, it))?;
        sums.cover(self.configs, |key, it| taken.own(key, it))?;
        sums.cover(self.configs, |key, it| taken.rest(key, it))?;
        let mut rated = Vec::new();
        for it in sums.in_order(self.configs)? {
            let Some((at, key)) = it.keys.last() else { continue };
            let lines = rate::lines(&it.used, self.configs, recount.terms)?;
            rated.push(self.rated(*at, &key.spec, lines)?);
        }
        self.add_gone_sums(recount, &mut rated)?;
        rated.sort_by(|one, other| one.name().cmp(&other.name()));
        Ok(rated)
    }

    /// What the packs of a closed cycle took of each sum as it is priced now: in the same seconds as when it closed.
    fn served(&self, recount: &Recount, segments: &[Segment]) -> Result<Served, AggregateError> {
        let covered = demand::serve(segments, self.configs, &recount.packs, recount.original.kind)?;
        let mut served = Served::new();
        for ((segment, part), units) in covered.units {
            let Segment { config, version, .. } = segments[segment];
            let at = PartRef { config, version, part };
            *served.entry(Key::of(at, self.configs)?).or_default() += units;
        }
        Ok(served)
    }

    /// Components of sums that were billed and come to nothing now.
    fn add_gone_sums(&self, recount: &Recount, rated: &mut Vec<Rated<'a>>) -> Result<(), AggregateError> {
        for billed in &recount.billed {
            let name = [&*billed.product, &*billed.region, &*billed.spec];
            for component in billed.costs_e8.keys() {
                if rated.iter().any(|it| it.name() == name && it.component() == component) {
                    continue;
                }
                let at = self.part_of(recount, |plan, part| {
                    [&*plan.product().id, plan.region(), &*part.spec] == name
                        && plan.component(part).id == *component
                });
                let at = at?.ok_or_else(|| gone(std::slice::from_ref(billed), component))?;
                rated.push(self.rated(at, &billed.spec, Vec::new())?);
            }
        }
        Ok(())
    }

    /// One adjustment over the components of a resource or sum that cost something else than was billed.
    fn adjustment(
        &self,
        recount: &Recount,
        rated: &[Rated<'a>],
    ) -> Result<Option<Adjustment<'a>>, AggregateError> {
        let [product, region, spec] = rated[0].name();
        let billed = recount.billed.iter().find(|it| {
            it.product == product && (recount.resource.is_some() || (it.region == region && it.spec == spec))
        });
        let mut lines = Vec::new();
        for it in rated {
            lines.extend(self.difference(recount, it, billed)?);
        }
        if lines.is_empty() {
            return Ok(None);
        }
        let name = match recount.resource {
            Some(resource) => resource.to_string(),
            None => format!("{product} {region} {spec}"),
        };
        // Its id stands among those of the closed cycle, where its use belongs; the run tells it from those of other runs.
        let (kind, cycle) = (Kind::Adjustment, recount.original);
        let subject = BillId::named(self.run.cycle.to, &name).bits();
        let id = Title { account: self.read.wallet.account(), kind, cycle, subject }.id();
        let about = About { at: rated[0].at, resource: recount.resource, subject };
        let mut bill = self.bill(kind, about, lines)?;
        let so_far = billed.map_or(Paid::none(self.currency()), |it| it.paid);
        kept::hold_back(&mut bill, so_far.total(), billed.map_or(0, |it| it.kept_e8))?;
        let original = Some((recount.original.from, recount.original.to));
        let spec = Cow::Owned(spec.to_string());
        Ok(Some(Adjustment { bill: Bill { id, original, spec, ..bill }, so_far }))
    }

    /// The line of a component that comes to something else than was billed.
    fn difference(
        &self,
        recount: &Recount,
        rated: &Rated<'a>,
        billed: Option<&Billed>,
    ) -> Result<Option<Line<'a>>, AggregateError> {
        let (plan, part) = (rated.plan, rated.part);
        // What was never billed came to nothing.
        let billed_e8 = billed.and_then(|it| it.costs_e8.get(rated.component())).copied().unwrap_or(0);
        let sum = |of: fn(&Line<'_>) -> i64| {
            let sum: i128 = rated.lines.iter().map(|it| i128::from(of(it))).sum();
            i64::try_from(sum).map_err(|_| MoneyError::Overflow)
        };
        let cost_e8 = sum(|it| it.cost_e8)?.checked_sub(billed_e8).ok_or(MoneyError::Overflow)?;
        if cost_e8 == 0 {
            return Ok(None);
        }
        let last = match rated.lines.last() {
            Some(last) => last.clone(),
            None => {
                let (from, to) = (recount.original.from.as_second(), recount.original.to.as_second());
                let rate_e8 = rate::rate_e8(plan.component(part), recount.terms);
                let nothing = Cost::new(Amount::zero(self.currency()), rate_e8)?;
                Line { from, to, ..rate::line_of(plan, part, nothing) }
            }
        };
        Ok(Some(Line {
            measured: whole(&rated.lines).unwrap_or(last.measured),
            offset: 0,
            later: 0,
            covered: 0,
            free: 0,
            list_e8: sum(|it| it.list_e8)?,
            earlier_e8: None,
            billed_e8: Some(billed_e8),
            cost_e8,
            from: rated.lines.iter().map(|it| it.from).min().unwrap_or(last.from),
            to: rated.lines.iter().map(|it| it.to).max().unwrap_or(last.to),
            ..last
        }))
    }
}

/// What was billed has no price any more.
fn gone(billed: &[Billed], component: &str) -> AggregateError {
    let product = billed.first().map_or_else(String::new, |it| it.product.clone());
    let (component, options) = (component.to_string(), "the closed cycle".to_string());
    AggregateError::Plan(PlanError::NoPrice { product, component, options })
}

/// All that was measured, where it is of one kind.
fn whole(lines: &[Line<'_>]) -> Option<Measured> {
    let first = lines.first()?.measured;
    let kind = |it: Measured| (it.count, it.num, it.den, it.unit);
    let quantity = lines.iter().map(|it| it.measured.quantity).sum();
    lines.iter().all(|it| kind(it.measured) == kind(first)).then_some(Measured { quantity, ..first })
}
