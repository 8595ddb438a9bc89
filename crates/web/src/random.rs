//! Random numbers: names of what its maker did not name, and secrets.
//!
//! Invariant: a secret is random or it is not made.

use super::problem::Problem;
use desk::journal::{digest, hex};

/// A name that nothing else has.
pub fn fresh(what: &str) -> String {
    let mut bytes = [0_u8; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => format!("{what}-{}", hex(&bytes)),
        Err(error) => {
            tracing::error!("no random numbers: {error}");
            format!("{what}-{:?}", std::time::Instant::now())
        }
    }
}

/// So many random bytes as hexadecimal digits, not all of them 0.
pub fn hexadecimal<const BYTES: usize>() -> String {
    let mut bytes = [0_u8; BYTES];
    match getrandom::fill(&mut bytes) {
        Ok(()) if bytes.iter().any(|it| *it != 0) => hex(&bytes),
        Ok(()) | Err(_) => {
            let instant = format!("{:?}", std::time::Instant::now());
            digest(instant.as_bytes()).chars().take(2 * BYTES).collect()
        }
    }
}

/// The text of a new key: a prefix that scanners for leaked keys can look for, and random bits.
pub fn key() -> Result<String, Problem> {
    Ok(format!("till_live_{}", hex(&bits()?)))
}

/// The secret of a new webhook, in the form of the Standard Webhooks specification.
pub fn webhook_secret() -> Result<String, Problem> {
    Ok(providers::webhook::secret(bits()?))
}

/// 256 random bits as hexadecimal digits: what a browser shows, or the text of a link.
pub fn secret() -> Result<String, Problem> {
    Ok(hex(&bits()?))
}

/// 256 random bits. Errors: `internal` where the machine has none.
fn bits() -> Result<[u8; 32], Problem> {
    bytes()
}

/// So many random bytes. Errors: `internal` where the machine has none.
pub fn bytes<const BYTES: usize>() -> Result<[u8; BYTES], Problem> {
    let mut bits = [0_u8; BYTES];
    getrandom::fill(&mut bits).map_err(|error| {
        tracing::error!("no random numbers: {error}");
        Problem::internal()
    })?;
    Ok(bits)
}
