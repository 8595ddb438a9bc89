//! What was used: readings, and what one line of a bill will price.
//!
//! In:  nothing; these are the values that aggregation takes and gives.
//! Out: `Used` rows: a component, its price, and what was measured.
//! Invariant: sums stay whole numbers; a mean is a sum and a count until it is priced.
//! Rules: R-NET-2.

use crate::plan::{ConfigRef, Configs, Part, Plan, PlanError};
use crate::price::PriceItem;
use units::calendar::CalendarError;
use units::{Cycle, Measured, MoneyError, PriceError, ResourceId};

/// One reading of a usage meter. Its quantity is in the unit of the meter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What the sender calls it; unique for ever with its source.
    pub event: String,
    pub resource: ResourceId,
    pub usage: String,
    /// When it happened, in seconds; for a slot, when the slot begins.
    pub at: i64,
    pub quantity: u64,
    /// What tells readings of one second apart, such as the IP under attack.
    pub key: String,
}

/// A component of a plan, found again without a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartRef {
    pub config: ConfigRef,
    pub version: usize,
    pub part: usize,
}

impl PartRef {
    /// Errors: the configuration has no plan in that version.
    #[inline(always)]
    pub fn resolve(self, configs: &Configs) -> Result<(&Plan, &Part), PlanError> {
        let plan = configs.get(self.config).plan(self.version)?;
        Ok((plan, &plan.parts[self.part]))
    }
}

/// What one line will price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    pub at: PartRef,
    pub measured: Measured,
    /// What was used before in the cycle, or what the tier clock showed, in the unit of the quantity.
    pub offset: u64,
    /// What was used after it in the cycle, where the price asks for the whole.
    pub later: u64,
    /// Units that packs covered, already taken off.
    pub covered: u64,
    /// Units that a free tier of the account took, already taken off.
    pub free: u64,
    /// First and last second that it stands for.
    pub from: i64,
    pub to: i64,
}

impl Used {
    /// What was measured in `[from, to)`, with nothing before it and nothing covered.
    #[inline]
    pub fn new(at: PartRef, measured: Measured, from: i64, to: i64) -> Used {
        Used { at, measured, offset: 0, later: 0, covered: 0, free: 0, from, to }
    }
}

/// What one row measured, and the slots that it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub used: Used,
    /// How long a slot is.
    pub seconds: u64,
    /// Of a percentile: which one, counted from the smallest, of how many.
    pub position: Option<(u128, u128)>,
    /// When each begins, in seconds, and its value, in time order; none where a percentile chose a silent one.
    pub slots: Vec<(i64, Measured)>,
}

/// The cycle whose samples are read, and the plans of who reported them.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    pub configs: &'a Configs,
    pub cycle: Cycle,
}

/// Why an account could not be aggregated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AggregateError {
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Price(#[from] PriceError),
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    #[error(transparent)]
    Money(#[from] MoneyError),
    #[error("packs cover more than was used")]
    Covered,
    /// What packs take is known when a cycle closes.
    #[error("not settled yet to the end of the month: ask again when its settlement is done")]
    Unsettled,
    /// What a month lacks of its commitment is known when all of it is billed.
    #[error(
        "hours or days of the month are not settled yet: what it lacks of its commitment is billed once they are"
    )]
    Unclosed,
    #[error("the steps of price `{0}` do not come to what the line says")]
    Explained(String),
    #[error("price `{0}` has no minimum that a line of it could be lifted to")]
    NoMinimum(String),
    #[error("a quantity of {0} is too large")]
    Overflow(String),
    #[error("{of}: {error}")]
    Of { of: String, error: Box<AggregateError> },
}

impl AggregateError {
    /// The same, naming what it is of: a product, a component of it, a resource.
    #[cold]
    pub fn of(self, of: impl ToString) -> AggregateError {
        AggregateError::Of { of: of.to_string(), error: Box::new(self) }
    }

    /// The same, naming the component that could not be priced.
    #[cold]
    pub fn of_part(self, plan: &Plan, part: &Part) -> AggregateError {
        self.of(format_args!("component `{}` of {}", plan.component(part).id, plan.product().id))
    }
}

/// Whether both cost the same. Mostly both are one row of the book.
pub fn same_price(one: &PriceItem, other: &PriceItem) -> bool {
    std::ptr::eq(one, other) || one == other
}
