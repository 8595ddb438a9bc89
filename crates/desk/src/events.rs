//! Events: what happened, noted for whoever subscribed to it.
//!
//! In:  a transaction, what happened. Out: one event and a message to each endpoint that listens.
//! Invariant: an event is noted in the transaction that made it happen; when nobody listens it costs one read.
//!
//! `ears` tells, `audience` says whom; the others say what, one file per thing, and `kinds` which of it each kind holds. The
//! kinds are in `billing/src/event.rs`.

mod audience;
mod book;
mod budget;
mod ears;
mod kinds;
mod offer;
mod order;
mod pack;
mod resource;
mod settlement;
mod task;
mod told;
mod usage;
mod wallet;

pub(crate) use audience::unheard;
pub use book::withheld;
pub(crate) use ears::ping;
pub use ears::{Ears, News, emit};
pub(crate) use kinds::test;
pub use kinds::{Sample, example, form};
pub use offer::{offer, sales_request};
pub use settlement::{set_aside, settled};
pub use task::{pairs, shown};
pub use told::{Form, Member, Presence, Shape};
pub use usage::{homeless, quarantined};
pub use wallet::{arrears, low, topped_up};
