//! Switched off: what goes back of what was paid for a mode that ends, while what stays runs on as it was paid.
//!
//! In:  something prepaid with its orders and what each part of them cost, the options that it is to have. Out: what goes back, the
//! bill of it, and what counts as paid for what stays.
//! Invariant: each order is split into what ends and what stays, and no fen of it is in both; neither is worth less than nothing.
//! Rules: R-NET-4, R-REF-2 to R-REF-4, R-MON-7. Examples: scenarios/data/change/.

use crate::bill::{Bill, Line};
use crate::book::{Book, Conditions, Product};
use crate::downgrade::{Downgrade, in_ratio};
use crate::order::{Action, Order};
use crate::quote::Quote;
use crate::refund::lines::{FLOOR, STAYS, Span, sum_line};
use crate::refund::rule::RefundRest;
use crate::refund::{Asked, Refund, RefundError, Term};
use crate::switch::{self, Direction};
use crate::wallet::{Paid, Purses};
use std::sync::Arc;
use units::{Money, MoneyError, Timestamp};

/// No month has fewer days.
const SHORTEST_MONTH: u32 = 28;

/// The book that priced an order, and what the order costs by it.
#[derive(Clone, Debug)]
pub struct Bought<'a> {
    pub book: &'a Arc<Book>,
    pub quote: Quote,
}

/// Something prepaid of which a mode is to end.
#[derive(Clone, Copy, Debug)]
pub struct Switching<'a> {
    pub asked: Asked<'a>,
    /// Of each of its terms, in their order.
    pub bought: &'a [Bought<'a>],
    pub product: &'a Product,
}

/// What it comes to at `now` to have the rest of its time as `quote` says: what was paid for what ends, less its full months at the
/// price of so many and the rest to the second as what is paid by use. What stays counts as paid as far as it is worth anything.
///
/// Errors: `NothingPaid`, `NotPrepaid`, `NotRefundable`. Source: R-NET-4, section 20 (R-CHG-3).
pub fn switched(of: &Switching<'_>, quote: Quote, now: Timestamp) -> Result<Downgrade, RefundError> {
    let asked = &of.asked;
    let gone = of.gone(&quote)?;
    let is_gone = |it: &Line<'_>| gone.iter().any(|id| it.component == *id);
    let shares = of.shares(&is_gone)?;
    let before = of.switched_before();
    let deadline = asked.resource.deadline.ok_or(RefundError::NotPrepaid)?;

    let all = terms(asked, before.as_ref(), |place| asked.terms[place].paid);
    let mut lines = over(asked, &all).value_of(&|_| false, now)?.lines;
    let value = of.value(&shares, before.as_ref(), (&is_gone, now))?;
    lines.extend(value.lines.iter().filter(|it| !it.is_sum() || it.component == FLOOR).cloned());
    let so_far: i128 = lines.iter().map(|it| i128::from(it.cost_e8)).sum();
    let time = Span { from: now, to: deadline };
    lines.push(sum_line(STAYS, i128::from(value.amount_e8) - so_far, time, asked.book)?);

    let stays = terms(asked, None, |place| shares[place].stays);
    let stays = over(asked, &stays).value_of(&|it| !is_gone(it), now)?;
    let (amount_e8, total) = Bill::sum(&lines, value.currency())?;
    let total = total.checked_neg()?;
    let (cost, counted) = (Money::zero(total.currency()), in_ratio(stays.total, stays.paid)?);
    let value = Refund { lines: lines.clone(), amount_e8, total, ..value };
    Ok(Downgrade { value, quote, cost, lines, amount_e8, total, counted })
}

/// What was paid with an order for what ends and for what stays.
struct Share {
    stays: Paid,
    gone: Paid,
}

/// A fee that switched to what ends: its place among the terms, and the order as if it had been bought alone.
struct Before {
    place: usize,
    order: Order,
}

/// The same of these terms.
fn over<'a>(asked: &Asked<'a>, terms: &'a [Term<'a>]) -> Asked<'a> {
    Asked { terms, ..*asked }
}

/// The terms of something, each with what `paid` says of its place.
fn terms<'a>(asked: &Asked<'a>, before: Option<&'a Before>, paid: impl Fn(usize) -> Paid) -> Vec<Term<'a>> {
    let term = |(place, it): (usize, &Term<'a>)| {
        let order = before.filter(|it| it.place == place).map_or(it.order, |it| &it.order);
        Term { order, paid: paid(place), ..*it }
    };
    asked.terms.iter().enumerate().map(term).collect()
}

impl Switching<'_> {
    /// The components that it has as it is, ahead or by use, and has not as it is to be.
    fn gone(&self, quote: &Quote) -> Result<Vec<&str>, RefundError> {
        let (had, has) = (&self.asked.resource.options, &quote.options);
        let by_use = match self.asked.rule.map(|it| &it.rest) {
            Some(RefundRest::Used(of)) => &of.options,
            Some(RefundRest::Kept | RefundRest::Unused | RefundRest::Share { .. }) | None => {
                return Err(RefundError::NotRefundable(self.product.id.clone()));
            }
        };
        let pairs = [(had.clone(), has.clone()), (had.with(by_use), has.with(by_use))];
        let is_gone = |when: &Conditions| pairs.iter().any(|(had, has)| had.hold(when) && !has.hold(when));
        let all = self.product.components.iter();
        Ok(all.filter(|it| is_gone(&it.when)).map(|it| it.id.as_str()).collect())
    }

    /// What was paid with each order, split as its parts cost. Source: R-MON-7.
    fn shares(&self, is_gone: &dyn Fn(&Line<'_>) -> bool) -> Result<Vec<Share>, MoneyError> {
        let share = |(it, bought): (&Term<'_>, &Bought<'_>)| -> Result<Share, MoneyError> {
            let cost = |gone: bool| {
                let lines = bought.quote.lines.iter().filter(|it| is_gone(it) == gone);
                let sum: i128 = lines.map(|it| i128::from(it.cost_e8)).sum();
                u64::try_from(sum.max(0)).unwrap_or(u64::MAX)
            };
            // What weighs nothing stays.
            let [stays, gone] = split(it.paid, [cost(false), cost(true)])?;
            Ok(Share { stays, gone })
        };
        self.asked.terms.iter().zip(self.bought).map(share).collect()
    }

    /// The last fee that switched to what ends: from then on it is used, as if it had been bought alone. Source: R-NET-4, R-NET-5.
    fn switched_before(&self) -> Option<Before> {
        let is_switch = |it: &Term<'_>| {
            let had = it.order.had.as_ref().filter(|_| it.is_fee());
            let switch = had.and_then(|had| switch::of(self.product, had, &it.order.options.pairs()));
            switch.is_some_and(|it| it.to == Direction::Prepaid)
        };
        let place = self.asked.terms.iter().rposition(is_switch)?;
        let order = self.asked.terms[place].order.clone();
        let months = order.days / SHORTEST_MONTH + 1;
        Some(Before { place, order: Order { action: Action::New, months, ..order } })
    }

    /// What is left of what was paid for what ends.
    fn value(
        &self,
        shares: &[Share],
        before: Option<&Before>,
        (is_gone, now): (&dyn Fn(&Line<'_>) -> bool, Timestamp),
    ) -> Result<Refund, RefundError> {
        let mut gone = terms(&self.asked, before, |place| shares[place].gone);
        let mut book = self.asked.book;
        if let Some(before) = before {
            // Its time is the one that runs.
            let first = gone.remove(before.place);
            gone.insert(0, first);
            book = self.bought[before.place].book;
        }
        Asked { book, ..over(&self.asked, &gone) }.value_of(is_gone, now)
    }
}

/// A sum in two parts, purse by purse. Source: R-MON-7.
fn split(paid: Paid, weights: [u64; 2]) -> Result<[Paid; 2], MoneyError> {
    let [bonus, cash, income] = paid.purses().kinds().map(|it| it.split(&weights));
    let owed = paid.owed().split(&weights);
    let part = |at: usize| Paid::new(Purses::new(bonus[at], cash[at], income[at])?, owed[at]);
    Ok([part(0)?, part(1)?])
}

#[cfg(test)]
mod tests;
