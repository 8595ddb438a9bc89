//! Accounts and the money that comes into them.

use super::{Desk, Refusal, arrears};
use billing::rate::Terms;
use billing::wallet::{Purse, Till, Wallet};
use store::accounts::{Account, Verified};
use store::{Tx, accounts, ledger};
use units::{AccountId, Currency, Money, Timestamp, TransferId};

/// Opens an account with an empty wallet. The same again changes nothing.
pub fn open(
    tx: &mut Tx<'_>,
    name: &str,
    (currency, terms, verified): (Currency, Terms, Verified),
    now: Timestamp,
) -> Result<Account, Refusal> {
    let id = AccountId::named(now, name);
    let account =
        Account { id, name: name.to_string(), currency, terms, verified, arrears_since: None, created: now };
    accounts::add(tx, &account)?;
    ledger::open(tx, id)?;
    Ok(account)
}

/// Money from outside, or granted; debt comes first. `reference` tells one top-up from another: the
/// same again is `conflict`. Source: R-WAL-3, R-WAL-4.
pub fn top_up(
    tx: &mut Tx<'_>,
    desk: &Desk,
    id: AccountId,
    (money, purse, reference): (Money, Purse, &str),
    now: Timestamp,
) -> Result<Wallet, Refusal> {
    let account = accounts::get(tx, id)?;
    if money.minor() <= 0 {
        return Err(Refusal::Sum("a top-up is above zero"));
    }
    Money::zero(account.currency).checked_add(money)?;
    let read = ledger::lock(tx, id, account.currency)?;
    let most = [read.wallet.free.total(), read.wallet.frozen.total(), read.wallet.owed]
        .into_iter()
        .max()
        .unwrap_or(0);
    most.checked_add(money.minor()).filter(|it| *it < i64::MAX / 4).ok_or(units::MoneyError::Overflow)?;

    let mut till = Till::new(read.wallet, now);
    till.top_up(money.minor(), purse, TransferId::named(now, &format!("{id} {reference}")).bits());

    ledger::save(tx, &read, &till.wallet, &till.transfers)?;
    arrears::evaluate(tx, desk, id, now)?;
    Ok(till.wallet)
}
