//! Container services: stopping one releases its containers; starting it creates them anew.
//!
//! In:  a service, its resources. Out: the service after it, what is released or ordered anew.
//! Invariant: what is marked as ended by its service is what the last stop released; nothing else is brought back.
//! Rules: R-QCS-4, R-ARR-8.

use super::act::Act;
use super::orders::{self, Item};
use super::purchases::{Pay, Purchase};
use super::{At, Refusal, after, steps};
use billing::book::OnServiceStop;
use billing::order::Order;
use billing::quote::Wish;
use billing::resource::{EndedBy, Resource, State};
use billing::voucher::choose::Choice;
use store::labels::{self, Labels, Written};
use store::resources::StoredResource;
use store::services::ServiceState;
use store::{Tx, services};
use units::AccountId;

fn members(tx: &mut Tx<'_>, account: AccountId, service: &str) -> Result<Vec<StoredResource>, Refusal> {
    let all = store::resources::of_account(tx, account)?;
    Ok(all.into_iter().filter(|it| it.resource.service.as_deref() == Some(service)).collect())
}

/// Stops a service: containers are released, volumes, load balancers and bandwidth stay.
pub fn stop(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, name: &str) -> Result<(), Refusal> {
    if services::get(tx, account, name)? == ServiceState::Stopped {
        return Err(Refusal::Service(name.to_string(), "stopped"));
    }
    let standing = steps::standing(tx, account)?;
    let mut act = Act::on(tx, at, [account])?;
    for read in members(tx, account, name)? {
        let product = at.product_of(&read.resource)?;
        if product.with_service == OnServiceStop::Released && releasable(read.resource.state) {
            steps::release(&mut act, read, EndedBy::Service, standing)?;
        } else {
            forget(&mut act, &read);
        }
    }
    act.sheet.services.insert((account, name.to_string()), ServiceState::Stopped);
    after::finish(tx, act)
}

/// From here on a container that a stop released is an ordinary released one: it is brought back once, and not by a
/// start that follows a later stop.
fn forget(act: &mut Act<'_>, read: &StoredResource) {
    if read.resource.ended_by == Some(EndedBy::Service) {
        let ended = Resource { ended_by: Some(EndedBy::Owner), ..read.resource.clone() };
        steps::change(act, read, ended);
    }
}

/// What is on its way comes up in a service that was started again, whatever stopped it meanwhile.
fn wait_for(act: &mut Act<'_>, read: &StoredResource) {
    if read.resource.ended_by.is_some() {
        let awaited = Resource { ended_by: None, ..read.resource.clone() };
        steps::change(act, read, awaited);
    }
}

/// Arrears release a member of a service: the service is stopped, and starting it brings back none of them.
///
/// Source: R-ARR-8, R-QCS-4.
pub(super) fn stop_for_arrears(
    tx: &mut Tx<'_>,
    act: &mut Act<'_>,
    released: &Resource,
) -> Result<(), Refusal> {
    let account = released.account;
    let Some(name) = &released.service else { return Ok(()) };
    if services::get(tx, account, name)? == ServiceState::Running {
        for read in members(tx, account, name)? {
            forget(act, &read);
            // What is on its way is released when it comes up, as what runs is now.
            let with_service = act.at.product_of(&read.resource)?.with_service;
            if read.resource.state == State::Pending && with_service == OnServiceStop::Released {
                let ended = Resource { ended_by: Some(EndedBy::Arrears), ..read.resource.clone() };
                steps::change(act, &read, ended);
            }
        }
        act.sheet.services.insert((account, name.clone()), ServiceState::Stopped);
    }
    Ok(())
}

fn releasable(state: State) -> bool {
    use State::{ArrearsStopped, Limited, Running, Stopped, StoppedFree};
    matches!(state, Running | Stopped | StoppedFree | Limited | ArrearsStopped)
}

/// A service that is to start.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    pub account: AccountId,
    pub service: &'a str,
    /// What tells one start from another.
    pub token: &'a str,
}

/// Starts a stopped service: orders its containers again with the same options. Charge resumes when they are up.
pub fn start(tx: &mut Tx<'_>, at: At<'_>, start: Start<'_>) -> Result<Vec<Order>, Refusal> {
    let Start { account, service: name, token } = start;
    if services::get(tx, account, name)? == ServiceState::Running {
        return Err(Refusal::Service(name.to_string(), "running"));
    }
    let mut act = Act::on(tx, at, [account])?;
    let (mut items, mut before) = (Vec::new(), Vec::new());
    for read in members(tx, account, name)? {
        if read.resource.state == State::Pending {
            wait_for(&mut act, &read);
        }
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
        forget(&mut act, &read);
    }
    act.sheet.services.insert((account, name.to_string()), ServiceState::Running);
    after::finish(tx, act)?;
    if items.is_empty() {
        return Ok(Vec::new());
    }
    // What is brought back was not sent: a refusal is of the whole.
    let placed = orders::one(
        tx,
        at,
        Purchase { account, token, items: &items, pay: Pay::Later, vouchers: Choice::None },
    )
    .map_err(Refusal::of_all)?;
    for (from, to) in before.into_iter().zip(placed.iter().flat_map(|it| &it.pieces)) {
        let labels = labels::get(tx, account, from)?;
        if labels != Labels::default() {
            labels::save(tx, &Written { account, resource: to.resource, labels: &labels, at: at.now })?;
        }
    }
    Ok(placed)
}
