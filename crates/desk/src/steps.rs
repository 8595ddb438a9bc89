//! Steps of a resource: taken, metered, and noted with the instant at which the next one falls due.
//!
//! In:  a resource as it was read, what happens to it, how its account stands. Out: the resource, noted on the sheet.
//! Invariant: nothing is written here, and what follows from a step is left to `after`.
//! Rules: R-PRV-3, R-TIM-3, R-ARR-1.

use super::act::Act;
use super::sheet::Stepped;
use super::{At, Refusal, step_letters};
use billing::life::{self, Standing};
use billing::renewal;
use billing::resource::renew::Renew;
use billing::resource::{EndedBy, Event, Resource};
use store::resources::StoredResource;
use store::{StoreError, Tx, accounts};
use units::{AccountId, Cycle, CycleKind, Timestamp};

/// How an account stands towards its resources. Errors: `NotFound`.
pub fn standing(tx: &mut Tx<'_>, id: AccountId) -> Result<Standing, Refusal> {
    let mut found = accounts::with_wallets(tx, [id])?;
    let (account, wallet) = found.remove(&id).ok_or_else(|| StoreError::NotFound(format!("account {id}")))?;
    Ok(Standing { arrears_since: account.arrears_since, balance: wallet.standing() })
}

/// When the next step of `resource` falls due.
pub fn due(at: At<'_>, resource: &Resource, standing: Standing) -> Result<Option<Timestamp>, Refusal> {
    if resource.state.is_over() {
        return Ok(None);
    }
    let product = at.life_of(resource)?;
    let step = life::next(resource, product, standing, &at.desk.calendar)?.map(|it| it.at);
    Ok(step.into_iter().chain(resource.next_raise()).min())
}

/// The same resource with the instant at which something about its renewal is looked at next. Source: R-REN-2, R-EXP-2.
pub fn with_renewal_due(at: At<'_>, resource: Resource) -> Result<Resource, Refusal> {
    let product = at.life_of(&resource)?;
    let due = renewal::next(&resource, product, at.now, &at.desk.calendar)?;
    let renew = Renew { due, ..resource.renew };
    Ok(Resource { renew, ..resource })
}

/// Takes one step. Errors: `Refused`.
pub fn take(
    act: &mut Act<'_>,
    read: StoredResource,
    event: Event,
    standing: Standing,
) -> Result<Resource, Refusal> {
    let (resource, _) = read.resource.clone().step(event, act.at.now)?;
    note(act, &read, resource, standing)
}

/// Raises a resource for some days, or ends that. Where one raise follows at once on another to the same, nothing of it changes.
///
/// Source: R-NET-3.
pub fn raise(act: &mut Act<'_>, read: &StoredResource, standing: Standing) -> Result<(), Refusal> {
    let resource = read.resource.clone().raised_at(act.at.now);
    if resource.options != read.resource.options {
        return note(act, read, resource, standing).map(drop);
    }
    let due = due(act.at, &resource, standing)?;
    change(act, read, Resource { due, ..resource });
    Ok(())
}

/// Ends a resource as a wish of its owner, its service or arrears. Source: R-TIM-3, R-FRZ-2.
pub fn release(
    act: &mut Act<'_>,
    read: StoredResource,
    by: EndedBy,
    standing: Standing,
) -> Result<Resource, Refusal> {
    let product = act.at.life_of(&read.resource)?;
    let (resource, _) = read.resource.clone().ask_release(product, standing.arrears_since, act.at.now)?;
    note(act, &read, Resource { ended_by: Some(by), ..resource }, standing)
}

/// Ends a resource that its owner gave back: it goes into the bin, and nothing of it is renewed or raised. Source: R-REF-5.
pub fn give_back(act: &mut Act<'_>, read: StoredResource, standing: Standing) -> Result<Resource, Refusal> {
    let (resource, _) = read.resource.clone().step(Event::Refund, act.at.now)?;
    let resource = Resource { ended_by: Some(EndedBy::Refund), ..resource.without_raises() };
    let resource = with_renewal_due(act.at, resource)?;
    note(act, &read, resource, standing)
}

/// Notes what a resource has become, with its meter event, the cycles that it settles in and what is looked at next.
pub fn becomes(
    act: &mut Act<'_>,
    read: &StoredResource,
    resource: Resource,
    standing: Standing,
) -> Result<(), Refusal> {
    let at = act.at;
    let due = due(at, &resource, standing)?;
    let resource = with_renewal_due(at, Resource { due, ..resource })?;
    act.sheet.lives.meter(&resource, resource.metered(at.now), read.version + 1);
    act.sheet.lives.dues.extend(dues(at, &resource)?);
    act.sheet.news.extend(act.ears.resource_stepped(&resource));
    change(act, read, resource);
    Ok(())
}

/// Ends a resource whose release failed for good, as of the request. Errors: `Refused` for what is not being released.
///
/// Source: R-TIM-3, R-TIM-11.
pub fn end_release(act: &mut Act<'_>, read: StoredResource) -> Result<(), Refusal> {
    let (resource, event) = read.resource.clone().end_release()?;
    act.sheet.lives.meter(&resource, event, read.version + 1);
    act.sheet.news.extend(act.ears.resource_stepped(&resource));
    change(act, &read, Resource { due: None, ..resource });
    Ok(())
}

/// Notes a step: the resource with its next due step, its meter event, and the news of it.
fn note(
    act: &mut Act<'_>,
    read: &StoredResource,
    resource: Resource,
    standing: Standing,
) -> Result<Resource, Refusal> {
    let resource = Resource { due: due(act.at, &resource, standing)?, ..resource };
    act.sheet.lives.meter(&resource, resource.metered(act.at.now), read.version + 1);
    act.sheet.news.extend(act.ears.resource_stepped(&resource));
    act.sheet.letters.extend(step_letters::stepped(act.at, read.resource.state, &resource));
    change(act, read, resource.clone());
    Ok(resource)
}

/// Notes a resource that is to be written, whatever of it changed. Of what is over, no renewal is looked at.
pub fn change(act: &mut Act<'_>, read: &StoredResource, after: Resource) {
    let due = if after.state.is_over() { None } else { after.renew.due };
    let after = Resource { renew: Renew { due, ..after.renew }, ..after };
    act.sheet.stepped.push(Stepped {
        before: read.resource.state,
        old: read.resource.options.clone(),
        after: StoredResource { resource: after, version: read.version },
    });
}

/// Notes when the next step falls due, after the standing of the account changed.
pub fn refresh(act: &mut Act<'_>, read: &StoredResource, standing: Standing) -> Result<(), Refusal> {
    let due = due(act.at, &read.resource, standing)?;
    if due != read.resource.due {
        change(act, read, Resource { due, ..read.resource.clone() });
    }
    Ok(())
}

/// The cycles that an account settles in for what it has; the month also adjusts rounding.
pub fn dues(at: At<'_>, resource: &Resource) -> Result<Vec<(AccountId, Cycle)>, Refusal> {
    let mut kinds = at.product_of(resource)?.cycles();
    if !kinds.is_empty() && !kinds.contains(&CycleKind::Month) {
        kinds.push(CycleKind::Month);
    }
    kinds.into_iter().map(|kind| Ok((resource.account, at.desk.calendar.cycle(kind, at.now)?))).collect()
}
