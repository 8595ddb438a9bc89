//! The wallet's book: movements with the balance after each.
//!
//! In:  an account, which movements. Out: a page of them.
//! Invariant: balances are those of one instant of the wallet; what came later is not looked at.
//! Rules: R-WAL-3.

use super::Refusal;
use store::ledger::{self, Movement, MovementFilter};
use store::{Tx, accounts};
use units::{AccountId, Currency, Money};

/// A movement and the balance after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub movement: Movement,
    pub balance: Money,
}

/// Movements, the newest first, those before the one with the id `before`; of any kind if `kind` is empty.
///
/// Balances are counted back from the wallet as it stands, so a page costs what lies between now and its end.
pub fn movements(
    tx: &mut Tx<'_>,
    id: AccountId,
    (before, kind): (Option<&str>, &str),
    count: usize,
) -> Result<(Vec<Entry>, Currency), Refusal> {
    let currency = accounts::get(tx, id)?.currency;
    let read = ledger::get(tx, id, currency)?;
    let bound = match before {
        Some(it) => ledger::number(tx, id, it)?,
        None => read.end(),
    };
    let found =
        ledger::movements_page(tx, id, MovementFilter { before: bound.min(read.end()), kind }, count)?;
    let Some(last) = found.last() else { return Ok((Vec::new(), currency)) };
    let mut later = ledger::changes(tx, id, last.number..read.end())?.into_iter().peekable();

    let mut balance = read.wallet.balance();
    let mut entries = Vec::with_capacity(found.len());
    for movement in found {
        while let Some((_, change)) = later.next_if(|it| it.0 > movement.number) {
            balance = balance.checked_sub(change)?;
        }
        entries.push(Entry { movement, balance });
    }
    Ok((entries, currency))
}
