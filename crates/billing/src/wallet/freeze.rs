//! What is held for a resource.
//!
//! In:  what should be held, what is. Out: what is missing.
//! Rules: R-FRZ-1, R-FRZ-2, R-ARR-9.

use super::Purses;
use units::{Money, MoneyError, ResourceId};

/// Money held for a resource: what it should be, and what it is. Source: R-FRZ-1, R-FRZ-2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freeze {
    pub resource: ResourceId,
    pub target: Money,
    pub held: Purses,
}

impl Freeze {
    /// What it lacks of what it should be. Errors: `Currency`, `Overflow`.
    pub fn lacks(&self) -> Result<Money, MoneyError> {
        self.target.checked_sub(self.held.total())
    }
}
