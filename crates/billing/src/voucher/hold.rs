//! What vouchers pay of orders: held when they are chosen, spent when pieces come, given back when they do not.
//!
//! In:  orders of one purchase, what vouchers pay of it; later the orders as they came out. Out: the orders with what vouchers pay
//! of each piece, the parts of each voucher, and vouchers after it.
//! Invariant: the parts of a share add up to it, and no piece is paid more than it costs. What is given back is usable, also of a
//! voucher for a single use; what was left of one that was used lapses.
//! Rules: R-VOU-4, R-VOU-5, R-MON-7, R-PRV-2, sections 20 and 22.

use super::choose::Share;
use super::{Event, Mode, Regions, Spend, State, Uses, Voucher, VoucherError};
use crate::order::{self, Order, PieceState};
use units::{AccountId, Money, MoneyError, OrderId, ResourceId, VoucherId};

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartState {
    Held,
    Spent,
    Returned,
}

impl PartState {
    pub const ALL: [PartState; 3] = [PartState::Held, PartState::Spent, PartState::Returned];

    pub const fn as_str(self) -> &'static str {
        match self {
            PartState::Held => "held",
            PartState::Spent => "spent",
            PartState::Returned => "returned",
        }
    }

    pub fn parse(text: &str) -> Option<PartState> {
        PartState::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// What a voucher pays of one piece of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub account: AccountId,
    pub voucher: VoucherId,
    /// The purchase.
    pub group: String,
    pub order: OrderId,
    pub piece: ResourceId,
    pub money: Money,
    pub state: PartState,
}

/// What orders of one purchase are to a voucher: the first with its product, each with its region, the longest with its time. `None` for none.
///
/// Errors: `Overflow`. Source: section 20 (R-VOU-4).
pub fn spend(orders: &[Order]) -> Result<Option<Spend<'_>>, MoneyError> {
    let Some(first) = orders.first() else { return Ok(None) };
    Ok(Some(Spend {
        product: &first.product,
        regions: Regions::Orders(orders),
        mode: Mode::Prepaid,
        action: Some(first.action),
        months: orders.iter().map(begun_months).max().unwrap_or(0),
        total: Money::sum(orders.iter().map(|it| it.total), first.currency())?,
        orders: orders.len(),
    }))
}

/// The months that an order pays for, one that is begun with them.
fn begun_months(order: &Order) -> u32 {
    order.months.saturating_add(order.days.div_ceil(31))
}

/// Spreads what vouchers pay over the orders of a purchase and their pieces, each voucher over all of them, by what is left to pay of
/// each. What vouchers paid of them before is forgotten. Errors: `Overflow`. Source: R-VOU-4, R-MON-7.
pub fn spread(orders: &mut [Order], shares: &[Share]) -> Result<Vec<Part>, MoneyError> {
    for piece in orders.iter_mut().flat_map(|it| &mut it.pieces) {
        piece.voucher = Money::zero(piece.total.currency());
    }
    let mut parts = Vec::new();
    for share in shares {
        let dues = orders.iter().map(Order::due).collect::<Result<Vec<Money>, MoneyError>>()?;
        for (order, money) in orders.iter_mut().zip(share.money.split(&weights(&dues))) {
            let rest = order.pieces.iter().map(|it| it.total.checked_sub(it.voucher));
            let rest = rest.collect::<Result<Vec<Money>, MoneyError>>()?;
            for (piece, money) in order.pieces.iter_mut().zip(money.split(&weights(&rest))) {
                if !money.is_positive() {
                    continue;
                }
                piece.voucher = piece.voucher.checked_add(money)?;
                debug_assert!(
                    piece.voucher.minor() <= piece.total.minor(),
                    "no piece is paid more than it costs"
                );
                parts.push(Part {
                    account: order.account,
                    voucher: share.voucher,
                    group: order.group.clone(),
                    order: order.id,
                    piece: piece.resource,
                    money,
                    state: PartState::Held,
                });
            }
        }
    }
    Ok(parts)
}

fn weights(all: &[Money]) -> Vec<u64> {
    all.iter().map(|it| it.minor().max(0).unsigned_abs()).collect()
}

/// What became of what a voucher pays of a piece, by its order.
pub fn outcome(order: &Order, piece: ResourceId) -> PartState {
    match order.state {
        order::State::Unpaid | order::State::Paying | order::State::Paid => PartState::Held,
        order::State::Closed | order::State::Expired | order::State::Invalid => PartState::Returned,
        order::State::Delivering
        | order::State::Delivered
        | order::State::DeliveryFailed
        | order::State::Refunded => {
            match order.pieces.iter().find(|it| it.resource == piece).map(|it| it.state) {
                Some(PieceState::Waiting | PieceState::Arrived) => PartState::Held,
                Some(PieceState::Delivered | PieceState::Refunded) => PartState::Spent,
                Some(PieceState::Failed) | None => PartState::Returned,
            }
        }
    }
}

impl Voucher {
    /// A purchase holds so much of it. Errors: `Step`, `Overflow`. Source: R-VOU-5.
    pub fn freeze(self, money: Money, group: &str) -> Result<Voucher, VoucherError> {
        let state = self.state.on(Event::Freeze)?;
        let after = Voucher { state, held: money, group: Some(group.to_string()), ..self };
        debug_assert!(after.is_sound(), "no more is held than there is");
        Ok(after)
    }

    /// The purchase that holds it chooses anew: it is as it was before. One that it does not hold stays as it is.
    pub fn let_go(self, group: &str) -> Result<Voucher, VoucherError> {
        if self.group.as_deref() != Some(group) {
            return Ok(self);
        }
        let state = self.state.on(Event::Release)?;
        let held = Money::zero(self.currency());
        Ok(Voucher { state, held, group: None, ..self })
    }

    /// After some of its parts came out. `parts` are all that the purchase which holds it has of it, as they stand now, each with what
    /// it was before.
    ///
    /// Errors: `Step` for one that nobody holds, `Overflow`. Source: R-VOU-5, section 20.
    pub fn follow(self, parts: &[(PartState, Part)]) -> Result<Voucher, VoucherError> {
        let currency = self.currency();
        let sum = |which: &dyn Fn(&(PartState, Part)) -> bool| {
            Money::sum(parts.iter().filter(|it| which(it)).map(|it| it.1.money), currency)
        };
        let held = sum(&|it| it.1.state == PartState::Held)?;
        let now_spent = sum(&|it| it.0 == PartState::Held && it.1.state == PartState::Spent)?;
        let after = Voucher { held, spent: self.spent.checked_add(now_spent)?, ..self };
        if held.is_positive() {
            return Ok(after);
        }
        let after = match sum(&|it| it.1.state == PartState::Spent)?.is_positive() {
            false => Voucher { state: after.state.on(Event::Release)?, group: None, ..after },
            true => after.used(sum(&|it| it.1.state == PartState::Returned)?)?,
        };
        debug_assert!(after.is_sound(), "no more is held and spent than there is");
        Ok(after)
    }

    /// It was used, and `back` of it was given back: of one for a single use the rest beside that lapses. Source: R-VOU-5.
    pub(super) fn used(self, back: Money) -> Result<Voucher, VoucherError> {
        let balance = self.balance()?;
        let (left, lapses) = match self.scope.uses {
            Uses::Many => (balance, Money::zero(self.currency())),
            Uses::Once => (back, balance.checked_sub(back)?),
        };
        let event = if left.is_positive() { Event::UsePart } else { Event::UseUp };
        let (state, lapsed): (State, Money) = (self.state.on(event)?, self.lapsed.checked_add(lapses)?);
        Ok(Voucher { state, lapsed, group: None, ..self })
    }

    /// It pays so much of a bill, at once. Errors: `Step`, `Overflow`. Source: section 22 (R-PAY-1).
    pub fn spend(self, money: Money) -> Result<Voucher, VoucherError> {
        let none = Money::zero(self.currency());
        let spent = Voucher { spent: self.spent.checked_add(money)?, ..self };
        let after = spent.used(none)?;
        debug_assert!(after.is_sound(), "no more is spent than there is");
        Ok(after)
    }
}
