//! Accounts and the money that comes into them.

use super::act::Act;
use super::after::{self, Consequence};
use super::sheet::Moved;
use super::{At, Refusal, events, freezes};
use billing::event::EventKind;
use billing::rate::Terms;
use billing::wallet::{Purse, Till, Wallet};
use store::accounts::{Account, Verified};
use store::{Tx, accounts, ledger};
use units::{AccountId, Currency, Money, Timestamp, TransferId};

/// What an account is opened with.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    pub currency: Currency,
    pub terms: Terms,
    pub verified: Verified,
    /// Told when less than this is available; 0 for never. Source: R-WAL-5.
    pub alert_minor: i64,
}

/// What of an account is to change.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change {
    pub terms: Option<Terms>,
    pub verified: Option<Verified>,
    pub alert_minor: Option<i64>,
}

/// Money that comes in, or is granted.
#[derive(Clone, Copy, Debug)]
pub struct TopUp<'a> {
    pub money: Money,
    /// Which kind of money it becomes.
    pub purse: Purse,
    /// What tells one top-up of an account from another.
    pub reference: &'a str,
}

/// Changes the terms of an account: for what is quoted, ordered and settled from now on.
pub fn change(tx: &mut Tx<'_>, at: At<'_>, id: AccountId, change: Change) -> Result<Account, Refusal> {
    let before = accounts::get(tx, id)?;
    let account = Account {
        terms: change.terms.unwrap_or(before.terms),
        verified: change.verified.unwrap_or(before.verified),
        alert_minor: alert_at(change.alert_minor.unwrap_or(before.alert_minor))?,
        ..before
    };
    accounts::set(tx, &account)?;
    after::look(tx, at, id, Consequence::Alert(id))?;
    Ok(account)
}

/// A bound for low-balance alerts. Source: R-WAL-5.
fn alert_at(minor: i64) -> Result<i64, Refusal> {
    match (0..=billing::alert::MOST_MINOR).contains(&minor) {
        true => Ok(minor),
        false => Err(Refusal::Sum("an alert is at 0 or more, with at most nine digits before the point")),
    }
}

/// Opens an account with an empty wallet. The same again changes nothing.
pub fn open(tx: &mut Tx<'_>, name: &str, new: Opening, now: Timestamp) -> Result<Account, Refusal> {
    alert_at(new.alert_minor)?;
    let account = Account {
        id: AccountId::named(now, name),
        name: name.to_string(),
        currency: new.currency,
        terms: new.terms,
        verified: new.verified,
        arrears_since: None,
        created: now,
        alert_minor: new.alert_minor,
        told: billing::alert::Told::default(),
    };
    accounts::add(tx, &account)?;
    ledger::open(tx, account.id)?;
    Ok(account)
}

/// Money from outside, or granted; debt comes first. `reference` tells one top-up from another: the
/// same again changes nothing, another sum under it is `conflict`. Source: R-WAL-3, R-WAL-4.
pub fn top_up(tx: &mut Tx<'_>, at: At<'_>, id: AccountId, new: TopUp<'_>) -> Result<Wallet, Refusal> {
    let TopUp { money, purse, reference } = new;
    if money.minor() <= 0 {
        accounts::get(tx, id)?;
        return Err(Refusal::Sum("a top-up is above zero"));
    }
    let held = freezes::held(tx, id)?;
    let read = held.wallet;
    Money::zero(held.account.currency).checked_add(money)?;
    let most = [read.wallet.free.total(), read.wallet.frozen.total(), read.wallet.owed]
        .into_iter()
        .max()
        .unwrap_or(0);
    most.checked_add(money.minor()).filter(|it| *it < i64::MAX / 4).ok_or(units::MoneyError::Overflow)?;

    if ledger::top_up(tx, id, (reference, purse, money.minor()), at.now)? == ledger::Reported::Again {
        return Ok(read.wallet);
    }

    let mut till = Till::new(read.wallet, at.now);
    till.top_up(money.minor(), purse, TransferId::named(at.now, &format!("{id} {reference}")).bits());

    let (mut act, after) = (Act::on(tx, at, [id])?, till.wallet);
    let more = [("amount", money.to_string()), ("reference", reference.to_string())];
    act.sheet.news.push(events::wallet(EventKind::WalletToppedUp, &after, &more));
    act.sheet.moved.push(Moved { held, till });
    after::finish(tx, act)?;
    Ok(after)
}
