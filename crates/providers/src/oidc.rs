//! An OpenID provider: where a browser goes to prove who somebody is, and what is said of who comes back.
//!
//! In:  how the till is registered there; a code that a browser brought back. Out: an address to go to; issuer, subject and
//! verified mail address of a person.
//! Invariant: nothing is believed that the provider did not sign for this till and this very sign-in; every question to it ends
//! within a time. What it says of itself is kept until it is asked again, so that no page waits for it.
//! Source: OpenID Connect Core 1.0, 3.1; OpenID Connect Discovery 1.0, 4; RFC 7636.

mod ask;
mod keys;
mod registration;
mod token;

use ask::{AskError, Line};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use billing::vouched::{Subject, Vouched};
use keys::{Key, Keys};
pub use registration::{IssuerError, Registration};
use reqwest::Url;
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};
pub use token::TokenError;
use token::{Claims, Expected, Mail};
use tokio::sync::Semaphore;

/// So many who come back are asked about at once; the others begin anew.
const AT_ONCE: usize = 16;

/// Why somebody is not vouched for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    #[error("the provider cannot be asked: {0}")]
    Away(String),
    #[error(transparent)]
    Issuer(#[from] IssuerError),
    #[error("the provider calls itself {0}: write it so after --oidc-issuer")]
    OtherIssuer(String),
    #[error("the provider refuses this till: check --oidc-client-id and --oidc-client-secret")]
    Client,
    #[error("the provider does not take the code that the browser brought")]
    Code,
    #[error("what the provider says is not believed: {0}")]
    Token(#[from] TokenError),
    #[error("the provider names no mail address that it verified")]
    Mail,
}

impl From<AskError> for OidcError {
    fn from(error: AskError) -> OidcError {
        OidcError::Away(error.to_string())
    }
}

/// One sign-in, from where a browser leaves to where it comes back; all of it known to that browser alone.
#[derive(Clone, Copy, Debug)]
pub struct Journey<'a> {
    /// Comes back with the browser.
    pub state: &'a str,
    /// Comes back in what the provider signs.
    pub nonce: &'a str,
    /// Shown with the code, of which the provider was shown the hash: 43 to 128 letters and digits.
    pub verifier: &'a str,
    /// Where the browser comes back to, as it is registered.
    pub back: &'a str,
}

/// How a client proves who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Proof {
    InHead,
    InBody,
}

/// What a provider says of itself.
#[derive(Clone, Debug)]
struct Found {
    authorize: Url,
    token: Url,
    person: Option<Url>,
    proof: Proof,
    keys: Vec<Key>,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    id_token: String,
}

/// What a provider says of a person when it is asked for it.
#[derive(Deserialize)]
struct Person {
    sub: String,
    #[serde(flatten)]
    mail: Mail,
}

/// An OpenID provider.
#[derive(Debug)]
pub struct Provider {
    registration: Registration,
    line: Line,
    found: RwLock<Option<Arc<Found>>>,
    turns: Semaphore,
}

impl Provider {
    /// A provider that was not asked yet. Errors: its address is none, or there is no client for HTTP.
    pub fn new(registration: Registration) -> Result<Provider, OidcError> {
        registration.discovery()?;
        let line = Line::new().map_err(|error| OidcError::Away(error.to_string()))?;
        Ok(Provider { registration, line, found: RwLock::default(), turns: Semaphore::new(AT_ONCE) })
    }

    pub fn registration(&self) -> &Registration {
        &self.registration
    }

    /// Whether it answered when it was asked last.
    pub fn is_there(&self) -> bool {
        self.known().is_ok()
    }

    /// Asks the provider where everything is and with which keys it signs, and keeps that; nothing is known of one that does
    /// not answer.
    pub async fn look(&self) -> Result<(), OidcError> {
        let found = self.looked().await;
        let mut kept = self.found.write().unwrap_or_else(PoisonError::into_inner);
        *kept = found.as_ref().ok().cloned().map(Arc::new);
        found.map(drop)
    }

    async fn looked(&self) -> Result<Found, OidcError> {
        let document: Document = self.line.read(&self.registration.discovery()?, None).await?;
        if document.issuer != self.registration.issuer {
            return Err(OidcError::OtherIssuer(document.issuer.chars().take(200).collect()));
        }
        let keys: Keys = self.line.read(&registration::address(&document.jwks_uri)?, None).await?;
        // What is not said is the head. Source: OpenID Connect Discovery 1.0, 3.
        let methods = document.token_endpoint_auth_methods_supported;
        let is_taken = |way: &str| methods.as_ref().is_none_or(|it| it.iter().any(|it| it == way));
        Ok(Found {
            authorize: registration::address(&document.authorization_endpoint)?,
            token: registration::address(&document.token_endpoint)?,
            person: document.userinfo_endpoint.as_deref().map(registration::address).transpose()?,
            proof: if is_taken("client_secret_basic") { Proof::InHead } else { Proof::InBody },
            keys: keys.keys,
        })
    }

    fn known(&self) -> Result<Arc<Found>, OidcError> {
        let found = self.found.read().unwrap_or_else(PoisonError::into_inner).clone();
        found.ok_or_else(|| OidcError::Away("it did not answer when it was asked last".into()))
    }

    /// Where a browser goes to. Errors: `Away`.
    pub fn departure(&self, journey: Journey<'_>) -> Result<String, OidcError> {
        let mut url = self.known()?.authorize.clone();
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, journey.verifier.as_bytes()));
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.registration.client_id)
            .append_pair("redirect_uri", journey.back)
            .append_pair("scope", "openid email")
            .append_pair("state", journey.state)
            .append_pair("nonce", journey.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        Ok(url.into())
    }

    /// Who came back with this code. Errors: why nobody is vouched for.
    pub async fn vouched(&self, code: &str, journey: Journey<'_>) -> Result<Vouched, OidcError> {
        let busy = |_| OidcError::Away("too many come back at once".into());
        let _turn = self.turns.try_acquire().map_err(busy)?;
        let found = self.known()?;
        let tokens = self.exchanged(&found, code, journey).await?;
        let claims = self.believed(&found, &tokens.id_token, journey.nonce).await?;
        let mail = match claims.mail.email {
            Some(_) => claims.mail.verified(),
            None => self.told(&found, &tokens.access_token, &claims.sub).await?.verified(),
        };
        let subject = Subject { issuer: self.registration.issuer.clone(), name: claims.sub };
        Ok(Vouched { subject, mail: mail.ok_or(OidcError::Mail)? })
    }

    /// Tokens for a code. Errors: `Code` for one that is over, was used, or is another browser's.
    async fn exchanged(&self, found: &Found, code: &str, journey: Journey<'_>) -> Result<Tokens, OidcError> {
        let (form, client) = self.form(found.proof, code, journey);
        self.line.post(&found.token, form, client).await.map_err(|error| match &error {
            AskError::Refused { code, .. } if code == "invalid_grant" => OidcError::Code,
            AskError::Refused { status: 401, .. } => OidcError::Client,
            AskError::Refused { code, .. } if code == "invalid_client" => OidcError::Client,
            AskError::Refused { .. } | AskError::Away(_) | AskError::Large | AskError::Unreadable => {
                error.into()
            }
        })
    }

    /// What is sent for tokens, and name and secret of the client where they go in the head.
    fn form(&self, proof: Proof, code: &str, journey: Journey<'_>) -> (String, Option<(String, String)>) {
        let Registration { client_id, client_secret, .. } = &self.registration;
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", journey.back)
            .append_pair("code_verifier", journey.verifier);
        // In the head both are encoded as in a form. Source: RFC 6749, 2.3.1.
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let client = match proof {
            Proof::InHead => Some((encoded(client_id), encoded(client_secret))),
            Proof::InBody => {
                form.append_pair("client_id", client_id).append_pair("client_secret", client_secret);
                None
            }
        };
        (form.finish(), client)
    }

    /// What a token says. Where none of the known keys signed it, the provider is asked once for those of now.
    async fn believed(&self, found: &Found, text: &str, nonce: &str) -> Result<Claims, OidcError> {
        let Registration { issuer, client_id, .. } = &self.registration;
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
        let now = i64::try_from(seconds).unwrap_or(i64::MAX);
        let expected = Expected { issuer, client: client_id, nonce, now };
        match token::claims(text, &found.keys, &expected) {
            Err(TokenError::Signature) => {
                self.look().await?;
                Ok(token::claims(text, &self.known()?.keys, &expected)?)
            }
            told => Ok(told?),
        }
    }

    /// What the provider says of the person's mail address when it is asked for it. Source: OpenID Connect Core 1.0, 5.3.
    async fn told(&self, found: &Found, token: &str, subject: &str) -> Result<Mail, OidcError> {
        let Some(url) = &found.person else { return Ok(Mail::default()) };
        let person: Person = self.line.read(url, Some(token)).await?;
        match person.sub == subject {
            true => Ok(person.mail),
            false => Err(TokenError::Subject.into()),
        }
    }
}

#[cfg(test)]
mod tests;
