//! How the meters of a resource or of an account stand and what they read, for looking into a cycle that is open. Nothing here writes.

use crate::corrections::prices::Shelves;
use crate::corrections::standing::{counts, standing};
use crate::engine::{Row, StoreError, Tx, Value, us};
use crate::{metered, recounts};
use billing::books::Books;
use billing::plan::Configs;
use billing::segment::{Change, Opening};
use billing::settle::{Carry, Recount};
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
    OPENINGS = concat!(openings!(select), " where account = $1 and cycle = $2 order by resource");
    ALL_CHANGES = concat!("select ", change_columns!(meter_events), " from meter_events where account = $1 and at_us >= $2
        and case when asked_us is null or late like '%' || cast($4 as text) || '%' then at_us else asked_us end >= $2
        and case when asked_us is null or late like '%' || cast($4 as text) || '%' then at_us else asked_us end < $3
        order by resource, number");
    ALL_SAMPLES = concat!("select ", sample_columns!("coalesce(c.quantity, u.quantity)"), " from usage u", standing!(),
        "where u.account = $1 and u.at_us >= $2 and u.at_us < $3 and", counts!(), "order by u.resource, u.at_us, u.event");
    CARRIES = "select product, amount_e8 from carries where account = $1 and amount_e8 <> 0 order by product";
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

/// All resources of an account as the next settlement of one kind of cycle will find them.
#[derive(Clone, Debug)]
pub struct Meters {
    /// How they stood when the cycle began, sorted by resource.
    pub openings: Vec<Opening>,
    /// Sorted by resource and time.
    pub changes: Vec<Change>,
    /// Sorted by resource.
    pub samples: Vec<Sample>,
    /// Closed cycles that the next close rates once more.
    pub recounts: Vec<Recount>,
    /// What rounding left for the next bills.
    pub carries: Vec<Carry>,
}

/// Which kind of cycle of an account, in `[from, to)`.
#[derive(Clone, Copy, Debug)]
pub struct MetersFilter {
    pub account: AccountId,
    pub kind: CycleKind,
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Reads what fits of all resources. Configurations are put into `configs`.
pub fn look_at_all(
    tx: &mut Tx<'_>,
    filter: MetersFilter,
    books: &Books,
    configs: &mut Configs,
) -> Result<Meters, StoreError> {
    let MetersFilter { account, kind, from, to } = filter;
    let (owner, word): (Value<'_>, Value<'_>) = (account.to_string().into(), kind.as_str().into());
    let shelves = Shelves::of_accounts(tx, books, [account])?;
    let open = [owner.clone(), word.clone()];
    let openings = tx.rows(OPENINGS, &open, |row| metered::opening(row, &shelves, configs))?;
    let span = [owner.clone(), us(from).into(), us(to).into()];
    let [_, first, last] = span.clone();
    let seen = [owner.clone(), first, last, word];
    let changes = tx.rows(ALL_CHANGES, &seen, |row| metered::change(row, &shelves, configs))?;
    let samples = tx.rows(ALL_SAMPLES, &span, metered::sample)?;
    let waiting = recounts::of_account(tx, account, kind)?;
    let recounts = recounts::read(tx, books, configs, &waiting)?;
    let carry = |row: &Row<'_>| Ok(Carry { product: row.text(0)?, amount_e8: row.int(1)? });
    Ok(Meters {
        openings: openings.into_iter().map(|it| it.1).collect(),
        changes: changes.into_iter().map(|it| it.1).collect(),
        samples: samples.into_iter().map(|it| it.1).collect(),
        recounts: recounts.into_iter().map(|it| it.1).collect(),
        carries: tx.rows(CARRIES, &[owner], carry)?,
    })
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
