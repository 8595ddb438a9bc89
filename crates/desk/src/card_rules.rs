//! Money that a card brings by itself: wanted, and asked for.
//!
//! In:  what an owner wants; accounts that are low or owe something. Out: payments, begun like any other.
//! Invariant: one is on its way at a time, and what comes in a calendar month is never more than its owner said.

use super::card_payments::{self, NewTopUp};
use super::{At, Refusal, cards, freezes, later};
use billing::credit::CreditLine;
use billing::payment::automatic::{
    self, AFTER_CEILING_SECONDS, AFTER_REFUSAL_SECONDS, Rule, Standing, Wanted,
};
use billing::payment::{Kind, Payment};
use providers::cards::limits;
use store::accounts::Held;
use store::{Tx, card_rules, credit_lines};
use units::{AccountId, CycleKind, Money};

pub use billing::payment::automatic::Collect;

/// How long nothing is looked at after something was asked for, in seconds.
const AFTER_ASKING_SECONDS: u64 = 5;

/// Writes what an owner wants, in place of what it wanted before.
///
/// Errors: no gateway, a card that is not there; `Rule`, `Minimum`, another currency.
pub fn set(tx: &mut Tx<'_>, at: At<'_>, rule: Rule) -> Result<Rule, Refusal> {
    card_payments::is_on(at)?;
    let held = freezes::held(tx, rule.account)?;
    cards::usable(tx, rule.account, rule.card)?;
    let none = Money::zero(held.account.currency);
    none.checked_add(rule.below)?.checked_add(rule.ceiling)?;
    let checked = automatic::checked(rule, limits(held.account.currency))?;
    card_rules::save(tx, &checked, at.now)?;
    Ok(checked)
}

/// What an owner wants, if anything. Errors: `NotFound` without the account.
pub fn get(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Rule>, Refusal> {
    store::accounts::get(tx, account)?;
    Ok(card_rules::get(tx, account)?)
}

/// Nothing comes by itself any more. Errors: `NotFound` where nothing did.
pub fn end(tx: &mut Tx<'_>, account: AccountId) -> Result<(), Refusal> {
    Ok(card_rules::end(tx, account)?)
}

/// Accounts that are to be looked at.
pub fn due(tx: &mut Tx<'_>, at: At<'_>, most: usize) -> Result<Vec<AccountId>, Refusal> {
    Ok(card_rules::due(tx, at.now, most)?)
}

/// An account that could not be looked at is left alone for a while.
pub fn put_off(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<(), Refusal> {
    Ok(card_rules::wait(tx, account, later(at.now, AFTER_CEILING_SECONDS))?)
}

/// Looks at one account, and asks its card for what is wanted.
pub fn look(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<Option<Payment>, Refusal> {
    let held = freezes::held(tx, account)?;
    let Some(rule) = card_rules::get(tx, account)? else { return Ok(None) };
    let wait = |tx: &mut Tx<'_>, seconds| card_rules::wait(tx, account, later(at.now, seconds));
    if cards::usable(tx, account, rule.card).is_err() {
        // The card was taken away: its owner says which other one pays.
        wait(tx, AFTER_REFUSAL_SECONDS)?;
        return Ok(None);
    }
    if card_rules::is_under_way(tx, account)? {
        wait(tx, AFTER_ASKING_SECONDS)?;
        return Ok(None);
    }
    let rests = card_rules::refused(tx, &rule)?.map(|it| later(it, AFTER_REFUSAL_SECONDS));
    if let Some(until) = rests.filter(|it| *it > at.now) {
        card_rules::wait(tx, account, until)?;
        return Ok(None);
    }
    let month = at.desk.calendar.cycle(CycleKind::Month, at.now)?;
    let wallet = &held.wallet.wallet;
    let line = credit_line(tx, at, &held)?;
    let standing = Standing {
        available: wallet.available(),
        owed: line.as_ref().map_or(Ok(wallet.owed()), |it| it.collects(wallet, at.now))?,
        month: card_rules::since(tx, account, month.from, wallet.currency())?,
        limits: limits(wallet.currency()),
    };
    match automatic::wanted(&rule, &standing)? {
        Wanted::Nothing => {
            wait(tx, AFTER_ASKING_SECONDS)?;
            Ok(None)
        }
        Wanted::Ceiling => {
            wait(tx, AFTER_CEILING_SECONDS)?;
            Ok(None)
        }
        Wanted::Pay(kind, money) => {
            // Asked for once for every standing of the month: the same again is the same payment.
            let token = format!("{} {} {}", kind.as_str(), month.from, at.now);
            let new = NewTopUp { account, card: rule.card, money, kind, token: &token };
            let payment = card_payments::top_up(tx, at, new)?;
            wait(tx, AFTER_ASKING_SECONDS)?;
            if let Some(line) = line.filter(|it| kind == Kind::Arrears && it.collect <= at.now) {
                credit_lines::save(tx, &line.collected(&at.desk.calendar, at.now)?)?;
            }
            Ok(Some(payment))
        }
    }
}

/// The credit line of an account; where its day is over, with the next one. Source: R-ARR-9.
fn credit_line(tx: &mut Tx<'_>, at: At<'_>, held: &Held) -> Result<Option<CreditLine>, Refusal> {
    let Some(line) = credit_lines::get(tx, held.account.id, held.account.currency)? else { return Ok(None) };
    if !line.is_past(at.now)? {
        return Ok(Some(line));
    }
    let line = line.upcoming(&at.desk.calendar, at.now)?;
    credit_lines::save(tx, &line)?;
    Ok(Some(line))
}
