//! Container services: stopping one releases its containers; starting it creates them anew. Source: R-QCS-4.

use super::orders::{self, Item};
use super::{At, Refusal, resources};
use billing::book::OnServiceStop;
use billing::order::Order;
use billing::quote::Wish;
use billing::resource::{EndedBy, Resource, State};
use store::services::ServiceState;
use store::{Tx, services};
use units::AccountId;

fn members(
    tx: &mut Tx<'_>,
    account: AccountId,
    service: &str,
) -> Result<Vec<store::resources::StoredResource>, Refusal> {
    let all = store::resources::of_account(tx, account)?;
    Ok(all.into_iter().filter(|it| it.resource.service.as_deref() == Some(service)).collect())
}

/// Stops a service: containers are released, volumes, load balancers and bandwidth stay.
pub fn stop(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, name: &str) -> Result<(), Refusal> {
    if services::get(tx, account, name)? == ServiceState::Stopped {
        return Err(Refusal::Service(name.to_string(), "stopped"));
    }
    for read in members(tx, account, name)? {
        let product = at.product(&read.resource.product)?;
        if product.with_service == OnServiceStop::Released && releasable(read.resource.state) {
            resources::release(tx, at, account, read.resource.id, EndedBy::Service)?;
        }
    }
    Ok(services::save(tx, account, name, ServiceState::Stopped)?)
}

fn releasable(state: State) -> bool {
    use State::{ArrearsStopped, Limited, Running, Stopped, StoppedFree};
    matches!(state, Running | Stopped | StoppedFree | Limited | ArrearsStopped)
}

/// A container that comes up when its service was stopped meanwhile is released at once.
pub fn delivered(tx: &mut Tx<'_>, at: At<'_>, resource: &Resource) -> Result<(), Refusal> {
    let Some(service) = &resource.service else { return Ok(()) };
    let stopped = services::get(tx, resource.account, service)? == ServiceState::Stopped;
    let product = at.product(&resource.product)?;
    if stopped && product.with_service == OnServiceStop::Released {
        resources::release(tx, at, resource.account, resource.id, EndedBy::Service)?;
    }
    Ok(())
}

/// Starts a stopped service: orders its containers again with the same options. Charge resumes when they are up.
///
/// `token` tells one start from another.
pub fn start(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    (name, token): (&str, &str),
) -> Result<Vec<Order>, Refusal> {
    if services::get(tx, account, name)? == ServiceState::Running {
        return Err(Refusal::Service(name.to_string(), "running"));
    }
    let (mut items, mut before) = (Vec::new(), Vec::new());
    for read in members(tx, account, name)? {
        if read.resource.ended_by != Some(EndedBy::Service) {
            continue;
        }
        let wish = Wish {
            product: read.resource.product.clone(),
            options: read.resource.options.pairs(),
            months: 0,
            quantity: 1,
        };
        items.push(Item {
            wish,
            name: read.resource.name.clone(),
            service: Some(name.to_string()),
            ..Item::default()
        });
        before.push(read.resource.id);
        // It is brought back once: from here on it is an ordinary released container.
        let ended = Resource { ended_by: Some(EndedBy::Owner), ..read.resource };
        store::resources::save(tx, &ended, read.version)?;
    }
    services::save(tx, account, name, ServiceState::Running)?;
    if items.is_empty() {
        return Ok(Vec::new());
    }
    // What is brought back was not sent: a refusal is of the whole.
    let placed = orders::place(tx, at, account, token, &items).map_err(Refusal::of_all)?;
    for (from, to) in before.into_iter().zip(placed.iter().flat_map(|it| &it.pieces)) {
        store::labels::copy(tx, account, from, to.resource)?;
    }
    Ok(placed)
}
