//! Resources during their life: stopped, started, resized, released.

use super::{At, Refusal, arrears, events, life, provision, tasks};
use billing::book::{MeteringEnd, Resize};
use billing::passbook::{Passbook, Reason};
use billing::quote::{self, Wish};
use billing::resource::{EndedBy, Event, MeterEvent, Resource, ResourceError, State};
use billing::task::Task;
use billing::wallet::Freeze;
use store::resources::StoredResource;
use store::{Tx, accounts, ledger};
use units::{AccountId, FreezeId, Money, ResourceId, Timestamp};

/// One step of a resource: its state, its meter event, and when the next step falls due.
pub fn step(tx: &mut Tx<'_>, at: At<'_>, read: StoredResource, event: Event) -> Result<Resource, Refusal> {
    let before = read.resource.state;
    let (resource, metered) = read.resource.step(event, at.now)?;
    let resource = put(tx, at, (before, resource, &metered), read.version)?;
    events::resource_stepped(tx, &resource, at.now)?;
    Ok(resource)
}

/// Writes what a step led to: the resource with its next due step, its meter event, and what the cloud is to do.
pub(super) fn put(
    tx: &mut Tx<'_>,
    at: At<'_>,
    (before, resource, metered): (State, Resource, &MeterEvent),
    version: i64,
) -> Result<Resource, Refusal> {
    let standing = arrears::standing(tx, resource.account)?;
    let due = life::due(at, &resource, standing)?;
    let resource = Resource { due, ..resource };
    store::resources::save(tx, &resource, version)?;
    store::resources::event(tx, metered, version + 1)?;
    tasks::follow(tx, at, (before, &resource.options), (&resource, version + 1))?;
    Ok(resource)
}

/// Stops, stops without charge or starts a resource at its owner's wish. Source: R-PPU-2.
pub fn switch(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    id: ResourceId,
    event: Event,
) -> Result<Resource, Refusal> {
    let read = store::resources::get(tx, account, id)?;
    if event == Event::StopFree && read.resource.deadline.is_some() {
        return Err(Refusal::from(ResourceError::PrepaidCharge).of("charge"));
    }
    if read.resource.state == State::Recycled {
        return from_the_bin(tx, at, read, event);
    }
    step(tx, at, read, event)
}

/// Brings back what its owner destroyed: metering starts anew, the opening freeze is taken in full.
///
/// Errors: arrears, `BalanceInsufficient`. Source: section 7 of the rules, R-FRZ-2.
fn from_the_bin(
    tx: &mut Tx<'_>,
    at: At<'_>,
    read: StoredResource,
    event: Event,
) -> Result<Resource, Refusal> {
    let (account, id) = (read.resource.account, read.resource.id);
    if billing::arrears::blocks_purchase(arrears::standing(tx, account)?.balance) {
        return Err(billing::order::OrderError::InArrears.into());
    }
    let owner = accounts::get(tx, account)?;
    let options = read.resource.options.pairs();
    let wish = Wish { product: read.resource.product.clone(), options, months: 0, quantity: 1 };
    let quote = quote::quote(at.book()?, &wish, owner.terms)?;

    refreeze(tx, &owner, id, quote.freeze, at.now)?;
    let alive = Resource { ended_by: None, ..read.resource };
    let resource = step(tx, at, StoredResource { resource: alive, version: read.version }, event)?;
    provision::open_dues(tx, at, &resource)?;
    Ok(resource)
}

/// Ends a pay-per-use resource at its owner's wish; products differ in when metering ends. Source: R-TIM-3, R-FRZ-2.
pub fn release(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    id: ResourceId,
    by: EndedBy,
) -> Result<Resource, Refusal> {
    let read = store::resources::get(tx, account, id)?;
    let product = at.product(&read.resource.product)?;
    let (before, standing) = (read.resource.state, arrears::standing(tx, account)?);
    let (resource, metered) = read.resource.ask_release(product, standing.arrears_since, at.now)?;
    let resource = Resource { ended_by: Some(by), ..resource };
    let resource = put(tx, at, (before, resource, &metered), read.version)?;
    events::resource_stepped(tx, &resource, at.now)?;
    match product.metering_ends {
        // The cloud was asked; what is frozen is given back when it answers.
        MeteringEnd::Completed => {}
        MeteringEnd::Requested => free(tx, at, &resource)?,
    }
    Ok(resource)
}

/// Arrears end a resource as stopping its service does; starting the service brings it back. Source: R-ARR-8.
pub fn ask_release_for_arrears(tx: &mut Tx<'_>, at: At<'_>, read: StoredResource) -> Result<(), Refusal> {
    let (account, id) = (read.resource.account, read.resource.id);
    if let Some(service) = &read.resource.service {
        store::services::save(tx, account, service, store::services::ServiceState::Stopped)?;
    }
    release(tx, at, account, id, EndedBy::Service).map(drop)
}

/// The cloud says that a release is complete: metering ends here, where it had not ended before. Source: R-TIM-3.
pub fn complete_release(tx: &mut Tx<'_>, at: At<'_>, task: &Task) -> Result<(), Refusal> {
    let read = store::resources::get(tx, task.account, task.resource)?;
    if read.resource.state != State::Releasing {
        return Ok(());
    }
    let resource = step(tx, at, read, Event::Release)?;
    free(tx, at, &resource)
}

/// A resource that was changed or started may have another address since.
pub fn readdress(tx: &mut Tx<'_>, task: &Task) -> Result<(), Refusal> {
    let Some(address) = &task.address else { return Ok(()) };
    let read = store::resources::get(tx, task.account, task.resource)?;
    if read.resource.address.as_ref() == Some(address) {
        return Ok(());
    }
    let resource = Resource { address: Some(address.clone()), ..read.resource };
    Ok(store::resources::save(tx, &resource, read.version)?)
}

/// Gives back what was frozen for a resource that ended. Source: R-FRZ-2, R-FRZ-4.
pub fn free(tx: &mut Tx<'_>, at: At<'_>, resource: &Resource) -> Result<(), Refusal> {
    let Some(freeze) = ledger::freeze(tx, resource.account, resource.id)? else { return Ok(()) };
    let account = accounts::get(tx, resource.account)?;
    let read = ledger::lock(tx, resource.account, account.currency)?;

    let mut passbook = Passbook::new(read.wallet, at.now);
    let id = FreezeId::named(at.now, &format!("close {}", resource.id));
    passbook.release(freeze.held, Reason::Freeze(id), id.bits())?;

    ledger::save(tx, &read, &passbook)?;
    ledger::drop_freeze(tx, resource.account, resource.id)?;
    arrears::evaluate(tx, at, resource.account)
}

/// Changes options of a pay-per-use resource at once: the old price to that second, the new one after.
///
/// Errors: `Fixed` for what cannot change, `BalanceInsufficient` when the larger freeze cannot be taken.
/// Source: R-CHG-4, R-QCS-6, section 20.
pub fn resize(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    id: ResourceId,
    changes: &[(String, String)],
) -> Result<Resource, Refusal> {
    let read = store::resources::get(tx, account, id)?;
    let product = at.product(&read.resource.product)?;
    if read.resource.deadline.is_some() {
        return Err(ResourceError::PrepaidChange.into());
    }
    if !matches!(read.resource.state, State::Running | State::Stopped | State::StoppedFree) {
        return Err(ResourceError::NotResizable(read.resource.state).into());
    }
    for (option, _) in changes {
        if product.option(option).is_some_and(|it| it.resize == Resize::Fixed) {
            return Err(ResourceError::Fixed(option.clone()).into());
        }
    }
    let mut options = read.resource.options.pairs();
    options.retain(|it| !changes.iter().any(|change| change.0 == it.0));
    options.extend(changes.iter().cloned());
    let owner = accounts::get(tx, account)?;
    let wish = Wish { product: product.id.clone(), options, months: 0, quantity: 1 };
    let quote = quote::quote(at.book()?, &wish, owner.terms)?;

    refreeze(tx, &owner, id, quote.freeze, at.now)?;
    let old = read.resource.options.clone();
    let resource = Resource { options: quote.options, ..read.resource };
    store::resources::save(tx, &resource, read.version)?;
    store::resources::event(tx, &resource.metered(at.now), read.version + 1)?;
    events::resource_stepped(tx, &resource, at.now)?;
    tasks::follow(tx, at, (resource.state, &old), (&resource, read.version + 1))?;
    Ok(resource)
}

/// Releases the freeze of a resource and takes the new one in full, or nothing changes.
fn refreeze(
    tx: &mut Tx<'_>,
    owner: &billing::account::Account,
    id: ResourceId,
    target: Money,
    now: Timestamp,
) -> Result<(), Refusal> {
    let held = ledger::freeze(tx, owner.id, id)?;
    if held.is_none() && target.is_zero() || held.is_some_and(|it| it.target == target) {
        return Ok(());
    }
    let read = ledger::lock(tx, owner.id, owner.currency)?;

    let mut passbook = Passbook::new(read.wallet, now);
    let name = |what: &str| FreezeId::named(now, &format!("{what} {id} {}", target.minor()));
    if let Some(freeze) = held {
        passbook.release(freeze.held, Reason::Freeze(name("resize from")), name("resize from").bits())?;
    }
    let held = passbook
        .freeze(target, Reason::Freeze(name("resize to")))
        .map_err(billing::order::OrderError::from)?;

    ledger::save(tx, &read, &passbook)?;
    ledger::save_freeze(tx, owner.id, &Freeze { resource: id, target, held })?;
    Ok(())
}
