//! The audit log: every write, append-only, each entry bound to the one before by a hash.
//!
//! In:  entries. Out: chains of them, and the head of each chain.
//! Invariant: the head of a chain, kept in a row of its own, is its newest entry.

use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use std::collections::{BTreeMap, BTreeSet};
use units::Timestamp;

columns!(journal: chain, number, at_us, actor, operation, target, body, hash);

/// With this in what was done and in who did it, whatever the case; any where it is empty.
macro_rules! contained {
    () => {
        "($1 = '' or replace(lower(operation), lower($1), '') <> lower(operation))
        and ($2 = '' or replace(lower(actor), lower($2), '') <> lower(actor))"
    };
}

statements! {
    FOUND = concat!(journal!(select), " where ", contained!(), " and (at_us, chain, number) < ($3, $4, $5) and at_us >= $6
        and chain not like $8 order by at_us desc, chain desc, number desc limit $7");
    FOUND_IN = concat!(journal!(select), " where ", contained!(), " and chain = $8 and (at_us, chain, number) < ($3, $4, $5)
        and at_us >= $6 order by at_us desc, number desc limit $7");
    LAST = "select number, hash, chain from journal_heads where chain = $1 for update";
    LAST_ENTRY = "select number, hash, chain from journal where chain = $1 order by number desc limit 1";
    ADD = concat!(journal!(insert), " on conflict do nothing");
    OF_CHAIN = concat!(journal!(select), " where chain = $1 and number < $2 order by number desc limit $3");
    WITHIN = concat!(journal!(select), " where chain = $1 and at_us >= $2 and at_us < $3");
    HEAD = "insert into journal_heads (chain, number, hash) values ($1, $2, $3)
        on conflict (chain) do update set number = excluded.number, hash = excluded.hash
        where journal_heads.number = excluded.number - 1";
    BIRTHS = "insert into journal_births (letter, chains) values ($1, $2)
        on conflict (letter) do update set chains = journal_births.chains + excluded.chains";
    BEGUN = "select letter, chains from journal_births order by letter";
    AT = "select chain, number, hash from journal where chain = $1 and number = $2";
    HEADS = "select chain, number, hash from journal_heads order by chain";
    FOLLOWING = concat!(journal!(select), " where (chain, number) > ($1, $2) order by chain, number limit $3");
}

/// One write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The account that was written to, or `till`.
    pub chain: String,
    /// From 1, without a gap.
    pub number: i64,
    pub at: Timestamp,
    /// The key that asked.
    pub actor: String,
    /// The name of the operation in the API.
    pub operation: String,
    /// The path that was called.
    pub target: String,
    /// What was sent, or its digest when it is long.
    pub body: String,
    pub hash: String,
}

fn entry(row: &Row<'_>) -> Result<Entry, StoreError> {
    Ok(Entry {
        chain: row.text(journal!(chain))?,
        number: row.int(journal!(number))?,
        at: at(row.int(journal!(at_us))?)?,
        actor: row.text(journal!(actor))?,
        operation: row.text(journal!(operation))?,
        target: row.text(journal!(target))?,
        body: row.text(journal!(body))?,
        hash: row.text(journal!(hash))?,
    })
}

/// Number and hash of the newest entry of each of these chains; one that has none is left out.
///
/// Its head says so, not the entries: when the end of a chain was cut off, the gap stays. Heads are held until the
/// transaction ends, in the order of their names, so that nobody waits in a circle: whoever writes to the same chain
/// waits for its place instead of losing it. So a place is asked for last, when all else is written.
pub fn last(tx: &mut Tx<'_>, chains: &[String]) -> Result<BTreeMap<String, (i64, String)>, StoreError> {
    let (mut found, chains) = (BTreeMap::new(), chains.iter().collect::<BTreeSet<_>>());
    for sql in [LAST, LAST_ENTRY] {
        let left = chains.iter().filter(|it| !found.contains_key(it.as_str()));
        let keys: Vec<[Value<'_>; 1]> = left.map(|it| [it.as_str().into()]).collect();
        found.extend(tx.each(sql, &keys, |row| Ok((row.text(2)?, (row.int(0)?, row.text(1)?))))?);
    }
    Ok(found)
}

/// Appends entries, one to each chain. Unless: `Stale` when one of the chains began or was mended meanwhile; run again.
pub fn add<'a>(writes: &mut Writes<'a>, entries: &'a [Entry]) {
    let row = |it: &'a Entry| -> [Value<'a>; 8] {
        [
            it.chain.as_str().into(),
            it.number.into(),
            us(it.at).into(),
            it.actor.as_str().into(),
            it.operation.as_str().into(),
            it.target.as_str().into(),
            it.body.as_str().into(),
            it.hash.as_str().into(),
        ]
    };
    let head = |it: &'a Entry| -> [Value<'a>; 3] {
        [it.chain.as_str().into(), it.number.into(), it.hash.as_str().into()]
    };
    let stale = || StoreError::Stale("the audit log".into());
    writes.all(ADD, entries.iter().map(row), stale());
    writes.all(HEAD, entries.iter().map(head), stale());
    let mut births: BTreeMap<&str, i64> = BTreeMap::new();
    for it in entries.iter().filter(|it| it.number == 1) {
        *births.entry(letter(&it.chain)).or_default() += 1;
    }
    writes.any(BIRTHS, births.into_iter().map(|(letter, chains)| [letter.into(), chains.into()]));
}

/// By what chains are counted: the last letter of the name, so that two that begin at once seldom meet.
pub fn letter(chain: &str) -> &str {
    chain.char_indices().next_back().map_or("", |(at, _)| &chain[at..])
}

/// How many chains were begun, by the last letter of their names.
pub fn begun(tx: &mut Tx<'_>) -> Result<BTreeMap<String, i64>, StoreError> {
    Ok(tx.rows(BEGUN, &[], |row| Ok((row.text(0)?, row.int(1)?)))?.into_iter().collect())
}

/// The entries of these chains with these numbers, as they stand; one that is not there is left out.
pub fn at_numbers(tx: &mut Tx<'_>, heads: &[ChainHead]) -> Result<Vec<ChainHead>, StoreError> {
    let keys: Vec<[Value<'_>; 2]> =
        heads.iter().map(|it| [it.chain.as_str().into(), it.number.into()]).collect();
    tx.each(AT, &keys, |row| Ok(ChainHead { chain: row.text(0)?, number: row.int(1)?, hash: row.text(2)? }))
}

/// Entries of a chain, newest first, below `before`.
pub fn of_chain(tx: &mut Tx<'_>, chain: &str, before: i64, most: i64) -> Result<Vec<Entry>, StoreError> {
    tx.rows(OF_CHAIN, &[chain.into(), before.into(), most.into()], entry)
}

/// A place in the log in the order of time: an instant, a chain, a number.
pub type Moment = (i64, String, i64);

impl Entry {
    /// Its place in the log.
    pub fn moment(&self) -> Moment {
        (us(self.at), self.chain.clone(), self.number)
    }
}

/// Which entries of all chains: empty texts are for any; made in `[from, to)`.
#[derive(Clone, Copy, Debug)]
pub struct EntryFilter<'a> {
    /// A part of what was done.
    pub operation: &'a str,
    /// A part of who did it.
    pub actor: &'a str,
    /// One chain alone.
    pub chain: &'a str,
    /// Where no chain is named, chains whose names begin so are left out.
    pub except: &'a str,
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Entries that fit, the newest first, behind `after`.
pub fn found(
    tx: &mut Tx<'_>,
    of: EntryFilter<'_>,
    after: Option<&Moment>,
    most: usize,
) -> Result<Vec<Entry>, StoreError> {
    let end = (us(of.to), String::new(), 0);
    let (at_us, chain, number) = after.filter(|it| **it < end).unwrap_or(&end);
    let mut args: Vec<Value<'_>> = vec![
        of.operation.into(),
        of.actor.into(),
        (*at_us).into(),
        chain.as_str().into(),
        (*number).into(),
        us(of.from).into(),
        i64::try_from(most).unwrap_or(i64::MAX).into(),
    ];
    if of.chain.is_empty() {
        args.push(format!("{}%", of.except).into());
        return tx.rows(FOUND, &args, entry);
    }
    args.push(of.chain.into());
    tx.rows(FOUND_IN, &args, entry)
}

/// The entries of a chain that were made in any of these seconds.
pub fn in_seconds(tx: &mut Tx<'_>, chain: &str, seconds: &[i64]) -> Result<Vec<Entry>, StoreError> {
    const SECOND: i64 = 1_000_000;
    let seconds: BTreeSet<i64> = seconds.iter().copied().collect();
    let key = |it: i64| [chain.into(), (it * SECOND).into(), ((it + 1) * SECOND).into()];
    let keys: Vec<[Value<'_>; 3]> = seconds.into_iter().map(key).collect();
    tx.each(WITHIN, &keys, entry)
}

/// Entries chain by chain in their order, at most so many of those that follow `after`.
pub fn following(tx: &mut Tx<'_>, after: (&str, i64), most: i64) -> Result<Vec<Entry>, StoreError> {
    tx.rows(FOLLOWING, &[after.0.into(), after.1.into(), most.into()], entry)
}

/// The newest entry of a chain, as a row of its own says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainHead {
    pub chain: String,
    pub number: i64,
    pub hash: String,
}

/// The head of every chain, by chain.
pub fn heads(tx: &mut Tx<'_>) -> Result<Vec<ChainHead>, StoreError> {
    tx.rows(HEADS, &[], |row| Ok(ChainHead { chain: row.text(0)?, number: row.int(1)?, hash: row.text(2)? }))
}
