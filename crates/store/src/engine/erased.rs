//! A transaction without the types of its closure, so that engines are compiled once and not once for each closure.
//!
//! In:  closures over a transaction. Out: what they returned, or why the database kept nothing.
//! Invariant: what the engines see of a closure's error is only what they act on; the error itself waits outside.

use super::error::AsStoreError;
use super::{StoreError, Tx};

/// A closure over a transaction; what it returns waits with whoever made it.
pub(super) type Work<'w> = dyn FnMut(&mut Tx<'_>) -> Result<(), Undone> + 'w;

/// Why nothing of a transaction is kept.
pub(super) enum Undone {
    /// The database did not take it.
    Store(StoreError),
    /// The closure ended with an error.
    Refused(Standing),
}

/// What an error means for the transaction that it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The same again may succeed.
    Passing,
    /// There was no room.
    Full,
    /// The line to the database broke or fell silent.
    Broken,
    /// The same again would end as it did.
    Final,
}

impl Standing {
    fn of(error: &StoreError) -> Standing {
        if error.is_passing() {
            Standing::Passing
        } else if error.is_full() {
            Standing::Full
        } else if error.is_broken_link() {
            Standing::Broken
        } else {
            Standing::Final
        }
    }
}

impl Undone {
    pub fn standing(&self) -> Standing {
        match self {
            Undone::Store(error) => Standing::of(error),
            Undone::Refused(standing) => *standing,
        }
    }
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Undone {
        Undone::Store(error)
    }
}

/// Has `run` run `work`, as often as it likes, and gives what the last time came to.
pub(super) fn erased<T, E: From<StoreError> + AsStoreError>(
    mut work: impl FnMut(&mut Tx<'_>) -> Result<T, E>,
    run: impl FnOnce(&mut Work<'_>) -> Result<(), Undone>,
) -> Result<T, E> {
    let mut last = None;
    let done = run(&mut |tx| {
        let came = work(tx);
        let refused = came.as_ref().err().map(|it| it.store_error().map_or(Standing::Final, Standing::of));
        last = Some(came);
        refused.map_or(Ok(()), |it| Err(Undone::Refused(it)))
    });
    match (done, last) {
        (Err(Undone::Store(error)), _) => Err(error.into()),
        (Ok(()) | Err(Undone::Refused(_)), Some(came)) => came,
        (Ok(()) | Err(Undone::Refused(_)), None) => {
            Err(StoreError::Setup("a transaction ended before it began".into()).into())
        }
    }
}
