//! Refunds: what goes back of something prepaid that is given back before its deadline, and how that comes about.
//!
//! In:  a resource with the orders that were paid for it, what its product says, when. Out: lines that add up to what goes
//! back, or why nothing does.
//! Invariant: no more goes back than was paid, and nothing below zero; every line but those of what was paid is priced by a
//! book, so that it can be priced again.
//! Rules: R-REF-1 to R-REF-6, R-MON-6, R-MON-7, R-PKG-14, section 20 of the rules.

pub mod given_back;
pub mod lines;
pub mod of_pack;
pub mod rule;
pub mod to_card;
mod value;

use crate::bill::{Bill, Kind, Line, Title};
use crate::book::{Book, Due, Meter};
use crate::order::open::Open;
use crate::order::{Action, Order};
use crate::plan::{Part, Plan, PlanError, Reads};
use crate::quote;
use crate::rate;
use crate::resource::{EndedBy, Event, Resource, State, StepError};
use crate::used::AggregateError;
use crate::wallet::Paid;
use lines::{FLOOR, Had, PAID, PASSED, Span, priced, sum_line};
use rule::{RefundFloor, RefundRest, RefundRule, UsedRefund, UsedUntil, WholeRefund};
use std::borrow::Cow;
use std::sync::Arc;
use units::calendar::{Anchor, CalendarError, days_left, seconds_after, seconds_between};
use units::{
    AccountId, Calendar, Currency, Cycle, CycleKind, Measured, Money, MoneyError, OrderId, RefundId,
    ResourceId, Timestamp,
};

/// How what goes back was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// All of it, soon after the delivery. Source: R-REF-1.
    Whole,
    /// Less what was used. Source: R-REF-2.
    Used,
    /// Less the share of the time that has passed. Source: R-REF-6.
    Share,
    /// All of it, of a pack that has not begun. Source: R-PKG-14.
    Unused,
    /// Less what was used, and it went on, paid by use. Source: R-CNV-2.
    Converted,
}

impl Way {
    pub const ALL: [Way; 5] = [Way::Whole, Way::Used, Way::Share, Way::Unused, Way::Converted];

    pub const fn as_str(self) -> &'static str {
        match self {
            Way::Whole => "whole",
            Way::Used => "used",
            Way::Share => "share",
            Way::Unused => "unused",
            Way::Converted => "converted",
        }
    }

    pub fn parse(text: &str) -> Option<Way> {
        Way::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// Why nothing is refunded. Each is a different answer to the customer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefundError {
    #[error("name either a resource or a pack")]
    Subject,
    #[error("what is paid by use is not refunded; release it, and it costs nothing any more")]
    NotPrepaid,
    #[error("`{0}` is not refunded; it runs to its end")]
    NotRefundable(String),
    #[error("its deadline was {0}; what has expired is not refunded")]
    Expired(Timestamp),
    #[error("it was refunded before; a refund is made once")]
    Refunded,
    /// One about the same cannot be ended any more.
    #[error("{0}")]
    OpenOrder(Open),
    #[error("it could be refunded until {0}; it runs to its deadline now")]
    TooLate(Timestamp),
    #[error(
        "an account has {most} refunds of this kind in its time, and they are made; it runs to its deadline"
    )]
    Limit { most: u32 },
    #[error("nothing was paid for it; there is nothing to give back")]
    NothingPaid,
    #[error("the pack began at {0}; only a pack that has not begun is refunded")]
    Begun(Timestamp),
    #[error("{now} goes back by now, and {least} was expected at least; look at it again")]
    Less { least: Money, now: Money },
    #[error("no card that paid for it can take anything back; leave out where the cash goes")]
    NoCard,
    #[error(transparent)]
    State(#[from] StepError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Rate(#[from] AggregateError),
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// An order of a resource that was paid, and the time that it is for.
#[derive(Clone, Copy, Debug)]
pub struct Term<'a> {
    pub order: &'a Order,
    pub from: Timestamp,
    pub to: Timestamp,
    /// Less what people credited of it since.
    pub paid: Paid,
}

impl Term<'_> {
    /// Whether it is the fee of a change: it is beside the order whose time runs. Source: R-REF-3.
    pub fn is_fee(&self) -> bool {
        self.order.action == Action::Upgrade
    }

    pub(crate) const fn span(&self) -> Span {
        Span { from: self.from, to: self.to }
    }

    /// What of a fee is for time that has passed by `now`, in 1e-8: its days less the started ones that are left, by the share of
    /// what was paid. Source: R-REF-3, R-TIM-7.
    fn passed_e8(&self, now: Timestamp) -> i128 {
        let days = u64::from(self.order.days).max(1);
        let passed = i128::from(days - days_left(now, self.to).min(days));
        units::decimal::div_half_up(self.paid.total().to_amount().e8() * passed, i128::from(days))
    }
}

/// Refunds that were made of an account before: in the time of its whole ones, and in this year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub whole: u32,
    pub rest: u32,
}

/// Something that is to be given back.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub resource: &'a Resource,
    /// `None` where its product is not refunded.
    pub rule: Option<&'a RefundRule>,
    /// The orders that are not over: the one that runs first, then those that have not begun, and fees of changes.
    pub terms: &'a [Term<'a>],
    /// The book that priced the order that runs.
    pub book: &'a Arc<Book>,
    pub counted: Counted,
    pub calendar: &'a Calendar,
}

/// What goes back, and how that comes about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    pub way: Way,
    /// With all orders that it is of. Source: section 20 (R-REF-4).
    pub paid: Paid,
    /// Full months that were used, and the seconds beyond them.
    pub months: u32,
    pub seconds: u64,
    /// They add up to what goes back, below zero.
    pub lines: Vec<Line<'static>>,
    pub amount_e8: i64,
    /// What goes back, never below zero.
    pub total: Money,
}

/// What was used of the order that runs, and how that was found.
struct Used {
    way: Way,
    months: u32,
    seconds: u64,
    lines: Vec<Line<'static>>,
}

impl Used {
    /// Nothing of it counts.
    const fn nothing(way: Way) -> Used {
        Used { way, months: 0, seconds: 0, lines: Vec::new() }
    }

    fn cost_e8(&self) -> i128 {
        self.lines.iter().map(|it| i128::from(it.cost_e8)).sum()
    }
}

impl Asked<'_> {
    /// What goes back at `now`.
    ///
    /// Errors: for what has no deadline, has expired, was refunded, is of a product that is not refunded, or not so late, or not
    /// so often.
    pub fn refund(&self, now: Timestamp) -> Result<Refund, RefundError> {
        let it = self.resource;
        if it.ended_by == Some(EndedBy::Refund) {
            return Err(RefundError::Refunded);
        }
        let deadline = it.deadline.ok_or(RefundError::NotPrepaid)?;
        if it.state == State::Expired || !it.state.is_over() && deadline <= now {
            return Err(RefundError::Expired(deadline));
        }
        it.state.on(Event::Refund)?;
        let rule = self.rule.ok_or_else(|| RefundError::NotRefundable(it.product.clone()))?;
        let current = self.current().ok_or(RefundError::NothingPaid)?;
        let until = self.whole_until(rule, current)?;
        if until.is_some_and(|it| now < it.0 && self.counted.whole < it.1.most) {
            return self.sum(Used::nothing(Way::Whole), RefundFloor::Order, now);
        }
        let late = match until {
            Some((until, whole)) if now < until => RefundError::Limit { most: whole.most },
            Some((until, _)) => RefundError::TooLate(until),
            None => RefundError::NotRefundable(it.product.clone()),
        };
        let (used, floor) = match &rule.rest {
            RefundRest::Kept | RefundRest::Unused => return Err(late),
            RefundRest::Used(of) => (self.used(current, of, now)?, of.floor),
            RefundRest::Share { within_seconds } => {
                let until = seconds_after(it.delivered.unwrap_or(current.from), *within_seconds)?;
                if now >= until {
                    return Err(RefundError::TooLate(until));
                }
                (self.passed(current, now)?, RefundFloor::Order)
            }
        };
        if self.counted.rest >= rule.most_per_year {
            return Err(RefundError::Limit { most: rule.most_per_year });
        }
        self.sum(used, floor, now)
    }

    /// The order whose time runs.
    fn current(&self) -> Option<&Term<'_>> {
        self.terms.iter().find(|it| !it.is_fee())
    }

    /// Until when use of the order that runs counts: where the price book says so, only until it was first changed for a fee.
    /// Source: R-REF-3.
    fn used_until(&self, current: &Term<'_>, of: &UsedRefund, now: Timestamp) -> Timestamp {
        let of_it = |it: &&Term<'_>| it.is_fee() && it.from >= current.from;
        match of.until {
            UsedUntil::Refund => now,
            UsedUntil::Upgrade => {
                self.terms.iter().filter(of_it).map(|it| it.from).min().unwrap_or(now).min(now)
            }
        }
    }

    /// Until when all of it goes back: of a new purchase, and of no renewal. Source: R-REF-1.
    fn whole_until(
        &self,
        rule: &RefundRule,
        current: &Term<'_>,
    ) -> Result<Option<(Timestamp, WholeRefund)>, RefundError> {
        let Some(whole) = rule.whole.filter(|_| current.order.action == Action::New) else { return Ok(None) };
        let delivered = self.resource.delivered.unwrap_or(current.from);
        Ok(Some((seconds_after(delivered, whole.within_seconds)?, whole)))
    }

    /// What was used by `now`: full months at the price of so many, the rest to the second as what is paid by use, from its
    /// first tier on; traffic is paid by itself. Source: R-REF-2, T-35.
    fn used(&self, current: &Term<'_>, of: &UsedRefund, now: Timestamp) -> Result<Used, RefundError> {
        let now = self.used_until(current, of, now);
        let (months, since) = self.full_months(current, now)?;
        let (order, is_new) = (current.order, current.order.action == Action::New);
        let plan = Plan::resolve(self.book, &order.product, &order.options)?;
        let mut lines = Vec::new();
        for part in &plan.parts {
            let component = plan.component(part);
            let times = match (component.due, &component.meter) {
                (Due::Order, Meter::Months) => months,
                // What was paid once was had; it was paid with the first order.
                (Due::Order, _) => u32::from(is_new),
                (Due::Cycle(_), _) => 0,
            };
            if times > 0 {
                let measured = Measured::of(part.quantity, component.quantity.unit).part(times.into(), 1);
                let rate_e8 = quote::rates(&plan, part, months, current.order.agreed()).product_e8()?;
                lines.push(priced(
                    &plan,
                    part,
                    Had { measured, rate_e8, time: Span { from: current.from, to: since } },
                )?);
            }
        }
        let seconds = seconds_between(since, now);
        if seconds > 0 {
            let plan = Plan::resolve(self.book, &order.product, &order.options.with(&of.options))?;
            let by_time = |it: &&Part| it.due != Due::Order && it.reads == Reads::Segments;
            for part in plan.parts.iter().filter(by_time) {
                let measured = plan.held(part, seconds, plan.item(part).per_seconds);
                let rate_e8 = rate::rate_e8(plan.component(part), current.order.terms);
                lines.push(priced(
                    &plan,
                    part,
                    Had { measured, rate_e8, time: Span { from: since, to: now } },
                )?);
            }
        }
        Ok(Used { way: Way::Used, months, seconds, lines })
    }

    /// Months of the order that runs that are over, and when the last of them ended. Source: R-TIM-6.
    fn full_months(&self, current: &Term<'_>, now: Timestamp) -> Result<(u32, Timestamp), CalendarError> {
        let (mut months, mut since) = (0, current.from);
        for next in 1..=current.order.months {
            let end = self.months_after(current, next)?;
            if end > now {
                break;
            }
            (months, since) = (next, end);
        }
        Ok((months, since))
    }

    /// The end of so many months: of a renewal they end on the day of the anchor.
    fn months_after(&self, current: &Term<'_>, months: u32) -> Result<Timestamp, CalendarError> {
        let clock = self.resource.anchor().unwrap_or(current.from);
        match current.order.action {
            Action::New | Action::Upgrade | Action::Convert | Action::Downgrade => {
                self.calendar.add_months(current.from, months)
            }
            Action::Renew => {
                let day = self.anchor_day(current, clock)?;
                self.calendar.on_day(current.from, months, Anchor { day, clock })
            }
        }
    }

    /// The day of the month on which months of a renewal end: that of the delivery or one that was fixed since, by which it came to
    /// its end.
    fn anchor_day(&self, current: &Term<'_>, clock: Timestamp) -> Result<u8, CalendarError> {
        let own = self.calendar.day(clock);
        let days = u64::from(current.order.days) * 86_400;
        for day in self.resource.renew.day.into_iter().chain([own]) {
            let end = self.calendar.on_day(current.from, current.order.months, Anchor { day, clock })?;
            if seconds_after(end, days)? == current.to {
                return Ok(day);
            }
        }
        Ok(self.resource.renew.day.unwrap_or(own))
    }

    /// The share of the price of its whole time that has passed, to the second. Source: R-REF-6, section 20.
    fn passed(&self, current: &Term<'_>, now: Timestamp) -> Result<Used, RefundError> {
        let order = current.order;
        let plan = Plan::resolve(self.book, &order.product, &order.options)?;
        let (all, seconds) = (seconds_between(current.from, current.to), seconds_between(current.from, now));
        let days = u64::from(quote::MONTH_DAYS);
        let thirtieths = u64::from(order.months) * days + u64::from(order.days);
        let mut lines = Vec::new();
        for part in &plan.parts {
            let component = plan.component(part);
            let measured = Measured::of(part.quantity, component.quantity.unit);
            let measured = match (component.due, &component.meter) {
                (Due::Cycle(_), _) => continue,
                (Due::Order, Meter::Months) if seconds == 0 => continue,
                (Due::Order, Meter::Months) => {
                    measured.part(thirtieths.saturating_mul(seconds), days.saturating_mul(all.max(1)))
                }
                // What was paid once was paid with the first order.
                (Due::Order, _) if order.action != Action::New => continue,
                (Due::Order, _) => measured,
            };
            let rate_e8 = quote::rates(&plan, part, order.months, order.agreed()).product_e8()?;
            lines.push(priced(
                &plan,
                part,
                Had { measured, rate_e8, time: Span { from: current.from, to: now } },
            )?);
        }
        Ok(Used { way: Way::Share, months: 0, seconds, lines })
    }

    /// What was paid with every order, less what was used and what of fees has passed, and no less than nothing.
    ///
    /// Source: R-REF-2, R-REF-3, section 20.
    fn sum(&self, used: Used, floor: RefundFloor, now: Timestamp) -> Result<Refund, RefundError> {
        let currency = self.book.currency;
        let paid = self.terms.iter().try_fold(Paid::none(currency), |sum, it| sum.checked_add(it.paid))?;
        let mut lines: Vec<Line<'static>> = Vec::new();
        let mut passed_e8 = 0;
        for it in self.terms {
            let back = it.paid.total().checked_neg()?;
            lines.push(sum_line(PAID, back.to_amount().e8(), it.span(), self.book)?);
            let passed = if used.way == Way::Whole || !it.is_fee() { 0 } else { it.passed_e8(now) };
            if passed > 0 {
                lines.push(sum_line(PASSED, passed, it.span(), self.book)?);
            }
            passed_e8 += passed;
        }
        let kept_e8 = match floor {
            RefundFloor::Order => self.current().map_or(0, |it| it.paid.total().to_amount().e8()),
            RefundFloor::Sum => paid.total().to_amount().e8() - passed_e8,
        } - used.cost_e8();
        lines.extend(used.lines);
        if let Some(current) = self.current().filter(|_| kept_e8 < 0) {
            lines.push(sum_line(FLOOR, kept_e8, current.span(), self.book)?);
        }
        let (amount_e8, total) = Bill::sum(&lines, currency)?;
        let total = total.checked_neg()?;
        debug_assert!(!total.is_negative(), "nothing goes back below zero");
        Ok(Refund {
            way: used.way,
            paid,
            months: used.months,
            seconds: used.seconds,
            lines,
            amount_e8,
            total,
        })
    }
}

/// The bill of a refund is of this.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    pub id: RefundId,
    pub account: AccountId,
    pub product: &'a str,
    pub region: &'a str,
    /// `None` for a pack.
    pub resource: Option<ResourceId>,
    pub order: OrderId,
}

impl Refund {
    /// Its bill, below zero and still to be paid out. Source: R-MON-6, R-BIL-3.
    pub fn bill(&self, of: About<'_>, now: Timestamp) -> Result<Bill<'static>, MoneyError> {
        let at_once = Cycle { kind: CycleKind::Month, from: now, to: now };
        let title = Title { account: of.account, kind: Kind::Refund, cycle: at_once, subject: of.id.bits() };
        Ok(Bill {
            product: Cow::Owned(of.product.to_string()),
            region: Cow::Owned(of.region.to_string()),
            resource: of.resource,
            order: Some(of.order),
            amount_e8: self.amount_e8,
            total: self.total.checked_neg()?,
            lines: self.lines.clone(),
            ..Bill::blank(&title, self.currency())
        })
    }

    pub const fn currency(&self) -> Currency {
        self.total.currency()
    }

    /// Whether it is as much as somebody wants at least. Errors: `Less`.
    pub fn at_least(self, least: Option<Money>) -> Result<Refund, RefundError> {
        match least {
            Some(least) if self.total.checked_cmp(least)?.is_lt() => {
                Err(RefundError::Less { least, now: self.total })
            }
            Some(_) | None => Ok(self),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
