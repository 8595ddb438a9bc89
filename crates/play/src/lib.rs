//! Scenarios: text that a product manager writes, played through the real operations on a virtual clock.
//!
//! In:  lines of text. Out: what would be billed, and where an `expect` does not hold.
//! Invariant: a step calls the same operation as a page or a request would. The language: docs/scenarios.md.

pub mod expect;
pub mod json;
pub mod parse;
pub mod play;
pub mod quantity;
pub mod step;
pub mod view;

pub use parse::parse;
pub use play::{Played, Player};
pub use step::{Mistake, Scenario};
