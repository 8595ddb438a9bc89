//! Credit lines: agreed by an operator, withheld when what is owed cannot be collected.
//!
//! In:  how much an account may owe, on which day that is collected. Out: the credit line as it stands.
//! Invariant: what was agreed is a row of its own with why; what follows for arrears and alerts follows in the same transaction.
//! Rules: R-ARR-9, R-WAL-2, R-WAL-5.

use super::after::{self, Consequence};
use super::facts::{self, Fact};
use super::{At, Refusal, freezes, letters};
use billing::correction;
use billing::credit::{self, CreditLine};
use billing::notice::agreed;
use billing::wallet::Wallet;
use store::{Tx, accounts, credit_lines, ledger};
use units::{AccountId, Money};

/// A credit line that is to be agreed; with a limit of 0 there is none any more.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    pub account: AccountId,
    pub limit: Money,
    /// Of the month, on which what is owed is collected; `None` for the tenth.
    pub day: Option<u8>,
    pub reason: &'a str,
}

/// A credit line, and the wallet that it is of.
#[derive(Clone, Debug)]
pub struct Seen {
    pub line: Option<CreditLine>,
    pub wallet: Wallet,
}

/// Agrees how much an account may owe from now on. The same again changes nothing.
///
/// Errors: `NotFound`; a limit below zero or in another currency; a day that not every month has; a reason that is none. Source: R-ARR-9.
pub fn set(tx: &mut Tx<'_>, at: At<'_>, new: New<'_>) -> Result<Seen, Refusal> {
    let held = freezes::held(tx, new.account)?;
    let currency = held.account.currency;
    let day = day(new.day)?;
    if new.limit.is_negative() {
        return Err(Refusal::Sum("a credit limit is at 0 or more").of("limit"));
    }
    held.wallet.wallet.on_credit(new.limit, held.wallet.wallet.pledged())?;
    correction::reason(new.reason)?;
    let there = credit_lines::get(tx, new.account, currency)?;
    let is_news = new.limit.is_positive() || there.as_ref().is_some_and(|it| it.limit.is_positive());
    if there.is_some_and(|it| it.limit == new.limit && it.day == day && it.withheld.is_none()) {
        return seen(tx, at, new.account);
    }
    let line = CreditLine {
        account: new.account,
        limit: new.limit,
        day,
        since: at.now,
        collect: credit::next(&at.desk.calendar, day, at.now)?,
        withheld: None,
        reason: new.reason.to_string(),
    };
    let made = credit_lines::agree(tx, &line)?;
    credit_lines::save(tx, &line)?;
    follow(tx, at, new.account)?;
    facts::note(tx, &[Fact::credit_line(&made)], at.now)?;
    // Who may owe nothing is not told that nothing may be owed.
    if is_news {
        letters::notice(tx, at, &agreed::credit(&line, held.account.name, made.number))?;
    }
    seen(tx, at, new.account)
}

/// The day on which what is owed is collected; the usual one where none is named. Errors: of the field `day`, for one that not every
/// month has.
pub fn day(named: Option<u8>) -> Result<u8, Refusal> {
    match named.unwrap_or(credit::DAY) {
        day if credit::DAYS.contains(&day) => Ok(day),
        _ => {
            let (least, most) = (u32::from(*credit::DAYS.start()), u32::from(*credit::DAYS.end()));
            Err(Refusal::Whole { what: "what is owed is collected on a day", least, most }.of("day"))
        }
    }
}

/// What follows where an account may owe more or less than before.
fn follow(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<(), Refusal> {
    after::look(tx, at, account, Consequence::Arrears(account))?;
    after::look(tx, at, account, Consequence::Alert(account))
}

/// The credit line of an account as it stands, with the next day on which something is collected. Errors: `NotFound` without the account.
pub fn seen(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<Seen, Refusal> {
    let currency = accounts::get(tx, account)?.currency;
    let line = credit_lines::get(tx, account, currency)?;
    let line = line.map(|it| it.upcoming(&at.desk.calendar, at.now)).transpose()?;
    Ok(Seen { line, wallet: ledger::get(tx, account, currency)?.wallet })
}

/// What is owed could not be collected: until it is paid nothing more is owed on credit, and the policies of arrears hold. Source: R-ARR-9.
pub(super) fn withhold(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<(), Refusal> {
    let held = freezes::held(tx, account)?;
    let Some(line) = credit_lines::get(tx, account, held.account.currency)? else { return Ok(()) };
    if line.holds().is_zero() || !held.wallet.wallet.owed().is_positive() {
        return Ok(());
    }
    credit_lines::save(tx, &CreditLine { withheld: Some(at.now), ..line })?;
    follow(tx, at, account)
}
