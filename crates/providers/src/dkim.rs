//! DKIM: a signature that says for which domain a mail was sent.
//!
//! In:  a mail as it is sent, a key. Out: the header that goes on top of it.
//! Invariant: relaxed canonicalisation of header and body; what was signed is what is sent. Source: RFC 6376, RFC 8463.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use std::fmt;

/// The headers that are signed, where they are there; From has to be among them.
const SIGNED: [&str; 12] = [
    "from",
    "reply-to",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "auto-submitted",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "list-id",
];

/// Why mails cannot be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DkimError {
    #[error(
        "this is no private key in PEM: make one with `openssl genrsa 2048` or `openssl genpkey -algorithm ed25519`"
    )]
    Unreadable,
    #[error(
        "the key is no RSA key of 2048 to 8192 bits and no Ed25519 key: make one with `openssl genrsa 2048`"
    )]
    Unusable,
    #[error("`{0}` is no domain or selector: write it such as example.com, or s1")]
    Name(String),
    #[error("this machine could not sign the mail")]
    Failed,
}

enum Key {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
}

/// What signs mails of a domain.
pub struct Dkim {
    domain: String,
    selector: String,
    key: Key,
}

/// Never the key.
impl fmt::Debug for Dkim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dkim({} at {})", self.selector, self.domain)
    }
}

/// A domain or selector as DNS has it: letters, digits, hyphens, points.
fn name(text: &str) -> Result<String, DkimError> {
    let part =
        |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_".contains(&it));
    match text.split('.').all(part) {
        true => Ok(text.to_ascii_lowercase()),
        false => Err(DkimError::Name(text.chars().take(80).collect())),
    }
}

impl Dkim {
    /// A signer for `domain`, whose public half stands in DNS at `selector._domainkey.domain`.
    pub fn new(domain: &str, selector: &str, pem: &str) -> Result<Dkim, DkimError> {
        let (domain, selector) = (name(domain)?, name(selector)?);
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| DkimError::Unreadable)?;
        let key = match &der {
            PrivateKeyDer::Pkcs1(it) => RsaKeyPair::from_der(it.secret_pkcs1_der()).ok().map(rsa),
            PrivateKeyDer::Pkcs8(it) => {
                let bytes = it.secret_pkcs8_der();
                let ed25519 = || Ed25519KeyPair::from_pkcs8_maybe_unchecked(bytes).ok();
                let of_rsa = RsaKeyPair::from_pkcs8(bytes).ok().map(rsa);
                of_rsa.or_else(|| ed25519().map(|it| Key::Ed25519(Box::new(it))))
            }
            // The enumeration of the library is not closed.
            PrivateKeyDer::Sec1(_) | _ => None,
        };
        Ok(Dkim { domain, selector, key: key.ok_or(DkimError::Unusable)? })
    }

    /// The header that is put before `mail`, which ends with a line break. `signed` is in Unix seconds.
    pub fn header(&self, mail: &[u8], signed: i64) -> Result<String, DkimError> {
        let text = String::from_utf8_lossy(mail);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let fields = fields(head);
        let there: Vec<&(String, String)> =
            SIGNED.iter().filter_map(|name| fields.iter().rfind(|it| it.0 == *name)).collect();
        let names: Vec<&str> = there.iter().map(|it| it.0.as_str()).collect();
        let algorithm = match self.key {
            Key::Rsa(_) => "rsa-sha256",
            Key::Ed25519(_) => "ed25519-sha256",
        };
        let (domain, selector) = (&self.domain, &self.selector);
        let hash = STANDARD.encode(digest(&SHA256, relaxed_body(body).as_bytes()));
        // Folded where a line would grow long; the white space is part of what is signed, in its relaxed form.
        let unsigned = format!(
            "v=1; a={algorithm}; c=relaxed/relaxed; d={domain}; s={selector}; t={signed};\r\n h={};\r\n bh={hash};\r\n b=",
            names.join(":")
        );
        let mut all = String::new();
        for (name, value) in there {
            all.push_str(&format!("{name}:{}\r\n", relaxed(value)));
        }
        all.push_str(&format!("dkim-signature:{}", relaxed(&unsigned)));
        let signature = STANDARD.encode(self.sign(all.as_bytes())?);
        Ok(format!("DKIM-Signature: {unsigned}{}\r\n", folded(&signature)))
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, DkimError> {
        match &self.key {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
                    .map_err(|_| DkimError::Failed)?;
                Ok(signature)
            }
            // The hash is what is signed. Source: RFC 8463, 3.
            Key::Ed25519(key) => Ok(key.sign(digest(&SHA256, message).as_ref()).as_ref().to_vec()),
        }
    }
}

fn rsa(key: RsaKeyPair) -> Key {
    Key::Rsa(Box::new(key))
}

/// The fields of a header, names in small letters, values with their folds.
fn fields(head: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in head.split("\r\n") {
        match (line.starts_with([' ', '\t']), found.last_mut()) {
            (true, Some((_, value))) => {
                value.push_str("\r\n");
                value.push_str(line);
            }
            (true, None) => {}
            (false, _) => {
                if let Some((name, value)) = line.split_once(':') {
                    found.push((name.trim().to_ascii_lowercase(), value.to_string()));
                }
            }
        }
    }
    found
}

/// Runs of white space are one space, none at either end. Source: RFC 6376, 3.4.2.
fn relaxed(value: &str) -> String {
    value.split([' ', '\t', '\r', '\n']).filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

/// White space in lines is one space, none at their ends; no empty lines at the end. Source: RFC 6376, 3.4.4.
fn relaxed_body(body: &str) -> String {
    let mut lines: Vec<String> = body.split("\r\n").map(relaxed_line).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.iter().flat_map(|it| [it.as_str(), "\r\n"]).collect()
}

fn relaxed_line(line: &str) -> String {
    let mut relaxed = String::with_capacity(line.len());
    for it in line.trim_end_matches([' ', '\t']).chars() {
        match it {
            ' ' | '\t' if relaxed.ends_with(' ') => {}
            ' ' | '\t' => relaxed.push(' '),
            it => relaxed.push(it),
        }
    }
    relaxed
}

/// Base64 in lines of 72.
fn folded(base64: &str) -> String {
    let lines: Vec<&str> =
        (0..base64.len()).step_by(72).map(|at| &base64[at..(at + 72).min(base64.len())]).collect();
    lines.join("\r\n ")
}

#[cfg(test)]
mod tests;
