//! Vouchers: worth that an operator gives, what it may pay for, and what of it was spent.
//!
//! In:  a voucher, what is to be paid. Out: whether it pays for it, or the first reason why not; the voucher after each step.
//! Invariant: what is held, spent and lapsed is never more than the face. A voucher is no money: it is never in a wallet, never
//! invoiced, and a refund never gives it back.
//! Rules: R-VOU-1, R-VOU-5, section 6 (voucher states), sections 20 and 22.
//!
//! ```text
//! what refuses a voucher, in the order in which it is said
//! it is used up, held by another purchase, withdrawn
//! its time has not begun, or is over
//! another currency; the mode, the product, the region, the order's action
//! longer than it pays for; less than it needs; nothing to pay; too many orders at once
//! ```

pub mod choose;
pub mod code;
pub mod ending;
pub mod hold;
pub mod issue;
mod states;

use crate::options::Options;
use crate::order::{Action, Order};
use crate::quote::Quote;
use units::{AccountId, Currency, Money, MoneyError, PromotionId, Timestamp, VoucherId};

pub use states::{Event, State, StepError};

/// Orders that vouchers pay for together; a larger batch takes none. Source: R-VOU-1.
pub const MOST_ORDERS: usize = 100;
/// Vouchers of one order or bill, at most. Source: R-VOU-3.
pub const MOST_AT_ONCE: u32 = 10;

/// When something is paid: a voucher says of which it pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// With an order.
    Prepaid,
    /// After use, with a bill of an hour, a day or a month.
    PostPaid,
}

/// The charge modes that a voucher pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Modes {
    Prepaid,
    PostPaid,
    Any,
}

impl Modes {
    pub const ALL: [Modes; 3] = [Modes::Prepaid, Modes::PostPaid, Modes::Any];

    pub const fn as_str(self) -> &'static str {
        match self {
            Modes::Prepaid => "prepaid",
            Modes::PostPaid => "post_paid",
            Modes::Any => "any",
        }
    }

    pub fn parse(text: &str) -> Option<Modes> {
        Modes::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Whether it pays for what is paid so.
    pub const fn includes(self, mode: Mode) -> bool {
        match (self, mode) {
            (Modes::Any, _) | (Modes::Prepaid, Mode::Prepaid) | (Modes::PostPaid, Mode::PostPaid) => true,
            (Modes::Prepaid, Mode::PostPaid) | (Modes::PostPaid, Mode::Prepaid) => false,
        }
    }
}

/// What becomes of the rest when a voucher is worth more than it pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Uses {
    /// It lapses.
    Once,
    /// It stays.
    Many,
}

impl Uses {
    pub const ALL: [Uses; 2] = [Uses::Once, Uses::Many];

    pub const fn as_str(self) -> &'static str {
        match self {
            Uses::Once => "once",
            Uses::Many => "many",
        }
    }

    pub fn parse(text: &str) -> Option<Uses> {
        Uses::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// What a voucher pays for; an empty list is for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    pub products: Vec<String>,
    pub regions: Vec<String>,
    pub modes: Modes,
    /// Of orders; a bill is none of them.
    pub actions: Vec<Action>,
    /// What an order, or all of a batch, comes to at least.
    pub min_spend: Money,
    /// For how many months an order pays at most.
    pub most_months: Option<u32>,
    pub uses: Uses,
}

impl Scope {
    /// One that pays for every order.
    pub const fn of_orders(currency: Currency) -> Scope {
        Scope {
            products: Vec::new(),
            regions: Vec::new(),
            modes: Modes::Prepaid,
            actions: Vec::new(),
            min_spend: Money::zero(currency),
            most_months: None,
            uses: Uses::Once,
        }
    }
}

/// From when to when it can be chosen; `until` is out. Source: section 22 (R-VOU-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub from: Timestamp,
    pub until: Timestamp,
}

/// Worth that pays for orders and bills of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    pub id: VoucherId,
    pub account: AccountId,
    pub name: String,
    pub face: Money,
    pub scope: Scope,
    pub window: Window,
    /// As it is written; `state_at` says where it stands.
    pub state: State,
    /// What a purchase holds of it that is not done.
    pub held: Money,
    pub spent: Money,
    /// What was left of a single use, or when it was withdrawn.
    pub lapsed: Money,
    /// The purchase that holds it.
    pub group: Option<String>,
    pub issued: Timestamp,
    /// The promotion code that it was redeemed from.
    pub code: Option<PromotionId>,
}

/// What is to be paid, as far as a voucher looks at it. Of a batch: the product of its first order, the regions of all, its longest time,
/// its total.
#[derive(Clone, Copy, Debug)]
pub struct Spend<'a> {
    pub product: &'a str,
    pub regions: Regions<'a>,
    pub mode: Mode,
    /// `None` for a bill.
    pub action: Option<Action>,
    pub months: u32,
    pub total: Money,
    pub orders: usize,
}

/// Where what is to be paid is: the region of a bill, or that of each order; `""` of what has none.
#[derive(Clone, Copy, Debug)]
pub enum Regions<'a> {
    One(&'a str),
    Orders(&'a [Order]),
    Quotes(&'a [&'a Quote]),
}

impl Regions<'_> {
    /// Whether each is one of `listed`; where nothing is listed, all are.
    fn are_in(self, listed: &[String]) -> bool {
        let of = |it: &Options| lists(listed, it.get("region").unwrap_or(""));
        match self {
            Regions::One(it) => lists(listed, it),
            Regions::Orders(all) => all.iter().all(|it| of(&it.options)),
            Regions::Quotes(all) => all.iter().all(|it| of(&it.options)),
        }
    }
}

/// Why a voucher does not pay for something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("it is used up")]
    Used,
    #[error("another purchase holds it; pay that or cancel it")]
    Frozen,
    #[error("it was withdrawn")]
    Withdrawn,
    #[error("it can be used from {0} on")]
    Early(Timestamp),
    #[error("it could be used until {0}")]
    Late(Timestamp),
    #[error("it is in {}", .0.as_str())]
    Currency(Currency),
    #[error("it pays for what is {}", .0.text())]
    Mode(Modes),
    /// Their ids.
    #[error("it pays for these products: {}", .0.join(", "))]
    Product(Vec<String>),
    /// Their ids.
    #[error("it pays in these regions: {}", .0.join(", "))]
    Region(Vec<String>),
    #[error("it pays for these orders: {}", words_of(.0))]
    Action(Vec<Action>),
    #[error("it pays for at most {0} months")]
    Duration(u32),
    #[error("it needs {least} at least, and this comes to {total}")]
    Minimum { least: Money, total: Money },
    #[error("nothing is to be paid; what is frozen while something runs is not paid by vouchers")]
    Nothing,
    #[error("it pays for at most {MOST_ORDERS} orders at once, and these are {0}")]
    Batch(usize),
}

/// The words of kinds of orders.
fn words_of(actions: &[Action]) -> String {
    actions.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", ")
}

/// Why something about vouchers is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VoucherError {
    #[error("voucher {voucher} does not pay for this: {why}; choose another one, or none")]
    Unfit { voucher: VoucherId, why: Unfit },
    #[error("{chosen} vouchers were chosen, and an order takes {most}; choose fewer")]
    TooMany { chosen: usize, most: u32 },
    #[error("voucher {0} is named twice; name each once")]
    Twice(VoucherId),
    #[error("an account has no voucher {0}; choose one of its own")]
    Missing(VoucherId),
    #[error("an order takes 1 to {MOST_AT_ONCE} vouchers, not {0}; choose one of these numbers")]
    PerOrder(u32),
    /// Of a voucher that is to be issued.
    #[error("{why}")]
    Invalid { field: &'static str, why: &'static str },
    #[error("`{product}` is no product of the price book; name one, or leave `products` out for all")]
    Product { product: String },
    #[error("`{region}` is no region of the price book; name one, or leave `regions` out for all")]
    Region { region: String },
    #[error(transparent)]
    Step(#[from] StepError),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Voucher {
    pub const fn currency(&self) -> Currency {
        self.face.currency()
    }

    /// What is left of it, held or not. Errors: `Overflow`.
    pub fn balance(&self) -> Result<Money, MoneyError> {
        self.face.checked_sub(self.spent)?.checked_sub(self.lapsed)
    }

    /// Where it stands at `now`: one whose time is over is expired, and nobody has to write that down.
    pub fn state_at(&self, now: Timestamp) -> State {
        match self.state.on(Event::Expire) {
            Ok(expired) if now >= self.window.until => expired,
            Ok(_) | Err(_) => self.state,
        }
    }

    /// Whether it pays for `spend` at `now`. Errors: the first of the list above. Source: R-VOU-1.
    pub fn fit(&self, spend: &Spend<'_>, now: Timestamp) -> Result<(), Unfit> {
        self.open(now)?;
        let scope = &self.scope;
        if self.currency() != spend.total.currency() {
            return Err(Unfit::Currency(self.currency()));
        }
        if !scope.modes.includes(spend.mode) {
            return Err(Unfit::Mode(scope.modes));
        }
        if !lists(&scope.products, spend.product) {
            return Err(Unfit::Product(scope.products.clone()));
        }
        if !spend.regions.are_in(&scope.regions) {
            return Err(Unfit::Region(scope.regions.clone()));
        }
        if !scope.actions.is_empty() && !spend.action.is_some_and(|it| scope.actions.contains(&it)) {
            return Err(Unfit::Action(scope.actions.clone()));
        }
        self.enough(spend)
    }

    /// Whether it can be chosen at all at `now`.
    fn open(&self, now: Timestamp) -> Result<(), Unfit> {
        match self.state_at(now) {
            State::Unused => {}
            State::Frozen => return Err(Unfit::Frozen),
            State::Used => return Err(Unfit::Used),
            State::Expired => return Err(Unfit::Late(self.window.until)),
            State::Withdrawn => return Err(Unfit::Withdrawn),
        }
        if now < self.window.from { Err(Unfit::Early(self.window.from)) } else { Ok(()) }
    }

    fn enough(&self, spend: &Spend<'_>) -> Result<(), Unfit> {
        let (scope, total) = (&self.scope, spend.total);
        if let Some(most) = scope.most_months.filter(|most| spend.months > *most) {
            return Err(Unfit::Duration(most));
        }
        if !total.is_positive() {
            return Err(Unfit::Nothing);
        }
        if total.minor() < scope.min_spend.minor() {
            return Err(Unfit::Minimum { least: scope.min_spend, total });
        }
        if spend.orders > MOST_ORDERS { Err(Unfit::Batch(spend.orders)) } else { Ok(()) }
    }

    /// An operator takes it back: what is left of it lapses. Errors: `Step` for one that is held, used up or gone.
    pub fn withdraw(self, now: Timestamp) -> Result<Voucher, VoucherError> {
        let state = self.state_at(now).on(Event::Withdraw)?;
        let lapsed = self.lapsed.checked_add(self.balance()?)?;
        Ok(Voucher { state, lapsed, ..self })
    }

    /// Whether its sums are such as can be: none below zero, together no more than the face, and held by whoever it says.
    pub fn is_sound(&self) -> bool {
        let [face, held, spent, lapsed] = [self.face, self.held, self.spent, self.lapsed].map(Money::minor);
        let gone = i128::from(held) + i128::from(spent) + i128::from(lapsed);
        let is_frozen = self.state == State::Frozen;
        held >= 0
            && spent >= 0
            && lapsed >= 0
            && gone <= i128::from(face)
            && is_frozen == (held > 0)
            && is_frozen == self.group.is_some()
    }
}

impl Modes {
    const fn text(self) -> &'static str {
        match self {
            Modes::Prepaid => "paid with an order",
            Modes::PostPaid => "paid after use",
            Modes::Any => "paid in any way",
        }
    }
}

fn lists(all: &[String], one: &str) -> bool {
    all.is_empty() || all.iter().any(|it| it == one)
}

/// So many vouchers pay for one order of an account. Errors: `PerOrder`. Source: R-VOU-3.
pub fn per_order(count: u32) -> Result<u32, VoucherError> {
    if (1..=MOST_AT_ONCE).contains(&count) { Ok(count) } else { Err(VoucherError::PerOrder(count)) }
}

#[cfg(test)]
mod tests;
