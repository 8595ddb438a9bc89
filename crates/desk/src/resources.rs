//! Resources during their life: stopped, started, released.

use super::act::Act;
use super::freezes::{self, Wanted};
use super::{At, Refusal, after, quotes, steps};
use billing::quote::Wish;
use billing::resource::{EndedBy, Event, Resource, ResourceError, State};
use store::Tx;
use store::resources::StoredResource;
use units::{AccountId, ResourceId};

/// A resource of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Own {
    pub account: AccountId,
    pub id: ResourceId,
}

/// Stops, stops without charge or starts a resource at its owner's wish. Source: R-PPU-2.
pub fn switch(tx: &mut Tx<'_>, at: At<'_>, own: Own, event: Event) -> Result<Resource, Refusal> {
    let read = store::resources::get(tx, own.account, own.id)?;
    let standing = steps::standing(tx, own.account)?;
    if event == Event::StopFree {
        read.resource.may_stop_free(standing.balance).map_err(|error| Refusal::from(error).of("charge"))?;
    }
    let mut act = Act::on(tx, at, [own.account])?;
    let resource = if read.resource.state == State::Recycled {
        from_the_bin(tx, &mut act, read, event)?
    } else {
        steps::take(&mut act, read, event, standing)?
    };
    after::finish(tx, act)?;
    Ok(resource)
}

/// Brings back what its owner destroyed: metering starts anew, the opening freeze is taken in full.
///
/// Errors: arrears, `BalanceInsufficient`. Source: section 7 of the rules, R-FRZ-2.
fn from_the_bin(
    tx: &mut Tx<'_>,
    act: &mut Act<'_>,
    read: StoredResource,
    event: Event,
) -> Result<Resource, Refusal> {
    read.resource.may_come_back()?;
    // What time put there was not paid for any more: it is renewed, not started.
    if read.resource.deadline.is_some() {
        return Err(ResourceError::PrepaidBin.into());
    }
    let (account, id) = (read.resource.account, read.resource.id);
    let standing = steps::standing(tx, account)?;
    if billing::arrears::blocks_purchase(standing.balance) {
        return Err(billing::order::OrderError::InArrears.into());
    }
    let wish = Wish {
        product: read.resource.product.clone(),
        options: read.resource.options.pairs(),
        months: 0,
        quantity: 1,
    };
    let quote = quotes::one(tx, act.at, account, &wish)?;

    let wanted = Wanted { account, resource: id, target: quote.freeze, version: read.version };
    freezes::renew(tx, act, wanted)?;
    let alive = Resource { ended_by: None, ..read.resource };
    let resource =
        steps::take(act, StoredResource { resource: alive, version: read.version }, event, standing)?;
    act.sheet.lives.dues.extend(steps::dues(act.at, &resource)?);
    Ok(resource)
}

/// Ends a pay-per-use resource at its owner's wish; products differ in when metering ends. Source: R-TIM-3, R-FRZ-2.
pub fn release(tx: &mut Tx<'_>, at: At<'_>, own: Own, by: EndedBy) -> Result<Resource, Refusal> {
    let read = store::resources::get(tx, own.account, own.id)?;
    let standing = steps::standing(tx, own.account)?;
    let mut act = Act::on(tx, at, [own.account])?;
    let resource = steps::release(&mut act, read, by, standing)?;
    after::finish(tx, act)?;
    Ok(resource)
}
