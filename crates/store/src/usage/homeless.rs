//! Readings that were taken and that a later fact left without a home: out of the usage, into the quarantine.
//!
//! In:  what a settlement found that no component takes. Out: the readings as they were sent.
//! Invariant: a reading is in one of the two tables that are billed from and kept from, never in neither.
//! Source: R-TIM-9.

use crate::engine::{Row, StoreError, Tx, Value};
use billing::used::Sample;
use units::AccountId;

statements! {
    FIND = "select source, event, resource, meter, at_us, coalesce(standing, quantity), received_us, key, counting from usage
        where account = $1 and resource = $2 and meter = $3 and at_us = $4 and event = $5";
    KEEP = "insert into quarantine (source, event, resource, meter, at_us, quantity, received_us, key, counting, reason, detail)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (source, event) do update set
        resource = excluded.resource, meter = excluded.meter, at_us = excluded.at_us, quantity = excluded.quantity,
        received_us = excluded.received_us, key = excluded.key, counting = excluded.counting, reason = excluded.reason,
        detail = excluded.detail, replayed_us = null";
    DROP = "delete from usage where source = $1 and event = $2";
}

/// A reading that was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Homeless {
    pub source: String,
    pub event: String,
    pub resource: String,
    pub meter: String,
    at_us: i64,
    /// Of a counter: where it stood.
    quantity: i64,
    received_us: i64,
    key: String,
    counting: Option<String>,
}

fn homeless(row: &Row<'_>) -> Result<Homeless, StoreError> {
    Ok(Homeless {
        source: row.text(0)?,
        event: row.text(1)?,
        resource: row.text(2)?,
        meter: row.text(3)?,
        at_us: row.int(4)?,
        quantity: row.int(5)?,
        received_us: row.int(6)?,
        key: row.text(7)?,
        counting: row.maybe_text(8)?,
    })
}

/// Why readings are set aside: a reason and more about it for people.
#[derive(Clone, Copy, Debug)]
pub struct Why {
    pub reason: &'static str,
    pub detail: &'static str,
}

/// Sets readings of accounts aside. Two of one second and name, from different senders, go together.
///
/// Errors: `Corrupt` when one of them is not there.
pub fn set_aside(
    tx: &mut Tx<'_>,
    samples: &[(AccountId, &Sample)],
    why: Why,
) -> Result<Vec<Homeless>, StoreError> {
    let key = |(account, it): &(AccountId, &Sample)| -> [Value<'static>; 5] {
        let (resource, at_us) = (it.resource.to_string(), it.at * 1_000_000);
        [
            account.to_string().into(),
            resource.into(),
            it.usage.clone().into(),
            at_us.into(),
            it.event.clone().into(),
        ]
    };
    let mut keys: Vec<[Value<'static>; 5]> = samples.iter().map(key).collect();
    keys.sort_by_cached_key(|it| format!("{it:?}"));
    keys.dedup();
    let found = tx.each(FIND, &keys, homeless)?;
    if found.len() < keys.len() {
        return Err(StoreError::Corrupt("a reading without a home".into()));
    }
    let kept: Vec<[Value<'_>; 11]> = found.iter().map(|it| row(it, why)).collect();
    tx.many(KEEP, &kept)?;
    let gone: Vec<[Value<'_>; 2]> =
        found.iter().map(|it| [it.source.as_str().into(), it.event.as_str().into()]).collect();
    tx.many(DROP, &gone)?;
    Ok(found)
}

fn row(it: &Homeless, why: Why) -> [Value<'_>; 11] {
    [
        it.source.as_str().into(),
        it.event.as_str().into(),
        it.resource.as_str().into(),
        it.meter.as_str().into(),
        it.at_us.into(),
        it.quantity.into(),
        it.received_us.into(),
        it.key.as_str().into(),
        it.counting.as_deref().into(),
        why.reason.into(),
        why.detail.into(),
    ]
}
