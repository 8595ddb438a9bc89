//! What the till can do: one plain function per operation. Each reads, asks one decision, writes.
//!
//! In:  a transaction, the desk, who asks, and the time. Out: what was decided, or a refusal.
//! Invariant: no operation opens a transaction, reads a clock or decides by itself.

pub mod accounts;
pub mod arrears;
pub mod audit;
pub mod authorize;
pub mod bills;
pub mod books;
pub mod catalogue;
pub mod cost;
pub mod coverage;
pub mod events;
pub mod explain;
pub mod journal;
pub mod keys;
pub mod labels;
pub mod life;
pub mod orders;
pub mod outlook;
pub mod packs;
pub mod projects;
pub mod provision;
pub mod purchases;
pub mod refusal;
pub mod resources;
pub mod services;
pub mod settle;
pub mod sheet;
pub mod tasks;
pub mod usage;
pub mod wallet;
pub mod webhooks;

pub use refusal::Refusal;

use billing::book::{Book, Books, Product};
use billing::plan::PlanError;
use providers::cloud::Cloud;
use providers::webhook::Reach;
use std::sync::Arc;
use units::{Calendar, Timestamp};

/// What every operation works by: the price books, the calendar, and the cloud.
#[derive(Clone, Debug)]
pub struct Desk {
    pub books: Books,
    pub calendar: Calendar,
    pub cloud: Cloud,
    /// Seconds after its end at which a cycle closes, so that use on its way still counts. Source: section 20 (R-SET-1).
    pub settlement_delay_seconds: u64,
    /// How far webhooks of customers may go.
    pub webhooks: Reach,
}

impl Desk {
    /// The book that holds at `now`.
    pub fn book(&self, now: Timestamp) -> Result<&Arc<Book>, Refusal> {
        self.books.at(now).ok_or_else(|| PlanError::NoBook(now).into())
    }

    /// The product as the book of `now` describes it.
    pub fn product(&self, id: &str, now: Timestamp) -> Result<&Product, Refusal> {
        let product = self.book(now)?.product(id);
        product.ok_or_else(|| PlanError::UnknownProduct(id.chars().take(60).collect()).into())
    }
}

/// `at` and so many seconds.
pub fn later(at: Timestamp, seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    at.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}
