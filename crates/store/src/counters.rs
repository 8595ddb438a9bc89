//! Standings of counters that only grow: the whole history of each, so that no order of arrival matters.
//!
//! In:  a resource, a meter, a series and an instant in microseconds. Out: the standings around it.

use crate::engine::{StoreError, Tx, Value};
use billing::counter::Counting;

statements! {
    LOCK = "select id from resources where id = $1 order by id for update";
    AROUND = "select resource, meter, series, at_us, value, counting from counters
        where resource = $1 and meter = $2 and series = $3
        and at_us >= coalesce((select max(x.at_us) from counters x
            where x.resource = $1 and x.meter = $2 and x.series = $3 and x.at_us < $4), $4)
        and at_us <= coalesce((select min(y.at_us) from counters y
            where y.resource = $1 and y.meter = $2 and y.series = $3 and y.at_us > $5), $5)";
    ADD = "insert into counters (resource, meter, series, at_us, account, value, counting)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing";
}

/// Where a counter stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounterStanding {
    pub resource: String,
    pub meter: String,
    pub series: String,
    pub at_us: i64,
    pub value: u64,
    pub counting: Counting,
}

/// Holds these resources until `tx` ends, so that nobody else adds to their counters meanwhile.
pub fn lock(tx: &mut Tx<'_>, resources: &[&str]) -> Result<(), StoreError> {
    let keys: Vec<_> = resources.iter().map(|it| [(*it).into()]).collect();
    tx.each(LOCK, &keys, |_| Ok(())).map(drop)
}

/// A counter by resource, meter and series, and two instants.
pub type CounterSpan<'a> = ((&'a str, &'a str, &'a str), (i64, i64));

/// The standings of each counter between its two instants, and the one on either side.
pub fn around(tx: &mut Tx<'_>, counters: &[CounterSpan<'_>]) -> Result<Vec<CounterStanding>, StoreError> {
    let keys: Vec<[Value<'_>; 5]> = counters
        .iter()
        .map(|((resource, meter, series), (from, to))| {
            [(*resource).into(), (*meter).into(), (*series).into(), (*from).into(), (*to).into()]
        })
        .collect();
    tx.each(AROUND, &keys, |row| {
        let counting = row.maybe_text(5)?;
        Ok(CounterStanding {
            resource: row.text(0)?,
            meter: row.text(1)?,
            series: row.text(2)?,
            at_us: row.int(3)?,
            value: u64::try_from(row.int(4)?).map_err(|_| StoreError::Corrupt("a standing".into()))?,
            counting: Counting::parse(counting.as_deref())
                .ok_or_else(|| StoreError::Corrupt(format!("counting {counting:?}")))?,
        })
    })
}

/// Adds standings. One that is there already stays as it was.
pub fn add(tx: &mut Tx<'_>, account_and_standing: &[(String, CounterStanding)]) -> Result<(), StoreError> {
    let rows: Vec<_> = account_and_standing
        .iter()
        .map(|(account, it)| {
            [
                it.resource.as_str().into(),
                it.meter.as_str().into(),
                it.series.as_str().into(),
                it.at_us.into(),
                account.as_str().into(),
                i64::try_from(it.value).unwrap_or(i64::MAX).into(),
                it.counting.as_str().into(),
            ]
        })
        .collect();
    tx.many(ADD, &rows).map(drop)
}
