//! Refunds as they were made.

use super::accounts::{Owned, currency, owned};
use crate::Refusal;
use crate::page::{self, Page, Part};
use store::Tx;
use store::refunds::{self, Seen};
use units::AccountId;

fn shown(found: Vec<Seen>, part: &Part) -> Page<Seen> {
    Page::of(found, part, |it| it.refund.id.to_string())
}

/// Refunds of an account, the newest first.
pub fn page(tx: &mut Tx<'_>, account: AccountId, part: &Part) -> Result<Page<Seen>, Refusal> {
    currency(tx, account)?;
    let before = part.before(|id| page::there(refunds::get(tx, account, id)))?;
    Ok(shown(refunds::page(tx, account, &before, part.reach())?, part))
}

/// Refunds of all accounts, the newest first, each with what its account is called.
pub fn of_all(tx: &mut Tx<'_>, part: &Part) -> Result<Page<Owned<Seen>>, Refusal> {
    let before = part.before(|id| page::there(refunds::by_id(tx, id)))?;
    let page = shown(refunds::page_of_all(tx, &before, part.reach())?, part);
    owned(tx, page, |it| it.refund.account)
}
