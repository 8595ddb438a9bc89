//! What the audit log is to say of the books: the rows that it is compared with.
//!
//! In:  a transaction. Out: every account's terms, money that came in, corrections, keys and price books, as they stand.
//! Invariant: rows only; what the log says of each is the matter of `desk::facts`.

use crate::corrections::Correction;
use crate::engine::{Row, StoreError, Tx};
use crate::{corrections, keys};
use units::AccountId;

statements! {
    BEGUN = "select begun from facts where id = 1";
    BEGIN = "update facts set begun = 1 where id = 1";
    RATES = "select account, from_us, contract_rate_e8 from contract_rates order by account, from_us";
    RATES_OF = "select account, from_us, contract_rate_e8 from contract_rates where account = $1 order by from_us";
    TOP_UPS = "select account, reference, purse, total_minor from top_ups order by account, reference";
    CORRECTIONS = concat!(corrections::corrections!(select), " order by number");
    KEYS = concat!(keys::api_keys!(select), " order by id");
}

/// Whether the log holds the books already; older books are not in it before their first start.
pub fn begun(tx: &mut Tx<'_>) -> Result<Option<i64>, StoreError> {
    Ok(tx.rows(BEGUN, &[], |row| row.int(0))?.into_iter().next())
}

/// The log holds the books from here on.
pub fn begin(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.exec(BEGIN, &[]).map(drop)
}

/// Account, since when in microseconds, contract rate in 1e-8.
pub type RateRow = (String, i64, i64);

pub fn rates(tx: &mut Tx<'_>) -> Result<Vec<RateRow>, StoreError> {
    tx.rows(RATES, &[], rate)
}

pub fn rates_of(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<RateRow>, StoreError> {
    tx.rows(RATES_OF, &[account.to_string().into()], rate)
}

fn rate(row: &Row<'_>) -> Result<RateRow, StoreError> {
    Ok((row.text(0)?, row.int(1)?, row.int(2)?))
}

/// Account, reference, purse, minor units.
pub type TopUpRow = (String, String, String, i64);

pub fn top_ups(tx: &mut Tx<'_>) -> Result<Vec<TopUpRow>, StoreError> {
    tx.rows(TOP_UPS, &[], |row| Ok((row.text(0)?, row.text(1)?, row.text(2)?, row.int(3)?)))
}

pub fn corrections(tx: &mut Tx<'_>) -> Result<Vec<Correction>, StoreError> {
    tx.rows(CORRECTIONS, &[], corrections::correction)
}

/// Every key with the hash of its text.
pub fn keys(tx: &mut Tx<'_>) -> Result<Vec<(keys::Key, String)>, StoreError> {
    tx.rows(KEYS, &[], |row| Ok((keys::key(row)?, keys::hash(row)?)))
}
