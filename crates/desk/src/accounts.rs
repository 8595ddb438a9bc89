//! Accounts and the money that comes into them.

use super::{At, Refusal, arrears, events};
use billing::account::{Account, Verified};
use billing::event::EventKind;
use billing::notice::{Notice, NoticeKind};
use billing::passbook::Passbook;
use billing::rate::Terms;
use billing::wallet::{Purse, Wallet};
use store::ledger::TopUp;
use store::{Tx, accounts, ledger};
use units::{AccountId, Currency, Money, Timestamp, TransferId};

/// What an account is opened with.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    pub currency: Currency,
    pub terms: Terms,
    pub verified: Verified,
    /// Told when less than this is available; `None` for never. Source: R-WAL-5.
    pub alert: Option<Money>,
}

/// What of an account is to change.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change {
    pub terms: Option<Terms>,
    pub verified: Option<Verified>,
    pub alert: Option<Money>,
}

/// Changes the terms of an account: for what is quoted, ordered and settled from now on.
pub fn change(tx: &mut Tx<'_>, at: At<'_>, id: AccountId, change: Change) -> Result<Account, Refusal> {
    let before = accounts::get(tx, id)?;
    let account = Account {
        terms: change.terms.unwrap_or(before.terms),
        verified: change.verified.unwrap_or(before.verified),
        alert: alert_at(change.alert.unwrap_or(before.alert), before.currency)?,
        ..before
    };
    accounts::set(tx, &account)?;
    alert(tx, at, id)?;
    Ok(account)
}

/// A bound for low-balance alerts. Source: R-WAL-5.
fn alert_at(alert: Money, currency: Currency) -> Result<Money, Refusal> {
    match !alert.is_negative() && alert.checked_cmp(billing::alert::most(currency))?.is_le() {
        true => Ok(alert),
        false => Err(Refusal::Sum("an alert is at 0 or more, with at most nine digits before the point")),
    }
}

/// Opens an account with an empty wallet. The same again changes nothing.
pub fn open(tx: &mut Tx<'_>, name: &str, new: Opening, now: Timestamp) -> Result<Account, Refusal> {
    let alert = alert_at(new.alert.unwrap_or(Money::zero(new.currency)), new.currency)?;
    let account = Account {
        id: AccountId::named(now, name),
        name: name.to_string(),
        currency: new.currency,
        terms: new.terms,
        verified: new.verified,
        arrears_since: None,
        created: now,
        alert,
        told: billing::alert::Told::default(),
    };
    accounts::add(tx, &account)?;
    ledger::open(tx, account.id)?;
    Ok(account)
}

/// Money from outside, or granted; debt comes first. `reference` tells one top-up from another: the
/// same again changes nothing, another sum under it is `conflict`. Source: R-WAL-3, R-WAL-4.
pub fn top_up(
    tx: &mut Tx<'_>,
    at: At<'_>,
    id: AccountId,
    (money, purse, reference): (Money, Purse, &str),
) -> Result<Wallet, Refusal> {
    let account = accounts::get(tx, id)?;
    if !money.is_positive() {
        return Err(Refusal::Sum("a top-up is above zero"));
    }
    Money::zero(account.currency).checked_add(money)?;
    let read = ledger::lock(tx, id, account.currency)?;

    let payment = TopUp { reference: reference.to_string(), purse, money, at: at.now };
    if ledger::top_up(tx, id, &payment)? == ledger::Reported::Again {
        return Ok(read.wallet);
    }

    let mut passbook = Passbook::new(read.wallet, at.now);
    passbook.top_up(money, purse, TransferId::named(at.now, &format!("{id} {reference}")).bits())?;

    ledger::save(tx, &read, &passbook)?;
    let more = [("amount", money.to_string()), ("reference", reference.to_string())];
    events::emit(tx, events::wallet(EventKind::WalletToppedUp, passbook.wallet(), &more), at.now)?;
    arrears::evaluate(tx, at, id)?;
    alert(tx, at, id)?;
    Ok(*passbook.wallet())
}

/// Tells the customer that little is left, if it is time to. Source: R-WAL-5.
pub fn alert(tx: &mut Tx<'_>, at: At<'_>, id: AccountId) -> Result<(), Refusal> {
    let account = accounts::get(tx, id)?;
    if account.alert.is_zero() {
        return Ok(());
    }
    let wallet = ledger::get(tx, id, account.currency)?.wallet;
    let today = at.desk.calendar.midnight_after(at.now, 0)?;

    let (told, message) = billing::alert::test(account.alert, wallet.available(), account.told, today)?;

    if told != account.told {
        accounts::set_told(tx, id, told)?;
    }
    if let Some(threshold) = message {
        let alert = account.alert.to_string();
        events::emit(tx, events::wallet(EventKind::WalletLow, &wallet, &[("alert", alert)]), at.now)?;
        let (subject, kind, occasion) = (account.name, NoticeKind::BalanceLow, today.to_string());
        store::notices::add(
            tx,
            &[Notice { account: id, subject, kind, threshold, occasion, at: at.now }],
            at.now,
        )?;
    }
    Ok(())
}
