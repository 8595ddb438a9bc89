//! What came in by bank, by how it stands.

use crate::Refusal;
use crate::page::{self, Page, Part};
use billing::bank::State;
use store::{StoreError, Tx, bank};

pub use store::bank::StoredEntry;

/// Entries in a state, the newest first. Errors: `NotFound` for a page behind an entry that is not there.
pub fn entries(tx: &mut Tx<'_>, state: State, part: &Part) -> Result<Page<StoredEntry>, Refusal> {
    let before = match &part.after {
        None => None,
        Some(id) => match bank::get(tx, id) {
            Ok(last) => Some(last.entry),
            Err(StoreError::NotFound(_)) => return Err(page::no_page()),
            Err(error) => return Err(error.into()),
        },
    };
    let found = bank::page(tx, state, before.as_ref(), part.reach())?;
    Ok(Page::of(found, part, |it| it.entry.id.clone()))
}
