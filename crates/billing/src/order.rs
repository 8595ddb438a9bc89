//! Orders: placed from a quote, paid by freezing, delivered by deducting.
//!
//! In:  quotes, passbooks, outcomes of delivery. Out: the order after it, money moved, bills.
//! Invariant: money never waits on an order: it is frozen, deducted or free; the pieces sum to the total.
//! Rules: R-ORD-1 to R-ORD-9, R-PAY-3 to R-PAY-5, R-PRV-2, section 20.

use crate::bill::{Bill, Kind, Line, Title};
use crate::options::Options;
use crate::passbook::{FreezeError, Insufficient, Passbook, Reason};
use crate::quote::{Agreed, Becomes, Offered, Quote, Wish};
use crate::rate::Terms;
use crate::resource::raise::Days;
use crate::wallet::{Freeze, Paid, Purses};
use std::borrow::Cow;
use units::calendar::{CalendarError, seconds_after};
use units::{
    AccountId, BookId, Currency, Cycle, CycleKind, FreezeId, Money, MoneyError, OrderId, ResourceId,
    Timestamp,
};

pub mod open;
mod outcome;
pub mod standing;
pub(crate) mod states;

pub use outcome::Outcome;
pub use states::{Event, PieceState, State, StepError};

/// What an order does. A refund is no order, but what becomes of orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    New,
    /// Pays for something that is there for longer. Source: R-REN-1.
    Renew,
    /// Pays for other options of something prepaid for the time that is left. Source: R-CHG-1.
    Upgrade,
    /// Pays ahead for something that was paid by use. Source: R-CNV-1.
    Convert,
    /// Gives something prepaid other options that cost less for the time that is left; what goes back is on its bill. Source: R-CHG-3.
    Downgrade,
}

impl Action {
    pub const ALL: [Action; 5] =
        [Action::New, Action::Renew, Action::Upgrade, Action::Convert, Action::Downgrade];
    /// Those that something is paid for: a downgrade takes nothing.
    pub const PAID: [Action; 4] = [Action::New, Action::Renew, Action::Upgrade, Action::Convert];

    pub const fn as_str(self) -> &'static str {
        match self {
            Action::New => "new",
            Action::Renew => "renew",
            Action::Upgrade => "upgrade",
            Action::Convert => "convert",
            Action::Downgrade => "downgrade",
        }
    }

    pub fn parse(text: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Whether its resource has other options once it is paid: what is held for it follows them. Source: R-CHG-1, R-CNV-1.
    pub const fn changes_options(self) -> bool {
        match self {
            Action::Upgrade | Action::Convert | Action::Downgrade => true,
            Action::New | Action::Renew => false,
        }
    }

    /// Whether it is done in arrears too. Source: section 20 (R-ARR-2).
    pub const fn goes_in_arrears(self) -> bool {
        match self {
            Action::Renew => true,
            Action::New | Action::Upgrade | Action::Convert | Action::Downgrade => false,
        }
    }
}

/// One piece: what it costs and what is frozen for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub resource: ResourceId,
    pub total: Money,
    /// What of it vouchers pay: it was chosen once, and stays written whatever becomes of it. Source: R-VOU-4.
    pub voucher: Money,
    /// What of it a card pays; `held` is the rest. Source: R-PAY-2.
    pub card: Money,
    pub held: Purses,
    pub state: PieceState,
}

impl Piece {
    /// What of a piece that is paid and not delivered yet neither vouchers, a card nor money pay: it is owed once it is delivered.
    ///
    /// Errors: `Overflow`. Source: R-ARR-9.
    pub fn on_credit(&self) -> Result<Money, MoneyError> {
        self.total.checked_sub(self.voucher)?.checked_sub(self.card)?.checked_sub(self.held.total())
    }
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
    /// Where something is changed, the options that it had before.
    pub had: Option<Options>,
    pub months: u32,
    /// Days beyond the months, up to the account's fixed day; of a change, those up to the deadline. Source: R-PRE-3, R-TIM-7.
    pub days: u32,
    /// The days that something is raised for, where it is not for all that are left. Source: R-NET-3.
    pub raise: Option<Days>,
    /// The month that a pack is to begin in, such as `2026-08`.
    pub month: Option<String>,
    pub name: String,
    pub service: Option<String>,
    pub book: BookId,
    /// Those of the account when it was placed: every later look at its price uses them.
    pub terms: Terms,
    /// By which offer it is priced; its book is that of the offer.
    pub offered: Option<Offered>,
    /// What each piece becomes.
    pub becomes: Becomes,
    pub state: State,
    pub created: Timestamp,
    pub expires: Timestamp,
    pub list: Money,
    pub total: Money,
    /// The opening freeze of one piece.
    pub freeze: Money,
    pub pieces: Vec<Piece>,
}

/// Why an order was not placed or did not change. Each is a different answer to the customer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    #[error(transparent)]
    Refused(#[from] StepError),
    #[error("{0}; top up or buy less")]
    BalanceInsufficient(#[from] Insufficient),
    #[error("the price is {now}, and was {quoted} when it was quoted or ordered; ask for a new quote")]
    PriceChanged { quoted: Money, now: Money },
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
    #[error("it holds money while it runs, which no card can do; top up by card and pay out of the balance")]
    HoldsNeedBalance,
    #[error(transparent)]
    Money(#[from] MoneyError),
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

impl From<FreezeError> for OrderError {
    fn from(error: FreezeError) -> OrderError {
        match error {
            FreezeError::Insufficient(error) => error.into(),
            FreezeError::Money(error) => error.into(),
        }
    }
}

/// Hours in which a new order may be paid. Source: R-ORD-4.
pub const TIME_OUT_SECONDS: u64 = 24 * 3600;

/// One item of a purchase: what, and the words that go with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    pub wish: Wish,
    /// The month that a pack is to begin in.
    pub month: Option<String>,
    pub name: String,
    pub service: Option<String>,
    /// The total that the client was quoted.
    pub quoted_minor: Option<i64>,
    /// By which offer it is priced. Nobody sends it: it comes with an offer that is accepted.
    pub offered: Option<Offered>,
}

/// Where an order is going, and the item that it is made of.
#[derive(Clone, Copy, Debug)]
pub struct Placement<'a> {
    pub account: AccountId,
    /// What the quote was made with.
    pub terms: Terms,
    /// The client's token: the same again is the same order. Source: R-ORD-7.
    pub token: &'a str,
    pub number: usize,
    pub item: &'a Item,
}

/// Places an order at the price of `quote`. Errors: `PriceChanged`. Source: R-ORD-1, R-ORD-2.
pub fn place(quote: &Quote, place: Placement<'_>, book: BookId, now: Timestamp) -> Result<Order, OrderError> {
    let item = place.item;
    match item.quoted_minor.map(|it| Money::from_minor(it, quote.total.currency())) {
        Some(quoted) if quoted.checked_cmp(quote.total)?.is_ne() => {
            return Err(OrderError::PriceChanged { quoted, now: quote.total });
        }
        _ => {}
    }
    let id = OrderId::named(now, &format!("{} {} {}", place.account, place.token, place.number));
    let piece = |number: u32| Piece {
        resource: ResourceId::named(now, &format!("{id} {number}")),
        total: quote.piece,
        voucher: Money::zero(quote.piece.currency()),
        card: Money::zero(quote.piece.currency()),
        held: Purses::none(quote.piece.currency()),
        state: PieceState::Waiting,
    };
    let order = Order {
        id,
        account: place.account,
        group: place.token.to_string(),
        action: Action::New,
        product: quote.product.clone(),
        options: quote.options.clone(),
        had: None,
        months: quote.months,
        days: quote.days,
        raise: None,
        month: item.month.clone(),
        name: item.name.clone(),
        service: item.service.clone(),
        book,
        terms: place.terms,
        offered: quote.offered,
        becomes: quote.becomes,
        state: State::Unpaid,
        created: now,
        expires: seconds_after(now, TIME_OUT_SECONDS)?,
        list: quote.list,
        total: quote.total,
        freeze: quote.freeze,
        pieces: (0..quote.quantity).map(piece).collect(),
    };
    assert!(order.is_sum_of_pieces(), "an order is the sum of its pieces");
    Ok(order)
}

/// Pays an order by freezing what vouchers do not pay of it; each piece gets its share. Returns the opening freezes of its resources.
///
/// Errors: `Refused`, `TimedOut`, `BalanceInsufficient`; then nothing moved.
/// Source: R-PAY-3, R-PAY-4, R-FRZ-1, R-MON-7.
pub fn pay(
    order: Order,
    passbook: &mut Passbook,
    now: Timestamp,
) -> Result<(Order, Vec<Freeze>), OrderError> {
    let state = order.state.on(Event::Pay)?;
    if now >= order.expires {
        return Err(OrderError::TimedOut(order.expires));
    }
    order.payable(passbook.wallet().available())?;
    let held = passbook.freeze(order.due()?, Reason::OrderFrozen(order.id))?;
    passbook.pledge(order.due()?.checked_sub(held.total())?)?;
    let pieces = with_shares(held, &order.pieces)?;
    let mut opening = Vec::new();
    for piece in &pieces {
        if order.freeze.is_positive() {
            let reason = Reason::Freeze(FreezeId::named(now, &format!("open {}", piece.resource)));
            let held = passbook.hold(order.freeze, reason)?;
            opening.push(Freeze { resource: piece.resource, target: order.freeze, held });
        }
    }
    debug_assert!(passbook.is_explained(), "the transfers explain the change of the wallet");
    Ok((Order { state: state.on(Event::StartDelivery)?, pieces, ..order }, opening))
}

/// The pieces with their shares in what was frozen, kind by kind: what of each neither vouchers nor a card pay.
///
/// Source: R-PAY-3, R-MON-7, section 20.
pub(crate) fn with_shares(held: Purses, pieces: &[Piece]) -> Result<Vec<Piece>, MoneyError> {
    let weights = |rest: &[Money]| rest.iter().map(|it| it.minor().unsigned_abs()).collect::<Vec<u64>>();
    let own = |it: &Piece| it.total.checked_sub(it.voucher)?.checked_sub(it.card);
    let mut rest = pieces.iter().map(own).collect::<Result<Vec<Money>, MoneyError>>()?;
    let bonus = held.bonus().split(&weights(&rest));
    for (rest, bonus) in rest.iter_mut().zip(&bonus) {
        *rest = rest.checked_sub(*bonus)?;
    }
    let cash = held.cash().split(&weights(&rest));
    for (rest, cash) in rest.iter_mut().zip(&cash) {
        *rest = rest.checked_sub(*cash)?;
    }
    let income = held.income().split(&weights(&rest));
    let mut shared = pieces.to_vec();
    for (at, piece) in shared.iter_mut().enumerate() {
        piece.held = Purses::new(bonus[at], cash[at], income[at])?;
        assert!(piece.held.is_sound(), "no piece is given more of a purse than there is");
    }
    Ok(shared)
}

/// A piece that came, and the time that it is billed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub piece: ResourceId,
    pub from: Timestamp,
    /// Its deadline; where there is none, as `from`.
    pub to: Timestamp,
    /// When it is deducted, and in which month it stands. Source: R-TIM-5.
    pub at: Timestamp,
}

/// One piece came: its share is deducted, and billed when there is anything to bill.
///
/// Errors: `PriceChanged` when `quote` is not what was paid. Source: R-PAY-3.
pub fn deliver(
    order: Order,
    delivery: Delivery,
    quote: &Quote,
    passbook: &mut Passbook,
) -> Result<(Order, Option<Bill<'static>>), OrderError> {
    let (order, piece) = with_piece(order, delivery.piece, PieceState::Delivered)?;
    if quote.lines.is_empty() {
        return Ok((order, None));
    }
    let bill = purchase_bill(&order, &delivery, quote)?;
    if bill.total != piece.total {
        // What is held was frozen for another price: nothing is billed by it.
        return Err(OrderError::PriceChanged { quoted: piece.total, now: bill.total });
    }
    let on_credit = piece.on_credit()?;
    passbook.capture(piece.held, bill.id)?;
    passbook.unpledge(on_credit)?;
    passbook.redeem(piece.voucher, Reason::OrderPaid(bill.id));
    let paid = Paid::new(piece.held, Money::zero(order.currency()))?;
    let paid = paid.checked_add(passbook.settle(on_credit, bill.id)?)?;
    debug_assert!(passbook.is_explained(), "the transfers explain the change of the wallet");
    let bill = Bill { paid, ..bill };
    assert_eq!(
        bill.vouchers(),
        piece.voucher,
        "what was frozen for a piece is what vouchers do not pay of it"
    );
    Ok((order, Some(bill)))
}

/// The bill of one piece, before it is paid. Its kind follows from what the piece becomes. Source: R-BIL-3.
pub(crate) fn purchase_bill(
    order: &Order,
    delivery: &Delivery,
    quote: &Quote,
) -> Result<Bill<'static>, MoneyError> {
    let Delivery { piece, from, to, at } = *delivery;
    let at_once = Cycle { kind: CycleKind::Month, from: at, to: at };
    // Something may be renewed or changed twice in one second.
    let (kind, subject) = match order.action {
        Action::New => (order.becomes.bill_kind(order.months), piece.bits()),
        Action::Renew => (Kind::PrepaidRenew, piece.bits() ^ order.id.bits()),
        Action::Upgrade | Action::Downgrade => (Kind::PrepaidChange, piece.bits() ^ order.id.bits()),
        Action::Convert => (order.becomes.bill_kind(order.months), piece.bits() ^ order.id.bits()),
    };
    let title = Title { account: order.account, kind, cycle: at_once, subject };
    let dated = |it: &Line<'static>| Line { from: from.as_second(), to: to.as_second(), ..it.clone() };
    let lines: Vec<Line<'static>> = quote.lines.iter().map(dated).collect();
    let (amount_e8, total) = Bill::sum(&lines, order.currency())?;
    Ok(Bill {
        product: Cow::Owned(order.product.clone()),
        region: Cow::Owned(quote.options.get("region").unwrap_or("").to_string()),
        resource: Some(piece),
        order: Some(order.id),
        to: to.max(at),
        amount_e8,
        total,
        lines,
        ..Bill::blank(&title, order.currency())
    })
}

/// One piece will not come: its share is free again. Source: R-PRV-2.
pub fn fail(order: Order, resource: ResourceId, passbook: &mut Passbook) -> Result<Order, OrderError> {
    let (order, piece) = with_piece(order, resource, PieceState::Failed)?;
    passbook.unpledge(piece.on_credit()?)?;
    passbook.release(piece.held, Reason::OrderReleased(order.id, resource), resource.bits())?;
    debug_assert!(passbook.is_explained(), "the transfers explain the change of the wallet");
    Ok(order)
}

/// The order with one piece in its last state and nothing held for it any more, and that piece as it was.
///
/// Errors: `Refused` for an order that is not being delivered, and for a piece that came out already.
pub(crate) fn with_piece(
    mut order: Order,
    resource: ResourceId,
    state: PieceState,
) -> Result<(Order, Piece), OrderError> {
    let event = if state == PieceState::Delivered { Event::Deliver } else { Event::FailDelivery };
    let refused = StepError { state: order.state, event };
    if order.state != State::Delivering {
        return Err(refused.into());
    }
    let none = Purses::none(order.currency());
    let mut open = order.pieces.iter_mut().filter(|it| it.state.is_open());
    let Some(piece) = open.find(|it| it.resource == resource) else { return Err(refused.into()) };
    let before = piece.clone();
    (piece.state, piece.held) = (state, none);
    let waiting = order.pieces.iter().any(|it| it.state.is_open());
    let came = |it: &Piece| matches!(it.state, PieceState::Delivered | PieceState::Refunded);
    let any = order.pieces.iter().any(came);
    if !waiting {
        order.state = order.state.on(if any { Event::Deliver } else { Event::FailDelivery })?;
        order.state = without_pieces(&order)?;
    }
    Ok((order, before))
}

/// The state of an order of which nothing that came is left: it is refunded.
fn without_pieces(order: &Order) -> Result<State, StepError> {
    let has = |state| order.pieces.iter().any(|it| it.state == state);
    let is_empty = has(PieceState::Refunded) && !has(PieceState::Delivered);
    if order.state == State::Delivered && is_empty { order.state.on(Event::Refund) } else { Ok(order.state) }
}

/// What of a piece was not used up was given back; the order is refunded with the last one that came.
///
/// Errors: `Refused` for a piece that did not come, or went back before. Source: R-ORD-3, R-REF-2.
pub fn refunded(mut order: Order, resource: ResourceId) -> Result<Order, OrderError> {
    let refused = StepError { state: order.state, event: Event::Refund };
    let came = |it: &&mut Piece| it.resource == resource && it.state == PieceState::Delivered;
    let piece = order.pieces.iter_mut().find(came).ok_or(refused)?;
    piece.state = PieceState::Refunded;
    order.state = without_pieces(&order)?;
    Ok(order)
}

impl Order {
    /// What the piece with this number is called, counted from 1: without a name it has none of its own either.
    pub fn piece_name(&self, number: usize) -> String {
        let is_numbered = !self.name.is_empty() && self.pieces.len() > 1;
        if is_numbered { format!("{}-{number}", self.name) } else { self.name.clone() }
    }

    /// What its price follows from, beside its book.
    pub const fn agreed(&self) -> Agreed {
        Agreed { terms: self.terms, offered: self.offered, days: self.days }
    }

    pub const fn currency(&self) -> Currency {
        self.total.currency()
    }

    /// Whether its pieces come as soon as they are paid for, and no cloud is waited for.
    pub const fn comes_when_paid(&self) -> bool {
        match self.action {
            Action::Renew | Action::Upgrade | Action::Convert | Action::Downgrade => true,
            Action::New => matches!(self.becomes, Becomes::Pack),
        }
    }

    /// Whether so much suffices to pay it; nothing is needed for what costs nothing. Errors: `BalanceInsufficient`. Source: R-PAY-3.
    pub fn payable(&self, available: Money) -> Result<(), OrderError> {
        let needed = self.due()?.checked_add(self.freezes()?)?;
        match needed.checked_cmp(available)?.is_gt() && needed.is_positive() {
            true => Err(Insufficient { available, needed }.into()),
            false => Ok(()),
        }
    }

    /// What vouchers pay of it. Errors: `Overflow`.
    pub fn vouchers(&self) -> Result<Money, MoneyError> {
        Money::sum(self.pieces.iter().map(|it| it.voucher), self.currency())
    }

    /// What money pays of it: the rest. Errors: `Overflow`. Source: R-PAY-1.
    pub fn due(&self) -> Result<Money, MoneyError> {
        self.total.checked_sub(self.vouchers()?)
    }

    /// The opening freezes of all pieces together. Errors: `Overflow`.
    pub fn freezes(&self) -> Result<Money, MoneyError> {
        let pieces = u32::try_from(self.pieces.len()).map_err(|_| MoneyError::Overflow)?;
        self.freeze.checked_mul(pieces)
    }

    /// Whether a card pays for this piece, or for a part of it.
    pub fn pays_by_card(&self, piece: ResourceId) -> bool {
        self.pieces.iter().any(|it| it.resource == piece && it.card.is_positive())
    }

    fn is_sum_of_pieces(&self) -> bool {
        Money::sum(self.pieces.iter().map(|it| it.total), self.currency()) == Ok(self.total)
    }
}

#[cfg(test)]
mod tests;
