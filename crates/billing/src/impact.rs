//! The impact of a price book: what a past month of accounts comes to by it, beside what it came to.
//!
//! In:  the configurations of accounts by the books before and after, what each account comes to by both.
//! Out: pairs of configurations to rate by; sums by product and component, who pays more and who less.
//! Invariant: exact in 1e-8, rounded once where a figure is shown; what the book after has no price for keeps the one that it
//! had on both sides, and is said.
//! Rules: R-PRC-6, R-CAT-1.

mod figures;
mod month;
mod pair;
mod walk;

pub use figures::{Costs, Impact, Kept, Mover, Sides};
pub use month::{Month, MonthError};
pub use pair::{Asked, Pair};
pub use walk::{AccountMonth, Agreed, account};

#[cfg(test)]
mod tests;
