//! Cash that was consumed: what may be invoiced, by product and by the time whose taxes hold.
//!
//! In:  what cash paid and what came back, what became debt and what paid it, in order. Out: what may be invoiced; debts.
//! Invariant: only cash counts: vouchers, bonus, what is frozen and what was not spent are never invoiced. A debt counts when
//! cash pays it. What is invoiced and what is left of it add up to what was consumed.
//! Rules: R-INV-1.

use crate::wallet::Purse;
use std::collections::BTreeMap;
use units::{Currency, Money, MoneyError};

/// For what cash was spent, and since which change of the taxes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Title {
    /// The day of the last change of the taxes before it; empty where there was none.
    pub since: String,
    pub product: String,
}

/// Cash that was spent, or came back below zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent {
    pub title: Title,
    pub money: Money,
}

/// A debt that nobody has paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Debt {
    pub product: String,
    pub money: Money,
}

/// What a movement does to the debts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Grows,
    PaidInCash,
    PaidOtherwise,
    /// A credit takes it off.
    Forgiven,
}

impl Step {
    /// What a movement between two purses is to the debts; `None` for one that leaves them.
    pub const fn of(debit: Purse, credit: Purse) -> Option<Step> {
        match (debit, credit) {
            (Purse::Owed, _) => Some(Step::Grows),
            (Purse::Cash | Purse::FrozenCash | Purse::Bank | Purse::Clearing, Purse::Owed) => {
                Some(Step::PaidInCash)
            }
            (Purse::Revenue, Purse::Owed) => Some(Step::Forgiven),
            (
                Purse::Bonus
                | Purse::Income
                | Purse::FrozenBonus
                | Purse::FrozenIncome
                | Purse::Grants
                | Purse::Vouchers,
                Purse::Owed,
            ) => Some(Step::PaidOtherwise),
            (
                Purse::Cash
                | Purse::Bonus
                | Purse::Income
                | Purse::FrozenCash
                | Purse::FrozenBonus
                | Purse::FrozenIncome
                | Purse::Bank
                | Purse::Grants
                | Purse::Vouchers
                | Purse::Clearing
                | Purse::Revenue,
                Purse::Cash
                | Purse::Bonus
                | Purse::Income
                | Purse::FrozenCash
                | Purse::FrozenBonus
                | Purse::FrozenIncome
                | Purse::Bank
                | Purse::Grants
                | Purse::Vouchers
                | Purse::Clearing
                | Purse::Revenue,
            ) => None,
        }
    }
}

/// A movement of debts; its product is that of the bill that it is for, empty where it is for none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebtMove {
    pub step: Step,
    pub title: Title,
    pub money: Money,
}

/// Plays `moves` over the debts that were open, the oldest paid first. Gives what cash paid of them, and the debts after it.
///
/// Errors: `BelowZero` where more is paid than is owed: then the movements are not all there.
pub fn pay_debts(mut open: Vec<Debt>, moves: &[DebtMove]) -> Result<(Vec<Spent>, Vec<Debt>), MoneyError> {
    let mut spent = Vec::new();
    for it in moves {
        match it.step {
            Step::Grows => open.push(Debt { product: it.title.product.clone(), money: it.money }),
            Step::PaidInCash => {
                for (product, money) in paid(&mut open, it.money, |_| true)?.0 {
                    spent.push(Spent { title: Title { product, ..it.title.clone() }, money });
                }
            }
            Step::PaidOtherwise => drop(paid(&mut open, it.money, |_| true)?),
            Step::Forgiven => {
                // First what is owed for the product of the credit.
                let own = open.iter().filter(|debt| debt.product == it.title.product).map(|debt| debt.money);
                let own = Money::sum(own, it.money.currency())?.checked_min(it.money)?;
                let rest = it.money.checked_sub(own)?;
                paid(&mut open, own, |debt| debt.product == it.title.product)?;
                paid(&mut open, rest, |_| true)?;
            }
        }
        open.retain(|it| !it.money.is_zero());
    }
    Ok((spent, open))
}

/// What was paid, by product.
struct Paid(Vec<(String, Money)>);

fn paid(open: &mut [Debt], money: Money, which: impl Fn(&Debt) -> bool) -> Result<Paid, MoneyError> {
    let (mut left, mut found) = (money, Vec::new());
    for debt in open.iter_mut().filter(|it| which(it)) {
        let part = debt.money.checked_min(left)?;
        (debt.money, left) = (debt.money.checked_sub(part)?, left.checked_sub(part)?);
        if !part.is_zero() {
            found.push((debt.product.clone(), part));
        }
    }
    if left.is_zero() { Ok(Paid(found)) } else { Err(MoneyError::BelowZero) }
}

/// What may be invoiced, title by title, without what comes to nothing; and what it comes to.
///
/// Errors: a sum that does not fit. Source: R-INV-1.
pub fn add_up(all: &[Spent], currency: Currency) -> Result<(Vec<Spent>, Money), MoneyError> {
    let mut sums: BTreeMap<&Title, Money> = BTreeMap::new();
    for it in all {
        let sum = sums.entry(&it.title).or_insert(Money::zero(currency));
        *sum = sum.checked_add(it.money)?;
    }
    let total = Money::sum(sums.values().copied(), currency)?;
    let left = sums.into_iter().filter(|it| !it.1.is_zero());
    Ok((left.map(|(title, money)| Spent { title: title.clone(), money }).collect(), total))
}
