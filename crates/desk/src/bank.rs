//! Bank transfers: what a customer writes on one, statements, and whose an entry is.
//!
//! In:  statements as they were read; what an operator says. Out: entries with proposals; money in wallets.
//! Invariant: no money moves without an operator's word; an entry comes in once, under the bank's name of it.
//! Rules: R-WAL-3, R-WAL-4.

use super::accounts::{self, TopUp};
use super::{At, Refusal};
use billing::bank::{Entry, Reference, State, Word};
use billing::wallet::Purse;
use std::collections::{BTreeMap, BTreeSet};
use store::bank::StoredEntry;
use store::{Tx, bank};
use units::{AccountId, Currency};

/// What a customer writes on a transfer, so that it is known whose it is. Errors: `NotFound`.
pub fn reference(tx: &mut Tx<'_>, account: AccountId) -> Result<Reference, Refusal> {
    store::accounts::get(tx, account)?;
    Ok(Reference::of(account))
}

/// Adds the entries of a statement, each with whose it may be; those that are known stay as they are. Gives the new ones.
///
/// Errors: `Differs` for an entry under whose name another is known; then nothing is written.
pub fn add(tx: &mut Tx<'_>, at: At<'_>, entries: &[Entry]) -> Result<Vec<StoredEntry>, Refusal> {
    let written: Vec<Vec<Reference>> = entries.iter().map(|it| Reference::all_in(&it.text)).collect();
    let owners = owners(tx, &written.iter().flatten().collect())?;

    let all: Vec<(&Entry, Option<AccountId>)> = entries
        .iter()
        .zip(&written)
        .map(|(entry, written)| {
            let of: Vec<_> = written.iter().filter_map(|it| owners.get(it)).copied().collect();
            (entry, entry.proposed(&of))
        })
        .collect();

    Ok(bank::add(tx, &all, at.now)?)
}

/// Whose references are. Those of accounts of which none was asked for yet are noted first.
fn owners(
    tx: &mut Tx<'_>,
    written: &BTreeSet<&Reference>,
) -> Result<BTreeMap<Reference, (AccountId, Currency)>, Refusal> {
    let mut found = bank::owners(tx, written.iter().copied())?;
    if found.len() < written.len() {
        bank::refer(tx)?;
        found = bank::owners(tx, written.iter().copied())?;
    }
    Ok(found.into_iter().map(|it| (it.reference, (it.account, it.currency))).collect())
}

/// An operator says whose an entry is: it comes into that wallet. The same again changes nothing.
///
/// Errors: `NotFound`, `Nobody` where no account is named or proposed, `WentBack`, `Decided` for another word, another currency.
pub fn confirm(
    tx: &mut Tx<'_>,
    at: At<'_>,
    id: &str,
    account: Option<AccountId>,
) -> Result<StoredEntry, Refusal> {
    decide(tx, at, id, Word::Confirm(account))
}

/// An operator says that an entry is nobody's, and why. Errors: `NotFound`, `Decided` for another word, or another reason.
pub fn set_aside(tx: &mut Tx<'_>, at: At<'_>, id: &str, reason: &str) -> Result<StoredEntry, Refusal> {
    decide(tx, at, id, Word::SetAside(reason.to_string()))
}

fn decide(tx: &mut Tx<'_>, at: At<'_>, id: &str, word: Word) -> Result<StoredEntry, Refusal> {
    let found = bank::get(tx, id)?;

    let Some(standing) = found.standing.after(&found.entry, word)? else { return Ok(found) };

    bank::decide(tx, id, &standing, at.now)?;
    if let (State::Confirmed, Some(account)) = (standing.state, standing.account) {
        let reference = format!("bank {id}");
        let money = TopUp { reference: &reference, purse: Purse::Cash, money: found.entry.money };
        accounts::top_up(tx, at, account, money)?;
    }
    Ok(StoredEntry { standing, decided: Some(at.now), ..found })
}
