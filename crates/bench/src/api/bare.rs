//! What a database can do at best with rows like ours: tables of their own, and a script for pgbench.
//!
//! In:  rows of usage; a number of wallets. Out: rows in tables of their own; a script.
//! Invariant: no table of the till is touched.

use anyhow::Result;
use store::{StoreError, Tx, Value};

/// `usage` with its key and without its index by account.
macro_rules! usage_table {
    ($form:literal) => {
        concat!(
            "create table if not exists bench_usage (
            source text not null, event text not null, account text not null, resource text not null, meter text not null,
            at_us bigint not null, quantity bigint not null, key text not null, received_us bigint not null,
            primary key (source, event)) ",
            $form
        )
    };
}

const USAGE: &str =
    "insert into bench_usage (source, event, account, resource, meter, at_us, quantity, key, received_us)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing";

const PURCHASE_TABLES: &str = "
drop schema if exists bench_purchase cascade;
create schema bench_purchase;
create table bench_purchase.wallets (id bigint primary key, balance bigint not null);
create table bench_purchase.ledger (
    id bigserial primary key, wallet bigint not null, side text not null, amount bigint not null,
    at timestamptz not null default now()
);
create table bench_purchase.orders (
    id bigserial primary key, wallet bigint not null, amount bigint not null, state text not null,
    at timestamptz not null default now()
);
insert into bench_purchase.wallets select number, 1000000000 from generate_series(1, @wallets) as number;
";

/// One purchase at its barest, as a script of pgbench: lock a wallet, debit it, two ledger lines, an order.
const PURCHASE: &str = "\\set wallet random(1, @wallets)
begin;
select balance from bench_purchase.wallets where id = :wallet for update;
update bench_purchase.wallets set balance = balance - 45 where id = :wallet;
insert into bench_purchase.ledger (wallet, side, amount) values (:wallet, 'debit', 45);
insert into bench_purchase.ledger (wallet, side, amount) values (:wallet, 'credit', 45);
insert into bench_purchase.orders (wallet, amount, state) values (:wallet, 45, 'delivered');
commit;
";

/// Makes the table that bare usage goes into, on SQLite clustered by its key as the till's is.
pub(super) fn usage_table(tx: &mut Tx<'_>, database_url: Option<&str>) -> Result<(), StoreError> {
    let sql = match database_url {
        Some(_) => usage_table!(""),
        None => usage_table!("without rowid"),
    };
    tx.exec(sql, &[]).map(drop)
}

/// Inserts rows of usage: source, event, account, resource, meter, when, quantity, key, received.
pub(super) fn usage(tx: &mut Tx<'_>, rows: &[[Value<'_>; 9]]) -> Result<u64, StoreError> {
    tx.many(USAGE, rows)
}

/// Makes the tables of bare purchases, in a schema of their own.
pub(super) fn purchase_tables(database_url: &str, wallets: usize) -> Result<()> {
    let mut client = postgres::Client::connect(database_url, postgres::NoTls)?;
    Ok(client.batch_execute(&PURCHASE_TABLES.replace("@wallets", &wallets.to_string()))?)
}

/// The script that pgbench runs against those tables.
pub(super) fn purchase_script(wallets: usize) -> String {
    PURCHASE.replace("@wallets", &wallets.to_string())
}
