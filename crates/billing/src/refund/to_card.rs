//! Cash of a refund that goes back to the cards that paid it.
//!
//! In:  the cash that goes back, what cards paid of the orders that it is of. Out: what goes to each card; the rest goes to the wallet.
//! Invariant: no card is given more than it paid and did not get back yet, nor more than cash paid of the order, and all of them
//! together no more than the cash that goes back.
//! Rules: R-REF-4.

use crate::payment::limits::Limits;
use units::{Money, MoneyError, PaymentId};

/// Where the cash of a refund goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CashTo {
    #[default]
    Wallet,
    /// To the cards that paid, as far as they did; the rest to the wallet.
    Card,
}

impl CashTo {
    pub const ALL: [CashTo; 2] = [CashTo::Wallet, CashTo::Card];

    pub const fn as_str(self) -> &'static str {
        match self {
            CashTo::Wallet => "wallet",
            CashTo::Card => "card",
        }
    }

    pub fn parse(text: &str) -> Option<CashTo> {
        CashTo::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// An order that a card paid for, in whole or in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    pub payment: PaymentId,
    /// What cash paid of the order, the card's share among it.
    pub cash: Money,
    /// What the card paid and did not get back.
    pub refundable: Money,
}

/// What goes back to one card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub payment: PaymentId,
    pub money: Money,
}

/// What of `cash` goes to which card, the sources in the order in which they are given; of one payment it is one part.
///
/// Errors: `Currency`, `Overflow`. Source: R-REF-4. Ex: 462.60 of an order of which a card paid 207.96: 207.96 to the card, and
/// 254.64 to the wallet.
pub fn split(cash: Money, sources: &[Source], limits: Limits) -> Result<Vec<Part>, MoneyError> {
    let (mut left, mut parts) = (cash, Vec::<Part>::new());
    for it in sources {
        let own = parts.iter().position(|part| part.payment == it.payment);
        let given = own.map_or(Money::zero(cash.currency()), |at| parts[at].money);
        let room = it.refundable.checked_sub(given)?;
        let money = limits.down(left.checked_min(it.cash)?.checked_min(room)?);
        if !money.is_positive() {
            continue;
        }
        left = left.checked_sub(money)?;
        match own {
            Some(at) => parts[at].money = given.checked_add(money)?,
            None => parts.push(Part { payment: it.payment, money }),
        }
    }
    Ok(parts)
}

#[cfg(test)]
mod tests;
