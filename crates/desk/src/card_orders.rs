//! Orders that a card pays for: what becomes of them with each step of their payment.
//!
//! In:  a payment and what the gateway said of it. Out: its orders after that, with money, bills and what follows.
//! Invariant: all orders of a purchase take a step together; what the card paid comes in and is deducted in one transaction.
//! Rules: R-PAY-2, R-PAY-3, R-ORD-3, R-ORD-6, R-PRV-2.

use super::act::Act;
use super::fulfil::Subjects;
use super::sheet::Moved;
use super::{At, Refusal, after, events, facts, freezes, letters, packs, purchases, quotes};
use billing::by_card::{self, Share};
use billing::event::EventKind;
use billing::order::{self, Action, Delivery, Order, PieceState};
use billing::passbook::Passbook;
use billing::payment::Payment;
use billing::payment::limits::Limits;
use billing::payment::split::{self, Means};
use billing::purchase;
use billing::quote::Becomes;
use billing::wallet::Purse;
use providers::cards::limits;
use store::accounts::Held;
use store::orders::StoredOrder;
use store::{StoreError, Tx, ledger, orders};
use units::{Money, MoneyError, TransferId};

/// What a card pays of a purchase. Errors: arrears, `PriceChanged`, `Overflow`. Source: R-PAY-2, R-ARR-2.
pub fn share(at: At<'_>, held: &Held, batch: &[StoredOrder], means: Means) -> Result<Money, Refusal> {
    let wallet = &held.wallet.wallet;
    if batch.iter().any(|it| !it.order.action.goes_in_arrears()) {
        purchase::solvent(wallet)?;
    }
    for it in batch {
        purchase::unchanged(at.book_of(held.account.id, held.account.currency)?, &it.order)?;
    }
    Ok(part(batch.iter().map(|it| &it.order), wallet.own(), means)?)
}

/// What a card pays of these orders with so much available: what it does not charge exactly, the balance pays. Errors: `Overflow`.
pub fn part<'a>(
    orders: impl Iterator<Item = &'a Order> + Clone,
    available: Money,
    means: Means,
) -> Result<Money, MoneyError> {
    let currency = available.currency();
    let limits = limits(currency);
    let dues = orders.clone().map(Order::due).collect::<Result<Vec<Money>, MoneyError>>()?;
    let total = Money::sum(dues, currency)?;
    let room = orders.map(|it| room(it, limits)).collect::<Result<Vec<_>, _>>()?;
    let card = split::of_card(total, available, means)?;
    limits.up(card)?.checked_min(Money::sum(room, currency)?)
}

/// What a card can pay of an order at most: of each of its pieces what the gateway charges.
fn room(order: &Order, limits: Limits) -> Result<Money, MoneyError> {
    split::room(&by_card::dues(order)?, limits)
}

/// Freezes what the balance pays of a purchase; its orders wait for the card, which pays `share`.
pub(super) fn submit(
    tx: &mut Tx<'_>,
    at: At<'_>,
    held: Held,
    batch: Vec<StoredOrder>,
    share: Share,
) -> Result<(), Refusal> {
    let mut passbook = Passbook::new(held.wallet.wallet, at.now);
    let mut act = Act::on(tx, at, [held.account.id])?;
    let limits = limits(held.account.currency);
    let room = batch.iter().map(|it| room(&it.order, limits)).collect::<Result<Vec<_>, _>>()?;
    for (read, amount) in batch.into_iter().zip(split::shares(share.amount, &room, share.step)) {
        let order = by_card::submit(read.order, Share { amount, ..share }, &mut passbook, at.now)?;
        act.sheet.changed.push((order, read.version));
    }
    act.sheet.moved.push(Moved { held, passbook });
    after::finish(tx, act)
}

/// A purchase under way: its orders, the wallet that is held for it, and what is decided of both.
struct Purchase<'a> {
    act: Act<'a>,
    orders: Vec<StoredOrder>,
    held: Held,
    passbook: Passbook,
}

impl<'a> Purchase<'a> {
    fn of(
        tx: &mut Tx<'_>,
        at: At<'a>,
        payment: &Payment,
        state: order::State,
    ) -> Result<Purchase<'a>, Refusal> {
        let held = freezes::held(tx, payment.account)?;
        let passbook = Passbook::new(held.wallet.wallet, at.now);
        let mut orders = orders::of_batch(tx, payment.account, &payment.group)?;
        orders.retain(|it| it.order.state == state);
        Ok(Purchase { act: Act::on(tx, at, [payment.account])?, orders, held, passbook })
    }

    fn finish(mut self, tx: &mut Tx<'_>) -> Result<(), Refusal> {
        if self.held.has_packs {
            self.act.sheet.owners.insert(self.held.account.id);
        }
        self.act.sheet.moved.push(Moved { held: self.held, passbook: self.passbook });
        after::finish(tx, self.act)
    }
}

/// The bank keeps the sum: the orders are paid, and handed over. Source: R-PAY-2, R-PRV-1.
pub(super) fn authorised(tx: &mut Tx<'_>, at: At<'_>, payment: &Payment) -> Result<(), Refusal> {
    let mut purchase = Purchase::of(tx, at, payment, order::State::Paying)?;
    let currency = purchase.held.account.currency;
    let subjects = Subjects::of(tx, purchase.orders.iter().map(|it| &it.order))?;
    for read in std::mem::take(&mut purchase.orders) {
        let order = by_card::authorised(read.order)?;
        // It was released before the bank agreed, or is not what it was: nothing of it is charged.
        if order.subject().is_some() && !subjects.is_there(&order, at.now) {
            let order = failed(order, &mut purchase.passbook)?;
            note(&mut purchase, order, read.version);
            continue;
        }
        let act = &mut purchase.act;
        let order = match order.comes_when_paid() {
            true => order,
            false => purchases::hand_over(act, &purchase.held.account, order)?,
        };
        act.sheet.news.extend(act.ears.order(EventKind::OrderPaid, &order, currency));
        act.sheet.changed.push((order, read.version));
    }
    purchase.finish(tx)
}

/// The card does not pay: what was frozen is free, and the orders are unpaid again. Source: R-PAY-2.
pub(super) fn declined(tx: &mut Tx<'_>, at: At<'_>, payment: &Payment) -> Result<(), Refusal> {
    let mut purchase = Purchase::of(tx, at, payment, order::State::Paying)?;
    for read in std::mem::take(&mut purchase.orders) {
        let order = by_card::declined(read.order, payment.id, &mut purchase.passbook)?;
        purchase.act.sheet.changed.push((order, read.version));
    }
    purchase.finish(tx)
}

/// The card was charged: that comes in, and pays for what came, in one transaction. Source: R-PAY-2, R-PAY-3.
pub(super) fn captured(tx: &mut Tx<'_>, at: At<'_>, payment: &Payment) -> Result<(), Refusal> {
    let mut purchase = Purchase::of(tx, at, payment, order::State::Delivering)?;
    let reference = payment.reference();
    let paid = ledger::TopUp { reference, purse: Purse::Cash, money: payment.taken, at: at.now };
    if ledger::top_up(tx, payment.account, &paid)? == ledger::Reported::Again {
        return Err(StoreError::Differs(format!("payment {}", payment.id)).into());
    }
    let name = TransferId::named(at.now, &format!("{} {}", payment.account, paid.reference)).bits();
    purchase.passbook.card_paid(payment.taken, name)?;
    let mut subjects = Subjects::of(tx, purchase.orders.iter().map(|it| &it.order))?;
    for read in std::mem::take(&mut purchase.orders) {
        let order = by_card::funded(read.order)?;
        let Purchase { act, passbook, held, .. } = &mut purchase;
        let order = match (order.action, order.becomes) {
            (Action::Renew | Action::Upgrade | Action::Convert | Action::Downgrade, _)
                if subjects.is_there(&order, at.now) =>
            {
                subjects.deliver(act, order, &held.account, passbook)?
            }
            // It was released while the card was charged, or is not what it was: the money is the customer's.
            (Action::Renew | Action::Upgrade | Action::Convert | Action::Downgrade, _) => {
                failed(order, passbook)?
            }
            (Action::New, Becomes::Pack) => packs::deliver(act, order, passbook)?,
            (Action::New, Becomes::Resource) => billed(tx, &mut purchase, order, order::deliver)?,
        };
        purchase.act.sheet.letters.extend(letters::paid(at, &order));
        note(&mut purchase, order, read.version);
    }
    let news = events::topped_up(purchase.passbook.wallet(), payment.taken, &paid.reference);
    purchase.act.sheet.news.push(news);
    purchase.finish(tx)?;
    facts::note(tx, &[facts::Fact::top_up(payment.account, &paid)], at.now)
}

/// The bank did not keep the sum: the wallet pays for what came, and owes what it cannot. Packs do not come, and
/// nothing is renewed or changed.
pub(super) fn lost(tx: &mut Tx<'_>, at: At<'_>, payment: &Payment) -> Result<(), Refusal> {
    let mut purchase = Purchase::of(tx, at, payment, order::State::Delivering)?;
    for read in std::mem::take(&mut purchase.orders) {
        let order = match read.order.comes_when_paid() {
            true => failed(read.order, &mut purchase.passbook)?,
            false => billed(tx, &mut purchase, read.order, by_card::owed)?,
        };
        note(&mut purchase, order, read.version);
    }
    purchase.finish(tx)
}

/// No piece of an order comes: what was held for them is free.
fn failed(order: Order, passbook: &mut Passbook) -> Result<Order, order::OrderError> {
    let pieces: Vec<_> = order.pieces.iter().map(|it| it.resource).collect();
    pieces.into_iter().try_fold(order, |order, piece| order::fail(order, piece, passbook))
}

type Billing = fn(
    Order,
    Delivery,
    &billing::quote::Quote,
    &mut Passbook,
) -> Result<(Order, Option<billing::bill::Bill<'static>>), order::OrderError>;

/// Bills every piece that came, from when it came.
fn billed(
    tx: &mut Tx<'_>,
    purchase: &mut Purchase<'_>,
    order: Order,
    bill: Billing,
) -> Result<Order, Refusal> {
    let at = purchase.act.at;
    let quote = quotes::of_order(at.desk, &order)?;
    let arrived = order.pieces.iter().filter(|it| it.state == PieceState::Arrived);
    let keys: Vec<_> = arrived.map(|it| (order.account, it.resource)).collect();
    let mut order = order;
    for found in store::resources::get_all(tx, &keys)? {
        let resource = found.resource;
        let from = resource.delivered.unwrap_or(at.now);
        let delivery = Delivery { piece: resource.id, from, to: resource.deadline.unwrap_or(from), at: from };
        let (after, made) = bill(order, delivery, &quote, &mut purchase.passbook)?;
        order = after;
        purchase.act.sheet.news.extend(made.as_ref().and_then(|it| purchase.act.ears.bought(it)));
        purchase.act.sheet.bills.extend(made);
    }
    Ok(order)
}

/// Notes an order that came out, and tells it, by mail too.
fn note(purchase: &mut Purchase<'_>, order: Order, version: i64) {
    let currency = purchase.held.account.currency;
    let Purchase { act, .. } = purchase;
    act.sheet.letters.extend(letters::ended(act.at, &order));
    act.sheet.news.extend(act.ears.order_ended(&order, currency));
    act.sheet.changed.push((order, version));
}
