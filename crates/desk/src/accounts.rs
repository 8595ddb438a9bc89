//! Accounts and the money that comes into them.

use super::act::Act;
use super::after::{self, Consequence};
use super::facts::{self, Fact};
use super::sheet::Moved;
use super::{At, Refusal, events, freezes, lists, settled, steps};
use billing::account::{Account, Verified};
use billing::passbook::Passbook;
use billing::rate::Terms;
use billing::renewal;
use billing::resource::kept::Kept;
use billing::resource::{Resource, State};
use billing::voucher;
use billing::wallet::{Purse, Wallet};
use store::accounts::Patience;
use store::{Tx, accounts, ledger, resources};
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
    /// More of them hold for what is there too, fewer for what is bought from now on. Source: R-EXP-5.
    pub no_stop_days: Option<u32>,
    /// So many vouchers an order, or a bill, takes. Source: R-VOU-3.
    pub vouchers_per_order: Option<u32>,
}

/// Changes the terms of an account: for what is quoted, ordered and settled from now on.
///
/// Errors: `NoStopDays`; `PerOrder`; an alert that is none.
pub fn change(tx: &mut Tx<'_>, at: At<'_>, id: AccountId, change: Change) -> Result<Account, Refusal> {
    // Held first: what is left as it was is written back with the rest.
    accounts::lock(tx, [id], Patience::Wait)?;
    let before = accounts::get(tx, id)?;
    let account = Account {
        terms: change.terms.unwrap_or(before.terms),
        verified: change.verified.unwrap_or(before.verified),
        alert: alert_at(change.alert.unwrap_or(before.alert), before.currency)?,
        no_stop_days: renewal::no_stop_days(change.no_stop_days.unwrap_or(before.no_stop_days))?,
        vouchers_per_order: voucher::per_order(
            change.vouchers_per_order.unwrap_or(before.vouchers_per_order),
        )?,
        ..before.clone()
    };
    let mut said = Vec::new();
    if account.terms != before.terms {
        // Closed cycles keep the terms that they were settled by.
        let from = settled::first_open(tx, at, id)?;
        accounts::set_terms(tx, &account, from)?;
        said.extend(facts::rates_of(tx, id)?);
    }
    accounts::set(tx, &account)?;
    if account.no_stop_days > before.no_stop_days {
        runs_on(tx, at, &account)?;
    }
    after::look(tx, at, id, Consequence::Alert(id))?;
    said.extend(Fact::account(&account));
    facts::note(tx, &said, at.now)?;
    Ok(account)
}

/// What is prepaid and there may run on for as long as its account says now. Source: R-EXP-5.
fn runs_on(tx: &mut Tx<'_>, at: At<'_>, account: &Account) -> Result<(), Refusal> {
    let standing = steps::standing(tx, account.id)?;
    let days = account.no_stop_days;
    let mut act = Act::on(tx, at, [account.id])?;
    for read in resources::living_of(tx, account.id)? {
        let it = &read.resource;
        // What is cut off already stays so, and is kept no longer for it.
        let is_cut = matches!(it.state, State::Expired | State::Recycled);
        if it.deadline.is_none() || is_cut || it.kept.no_stop_days >= days {
            continue;
        }
        let longer = Resource { kept: Kept { no_stop_days: days, ..it.kept }, ..it.clone() };
        let due = steps::due(at, &longer, standing)?;
        let longer = Resource { due, ..longer };
        // More days add attempts behind those that there are: one that is due and not made yet stays due.
        let longer = match longer.renew.due {
            Some(_) => longer,
            None => steps::with_renewal_due(at, longer)?,
        };
        steps::change(&mut act, &read, longer);
    }
    after::finish(tx, act)
}

/// Fixes the day of the month on which what is prepaid ends, for what is ordered from now on; `None` for a day of its own for
/// each. Errors: `Day`. Source: R-PRE-3.
pub fn fix_day(tx: &mut Tx<'_>, id: AccountId, day: Option<u32>) -> Result<Account, Refusal> {
    accounts::set_day(tx, id, day.map(renewal::fixed_day).transpose()?)?;
    Ok(accounts::get(tx, id)?)
}

/// A bound for low-balance alerts. Source: R-WAL-5.
fn alert_at(alert: Money, currency: Currency) -> Result<Money, Refusal> {
    match !alert.is_negative() && alert.checked_cmp(billing::alert::most(currency))?.is_le() {
        true => Ok(alert),
        false => Err(Refusal::Sum("an alert is at 0 or more, with at most nine digits before the point")),
    }
}

/// Opens an account with an empty wallet. The same again changes nothing.
///
/// Errors: `UnknownCurrency` for one that was superseded; an alert that is none.
pub fn open(tx: &mut Tx<'_>, name: &str, new: Opening, now: Timestamp) -> Result<Account, Refusal> {
    let currency = new.currency.active()?;
    let alert = alert_at(new.alert.unwrap_or(Money::zero(currency)), currency)?;
    let account = Account {
        id: AccountId::named(now, name),
        name: name.to_string(),
        currency,
        terms: new.terms,
        verified: new.verified,
        arrears_since: None,
        created: now,
        alert,
        told: billing::alert::Told::default(),
        expiry_day: None,
        no_stop_days: 0,
        vouchers_per_order: 1,
    };
    accounts::add(tx, &account)?;
    ledger::open(tx, account.id)?;
    facts::note(tx, &Fact::account(&account), now)?;
    Ok(account)
}

/// Opens an account; the same name on the same terms again is the account that there is.
///
/// Errors: `Differs` for the name of an account on other terms.
pub fn open_once(tx: &mut Tx<'_>, name: &str, new: Opening, now: Timestamp) -> Result<Account, Refusal> {
    match lists::accounts::named(tx, name)? {
        // `open` tells whether it is the same.
        Some(there) => {
            open(tx, &there.name, new, there.created)?;
            Ok(there)
        }
        None => open(tx, name, new, now),
    }
}

/// Money that comes in, or is granted: into which purse, and what tells it from another.
#[derive(Clone, Copy, Debug)]
pub struct TopUp<'a> {
    pub reference: &'a str,
    pub purse: Purse,
    pub money: Money,
}

/// Money from outside, or granted; debt comes first. `reference` tells one top-up from another: the
/// same again changes nothing, another sum under it is `conflict`. Source: R-WAL-3, R-WAL-4.
pub fn top_up(tx: &mut Tx<'_>, at: At<'_>, id: AccountId, new: TopUp<'_>) -> Result<Wallet, Refusal> {
    let TopUp { money, purse, reference } = new;
    if !money.is_positive() {
        accounts::get(tx, id)?;
        return Err(Refusal::Sum("a top-up is above zero"));
    }
    let held = freezes::held(tx, id)?;
    let read = held.wallet;
    Money::zero(held.account.currency).checked_add(money)?;

    let payment = ledger::TopUp { reference: reference.to_string(), purse, money, at: at.now };
    if ledger::top_up(tx, id, &payment)? == ledger::Reported::Again {
        return Ok(read.wallet);
    }

    let mut passbook = Passbook::new(read.wallet, at.now);
    passbook.top_up(money, purse, TransferId::named(at.now, &format!("{id} {reference}")).bits())?;

    let (mut act, after) = (Act::on(tx, at, [id])?, *passbook.wallet());
    act.sheet.news.push(events::topped_up(&after, money, reference));
    act.sheet.moved.push(Moved { held, passbook });
    after::finish(tx, act)?;
    facts::note(tx, &[Fact::top_up(id, &payment)], at.now)?;
    Ok(after)
}
