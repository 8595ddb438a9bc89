//! Trying again what lies in quarantine.
//!
//! In:  some of it by id, or a part of it in order of receipt. Out: what became of each.
//! Invariant: a reading is taken once, whoever sends it and however often it is tried again.

use super::take::Batch;
use crate::page::{Part, mark};
use crate::{At, Refusal};
use billing::reading::{Reading, Reason, Taken};
use store::engine::at;
use store::quarantine::{self, Kept, Mark};
use store::{StoreError, Tx};

/// How many one call tries.
pub const MOST: u16 = 10_000;

/// Which part of the quarantine: any reason and any resource where none is named.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub reason: Option<Reason>,
    /// As the sender named it.
    pub resource: Option<String>,
}

impl Filter {
    /// What the store is asked.
    pub(crate) fn query(&self) -> quarantine::QuarantineFilter {
        let reason = self.reason.map(|it| it.as_str().to_string());
        quarantine::QuarantineFilter { reason, resource: self.resource.clone() }
    }
}

/// What of the quarantine is to be tried.
#[derive(Clone, Debug)]
pub enum Which {
    /// By (source, event).
    These(Vec<(String, String)>),
    /// The oldest that fit, above where the call before ended.
    Oldest { of: Filter, after: Option<String> },
}

/// What was tried.
#[derive(Debug)]
pub struct Replayed {
    /// Source, event, and what became of it.
    pub results: Vec<(String, String, Result<Taken, Refusal>)>,
    /// Where to go on, if there may be more.
    pub next: Option<String>,
}

/// Tries again. What fits by now is taken and leaves the quarantine; the rest stays with the reason of today.
pub fn replay(tx: &mut Tx<'_>, at: At<'_>, which: &Which) -> Result<Replayed, Refusal> {
    let Picked { kept, mut results, next } = match which {
        Which::These(ids) => these(tx, ids)?,
        Which::Oldest { of, after } => oldest(tx, of, after.clone())?,
    };
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

/// What is tried, what became of the others, and where to go on.
#[derive(Default)]
struct Picked {
    kept: Vec<Kept>,
    results: Vec<(String, String, Result<Taken, Refusal>)>,
    next: Option<String>,
}

/// Those that are named, each once.
fn these(tx: &mut Tx<'_>, ids: &[(String, String)]) -> Result<Picked, Refusal> {
    let mut ids: Vec<(&str, &str)> = ids.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = quarantine::get(tx, &ids)?;
    let mut picked = Picked::default();
    for (source, event) in ids {
        match found.iter().find(|it| it.sent.source == source && it.sent.event == event) {
            Some(it) if it.replayed.is_none() => picked.kept.push(it.clone()),
            Some(_) => picked.results.push((source.into(), event.into(), Ok(Taken::Duplicate))),
            None => {
                let none = Refusal::missing(format!("usage {source} {event} in quarantine"));
                picked.results.push((source.into(), event.into(), Err(none)));
            }
        }
    }
    Ok(picked)
}

/// The oldest that fit.
fn oldest(tx: &mut Tx<'_>, of: &Filter, after: Option<String>) -> Result<Picked, Refusal> {
    let after = mark::of(&Part { after, most: MOST })?;
    let kept = quarantine::oldest(tx, &of.query(), after.as_ref(), i64::from(MOST))?;
    let next = kept.last().filter(|_| kept.len() >= usize::from(MOST)).map(|it| mark::word(&end(it)));
    Ok(Picked { kept, next, ..Picked::default() })
}

/// Where a page that ends with this one ends.
pub(crate) fn end(it: &Kept) -> Mark {
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
