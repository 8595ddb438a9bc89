//! Whoever is connected: whether a valid key was shown on this connection.
//!
//! In:  an identity that was proved on it. Out: whether one was.
//! Invariant: who has shown a key once is no stranger again on the same connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whoever is connected; every request of the connection carries it.
#[derive(Clone, Debug, Default)]
pub struct Guest(Arc<AtomicBool>);

impl Guest {
    /// A valid key was shown.
    pub fn has_shown_a_key(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether none was shown yet.
    pub fn is_stranger(&self) -> bool {
        !self.0.load(Ordering::Relaxed)
    }
}
