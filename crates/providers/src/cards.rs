//! The gateway that cards are paid through, where there is one.
//!
//! In:  a payment and what is asked of it. Out: what the gateway says.
//! Invariant: no number of a card passes here; every question ends within a time, and what gets no answer says so.

pub mod limits;
pub mod signature;
pub mod simulated;
pub mod stripe;

pub use limits::limits;
use std::sync::Arc;
pub use stripe::{Stripe, StripeError};

/// Through whom cards are paid.
#[derive(Clone, Debug, Default)]
pub enum Cards {
    /// Nobody: cards are not taken.
    #[default]
    Off,
    /// In stories.
    Simulated(simulated::Simulated),
    Stripe(Arc<Stripe>),
}
