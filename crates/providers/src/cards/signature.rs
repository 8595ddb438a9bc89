//! Signatures of the gateway's webhooks.
//!
//! In:  the header `Stripe-Signature`, a body, the secret, the time. Out: nothing, or why it is not believed.
//! Invariant: the time in it is signed too, and one that is too old, or of a time to come, is refused.
//! Source: Stripe, "verify webhook signatures manually".

use billing::payment::CardError;
use ring::hmac::{HMAC_SHA256, Key, verify};

/// How old a signature may be, in seconds.
pub const TOLERANCE_SECONDS: i64 = 300;

/// Checks that `body` was signed with `secret`, at about `now`, in Unix seconds. Errors: `Signature`, `OldSignature`.
pub fn check(header: &str, body: &[u8], secret: &str, now: i64) -> Result<(), CardError> {
    let parts = || header.split(',').filter_map(|it| it.trim().split_once('='));
    let stamp = parts().find(|it| it.0 == "t").map(|it| it.1).ok_or(CardError::Signature)?;
    let at: i64 = stamp.parse().map_err(|_| CardError::Signature)?;
    let signed = [stamp.as_bytes(), b".", body].concat();
    let key = Key::new(HMAC_SHA256, secret.as_bytes());
    let is_right = |hex: &str| bytes(hex).is_some_and(|it| verify(&key, &signed, &it).is_ok());
    if !parts().filter(|it| it.0 == "v1").any(|it| is_right(it.1)) {
        return Err(CardError::Signature);
    }
    let age = now.saturating_sub(at);
    if age.abs() > TOLERANCE_SECONDS {
        return Err(CardError::OldSignature(age));
    }
    Ok(())
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.chunks(2).map(byte).collect()
}

#[cfg(test)]
mod tests;
