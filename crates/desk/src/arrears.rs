//! Arrears: whether an account is in arrears, and what its resources do about it.
//!
//! In:  an account after its money moved. Out: arrears begun or ended and steps of resources, noted on the sheet.
//! Invariant: an account whose balance says what is written down already changes nothing but resources that may go on.
//! Rules: R-ARR-1 to R-ARR-4, R-ARR-8, R-ARR-9.

use super::Refusal;
use super::act::Act;
use super::{events, steps};
use billing::account::Account;
use billing::credit::CreditLine;
use billing::life::{self, Standing};
use billing::notice::{Notice, NoticeKind};
use billing::wallet::Wallet;
use store::{StoreError, Tx, accounts, credit_lines, ledger, resources};
use units::{AccountId, Timestamp};

/// Begins or ends the arrears of an account, lets resources resume, and notes what falls due next.
///
/// Source: R-ARR-1 to R-ARR-4.
pub fn evaluate(tx: &mut Tx<'_>, act: &mut Act<'_>, id: AccountId) -> Result<(), Refusal> {
    let mut found = accounts::with_wallets(tx, [id])?;
    let (account, wallet) = found.remove(&id).ok_or_else(|| StoreError::NotFound(format!("account {id}")))?;
    let wallet = with_credit(tx, &account, wallet)?;
    let resources = resources::of_account(tx, id)?;

    let since = billing::arrears::since(account.arrears_since, wallet.standing(), act.at.now);
    let standing = Standing { arrears_since: since, balance: wallet.standing() };

    let changed = since != account.arrears_since;
    if changed {
        note(act, account, &wallet, since);
    }
    for read in resources {
        match life::resume(&read.resource, standing) {
            Some(event) => steps::take(act, read, event, standing).map(drop)?,
            None if changed => steps::refresh(act, &read, standing)?,
            None => {}
        }
    }
    Ok(())
}

/// The wallet, on its credit again where that was withheld and nothing is owed any more. Source: R-ARR-9.
fn with_credit(tx: &mut Tx<'_>, account: &Account, wallet: Wallet) -> Result<Wallet, Refusal> {
    if account.arrears_since.is_none() || wallet.owed().is_positive() {
        return Ok(wallet);
    }
    let line = credit_lines::get(tx, account.id, account.currency)?;
    let Some(line) = line.filter(|it| it.withheld.is_some()) else { return Ok(wallet) };
    let line = CreditLine { withheld: None, ..line };
    credit_lines::save(tx, &line)?;
    Ok(ledger::with_holds(tx, wallet.on_credit(line.limit, wallet.pledged())?)?)
}

/// Notes that arrears began or ended; of a begin the customer is told. Source: R-ARR-8.
fn note(act: &mut Act<'_>, account: Account, wallet: &Wallet, since: Option<Timestamp>) {
    act.sheet.arrears.push((account.id, since));
    if let Some(since) = since {
        let (kind, occasion) = (NoticeKind::InArrears, since.to_string());
        let notice =
            Notice { account: account.id, subject: account.name, kind, threshold: 0, occasion, at: since };
        act.sheet.notices.push(notice);
    }
    act.sheet.news.push(events::arrears(wallet, since));
}
