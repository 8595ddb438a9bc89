//! Passwords: hashed, and held against their hash. Nobody keeps one.
//!
//! In:  a password. Out: its argon2id hash with its own salt and costs, or whether it is the right one.
//! Invariant: a person who is not there costs as much as one who is; few are hashed at once, since each takes 19 MiB and
//! a core for some hundredths of a second.

use super::code::Own;
use super::problem::Problem;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How many are hashed at once on a node; the others wait.
const AT_ONCE: usize = 2;
/// So long a sign-in waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);

/// What a password is held against when nobody is there: the hash of something random.
fn nobody() -> &'static str {
    static HASH: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    HASH.get_or_init(|| hashed(&super::random::fresh("nobody")).unwrap_or_default())
}

/// The hash of a password, in the PHC form. Errors: `internal` where the machine has no random numbers.
pub fn hashed(password: &str) -> Result<String, Problem> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    Ok(hash.map_err(|error| failed(&error))?.to_string())
}

fn failed(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!("a password is not hashed: {error}");
    Problem::internal()
}

/// Whether `password` is the one of this hash; never for nobody.
fn is_right(password: &str, hash: Option<&str>) -> bool {
    let Ok(read) = PasswordHash::new(hash.unwrap_or_else(|| nobody())) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &read).is_ok() && hash.is_some()
}

/// Hashes a password when it is its turn, off the event loop. Errors: `busy` when too many wait.
pub async fn hash(password: String) -> Result<String, Problem> {
    in_turn(move || hashed(&password)).await?
}

/// Holds a password against its hash when it is its turn, off the event loop. Errors: `busy` when too many wait.
pub async fn check(password: String, hash: Option<String>) -> Result<bool, Problem> {
    in_turn(move || is_right(&password, hash.as_deref())).await
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let busy = || Problem {
        retry_after: Some(PATIENCE.as_secs()),
        ..Problem::new(Own::Busy, "many sign in just now; try again in a moment")
    };
    let turn = tokio::time::timeout(PATIENCE, TURNS.acquire()).await;
    let _turn = turn.map_err(|_| busy())?.map_err(|_| busy())?;
    tokio::task::spawn_blocking(work).await.map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests;
