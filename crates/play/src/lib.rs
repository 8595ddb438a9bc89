//! Scenarios: text that a product manager writes, played through the real operations on a virtual clock.
//!
//! In:  lines of text. Out: what would be billed, and where an `expect` does not hold.
//! Invariant: a step calls the same operation as a page or a request would. The language: docs/scenarios.md.

mod budgets;
mod cards;
mod changes;
mod contracts;
mod conversions;
mod corrections;
mod costs;
pub mod expect;
mod forecast;
mod impact;
pub mod json;
mod offer;
mod offers;
pub mod outcome;
pub mod parse;
mod play;
pub mod player;
mod proposals;
pub mod quantity;
mod refunds;
mod renewals;
pub mod step;
mod verbs;
pub mod view;
mod vouchers;
mod words;

pub use outcome::Played;
pub use parse::parse;
pub use player::Player;
pub use step::{Mistake, Scenario};
