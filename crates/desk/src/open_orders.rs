//! Orders that did not come out yet, in the way of another one about the same resource.
//!
//! In:  resources. Out: the order in the way of each, and how far it is.
//! Invariant: nothing is written.
//! Rules: R-ORD-5.

use super::Refusal;
use billing::order::open::Open;
use std::collections::BTreeMap;
use store::{Tx, orders};
use units::{AccountId, ResourceId};

/// The one that is in the way of a resource, if any.
pub fn about(tx: &mut Tx<'_>, account: AccountId, resource: ResourceId) -> Result<Option<Open>, Refusal> {
    Ok(all(tx, &[(account, resource)])?.remove(&resource))
}

/// Those that are in the way of these resources.
pub fn all(tx: &mut Tx<'_>, keys: &[(AccountId, ResourceId)]) -> Result<BTreeMap<ResourceId, Open>, Refusal> {
    let ids = orders::open_orders(tx, keys)?;
    let mut found = BTreeMap::new();
    for (account, resource) in keys {
        if let Some(id) = ids.get(resource) {
            found.insert(*resource, Open::of(&orders::get(tx, *account, *id)?.order));
        }
    }
    Ok(found)
}
