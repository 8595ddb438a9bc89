//! Who pays how much of a purchase: the balance, a card, or the balance first and a card for the rest.
//!
//! In:  what is to be paid, what is available, by which means. Out: what the card pays; the wallet pays the rest.
//! Invariant: both parts add up to the whole, and none is below zero.
//! Rules: R-PAY-1, R-PAY-2.

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

/// The card's share in each of `totals`, in their ratio. Source: R-MON-7.
pub fn shares(card: Money, totals: &[Money]) -> Vec<Money> {
    let weights: Vec<u64> = totals.iter().map(|it| it.minor().unsigned_abs()).collect();
    card.split(&weights)
}
