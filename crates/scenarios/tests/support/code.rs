//! Codes of a second factor, as an authenticator computes them.
#![allow(dead_code)]

use std::time::{SystemTime, UNIX_EPOCH};
use totp_rs::{Builder, Secret};

/// The code that is shown now for a secret in Base32.
pub fn now(secret: &str) -> String {
    let generator = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    generator.generate(now).to_string()
}
