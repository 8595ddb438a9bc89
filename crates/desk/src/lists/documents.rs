//! Documents, as they were filed.

use super::accounts::currency;
use crate::Refusal;
use crate::page::{self, Page, Part};
use billing::document::Kind;
use store::documents::{self, DocumentFilter};
use store::{StoreError, Tx};
use units::{AccountId, DocumentId};

pub use store::documents::{Filed, Series};

/// Which documents.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Whose; `None` for all.
    pub account: Option<AccountId>,
    pub kind: Option<Kind>,
}

/// Documents, the newest first.
pub fn page(tx: &mut Tx<'_>, of: Filter, part: &Part) -> Result<Page<Filed>, Refusal> {
    of.account.map(|it| currency(tx, it)).transpose()?;
    let before = part.before(|id| page::there(documents::find(tx, id)))?;
    let filter =
        DocumentFilter { account: of.account, kind: of.kind.map_or("", Kind::as_str), before: &before };
    let found = documents::page(tx, filter, part.reach())?;
    Ok(Page::of(found, part, |it| it.id.to_string()))
}

/// One document: of an account, or anybody's for the operator. Errors: `NotFound`.
pub fn one(tx: &mut Tx<'_>, account: Option<AccountId>, id: DocumentId) -> Result<Filed, Refusal> {
    match account {
        Some(account) => Ok(documents::get(tx, account, id)?),
        None => Ok(documents::find(tx, id)?),
    }
}

/// The credit notes of an invoice. Errors: `NotFound`.
pub fn notes(tx: &mut Tx<'_>, of: &Filed) -> Result<Vec<Filed>, StoreError> {
    documents::notes(tx, of.account, of.id)
}

/// Every series, with how far its numbers were given.
pub fn series(tx: &mut Tx<'_>) -> Result<Vec<Series>, Refusal> {
    Ok(documents::series(tx)?)
}
