//! The audit log: what was written, by which key, in a chain of hashes for each account.
//!
//! In:  one write, after it was decided, in its own transaction. Out: an entry bound to the one before.
//! Invariant: no entry is changed or left out; `verify` computes every hash again and looks where each chain ends.
//! Readings of usage are not in it: they are append-only themselves.

use super::Refusal;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use store::{Tx, Writes, journal};
use units::{AccountId, Timestamp};

/// The chain of what belongs to no account.
pub const TILL: &str = "till";
/// Who writes without a key: whoever may run the program where the database is.
pub const COMMAND_LINE: &str = "command line";
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
    let entries = entries(tx, std::slice::from_ref(write), now)?;
    let mut writes = Writes::default();
    journal::add(&mut writes, &entries);
    Ok(tx.write(writes)?)
}

/// What is appended for writes, each of another account.
pub fn entries(
    tx: &mut Tx<'_>,
    writes: &[Write<'_>],
    now: Timestamp,
) -> Result<Vec<journal::Entry>, Refusal> {
    let said = writes.iter().map(|it| Said {
        chain: it.account.map_or_else(|| TILL.to_string(), |it| it.to_string()),
        actor: it.actor,
        operation: it.operation,
        target: it.target,
        body: shortened(it.body),
    });
    appended(tx, said.collect(), now)
}

fn shortened(body: &str) -> String {
    match body.len() {
        0..=LONGEST_BODY => body.to_string(),
        bytes => format!("{bytes} bytes, sha256 {}", digest(body.as_bytes())),
    }
}

/// What is to be appended to a chain.
#[derive(Clone, Debug)]
pub(crate) struct Said<'a> {
    pub chain: String,
    pub actor: &'a str,
    pub operation: &'a str,
    pub target: &'a str,
    pub body: String,
}

/// Entries that follow the newest of their chains, each of another one; the chains are held from here on.
pub(crate) fn appended(
    tx: &mut Tx<'_>,
    said: Vec<Said<'_>>,
    now: Timestamp,
) -> Result<Vec<journal::Entry>, Refusal> {
    let chains: Vec<String> = said.iter().map(|it| it.chain.clone()).collect();
    let mut last = journal::last(tx, &chains)?;
    let entry = |it: Said<'_>| {
        let (number, before) = last.remove(&it.chain).unwrap_or_default();
        let entry = journal::Entry {
            chain: it.chain,
            number: number + 1,
            at: now,
            actor: it.actor.to_string(),
            operation: it.operation.to_string(),
            target: it.target.to_string(),
            body: it.body,
            hash: String::new(),
        };
        journal::Entry { hash: hash(&before, &entry), ..entry }
    };
    Ok(said.into_iter().map(entry).collect())
}

/// SHA-256 as hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |it: u8| char::from(b"0123456789abcdef"[usize::from(it & 15)]);
    bytes.iter().flat_map(|it| [digit(it >> 4), digit(*it)]).collect()
}

/// What binds an entry to the one before it: every field, each with its length.
fn hash(before: &str, it: &journal::Entry) -> String {
    let number = it.number.to_string();
    let at = it.at.as_microsecond().to_string();
    let fields = [before, &it.chain, &number, &at, &it.actor, &it.operation, &it.target, &it.body];
    let text: String = fields.iter().map(|it| format!("{}:{it},", it.len())).collect();
    digest(text.as_bytes())
}

/// Entries that are read at once: memory does not grow with the log.
const AT_ONCE: i64 = 2_000;

/// Computes every hash again, compares the end of each chain with its head, and counts the chains; `look` sees every
/// entry. What differs, as sentences.
pub fn check(
    tx: &mut Tx<'_>,
    mut look: impl FnMut(&journal::Entry) -> Result<(), Refusal>,
) -> Result<Vec<String>, Refusal> {
    let mut differences = missing(tx)?;
    let mut heads: BTreeMap<String, journal::ChainHead> =
        journal::heads(tx)?.into_iter().map(|it| (it.chain.clone(), it)).collect();
    let mut before: Option<journal::Entry> = None;
    loop {
        let after = before.as_ref().map_or(("", 0), |it| (it.chain.as_str(), it.number));
        let entries = journal::following(tx, after, AT_ONCE)?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            look(&entry)?;
            let other = before.take_if(|it| it.chain != entry.chain);
            differences.extend(other.and_then(|it| cut(&it, heads.remove(&it.chain))));
            differences.extend(broken(before.as_ref(), &entry));
            before = Some(entry);
        }
    }
    differences.extend(before.and_then(|it| cut(&it, heads.remove(&it.chain))));
    let gone = |it: &String| format!("audit log of {it}: all of its entries are missing");
    differences.extend(heads.keys().map(gone));
    Ok(differences)
}

/// Whole chains that are gone with their heads: fewer are there than were begun.
fn missing(tx: &mut Tx<'_>) -> Result<Vec<String>, Refusal> {
    let mut there: BTreeMap<String, i64> = BTreeMap::new();
    for head in journal::heads(tx)? {
        *there.entry(journal::letter(&head.chain).to_string()).or_default() += 1;
    }
    let mut found = Vec::new();
    for (letter, begun) in journal::begun(tx)? {
        let there = there.remove(&letter).unwrap_or(0);
        if there != begun {
            found.push(format!(
                "audit log: {begun} chains whose names end in `{letter}` were begun, {there} are there"
            ));
        }
    }
    let more = |letter: &String| format!("audit log: chains whose names end in `{letter}` were never begun");
    found.extend(there.keys().map(more));
    Ok(found)
}

/// Why `entry` does not follow from the one before it.
fn broken(before: Option<&journal::Entry>, entry: &journal::Entry) -> Option<String> {
    let (number, link) = before.map_or((1, ""), |it| (it.number + 1, it.hash.as_str()));
    if entry.number != number {
        return Some(format!("audit log of {}: entry {number} is missing", entry.chain));
    }
    let right = entry.hash == hash(link, entry);
    (!right).then(|| format!("audit log of {}: entry {number} was changed", entry.chain))
}

/// Why `last` is not the end of its chain.
fn cut(last: &journal::Entry, head: Option<journal::ChainHead>) -> Option<String> {
    let what = match head {
        None => "its head is missing".to_string(),
        Some(head) if head.number > last.number => {
            format!("entries {} to {} are missing", last.number + 1, head.number)
        }
        Some(head) if head.number < last.number || head.hash != last.hash => {
            format!("its head is not entry {}", last.number)
        }
        Some(_) => return None,
    };
    Some(format!("audit log of {}: {what}", last.chain))
}
