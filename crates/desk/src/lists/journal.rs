//! The audit log, chain by chain.

use crate::page::{Page, Part};
use crate::{Refusal, journal};
use store::Tx;
use units::AccountId;

pub use store::journal::Entry;

/// Whose chain `text` names: an account's by its id, or that of no account. Errors: `NotFound` for what is no id.
pub fn account(text: &str) -> Result<Option<AccountId>, Refusal> {
    match text {
        journal::TILL => Ok(None),
        id => id.parse().map(Some).map_err(|_| Refusal::missing(format!("account {id}"))),
    }
}

/// Writes of an account, or of none, the newest first. Errors: `NotFound` for an account that is not there.
pub fn page(tx: &mut Tx<'_>, account: Option<AccountId>, part: &Part) -> Result<Page<Entry>, Refusal> {
    let chain = match account {
        None => journal::TILL.to_string(),
        Some(account) => store::accounts::get(tx, account)?.id.to_string(),
    };
    let before = part.cursor::<i64>()?.unwrap_or(i64::MAX);
    let found = store::journal::of_chain(tx, &chain, before, i64::from(part.most) + 1)?;
    Ok(Page::of(found, part, |it| it.number.to_string()))
}
