//! Notices to customers: each subject, kind, threshold and occasion once.

use crate::engine::{StoreError, Tx, at, us};
use units::{AccountId, Timestamp};

statements! {
    ADD = "insert into notices (account, subject, kind, threshold, occasion, at_us, made_us)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing";
    OF_ACCOUNT = "select subject, kind, threshold, at_us, occasion from notices where account = $1
        order by at_us, kind, threshold desc";
}

/// Something that a customer is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub account: AccountId,
    pub subject: String,
    pub kind: String,
    pub threshold: i64,
    /// What tells one from a later one of the same kind, such as a day; empty where it is told once for ever.
    pub occasion: String,
    pub at: Timestamp,
}

/// Adds notices; one that was told before changes nothing.
pub fn add(tx: &mut Tx<'_>, notices: &[Notice], now: Timestamp) -> Result<u64, StoreError> {
    let row = |it: &Notice| {
        [
            it.account.to_string().into(),
            it.subject.clone().into(),
            it.kind.clone().into(),
            it.threshold.into(),
            it.occasion.clone().into(),
            us(it.at).into(),
            us(now).into(),
        ]
    };
    let rows: Vec<[crate::Value<'_>; 7]> = notices.iter().map(row).collect();
    tx.many(ADD, &rows)
}

pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Notice>, StoreError> {
    tx.rows(OF_ACCOUNT, &[account.to_string().into()], |row| {
        Ok(Notice {
            account,
            subject: row.text(0)?,
            kind: row.text(1)?,
            threshold: row.int(2)?,
            at: at(row.int(3)?)?,
            occasion: row.text(4)?,
        })
    })
}
