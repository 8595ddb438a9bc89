//! Provisioning: an answer of the cloud, and what follows from it.

use super::{Desk, Refusal, arrears, events, later, orders, resources, services};
use billing::order;
use billing::provision::{self, Next, Outcome};
use billing::resource::{self, Event};
use billing::wallet::{Reason, Till};
use store::provisions::Provision;
use store::{Tx, accounts, bills, ledger, provisions};
use units::{CycleKind, FreezeId, Timestamp};

/// Takes the answer to one delivery. Source: R-PRV-1, R-PRV-2, R-PAY-3.
pub fn answer(
    tx: &mut Tx<'_>,
    desk: &Desk,
    asked: &Provision,
    outcome: Outcome,
    now: Timestamp,
) -> Result<(), Refusal> {
    match provision::after(asked.attempt, outcome) {
        Next::Deliver { address } => deliver(tx, desk, asked, address, now),
        Next::GiveUp { .. } => give_up(tx, desk, asked, now),
        Next::AskAgain { after_seconds } => {
            let again =
                Provision { attempt: asked.attempt + 1, due: later(now, after_seconds), ..asked.clone() };
            Ok(provisions::ask(tx, &again)?)
        }
    }
}

/// The hinge between purchase and use: money is deducted, the deadline is anchored, the meter starts.
fn deliver(
    tx: &mut Tx<'_>,
    desk: &Desk,
    asked: &Provision,
    address: Option<String>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let account = accounts::get(tx, asked.account)?;
    let read = store::orders::get(tx, asked.account, asked.order)?;
    let found = store::resources::get(tx, asked.account, asked.resource)?;
    let wallet = ledger::lock(tx, asked.account, account.currency)?;
    let quote = orders::quote_of(desk, &read.order, account.terms)?;

    let (resource, event) = resource::open(found.resource, read.order.months, address, now, &desk.calendar)?;
    let mut till = Till::new(wallet.wallet, now);
    let until = resource.deadline.unwrap_or(now);
    let (order, bill) = order::deliver(read.order, asked.resource, &quote, &mut till, (now, until))?;

    bills::add(tx, bill.as_slice())?;
    ledger::save(tx, &wallet, &till.wallet, &till.transfers)?;
    store::orders::save(tx, &order, read.version)?;
    let resource = resources::put(tx, desk, (resource, &event), found.version, now)?;
    events::order_ended(tx, &order, now)?;
    events::bought(tx, bill.as_slice(), now)?;
    events::resource(tx, "resource.delivered", &resource, now)?;
    open_dues(tx, desk, &resource, now)?;
    provisions::done(tx, asked.account, asked.resource)?;
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
fn give_up(tx: &mut Tx<'_>, desk: &Desk, asked: &Provision, now: Timestamp) -> Result<(), Refusal> {
    let account = accounts::get(tx, asked.account)?;
    let read = store::orders::get(tx, asked.account, asked.order)?;
    let found = store::resources::get(tx, asked.account, asked.resource)?;
    let wallet = ledger::lock(tx, asked.account, account.currency)?;
    let freeze = ledger::freeze(tx, asked.account, asked.resource)?;

    let mut till = Till::new(wallet.wallet, now);
    let order = order::fail(read.order, asked.resource, &mut till)?;
    if let Some(freeze) = freeze {
        let id = FreezeId::named(now, &format!("close {}", asked.resource));
        till.release(freeze.held, Reason::Freeze(id), id.bits());
    }
    let (resource, _) = found.resource.step(Event::Fail, now)?;

    ledger::save(tx, &wallet, &till.wallet, &till.transfers)?;
    ledger::drop_freeze(tx, asked.account, asked.resource)?;
    store::orders::save(tx, &order, read.version)?;
    store::resources::save(tx, &resource, found.version)?;
    events::resource_stepped(tx, &resource, now)?;
    events::order_ended(tx, &order, now)?;
    provisions::done(tx, asked.account, asked.resource)?;
    arrears::evaluate(tx, desk, asked.account, now)
}
