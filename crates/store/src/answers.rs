//! First answers to writes that carried an Idempotency-Key.

use crate::engine::{StoreError, Tx, Value, Writes, us};
use std::collections::BTreeMap;
use units::Timestamp;

statements! {
    GET = "select fingerprint, status, body, owner, token, location from answers where owner = $1 and token = $2";
    ADD = "insert into answers (owner, token, fingerprint, status, body, at_us, location) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict do nothing";
}

/// An answer that was given, and to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Tells one request from another: what was asked for, and with which body.
    pub fingerprint: String,
    pub status: u16,
    pub body: String,
    /// The path of what was made.
    pub location: Option<String>,
}

/// Who asked, and under which Idempotency-Key.
pub type AnswerKey = (String, String);

/// The answers that were given under these keys.
pub fn get(tx: &mut Tx<'_>, keys: &[AnswerKey]) -> Result<BTreeMap<AnswerKey, Answer>, StoreError> {
    let keys: Vec<[Value<'_>; 2]> =
        keys.iter().map(|it| [it.0.as_str().into(), it.1.as_str().into()]).collect();
    let found = tx.each(GET, &keys, |row| {
        let answer = Answer {
            fingerprint: row.text(0)?,
            status: u16::try_from(row.int(1)?).map_err(|_| StoreError::Corrupt("a status".into()))?,
            body: row.text(2)?,
            location: row.maybe_text(5)?,
        };
        Ok(((row.text(3)?, row.text(4)?), answer))
    })?;
    Ok(found.into_iter().collect())
}

/// Keeps answers. Unless: `Stale` when somebody answered the same meanwhile; run again.
pub fn add<'a>(writes: &mut Writes<'a>, answers: &'a [(AnswerKey, Answer)], now: Timestamp) {
    let row = move |((owner, token), answer): &'a (AnswerKey, Answer)| -> [Value<'a>; 7] {
        [
            owner.as_str().into(),
            token.as_str().into(),
            answer.fingerprint.as_str().into(),
            i64::from(answer.status).into(),
            answer.body.as_str().into(),
            us(now).into(),
            answer.location.as_deref().into(),
        ]
    };
    let stale = StoreError::Stale("an answer to the same Idempotency-AnswerKey".into());
    writes.all(ADD, answers.iter().map(row), stale);
}
