//! Keys with which a provider signs, and what they signed.
//!
//! In:  the keys that it publishes; a message with its signature. Out: whether one of the keys made it.
//! Invariant: only algorithms with a public key are known: none without one, and none whose key would be a secret of both.
//! Source: RFC 7517, RFC 7518, RFC 8037.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use serde::Deserialize;

/// A key as it is published. What is not known of it is left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Key {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    used_for: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// Keys as they are published.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Keys {
    pub(super) keys: Vec<Key>,
}

/// How a signature of an algorithm is checked.
#[derive(Clone, Copy)]
enum Way {
    Rsa(&'static RsaParameters),
    /// The curve, and what is computed on it.
    Point(&'static str, &'static dyn VerificationAlgorithm),
    Edwards,
}

/// How signatures of this algorithm are checked; `None` for one that is not known here.
fn way(algorithm: &str) -> Option<Way> {
    Some(match algorithm {
        "RS256" => Way::Rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
        "RS384" => Way::Rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
        "RS512" => Way::Rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
        "PS256" => Way::Rsa(&signature::RSA_PSS_2048_8192_SHA256),
        "PS384" => Way::Rsa(&signature::RSA_PSS_2048_8192_SHA384),
        "PS512" => Way::Rsa(&signature::RSA_PSS_2048_8192_SHA512),
        "ES256" => Way::Point("P-256", &signature::ECDSA_P256_SHA256_FIXED),
        "ES384" => Way::Point("P-384", &signature::ECDSA_P384_SHA384_FIXED),
        "EdDSA" | "Ed25519" => Way::Edwards,
        _ => return None,
    })
}

/// Whether signatures of this algorithm can be checked.
pub(super) fn is_known(algorithm: &str) -> bool {
    way(algorithm).is_some()
}

/// Something with the signature of whoever made it.
#[derive(Clone, Copy)]
pub(super) struct Signed<'a> {
    pub algorithm: &'a str,
    /// The name of the key, where it is said.
    pub kid: Option<&'a str>,
    pub message: &'a [u8],
    pub signature: &'a [u8],
}

impl Signed<'_> {
    /// Whether one of the keys made the signature.
    pub(super) fn is_by(&self, keys: &[Key]) -> bool {
        keys.iter().filter(|it| it.may_have_signed(self)).any(|it| it.has_signed(self).unwrap_or(false))
    }
}

impl Key {
    /// Whether the key is for that, by what is said of it.
    fn may_have_signed(&self, it: &Signed<'_>) -> bool {
        let is_named = self.kid.as_deref().zip(it.kid).is_none_or(|(own, wanted)| own == wanted);
        let is_for_it = self.alg.as_deref().is_none_or(|own| own == it.algorithm);
        is_named && is_for_it && self.used_for.as_deref().is_none_or(|own| own == "sig")
    }

    /// Whether the key made the signature; `None` for a key of another kind, and for one that cannot be read.
    fn has_signed(&self, it: &Signed<'_>) -> Option<bool> {
        match way(it.algorithm)? {
            Way::Rsa(parameters) if self.kty == "RSA" => {
                let (n, e) = (bytes(&self.n)?, bytes(&self.e)?);
                let key = RsaPublicKeyComponents { n: &n, e: &e };
                Some(key.verify(parameters, it.message, it.signature).is_ok())
            }
            Way::Point(curve, algorithm) if self.kty == "EC" && self.crv.as_deref() == Some(curve) => {
                let point = [vec![4], bytes(&self.x)?, bytes(&self.y)?].concat();
                Some(UnparsedPublicKey::new(algorithm, point).verify(it.message, it.signature).is_ok())
            }
            Way::Edwards if self.kty == "OKP" && self.crv.as_deref() == Some("Ed25519") => {
                let key = UnparsedPublicKey::new(&signature::ED25519, bytes(&self.x)?);
                Some(key.verify(it.message, it.signature).is_ok())
            }
            Way::Rsa(_) | Way::Point(..) | Way::Edwards => None,
        }
    }
}

fn bytes(text: &Option<String>) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.as_deref()?.trim_end_matches('=')).ok()
}
