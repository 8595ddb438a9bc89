//! Container services with how many resources of each state they have.

use super::accounts::currency;
use crate::Refusal;
use crate::page::{Page, Part};
use store::Tx;
use store::services;
use units::AccountId;

pub use store::services::Service;

/// Services of an account, by name.
pub fn page(tx: &mut Tx<'_>, account: AccountId, part: &Part) -> Result<Page<Service>, Refusal> {
    currency(tx, account)?;
    let found = services::page(tx, account, part.after(), part.reach())?;
    Ok(Page::of(found, part, |it| it.name.clone()))
}

/// One service. Errors: `NotFound`.
pub fn one(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<Service, Refusal> {
    Ok(services::show(tx, account, name)?)
}
