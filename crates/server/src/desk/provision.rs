//! Provisioning: an answer of the cloud, and what follows from it.

use super::{Desk, Refusal, arrears, later, life, orders, services};
use billing::book::Due;
use billing::order;
use billing::plan::Plan;
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

    bills::add(tx, &Vec::from_iter(bill))?;
    ledger::save(tx, &wallet, &till.wallet, &till.transfers)?;
    store::orders::save(tx, &order, read.version)?;
    let standing = arrears::standing(tx, asked.account)?;
    let due = life::due(desk, &resource, standing, now)?;
    let resource = resource::Resource { due, ..resource };
    store::resources::save(tx, &resource, found.version)?;
    store::resources::event(tx, &event, found.version + 1)?;
    open_dues(tx, desk, &resource, now)?;
    provisions::done(tx, asked.account, asked.resource)?;
    services::delivered(tx, desk, &resource, now)
}

/// From now on the account settles in the cycles of what was delivered; the month also adjusts rounding.
fn open_dues(
    tx: &mut Tx<'_>,
    desk: &Desk,
    resource: &resource::Resource,
    now: Timestamp,
) -> Result<(), Refusal> {
    let options = billing::options::Options::parse(&resource.options).unwrap_or_default();
    let plan = Plan::resolve(desk.book(now)?, &resource.product, &options)?;
    let mut any = false;
    for kind in plan.product().cycles() {
        let cycle = desk.calendar.cycle(kind, now)?;
        store::resources::open_due(tx, resource.account, &cycle)?;
        any = true;
    }
    let pays_after_use = plan.parts.iter().any(|it| plan.component(it).due != Due::Order);
    if any || pays_after_use {
        let month = desk.calendar.cycle(CycleKind::Month, now)?;
        store::resources::open_due(tx, resource.account, &month)?;
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
    provisions::done(tx, asked.account, asked.resource)?;
    arrears::evaluate(tx, desk, asked.account, now)
}
