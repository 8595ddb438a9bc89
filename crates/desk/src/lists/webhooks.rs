//! Webhooks, and what each was sent.

use super::accounts;
use crate::Refusal;
use crate::page::{Page, Part};
use crate::webhooks::{self, Logged, owners};
use billing::endpoint::Endpoint;
use store::Tx;
use store::endpoints;
use store::messages::{self, MessageFilter};
use units::{AccountId, EndpointId, MessageId};

pub use store::messages::{Attempt, MessageState, Queue};

/// Webhooks of a list of queues.
const QUEUES: i64 = 200;

/// Where messages wait to be sent, of everybody's webhooks, the longest wait first: 200 at most.
pub fn queues(tx: &mut Tx<'_>) -> Result<Page<Queue>, Refusal> {
    Ok(Page::whole(messages::queues(tx, QUEUES)?))
}

/// All webhooks of the asker, the oldest first. Errors: `NotFound` for an account that is not there.
pub fn all(tx: &mut Tx<'_>, account: Option<AccountId>) -> Result<Page<Endpoint>, Refusal> {
    accounts::check(tx, account)?;
    Ok(Page::whole(endpoints::of(tx, owners(account))?))
}

/// Which messages.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Who asks; `None` for the operator.
    pub account: Option<AccountId>,
    pub webhook: EndpointId,
    pub state: Option<MessageState>,
}

/// The delivery log of a webhook, the newest first. Errors: `NotFound`, also for a webhook of somebody else.
pub fn messages(tx: &mut Tx<'_>, of: &Filter, part: &Part) -> Result<Page<Logged>, Refusal> {
    let after: Option<MessageId> = part.cursor()?;
    webhooks::get(tx, of.account, of.webhook)?;
    let after = after.map(|it| messages::get(tx, owners(of.account), it)).transpose()?;
    let found = messages::page(
        tx,
        MessageFilter { endpoint: of.webhook, state: of.state },
        after.as_ref(),
        i64::from(part.most) + 1,
    )?;
    Page::of(found, part, |it| it.id.to_string()).try_map(|it| webhooks::logged(tx, it))
}
