//! First answers to writes that carried an Idempotency-Key.

use crate::engine::{StoreError, Tx, Value, us};
use units::Timestamp;

statements! {
    GET = "select fingerprint, status, body from answers where owner = $1 and token = $2";
    ADD = "insert into answers (owner, token, fingerprint, status, body, at_us) values ($1, $2, $3, $4, $5, $6)
        on conflict do nothing";
}

/// An answer that was given, and to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Tells one request from another: what was asked for, and with which body.
    pub fingerprint: String,
    pub status: u16,
    pub body: String,
}

/// The answer that `owner` got under `token`, if any.
pub fn get(tx: &mut Tx<'_>, owner: &str, token: &str) -> Result<Option<Answer>, StoreError> {
    let found = tx.rows(GET, &[owner.into(), token.into()], |row| {
        Ok(Answer {
            fingerprint: row.text(0)?,
            status: u16::try_from(row.int(1)?).map_err(|_| StoreError::Corrupt("a status".into()))?,
            body: row.text(2)?,
        })
    })?;
    Ok(found.into_iter().next())
}

/// Keeps an answer. Errors: `Stale` when somebody answered the same meanwhile; run again.
pub fn add(
    tx: &mut Tx<'_>,
    (owner, token): (&str, &str),
    answer: &Answer,
    now: Timestamp,
) -> Result<(), StoreError> {
    let args: [Value<'_>; 6] = [
        owner.into(),
        token.into(),
        answer.fingerprint.as_str().into(),
        i64::from(answer.status).into(),
        answer.body.as_str().into(),
        us(now).into(),
    ];
    match tx.exec(ADD, &args)? {
        0 => Err(StoreError::Stale(format!("the answer to {token}"))),
        _ => Ok(()),
    }
}
