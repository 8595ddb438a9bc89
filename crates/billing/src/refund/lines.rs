//! Lines of refunds: what was used, priced by a book, and sums that follow from no price.
//!
//! In:  a part of a plan with what was measured, or a sum; the time that it is for. Out: a line.
//! Invariant: a line that follows from no price has an empty price; no price item of a book has an empty key.
//! Rules: R-REF-2, R-REF-3, R-MON-6.

use crate::bill::Line;
use crate::book::Book;
use crate::plan::{Part, Plan};
use crate::price::Position;
use crate::rate::{self, Cost};
use crate::used::AggregateError;
use units::{Measured, MoneyError, Timestamp};

/// The component of a line that gives back what was paid with an order.
pub const PAID: &str = "paid";
/// The component of a line that keeps the share of a fee whose time has passed; it follows that of what was paid. Source: R-REF-3.
pub const PASSED: &str = "passed";
/// The component of a line by which no more is kept than was paid.
pub const FLOOR: &str = "floor";

/// The component of a line that keeps what was paid for what stays, where a part alone is given back. Source: R-NET-4.
pub const STAYS: &str = "stays";

/// A time that something is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// So much of a part, at a discount rate in 1e-8, in a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Had {
    pub measured: Measured,
    pub rate_e8: u64,
    pub time: Span,
}

/// A line of what was had of a part. Errors: no price; a cost that does not fit.
pub(crate) fn priced(plan: &Plan, part: &Part, had: Had) -> Result<Line<'static>, AggregateError> {
    let Had { measured, rate_e8, time } = had;
    let cost = || Cost::new(plan.item(part).part(measured, Position::default())?, rate_e8);
    let line = rate::line_of(plan, part, cost().map_err(|it| it.of_part(plan, part))?).into_owned();
    Ok(Line { measured, from: time.from.as_second(), to: time.to.as_second(), ..line })
}

/// A line that follows from no price.
pub(crate) fn sum_line(
    component: &'static str,
    cost_e8: i128,
    time: Span,
    book: &Book,
) -> Result<Line<'static>, MoneyError> {
    let cost_e8 = i64::try_from(cost_e8).map_err(|_| MoneyError::Overflow)?;
    let name = match component {
        PAID => "Paid",
        PASSED => "Share of a fee that has passed",
        STAYS => "Paid for what stays",
        _ => "No less than nothing",
    };
    let (from, to) = (time.from.as_second(), time.to.as_second());
    Ok(Line { from, to, ..Line::of_sum(component, name, cost_e8, book.id) })
}
