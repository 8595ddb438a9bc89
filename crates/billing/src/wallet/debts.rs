//! Which money pays debts: what granted money paid of them does not come back as cash.
//!
//! In:  a movement. Out: what it adds to what granted money paid of the debts.
//! Rules: R-REF-4, R-WAL-4.

use super::{Purse, Purses};
use units::{Money, MoneyError};

/// The kind of granted money that pays a debt out of a purse, or gets it back; `None` for other money.
///
/// What is granted while something is owed counts as bonus, whichever purse it was for.
const fn granted(purse: Purse) -> Option<Purse> {
    match purse {
        Purse::Bonus | Purse::Grants => Some(Purse::Bonus),
        Purse::Income => Some(Purse::Income),
        Purse::Cash
        | Purse::FrozenCash
        | Purse::FrozenBonus
        | Purse::FrozenIncome
        | Purse::Owed
        | Purse::Bank
        | Purse::Revenue
        | Purse::Vouchers
        | Purse::Clearing => None,
    }
}

/// What a movement adds to what granted money paid of the debts, below zero for what came back of it. Errors: `Overflow`.
pub fn paid_of_debts(debit: Purse, credit: Purse, money: Money) -> Result<Purses, MoneyError> {
    let none = Purses::none(money.currency());
    let (by, back) = match (debit == Purse::Owed, credit == Purse::Owed) {
        (false, true) => (granted(debit), false),
        (true, false) => (granted(credit), true),
        (true, true) | (false, false) => (None, false),
    };
    let paid = by.map_or(none, |purse| Purses::in_purse(purse, money));
    if back { none.checked_sub(paid) } else { Ok(paid) }
}
