//! Anchors: the end of every chain of the audit log at an instant, signed with the installation's key.
//!
//! In:  the books, the key. Out: a text to be kept elsewhere; later, whether all that it says still stands.
//! Invariant: an anchor names the end of each chain by number and hash, and each hash follows from all that came before:
//! so whatever was written up to the anchor cannot be changed, cut off or left out without its saying so.

use super::{Refusal, journal};
use providers::installation::{InstallationKey, is_signed};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::Tx;
pub use store::journal::ChainHead;
use units::Timestamp;

/// The version of the text.
const VERSION: u64 = 1;
/// Under which name it is noted when the audit log was anchored last.
pub const NAME: &str = "anchor";
/// Chains that are looked up at once.
const AT_ONCE: usize = 1_000;

/// Why a text is no anchor of these books.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnchorError {
    #[error("this is no anchor: it is a file that `till audit anchor` wrote ({0})")]
    Unreadable(String),
    #[error("the anchor is not signed by the key {0}: it was changed, or is another installation's")]
    Signature(String),
}

/// The ends of all chains at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub at: Timestamp,
    /// The public half of the key that signed it.
    pub public_key: String,
    /// By name.
    pub chains: Vec<ChainHead>,
    pub signature: String,
}

/// Notes that the audit log was anchored at `now`.
pub fn made(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), Refusal> {
    Ok(store::jobs::ran(tx, NAME, Some(now))?)
}

/// When the audit log was anchored last, as far as that is noted.
pub fn last(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, Refusal> {
    Ok(store::jobs::all(tx)?.into_iter().find(|it| it.name == NAME).and_then(|it| it.last))
}

impl Anchor {
    /// Signs what the audit log holds now.
    pub fn make(tx: &mut Tx<'_>, key: &InstallationKey, now: Timestamp) -> Result<Anchor, Refusal> {
        let mut chains = store::journal::heads(tx)?;
        chains.sort_by(|one, other| one.chain.cmp(&other.chain));
        let signature = key.sign(message(now, &chains).as_bytes());
        Ok(Anchor { at: now, public_key: key.public(), chains, signature })
    }

    /// SHA-256 over the ends of all chains.
    pub fn digest(&self) -> String {
        digest(&self.chains)
    }

    /// As it is kept: JSON, one chain a line.
    pub fn text(&self) -> String {
        let chains: Vec<String> =
            self.chains.iter().map(|it| format!("    {}", json!([it.chain, it.number, it.hash]))).collect();
        format!(
            "{{\n  \"anchor\": {VERSION},\n  \"at\": {},\n  \"public_key\": {},\n  \"digest\": {},\n  \"signature\": {},\n  \
             \"chains\": [\n{}\n  ]\n}}\n",
            json!(self.at.to_string()),
            json!(self.public_key),
            json!(self.digest()),
            json!(self.signature),
            chains.join(",\n")
        )
    }

    /// Reads what `text` gave. Errors: `Unreadable`.
    pub fn parse(text: &str) -> Result<Anchor, AnchorError> {
        let unreadable = |what: &str| AnchorError::Unreadable(what.to_string());
        let all: Value = serde_json::from_str(text).map_err(|error| unreadable(&error.to_string()))?;
        if all["anchor"] != VERSION {
            return Err(unreadable("`anchor` is not 1"));
        }
        let text = |name: &str| {
            all[name].as_str().map(str::to_string).ok_or_else(|| unreadable(&format!("no `{name}`")))
        };
        let chains = all["chains"].as_array().ok_or_else(|| unreadable("no `chains`"))?;
        let chain = |it: &Value| {
            // By place, as it is written here, or by name, as the API tells it.
            let part = |place: usize, name: &str| it.get(place).or_else(|| it.get(name));
            let (chain, number) = (part(0, "chain")?.as_str()?, part(1, "number")?.as_i64()?);
            let hash = part(2, "hash")?.as_str()?;
            Some(ChainHead { chain: chain.to_string(), number, hash: hash.to_string() })
        };
        let chains: Option<Vec<ChainHead>> = chains.iter().map(chain).collect();
        Ok(Anchor {
            at: text("at")?.parse().map_err(|_| unreadable("`at` is no time"))?,
            public_key: text("public_key")?,
            chains: chains.ok_or_else(|| unreadable("a chain is not its name, number and hash"))?,
            signature: text("signature")?,
        })
    }

    /// Whether it is signed by one of `publics`: that of the present key, or of those before it. Gives whose word it is.
    ///
    /// Errors: `Signature`, by the first of them.
    pub fn signed_by_one_of(&self, publics: &[String]) -> Result<String, AnchorError> {
        let nobody = || AnchorError::Signature(publics.first().cloned().unwrap_or_default());
        let found = publics.iter().find(|it| self.check_signature(it).is_ok());
        found.cloned().ok_or_else(nobody)
    }

    /// Whether whoever has the other half of `public` signed it. Errors: `Signature`.
    pub fn check_signature(&self, public: &str) -> Result<(), AnchorError> {
        let message = message(self.at, &self.chains);
        let right = self.public_key == public && is_signed(public, message.as_bytes(), &self.signature);
        if right { Ok(()) } else { Err(AnchorError::Signature(public.to_string())) }
    }

    /// What of it does not stand any more, as sentences.
    pub fn differences(&self, tx: &mut Tx<'_>) -> Result<Vec<String>, Refusal> {
        let mut found = Vec::new();
        for some in self.chains.chunks(AT_ONCE) {
            let there = store::journal::at_numbers(tx, some)?.into_iter();
            let there: BTreeMap<String, String> = there.map(|it| (it.chain, it.hash)).collect();
            found.extend(some.iter().filter_map(|it| self.differs(it, there.get(&it.chain))));
        }
        Ok(found)
    }

    fn differs(&self, it: &ChainHead, there: Option<&String>) -> Option<String> {
        let what = match there {
            Some(hash) if *hash == it.hash => return None,
            Some(_) => "is not what it was",
            None => "is missing",
        };
        Some(format!(
            "audit log of {}: entry {} {what} when it was anchored at {}",
            it.chain, it.number, self.at
        ))
    }
}

fn digest(chains: &[ChainHead]) -> String {
    let line = |it: &ChainHead| format!("{}:{} {} {}\n", it.chain.len(), it.chain, it.number, it.hash);
    journal::digest(chains.iter().map(line).collect::<String>().as_bytes())
}

/// What is signed.
fn message(at: Timestamp, chains: &[ChainHead]) -> String {
    format!("cloudtill anchor {VERSION}\n{}\n{}\n", at.as_microsecond(), digest(chains))
}
