//! Provisioning: what a delivery does, and what its failure does.

use super::act::Act;
use super::sheet::Moved;
use super::{At, Refusal, after, freezes, letters, quotes, steps};
use billing::by_card;
use billing::event::EventKind;
use billing::life::Standing;
use billing::order::{self, Delivery};
use billing::passbook::Passbook;
use billing::renewal;
use billing::resource::renew::Renew;
use billing::resource::{self, Event, Resource};
use billing::task::Task;
use std::collections::{BTreeMap, BTreeSet};
use store::accounts::Patience;
use store::orders::StoredOrder;
use store::resources::StoredResource;
use store::tasks::StoredTask;
use store::{StoreError, Tx, accounts};
use units::{AccountId, OrderId, ResourceId, Timestamp};

/// The hinge between purchase and use: money is deducted, the deadline is anchored, the meter starts. What a card pays for is
/// billed once the card was charged.
///
/// Deliveries come in any number, also several of one order; all are written together. Source: R-PRV-1, R-PAY-3.
pub fn deliver(tx: &mut Tx<'_>, at: At<'_>, tasks: Vec<StoredTask>) -> Result<(), Refusal> {
    if tasks.is_empty() {
        return Ok(());
    }
    let owners: BTreeSet<AccountId> = tasks.iter().map(|it| it.task.account).collect();
    let mut act = Act::on(tx, at, owners.iter().copied())?;
    let mut depot = Depot::read(tx, &tasks, owners, at.now)?;
    for read in &tasks {
        depot.deliver(&mut act, &read.task)?;
    }
    act.sheet.answered = tasks;
    act.sheet.changed = depot.orders.into_values().map(|it| (it.order, it.version)).collect();
    let moved = depot.wallets.into_values().filter(|it| !it.passbook.transfers().is_empty());
    act.sheet.moved = moved.collect();
    after::finish(tx, act)
}

/// What deliveries read: wallets are held first, since pieces of one order may come up at once.
struct Depot {
    wallets: BTreeMap<AccountId, Moved>,
    orders: BTreeMap<OrderId, StoredOrder>,
    pending: BTreeMap<ResourceId, StoredResource>,
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
            (id, Moved { held, passbook })
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
    fn deliver(&mut self, act: &mut Act<'_>, task: &Task) -> Result<(), Refusal> {
        let missing = |what: String| move || StoreError::NotFound(what);
        let Moved { held, passbook } =
            self.wallets.get_mut(&task.account).ok_or_else(missing(format!("account {}", task.account)))?;
        let read = self.orders.get_mut(&task.order).ok_or_else(missing(format!("order {}", task.order)))?;
        let found =
            self.pending.remove(&task.resource).ok_or_else(missing(format!("resource {}", task.resource)))?;
        let (at, quote) = (act.at, quotes::of_order(act.at.desk, &read.order)?);

        let (address, pending) = (task.address.clone(), found.resource.clone());
        let end = renewal::first(&read.order, held.account.expiry_day, at.now, &at.desk.calendar)?;
        let deadline = end.map(|it| it.deadline);
        let (resource, metered) = resource::open(pending, deadline, address, at.now)?;
        let delivery =
            Delivery { piece: task.resource, from: at.now, to: deadline.unwrap_or(at.now), at: at.now };
        let (order, bill) = match read.order.pays_by_card(task.resource) {
            true => (by_card::arrive(read.order.clone(), task.resource)?, None),
            false => order::deliver(read.order.clone(), delivery, &quote, passbook)?,
        };
        let standing =
            Standing { arrears_since: held.account.arrears_since, balance: passbook.wallet().standing() };
        let renew = Renew { day: end.and_then(|it| it.day), ..resource.renew };
        let due = steps::due(at, &resource, standing)?;
        let resource = steps::with_renewal_due(at, Resource { due, renew, ..resource })?;

        act.sheet.letters.extend(letters::ended(act.at, &order));
        act.sheet.news.extend(act.ears.order_ended(&order, held.account.currency));
        act.sheet.news.extend(bill.as_ref().and_then(|it| act.ears.bought(it)));
        act.sheet.news.extend(act.ears.resource(EventKind::ResourceDelivered, &resource));
        act.sheet.bills.extend(bill);
        act.sheet.lives.meter(&resource, metered, found.version + 1);
        act.sheet.lives.dues.extend(steps::dues(at, &resource)?);
        steps::change(act, &found, resource);
        read.order = order;
        Ok(())
    }
}

/// All money of the piece is free again; nothing was metered. `read` is its task, which is over. Source: R-PRV-2.
pub fn give_back(tx: &mut Tx<'_>, at: At<'_>, read: StoredTask) -> Result<(), Refusal> {
    let task = &read.task;
    let held = freezes::held(tx, task.account)?;
    let before = store::orders::get(tx, task.account, task.order)?;
    let found = store::resources::get(tx, task.account, task.resource)?;

    let mut passbook = Passbook::new(held.wallet.wallet, at.now);
    let order = order::fail(before.order, task.resource, &mut passbook)?;
    let (resource, _) = found.resource.clone().step(Event::Fail, at.now)?;

    let mut act = Act::on(tx, at, [task.account])?;
    act.sheet.news.extend(act.ears.resource_stepped(&resource));
    act.sheet.letters.extend(letters::ended(at, &order));
    act.sheet.news.extend(act.ears.order_ended(&order, held.account.currency));
    act.sheet.changed.push((order, before.version));
    act.sheet.moved.push(Moved { held, passbook });
    act.sheet.answered.push(read);
    steps::change(&mut act, &found, resource);
    after::finish(tx, act)
}
