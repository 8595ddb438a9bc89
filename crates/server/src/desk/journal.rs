//! The audit log: what was written, by which key, in a chain of hashes for each account.
//!
//! In:  one write, after it was decided, in its own transaction. Out: an entry bound to the one before.
//! Invariant: no entry is changed or left out; `verify` computes every hash again. Readings of usage are
//! not in it: they are append-only themselves.

use super::Refusal;
use sha2::{Digest, Sha256};
use store::{Tx, journal};
use units::{AccountId, Timestamp};

/// The chain of what belongs to no account.
pub const TILL: &str = "till";
/// Longer bodies are kept as their digest.
const LONGEST_BODY: usize = 4_096;

/// One write as it is noted.
#[derive(Clone, Copy, Debug)]
pub struct Write<'a> {
    pub account: Option<AccountId>,
    pub actor: &'a str,
    pub operation: &'a str,
    pub target: &'a str,
    pub body: &'a str,
}

/// Appends a write to the chain of its account.
pub fn note(tx: &mut Tx<'_>, write: &Write<'_>, now: Timestamp) -> Result<(), Refusal> {
    let chain = write.account.map_or_else(|| TILL.to_string(), |it| it.to_string());
    let (number, before) = journal::last(tx, &chain)?.unwrap_or((0, String::new()));
    let body = match write.body.len() {
        0..=LONGEST_BODY => write.body.to_string(),
        bytes => format!("{bytes} bytes, sha256 {}", digest(write.body.as_bytes())),
    };
    let mut entry = journal::Entry {
        chain,
        number: number + 1,
        at: now,
        actor: write.actor.to_string(),
        operation: write.operation.to_string(),
        target: write.target.to_string(),
        body,
        hash: String::new(),
    };
    entry.hash = hash(&before, &entry);
    Ok(journal::add(tx, &entry)?)
}

/// SHA-256 as hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|it| format!("{it:02x}")).collect()
}

/// What binds an entry to the one before it: every field, each with its length.
fn hash(before: &str, it: &journal::Entry) -> String {
    let number = it.number.to_string();
    let at = it.at.as_microsecond().to_string();
    let fields = [before, &it.chain, &number, &at, &it.actor, &it.operation, &it.target, &it.body];
    let text: String = fields.iter().map(|it| format!("{}:{it},", it.len())).collect();
    digest(text.as_bytes())
}

/// Entries that do not follow from the one before them, as sentences.
pub fn broken(tx: &mut Tx<'_>) -> Result<Vec<String>, Refusal> {
    let mut found = Vec::new();
    let mut before: Option<journal::Entry> = None;
    for entry in journal::whole(tx)? {
        let last = before.take().filter(|it| it.chain == entry.chain);
        let (number, link) = last.map_or((1, String::new()), |it| (it.number + 1, it.hash));
        if entry.number != number {
            found.push(format!("audit log of {}: entry {number} is missing", entry.chain));
        } else if entry.hash != hash(&link, &entry) {
            found.push(format!("audit log of {}: entry {number} was changed", entry.chain));
        }
        before = Some(entry);
    }
    Ok(found)
}
