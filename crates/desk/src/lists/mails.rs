//! Mails of all accounts and of the operator's people.

use crate::page::{Page, Part};
use crate::{Refusal, mails};
use store::mails::{Mail, MailFilter};
use store::{Tx, accounts};
use units::MailId;

/// Something of a house, and what its account is called; the operator's house has no name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<T> {
    pub name: Option<String>,
    pub of: T,
}

/// Mails with what their accounts are called, the newest first.
///
/// Errors: `Corrupt` for a mail to an account that there is not.
pub fn page(tx: &mut Tx<'_>, filter: MailFilter, part: &Part) -> Result<Page<Named<Mail>>, Refusal> {
    let found = mails::page(tx, filter, part)?;
    let names = accounts::names(tx, found.items.iter().filter_map(|it| it.house.account()))?;
    found.try_map(|of| {
        let missing = |id| Refusal::corrupt(format!("{id} was sent a mail and is not there"));
        let name = |id| names.get(&id).cloned().ok_or_else(|| missing(id));
        Ok(Named { name: of.house.account().map(name).transpose()?, of })
    })
}

/// One mail with what its account is called. Errors: `NotFound`.
pub fn one(tx: &mut Tx<'_>, id: MailId) -> Result<Named<Mail>, Refusal> {
    let of = mails::one(tx, id)?;
    let account = of.house.account().map(|it| accounts::get(tx, it)).transpose()?;
    Ok(Named { name: account.map(|it| it.name), of })
}
