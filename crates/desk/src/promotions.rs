//! Promotion codes: made and withdrawn by an operator, redeemed by customers.
//!
//! In:  a word with the terms of a voucher; an account that redeems it. Out: the code; a voucher.
//! Invariant: a code is held while it is counted, so that no more vouchers come of it than it says, and one to each account.
//! Rules: R-VOU-1; issue 14.

use super::facts::{self, Fact};
use super::{At, Refusal, vouchers};
use billing::voucher::code::{self, Code, CodeError, Lasts, Redeemer};
use billing::voucher::{Scope, Voucher, Window};
use store::accounts::Patience;
use store::{Tx, accounts, promotions};
use units::{AccountId, Money, PromotionId, VoucherId};

/// A code that is to be made.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    pub word: &'a str,
    /// What its vouchers are called.
    pub name: &'a str,
    pub face: Money,
    pub scope: &'a Scope,
    /// When it can be redeemed.
    pub window: Window,
    pub lasts: Lasts,
    pub times: u32,
}

/// Makes a promotion code. Errors: what of it cannot be; `Taken` for a word that there is; a product or region that there is not.
pub fn make(tx: &mut Tx<'_>, at: At<'_>, new: New<'_>) -> Result<Code, Refusal> {
    vouchers::known(at, new.face.currency(), new.scope)?;
    let word = code::word(new.word);
    let made = code::make(Code {
        id: PromotionId::named(at.now, &word),
        word,
        name: new.name.to_string(),
        face: new.face,
        scope: new.scope.clone(),
        window: new.window,
        lasts: new.lasts,
        times: new.times,
        redeemed: 0,
        made: at.now,
        withdrawn: None,
    })?;

    if !promotions::add(tx, &made)? {
        return Err(CodeError::Taken(made.word).into());
    }
    facts::note(tx, &[Fact::promotion(&made)], at.now)?;
    Ok(made)
}

/// Redeems a code for an account, which gets a voucher.
///
/// Errors: `NotFound` for the account; `Unknown`; a code that is not in its time, used up, withdrawn or redeemed before.
pub fn redeem(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, text: &str) -> Result<Voucher, Refusal> {
    let owner = accounts::lock(tx, [account], Patience::Wait)?.remove(&account);
    let owner = owner.ok_or_else(|| Refusal::missing(format!("account {account}")))?.account;
    let word = code::word(text);
    let read = promotions::hold(tx, &word)?.ok_or_else(|| CodeError::Unknown(shown(&word)))?;
    let id = VoucherId::named(at.now, &format!("{account} {}", read.id));
    let before = promotions::was_redeemed(tx, read.id, account)?;

    let by = Redeemer { account, currency: owner.currency, id, before };
    let (code, voucher) = read.redeem(by, at.now)?;

    promotions::save(tx, &code)?;
    promotions::redeem(tx, code.id, &voucher, at.now)?;
    vouchers::give(tx, at, &voucher)?;
    Ok(voucher)
}

/// What somebody wrote, as far as a code can be long.
fn shown(word: &str) -> String {
    word.chars().take(code::LONGEST).collect()
}

/// A code gives nothing any more; vouchers that came of it stay. Withdrawn once more it stays as it is. Errors: `NotFound`.
pub fn withdraw(tx: &mut Tx<'_>, at: At<'_>, id: PromotionId) -> Result<Code, Refusal> {
    let there = promotions::get(tx, id)?;
    let read =
        promotions::hold(tx, &there.word)?.ok_or_else(|| Refusal::missing(format!("promotion code {id}")))?;

    let after = read.withdraw(at.now);

    promotions::save(tx, &after)?;
    facts::note(tx, &[Fact::promotion(&after)], at.now)?;
    Ok(after)
}
