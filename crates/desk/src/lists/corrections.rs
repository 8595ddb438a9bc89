//! Corrections by people, the newest first.
//!
//! In:  which part, of which account. Out: who corrected what, when and why, and the bill that it made.

use crate::Refusal;
use crate::page::{Page, Part};
use billing::correction::Correction as What;
use pricebook::Files;
use serde_json::Value;
use std::collections::BTreeMap;
use store::corrections::prices::{self, Progress};
use store::corrections::{self, Correction};
use store::{StoreError, Tx};
use units::{AccountId, BillId, BookId, Timestamp};

pub use store::corrections::CorrectionFilter as Filter;

/// A correction, and what it says taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub row: Correction,
    /// By name: of a reading its source and event, of a bill its id and the amount, of prices the book and the period.
    pub says: Value,
    /// The bill that a credit or a debit made.
    pub made: Option<BillId>,
    /// How far a correction of prices is.
    pub progress: Option<Progress>,
}

/// A book that only corrections name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptBook {
    pub id: BookId,
    pub name: String,
    /// From when it says that it holds.
    pub from: Timestamp,
    pub files: Files,
}

/// One of those books. Errors: `NotFound`.
pub fn kept_book(tx: &mut Tx<'_>, id: BookId) -> Result<KeptBook, Refusal> {
    let prices::CorrectionBook { id, name, from, text } = prices::book(tx, id)?;
    Ok(KeptBook { id, name, from, files: Files::from_text(&text.body) })
}

/// One correction. Errors: `NotFound`.
pub fn one(tx: &mut Tx<'_>, id: &str) -> Result<Listed, Refusal> {
    let found = corrections::get(tx, id)?.into_iter().collect();
    listed(tx, found)?.pop().ok_or_else(|| Refusal::missing(format!("correction {id}")))
}

/// Corrections that fit: of all accounts, or of one alone.
pub fn page(tx: &mut Tx<'_>, of: Filter, part: &Part) -> Result<Page<Listed>, Refusal> {
    if let Some(account) = of.account {
        store::accounts::get(tx, account)?;
    }
    let before = part.cursor::<i64>()?.unwrap_or(i64::MAX);
    let found = corrections::page(tx, of, before, i64::from(part.most) + 1)?;
    let Page { items, next } = Page::of(found, part, |it| it.number.to_string());
    Ok(Page { items: listed(tx, items)?, next })
}

/// What they say taken apart; as many statements for one as for all.
fn listed(tx: &mut Tx<'_>, rows: Vec<Correction>) -> Result<Vec<Listed>, Refusal> {
    let said: Vec<(Correction, Value)> = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    let against = said.iter().map(against).collect::<Result<Vec<_>, _>>()?;
    let against: Vec<_> = against.into_iter().flatten().collect();
    let numbers: Vec<i64> = said.iter().map(|it| it.0.number).collect();
    let made: BTreeMap<i64, BillId> = corrections::bills::made_by(tx, &against)?.into_iter().collect();
    let mut progress: BTreeMap<i64, Progress> = prices::progress(tx, &numbers)?.into_iter().collect();
    let all = said.into_iter().map(|(row, says)| Listed {
        made: made.get(&row.number).copied(),
        progress: progress.remove(&row.number),
        says,
        row,
    });
    Ok(all.collect())
}

fn unreadable(row: &Correction) -> StoreError {
    StoreError::Corrupt(format!("correction {}", row.id))
}

fn read(row: Correction) -> Result<(Correction, Value), StoreError> {
    debug_assert!(What::KINDS.contains(&row.kind.as_str()), "a kind that is known");
    let says = serde_json::from_str(&row.body).map_err(|_| unreadable(&row))?;
    Ok((row, says))
}

/// Whose bill a correction is against, where it is against one.
fn against((row, says): &(Correction, Value)) -> Result<Option<(AccountId, BillId, i64)>, StoreError> {
    let (Some(account), Some(bill)) = (row.account, says.get("bill").and_then(Value::as_str)) else {
        return Ok(None);
    };
    Ok(Some((account, bill.parse().map_err(|_| unreadable(row))?, row.number)))
}
