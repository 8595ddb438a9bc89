//! Resources as their owners see them, and their life lines.

use super::accounts::currency;
use crate::page::{self, Page, Part, place};
use crate::{Refusal, tasks};
use billing::resource::{self, MeterEvent};
use std::collections::BTreeMap;
use store::Tx;
use store::resources::{self, LabelledResource, LifeFilter};
use units::{AccountId, Currency, ResourceId, Timestamp};

pub use store::sort::Sort;

/// Which resources.
#[derive(Clone, Debug)]
pub struct Filter {
    pub account: AccountId,
    pub sort: Sort,
    pub state: Option<resource::State>,
    pub product: Option<String>,
    /// Of this container service.
    pub service: Option<String>,
    pub name: Option<String>,
    /// In the project with this id.
    pub project: Option<String>,
    /// With this tag: its key and its value.
    pub tag: Option<(String, String)>,
    /// A part of its name, whatever the case, or its whole address or id.
    pub search: Option<String>,
    /// Changed then or later.
    pub updated_since: Option<Timestamp>,
    pub region: Option<String>,
}

impl Filter {
    /// All of an account, the newest first.
    pub const fn of(account: AccountId) -> Filter {
        Filter {
            account,
            sort: Sort::Newest,
            state: None,
            product: None,
            service: None,
            name: None,
            project: None,
            tag: None,
            search: None,
            updated_since: None,
            region: None,
        }
    }
}

/// A resource, what the cloud said of it, and the currency of what is held for it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub shown: LabelledResource,
    pub attributes: BTreeMap<String, String>,
    pub currency: Currency,
}

/// Resources with what the cloud said of each; one read, however many they are.
fn seen(tx: &mut Tx<'_>, account: AccountId, shown: Vec<LabelledResource>) -> Result<Vec<Seen>, Refusal> {
    let currency = currency(tx, account)?;
    let ids: Vec<ResourceId> = shown.iter().map(|it| it.resource.id).collect();
    let mut said = tasks::attributes(tx, account, &ids)?;
    let one = |shown: LabelledResource| {
        let attributes = said.remove(&shown.resource.id).unwrap_or_default();
        Seen { shown, attributes, currency }
    };
    Ok(shown.into_iter().map(one).collect())
}

/// Resources of an account, in the order that is asked for.
pub fn page(tx: &mut Tx<'_>, of: &Filter, part: &Part) -> Result<Page<Seen>, Refusal> {
    currency(tx, of.account)?;
    let after = place(of.sort, part, |id| page::there(resources::get(tx, of.account, id)))?;
    let filter = resources::ResourceFilter {
        sort: of.sort,
        after: &after,
        state: of.state.map(resource::State::as_str),
        product: of.product.as_deref(),
        service: of.service.as_deref(),
        name: of.name.as_deref(),
        project: of.project.as_deref(),
        tag: of.tag.as_ref().map(|it| (it.0.as_str(), it.1.as_str())),
        search: of.search.as_deref(),
        updated_since: of.updated_since,
        region: of.region.as_deref(),
    };
    let found = resources::page(tx, of.account, &filter, part.reach())?;
    let Page { items, next } = Page::of(found, part, |it| it.resource.id.to_string());
    Ok(Page { items: seen(tx, of.account, items)?, next })
}

/// One resource. Errors: `NotFound`, also for a resource of another account.
pub fn one(tx: &mut Tx<'_>, account: AccountId, id: ResourceId) -> Result<Seen, Refusal> {
    currency(tx, account)?;
    let shown = resources::show(tx, account, id)?;
    let found = seen(tx, account, vec![shown])?.pop();
    found.ok_or_else(|| Refusal::missing(format!("resource {id}")))
}

/// Several resources, in the order of their ids; those that are not the account's are left out.
pub fn several(tx: &mut Tx<'_>, account: AccountId, ids: &[ResourceId]) -> Result<Vec<Seen>, Refusal> {
    let shown = resources::several(tx, account, ids)?;
    seen(tx, account, shown)
}

/// The life line of a resource, the oldest event first. Errors: `NotFound`, also for a resource of another account.
pub fn life(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: ResourceId,
    part: &Part,
) -> Result<Page<MeterEvent>, Refusal> {
    resources::get(tx, account, id)?;
    let wanted = LifeFilter { account, resource: id, after: part.cursor()?.unwrap_or(-1) };
    let found = resources::life(tx, wanted, part.reach())?;
    Ok(Page::of(found, part, |it| it.0.to_string()).map(|it| it.1))
}

/// The resource that `text` names, if it is the account's. Errors: `NotFound`.
pub(super) fn named(tx: &mut Tx<'_>, account: AccountId, text: &str) -> Result<ResourceId, Refusal> {
    let id = text.parse().map_err(|_| Refusal::missing("such resource"))?;
    Ok(resources::get(tx, account, id)?.resource.id)
}
