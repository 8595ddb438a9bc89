//! What customers were told.

use super::accounts::currency;
use crate::page::{Page, Part};
use crate::{At, Refusal};
use billing::notice::words::{self, Said};
use billing::notice::{Notice, NoticeKind};
use billing::pack::Pack;
use std::collections::HashMap;
use store::notices::{self, NoticeFilter};
use store::{Tx, packs};
use units::AccountId;

/// A notice and what it says.
#[derive(Clone, Debug)]
pub struct Read {
    pub notice: Notice,
    pub said: Said,
}

/// Which notices.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    pub account: AccountId,
    /// `None`: of any kind.
    pub kind: Option<NoticeKind>,
}

/// Notices to an account with their words, the newest first.
pub fn page(tx: &mut Tx<'_>, at: At<'_>, of: Filter, part: &Part) -> Result<Page<Read>, Refusal> {
    currency(tx, of.account)?;
    let filter = NoticeFilter { kind: of.kind.map_or("", NoticeKind::as_str), after: part.cursor()? };
    let found = notices::page(tx, of.account, filter, part.reach())?;
    let read = in_words(tx, at, of.account, found)?;
    Ok(Page::of(read, part, |it| it.notice.id().to_string()))
}

/// Notices of one account with their words, in the order given. Packs are read once, and only where a notice is of one.
pub fn in_words(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    notices: Vec<Notice>,
) -> Result<Vec<Read>, Refusal> {
    let any = notices.iter().any(|it| is_of_pack(it.kind));
    let packs = if any { packs::of_account(tx, account)? } else { Vec::new() };
    let packs: HashMap<String, Pack> = packs.into_iter().map(|it| (it.id.to_string(), it)).collect();
    let read = |notice: Notice| {
        let said = words::said(&notice, packs.get(&notice.subject), &at.desk.calendar);
        Read { notice, said }
    };
    Ok(notices.into_iter().map(read).collect())
}

fn is_of_pack(kind: NoticeKind) -> bool {
    match kind {
        NoticeKind::PackLow | NoticeKind::PackExhausted | NoticeKind::PackExpiring => true,
        NoticeKind::BalanceLow | NoticeKind::InArrears => false,
    }
}
