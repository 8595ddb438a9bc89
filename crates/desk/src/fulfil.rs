//! Orders about what is there already, renewals, changes and conversions: placed, paid all or none, and done to their resources at once.
//!
//! In:  orders of one account under one token. Out: the orders, paid or waiting; resources as they are then, bills, news.
//! Invariant: all are frozen before any is deducted; what cannot be done to its resource any more is not paid for.
//! Rules: R-REN-1, R-CHG-1, R-CNV-1, R-ORD-4 to R-ORD-7, R-ARR-2, section 20 of the rules.

use super::act::Act;
use super::purchases::Pay;
use super::sheet::{Moved, VoucherRows};
use super::voucher_holds::Choosing;
use super::{At, Refusal, after, freezes, letters, steps, voucher_holds};
use billing::account::Account;
use billing::event::EventKind;
use billing::life::Standing;
use billing::order::{self, Action, Delivery, Order};
use billing::passbook::Passbook;
use billing::plan::PlanError;
use billing::purchase;
use billing::quote;
use billing::renewal::{self, Payment, RenewalError};
use billing::resource::{MeterEvent, Resource};
use billing::voucher::choose::Choice;
use billing::wallet::Freeze;
use billing::{change, conversion};
use std::collections::BTreeMap;
use store::accounts::Held;
use store::orders::{NewOrder, StoredOrder};
use store::resources::StoredResource;
use store::{StoreError, Tx, ledger, resources};
use units::{ResourceId, Timestamp};

/// An order, and the row that it is to be written to.
pub(super) struct Lot {
    pub order: Order,
    pub row: Row,
}

pub(super) enum Row {
    New { number: i64, asked: String },
    Read { version: i64 },
}

/// Notes an order in its row. Gives it.
pub(super) fn noted(act: &mut Act<'_>, lot: Lot) -> Order {
    match lot.row {
        Row::New { number, asked } => {
            act.sheet.placed.push(NewOrder { order: lot.order.clone(), number, asked });
        }
        Row::Read { version } => act.sheet.changed.push((lot.order.clone(), version)),
    }
    lot.order
}

/// Orders that are to be placed together, whether they are paid at once, and which vouchers pay for them.
pub(super) struct Placing<'a> {
    pub lots: Vec<Lot>,
    pub pay: Pay,
    pub vouchers: Choice<'a>,
}

/// Places orders, and pays them if it says so. Errors: vouchers that do not pay for them; with `Pay::Now` what a payment refuses.
pub(super) fn place(tx: &mut Tx<'_>, at: At<'_>, held: Held, of: Placing<'_>) -> Result<Vec<Order>, Refusal> {
    let mut act = Act::on(tx, at, [held.account.id])?;
    let Placing { lots, pay, vouchers } = of;
    let (rows, mut orders): (Vec<Row>, Vec<Order>) = lots.into_iter().map(|it| (it.row, it.order)).unzip();
    let page = with_vouchers(tx, at, &held.account, vouchers, &mut orders)?;
    act.sheet.vouchers.append(page);
    let lots: Vec<Lot> = orders.into_iter().zip(rows).map(|(order, row)| Lot { order, row }).collect();
    let currency = held.account.currency;
    let placed = lots.iter().filter_map(|it| act.ears.order(EventKind::OrderPlaced, &it.order, currency));
    let placed: Vec<_> = placed.collect();
    act.sheet.news.extend(placed);
    let done = match pay {
        Pay::Now => paid(tx, &mut act, held, lots)?,
        Pay::Later => lots.into_iter().map(|it| noted(&mut act, it)).collect(),
    };
    after::finish(tx, act)?;
    Ok(done)
}

/// What vouchers of an account pay of orders that are placed, which say so from here on. Errors: what refuses a choice.
pub(super) fn with_vouchers(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: &Account,
    choice: Choice<'_>,
    orders: &mut [Order],
) -> Result<VoucherRows, Refusal> {
    let drawer =
        voucher_holds::read(tx, &[(account.id, choice)], at.now)?.remove(&account.id).unwrap_or_default();
    voucher_holds::hold(at, Choosing { account, choice, drawer }, orders)
}

/// What was asked for under a token that was used before.
pub(super) struct Again<'a> {
    pub token: &'a str,
    pub asked: Vec<String>,
    pub pay: Pay,
}

/// The orders that were placed under the same token, paid now if they were not. Errors: `TokenReused`. Source: R-ORD-7.
pub(super) fn again(
    tx: &mut Tx<'_>,
    at: At<'_>,
    of: Again<'_>,
    held: Held,
    before: Vec<StoredOrder>,
) -> Result<Vec<Order>, Refusal> {
    if !of.asked.iter().eq(before.iter().map(|it| &it.asked)) {
        return Err(Refusal::TokenReused(of.token.to_string()));
    }
    let was_paid = before.iter().all(|it| it.order.state.was_paid());
    if of.pay == Pay::Later || was_paid {
        return Ok(before.into_iter().map(|it| it.order).collect());
    }
    pay(tx, at, held, before)
}

/// Pays orders that were placed, all or none.
///
/// Errors: arrears, `PriceChanged`, state, `BalanceInsufficient`; a resource that is gone. Source: R-REN-1, R-CHG-1, R-ORD-6.
pub(super) fn pay(
    tx: &mut Tx<'_>,
    at: At<'_>,
    held: Held,
    batch: Vec<StoredOrder>,
) -> Result<Vec<Order>, Refusal> {
    let mut act = Act::on(tx, at, [held.account.id])?;
    let lot = |it: StoredOrder| Lot { order: it.order, row: Row::Read { version: it.version } };
    let done = paid(tx, &mut act, held, batch.into_iter().map(lot).collect())?;
    after::finish(tx, act)?;
    Ok(done)
}

/// Pays orders out of the wallet and does to their resources what they are for.
pub(super) fn paid(
    tx: &mut Tx<'_>,
    act: &mut Act<'_>,
    held: Held,
    lots: Vec<Lot>,
) -> Result<Vec<Order>, Refusal> {
    let at = act.at;
    if lots.iter().any(|it| !it.order.action.goes_in_arrears()) {
        purchase::solvent(&held.wallet.wallet)?;
    }
    let mut subjects = Subjects::of(tx, lots.iter().map(|it| &it.order))?;
    let mut passbook = Passbook::new(held.wallet.wallet, at.now);
    let mut done = Vec::with_capacity(lots.len());
    // All are frozen before any is deducted: what one takes is not there for the next.
    for lot in lots {
        purchase::unchanged(at.book_of(held.account.id, held.account.currency)?, &lot.order)?;
        let (order, _) = order::pay(lot.order, &mut passbook, at.now)?;
        done.push(Lot { order, ..lot });
    }
    let mut orders = Vec::with_capacity(done.len());
    for lot in done {
        let order = subjects.deliver(act, lot.order, &held.account, &mut passbook)?;
        act.sheet.letters.extend(letters::paid(at, &order));
        act.sheet.news.extend(act.ears.order(EventKind::OrderPaid, &order, held.account.currency));
        act.sheet.news.extend(act.ears.order_ended(&order, held.account.currency));
        orders.push(noted(act, Lot { order, row: lot.row }));
    }
    act.sheet.moved.push(Moved { held, passbook });
    Ok(orders)
}

/// Resources that orders are about, as they were read, and what is held for those that are changed.
pub(super) struct Subjects {
    found: BTreeMap<ResourceId, StoredResource>,
    freezes: BTreeMap<ResourceId, Freeze>,
}

/// What an order makes of its resource, and the time that it pays for.
struct Made {
    resource: Resource,
    /// `None` where nothing of it is another yet. Source: R-NET-3.
    metered: Option<MeterEvent>,
    from: Timestamp,
    to: Timestamp,
}

impl Subjects {
    pub(super) fn of<'a>(
        tx: &mut Tx<'_>,
        orders: impl Iterator<Item = &'a Order>,
    ) -> Result<Subjects, Refusal> {
        let (mut keys, mut freezes) = (Vec::new(), BTreeMap::new());
        for (order, id) in orders.filter_map(|it| Some((it, it.subject()?))) {
            keys.push((order.account, id));
            // Changes and conversions come one by one.
            if order.action.changes_options() {
                freezes.extend(ledger::freeze(tx, order.account, id)?.map(|it| (id, it)));
            }
        }
        let found = resources::get_all(tx, &keys)?;
        Ok(Subjects { found: found.into_iter().map(|it| (it.resource.id, it)).collect(), freezes })
    }

    /// Whether what an order is for can still be done to its resource.
    pub(super) fn is_there(&self, order: &Order, now: Timestamp) -> bool {
        let found = order.subject().and_then(|it| self.found.get(&it));
        found.is_some_and(|it| match order.action {
            Action::New | Action::Downgrade => false,
            Action::Renew => renewal::state_after(&it.resource).is_ok(),
            Action::Upgrade => match order.raise {
                Some(days) => change::raised(it.resource.clone(), order, days, now).is_ok(),
                None => change::changed(it.resource.clone(), order, now).is_ok(),
            },
            Action::Convert => conversion::is_as_ordered(&it.resource, order).is_ok(),
        })
    }

    /// An order that is paid: its resource lives longer, and runs where it was cut off at its deadline; or it is another.
    pub(super) fn deliver(
        &mut self,
        act: &mut Act<'_>,
        order: Order,
        account: &Account,
        passbook: &mut Passbook,
    ) -> Result<Order, Refusal> {
        let at = act.at;
        let found = order.subject().and_then(|it| self.found.remove(&it));
        let read = found.ok_or_else(|| StoreError::NotFound(format!("what order {} is about", order.id)))?;
        let book = at.desk.books.get(order.book).ok_or(PlanError::NoBook(order.currency(), order.created))?;
        let quote = purchase::requoted(book, &order)?;

        let made = made(at, &order, &read.resource, account)?;
        let delivery = Delivery { piece: made.resource.id, from: made.from, to: made.to, at: at.now };
        let (order, bill) = order::deliver(order, delivery, &quote, passbook)?;
        if order.action.changes_options() && order.raise.is_none() {
            let target = quote::held(book, &order.product, &order.options)?;
            let (resource, version) = (made.resource.id, read.version);
            let wanted = freezes::Wanted { account: account.id, resource, target, version };
            freezes::retake(act, passbook, wanted, self.freezes.remove(&made.resource.id))?;
        }

        let balance = passbook.wallet().standing();
        let standing = Standing { arrears_since: account.arrears_since, balance };
        let due = steps::due(at, &made.resource, standing)?;
        let resource = steps::with_renewal_due(at, Resource { due, ..made.resource })?;
        act.sheet.lives.dues.extend(steps::dues(at, &resource)?);
        act.sheet.news.extend(bill.as_ref().and_then(|it| act.ears.bought(it)));
        if let Some(metered) = made.metered {
            act.sheet.lives.meter(&resource, metered, read.version + 1);
            act.sheet.news.extend(act.ears.resource_stepped(&resource));
        }
        act.sheet.bills.extend(bill);
        steps::change(act, &read, resource);
        Ok(order)
    }
}

/// What becomes of a resource by an order that was paid.
fn made(at: At<'_>, order: &Order, old: &Resource, account: &Account) -> Result<Made, Refusal> {
    let deadline = |it: &Resource| it.deadline.ok_or(RenewalError::NotPrepaid);
    let payment = Payment { order, fixed: account.expiry_day, at: at.now };
    let (from, (resource, metered)) = match (order.action, order.raise) {
        (Action::Upgrade, Some(days)) => {
            let resource = change::raised(old.clone(), order, days, at.now)?;
            return Ok(Made { resource, metered: None, from: days.from, to: days.to });
        }
        (Action::Upgrade, None) => (at.now, change::changed(old.clone(), order, at.now)?),
        (Action::Convert, _) => (at.now, conversion::converted(old.clone(), payment, &at.desk.calendar)?),
        (Action::Renew, _) => (deadline(old)?, renewal::renewed(old.clone(), payment, &at.desk.calendar)?),
        // What is lowered is done as it is ordered.
        (Action::New | Action::Downgrade, _) => {
            return Err(StoreError::Corrupt(format!("order {} is about nothing", order.id)).into());
        }
    };
    Ok(Made { from, to: deadline(&resource)?, resource, metered: Some(metered) })
}
