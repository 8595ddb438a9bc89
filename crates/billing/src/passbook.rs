//! The passbook: a wallet with what moves in it, every movement one transfer with one debit and one credit.
//!
//! In:  a wallet and what is to move. Out: the wallet after it, and the transfers that say so.
//! Invariant: the transfers explain the change of the wallet; a shortfall is owed; free money never stands beside a
//! debt; what is refused or fails moves nothing.
//! Rules: R-WAL-3, R-WAL-4, R-PAY-1, R-PAY-3 to R-PAY-5, R-FRZ-1, R-FRZ-2, section 22 on R-SET-5.

use crate::wallet::{Freeze, Paid, Purse, Purses, Wallet, paid_of_debts};
use units::{
    AccountId, BillId, CardRefundId, FreezeId, Money, MoneyError, OrderId, PaymentId, ResourceId, Timestamp,
    TransferId,
};

mod back;

/// What a movement was for. The id of a transfer follows from it. Source: R-WAL-3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    TopUp(u128),
    Withdraw(u128),
    Bill(BillId),
    OrderFrozen(OrderId),
    OrderReleased(OrderId, ResourceId),
    /// What the balance pays of an order while a card is asked for the rest.
    BesideCard(OrderId, PaymentId),
    /// The card did not pay.
    CardDeclined(ResourceId, PaymentId),
    OrderPaid(BillId),
    /// What goes back of something prepaid. Source: R-REF-4.
    Refund(BillId),
    /// What of that goes to a card and not to the wallet. Source: R-REF-4.
    CardRefund(CardRefundId),
    Freeze(FreezeId),
    DebtPaid(u128),
}

impl Reason {
    /// The kind of movement, as statements name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Reason::TopUp(_) => "recharge",
            Reason::Withdraw(_) => "withdraw",
            Reason::Bill(_) => "deduct",
            Reason::OrderFrozen(_) | Reason::BesideCard(..) => "freeze",
            Reason::OrderReleased(..) | Reason::CardDeclined(..) => "unfreeze",
            Reason::OrderPaid(_) => "deduct",
            Reason::Refund(_) => "refund",
            Reason::CardRefund(_) => "card_refund",
            Reason::Freeze(_) => "hold",
            Reason::DebtPaid(_) => "debt",
        }
    }

    /// What it refers to, as text.
    pub fn subject(self) -> String {
        match self {
            Reason::TopUp(bits) | Reason::Withdraw(bits) | Reason::DebtPaid(bits) => format!("{bits:032x}"),
            Reason::Bill(id) | Reason::OrderPaid(id) | Reason::Refund(id) => id.to_string(),
            Reason::OrderFrozen(id) | Reason::BesideCard(id, _) => id.to_string(),
            Reason::OrderReleased(_, id) | Reason::CardDeclined(id, _) => id.to_string(),
            Reason::Freeze(id) => id.to_string(),
            Reason::CardRefund(id) => id.to_string(),
        }
    }

    fn bits(self) -> (u8, u128) {
        match self {
            Reason::TopUp(bits) => (1, bits),
            Reason::Withdraw(bits) => (2, bits),
            Reason::Bill(id) => (3, id.bits()),
            Reason::OrderFrozen(id) => (4, id.bits()),
            Reason::OrderReleased(_, id) => (5, id.bits()),
            Reason::OrderPaid(id) => (6, id.bits()),
            Reason::Freeze(id) => (7, id.bits()),
            Reason::DebtPaid(bits) => (8, bits),
            Reason::BesideCard(id, payment) => (9, id.bits() ^ payment.bits()),
            Reason::CardDeclined(id, payment) => (10, id.bits() ^ payment.bits()),
            Reason::Refund(id) => (11, id.bits()),
            Reason::CardRefund(id) => (12, id.bits()),
        }
    }
}

/// One movement: balanced by its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    pub id: TransferId,
    pub account: AccountId,
    pub at: Timestamp,
    pub debit: Purse,
    pub credit: Purse,
    /// Above zero.
    pub money: Money,
    pub reason: Reason,
}

/// There is not enough free money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{available} is available, {needed} is needed")]
pub struct Insufficient {
    pub available: Money,
    pub needed: Money,
}

/// Why nothing was frozen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FreezeError {
    #[error(transparent)]
    Insufficient(#[from] Insufficient),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// From where to where money moves.
#[derive(Clone, Copy)]
struct Way {
    debit: Purse,
    credit: Purse,
}

const fn way(debit: Purse, credit: Purse) -> Way {
    Way { debit, credit }
}

/// A wallet that notes what moves.
#[derive(Clone, Debug)]
pub struct Passbook {
    opened: Wallet,
    wallet: Wallet,
    transfers: Vec<Transfer>,
    at: Timestamp,
    /// What granted money paid of the debts of the account and did not get back. Source: R-REF-4.
    granted: Purses,
}

impl Passbook {
    pub fn new(wallet: Wallet, at: Timestamp) -> Passbook {
        Passbook::with_room(wallet, at, 0)
    }

    /// The same with room for so many transfers.
    pub fn with_room(wallet: Wallet, at: Timestamp, transfers: usize) -> Passbook {
        let granted = Purses::none(wallet.currency());
        Passbook { opened: wallet, wallet, transfers: Vec::with_capacity(transfers), at, granted }
    }

    /// The same where granted money paid so much of the debts before: it is needed to give back what was owed. Source: R-REF-4.
    pub fn on_debts(self, granted: Purses) -> Passbook {
        Passbook { granted, ..self }
    }

    /// The wallet as it stands now.
    pub const fn wallet(&self) -> &Wallet {
        &self.wallet
    }

    /// What moved so far.
    pub fn transfers(&self) -> &[Transfer] {
        &self.transfers
    }

    /// The wallet after all that moved, and what moved.
    pub fn close(self) -> (Wallet, Vec<Transfer>) {
        debug_assert!(self.is_explained(), "the transfers explain the change of the wallet");
        (self.wallet, self.transfers)
    }

    /// Whether every purse changed by what its transfers say.
    pub fn is_explained(&self) -> bool {
        let moved = |purse: Purse| -> i128 {
            let sign = |it: &Transfer| i128::from(it.credit == purse) - i128::from(it.debit == purse);
            self.transfers.iter().map(|it| sign(it) * i128::from(it.money.minor())).sum()
        };
        let differs = |before: Money, after: Money, purse: Purse| {
            i128::from(after.minor()) - i128::from(before.minor()) != moved(purse)
        };
        let kinds = |before: Purses, after: Purses, at: fn(&(Purse, Purse)) -> Purse| {
            let sums = before.kinds().into_iter().zip(after.kinds());
            !Purses::KINDS.iter().zip(sums).any(|(kind, sum)| differs(sum.0, sum.1, at(kind)))
        };
        let (before, after) = (&self.opened, &self.wallet);
        kinds(before.free(), after.free(), |it| it.0)
            && kinds(before.frozen(), after.frozen(), |it| it.1)
            // A credit to what is owed makes it less.
            && !differs(after.owed(), before.owed(), Purse::Owed)
    }

    fn post(&mut self, Way { debit, credit }: Way, money: Money, reason: Reason) {
        if money.is_zero() {
            return;
        }
        debug_assert!(money.is_positive(), "what moves is above zero");
        if debit == Purse::Owed || credit == Purse::Owed {
            let more = paid_of_debts(debit, credit, money).and_then(|it| self.granted.checked_add(it));
            self.granted = more.unwrap_or(self.granted);
        }
        let account = self.wallet.account();
        let mut name = [0_u8; 36];
        let (kind, subject) = reason.bits();
        name[..16].copy_from_slice(&account.bits().to_be_bytes());
        name[16..32].copy_from_slice(&subject.to_be_bytes());
        (name[32], name[33], name[34]) = (kind, debit as u8, credit as u8);
        let id = TransferId::of_bytes(self.at, &name);
        self.transfers.push(Transfer { id, account, at: self.at, debit, credit, money, reason });
    }

    /// Notes what moved from the free purses to `to`, kind by kind.
    fn post_spent(&mut self, spent: Purses, to: Purse, reason: Reason) {
        for ((free, _), money) in Purses::KINDS.into_iter().zip(spent.kinds()) {
            self.post(way(free, to), money, reason);
        }
    }

    /// Notes what moved from the free purses to the frozen ones of its kind; a part below zero moved back.
    fn post_frozen(&mut self, frozen: Purses, reason: Reason) -> Result<(), MoneyError> {
        for ((free, frozen), money) in Purses::KINDS.into_iter().zip(frozen.kinds()) {
            match money.is_negative() {
                false => self.post(way(free, frozen), money, reason),
                true => self.post(way(frozen, free), money.checked_neg()?, reason),
            }
        }
        Ok(())
    }

    /// Money from outside; debt comes first. `name` tells one top-up from another.
    ///
    /// Errors: `Currency`, and `Overflow` for more than a wallet holds. Source: R-WAL-4.
    pub fn top_up(&mut self, money: Money, purse: Purse, name: u128) -> Result<(), MoneyError> {
        let into = match purse {
            Purse::Bonus | Purse::Income => purse,
            Purse::Cash
            | Purse::FrozenCash
            | Purse::FrozenBonus
            | Purse::FrozenIncome
            | Purse::Owed
            | Purse::Bank
            | Purse::Grants
            | Purse::Revenue
            | Purse::Vouchers
            | Purse::Clearing => Purse::Cash,
        };
        let source = if purse == Purse::Cash { Purse::Bank } else { Purse::Grants };
        self.come_in(money, way(source, into), Reason::TopUp(name))
    }

    /// Takes off what is owed first, the rest goes to a free purse.
    fn come_in(
        &mut self,
        money: Money,
        Way { debit: source, credit: into }: Way,
        reason: Reason,
    ) -> Result<(), MoneyError> {
        let (wallet, debt) = (self.wallet, self.wallet.owed().checked_min(money)?);
        let rest = money.checked_sub(debt)?;
        let free = wallet.free().checked_add(Purses::in_purse(into, rest))?;
        self.wallet = wallet.with(free, wallet.frozen(), wallet.owed().checked_sub(debt)?)?;
        self.post(way(source, Purse::Owed), debt, reason);
        self.post(way(source, into), rest, reason);
        Ok(())
    }

    /// Money that a card paid for an order: it comes in where no debt reaches it. `name` tells one payment from another.
    ///
    /// Errors: `Currency`, and `Overflow` for more than a wallet holds. Source: R-PAY-2.
    pub fn card_paid(&mut self, money: Money, name: u128) -> Result<(), MoneyError> {
        let wallet = self.wallet;
        let frozen = wallet.frozen().checked_add(Purses::in_purse(Purse::Cash, money))?;
        self.wallet = wallet.with(wallet.free(), frozen, wallet.owed())?;
        self.post(way(Purse::Bank, Purse::FrozenCash), money, Reason::TopUp(name));
        Ok(())
    }

    /// Freezes `sum`, or nothing; where credit stands for a part of it, only the rest. Nothing is frozen for nothing, also in arrears.
    ///
    /// Errors: `Insufficient`. Source: R-PAY-3, R-PAY-4, R-FRZ-1, R-ARR-9.
    pub fn freeze(&mut self, sum: Money, reason: Reason) -> Result<Purses, FreezeError> {
        let available = self.wallet.available();
        if sum.is_zero() {
            return Ok(Purses::none(available.currency()));
        }
        if sum.checked_cmp(available)?.is_gt() {
            return Err(Insufficient { available, needed: sum }.into());
        }
        Ok(self.freeze_up_to(sum, reason)?)
    }

    /// Freezes what is held for use, as `freeze` does; credit stands for what is missing. Errors: `Insufficient`. Source: R-FRZ-1, R-ARR-9.
    pub fn hold(&mut self, target: Money, reason: Reason) -> Result<Purses, FreezeError> {
        let held = self.freeze(target, reason)?;
        self.wallet.lack(target.checked_sub(held.total())?)?;
        Ok(held)
    }

    /// The same up to what there is in money, also where credit does not reach. Source: R-FRZ-2.
    pub fn hold_up_to(&mut self, target: Money, reason: Reason) -> Result<Purses, MoneyError> {
        let held = self.freeze_up_to(target, reason)?;
        self.wallet.lack(target.checked_sub(held.total())?)?;
        Ok(held)
    }

    /// Nothing is held for a resource any more: its money is free, as `release` says, and no credit stands for the rest.
    pub fn let_go(&mut self, freeze: &Freeze, reason: Reason, name: u128) -> Result<(), MoneyError> {
        self.release(freeze.held, reason, name)?;
        self.wallet.lack(freeze.lacks()?.checked_neg()?)
    }

    /// An order takes so much of the credit line until it is delivered: no money moves. Source: R-ARR-9.
    pub fn pledge(&mut self, sum: Money) -> Result<(), MoneyError> {
        self.wallet.pledge(sum)
    }

    /// What an order took of the credit line is free of it. Errors: `BelowZero` when less is taken.
    pub fn unpledge(&mut self, sum: Money) -> Result<(), MoneyError> {
        self.wallet.unpledge(sum)
    }

    /// Freezes `sum` or what there is of it. Source: R-FRZ-2.
    pub fn freeze_up_to(&mut self, sum: Money, reason: Reason) -> Result<Purses, MoneyError> {
        let held = self.wallet.freeze(sum)?;
        self.post_frozen(held, reason)?;
        Ok(held)
    }

    /// Gives frozen money free; it pays debt at once, bonus first.
    ///
    /// Errors: `BelowZero` when less is frozen. Source: R-WAL-4, section 20.
    pub fn release(&mut self, held: Purses, reason: Reason, name: u128) -> Result<(), MoneyError> {
        self.wallet.thaw(held)?;
        self.post_frozen(Purses::none(held.currency()).checked_sub(held)?, reason)?;
        self.pay_debt(name);
        Ok(())
    }

    /// Pays debt out of free money. Source: section 20, "freed money pays the debt at once".
    pub fn pay_debt(&mut self, name: u128) {
        let paid = self.wallet.pay_debt();
        self.post_spent(paid, Purse::Owed, Reason::DebtPaid(name));
    }

    /// Deducts frozen money. Errors: `BelowZero` when less is frozen. Source: R-PAY-3.
    pub fn capture(&mut self, held: Purses, bill: BillId) -> Result<(), MoneyError> {
        let wallet = self.wallet;
        self.wallet = wallet.with(wallet.free(), wallet.frozen().checked_sub(held)?, wallet.owed())?;
        for ((_, frozen), money) in Purses::KINDS.into_iter().zip(held.kinds()) {
            self.post(way(frozen, Purse::Revenue), money, Reason::OrderPaid(bill));
        }
        Ok(())
    }

    /// Notes what vouchers pay: it is no money of the wallet, and has an account of its own. Source: R-PAY-1, R-WAL-3.
    pub fn redeem(&mut self, worth: Money, reason: Reason) {
        self.post(way(Purse::Vouchers, Purse::Revenue), worth, reason);
    }

    /// Settles a bill: what is above zero is charged, what is below zero given back.
    ///
    /// Errors: `Currency`, and `Overflow` for a debt that does not fit.
    #[inline]
    pub fn settle(&mut self, total: Money, bill: BillId) -> Result<Paid, MoneyError> {
        match total.minor() {
            0 => Ok(Paid::none(total.currency())),
            minor if minor > 0 => self.charge(total, bill),
            _ => self.give_back(total.checked_neg()?, bill),
        }
    }

    /// Deducts a bill from free money, bonus first; what is missing is owed. Source: R-PAY-1, R-PAY-5.
    fn charge(&mut self, sum: Money, bill: BillId) -> Result<Paid, MoneyError> {
        let paid = self.wallet.spend(sum)?;
        self.post_spent(paid.purses(), Purse::Revenue, Reason::Bill(bill));
        self.post(way(Purse::Owed, Purse::Revenue), paid.owed(), Reason::Bill(bill));
        Ok(paid)
    }

    /// Gives back `sum` in cash; debt comes first. Source: R-MON-4.
    fn give_back(&mut self, sum: Money, bill: BillId) -> Result<Paid, MoneyError> {
        let debt = self.wallet.owed().checked_min(sum)?;
        self.return_cash(sum.checked_sub(debt)?, debt, Reason::Bill(bill))
    }

    /// Gives back `sum` of what was paid as `so_far` says, and no more than that came to: debt comes first, what is left
    /// goes to the purses in the ratio in which they paid. Gives what moved, below zero: the bill of it is no more.
    ///
    /// What became debt and is paid by now goes to the granted purses as far as they paid debts, and is cash beyond that. A debt
    /// takes first what of it was owed. What an earlier credit paid of another debt leaves the ratio of the purses as it was.
    ///
    /// Errors: `BelowZero` for a sum below zero, `Currency`, and `Overflow` for more than a wallet holds; then nothing
    /// moved. Source: section 22 on R-SET-5, R-REF-4, R-MON-7, R-WAL-4.
    pub fn credit(&mut self, sum: Money, so_far: Paid, bill: BillId) -> Result<Paid, MoneyError> {
        self.in_ratio(sum, so_far, Reason::Bill(bill))
    }

    /// The same for something prepaid that is given back. Source: R-REF-4.
    pub fn refund(&mut self, sum: Money, so_far: Paid, bill: BillId) -> Result<Paid, MoneyError> {
        self.in_ratio(sum, so_far, Reason::Refund(bill))
    }

    /// Sends free cash on its way back to a card. Errors: `BelowZero` for more than there is; then nothing moved.
    ///
    /// Source: R-REF-4.
    pub fn to_card(&mut self, money: Money, id: CardRefundId) -> Result<(), MoneyError> {
        let wallet = self.wallet;
        let free = wallet.free().checked_sub(Purses::in_purse(Purse::Cash, money))?;
        self.wallet = wallet.with(free, wallet.frozen(), wallet.owed())?;
        self.post(way(Purse::Cash, Purse::Clearing), money, Reason::CardRefund(id));
        Ok(())
    }

    /// The card has what was on its way to it.
    pub fn card_took(&mut self, money: Money, id: CardRefundId) {
        self.post(way(Purse::Clearing, Purse::Bank), money, Reason::CardRefund(id));
    }

    /// The card takes nothing back: what was on its way is cash of the wallet, debt first.
    ///
    /// Errors: `Currency`, and `Overflow` for more than a wallet holds. Source: R-REF-4, R-WAL-4.
    pub fn card_refused(&mut self, money: Money, id: CardRefundId) -> Result<(), MoneyError> {
        self.come_in(money, way(Purse::Clearing, Purse::Cash), Reason::CardRefund(id))
    }

    /// The three passes of a settlement run over freezes: first all are released, without a transfer.
    ///
    /// Errors: `BelowZero` when less is frozen.
    pub fn thaw(&mut self, held: Purses) -> Result<(), MoneyError> {
        self.wallet.thaw(held)
    }

    /// Then, after the bills, each is taken again up to what is there, without a transfer.
    #[inline]
    pub fn refreeze(&mut self, target: Money) -> Result<Purses, MoneyError> {
        self.wallet.freeze(target)
    }

    /// And the net of it is posted, one transfer per kind. `before` is what was frozen at first.
    pub fn post_net(&mut self, before: Purses, name: FreezeId) -> Result<(), MoneyError> {
        let net = self.wallet.frozen().checked_sub(before)?;
        self.post_frozen(net, Reason::Freeze(name))
    }
}

#[cfg(test)]
mod tests;
