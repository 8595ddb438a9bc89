//! Who pays how much of a purchase: the balance, a card, or the balance first and a card for the rest.
//!
//! In:  what is to be paid, what is available, by which means. Out: what the card pays; the wallet pays the rest.
//! Invariant: both parts add up to the whole, and none is below zero.
//! Rules: R-PAY-1, R-PAY-2.

use super::limits::Limits;
use units::money::split;
use units::{Money, MoneyError};

/// By what a purchase is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    Balance,
    Card,
    /// The balance first, and the card for the rest.
    BalanceThenCard,
}

impl Means {
    pub const ALL: [Means; 3] = [Means::Balance, Means::BalanceThenCard, Means::Card];

    pub const fn as_str(self) -> &'static str {
        match self {
            Means::Balance => "balance",
            Means::Card => "card",
            Means::BalanceThenCard => "balance_then_card",
        }
    }

    pub fn parse(text: &str) -> Option<Means> {
        Means::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// What of `total` the card pays. Errors: `Currency`.
///
/// Source: R-PAY-2. Ex: 507.96 with 300.00 available, balance first → 207.96.
pub fn of_card(total: Money, available: Money, means: Means) -> Result<Money, MoneyError> {
    let none = Money::zero(total.currency());
    match means {
        Means::Balance => Ok(none),
        Means::Card => Ok(total),
        Means::BalanceThenCard => {
            let own = if available.is_negative() { none } else { available.checked_min(total)? };
            total.checked_sub(own)
        }
    }
}

/// The card's share in each of `totals`, in their ratio, each a multiple of `step`: gateways charge nothing between. Source: R-MON-7.
///
/// `card` is such a multiple, and not more than there is `room` for. Ex: of 0.615 and 0.619 KWD in steps of 0.010 a card pays
/// 0.610 each at most, and the balance the rest.
pub fn shares(card: Money, totals: &[Money], step: Money) -> Vec<Money> {
    let step = step.minor().max(1);
    let weights: Vec<u64> = totals.iter().map(|it| it.minor().unsigned_abs() / step.unsigned_abs()).collect();
    let steps = split(card.minor() / step, &weights).into_iter();
    steps.map(|it| Money::from_minor(it * step, card.currency())).collect()
}

/// What a card can pay of `totals` at most. Errors: `Overflow`.
pub fn room(totals: &[Money], limits: Limits) -> Result<Money, MoneyError> {
    Money::sum(totals.iter().map(|it| limits.down(*it)), limits.step.currency())
}
