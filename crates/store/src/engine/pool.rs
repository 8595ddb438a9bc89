//! Connections that are used in turn, so many at once at most.
//!
//! In:  how to open one. Out: one for as long as a closure runs.
//! Invariant: a connection whose closure panicked is never used again, and its place is free at once.

use super::StoreError;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// At most `most` connections; whoever comes when all are lent waits for one.
pub(super) struct Pool<T> {
    most: usize,
    state: Mutex<State<T>>,
    returned: Condvar,
}

struct State<T> {
    idle: Vec<T>,
    lent: usize,
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
        let state = Mutex::new(State { idle: Vec::new(), lent: 0 });
        Pool { most, state, returned: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        // Nothing that runs while it is held can panic half way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` with a connection: one that is idle, or a new one. It stays if it is `usable` afterwards.
    pub fn with<R, E: From<StoreError>>(
        &self,
        open: impl FnOnce() -> Result<T, StoreError>,
        usable: impl FnOnce(&T) -> bool,
        work: impl FnOnce(&mut T) -> Result<R, E>,
    ) -> Result<R, E> {
        let (_place, idle) = self.place();
        let mut connection = match idle {
            Some(connection) => connection,
            None => open()?,
        };
        let done = work(&mut connection);
        if usable(&connection) {
            self.state().idle.push(connection);
        }
        done
    }

    fn place(&self) -> (Place<'_, T>, Option<T>) {
        let full = |state: &mut State<T>| state.lent >= self.most;
        let waited = self.returned.wait_while(self.state(), full);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.lent += 1;
        (Place(self), state.idle.pop())
    }
}

#[cfg(test)]
mod tests;
