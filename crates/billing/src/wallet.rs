//! The wallet: purses, freezes, debt; every movement one transfer with one debit and one credit.
//!
//! In:  a wallet and what is to move. Out: the wallet after it, and the transfers that say so.
//! Invariant: no purse goes below zero; a shortfall is owed; free money never stands beside a debt.
//! Rules: R-WAL-*, R-PAY-1, R-PAY-3 to R-PAY-5, R-FRZ-1, R-FRZ-2.

use units::{AccountId, BillId, Currency, FreezeId, OrderId, ResourceId, Timestamp, TransferId};

/// Where money stands: the purses of a customer, and what the till has outside of them.
///
/// A customer's purses are what the till owes the customer: a debit takes from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purse {
    Cash,
    Bonus,
    Income,
    FrozenCash,
    FrozenBonus,
    FrozenIncome,
    /// What the customer owes: a debit makes it more.
    Owed,
    /// Money that came in from outside.
    Bank,
    /// Money that the operator granted.
    Grants,
    Revenue,
}

impl Purse {
    pub const ALL: [Purse; 10] = [
        Purse::Cash,
        Purse::Bonus,
        Purse::Income,
        Purse::FrozenCash,
        Purse::FrozenBonus,
        Purse::FrozenIncome,
        Purse::Owed,
        Purse::Bank,
        Purse::Grants,
        Purse::Revenue,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Purse::Cash => "cash",
            Purse::Bonus => "bonus",
            Purse::Income => "income",
            Purse::FrozenCash => "frozen_cash",
            Purse::FrozenBonus => "frozen_bonus",
            Purse::FrozenIncome => "frozen_income",
            Purse::Owed => "owed",
            Purse::Bank => "bank",
            Purse::Grants => "grants",
            Purse::Revenue => "revenue",
        }
    }

    pub fn parse(text: &str) -> Option<Purse> {
        Purse::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// What a movement of `minor` does to the balance of the customer: freezes move money without changing it.
/// Source: R-WAL-3.
pub fn change(debit: Purse, credit: Purse, minor: i64) -> i64 {
    let outside = |purse: Purse| matches!(purse, Purse::Bank | Purse::Grants | Purse::Revenue);
    match (outside(debit), outside(credit)) {
        (true, false) => minor,
        (false, true) => -minor,
        (true, true) | (false, false) => 0,
    }
}

/// Minor units of each kind of money, in the order in which they are spent. Source: R-PAY-1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purses {
    pub bonus: i64,
    pub cash: i64,
    pub income: i64,
}

impl Purses {
    /// Kind by kind, where it stands free and where it stands frozen.
    pub const KINDS: [(Purse, Purse); 3] = [
        (Purse::Bonus, Purse::FrozenBonus),
        (Purse::Cash, Purse::FrozenCash),
        (Purse::Income, Purse::FrozenIncome),
    ];

    pub fn total(&self) -> i64 {
        self.bonus + self.cash + self.income
    }

    pub fn kinds(&self) -> [i64; 3] {
        [self.bonus, self.cash, self.income]
    }

    fn of(kinds: [i64; 3]) -> Purses {
        Purses { bonus: kinds[0], cash: kinds[1], income: kinds[2] }
    }

    pub fn plus(&self, other: &Purses) -> Purses {
        Purses {
            bonus: self.bonus + other.bonus,
            cash: self.cash + other.cash,
            income: self.income + other.income,
        }
    }

    pub fn minus(&self, other: &Purses) -> Purses {
        Purses {
            bonus: self.bonus - other.bonus,
            cash: self.cash - other.cash,
            income: self.income - other.income,
        }
    }

    /// The first `sum` of it, bonus before cash before income; all of it when there is less.
    pub fn first(&self, sum: i64) -> Purses {
        let mut left = sum.max(0);
        Purses::of(self.kinds().map(|kind| {
            let part = kind.min(left);
            left -= part;
            part
        }))
    }
}

/// A customer's money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wallet {
    pub account: AccountId,
    pub currency: Currency,
    pub free: Purses,
    pub frozen: Purses,
    pub owed: i64,
}

/// What a movement was for. The id of a transfer follows from it. Source: R-WAL-3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    TopUp(u128),
    Withdraw(u128),
    Bill(BillId),
    OrderFrozen(OrderId),
    OrderReleased(OrderId, ResourceId),
    OrderPaid(BillId),
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
            Reason::OrderFrozen(_) => "freeze",
            Reason::OrderReleased(..) => "unfreeze",
            Reason::OrderPaid(_) => "deduct",
            Reason::Freeze(_) => "hold",
            Reason::DebtPaid(_) => "debt",
        }
    }

    /// What it refers to, as text.
    pub fn subject(self) -> String {
        match self {
            Reason::TopUp(bits) | Reason::Withdraw(bits) | Reason::DebtPaid(bits) => format!("{bits:032x}"),
            Reason::Bill(id) | Reason::OrderPaid(id) => id.to_string(),
            Reason::OrderFrozen(id) => id.to_string(),
            Reason::OrderReleased(_, id) => id.to_string(),
            Reason::Freeze(id) => id.to_string(),
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
    pub minor: i64,
    pub reason: Reason,
}

/// What paid for a bill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paid {
    pub purses: Purses,
    pub owed: i64,
}

/// There is not enough free money. Both in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} is available, {} is needed", units::decimal::print((*available).into(), 2), units::decimal::print((*needed).into(), 2))]
pub struct Insufficient {
    pub available: i64,
    pub needed: i64,
}

/// A wallet that notes what moves.
#[derive(Clone, Debug)]
pub struct Till {
    pub wallet: Wallet,
    pub transfers: Vec<Transfer>,
    at: Timestamp,
}

impl Wallet {
    pub const fn empty(account: AccountId, currency: Currency) -> Wallet {
        let none = Purses { bonus: 0, cash: 0, income: 0 };
        Wallet { account, currency, free: none, frozen: none, owed: 0 }
    }

    /// What can be spent or frozen. Source: R-WAL-1.
    pub fn available(&self) -> i64 {
        self.free.total() - self.owed
    }

    /// What decides on arrears: freezes do not count. Source: R-WAL-2.
    pub fn balance(&self) -> i64 {
        self.free.total() + self.frozen.total() - self.owed
    }
}

impl Till {
    pub fn new(wallet: Wallet, at: Timestamp) -> Till {
        Till { wallet, transfers: Vec::new(), at }
    }

    fn post(&mut self, debit: Purse, credit: Purse, minor: i64, reason: Reason) {
        if minor == 0 {
            return;
        }
        let mut name = [0_u8; 36];
        let (kind, subject) = reason.bits();
        name[..16].copy_from_slice(&self.wallet.account.bits().to_be_bytes());
        name[16..32].copy_from_slice(&subject.to_be_bytes());
        (name[32], name[33], name[34]) = (kind, debit as u8, credit as u8);
        let id = TransferId::of_bytes(self.at, &name);
        self.transfers.push(Transfer {
            id,
            account: self.wallet.account,
            at: self.at,
            debit,
            credit,
            minor,
            reason,
        });
    }

    /// Money from outside; debt comes first. `name` tells one top-up from another. Source: R-WAL-4.
    pub fn top_up(&mut self, minor: i64, purse: Purse, name: u128) {
        let source = if purse == Purse::Cash { Purse::Bank } else { Purse::Grants };
        let debt = self.wallet.owed.min(minor);
        self.wallet.owed -= debt;
        self.post(source, Purse::Owed, debt, Reason::TopUp(name));
        let rest = minor - debt;
        match purse {
            Purse::Bonus => self.wallet.free.bonus += rest,
            Purse::Income => self.wallet.free.income += rest,
            _ => self.wallet.free.cash += rest,
        }
        let into = if matches!(purse, Purse::Bonus | Purse::Income) { purse } else { Purse::Cash };
        self.post(source, into, rest, Reason::TopUp(name));
    }

    /// Freezes `minor`, or nothing. Errors: `Insufficient`. Source: R-PAY-3, R-PAY-4, R-FRZ-1.
    pub fn freeze(&mut self, minor: i64, reason: Reason) -> Result<Purses, Insufficient> {
        let available = self.wallet.available();
        if minor > available {
            return Err(Insufficient { available, needed: minor });
        }
        Ok(self.freeze_up_to(minor, reason))
    }

    /// Freezes `minor` or what there is of it. Source: R-FRZ-2.
    pub fn freeze_up_to(&mut self, minor: i64, reason: Reason) -> Purses {
        let held = self.wallet.free.first(minor.min(self.wallet.available()));
        self.shift(held, reason);
        held
    }

    /// Moves free money into the frozen purses of its kind; a negative part moves back.
    fn shift(&mut self, held: Purses, reason: Reason) {
        self.wallet.free = self.wallet.free.minus(&held);
        self.wallet.frozen = self.wallet.frozen.plus(&held);
        for ((free, frozen), minor) in Purses::KINDS.into_iter().zip(held.kinds()) {
            if minor >= 0 {
                self.post(free, frozen, minor, reason);
            } else {
                self.post(frozen, free, -minor, reason);
            }
        }
    }

    /// Gives frozen money free; it pays debt at once, bonus first. Source: R-WAL-4, section 20.
    pub fn release(&mut self, held: Purses, reason: Reason, name: u128) {
        self.shift(Purses::default().minus(&held), reason);
        self.settle_debt(name);
    }

    fn settle_debt(&mut self, name: u128) {
        let paid = self.wallet.free.first(self.wallet.owed);
        self.wallet.free = self.wallet.free.minus(&paid);
        self.wallet.owed -= paid.total();
        for ((free, _), minor) in Purses::KINDS.into_iter().zip(paid.kinds()) {
            self.post(free, Purse::Owed, minor, Reason::DebtPaid(name));
        }
    }

    /// Deducts frozen money. Source: R-PAY-3.
    pub fn capture(&mut self, held: Purses, bill: BillId) {
        self.wallet.frozen = self.wallet.frozen.minus(&held);
        for ((_, frozen), minor) in Purses::KINDS.into_iter().zip(held.kinds()) {
            self.post(frozen, Purse::Revenue, minor, Reason::OrderPaid(bill));
        }
    }

    /// Deducts a bill from free money, bonus first; what is missing is owed. Source: R-PAY-1, R-PAY-5.
    pub fn charge(&mut self, minor: i64, bill: BillId) -> Paid {
        let purses = self.wallet.free.first(minor.min(self.wallet.available().max(0)));
        self.wallet.free = self.wallet.free.minus(&purses);
        let owed = minor - purses.total();
        self.wallet.owed += owed;
        for ((free, _), minor) in Purses::KINDS.into_iter().zip(purses.kinds()) {
            self.post(free, Purse::Revenue, minor, Reason::Bill(bill));
        }
        self.post(Purse::Owed, Purse::Revenue, owed, Reason::Bill(bill));
        Paid { purses, owed }
    }

    /// Gives back `minor` in cash; debt comes first. Source: R-MON-4.
    pub fn credit(&mut self, minor: i64, bill: BillId) -> Paid {
        let debt = self.wallet.owed.min(minor);
        self.wallet.owed -= debt;
        self.wallet.free.cash += minor - debt;
        self.post(Purse::Revenue, Purse::Owed, debt, Reason::Bill(bill));
        self.post(Purse::Revenue, Purse::Cash, minor - debt, Reason::Bill(bill));
        Paid { purses: Purses { bonus: 0, cash: debt - minor, income: 0 }, owed: -debt }
    }

    /// The three passes of a settlement run over freezes: first all are released, without a transfer.
    pub fn thaw(&mut self, held: Purses) {
        self.wallet.free = self.wallet.free.plus(&held);
        self.wallet.frozen = self.wallet.frozen.minus(&held);
    }

    /// Then, after the bills, each is taken again up to what is there, without a transfer.
    pub fn refreeze(&mut self, minor: i64) -> Purses {
        let held = self.wallet.free.first(minor.min(self.wallet.available()).max(0));
        self.wallet.free = self.wallet.free.minus(&held);
        self.wallet.frozen = self.wallet.frozen.plus(&held);
        held
    }

    /// And the net of it is posted, one transfer per kind. `before` is what was frozen at first.
    pub fn post_net(&mut self, before: Purses, name: FreezeId) {
        let change = self.wallet.frozen.minus(&before);
        for ((free, frozen), minor) in Purses::KINDS.into_iter().zip(change.kinds()) {
            if minor >= 0 {
                self.post(free, frozen, minor, Reason::Freeze(name));
            } else {
                self.post(frozen, free, -minor, Reason::Freeze(name));
            }
        }
    }

    /// Pays debt out of thawed money. Source: section 20, "freed money pays the debt at once".
    pub fn pay_debt(&mut self, name: u128) {
        self.settle_debt(name);
    }
}

#[cfg(test)]
mod tests;
