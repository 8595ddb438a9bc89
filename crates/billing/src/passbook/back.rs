//! Giving back what was paid: to which purses, and which debts it pays before.
//!
//! In:  how something was paid so far, what goes back of it, what granted money paid of the debts. Out: what moves.
//! Invariant: what granted money paid comes back as granted money, also where it paid a debt: no more cash comes back than was
//! paid in (a part of a bill that pays another debt is cut to the fen).
//! Rules: R-REF-4, R-MON-7, R-WAL-4, section 22 on R-SET-5.

use super::{Passbook, Reason, way};
use crate::wallet::{Paid, Purse, Purses};
use units::{Money, MoneyError};

/// What of something may go back: what each purse paid of it, and what of it was owed and is paid by now.
#[derive(Clone, Copy)]
struct Left {
    /// Bonus, cash, income.
    kinds: [u64; 3],
    owed: u64,
    /// What debts take of it beyond what of it was owed.
    beyond: Money,
}

/// What goes back, and how.
#[derive(Clone, Copy)]
struct Back {
    /// To the free purses.
    rest: Purses,
    /// Off what is owed.
    debt: Money,
    /// What of `rest` had paid a debt.
    of_debts: Purses,
    /// What of `debt` granted money had paid, which pays it once more.
    granted: Purses,
}

impl Left {
    /// What a debt of so much leaves of it: first it takes what of it was owed.
    fn of(so_far: &Paid, debt: Money) -> Left {
        let [bonus, cash, income, owed] = so_far.weights();
        let own = owed.min(debt.minor().max(0).unsigned_abs());
        let beyond = Money::from_minor(debt.minor().saturating_sub_unsigned(own), debt.currency());
        Left { kinds: [bonus, cash, income], owed: owed - own, beyond }
    }

    /// `sum` in the ratio in which it was paid; and what of the cash was owed at first.
    fn shares(&self, sum: Money) -> Result<(Purses, Money), MoneyError> {
        let [bonus, cash, income] = self.kinds;
        let parts = sum.split(&[bonus, cash.saturating_add(self.owed), income]);
        let owed = parts[1].split(&[cash, self.owed])[1];
        Ok((Purses::new(parts[0], parts[1], parts[2])?, owed))
    }

    /// `rest` to the purses: what was owed goes to those that paid debts, bonus before income, as far as `paid` says; else it is cash.
    fn back(&self, rest: Money, debt: Money, paid: Purses) -> Result<Back, MoneyError> {
        let (shares, owed) = self.shares(rest)?;
        let bonus = owed.checked_min(paid.bonus())?;
        let income = owed.checked_sub(bonus)?.checked_min(paid.income())?;
        let cash = shares.cash().checked_sub(bonus)?.checked_sub(income)?;
        let to = Purses::new(shares.bonus().checked_add(bonus)?, cash, shares.income().checked_add(income)?)?;
        Ok(Back { rest: to, debt, of_debts: self.of_debts(to)?, granted: self.granted(shares)? })
    }

    /// What of `rest` is more than the granted purses paid themselves: it had paid a debt.
    fn of_debts(&self, rest: Purses) -> Result<Purses, MoneyError> {
        let [bonus, _, income] = self.kinds;
        let more = |it: Money, paid: u64| {
            Money::from_minor(it.minor().saturating_sub_unsigned(paid).max(0), it.currency())
        };
        let none = Money::zero(rest.currency());
        Purses::new(more(rest.bonus(), bonus), none, more(rest.income(), income))
    }

    /// What granted money paid of that with which debts are paid that are not its own. `shares` are those of the rest.
    fn granted(&self, shares: Purses) -> Result<Purses, MoneyError> {
        let none = Money::zero(shares.currency());
        let (all, _) = self.shares(shares.total().checked_add(self.beyond)?)?;
        let more = |all: Money, rest: Money| -> Result<Money, MoneyError> {
            let more = all.checked_sub(rest)?;
            if more.is_negative() { Ok(none) } else { more.checked_min(self.beyond) }
        };
        let bonus = more(all.bonus(), shares.bonus())?;
        let income = more(all.income(), shares.income())?.checked_min(self.beyond.checked_sub(bonus)?)?;
        Purses::new(bonus, none, income)
    }
}

impl Passbook {
    /// Gives back `sum`, or as much as was paid: debt first, the rest in the ratio in which it was paid.
    pub(super) fn in_ratio(&mut self, sum: Money, so_far: Paid, reason: Reason) -> Result<Paid, MoneyError> {
        if sum.is_negative() {
            return Err(MoneyError::BelowZero);
        }
        let none = Money::zero(sum.currency());
        let most = if so_far.total().is_negative() { none } else { so_far.total() };
        let sum = sum.checked_min(most)?;
        let debt = self.wallet.owed().checked_min(sum)?;
        let back = Left::of(&so_far, debt).back(sum.checked_sub(debt)?, debt, self.granted)?;
        self.put_back(back, reason)
    }

    /// Gives back `cash` and takes `debt` off what is owed. Gives what moved, below zero.
    pub(super) fn return_cash(
        &mut self,
        cash: Money,
        debt: Money,
        reason: Reason,
    ) -> Result<Paid, MoneyError> {
        let none = Purses::none(cash.currency());
        let rest = Purses::in_purse(Purse::Cash, cash);
        self.put_back(Back { rest, debt, of_debts: none, granted: none }, reason)
    }

    /// Puts the rest into the free purses and takes the debt off what is owed. A debt that comes back to the purse that paid it
    /// is owed again before it is credited. Gives what moved, below zero.
    fn put_back(&mut self, back: Back, reason: Reason) -> Result<Paid, MoneyError> {
        let (wallet, Back { rest, debt, of_debts, granted }) = (self.wallet, back);
        let moved = Paid::new(Purses::none(rest.currency()).checked_sub(rest)?, debt.checked_neg()?)?;
        let credited = debt.checked_add(of_debts.total())?.checked_sub(granted.total())?;
        let to_purses = rest.checked_add(granted)?.checked_sub(of_debts)?;
        let free = wallet.free().checked_add(rest)?;
        self.wallet = wallet.with(free, wallet.frozen(), wallet.owed().checked_sub(debt)?)?;
        for ((free, _), money) in Purses::KINDS.into_iter().zip(of_debts.kinds()) {
            self.post(way(Purse::Owed, free), money, reason);
        }
        self.post(way(Purse::Revenue, Purse::Owed), credited, reason);
        for ((free, _), money) in Purses::KINDS.into_iter().zip(to_purses.kinds()) {
            self.post(way(Purse::Revenue, free), money, reason);
        }
        self.post_spent(granted, Purse::Owed, reason);
        Ok(moved)
    }
}
