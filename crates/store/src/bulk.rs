//! Filling a database with accounts that wait for a cycle, and writing what a run wrote once more, bare.
//!
//! In:  accounts as a run reads them; two SQLite files. Out: rows; the time of the inserts alone.
//! Invariant: only benchmarks use this. The bare inserts know nothing of billing: they are the least that the
//! same rows in the same tables can cost.

use crate::engine::{StoreError, Tx, Value, connect, us};
use crate::{ledger, settlements};
use billing::plan::{Config, Configs};
use billing::resource::State;
use billing::segment::Change;
use billing::settle::AccountCycle;
use std::path::Path;
use std::time::{Duration, Instant};
use units::{AccountId, Cycle};

statements! {
    ACCOUNT = "insert into accounts (id, name, currency, contract_rate_e8, verified, arrears_since_us, created_us, alert_minor,
        alert_days)
        values ($1, $2, $3, $4, 'yes', null, $5, 0, 0)";
    DUE = "insert into dues (account, cycle, settled_to_us, set_aside) values ($1, $2, $3, null)";
    EVENT = "insert into meter_events (account, resource, number, at_us, state, product, options) values ($1, $2, $3, $4, $5, $6, $7)";
    USAGE = "insert into usage (source, event, account, resource, meter, at_us, quantity, key, received_us)
        values ('bench', $1, $2, $3, $4, $5, $6, $7, $8)";
}

/// Adds accounts that wait for `cycle`, with all that the run of it reads: `settlements::read` gives them back.
pub fn add(
    tx: &mut Tx<'_>,
    accounts: &[AccountCycle],
    configs: &Configs,
    cycle: &Cycle,
) -> Result<(), StoreError> {
    let (mut heads, mut wallets, mut dues) = (Vec::new(), Vec::new(), Vec::new());
    let (mut openings, mut events, mut usage, mut freezes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for it in accounts {
        let id = it.wallet.account();
        let rate = i64::try_from(it.terms.contract_rate_e8).unwrap_or(i64::MAX);
        let (text, currency) = (id.to_string(), it.wallet.currency().as_str());
        heads.push([
            text.clone().into(),
            text.clone().into(),
            currency.into(),
            rate.into(),
            us(cycle.from).into(),
        ]);
        wallets.push(ledger::wallet_row(&it.wallet, 0));
        dues.push([text.into(), cycle.kind.as_str().into(), us(cycle.from).into()]);
        for one in &it.openings {
            let config = configs.get(one.config);
            openings.push(settlements::opening_row(id, cycle.kind, one, config));
        }
        let numbered = (0_i64..).zip(&it.changes);
        events.extend(numbered.map(|(number, one)| event(id, number, one, configs.get(one.config))));
        usage.extend(it.samples.iter().map(|one| {
            let (at, quantity) = (one.at * 1_000_000, i64::try_from(one.quantity).unwrap_or(i64::MAX));
            let (event, meter, key) = (one.event.as_str(), one.usage.as_str(), one.key.as_str());
            let (account, resource) = (id.to_string(), one.resource.to_string());
            [
                event.into(),
                account.into(),
                resource.into(),
                meter.into(),
                at.into(),
                quantity.into(),
                key.into(),
                at.into(),
            ]
        }));
        freezes.extend(it.freezes.iter().map(|one| ledger::freeze_row(id, one)));
    }
    tx.many(ACCOUNT, &heads)?;
    tx.many(ledger::SAVE, &wallets)?;
    tx.many(DUE, &dues)?;
    tx.many(settlements::SAVE_OPENING, &openings)?;
    tx.many(EVENT, &events)?;
    tx.many(USAGE, &usage)?;
    tx.many(ledger::SAVE_FREEZE, &freezes).map(drop)
}

fn event(account: AccountId, number: i64, it: &Change, config: &Config) -> [Value<'static>; 7] {
    let state: State = it.state;
    [
        account.to_string().into(),
        it.resource.to_string().into(),
        number.into(),
        (it.at * 1_000_000).into(),
        state.as_str().into(),
        config.product.clone().into(),
        config.options.to_string().into(),
    ]
}

/// The tables that a run writes, and which of their rows are its work. `?1` and `?2` bound the accounts,
/// `?3` is when the run posted, `?4` the second in which its cycle began.
const WRITTEN: [(&str, &str); 6] = [
    ("bills", "posted_us = ?3"),
    (
        "lines",
        "(account, bill) in (select account, id from bills where account > ?1 and account <= ?2 and posted_us = ?3)",
    ),
    ("transfers", "at_us = ?3"),
    ("wallets", "?3 is not null"),
    ("freezes", "bonus_minor + cash_minor + income_minor < target_minor"),
    ("openings", "since_s >= ?4"),
];

/// How many rows, and how long their inserts and commits took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Copied {
    pub rows: u64,
    pub time: Duration,
}

/// Copies what the run of `cycle` wrote in `from` into the empty tables of `to`, batch by batch of `size` accounts.
///
/// Only the inserts are timed: prepared statements of one row, one transaction per batch.
pub fn copy(from: &Path, to: &Path, cycle: &Cycle, size: i64) -> Result<Copied, StoreError> {
    let (from, mut to) = (connect(from)?, connect(to)?);
    let mut copied = Copied::default();
    let mut after = String::new();
    loop {
        let last = from.query_row(
            "select max(account) from (select account from wallets where account > ?1 order by account limit ?2)",
            (&after, size),
            |row| row.get::<_, Option<String>>(0),
        )?;
        let Some(last) = last else { return Ok(copied) };
        let read: Vec<_> =
            WRITTEN.iter().map(|it| rows(&from, *it, (&after, &last), cycle)).collect::<Result<_, _>>()?;
        let start = Instant::now();
        let tx = to.transaction()?;
        for ((table, _), (columns, rows)) in WRITTEN.iter().zip(&read) {
            let places = vec!["?"; *columns].join(", ");
            let mut insert = tx.prepare_cached(&format!("insert into {table} values ({places})"))?;
            for row in rows {
                insert.execute(rusqlite::params_from_iter(row))?;
                copied.rows += 1;
            }
        }
        tx.commit()?;
        copied.time += start.elapsed();
        after = last;
    }
}

type Rows = (usize, Vec<Vec<rusqlite::types::Value>>);

fn rows(
    from: &rusqlite::Connection,
    (table, written): (&str, &str),
    (after, last): (&str, &str),
    cycle: &Cycle,
) -> Result<Rows, StoreError> {
    let sql =
        format!("select * from {table} where account > ?1 and account <= ?2 and {written} and ?3 <> ?4");
    let mut statement = from.prepare_cached(&sql)?;
    let columns = statement.column_count();
    let found = statement
        .query_map((after, last, us(cycle.to), cycle.from.as_second()), |row| {
            (0..columns).map(|at| row.get(at)).collect::<Result<Vec<_>, _>>()
        })?
        .collect::<Result<_, _>>()?;
    Ok((columns, found))
}
