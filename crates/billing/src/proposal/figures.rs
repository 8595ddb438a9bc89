//! What a proposed price book was shown to change: figures that are kept.
//!
//! In:  the impact of a book on a month. Out: the figures, how much of the month's revenue moves, whether that is above a limit.
//! Invariant: exact in 1e-8; what rises and what falls do not make up for each other.
//! Rules: R-PRC-6.

use super::state::Event;
use crate::impact::{Asked, Impact, Sides};
use units::BookId;
use units::decimal::div_half_up;

/// A month of the customers of a currency by the book that the proposed one follows, beside that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The side before: the book that was to hold until the date of the proposed one when it was looked at.
    pub against: BookId,
    /// Such as `2026-06`.
    pub month: String,
    /// How many customers there were.
    pub all: u64,
    /// Those that were looked at.
    pub customers: u64,
    /// Those that something was charged to, on either side.
    pub charged: u64,
    pub more: u64,
    pub less: u64,
    /// Those that could not be rated, or have prices of their own.
    pub failed: u64,
    pub sides: Sides,
    /// By how much the sums of customers change, up and down added up, in 1e-8.
    pub moved_e8: i128,
}

impl Figures {
    /// What was found of `all` customers. `None` where it was not compared with one book.
    pub fn of(asked: &Asked, found: &Impact, all: u64) -> Option<Figures> {
        Some(Figures {
            against: asked.before.as_ref()?.id,
            month: asked.month.name.clone(),
            all,
            customers: found.customers,
            charged: found.charged,
            more: found.more,
            less: found.less,
            failed: found.failed,
            sides: found.sides,
            moved_e8: found.moved_e8,
        })
    }

    /// How much of the month's revenue moves, in tenths of a percent, half up. `None` where there was no revenue.
    pub fn variance_tenths(&self) -> Option<i128> {
        let before = self.sides.before_e8.abs();
        if before == 0 {
            return None;
        }
        Some(div_half_up(self.moved_e8.checked_mul(1_000)?, before))
    }

    /// What making them does to a proposal. Figures that leave customers out, or of a month without revenue, say too little:
    /// that is above every limit.
    ///
    /// Units: `limit_tenths` in tenths of a percent of the month's revenue.
    pub fn event(&self, limit_tenths: u32) -> Event {
        let before = self.sides.before_e8.abs();
        let sides = self.moved_e8.checked_mul(1_000).zip(before.checked_mul(i128::from(limit_tenths)));
        let is_within = sides.is_some_and(|(moved, limit)| moved <= limit);
        let is_whole = before > 0 && self.customers >= self.all;
        if is_within && is_whole { Event::Within } else { Event::Above }
    }
}

/// Tenths of a percent in words: `11.8`.
pub fn percent(tenths: i128) -> String {
    format!("{}.{}", tenths / 10, tenths.abs() % 10)
}
