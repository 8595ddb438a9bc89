//! Events that webhooks were told of.

use super::accounts;
use crate::Refusal;
use crate::page::{Page, Part};
use store::Tx;
use store::events;
use units::{AccountId, EventId};

pub use store::events::Event;

/// Events of an account, newest first; the operator sees all. Errors: `NotFound` for an account that is not there.
pub fn page(tx: &mut Tx<'_>, account: Option<AccountId>, part: &Part) -> Result<Page<Event>, Refusal> {
    accounts::check(tx, account)?;
    let most = i64::from(part.most) + 1;
    let found = events::page(tx, account, part.cursor::<EventId>()?, most)?;
    Ok(Page::of(found, part, |it| it.id.to_string()))
}

/// One event. Errors: `NotFound`, also for an event of another account.
pub fn one(tx: &mut Tx<'_>, account: Option<AccountId>, id: EventId) -> Result<Event, Refusal> {
    Ok(events::get(tx, account, id)?)
}
