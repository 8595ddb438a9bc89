//! Money that came in or was granted, of all accounts.
//!
//! In:  whose, when. Out: payments, the newest first; what came in since an instant.
//! Invariant: nothing is written here; payments are noted with the wallet, in `ledger`.

use crate::engine::{Row, StoreError, Tx, at, us};
use crate::ledger::TopUp;
use crate::usage::Mark;
use billing::wallet::Purse;
use units::{AccountId, Money, Timestamp};

statements! {
    PAGE = "select reference, purse, total_minor, at_us, (select a.currency from accounts a where a.id = top_ups.account), account
        from top_ups where (at_us, account, reference) < ($1, $2, $3) and at_us >= $4
        order by at_us desc, account desc, reference desc limit $5";
    PAGE_OF = "select reference, purse, total_minor, at_us, (select a.currency from accounts a where a.id = top_ups.account), account
        from top_ups where account = $1 and (at_us, reference) < ($2, $3) and at_us >= $4
        order by at_us desc, reference desc limit $5";
    BETWEEN = "select reference, at_us from top_ups where account = $1 and at_us >= $2 and at_us <= $3 order by at_us, reference";
    SINCE = "select a.currency, cast(sum(t.total_minor) as bigint) from top_ups t join accounts a on a.id = t.account
        where t.at_us >= $1 and t.purse = 'cash' group by a.currency order by a.currency";
}

/// A payment and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedTopUp {
    pub account: AccountId,
    pub top_up: TopUp,
}

impl OwnedTopUp {
    /// Its place in the list.
    pub fn mark(&self) -> Mark {
        (us(self.top_up.at), self.account.to_string(), self.top_up.reference.clone())
    }
}

/// Which payments: of any account where none is named, made in `[from, to)`.
#[derive(Clone, Copy, Debug)]
pub struct TopUpFilter {
    pub account: Option<AccountId>,
    pub from: Timestamp,
    pub to: Timestamp,
}

fn owned(row: &Row<'_>) -> Result<OwnedTopUp, StoreError> {
    let top_up = TopUp {
        reference: row.text(0)?,
        purse: row.parsed(1, "purse", Purse::parse)?,
        money: row.money(2, row.currency(4)?)?,
        at: at(row.int(3)?)?,
    };
    Ok(OwnedTopUp { account: row.parsed(5, "account", |it| it.parse().ok())?, top_up })
}

/// Payments that fit, the newest first, behind `after`.
pub fn page(
    tx: &mut Tx<'_>,
    of: TopUpFilter,
    after: Option<&Mark>,
    most: usize,
) -> Result<Vec<OwnedTopUp>, StoreError> {
    let end = (us(of.to), String::new(), String::new());
    let (at_us, account, reference) = after.filter(|it| **it < end).unwrap_or(&end);
    let (from, most) = (us(of.from).into(), i64::try_from(most).unwrap_or(i64::MAX).into());
    let (at_us, reference) = ((*at_us).into(), reference.as_str().into());
    match of.account {
        // An account has an index of its own: those of all others are not looked at.
        Some(only) => tx.rows(PAGE_OF, &[only.to_string().into(), at_us, reference, from, most], owned),
        None => tx.rows(PAGE, &[at_us, account.as_str().into(), reference, from, most], owned),
    }
}

/// The references of what came into an account from `first` to `last`, both included, each with when it came.
pub fn references(
    tx: &mut Tx<'_>,
    account: AccountId,
    first: Timestamp,
    last: Timestamp,
) -> Result<Vec<(String, Timestamp)>, StoreError> {
    let args = [account.to_string().into(), us(first).into(), us(last).into()];
    tx.rows(BETWEEN, &args, |row| Ok((row.text(0)?, at(row.int(1)?)?)))
}

/// What was paid in since `from`, granted money left out; one sum for each currency.
pub fn since(tx: &mut Tx<'_>, from: Timestamp) -> Result<Vec<Money>, StoreError> {
    tx.rows(SINCE, &[us(from).into()], |row| row.money(1, row.currency(0)?))
}
