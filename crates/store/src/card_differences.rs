//! In what the gateway for cards and the books differ.
//!
//! In:  a transaction, differences. Out: those that are open, since when.
//! Invariant: a difference stands once, from when it was found first until it is not found any more.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::payment::reconcile::{Difference, Kind};
use units::Timestamp;

columns!(card_differences: id, kind, account, payment, intent, detail, found_us, seen_us, ended_us);

statements! {
    ADD = concat!(card_differences!(insert), " on conflict (id) do update set detail = excluded.detail, seen_us = excluded.seen_us,
        ended_us = null");
    CLOSE = "update card_differences set ended_us = $1 where ended_us is null and seen_us < $1";
    OPEN = concat!(card_differences!(select), " where ended_us is null order by found_us, id limit $1");
    COUNT = "select count(*) from card_differences where ended_us is null";
}

/// A difference that is open, whose it is, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenDifference {
    pub difference: Difference,
    /// Empty where the books do not know the payment.
    pub account: String,
    pub found: Timestamp,
    pub seen: Timestamp,
}

fn open_one(row: &Row<'_>) -> Result<OpenDifference, StoreError> {
    let difference = Difference {
        kind: row.parsed(card_differences!(kind), "kind of difference", Kind::parse)?,
        payment: row.parsed(card_differences!(payment), "payment", |it| it.parse().ok())?,
        intent: row.text(card_differences!(intent))?,
        detail: row.text(card_differences!(detail))?,
    };
    Ok(OpenDifference {
        difference,
        account: row.text(card_differences!(account))?,
        found: at(row.int(card_differences!(found_us))?)?,
        seen: at(row.int(card_differences!(seen_us))?)?,
    })
}

/// Notes all differences that there are at `now`; others that stood are over.
pub fn note(tx: &mut Tx<'_>, all: &[(String, Difference)], now: Timestamp) -> Result<(), StoreError> {
    for (account, it) in all {
        let args: [Value<'_>; card_differences!(count)] = [
            format!("{} {} {}", it.kind.as_str(), it.payment, it.intent).into(),
            it.kind.as_str().into(),
            account.as_str().into(),
            it.payment.to_string().into(),
            it.intent.as_str().into(),
            it.detail.as_str().into(),
            us(now).into(),
            us(now).into(),
            None::<i64>.into(),
        ];
        tx.exec(ADD, &args)?;
    }
    tx.exec(CLOSE, &[us(now).into()]).map(drop)
}

/// Differences that are open, the oldest first.
pub fn open(tx: &mut Tx<'_>, most: usize) -> Result<Vec<OpenDifference>, StoreError> {
    tx.rows(OPEN, &[i64::try_from(most).unwrap_or(i64::MAX).into()], open_one)
}

/// How many are open.
pub fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one(COUNT, &[], "a count", |row| row.int(0))
}
