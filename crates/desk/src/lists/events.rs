//! Events that webhooks were told of.

use super::accounts;
use crate::Refusal;
use crate::page::{Page, Part};
use billing::event::EventKind;
use store::Tx;
use store::events::{self, EventFilter};
use units::{AccountId, EventId};

pub use store::events::Event;

/// Which events: of an account, or of all; of a kind, or of any.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    pub account: Option<AccountId>,
    pub kind: Option<EventKind>,
}

impl Filter {
    /// All of an account; `None` for those of everybody.
    pub const fn of(account: Option<AccountId>) -> Filter {
        Filter { account, kind: None }
    }
}

/// Events, newest first; the operator sees all. Errors: `NotFound` for an account that is not there.
pub fn page(tx: &mut Tx<'_>, of: Filter, part: &Part) -> Result<Page<Event>, Refusal> {
    accounts::check(tx, of.account)?;
    let most = i64::from(part.most) + 1;
    let filter = EventFilter { account: of.account, kind: of.kind, after: part.cursor::<EventId>()? };
    let found = events::page(tx, &filter, most)?;
    Ok(Page::of(found, part, |it| it.id.to_string()))
}

/// One event. Errors: `NotFound`, also for an event of another account.
pub fn one(tx: &mut Tx<'_>, account: Option<AccountId>, id: EventId) -> Result<Event, Refusal> {
    Ok(events::get(tx, account, id)?)
}
