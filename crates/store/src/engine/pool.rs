//! Connections that are used in turn, so many at once at most.
//!
//! In:  how to open one. Out: one for as long as a closure runs.
//! Invariant: a connection whose closure panicked is never used again, and its place is free at once.

use super::StoreError;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Connections for short operations: more would only wait for one another.
pub const SHORT_AT_ONCE: usize = 32;
/// Connections for reports, beside those.
pub const REPORTS_AT_ONCE: usize = 4;

/// At most `most` connections; whoever comes when all are lent waits for one.
pub(super) struct Pool<T> {
    most: usize,
    state: Mutex<State<T>>,
    returned: Condvar,
}

struct State<T> {
    idle: Vec<T>,
    lent: usize,
    waiting: usize,
}

/// How many connections there are, and how many want one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolUse {
    pub most: usize,
    pub lent: usize,
    pub idle: usize,
    pub waiting: usize,
}

/// The place of a connection that is lent.
struct Place<'p, T>(&'p Pool<T>);

impl<T> Drop for Place<'_, T> {
    fn drop(&mut self) {
        self.0.state().lent -= 1;
        self.0.returned.notify_one();
    }
}

impl<T> Pool<T> {
    pub fn new(most: usize) -> Pool<T> {
        let state = Mutex::new(State { idle: Vec::new(), lent: 0, waiting: 0 });
        Pool { most, state, returned: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        // Nothing that runs while it is held can panic half way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How it is used now.
    pub fn use_now(&self) -> PoolUse {
        let state = self.state();
        PoolUse { most: self.most, lent: state.lent, idle: state.idle.len(), waiting: state.waiting }
    }

    /// Lets go of the connections that nobody uses.
    pub fn forget_idle(&self) {
        // They are closed when the pool can be used again: that may take a while.
        let idle = std::mem::take(&mut self.state().idle);
        drop(idle);
    }

    /// Runs `work` with the connection that `open` makes of an idle one, or of none. It stays if it is `usable` afterwards.
    pub fn with<R, E: From<StoreError>>(
        &self,
        open: impl FnOnce(Option<T>) -> Result<T, StoreError>,
        usable: impl FnOnce(&T) -> bool,
        work: impl FnOnce(&mut T) -> Result<R, E>,
    ) -> Result<R, E> {
        let (_place, idle) = self.place();
        let mut connection = open(idle)?;
        let done = work(&mut connection);
        if usable(&connection) {
            self.state().idle.push(connection);
        }
        done
    }

    fn place(&self) -> (Place<'_, T>, Option<T>) {
        let full = |state: &mut State<T>| state.lent >= self.most;
        let mut state = self.state();
        state.waiting += 1;
        let waited = self.returned.wait_while(state, full);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.waiting -= 1;
        state.lent += 1;
        (Place(self), state.idle.pop())
    }
}

#[cfg(test)]
mod tests;
