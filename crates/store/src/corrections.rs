//! Corrections by people: a row for each, who made it and why, and all that it says.
//!
//! In:  what was decided. Out: corrections as they were made, by number, by id, page by page.
//! Invariant: a correction is never changed; the same id with something else is `Differs`.
//! Source: R-COR-1.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use units::{AccountId, Timestamp};

pub mod bills;
pub mod prices;
pub mod readings;
pub(crate) mod standing;

columns!(corrections: number, id, account, kind, actor, reason, at_us, body);
pub(crate) use corrections;

statements! {
    ADD = concat!(corrections!(insert), " on conflict do nothing");
    NEXT_NUMBER = "select coalesce(max(number) + 1, 1) from corrections";
    GET = concat!(corrections!(select), " where id = $1");
    PAGE = concat!(corrections!(select), " where number < $1 and at_us >= $2 and at_us < $3 order by number desc limit $4");
    OF_ACCOUNT = concat!(corrections!(select), " where account = $5 and number < $1 and at_us >= $2 and at_us < $3
        order by number desc limit $4");
}

/// A correction as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// From 1 on, in the order in which they were made: what stands above what.
    pub number: i64,
    /// As whoever made it named it.
    pub id: String,
    /// `None` for all accounts.
    pub account: Option<AccountId>,
    pub kind: String,
    pub actor: String,
    pub reason: String,
    pub at: Timestamp,
    /// What it says, as JSON.
    pub body: String,
}

pub(crate) fn correction(row: &Row<'_>) -> Result<Correction, StoreError> {
    let account = row.maybe_text(corrections!(account))?;
    let unreadable = || StoreError::Corrupt("the account of a correction".into());
    Ok(Correction {
        number: row.int(corrections!(number))?,
        id: row.text(corrections!(id))?,
        account: account.map(|it| it.parse().map_err(|_| unreadable())).transpose()?,
        kind: row.text(corrections!(kind))?,
        actor: row.text(corrections!(actor))?,
        reason: row.text(corrections!(reason))?,
        at: at(row.int(corrections!(at_us))?)?,
        body: row.text(corrections!(body))?,
    })
}

/// The number of the next correction.
pub fn next_number(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one(NEXT_NUMBER, &[], "number of a correction", |row| row.int(0))
}

/// Adds a correction. Errors: `Stale` when its number or its id was taken meanwhile.
pub fn add(tx: &mut Tx<'_>, it: &Correction) -> Result<(), StoreError> {
    let args = [
        it.number.into(),
        it.id.as_str().into(),
        it.account.map(|it| it.to_string()).into(),
        it.kind.as_str().into(),
        it.actor.as_str().into(),
        it.reason.as_str().into(),
        us(it.at).into(),
        it.body.as_str().into(),
    ];
    tx.exec_or(ADD, &args, || StoreError::Stale("the list of corrections".into()))
}

/// What was made under this id.
pub fn get(tx: &mut Tx<'_>, id: &str) -> Result<Option<Correction>, StoreError> {
    Ok(tx.rows(GET, &[id.into()], correction)?.into_iter().next())
}

/// Which corrections: of any account where none is named, made in `[from, to)`.
#[derive(Clone, Copy, Debug)]
pub struct CorrectionFilter {
    pub account: Option<AccountId>,
    pub from: Timestamp,
    pub to: Timestamp,
}

impl CorrectionFilter {
    /// Those of an account, or all, of any time.
    pub const fn of(account: Option<AccountId>) -> CorrectionFilter {
        CorrectionFilter { account, from: Timestamp::MIN, to: Timestamp::MAX }
    }
}

/// Corrections with smaller numbers than `before`, the newest first.
pub fn page(
    tx: &mut Tx<'_>,
    of: CorrectionFilter,
    before: i64,
    most: i64,
) -> Result<Vec<Correction>, StoreError> {
    let mut args: Vec<Value<'_>> = vec![before.into(), us(of.from).into(), us(of.to).into(), most.into()];
    match of.account {
        Some(account) => {
            args.push(account.to_string().into());
            tx.rows(OF_ACCOUNT, &args, correction)
        }
        None => tx.rows(PAGE, &args, correction),
    }
}
