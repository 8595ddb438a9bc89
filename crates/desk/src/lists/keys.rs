//! Keys as they stand; never their texts.

use crate::Refusal;
use crate::page::{self, Page, Part};
use store::keys;
use store::{Tx, accounts};
use units::{AccountId, KeyId};

pub use store::keys::Key;

/// Keys of an account, or all of them, the newest first. Errors: `NotFound` for an account that is not there.
pub fn page(tx: &mut Tx<'_>, account: Option<AccountId>, part: &Part) -> Result<Page<Key>, Refusal> {
    let before = part.before(|id| is_seen(tx, account, id))?;
    let most = i64::from(part.most) + 1;
    let found = match account {
        Some(account) => {
            accounts::get(tx, account)?;
            keys::of_account(tx, account, &before, most)?
        }
        None => keys::all(tx, &before, most)?,
    };
    Ok(Page::of(found, part, |it| it.id.to_string()))
}

/// One key. Errors: `NotFound`, also for a key of somebody else.
pub fn one(tx: &mut Tx<'_>, account: Option<AccountId>, id: KeyId) -> Result<Key, Refusal> {
    let key = keys::get(tx, id)?;
    if account.is_some() && key.account != account {
        return Err(Refusal::missing(format!("key {id}")));
    }
    Ok(key)
}

/// Whether there is such a key and it is in the list.
fn is_seen(tx: &mut Tx<'_>, account: Option<AccountId>, id: KeyId) -> Result<bool, Refusal> {
    match keys::get(tx, id) {
        Ok(key) => Ok(account.is_none() || key.account == account),
        Err(error) => page::there::<Key>(Err(error)),
    }
}
