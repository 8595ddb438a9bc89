//! One operation at work: by which desk and when, who listens, and what it has decided so far.
//!
//! In:  the accounts that it concerns. Out: a sheet, which `after::finish` writes and works off.
//! Invariant: what is noted here is not written yet, so that an operation reads before it notes.

use super::events::Ears;
use super::sheet::Sheet;
use super::{At, Refusal};
use store::Tx;
use units::AccountId;

/// What an operation works by and what it decided.
#[derive(Debug)]
pub struct Act<'a> {
    pub at: At<'a>,
    pub ears: Ears,
    pub sheet: Sheet,
}

impl<'a> Act<'a> {
    /// An operation that concerns these accounts. One read, however many.
    pub fn on(
        tx: &mut Tx<'_>,
        at: At<'a>,
        accounts: impl IntoIterator<Item = AccountId>,
    ) -> Result<Act<'a>, Refusal> {
        Ok(Act { at, ears: Ears::of(tx, accounts)?, sheet: Sheet::default() })
    }

    /// Notes what `work` decides; of what it refuses, nothing.
    pub fn attempt<T>(
        &mut self,
        work: impl FnOnce(&mut Act<'a>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let before = std::mem::take(&mut self.sheet);
        let done = work(self);
        let page = std::mem::replace(&mut self.sheet, before);
        if done.is_ok() {
            self.sheet.append(page);
        }
        done
    }
}
