//! What is told of budgets.
//!
//! In:  a mark that a month crossed. Out: news of it.
//! Invariant: each mark is told as one event, beside its notice.

use super::ears::{Ears, News};
use super::told::payload;
use billing::budget::{Mark, Measure};
use billing::event::EventKind;
use units::{AccountId, BudgetId, Currency, Money, Timestamp};

payload! {
    /// A budget of which a month has reached a threshold, or is heading for it.
    BudgetMark of [BudgetReached BudgetForecast] {
        account: AccountId,
        budget: BudgetId,
        name: String,
        /// The month of the settlement calendar, such as `2026-06`.
        month: String,
        /// The threshold, in percent of the amount.
        percent: u32,
        amount: Money,
        /// What the month has come to; of a forecast, what it is heading for.
        reached: Money,
        currency: Currency,
        at: Timestamp,
    }
}

impl Ears {
    /// A mark that a month crossed.
    pub fn mark(&self, it: &Mark) -> Option<News> {
        let kind = match it.measure {
            Measure::Actual => EventKind::BudgetReached,
            Measure::Forecast => EventKind::BudgetForecast,
        };
        self.news(it.budget.account, kind, || BudgetMark {
            account: it.budget.account,
            budget: it.budget.id,
            name: it.budget.name.clone(),
            month: it.month.clone(),
            percent: it.percent,
            amount: it.budget.amount,
            reached: it.reached,
            currency: it.budget.amount.currency(),
            at: it.at,
        })
    }
}
