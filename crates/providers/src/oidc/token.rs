//! ID tokens: what a provider says of somebody, signed.
//!
//! In:  the text of a token, the provider's keys, what the token is to be about. Out: what it says, or why it is not believed.
//! Invariant: nothing of a token is believed before its signature is right; a token is for this till and this very sign-in.
//! Source: OpenID Connect Core 1.0, 2 and 3.1.3.7; RFC 7515, 5.2; RFC 8725, 3.

use super::keys::{self, Key, Signed};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Seconds by which clocks may differ.
const APART: i64 = 60;
/// Characters of a subject. Source: OpenID Connect Core 1.0, 2.
const LONGEST_SUBJECT: usize = 255;

/// Why a token is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("it cannot be read")]
    Unreadable,
    #[error("its algorithm `{0}` is none that is taken here")]
    Algorithm(String),
    #[error("none of the provider's keys signed it")]
    Signature,
    #[error("it is by another issuer")]
    Issuer,
    #[error("it is for somebody else")]
    Audience,
    #[error("it is over, or not yet good: compare the clocks of both machines")]
    Time,
    #[error("it is about another sign-in")]
    Nonce,
    #[error("it does not say, or not twice the same, whom it is about")]
    Subject,
}

#[derive(Deserialize)]
struct Head {
    alg: String,
    kid: Option<String>,
    /// What has to be understood, and is not here.
    crit: Option<Value>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Claims {
    iss: String,
    pub(super) sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: Option<i64>,
    nbf: Option<i64>,
    nonce: Option<String>,
    #[serde(flatten)]
    pub(super) mail: Mail,
}

/// What a provider says of somebody's mail address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Mail {
    pub(super) email: Option<String>,
    email_verified: Option<Value>,
}

impl Mail {
    /// The address in small letters, where the provider verified it.
    pub(super) fn verified(&self) -> Option<String> {
        let is_verified = self.email_verified == Some(Value::Bool(true));
        billing::user::mail(self.email.as_deref().filter(|_| is_verified)?).ok()
    }
}

/// What a token is to be about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'a> {
    pub issuer: &'a str,
    pub client: &'a str,
    pub nonce: &'a str,
    /// Seconds since 1970.
    pub now: i64,
}

/// What a token says that one of `keys` signed and that is what was expected. Errors: why it is not believed.
pub(super) fn claims(text: &str, keys: &[Key], expected: &Expected<'_>) -> Result<Claims, TokenError> {
    let (message, signature) = text.rsplit_once('.').ok_or(TokenError::Unreadable)?;
    let (head, body) = message.split_once('.').ok_or(TokenError::Unreadable)?;
    let head: Head = part(head)?;
    if head.crit.is_some() || !keys::is_known(&head.alg) {
        return Err(TokenError::Algorithm(head.alg.chars().take(20).collect()));
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| TokenError::Unreadable)?;
    let (kid, message) = (head.kid.as_deref(), message.as_bytes());
    let signed = Signed { algorithm: &head.alg, kid, message, signature: &signature };
    if !signed.is_by(keys) {
        return Err(TokenError::Signature);
    }
    let claims: Claims = part(body)?;
    check(&claims, expected)?;
    Ok(claims)
}

fn part<T: DeserializeOwned>(text: &str) -> Result<T, TokenError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| TokenError::Unreadable)?;
    serde_json::from_slice(&bytes).map_err(|_| TokenError::Unreadable)
}

fn check(it: &Claims, expected: &Expected<'_>) -> Result<(), TokenError> {
    let Expected { issuer, client, nonce, now } = *expected;
    let is_for_us = match &it.aud {
        Audience::One(one) => one == client,
        // Whom it is for besides is nobody that is known here.
        Audience::Several(all) => !all.is_empty() && all.iter().all(|one| one == client),
    };
    let is_over = it.exp.saturating_add(APART) <= now;
    let is_early = it.iat.into_iter().chain(it.nbf).any(|from| from > now.saturating_add(APART));
    let is_named = (1..=LONGEST_SUBJECT).contains(&it.sub.len()) && !it.sub.chars().any(char::is_control);
    let checks = [
        (it.iss == issuer, TokenError::Issuer),
        (is_for_us && it.azp.as_deref().is_none_or(|it| it == client), TokenError::Audience),
        (!is_over && !is_early, TokenError::Time),
        (it.nonce.as_deref() == Some(nonce), TokenError::Nonce),
        (is_named, TokenError::Subject),
    ];
    checks.into_iter().find(|check| !check.0).map_or(Ok(()), |check| Err(check.1))
}
