//! Cards of an account: added, taken away.
//!
//! In:  what the gateway said of a card. Out: the card as it stands.
//! Invariant: no number of a card comes here; a card that the gateway knows is added once, to one account.

use super::{At, Refusal};
use billing::payment::{CardError, MOST_CARDS};
use providers::cards::stripe::KnownCard;
use store::accounts::Patience;
use store::{Tx, accounts, cards};
use units::{AccountId, CardId};

pub use store::cards::Card;

/// Adds a card. Errors: `OfAnother`, `TokenUsed`, `TooMany`; then nothing is written.
pub fn add(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, known: &KnownCard) -> Result<Card, Refusal> {
    accounts::lock(tx, [account], Patience::Wait)?;
    match cards::by_method(tx, &known.method)? {
        Some(it) if it.account != account => return Err(CardError::OfAnother.into()),
        Some(_) => return Err(CardError::TokenUsed.into()),
        None => {}
    }
    let there = cards::of_account(tx, account)?.len();
    if there >= MOST_CARDS {
        return Err(CardError::TooMany { there, most: MOST_CARDS }.into());
    }
    let card = Card {
        account,
        id: CardId::named(at.now, &format!("{account} {}", known.method)),
        method: known.method.clone(),
        brand: known.brand.clone(),
        last4: known.last4.clone(),
        exp_month: known.exp_month,
        exp_year: known.exp_year,
        created: at.now,
        ended: None,
    };
    cards::add(tx, &card)?;
    Ok(card)
}

/// Takes a card away; what it is paying goes on. Errors: `NotFound`.
pub fn end(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, id: CardId) -> Result<Card, Refusal> {
    let card = cards::get(tx, account, id)?;
    cards::end(tx, account, id, at.now)?;
    Ok(Card { ended: Some(at.now), ..card })
}

/// The cards that an account may pay with, the oldest first. Errors: `NotFound` without the account.
pub fn list(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Card>, Refusal> {
    accounts::get(tx, account)?;
    Ok(cards::of_account(tx, account)?)
}

/// One card, also one that was taken away. Errors: `NotFound`, also for a card of another account.
pub fn one(tx: &mut Tx<'_>, account: AccountId, id: CardId) -> Result<Card, Refusal> {
    Ok(cards::get(tx, account, id)?)
}

/// A card that may be paid with, and under which name the gateway knows its owner. Errors: `NotFound`, `Ended`.
pub fn usable(tx: &mut Tx<'_>, account: AccountId, id: CardId) -> Result<(Card, String), Refusal> {
    let card = cards::get(tx, account, id).map_err(|error| Refusal::from(error).of("card"))?;
    if card.ended.is_some() {
        return Err(Refusal::from(CardError::Ended(id)).of("card"));
    }
    let missing = || Refusal::corrupt(format!("card {id} of an account that the gateway does not know"));
    let customer = cards::customer(tx, account)?.ok_or_else(missing)?;
    Ok((card, customer))
}

/// Under which name the gateway knows an account, if it does.
pub fn customer(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<String>, Refusal> {
    accounts::get(tx, account)?;
    Ok(cards::customer(tx, account)?)
}

/// Notes under which name the gateway knows an account; the first that was noted is the one that holds.
pub fn known_as(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, name: &str) -> Result<String, Refusal> {
    Ok(cards::known_as(tx, account, name, at.now)?)
}
