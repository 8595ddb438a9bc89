//! Mails of all accounts.

use super::accounts::{Owned, owned};
use crate::page::{Page, Part};
use crate::{Refusal, mails};
use store::Tx;
use store::mails::{Mail, MailFilter};
use units::{AccountId, MailId, Timestamp};

/// Mails with what their accounts are called, the newest first. Those of the operator's house have no name.
pub fn page(tx: &mut Tx<'_>, filter: MailFilter, part: &Part) -> Result<Page<Owned<Mail>>, Refusal> {
    let found = mails::page(tx, filter, part)?;
    let nobody = AccountId::first_at(Timestamp::UNIX_EPOCH);
    owned(tx, found, |it| it.house.account().unwrap_or(nobody))
}

/// One mail with what its account is called. Errors: `NotFound`.
pub fn one(tx: &mut Tx<'_>, id: MailId) -> Result<Owned<Mail>, Refusal> {
    let of = mails::one(tx, id)?;
    let account = of.house.account();
    let name =
        account.map(|it| store::accounts::get(tx, it)).transpose()?.map_or_else(String::new, |it| it.name);
    Ok(Owned { account: account.unwrap_or(AccountId::first_at(Timestamp::UNIX_EPOCH)), name, of })
}
