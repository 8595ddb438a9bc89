//! Provisioning: what a delivery does, and what its failure does.

use super::{Desk, Refusal, arrears, events, orders, resources, services};
use billing::order;
use billing::resource::{self, Event};
use billing::wallet::{Reason, Till};
use store::tasks::Task;
use store::{Tx, accounts, bills, ledger};
use units::{CycleKind, FreezeId, Timestamp};

/// The hinge between purchase and use: money is deducted, the deadline is anchored, the meter starts.
///
/// Source: R-PRV-1, R-PAY-3.
pub fn deliver(tx: &mut Tx<'_>, desk: &Desk, task: &Task, now: Timestamp) -> Result<(), Refusal> {
    let account = accounts::get(tx, task.account)?;
    // The wallet is held first: pieces of one order may come up at once.
    let wallet = ledger::lock(tx, task.account, account.currency)?;
    let read = store::orders::get(tx, task.account, task.order)?;
    let found = store::resources::get(tx, task.account, task.resource)?;
    let quote = orders::quote_of(desk, &read.order, account.terms)?;

    let (months, address) = (read.order.months, task.address.clone());
    let (resource, event) = resource::open(found.resource, months, address, now, &desk.calendar)?;
    let mut till = Till::new(wallet.wallet, now);
    let until = resource.deadline.unwrap_or(now);
    let (order, bill) = order::deliver(read.order, task.resource, &quote, &mut till, (now, until))?;

    bills::add(tx, bill.as_slice())?;
    ledger::save(tx, &wallet, &till.wallet, &till.transfers)?;
    store::orders::save(tx, &order, read.version)?;
    let before = resource::State::Pending;
    let resource = resources::put(tx, desk, (before, resource, &event), found.version, now)?;
    events::order_ended(tx, &order, now)?;
    events::bought(tx, bill.as_slice(), now)?;
    events::resource(tx, "resource.delivered", &resource, now)?;
    open_dues(tx, desk, &resource, now)?;
    services::delivered(tx, desk, &resource, now)
}

/// From now on the account settles in the cycles of what it has; the month also adjusts rounding.
pub fn open_dues(
    tx: &mut Tx<'_>,
    desk: &Desk,
    resource: &resource::Resource,
    now: Timestamp,
) -> Result<(), Refusal> {
    let mut kinds = desk.product(&resource.product, now)?.cycles();
    if !kinds.is_empty() && !kinds.contains(&CycleKind::Month) {
        kinds.push(CycleKind::Month);
    }
    for kind in kinds {
        store::resources::open_due(tx, resource.account, &desk.calendar.cycle(kind, now)?)?;
    }
    Ok(())
}

/// All money of the piece is free again; nothing was metered. Source: R-PRV-2.
pub fn give_back(tx: &mut Tx<'_>, desk: &Desk, task: &Task, now: Timestamp) -> Result<(), Refusal> {
    let account = accounts::get(tx, task.account)?;
    let wallet = ledger::lock(tx, task.account, account.currency)?;
    let read = store::orders::get(tx, task.account, task.order)?;
    let found = store::resources::get(tx, task.account, task.resource)?;
    let freeze = ledger::freeze(tx, task.account, task.resource)?;

    let mut till = Till::new(wallet.wallet, now);
    let order = order::fail(read.order, task.resource, &mut till)?;
    if let Some(freeze) = freeze {
        let id = FreezeId::named(now, &format!("close {}", task.resource));
        till.release(freeze.held, Reason::Freeze(id), id.bits());
    }
    let (resource, _) = found.resource.step(Event::Fail, now)?;

    ledger::save(tx, &wallet, &till.wallet, &till.transfers)?;
    ledger::drop_freeze(tx, task.account, task.resource)?;
    store::orders::save(tx, &order, read.version)?;
    store::resources::save(tx, &resource, found.version)?;
    events::resource_stepped(tx, &resource, now)?;
    events::order_ended(tx, &order, now)?;
    arrears::evaluate(tx, desk, task.account, now)
}
