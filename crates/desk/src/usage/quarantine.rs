//! Trying again what lies in quarantine.
//!
//! In:  some of it by id, or a part of it in order of receipt. Out: what became of each.
//! Invariant: a reading is taken once, whoever sends it and however often it is tried again.

use super::take::Batch;
use crate::{At, Refusal};
use billing::reading::{Reading, Reason, Taken};
use store::engine::at;
use store::quarantine::{self, Kept, Mark, QuarantineFilter};
use store::{StoreError, Tx};

/// How many one call tries.
pub const MOST: usize = 10_000;

/// What of the quarantine is to be tried.
#[derive(Clone, Debug)]
pub enum Which {
    /// By (source, event).
    These(Vec<(String, String)>),
    /// The oldest that fit, above where the call before ended.
    Oldest(QuarantineFilter, Option<Mark>),
}

/// What was tried.
#[derive(Debug)]
pub struct Replayed {
    /// Source, event, and what became of it.
    pub results: Vec<(String, String, Result<Taken, Refusal>)>,
    /// Where to go on, if there may be more.
    pub next: Option<Mark>,
}

/// Tries again. What fits by now is taken and leaves the quarantine; the rest stays with the reason of today.
pub fn replay(tx: &mut Tx<'_>, at: At<'_>, which: &Which) -> Result<Replayed, Refusal> {
    let limit = i64::try_from(MOST).unwrap_or(i64::MAX);
    let (mut kept, mut results) = (Vec::new(), Vec::new());
    let mut next = None;
    match which {
        Which::These(ids) => {
            let mut ids: Vec<(&str, &str)> = ids.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
            ids.sort_unstable();
            ids.dedup();
            let found = quarantine::get(tx, &ids)?;
            for (source, event) in ids {
                match found.iter().find(|it| it.sent.source == source && it.sent.event == event) {
                    Some(it) if it.replayed.is_none() => kept.push(it.clone()),
                    Some(_) => results.push((source.into(), event.into(), Ok(Taken::Duplicate))),
                    None => {
                        let none = StoreError::NotFound(format!("usage {source} {event} in quarantine"));
                        results.push((source.into(), event.into(), Err(none.into())));
                    }
                }
            }
        }
        Which::Oldest(query, after) => {
            kept = quarantine::oldest(tx, query, after.as_ref(), limit)?;
            next = kept.last().filter(|_| kept.len() >= MOST).map(mark);
        }
    }
    let readings = kept.iter().map(reading).collect::<Result<Vec<_>, StoreError>>()?;
    let outcomes = Batch::again(&readings, at.now).record(tx, at.desk)?;
    let (mut taken, mut stays) = (Vec::new(), Vec::new());
    for (it, outcome) in readings.iter().zip(outcomes) {
        let id = (it.source, it.event);
        match &outcome {
            Ok(Taken::Accepted | Taken::Duplicate | Taken::Late) => taken.push(id),
            Ok(Taken::Quarantined(_)) => {}
            Err(error) if error.code() == "conflict" => stays.push((id, Reason::Conflict.as_str(), "")),
            Err(_) => {}
        }
        results.push((it.source.into(), it.event.into(), outcome));
    }
    quarantine::stays(tx, &stays)?;
    quarantine::replayed(tx, &taken, at.now)?;
    Ok(Replayed { results, next })
}

/// Where a page that ends with this one ends.
pub fn mark(it: &Kept) -> Mark {
    (store::engine::us(it.received), it.sent.source.clone(), it.sent.event.clone())
}

fn reading(it: &Kept) -> Result<Reading<'_>, StoreError> {
    let sent = &it.sent;
    Ok(Reading {
        source: &sent.source,
        event: &sent.event,
        resource: &sent.resource,
        usage: &sent.meter,
        at: at(sent.at_us)?,
        received: it.received,
        quantity: u64::try_from(sent.quantity).map_err(|_| StoreError::Corrupt("a quantity".into()))?,
        key: &sent.key,
        counting: sent.counting,
    })
}
