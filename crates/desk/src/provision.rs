//! Provisioning: what a delivery does, and what its failure does.

use super::events::Ears;
use super::sheet::Sheet;
use super::{At, Refusal, arrears, events, life, orders, services};
use billing::event::EventKind;
use billing::life::Standing;
use billing::order::{self, Delivery};
use billing::passbook::{Passbook, Reason};
use billing::resource::{self, Event, Resource};
use billing::task::Task;
use std::collections::{BTreeMap, BTreeSet};
use store::accounts::{Held, Patience};
use store::tasks::StoredTask;
use store::{StoreError, Tx, Writes, accounts, ledger};
use units::{AccountId, Cycle, CycleKind, FreezeId, OrderId, ResourceId, Timestamp};

/// The hinge between purchase and use: money is deducted, the deadline is anchored, the meter starts.
///
/// Deliveries come in any number, also several of one order; all are written together. Source: R-PRV-1, R-PAY-3.
pub fn deliver(tx: &mut Tx<'_>, at: At<'_>, tasks: Vec<StoredTask>) -> Result<(), Refusal> {
    if tasks.is_empty() {
        return Ok(());
    }
    let owners: BTreeSet<AccountId> = tasks.iter().map(|it| it.task.account).collect();
    let ears = Ears::of(tx, owners.iter().copied())?;
    let mut depot = Depot::read(tx, &tasks, owners, at.now)?;
    let (mut sheet, mut up) = (Sheet::default(), Vec::new());
    for read in &tasks {
        up.push(depot.deliver(at, &read.task, (&ears, &mut sheet))?);
    }
    sheet.answered = tasks;
    sheet.changed = depot.orders.into_values().map(|it| (it.order, it.version)).collect();
    let moved = depot.wallets.into_values().filter(|it| !it.1.transfers().is_empty());
    sheet.moved = moved.map(|(held, passbook)| (held.wallet, passbook)).collect();
    sheet.write(tx, &ears, at.now)?;
    up.iter().try_for_each(|it| services::delivered(tx, at, it))
}

/// What deliveries read: wallets are held first, since pieces of one order may come up at once.
struct Depot {
    wallets: BTreeMap<AccountId, (Held, Passbook)>,
    orders: BTreeMap<OrderId, store::orders::StoredOrder>,
    pending: BTreeMap<ResourceId, store::resources::StoredResource>,
}

impl Depot {
    fn read(
        tx: &mut Tx<'_>,
        tasks: &[StoredTask],
        owners: BTreeSet<AccountId>,
        now: Timestamp,
    ) -> Result<Depot, Refusal> {
        let wallets = accounts::lock(tx, owners, Patience::Wait)?.into_iter().map(|(id, held)| {
            let passbook = Passbook::new(held.wallet.wallet, now);
            (id, (held, passbook))
        });
        let wallets = wallets.collect();
        let orders: BTreeSet<_> = tasks.iter().map(|it| (it.task.account, it.task.order)).collect();
        let orders = store::orders::get_all(tx, &orders.into_iter().collect::<Vec<_>>())?;
        let pending: Vec<_> = tasks.iter().map(|it| (it.task.account, it.task.resource)).collect();
        let pending = store::resources::get_all(tx, &pending)?;
        Ok(Depot {
            wallets,
            orders: orders.into_iter().map(|it| (it.order.id, it)).collect(),
            pending: pending.into_iter().map(|it| (it.resource.id, it)).collect(),
        })
    }

    /// One delivery. Errors: what is not there, a state that does not take it, another price than was paid.
    fn deliver(
        &mut self,
        at: At<'_>,
        task: &Task,
        (ears, sheet): (&Ears, &mut Sheet),
    ) -> Result<Resource, Refusal> {
        let missing = |what: String| move || StoreError::NotFound(what);
        let (held, passbook) =
            self.wallets.get_mut(&task.account).ok_or_else(missing(format!("account {}", task.account)))?;
        let read = self.orders.get_mut(&task.order).ok_or_else(missing(format!("order {}", task.order)))?;
        let found =
            self.pending.remove(&task.resource).ok_or_else(missing(format!("resource {}", task.resource)))?;
        let quote = orders::quote_of(at.desk, &read.order)?;

        let (months, address) = (read.order.months, task.address.clone());
        let deadline = resource::deadline(months, at.now, &at.desk.calendar)?;
        let (resource, metered) = resource::open(found.resource, deadline, address, at.now)?;
        let delivery = Delivery { piece: task.resource, from: at.now, to: deadline.unwrap_or(at.now) };
        let (order, bill) = order::deliver(read.order.clone(), delivery, &quote, passbook)?;
        let standing =
            Standing { arrears_since: held.account.arrears_since, balance: passbook.wallet().balance() };
        let resource = Resource { due: life::due(at, &resource, standing)?, ..resource };

        sheet.news.extend(ears.order_ended(&order, held.account.currency));
        sheet.news.extend(bill.as_ref().and_then(|it| ears.bought(it)));
        sheet.news.extend(ears.resource(EventKind::ResourceDelivered, &resource));
        read.order = order;
        sheet.bills.extend(bill);
        sheet
            .stepped
            .push(store::resources::StoredResource { resource: resource.clone(), version: found.version });
        sheet.metered.push((metered, found.version + 1));
        sheet.dues.extend(dues(at, &resource)?);
        Ok(resource)
    }
}

/// The cycles that an account settles in for what it has; the month also adjusts rounding.
fn dues(at: At<'_>, resource: &Resource) -> Result<Vec<(AccountId, Cycle)>, Refusal> {
    let mut kinds = at.product(&resource.product)?.cycles();
    if !kinds.is_empty() && !kinds.contains(&CycleKind::Month) {
        kinds.push(CycleKind::Month);
    }
    kinds.into_iter().map(|kind| Ok((resource.account, at.desk.calendar.cycle(kind, at.now)?))).collect()
}

/// From now on the account settles in the cycles of this resource.
pub fn open_dues(tx: &mut Tx<'_>, at: At<'_>, resource: &Resource) -> Result<(), Refusal> {
    let mut writes = Writes::default();
    store::usage::open_dues(&mut writes, &dues(at, resource)?);
    Ok(tx.write(writes)?)
}

/// All money of the piece is free again; nothing was metered. Source: R-PRV-2.
pub fn give_back(tx: &mut Tx<'_>, at: At<'_>, task: &Task) -> Result<(), Refusal> {
    let account = accounts::get(tx, task.account)?;
    let wallet = ledger::lock(tx, task.account, account.currency)?;
    let read = store::orders::get(tx, task.account, task.order)?;
    let found = store::resources::get(tx, task.account, task.resource)?;
    let freeze = ledger::freeze(tx, task.account, task.resource)?;

    let mut passbook = Passbook::new(wallet.wallet, at.now);
    let order = order::fail(read.order, task.resource, &mut passbook)?;
    if let Some(freeze) = freeze {
        let id = FreezeId::named(at.now, &format!("close {}", task.resource));
        passbook.release(freeze.held, Reason::Freeze(id), id.bits())?;
    }
    let (resource, _) = found.resource.step(Event::Fail, at.now)?;

    ledger::save(tx, &wallet, &passbook)?;
    ledger::drop_freeze(tx, task.account, task.resource)?;
    let changed = [(order, read.version)];
    let mut writes = Writes::default();
    store::orders::save(&mut writes, &changed);
    tx.write(writes)?;
    let [(order, _)] = changed;
    store::resources::save(tx, &resource, found.version)?;
    events::resource_stepped(tx, &resource, at.now)?;
    events::order_ended(tx, &order, at.now)?;
    arrears::evaluate(tx, at, task.account)
}
