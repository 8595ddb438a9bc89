//! Orders: placed from a quote, paid by freezing, delivered by deducting.
//!
//! In:  quotes, wallets, outcomes of delivery. Out: the order after it, money moved, bills.
//! Invariant: money never waits on an order: it is frozen, deducted or free.
//! Rules: R-ORD-1 to R-ORD-9, R-PAY-3 to R-PAY-5, R-PRV-2, section 20.

use crate::bill::{self, Bill, Kind};
use crate::options::Options;
use crate::quote::Quote;
use crate::rate::Terms;
use crate::wallet::{Insufficient, Paid, Purses, Reason, Till};
use std::borrow::Cow;
use units::{
    AccountId, BillId, BookId, Cycle, CycleKind, FreezeId, MoneyError, OrderId, ResourceId, Timestamp,
};

/// Where an order stands. Paying (12), ProductInvalid and PayOnBehalfRefused come with other means of payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    Unpaid,
    Paid,
    Delivering,
    Delivered,
    DeliveryFailed,
    Closed,
    Expired,
    Invalid,
}

/// What can happen to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Pay,
    StartDelivery,
    Deliver,
    FailDelivery,
    Cancel,
    TimeOut,
    Invalidate,
}

impl Event {
    pub const ALL: [Event; 7] = [
        Event::Pay,
        Event::StartDelivery,
        Event::Deliver,
        Event::FailDelivery,
        Event::Cancel,
        Event::TimeOut,
        Event::Invalidate,
    ];

    /// What is not done, as a sentence goes on.
    const fn refused(self) -> &'static str {
        match self {
            Event::Pay => "is not paid",
            Event::StartDelivery | Event::Deliver => "is not delivered",
            Event::FailDelivery => "does not fail in delivery",
            Event::Cancel => "is not cancelled",
            Event::TimeOut => "does not time out",
            Event::Invalidate => "does not become invalid",
        }
    }
}

/// What the customer does next.
const fn remedy(state: State, event: Event) -> &'static str {
    match (state, event) {
        (State::Unpaid, _) => "pay it or cancel it",
        (State::Paid | State::Delivering | State::Delivered, Event::Pay) => "it is paid already",
        (State::Paid | State::Delivering, Event::Cancel) => "it is paid already; wait for its delivery",
        (State::Paid | State::Delivering, _) => "wait for its delivery",
        (State::Delivered, _) => "it is delivered already",
        (State::DeliveryFailed, _) => "its delivery failed and its money went back; place it again",
        (State::Closed, _) => "it was cancelled; place it again",
        (State::Expired, _) => "it was not paid in time; place it again",
        (State::Invalid, _) => "its price or its month is not what it was; place it again",
    }
}

impl State {
    pub const ALL: [State; 8] = [
        State::Unpaid,
        State::Paid,
        State::Delivering,
        State::Delivered,
        State::DeliveryFailed,
        State::Closed,
        State::Expired,
        State::Invalid,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            State::Unpaid => "unpaid",
            State::Paid => "paid",
            State::Delivering => "delivering",
            State::Delivered => "delivered",
            State::DeliveryFailed => "delivery_failed",
            State::Closed => "closed",
            State::Expired => "expired",
            State::Invalid => "invalid",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Whether its payment went through, however its delivery came out.
    pub const fn was_paid(self) -> bool {
        match self {
            State::Paid | State::Delivering | State::Delivered | State::DeliveryFailed => true,
            State::Unpaid | State::Closed | State::Expired | State::Invalid => false,
        }
    }

    /// Every allowed step, on one screen. What is not listed is refused. Source: R-ORD-3.
    pub fn on(self, event: Event) -> Result<State, OrderError> {
        match (self, event) {
            (State::Unpaid, Event::Pay) => Ok(State::Paid),
            (State::Unpaid, Event::Cancel) => Ok(State::Closed),
            (State::Unpaid, Event::TimeOut) => Ok(State::Expired),
            (State::Unpaid, Event::Invalidate) => Ok(State::Invalid),
            (State::Paid, Event::StartDelivery) => Ok(State::Delivering),
            (State::Delivering, Event::Deliver) => Ok(State::Delivered),
            (State::Delivering, Event::FailDelivery) => Ok(State::DeliveryFailed),
            (state, event) => Err(OrderError::Refused { state, event }),
        }
    }
}

/// What an order does. Renewals, changes and refunds are later actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    New,
}

impl Action {
    pub const fn as_str(self) -> &'static str {
        match self {
            Action::New => "new",
        }
    }

    pub fn parse(text: &str) -> Option<Action> {
        (text == "new").then_some(Action::New)
    }
}

/// How one piece of an order came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceState {
    Waiting,
    Delivered,
    Failed,
}

impl PieceState {
    pub const ALL: [PieceState; 3] = [PieceState::Waiting, PieceState::Delivered, PieceState::Failed];

    pub const fn as_str(self) -> &'static str {
        match self {
            PieceState::Waiting => "waiting",
            PieceState::Delivered => "delivered",
            PieceState::Failed => "failed",
        }
    }

    pub fn parse(text: &str) -> Option<PieceState> {
        PieceState::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// One piece: what it costs and what is frozen for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub resource: ResourceId,
    pub total_minor: i64,
    pub held: Purses,
    pub state: PieceState,
}

/// One product, so many pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub id: OrderId,
    pub account: AccountId,
    /// What one purchase made together is paid together. Source: R-ORD-6.
    pub group: String,
    pub action: Action,
    pub product: String,
    pub options: Options,
    pub months: u32,
    /// The month that a pack is to begin in, such as `2026-08`.
    pub month: Option<String>,
    pub name: String,
    pub service: Option<String>,
    pub book: BookId,
    /// Those of the account when it was placed: every later look at its price uses them.
    pub terms: Terms,
    pub state: State,
    pub created: Timestamp,
    pub expires: Timestamp,
    pub list_minor: i64,
    pub total_minor: i64,
    /// The opening freeze of one piece.
    pub freeze_minor: i64,
    pub pieces: Vec<Piece>,
}

/// Why an order was not placed or did not change. Each is a different answer to the customer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    #[error("an order that is {} {}: {}", .state.as_str(), .event.refused(), remedy(*.state, *.event))]
    Refused { state: State, event: Event },
    #[error("{0}; top up or buy less")]
    BalanceInsufficient(#[from] Insufficient),
    #[error("the price is {} and was quoted as {}; ask for a new quote", units::decimal::print((*now).into(), 2), units::decimal::print((*quoted).into(), 2))]
    PriceChanged { quoted: i64, now: i64 },
    #[error("the account is in arrears; pay what is owed first")]
    InArrears,
    #[error("pay-per-use needs a verified account")]
    NotVerified,
    #[error("{used} of {most} are in use in this zone; release some or ask for more")]
    Quota { used: u32, most: u32 },
    #[error("orders of one purchase are paid together: {missing}")]
    NeedPayTogether { missing: String },
    #[error("the order timed out at {0}; place it again")]
    TimedOut(Timestamp),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Hours in which a new order may be paid. Source: R-ORD-4.
pub const TIME_OUT_SECONDS: i64 = 24 * 3600;

/// Where an order is going, and the words that go with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    pub account: AccountId,
    /// What `quote` was made with.
    pub terms: Terms,
    /// The client's token: the same again is the same order. Source: R-ORD-7.
    pub token: String,
    pub number: usize,
    pub month: Option<String>,
    pub name: String,
    pub service: Option<String>,
    /// The total that the client was quoted.
    pub quoted_minor: Option<i64>,
}

/// Places an order at the price of `quote`. Errors: `PriceChanged`. Source: R-ORD-1, R-ORD-2.
pub fn place(quote: &Quote, place: Placement, book: BookId, now: Timestamp) -> Result<Order, OrderError> {
    let total = quote.total.minor();
    match place.quoted_minor {
        Some(quoted) if quoted != total => return Err(OrderError::PriceChanged { quoted, now: total }),
        _ => {}
    }
    let id = OrderId::named(now, &format!("{} {} {}", place.account, place.token, place.number));
    let piece = |number: u32| Piece {
        resource: ResourceId::named(now, &format!("{id} {number}")),
        total_minor: quote.piece.minor(),
        held: Purses::default(),
        state: PieceState::Waiting,
    };
    let expires = Timestamp::from_second(now.as_second() + TIME_OUT_SECONDS).unwrap_or(Timestamp::MAX);
    Ok(Order {
        id,
        account: place.account,
        group: place.token,
        action: Action::New,
        product: quote.product.clone(),
        options: quote.options.clone(),
        months: quote.months,
        month: place.month,
        name: place.name,
        service: place.service,
        book,
        terms: place.terms,
        state: State::Unpaid,
        created: now,
        expires,
        list_minor: quote.list.minor(),
        total_minor: total,
        freeze_minor: quote.freeze.minor(),
        pieces: (0..quote.quantity).map(piece).collect(),
    })
}

/// Pays an order by freezing its total; each piece gets its share. Returns what each resource holds
/// for its opening freeze.
///
/// Errors: `Refused`, `TimedOut`, `BalanceInsufficient`; then nothing moved.
/// Source: R-PAY-3, R-PAY-4, R-FRZ-1, R-MON-7.
pub fn pay(
    order: Order,
    till: &mut Till,
    now: Timestamp,
) -> Result<(Order, Vec<(ResourceId, Purses)>), OrderError> {
    let state = order.state.on(Event::Pay)?;
    if now >= order.expires {
        return Err(OrderError::TimedOut(order.expires));
    }
    let count = i64::try_from(order.pieces.len()).unwrap_or(i64::MAX);
    let freezes = order.freeze_minor.checked_mul(count).ok_or(MoneyError::Overflow)?;
    let needed = order.total_minor.checked_add(freezes).ok_or(MoneyError::Overflow)?;
    let available = till.wallet.available();
    if needed > available && needed > 0 {
        return Err(Insufficient { available, needed }.into());
    }
    let held = till.freeze(order.total_minor, Reason::OrderFrozen(order.id))?;
    let mut pieces = order.pieces.clone();
    share(held, &mut pieces);
    let mut opening = Vec::new();
    for piece in &pieces {
        if order.freeze_minor > 0 {
            let reason = Reason::Freeze(FreezeId::named(now, &format!("open {}", piece.resource)));
            opening.push((piece.resource, till.freeze(order.freeze_minor, reason)?));
        }
    }
    Ok((Order { state: state.on(Event::StartDelivery)?, pieces, ..order }, opening))
}

/// Shares of the pieces in what was frozen, kind by kind. Source: R-PAY-3, R-MON-7.
fn share(held: Purses, pieces: &mut [Piece]) {
    let weights = |rest: &[i64]| rest.iter().map(|it| it.unsigned_abs()).collect::<Vec<u64>>();
    let mut rest: Vec<i64> = pieces.iter().map(|it| it.total_minor).collect();
    let bonus = units::money::split(held.bonus, &weights(&rest));
    rest.iter_mut().zip(&bonus).for_each(|(rest, bonus)| *rest -= bonus);
    let cash = units::money::split(held.cash, &weights(&rest));
    for (at, piece) in pieces.iter_mut().enumerate() {
        piece.held = Purses { bonus: bonus[at], cash: cash[at], income: rest[at] - cash[at] };
    }
}

/// One piece came: its share is deducted, and billed when there is anything to bill.
///
/// `to` is the deadline, where there is one. Errors: `PriceChanged` when `quote` is not what was paid. Source: R-PAY-3.
pub fn deliver(
    order: Order,
    resource: ResourceId,
    quote: &Quote,
    till: &mut Till,
    (from, to): (Timestamp, Timestamp),
) -> Result<(Order, Option<Bill<'static>>), OrderError> {
    let (order, held, total) = settle_piece(order, resource, PieceState::Delivered)?;
    if quote.lines.is_empty() {
        return Ok((order, None));
    }
    let cycle = Cycle { kind: CycleKind::Month, from, to };
    let kind = if quote.months == 0 { Kind::PackPurchase } else { Kind::PrepaidNew };
    let id: BillId = bill::id(order.account, kind, &Cycle { to: from, ..cycle }, resource.bits());
    let mut lines = quote.lines.clone();
    for line in &mut lines {
        (line.from, line.to) = (from.as_second(), to.as_second());
    }
    let (amount_e8, sum) = Bill::sum(&lines, quote.piece.currency())?;
    if sum.minor() != total {
        // What is held was frozen for another price: nothing is billed by it.
        return Err(OrderError::PriceChanged { quoted: total, now: sum.minor() });
    }
    till.capture(held, id);
    let bill = Bill {
        id,
        account: order.account,
        kind,
        product: Cow::Owned(order.product.clone()),
        region: Cow::Owned(quote.options.get("region").unwrap_or("").to_string()),
        resource: Some(resource),
        spec: Cow::Borrowed(""),
        order: Some(order.id),
        from,
        to,
        posted: from,
        watermark: from,
        original: None,
        currency: quote.piece.currency(),
        amount_e8,
        total_minor: sum.minor(),
        paid: Paid { purses: held, owed: 0 },
        lines,
    };
    Ok((order, Some(bill)))
}

/// One piece will not come: its share is free again. Source: R-PRV-2.
pub fn fail(order: Order, resource: ResourceId, till: &mut Till) -> Result<Order, OrderError> {
    let (order, held, _) = settle_piece(order, resource, PieceState::Failed)?;
    till.release(held, Reason::OrderReleased(order.id, resource), resource.bits());
    Ok(order)
}

fn settle_piece(
    mut order: Order,
    resource: ResourceId,
    state: PieceState,
) -> Result<(Order, Purses, i64), OrderError> {
    let event = if state == PieceState::Delivered { Event::Deliver } else { Event::FailDelivery };
    let refused = OrderError::Refused { state: order.state, event };
    if order.state != State::Delivering {
        return Err(refused);
    }
    let piece = order.pieces.iter_mut().find(|it| it.resource == resource && it.state == PieceState::Waiting);
    let Some(piece) = piece else { return Err(refused) };
    piece.state = state;
    let (held, total) = (std::mem::take(&mut piece.held), piece.total_minor);
    let waiting = order.pieces.iter().any(|it| it.state == PieceState::Waiting);
    let any = order.pieces.iter().any(|it| it.state == PieceState::Delivered);
    if !waiting {
        order.state = order.state.on(if any { Event::Deliver } else { Event::FailDelivery })?;
    }
    Ok((order, held, total))
}

impl Order {
    /// Whether its pieces become packs: they alone are paid with the order and not by the month.
    pub fn is_pack(&self) -> bool {
        self.month.is_some() || (self.months == 0 && self.list_minor > 0)
    }

    /// How a finished order came out: some pieces may have failed. Source: section 20 (R-PAY-3).
    pub fn result(&self) -> &'static str {
        let count = |state| self.pieces.iter().filter(|it| it.state == state).count();
        match (count(PieceState::Waiting), count(PieceState::Delivered), count(PieceState::Failed)) {
            (0, 0, _) => "failed",
            (0, _, 0) => "complete",
            (0, _, _) => "partial",
            _ => "open",
        }
    }
}

#[cfg(test)]
mod tests;
