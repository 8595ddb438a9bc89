//! Packs as they stand, and when each will be empty.
//!
//! In:  an account, which of its packs, which part of the list. Out: a page.
//! Invariant: the order holds over pages: the whole list is in it before a page is cut out.

use crate::outlook::{self, Standing};
use crate::page::{Page, Part};
use crate::{At, Refusal};
use billing::pack::PackState;
use std::cmp::Reverse;
use store::Tx;
use units::{AccountId, PackId};

/// Which packs.
#[derive(Clone, Debug)]
pub struct Filter {
    pub account: AccountId,
    pub state: Option<PackState>,
    /// Any family if it is empty, or left out.
    pub family: Option<String>,
}

impl Filter {
    fn fits(&self, it: &Standing) -> bool {
        let family = self.family.as_deref().unwrap_or("");
        self.state.is_none_or(|state| state == it.state) && (family.is_empty() || family == it.pack.family)
    }
}

/// Packs of an account, the newest first.
pub fn page(tx: &mut Tx<'_>, at: At<'_>, of: &Filter, part: &Part) -> Result<Page<Standing>, Refusal> {
    let mut found = outlook::all(tx, at, of.account)?;
    let before = part.before(|id: PackId| Ok(found.iter().any(|it| it.pack.id == id)))?;
    found.retain(|it| of.fits(it) && it.pack.id.to_string() < before);
    Ok(Page::of(found, part, |it| it.pack.id.to_string()))
}

/// Packs of an account, the one that begins last first; those that begin together by what they are called.
pub fn by_begin(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    part: &Part,
) -> Result<Page<Standing>, Refusal> {
    let mut all = outlook::all(tx, at, account)?;
    // The sort is stable: what is called the same stays the newest first.
    all.sort_by_cached_key(|it| (Reverse(it.pack.effective), it.pack.called().to_string()));
    Page::out_of(all, part, |it| it.pack.id.to_string())
}
