//! Usage samples: identity (source, event) for ever; what cannot be placed goes to quarantine.

use crate::engine::{StoreError, Tx, Value, us};
use billing::aggregate::Sample;
use billing::resource::{MeterEvent, State};
use units::{AccountId, Cycle, Timestamp};

statements! {
    ADD = "insert into usage (source, event, account, resource, meter, at_us, quantity, key, received_us)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing";
    GET = "select resource, meter, at_us, quantity, key from usage where source = $1 and event = $2";
    SAME_SECOND = "select quantity from usage where account = $1 and resource = $2 and meter = $3 and at_us = $4 and key = $5";
    LATE = "insert into late_usage (account, cycle, source, event, resource, meter, at_us, quantity, key, state, product, options,
        original_from_us, original_to_us, settled) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'no')
        on conflict do nothing";
    QUARANTINE = "insert into quarantine (source, event, reason, resource, meter, at_us, quantity, received_us)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing";
    QUARANTINED = "select event, reason, resource, meter, at_us, quantity from quarantine order by received_us, event";
    STATE_AT = "select account, resource, at_us, state, product, options from meter_events
        where account = $1 and resource = $2 and at_us <= $3 order by at_us desc, number desc limit 1";
    BETWEEN = "select event, resource, meter, at_us, quantity, key from usage
        where account = $1 and at_us >= $2 and at_us < $3 and received_us <= $4 order by at_us, event";
    SETTLED_TO = "select settled_to_us from dues where account = $1 and cycle = $2";
}

/// Where a sample came from and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub source: String,
    pub received: Timestamp,
}

/// What became of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    New,
    Same,
}

fn stored(sample: &Sample) -> (i64, i64) {
    (sample.at * 1_000_000, i64::try_from(sample.quantity).unwrap_or(i64::MAX))
}

/// Adds a sample. The same again changes nothing. Errors: `Differs` when its id says something else.
pub fn add(
    tx: &mut Tx<'_>,
    account: AccountId,
    sample: &Sample,
    origin: &Origin,
) -> Result<Added, StoreError> {
    let (at, quantity) = stored(sample);
    let (event, source) = (sample.event.as_str(), origin.source.as_str());
    let args: [Value<'_>; 9] = [
        source.into(),
        event.into(),
        account.to_string().into(),
        sample.resource.to_string().into(),
        sample.usage.as_str().into(),
        at.into(),
        quantity.into(),
        sample.key.as_str().into(),
        us(origin.received).into(),
    ];
    if tx.exec(ADD, &args)? == 1 {
        return Ok(Added::New);
    }
    let same = tx.rows(GET, &[source.into(), event.into()], |row| {
        Ok(row.text(0)? == sample.resource.to_string()
            && row.text(1)? == sample.usage
            && row.int(2)? == at
            && row.int(3)? == quantity
            && row.text(4)? == sample.key)
    })?;
    if same == [true] { Ok(Added::Same) } else { Err(StoreError::Differs(format!("usage {source} {event}"))) }
}

/// Readings of the same second and key of a resource.
pub fn same_second(tx: &mut Tx<'_>, account: AccountId, sample: &Sample) -> Result<Vec<i64>, StoreError> {
    let args: [Value<'_>; 5] = [
        account.to_string().into(),
        sample.resource.to_string().into(),
        sample.usage.as_str().into(),
        stored(sample).0.into(),
        sample.key.as_str().into(),
    ];
    tx.rows(SAME_SECOND, &args, |row| row.int(0))
}

/// A sample whose cycle `original` was closed when it came; the next close of its kind bills it.
pub fn late(
    tx: &mut Tx<'_>,
    sample: &Sample,
    origin: &Origin,
    held: &MeterEvent,
    original: &Cycle,
) -> Result<(), StoreError> {
    let (at, quantity) = stored(sample);
    let args: [Value<'_>; 14] = [
        held.account.to_string().into(),
        original.kind.as_str().into(),
        origin.source.as_str().into(),
        sample.event.as_str().into(),
        sample.resource.to_string().into(),
        sample.usage.as_str().into(),
        at.into(),
        quantity.into(),
        sample.key.as_str().into(),
        held.state.as_str().into(),
        held.product.as_str().into(),
        held.options.to_string().into(),
        us(original.from).into(),
        us(original.to).into(),
    ];
    tx.exec(LATE, &args).map(drop)
}

/// Keeps what cannot be placed, with the reason, so that nothing is lost.
pub fn quarantine(
    tx: &mut Tx<'_>,
    resource: &str,
    sample: (&str, &str, i64, u64),
    reason: &str,
    origin: &Origin,
) -> Result<(), StoreError> {
    let (event, meter, second, quantity) = sample;
    let args: [Value<'_>; 8] = [
        origin.source.as_str().into(),
        event.into(),
        reason.into(),
        resource.into(),
        meter.into(),
        (second * 1_000_000).into(),
        i64::try_from(quantity).unwrap_or(i64::MAX).into(),
        us(origin.received).into(),
    ];
    tx.exec(QUARANTINE, &args).map(drop)
}

/// A sample that could not be placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    pub event: String,
    pub reason: String,
    pub resource: String,
    pub meter: String,
    pub at_us: i64,
    pub quantity: i64,
}

pub fn quarantined(tx: &mut Tx<'_>) -> Result<Vec<Quarantined>, StoreError> {
    tx.rows(QUARANTINED, &[], |row| {
        Ok(Quarantined {
            event: row.text(0)?,
            reason: row.text(1)?,
            resource: row.text(2)?,
            meter: row.text(3)?,
            at_us: row.int(4)?,
            quantity: row.int(5)?,
        })
    })
}

/// How the resource stood when something happened to it; `None` before it was delivered.
pub fn state_at(
    tx: &mut Tx<'_>,
    account: AccountId,
    sample: &Sample,
) -> Result<Option<MeterEvent>, StoreError> {
    let args: [Value<'_>; 3] =
        [account.to_string().into(), sample.resource.to_string().into(), stored(sample).0.into()];
    let found = tx.rows(STATE_AT, &args, crate::resources::read_event)?;
    Ok(found.into_iter().next().filter(|it| it.state != State::Pending))
}

/// The samples of an account in `[from, to)`, in seconds, as far as they were received by `watermark`.
pub fn between(
    tx: &mut Tx<'_>,
    account: AccountId,
    (from, to): (i64, i64),
    watermark: Timestamp,
) -> Result<Vec<Sample>, StoreError> {
    let (from, to) = (from * 1_000_000, to * 1_000_000);
    let args: [Value<'_>; 4] = [account.to_string().into(), from.into(), to.into(), us(watermark).into()];
    tx.rows(BETWEEN, &args, |row| {
        Ok(Sample {
            event: row.text(0)?,
            resource: row.parsed(1, "resource", |it| it.parse().ok())?,
            usage: row.text(2)?,
            at: row.int(3)?.div_euclid(1_000_000),
            quantity: u64::try_from(row.int(4)?).map_err(|_| StoreError::Corrupt("a quantity".into()))?,
            key: row.text(5)?,
        })
    })
}

/// Up to where the account's cycles of this kind are closed.
pub fn settled_to(
    tx: &mut Tx<'_>,
    account: AccountId,
    kind: units::CycleKind,
) -> Result<Option<Timestamp>, StoreError> {
    let found = tx.rows(SETTLED_TO, &[account.to_string().into(), kind.as_str().into()], |row| row.int(0))?;
    found.into_iter().next().map(crate::engine::at).transpose()
}
