//! Bank transfers: what a customer writes on one, statements, and whose an entry is.
//!
//! In:  statements as they were read; what an operator says. Out: entries with proposals; money in wallets.
//! Invariant: no money moves without an operator's word; an entry comes in once, under the bank's name of it.
//! Rules: R-WAL-3, R-WAL-4.

use super::accounts::{self, TopUp};
use super::{At, Refusal};
use billing::bank::{BankError, Entry, Reference, State};
use billing::wallet::Purse;
use store::bank::{Decision, StoredEntry};
use store::{Tx, bank};
use units::AccountId;

/// What a customer writes on a transfer, so that it is known whose it is. Errors: `NotFound`.
pub fn reference(tx: &mut Tx<'_>, account: AccountId) -> Result<Reference, Refusal> {
    store::accounts::get(tx, account)?;
    let reference = Reference::of(account);
    bank::refer(tx, &reference, account)?;
    Ok(reference)
}

/// Adds the entries of a statement, each with whose it may be; those that are known stay as they are. Gives the new ones.
///
/// Errors: `Differs` for an entry that is known with another sum; then nothing is written.
pub fn add(tx: &mut Tx<'_>, at: At<'_>, entries: &[Entry]) -> Result<Vec<StoredEntry>, Refusal> {
    let mut added = Vec::new();
    for it in entries {
        let account = proposed(tx, it)?;
        added.extend(bank::add(tx, it, account, at.now)?);
    }
    Ok(added)
}

/// Whose an entry may be: the one account whose reference its payer wrote, where it pays in the currency of that.
fn proposed(tx: &mut Tx<'_>, it: &Entry) -> Result<Option<AccountId>, Refusal> {
    let mut owners = Vec::new();
    for reference in Reference::all_in(&it.text) {
        owners.extend(bank::whose(tx, &reference)?);
    }
    owners.dedup();
    let [account] = owners[..] else { return Ok(None) };
    let currency = store::accounts::get(tx, account)?.currency;
    Ok((currency == it.money.currency()).then_some(account))
}

/// An operator says whose an entry is: it comes into that wallet. The same again changes nothing.
///
/// Errors: `NotFound`, `Nobody` where no account is named or proposed, `Decided` for another word, another currency.
pub fn confirm(
    tx: &mut Tx<'_>,
    at: At<'_>,
    id: &str,
    account: Option<AccountId>,
) -> Result<StoredEntry, Refusal> {
    let found = bank::get(tx, id)?;
    let account = account.or(found.account).ok_or_else(|| BankError::Nobody(id.to_string()))?;
    match found.state {
        State::Confirmed if found.account == Some(account) => return Ok(found),
        State::Confirmed | State::SetAside => return Err(BankError::Decided(found.state).into()),
        State::Open => {}
    }
    bank::decide(tx, id, Decision { account: Some(account), state: State::Confirmed, reason: "" }, at.now)?;
    let reference = format!("bank {id}");
    let money = TopUp { reference: &reference, purse: Purse::Cash, money: found.entry.money };
    accounts::top_up(tx, at, account, money)?;
    Ok(bank::get(tx, id)?)
}

/// An operator says that an entry is nobody's. Errors: `NotFound`, `Decided`.
pub fn set_aside(tx: &mut Tx<'_>, at: At<'_>, id: &str, reason: &str) -> Result<StoredEntry, Refusal> {
    let found = bank::get(tx, id)?;
    match found.state {
        State::SetAside => return Ok(found),
        State::Confirmed => return Err(BankError::Decided(found.state).into()),
        State::Open => {}
    }
    bank::decide(tx, id, Decision { account: None, state: State::SetAside, reason }, at.now)?;
    Ok(bank::get(tx, id)?)
}
