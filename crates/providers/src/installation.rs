//! The key of an installation: signs what others are to believe, seals what nobody else is to read.
//!
//! In:  32 random bytes as text, which every node is given and no database holds. Out: signatures, sealed texts.
//! Invariant: the key is never printed by `Debug`; what is sealed for one purpose is not opened for another.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use std::fmt;

/// What the text of a key begins with, so that scanners for leaked keys find it.
const KEY: &str = "till_installation_";
/// What the public half begins with.
const PUBLIC: &str = "ed25519:";
/// What a sealed text begins with.
const SEALED: &str = "sealed1:";
const SEED: usize = 32;

/// Why a key does not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstallationError {
    #[error("this is no installation's key: it is written till_installation_ and 64 hexadecimal digits")]
    Unreadable,
    #[error("this machine has no random numbers")]
    NoRandom,
    #[error(
        "a secret was sealed with another installation's key, or for somebody else; give this node the right key"
    )]
    NotOpened,
    #[error("a secret is sealed, and this node has no installation's key; give it the key")]
    NoKey,
}

/// The text of a new key. Errors: `NoRandom`.
pub fn fresh() -> Result<String, InstallationError> {
    let mut seed = [0; SEED];
    SystemRandom::new().fill(&mut seed).map_err(|_| InstallationError::NoRandom)?;
    Ok(format!("{KEY}{}", hex(&seed)))
}

/// The key of an installation.
pub struct InstallationKey {
    pair: Ed25519KeyPair,
    sealing: LessSafeKey,
}

/// The public half only.
impl fmt::Debug for InstallationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InstallationKey({})", self.public())
    }
}

impl InstallationKey {
    /// Reads the text of a key. Errors: `Unreadable`.
    pub fn parse(text: &str) -> Result<InstallationKey, InstallationError> {
        let seed = text.trim().strip_prefix(KEY).and_then(bytes).filter(|it| it.len() == SEED);
        let seed = seed.ok_or(InstallationError::Unreadable)?;
        let wrong = |_| InstallationError::Unreadable;
        let drawn = Salt::new(HKDF_SHA256, b"cloudtill").extract(&seed);
        let sealing = drawn.expand(&[b"secrets at rest"], &CHACHA20_POLY1305).map_err(wrong)?;
        Ok(InstallationKey {
            pair: Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| InstallationError::Unreadable)?,
            sealing: LessSafeKey::new(UnboundKey::from(sealing)),
        })
    }

    /// The public half: `ed25519:` and 64 hexadecimal digits.
    pub fn public(&self) -> String {
        format!("{PUBLIC}{}", hex(self.pair.public_key().as_ref()))
    }

    /// An Ed25519 signature, as hexadecimal digits.
    pub fn sign(&self, message: &[u8]) -> String {
        hex(self.pair.sign(message).as_ref())
    }

    /// Seals `text` for `purpose`: nobody reads it without the key, and it opens for that purpose only. A text that is
    /// sealed is left as it is. Errors: `NoRandom`.
    pub fn seal(&self, purpose: &str, text: &str) -> Result<String, InstallationError> {
        if is_sealed(text) {
            return Ok(text.to_string());
        }
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| InstallationError::NoRandom)?;
        let mut sealed = text.as_bytes().to_vec();
        self.sealing
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(purpose.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| InstallationError::NotOpened)?;
        Ok(format!("{SEALED}{}{}", hex(&nonce), hex(&sealed)))
    }

    /// The text that was sealed for `purpose`. Errors: `NotOpened`.
    fn opened(&self, purpose: &str, sealed: &str) -> Result<String, InstallationError> {
        let wrong = InstallationError::NotOpened;
        let all = sealed.strip_prefix(SEALED).and_then(bytes).filter(|it| it.len() > NONCE_LEN);
        let all = all.ok_or(wrong.clone())?;
        let (nonce, rest) = all.split_at(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| wrong.clone())?;
        let mut rest = rest.to_vec();
        let aad = Aad::from(purpose.as_bytes());
        let text = self.sealing.open_in_place(nonce, aad, &mut rest).map_err(|_| wrong.clone())?;
        String::from_utf8(text.to_vec()).map_err(|_| wrong)
    }
}

/// Whether a text as it is kept is sealed.
pub fn is_sealed(kept: &str) -> bool {
    kept.starts_with(SEALED)
}

/// A text as it was before it was kept for `purpose`; one that is not sealed is that text.
///
/// Errors: `NoKey` for a sealed one without a key, `NotOpened` for one of another key or purpose.
pub fn open(key: Option<&InstallationKey>, purpose: &str, kept: &str) -> Result<String, InstallationError> {
    match (is_sealed(kept), key) {
        (false, _) => Ok(kept.to_string()),
        (true, Some(key)) => key.opened(purpose, kept),
        (true, None) => Err(InstallationError::NoKey),
    }
}

/// Whether whoever has the other half of `public` signed `message`.
pub fn is_signed(public: &str, message: &[u8], signature: &str) -> bool {
    let halves = public.strip_prefix(PUBLIC).and_then(bytes).zip(bytes(signature));
    halves.is_some_and(|(key, signature)| {
        UnparsedPublicKey::new(&ED25519, key).verify(message, &signature).is_ok()
    })
}

/// Bytes as hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    let digit = |it: u8| char::from(b"0123456789abcdef"[usize::from(it & 15)]);
    bytes.iter().flat_map(|it| [digit(it >> 4), digit(*it)]).collect()
}

/// The bytes that hexadecimal digits say; `None` for what are none.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        hex.chars().map(|it| it.to_digit(16).and_then(|it| u8::try_from(it).ok())).collect();
    let (pairs, rest) = (digits.as_ref()?.chunks_exact(2), digits.as_ref()?.len() % 2);
    (rest == 0).then(|| pairs.map(|it| it[0] << 4 | it[1]).collect())
}

#[cfg(test)]
mod tests;
