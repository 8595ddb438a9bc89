//! What metering left, as rows give it: openings, changes and samples, each with its account in front.
//!
//! In:  rows. Out: values of `billing`. Configurations are put into what a run resolves once.

use crate::corrections::prices::Shelves;
use crate::engine::{Row, StoreError, Value};
use billing::plan::Configs;
use billing::resource::State;
use billing::segment::{Change, Opening};
use billing::used::Sample;
use units::{AccountId, CycleKind, ResourceId};

columns!(openings: account, cycle, resource, created_s, product, options, state, since_s, clock_s, month_s);

/// What `change` reads of a meter event, and what `sample` reads of a reading `u` with this quantity.
macro_rules! change_columns {
    ($event:ident) => {
        concat!(
            stringify!($event),
            ".account, ",
            stringify!($event),
            ".resource, coalesce(",
            stringify!($event),
            ".asked_us, ",
            stringify!($event),
            ".at_us), ",
            stringify!($event),
            ".state, ",
            stringify!($event),
            ".product, ",
            stringify!($event),
            ".options"
        )
    };
}

macro_rules! sample_columns {
    ($quantity:literal) => {
        concat!("u.account, u.event, u.resource, u.meter, u.at_us, ", $quantity, ", u.key")
    };
}

pub(crate) fn account_at(row: &Row<'_>) -> Result<AccountId, StoreError> {
    row.parsed(0, "account", |it| it.parse().ok())
}

pub(crate) fn opening(
    row: &Row<'_>,
    shelves: &Shelves<'_>,
    configs: &mut Configs,
) -> Result<(AccountId, Opening), StoreError> {
    let account = account_at(row)?;
    let books = shelves.series(account);
    let config = row.with_text(openings!(product), |product| {
        row.with_text(openings!(options), |options| configs.intern(books, product, options))
    })??;
    let opening = Opening {
        resource: row.parsed(openings!(resource), "resource", |it| it.parse().ok())?,
        created: row.int(openings!(created_s))?,
        config,
        state: row.parsed(openings!(state), "state", State::parse)?,
        since: row.int(openings!(since_s))?,
        clock: u64::try_from(row.int(openings!(clock_s))?)
            .map_err(|_| StoreError::Corrupt("a tier clock".into()))?,
        month: u64::try_from(row.int(openings!(month_s))?)
            .map_err(|_| StoreError::Corrupt("a month clock".into()))?,
    };
    Ok((account, opening))
}

pub(crate) fn change(
    row: &Row<'_>,
    shelves: &Shelves<'_>,
    configs: &mut Configs,
) -> Result<(AccountId, Change), StoreError> {
    let account = account_at(row)?;
    let books = shelves.series(account);
    let config =
        row.with_text(4, |product| row.with_text(5, |options| configs.intern(books, product, options)))??;
    let change = Change {
        resource: row.parsed(1, "resource", |it| it.parse().ok())?,
        at: row.int(2)?.div_euclid(1_000_000),
        state: row.parsed(3, "state", State::parse)?,
        config,
    };
    Ok((account, change))
}

fn sample_from(row: &Row<'_>) -> Result<Sample, StoreError> {
    Ok(Sample {
        event: row.text(1)?,
        resource: row.parsed(2, "resource", |it| it.parse::<ResourceId>().ok())?,
        usage: row.text(3)?,
        at: row.int(4)?.div_euclid(1_000_000),
        quantity: u64::try_from(row.int(5)?).map_err(|_| StoreError::Corrupt("a quantity".into()))?,
        key: row.text(6)?,
    })
}

pub(crate) fn sample(row: &Row<'_>) -> Result<(AccountId, Sample), StoreError> {
    Ok((account_at(row)?, sample_from(row)?))
}

/// Kinds of cycle as a row names them; none is null.
pub(crate) fn words(kinds: &[CycleKind]) -> Value<'static> {
    match kinds {
        [] => Value::Null,
        [kind] => kind.as_str().into(),
        more => more.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(" ").into(),
    }
}

/// The kinds of cycle that a row names.
pub(crate) fn kinds(text: &str) -> Result<Vec<CycleKind>, StoreError> {
    let corrupt = || StoreError::Corrupt(format!("kinds of cycle `{text}`"));
    text.split_whitespace().map(|it| CycleKind::parse(it).ok_or_else(corrupt)).collect()
}
