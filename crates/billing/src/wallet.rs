//! The wallet: what a customer has, frozen or free, and owes.
//!
//! In:  purses of one currency. Out: what can be spent, what decides on arrears.
//! Invariant: one currency; no purse is below zero; all that is free or frozen fits one sum, so that no balance wraps.
//! Rules: R-WAL-1 to R-WAL-3, R-ARR-9, R-PAY-1, R-FRZ-1.

use units::{AccountId, Currency, Money, MoneyError};

mod debts;
mod freeze;

pub use debts::paid_of_debts;
pub use freeze::Freeze;

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
    /// Worth that the operator gave and that was used: no money of the customer. Source: R-VOU-5, R-INV-1.
    Vouchers,
    /// Cash that is on its way back to a card. Source: R-REF-4.
    Clearing,
}

impl Purse {
    pub const ALL: [Purse; 12] = [
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
        Purse::Vouchers,
        Purse::Clearing,
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
            Purse::Vouchers => "vouchers",
            Purse::Clearing => "clearing",
        }
    }

    pub fn parse(text: &str) -> Option<Purse> {
        Purse::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// What a movement of `money` does to the balance of the customer: freezes move money without changing it.
///
/// Errors: `Overflow`. Source: R-WAL-3.
pub fn change(debit: Purse, credit: Purse, money: Money) -> Result<Money, MoneyError> {
    let outside = |purse: Purse| {
        matches!(purse, Purse::Bank | Purse::Grants | Purse::Revenue | Purse::Vouchers | Purse::Clearing)
    };
    match (outside(debit), outside(credit)) {
        (true, false) => Ok(money),
        (false, true) => money.checked_neg(),
        (true, true) | (false, false) => Ok(Money::zero(money.currency())),
    }
}

/// A sum of each kind of money, in the order in which they are spent. Source: R-PAY-1.
///
/// Invariant: one currency, and the total fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purses {
    bonus: i64,
    cash: i64,
    income: i64,
    currency: Currency,
}

impl Purses {
    /// Kind by kind, where it stands free and where it stands frozen.
    pub const KINDS: [(Purse, Purse); 3] = [
        (Purse::Bonus, Purse::FrozenBonus),
        (Purse::Cash, Purse::FrozenCash),
        (Purse::Income, Purse::FrozenIncome),
    ];

    /// Nothing of any kind.
    pub const fn none(currency: Currency) -> Purses {
        Purses { bonus: 0, cash: 0, income: 0, currency }
    }

    /// Errors: `Currency` when they differ in it, `Overflow` when the total does not fit.
    pub fn new(bonus: Money, cash: Money, income: Money) -> Result<Purses, MoneyError> {
        bonus.checked_cmp(cash)?;
        bonus.checked_cmp(income)?;
        Purses::of_minor([bonus.minor(), cash.minor(), income.minor()], bonus.currency())
    }

    /// The same from counts of minor units, in the order of `KINDS`, as rows hold them. Errors: `Overflow`.
    #[inline]
    pub fn of_minor([bonus, cash, income]: [i64; 3], currency: Currency) -> Result<Purses, MoneyError> {
        bonus.checked_add(cash).and_then(|it| it.checked_add(income)).ok_or(MoneyError::Overflow)?;
        Ok(Purses { bonus, cash, income, currency })
    }

    /// So much in one of the purses that can be spent; in the purse of cash, if it is none of them.
    #[inline]
    pub fn in_purse(purse: Purse, money: Money) -> Purses {
        let (none, minor) = (Purses::none(money.currency()), money.minor());
        match purse {
            Purse::Bonus | Purse::FrozenBonus => Purses { bonus: minor, ..none },
            Purse::Income | Purse::FrozenIncome => Purses { income: minor, ..none },
            Purse::Cash
            | Purse::FrozenCash
            | Purse::Owed
            | Purse::Bank
            | Purse::Grants
            | Purse::Revenue
            | Purse::Vouchers
            | Purse::Clearing => Purses { cash: minor, ..none },
        }
    }

    pub const fn currency(&self) -> Currency {
        self.currency
    }

    pub const fn bonus(&self) -> Money {
        Money::from_minor(self.bonus, self.currency)
    }

    pub const fn cash(&self) -> Money {
        Money::from_minor(self.cash, self.currency)
    }

    pub const fn income(&self) -> Money {
        Money::from_minor(self.income, self.currency)
    }

    /// Of all kinds together. It fits: no purses are made of which it does not.
    #[inline]
    pub const fn total(&self) -> Money {
        Money::from_minor(self.bonus + self.cash + self.income, self.currency)
    }

    /// Kind by kind, in the order of `KINDS`.
    #[inline]
    pub const fn kinds(&self) -> [Money; 3] {
        [self.bonus(), self.cash(), self.income()]
    }

    /// Errors: `Currency`, `Overflow`.
    #[inline]
    pub fn checked_add(self, other: Purses) -> Result<Purses, MoneyError> {
        self.each(other, i64::checked_add)
    }

    /// Errors: `Currency`, `Overflow`.
    #[inline]
    pub fn checked_sub(self, other: Purses) -> Result<Purses, MoneyError> {
        self.each(other, i64::checked_sub)
    }

    /// The sum of all, nothing of none. Errors: `Currency`, `Overflow`.
    #[inline]
    pub fn sum(all: impl IntoIterator<Item = Purses>, currency: Currency) -> Result<Purses, MoneyError> {
        let (mut bonus, mut cash, mut income) = (0_i64, 0_i64, 0_i64);
        for it in all {
            if it.currency != currency {
                return Err(MoneyError::Currency(currency, it.currency));
            }
            bonus = bonus.checked_add(it.bonus).ok_or(MoneyError::Overflow)?;
            cash = cash.checked_add(it.cash).ok_or(MoneyError::Overflow)?;
            income = income.checked_add(it.income).ok_or(MoneyError::Overflow)?;
        }
        Purses::of_minor([bonus, cash, income], currency)
    }

    #[inline]
    fn each(self, other: Purses, step: impl Fn(i64, i64) -> Option<i64>) -> Result<Purses, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Currency(self.currency, other.currency));
        }
        let step = |one, other| step(one, other).ok_or(MoneyError::Overflow);
        let kinds =
            [step(self.bonus, other.bonus)?, step(self.cash, other.cash)?, step(self.income, other.income)?];
        Purses::of_minor(kinds, self.currency)
    }

    /// Takes the first `minor` of purses that are not below zero, bonus before cash before income: all of them when
    /// there is less, nothing of a sum below zero.
    #[inline]
    fn take(&mut self, minor: i64) -> Purses {
        debug_assert!(self.is_sound(), "only what is there is spent");
        let mut left = minor.max(0);
        let mut part = |kind: &mut i64| {
            let part = left.min(*kind);
            (left, *kind) = (left - part, *kind - part);
            part
        };
        let (bonus, cash, income) = (part(&mut self.bonus), part(&mut self.cash), part(&mut self.income));
        Purses { bonus, cash, income, currency: self.currency }
    }

    /// Puts in what is taken out of other purses of the same wallet: together they fit one sum.
    #[inline]
    fn put(&mut self, other: Purses) {
        self.bonus += other.bonus;
        self.cash += other.cash;
        self.income += other.income;
    }

    /// Whether no kind is below zero.
    #[inline]
    pub const fn is_sound(&self) -> bool {
        self.bonus >= 0 && self.cash >= 0 && self.income >= 0
    }
}

/// A customer's money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wallet {
    account: AccountId,
    free: Purses,
    frozen: Purses,
    owed: Money,
    /// How much may be owed before it counts as arrears. It is no money. Source: R-ARR-9.
    limit: Money,
    /// What of that orders take that are paid and not delivered yet.
    pledged: Money,
    /// What holds of use lack of what they should be: credit stands for it. Nothing without credit. Source: R-FRZ-1.
    lacking: Money,
}

impl Wallet {
    pub const fn empty(account: AccountId, currency: Currency) -> Wallet {
        let (none, zero) = (Purses::none(currency), Money::zero(currency));
        Wallet { account, free: none, frozen: none, owed: zero, limit: zero, pledged: zero, lacking: zero }
    }

    /// Errors: `Currency` when they differ in it, `BelowZero` for any of them, `Overflow` when what is free and frozen
    /// does not fit one sum.
    #[inline]
    pub fn new(account: AccountId, free: Purses, frozen: Purses, owed: Money) -> Result<Wallet, MoneyError> {
        free.total().checked_add(frozen.total())?;
        free.total().checked_cmp(owed)?;
        if !free.is_sound() || !frozen.is_sound() || owed.is_negative() {
            return Err(MoneyError::BelowZero);
        }
        let zero = Money::zero(owed.currency());
        Ok(Wallet { account, free, frozen, owed, limit: zero, pledged: zero, lacking: zero })
    }

    /// The wallet of the same account with other sums in it, on the same credit. Errors: as `new`.
    #[inline]
    pub fn with(self, free: Purses, frozen: Purses, owed: Money) -> Result<Wallet, MoneyError> {
        let Wallet { limit, pledged, lacking, .. } = self;
        let wallet = Wallet::new(self.account, free, frozen, owed)?.on_credit(limit, pledged)?;
        Ok(Wallet { lacking, ..wallet })
    }

    /// The same wallet on a credit line of `limit`, of which orders that are not delivered yet take `pledged`.
    ///
    /// Errors: `Currency`, `BelowZero` for either, `Overflow` when it does not fit one sum with what is there. Source: R-ARR-9.
    #[inline]
    pub fn on_credit(self, limit: Money, pledged: Money) -> Result<Wallet, MoneyError> {
        self.free.total().checked_add(self.frozen.total())?.checked_add(limit)?;
        pledged.checked_cmp(limit)?;
        if limit.is_negative() || pledged.is_negative() {
            return Err(MoneyError::BelowZero);
        }
        Ok(Wallet { limit, pledged, ..self })
    }

    /// Holds of use lack so much more than before, or less where it is below zero: credit stands for it, where there is any.
    ///
    /// Errors: `Currency`, `Overflow`. Source: R-FRZ-1, R-ARR-9.
    pub fn lack(&mut self, more: Money) -> Result<(), MoneyError> {
        if self.limit.is_positive() {
            let lacking = self.lacking.checked_add(more)?;
            self.lacking = if lacking.is_negative() { Money::zero(lacking.currency()) } else { lacking };
        }
        Ok(())
    }

    /// An order takes `sum` of the credit line until it is delivered. Errors: `Currency`, `Overflow`.
    pub fn pledge(&mut self, sum: Money) -> Result<(), MoneyError> {
        *self = self.on_credit(self.limit, self.pledged.checked_add(sum)?)?;
        Ok(())
    }

    /// What an order took of the credit line is free of it. Errors: `BelowZero` when less is taken.
    pub fn unpledge(&mut self, sum: Money) -> Result<(), MoneyError> {
        *self = self.on_credit(self.limit, self.pledged.checked_sub(sum)?)?;
        Ok(())
    }

    /// Takes `sum` from free money, bonus first; what is missing is owed.
    ///
    /// Errors: `Currency`, `BelowZero` for a sum below zero, `Overflow` for a debt that does not fit.
    #[inline]
    pub fn spend(&mut self, sum: Money) -> Result<Paid, MoneyError> {
        let most = sum.checked_min(self.own())?.minor().max(0);
        let owed = Money::from_minor(sum.minor() - most, sum.currency());
        if sum.is_negative() {
            return Err(MoneyError::BelowZero);
        }
        self.owed = self.owed.checked_add(owed)?;
        Ok(Paid { purses: self.free.take(most), owed: owed.minor() })
    }

    /// Pays what is owed out of free money, bonus first. Gives what was paid.
    pub fn pay_debt(&mut self) -> Purses {
        let paid = self.free.take(self.owed.minor());
        self.owed = Money::from_minor(self.owed.minor() - paid.total().minor(), self.currency());
        paid
    }

    /// Freezes `sum`, or what there is of it in money. Gives what is frozen for it. Errors: `Currency`.
    #[inline]
    pub fn freeze(&mut self, sum: Money) -> Result<Purses, MoneyError> {
        let held = self.free.take(sum.checked_min(self.own())?.minor());
        self.frozen.put(held);
        Ok(held)
    }

    /// Gives frozen money free. Errors: `Currency`, `BelowZero` when less is frozen.
    pub fn thaw(&mut self, held: Purses) -> Result<(), MoneyError> {
        let (free, frozen) = (self.free.checked_add(held)?, self.frozen.checked_sub(held)?);
        *self = self.with(free, frozen, self.owed)?;
        Ok(())
    }

    pub const fn account(&self) -> AccountId {
        self.account
    }

    pub const fn currency(&self) -> Currency {
        self.owed.currency()
    }

    /// What can be spent, kind by kind.
    pub const fn free(&self) -> Purses {
        self.free
    }

    /// What waits for deliveries and for use.
    pub const fn frozen(&self) -> Purses {
        self.frozen
    }

    /// Free and frozen together, kind by kind. They fit: all of them do.
    pub fn kinds(&self) -> [Money; 3] {
        let (free, frozen) = (self.free, self.frozen);
        let sums = [free.bonus + frozen.bonus, free.cash + frozen.cash, free.income + frozen.income];
        sums.map(|it| Money::from_minor(it, self.currency()))
    }

    /// What the customer owes.
    pub const fn owed(&self) -> Money {
        self.owed
    }

    /// How much may be owed before it counts as arrears; 0 without a credit line. Source: R-ARR-9.
    pub const fn limit(&self) -> Money {
        self.limit
    }

    /// What orders take of the credit line that are paid and not delivered yet.
    pub const fn pledged(&self) -> Money {
        self.pledged
    }

    /// What of the credit line stands for holds of use that money does not fill.
    pub const fn lacking(&self) -> Money {
        self.lacking
    }

    /// Free money less what is owed, never below zero: what can be spent or frozen without credit. Source: R-WAL-1.
    #[inline]
    pub const fn own(&self) -> Money {
        let minor = self.free.total().minor() - self.owed.minor();
        Money::from_minor(if minor > 0 { minor } else { 0 }, self.currency())
    }

    /// What can be spent: money, and what orders and holds leave of the credit line. Source: R-WAL-1, R-ARR-9, R-FRZ-1.
    #[inline]
    pub const fn available(&self) -> Money {
        let own = self.free.total().minor() - self.owed.minor();
        let taken = self.pledged.minor().saturating_add(self.lacking.minor());
        let left = self.limit.minor().saturating_sub(taken);
        Money::from_minor(own.saturating_add(left), self.currency())
    }

    /// What decides on arrears: the balance, and what may be owed. Source: R-WAL-2, R-ARR-9.
    pub const fn standing(&self) -> Money {
        Money::from_minor(self.balance().minor().saturating_add(self.limit.minor()), self.currency())
    }

    /// All money less what is owed: freezes do not count. It fits: what is free and frozen does. Source: R-WAL-2.
    pub const fn balance(&self) -> Money {
        let had = self.free.total().minor() + self.frozen.total().minor();
        Money::from_minor(had - self.owed.minor(), self.currency())
    }
}

/// What of the wallet paid for a bill, or for bills; what is missing of their total, vouchers paid.
///
/// Invariant: one currency, and the total fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    purses: Purses,
    /// Minor units of the same currency.
    owed: i64,
}

impl Paid {
    /// Nothing was paid and nothing is owed.
    pub const fn none(currency: Currency) -> Paid {
        Paid { purses: Purses::none(currency), owed: 0 }
    }

    /// Errors: `Currency`, `Overflow`.
    #[inline]
    pub fn new(purses: Purses, owed: Money) -> Result<Paid, MoneyError> {
        purses.total().checked_add(owed)?;
        Ok(Paid { purses, owed: owed.minor() })
    }

    pub const fn purses(&self) -> Purses {
        self.purses
    }

    /// In which ratio it goes back: what bonus, cash and income paid, and what was owed. A purse below zero got back what was owed.
    ///
    /// Source: R-REF-4.
    pub fn weights(&self) -> [u64; 4] {
        let kinds = self.purses.kinds().map(Money::minor);
        let back = kinds.iter().fold(0_i64, |sum, it| sum.saturating_add((*it).min(0)));
        let owed = self.owed.saturating_add(back).max(0);
        let [bonus, cash, income] = kinds.map(|it| it.max(0).unsigned_abs());
        [bonus, cash, income, owed.unsigned_abs()]
    }

    /// The same with no purse below zero: what that got back beyond what it paid had been owed. To be added to others. Errors: `Overflow`.
    pub fn netted(self) -> Result<Paid, MoneyError> {
        let kinds = self.purses.kinds().map(|it| it.minor().max(0));
        let purses = Purses::of_minor(kinds, self.purses.currency)?;
        Paid::new(purses, self.total().checked_sub(purses.total())?)
    }

    /// What was missing and became debt.
    pub const fn owed(&self) -> Money {
        Money::from_minor(self.owed, self.purses.currency)
    }

    /// Paid and owed together. It fits: nothing is paid of which it does not.
    pub const fn total(&self) -> Money {
        Money::from_minor(self.purses.total().minor() + self.owed, self.purses.currency)
    }

    /// Errors: `Currency`, `Overflow`.
    pub fn checked_add(self, other: Paid) -> Result<Paid, MoneyError> {
        Paid::new(self.purses.checked_add(other.purses)?, self.owed().checked_add(other.owed())?)
    }

    /// The same the other way: of what was paid, what goes back. Errors: `Overflow`.
    pub fn checked_neg(&self) -> Result<Paid, MoneyError> {
        let none = Purses::none(self.purses.currency);
        Paid::new(none.checked_sub(self.purses)?, self.owed().checked_neg()?)
    }
}
