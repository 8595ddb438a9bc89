//! How the meter of one resource stands and what it read, for looking into a cycle that is open. Nothing here writes.

use crate::corrections::prices::Shelves;
use crate::corrections::standing::{counts, standing};
use crate::engine::{StoreError, Tx, Value, us};
use crate::{metered, recounts};
use billing::book::Books;
use billing::plan::Configs;
use billing::segment::{Change, Opening};
use billing::settle::Recount;
use billing::used::Sample;
use units::{AccountId, CycleKind, ResourceId, Timestamp};

statements! {
    OPENING = concat!(openings!(select), " where account = $1 and cycle = $2 and resource = $3");
    CHANGES = concat!("select ", change_columns!(meter_events), " from meter_events
        where account = $1 and resource = $2 and at_us >= $3
        and case when asked_us is null or late like '%' || cast($5 as text) || '%' then at_us else asked_us end >= $3
        and case when asked_us is null or late like '%' || cast($5 as text) || '%' then at_us else asked_us end < $4 order by number");
    SAMPLES = concat!("select ", sample_columns!("coalesce(c.quantity, u.quantity)"), " from usage u", standing!(), "where u.account = $1 and u.resource = $2 and u.at_us >= $3 and u.at_us < $4 and", counts!(),
        "order by u.at_us, u.event");
}

/// One resource as the next settlement of one kind of cycle will find it.
#[derive(Clone, Debug)]
pub struct Meter {
    /// How it stood when the cycle began, if it was there.
    pub opening: Option<Opening>,
    pub changes: Vec<Change>,
    pub samples: Vec<Sample>,
    /// Closed cycles of it that the next close rates once more.
    pub recounts: Vec<Recount>,
}

/// Which resource, in which kind of cycle, and in `[from, to)`.
#[derive(Clone, Copy, Debug)]
pub struct MeterFilter {
    pub account: AccountId,
    pub resource: ResourceId,
    pub kind: CycleKind,
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Reads what fits. Configurations are put into `configs`.
pub fn look(
    tx: &mut Tx<'_>,
    filter: MeterFilter,
    books: &Books,
    configs: &mut Configs,
) -> Result<Meter, StoreError> {
    let MeterFilter { account, resource, kind, from, to } = filter;
    let (owner, id): (Value<'_>, Value<'_>) = (account.to_string().into(), resource.to_string().into());
    let open = [owner.clone(), kind.as_str().into(), id.clone()];
    let shelves = Shelves::of_accounts(tx, books, [account])?;
    let opening = tx.rows(OPENING, &open, |row| metered::opening(row, &shelves, configs))?;
    let span = [owner, id, us(from).into(), us(to).into()];
    let [owner, id, first, last] = span.clone();
    let seen = [owner, id, first, last, kind.as_str().into()];
    let changes = tx.rows(CHANGES, &seen, |row| metered::change(row, &shelves, configs))?;
    let samples = tx.rows(SAMPLES, &span, metered::sample)?;
    let waiting = recounts::of_resource(tx, account, kind, resource)?;
    let recounts = recounts::read(tx, books, configs, &waiting)?;
    Ok(Meter {
        opening: opening.into_iter().map(|it| it.1).next(),
        changes: changes.into_iter().map(|it| it.1).collect(),
        samples: samples.into_iter().map(|it| it.1).collect(),
        recounts: recounts.into_iter().map(|it| it.1).collect(),
    })
}
