//! What customers were told.

use super::accounts::currency;
use crate::Refusal;
use crate::page::{Page, Part};
use billing::notice::{Notice, NoticeKind};
use store::Tx;
use store::notices::{self, NoticeFilter};
use units::AccountId;

/// Notices to an account, the newest first; of any kind if none is named.
pub fn page(
    tx: &mut Tx<'_>,
    account: AccountId,
    kind: Option<NoticeKind>,
    part: &Part,
) -> Result<Page<Notice>, Refusal> {
    currency(tx, account)?;
    let filter = NoticeFilter { kind: kind.map_or("", NoticeKind::as_str), after: part.cursor()? };
    let found = notices::page(tx, account, filter, part.reach())?;
    Ok(Page::of(found, part, |it| it.id().to_string()))
}
