//! Corrections by people, the newest first.
//!
//! In:  which part, of which account. Out: who corrected what, when and why, and the bill that it made.

use crate::Refusal;
use crate::page::{Page, Part};
use billing::correction::Correction as What;
use pricebook::Files;
use serde_json::Value;
use store::corrections::prices::{self, Progress};
use store::corrections::{self, Correction};
use store::{StoreError, Tx};
use units::{BillId, BookId, Timestamp};

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
    let missing = || Refusal::missing(format!("correction {id}"));
    let row = corrections::get(tx, id)?.ok_or_else(missing)?;
    listed(tx, row)
}

/// Corrections that fit: of all accounts, or of one alone.
pub fn page(tx: &mut Tx<'_>, of: Filter, part: &Part) -> Result<Page<Listed>, Refusal> {
    if let Some(account) = of.account {
        store::accounts::get(tx, account)?;
    }
    let before = part.cursor::<i64>()?.unwrap_or(i64::MAX);
    let found = corrections::page(tx, of, before, i64::from(part.most) + 1)?;
    Page::of(found, part, |it| it.number.to_string()).try_map(|it| listed(tx, it))
}

fn listed(tx: &mut Tx<'_>, row: Correction) -> Result<Listed, Refusal> {
    let unreadable = || StoreError::Corrupt(format!("correction {}", row.id));
    let says: Value = serde_json::from_str(&row.body).map_err(|_| unreadable())?;
    let made = match (row.account, says.get("bill").and_then(Value::as_str)) {
        (Some(account), Some(against)) => {
            let against = against.parse().map_err(|_| unreadable())?;
            corrections::bills::made_by(tx, account, against, row.number)?
        }
        _ => None,
    };
    debug_assert!(What::KINDS.contains(&row.kind.as_str()), "a kind that is known");
    let progress = prices::progress(tx, row.number)?;
    Ok(Listed { row, says, made, progress })
}
