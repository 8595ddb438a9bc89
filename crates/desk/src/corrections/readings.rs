//! Readings that are void, or count for another quantity.
//!
//! In:  a reading by its identity, and what stands above it from now on. Out: the row of it, and cycles that wait.
//! Invariant: the reading stays as it came; what was said of it last stands.

use super::ask::{Ask, Made, is_of};
use crate::usage::correct;
use crate::{At, Refusal};
use billing::reading::MOST_AT_ONCE;
use store::corrections::readings::{self, ReadingCorrection};
use store::{Tx, Writes};

/// What is asked of a reading.
pub(super) struct Wish<'a> {
    pub ask: &'a Ask,
    pub number: i64,
    pub source: &'a str,
    pub event: &'a str,
    /// `None`: it is void.
    pub quantity: Option<u64>,
}

/// Puts it above the reading; closed cycles wait to be rated once more.
///
/// Errors: `NotFound` of the field `event` or `account`; `Reading` for more than anything uses at once; `TooLate`.
pub(super) fn correct(tx: &mut Tx<'_>, at: At<'_>, wish: &Wish<'_>) -> Result<Made, Refusal> {
    let Wish { ask, number, source, event, quantity } = *wish;
    if let Some(quantity) = quantity.filter(|it| *it > MOST_AT_ONCE) {
        return Err(Refusal::Reading { quantity, most: MOST_AT_ONCE }.of("quantity"));
    }
    let touched = correct::touched(tx, at, source, event)?;
    is_of(ask, touched.account, &format!("reading {source} {event}"))?;
    let counted = quantity.map(i64::try_from).transpose().map_err(|_| units::MoneyError::Overflow)?;
    let row = ReadingCorrection {
        number,
        source,
        event,
        account: touched.account,
        resource: touched.reading.resource,
        at: touched.reading.at,
        quantity: counted,
        late: touched.kinds(),
    };
    let mut writes = Writes::default();
    readings::add(&mut writes, &row);
    tx.write(writes)?;
    correct::wait(tx, at, touched.closed.iter().copied())?;
    Ok(Made { account: Some(touched.account), closed: touched.closed, open: touched.open, ..Made::default() })
}
