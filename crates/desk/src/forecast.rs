//! The forecast of a month: what it will have come to when it ends, if all that runs goes on as it is.
//!
//! In:  how meters stand, what was billed. Out: what is still to come until the month ends, by product and resource; and what a day
//! of the next cycles costs.
//! Invariant: the settlement itself finds it: open cycles as they stand, the next whole one as often as there are more, and
//! what goes by the tier clock or the month clock in one piece. Use that is measured counts as far as it was reported; nothing is written.

use super::to_come::{self, OpenBill, Unsettled};
use super::{Desk, Refusal};
use billing::allocation::{SumLine, SumOf};
use billing::bill::Line;
use billing::meter::HeldBy;
use billing::plan::Configs;
use billing::settle::AccountCycle;
use billing::used::AggregateError;
use std::borrow::Cow;
use units::{Amount, Currency, Cycle, Money, MoneyError, ResourceId};

const DAY: i128 = 86_400;

/// What is still to be billed of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    pub product: String,
    /// `None` for a sum over several resources.
    pub resource: Option<ResourceId>,
    /// In 1e-8: bills of open cycles as they will be rounded, those of cycles that have not begun exact.
    pub amount_e8: i128,
    /// As `OpenBill::charged`: what a sum is shared by.
    pub(super) charged: Vec<(SumOf, SumLine)>,
}

/// What a month will have come to.
#[derive(Clone, Debug)]
pub struct Forecast {
    pub month: Cycle,
    /// What the bills of the month come to, what was paid ahead included.
    pub billed: Money,
    /// What is still to be billed of it, or why that cannot be said.
    pub coming: Result<Vec<Coming>, AggregateError>,
}

impl Forecast {
    /// All of the month, rounded once. `None` where it cannot be said.
    pub fn total(&self) -> Result<Option<Money>, MoneyError> {
        let Ok(coming) = &self.coming else { return Ok(None) };
        let currency = self.billed.currency();
        self.billed.checked_add(sum(coming, currency)?).map(Some)
    }
}

/// What several come to, rounded once.
pub fn sum<'a>(all: impl IntoIterator<Item = &'a Coming>, currency: Currency) -> Result<Money, MoneyError> {
    let zero = Amount::zero(currency);
    let add = |sum: Amount, it: &Coming| sum.checked_add(Amount::from_e8(it.amount_e8, currency));
    all.into_iter().try_fold(zero, add)?.round()
}

/// What one kind of cycle still brings if all that runs goes on as it is.
#[derive(Clone, Debug)]
pub(super) struct Onward {
    /// Until the month ends.
    pub coming: Vec<Coming>,
    /// What a day of the next whole cycle costs at the prices that hold now, in 1e-8; or why that cannot be said, which says nothing against the month.
    pub a_day_e8: Result<i128, AggregateError>,
}

impl Onward {
    /// The same with what another kind of cycle brings.
    pub(super) fn with(mut self, other: Onward) -> Onward {
        self.coming.extend(other.coming);
        let a_day_e8 = self.a_day_e8.and_then(|it| Ok(it + other.a_day_e8?));
        Onward { a_day_e8, ..self }
    }
}

/// How things go on until a month ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course<'a> {
    pub desk: &'a Desk,
    pub configs: &'a Configs,
    /// A month that has begun.
    pub month: Cycle,
}

impl Course<'_> {
    /// What one kind of cycle still brings. `of` says what is known up to now.
    pub(super) fn rest(
        &self,
        mut read: AccountCycle,
        of: &Unsettled,
    ) -> Result<Result<Onward, AggregateError>, Refusal> {
        let present = self.desk.calendar.cycle(of.kind, of.until)?;
        let open = Unsettled { until: present.to, ..of.clone() };
        let bills = match to_come::bills(self.desk, &mut read, &open, self.configs)? {
            Ok(bills) => bills,
            Err(error) => return Ok(Err(error)),
        };
        let of_month = bills.iter().filter(|it| self.month.contains(it.used_from));
        let mut coming: Vec<Coming> = of_month.map(|it| part(it, it.total.to_amount().e8())).collect();
        let next = self.desk.calendar.next(&present)?;
        let read = AccountCycle { carries: Vec::new(), ..read };
        let one = to_come::in_cycle(read.clone(), self.configs, next);
        // A day costs what it costs now: prices of a later book are none of it, also where the next cycle has them.
        let a_day_e8 = match self.configs.held_at(of.until.as_second()) {
            Cow::Borrowed(_) => one.as_ref().map(|it| a_day(it, next)).map_err(Clone::clone),
            Cow::Owned(held) => to_come::in_cycle(read.clone(), &held, next).map(|it| a_day(&it, next)),
        };
        // The next cycle counts where it is of this month: what cannot be said of a later one leaves the month as it is.
        if present.to < self.month.to {
            let times = self.times(next)?;
            match one.and_then(|one| self.later(read, &one, (next, times))) {
                Ok(more) => coming.extend(more),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(Onward { coming, a_day_e8 }))
    }

    /// How many cycles there are from `first` on until the month ends.
    fn times(&self, first: Cycle) -> Result<i128, Refusal> {
        let (mut cycle, mut times) = (first, 1);
        while cycle.to < self.month.to {
            cycle = self.desk.calendar.next(&cycle)?;
            times += 1;
        }
        Ok(times)
    }

    /// What `times` cycles from `first` on bring, none of which has begun and each of which brings `one`.
    fn later(
        &self,
        read: AccountCycle,
        one: &[OpenBill],
        (first, times): (Cycle, i128),
    ) -> Result<Vec<Coming>, AggregateError> {
        let by_clock = |bill: &OpenBill, line: &Line<'_>| self.by_clock(&bill.product, line);
        let mut coming: Vec<Coming> =
            one.iter().map(|it| part(it, times * costs(it, |line| !by_clock(it, line)))).collect();
        if one.iter().any(|bill| bill.lines.iter().any(|line| by_clock(bill, line))) {
            let long = to_come::in_cycle(read, self.configs, Cycle { to: self.month.to, ..first })?;
            coming.extend(long.iter().map(|it| part(it, costs(it, |line| by_clock(it, line)))));
        }
        coming.retain(|it| it.amount_e8 != 0);
        Ok(coming)
    }

    /// Whether what a line costs goes by how long its resource has run or lived, in its month too, so that no cycle is like the one
    /// before. Source: R-PRC-3, R-PRC-23, R-PRC-24.
    fn by_clock(&self, product: &str, line: &Line<'_>) -> bool {
        let product = self.desk.books.get(line.book).and_then(|it| it.product(product));
        let component = product.and_then(|it| it.components.iter().find(|it| it.id == line.component));
        component.is_some_and(|it| {
            let by_life = it.least_seconds > 0 || it.month_seconds.is_some();
            by_life || it.meter.held_by() == Some(HeldBy::Clock)
        })
    }
}

/// What a day costs of a cycle that brings these bills, in 1e-8; the part of one behind it is nothing.
fn a_day(bills: &[OpenBill], cycle: Cycle) -> i128 {
    let whole: i128 = bills.iter().map(|it| i128::from(it.amount_e8)).sum();
    whole * DAY / i128::from(cycle.seconds().max(1))
}

fn part(bill: &OpenBill, amount_e8: i128) -> Coming {
    let charged = bill.charged.clone();
    Coming { product: bill.product.clone(), resource: bill.resource, amount_e8, charged }
}

/// The costs of lines that fit, in 1e-8.
fn costs(bill: &OpenBill, fits: impl Fn(&Line<'_>) -> bool) -> i128 {
    bill.lines.iter().filter(|it| fits(it)).map(|it| i128::from(it.cost_e8)).sum()
}
