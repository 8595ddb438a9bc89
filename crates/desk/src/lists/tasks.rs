//! Tasks of the cloud, of all accounts.

use crate::Refusal;
use crate::page::{self, Page, Part, no_page};
use billing::provision::{Kind, State};
use billing::task::Task;
use store::Tx;
use store::{orders, tasks};
use units::{AccountId, OrderId, ResourceId, TaskId};

/// Which tasks: all where nothing is named.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub kind: Option<Kind>,
    pub resource: Option<ResourceId>,
}

/// Tasks, the oldest first.
pub fn page(tx: &mut Tx<'_>, of: &Filter, part: &Part) -> Result<Page<Task>, Refusal> {
    let after: Option<TaskId> = part.cursor()?;
    if let Some(after) = after {
        page::there(tasks::get(tx, after))?.then_some(()).ok_or_else(no_page)?;
    }
    let Filter { state, kind, resource } = *of;
    let filter = tasks::TaskFilter { state, kind, resource, after };
    let found = tasks::list(tx, filter, u32::from(part.most) + 1)?;
    Ok(Page::of(found, part, |it| it.id.to_string()))
}

/// What the cloud was asked for an order, piece by piece. Errors: `NotFound`.
pub fn of_order(tx: &mut Tx<'_>, account: AccountId, id: OrderId) -> Result<Vec<Task>, Refusal> {
    let pieces = orders::get(tx, account, id)?.order.pieces;
    let resources: Vec<ResourceId> = pieces.iter().map(|it| it.resource).collect();
    Ok(tasks::of_order(tx, account, id, &resources)?)
}

/// One task. Errors: `NotFound`.
pub fn one(tx: &mut Tx<'_>, id: TaskId) -> Result<Task, Refusal> {
    Ok(tasks::get(tx, id)?.task)
}
