//! Keys that called lately.
//!
//! Invariant: what is known is believed for a second at most, and no longer than until it is forgotten.

use desk::keys;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a key that was looked up is believed. On one node, ending a key acts at once.
const BELIEVED: Duration = Duration::from_secs(1);
const MOST_KNOWN: usize = 10_000;

/// Keys that called lately, by their hash.
#[derive(Default)]
pub struct KnownKeys(Mutex<HashMap<String, (Instant, keys::Key)>>);

impl KnownKeys {
    fn keys(&self) -> MutexGuard<'_, HashMap<String, (Instant, keys::Key)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what was looked up, after a key was ended.
    pub fn forget(&self) {
        self.keys().clear();
    }

    /// The key of this hash, if it was looked up a moment ago.
    pub fn get(&self, hash: &str) -> Option<keys::Key> {
        self.keys().get(hash).filter(|it| it.0.elapsed() < BELIEVED).map(|it| it.1.clone())
    }

    /// Remembers a key that was looked up.
    pub fn remember(&self, hash: String, key: &keys::Key) {
        let mut keys = self.keys();
        if keys.len() >= MOST_KNOWN {
            keys.clear();
        }
        keys.insert(hash, (Instant::now(), key.clone()));
    }
}
