//! What customers were told.

use super::accounts::currency;
use crate::Refusal;
use crate::page::{Page, Part};
use store::Tx;
use store::notices;
use units::{AccountId, NoticeId};

pub use store::notices::Notice;

/// Notices to an account, the newest first; of any kind if `kind` is empty.
pub fn page(tx: &mut Tx<'_>, account: AccountId, kind: &str, part: &Part) -> Result<Page<Notice>, Refusal> {
    currency(tx, account)?;
    let found = notices::page(tx, account, (kind, part.cursor::<NoticeId>()?), part.reach())?;
    Ok(Page::of(found, part, |it| it.id().to_string()))
}
