//! A batch on its way into the store.
//!
//! In:  readings with their places. Out: rows, and the outcome of each reading.
//! Invariant: an id that was ever used keeps what it says. Rounds: a batch that repeats an id is taken as if
//! the second had come after the first.

use super::place::{Aside, Cycles, Dues, Facts, Place};
use crate::{At, Desk, Refusal, events};
use billing::counter::{Counting, History};
use billing::meter::Tally;
use billing::reading::{MOST_AT_ONCE, Reading, ReadingError, Reason, Said, Series, Spot, Taken, Verdict};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use store::counters::{self, CounterStanding};
use store::engine::us;
use store::quarantine;
use store::recounts::{self, Waiting};
use store::usage::{self, PlacedReading, SentReading};
use store::{StoreError, Tx, Writes};
use units::{AccountId, Cycle, CycleKind, Timestamp};

/// Where the readings of a batch come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    Senders,
    Quarantine,
}

/// Readings and what became of them so far.
pub(super) struct Batch<'r> {
    readings: &'r [Reading<'r>],
    outcomes: Vec<Option<Result<Taken, Refusal>>>,
    now: Timestamp,
    from: From,
}

/// A reading with a place, whose id is free as far as was looked.
struct Taking<'f> {
    index: usize,
    place: Place<'f>,
    late: Vec<Waiting>,
    quantity: i64,
    standing: Option<i64>,
}

/// What is to be written for a round.
#[derive(Default)]
struct Decided<'f> {
    taking: Vec<Taking<'f>>,
    asides: Vec<(usize, Aside)>,
    /// Each with the account of its resource.
    standings: Vec<(String, CounterStanding)>,
}

/// A reading in a round, with its place and the closed cycles that it is late for, or why it has no place.
type Found<'f> = (usize, Result<(Place<'f>, Vec<Waiting>), Aside>);

impl<'r> Batch<'r> {
    pub(super) fn of(readings: &'r [Reading<'r>], now: Timestamp) -> Batch<'r> {
        let outcomes = readings.iter().map(|it| it.check().err().map(|it| Err(refusal(it)))).collect();
        Batch { readings, outcomes, now, from: From::Senders }
    }

    /// What lies in quarantine and may fit by now.
    pub(super) fn again(readings: &'r [Reading<'r>], now: Timestamp) -> Batch<'r> {
        Batch { from: From::Quarantine, ..Batch::of(readings, now) }
    }

    pub(super) fn record(
        mut self,
        tx: &mut Tx<'_>,
        desk: &Desk,
    ) -> Result<Vec<Result<Taken, Refusal>>, Refusal> {
        let mut open = self.open(0..self.readings.len());
        // The first time, whether ids are free is asked by the insert itself.
        let mut seen = self.from == From::Quarantine;
        while !open.is_empty() {
            let mut ids = HashSet::with_capacity(open.len());
            let (first, again): (Vec<usize>, Vec<usize>) =
                open.into_iter().partition(|it| ids.insert(self.id(*it)));
            self.round(tx, desk, &first, seen)?;
            self.known(tx, again.clone())?;
            open = self.open(again.into_iter());
            seen = true;
        }
        let all = self.outcomes.into_iter().zip(self.readings);
        Ok(all.map(|(outcome, reading)| outcome.unwrap_or_else(|| Err(lost(reading)))).collect())
    }

    fn open(&self, indices: impl Iterator<Item = usize>) -> Vec<usize> {
        indices.filter(|it| self.outcomes[*it].is_none()).collect()
    }

    fn id(&self, index: usize) -> (&'r str, &'r str) {
        let it = &self.readings[index];
        (it.source, it.event)
    }

    fn ids(&self, indices: &[usize]) -> Vec<(&'r str, &'r str)> {
        indices.iter().map(|it| self.id(*it)).collect()
    }

    /// Takes readings of different ids.
    fn round(&mut self, tx: &mut Tx<'_>, desk: &Desk, indices: &[usize], seen: bool) -> Result<(), Refusal> {
        let facts = Facts::read(tx, desk, indices.iter().map(|it| &self.readings[*it]))?;
        let mut cycles = Cycles::default();
        let mut places: Vec<(usize, Result<Place<'_>, Aside>)> = Vec::with_capacity(indices.len());
        for &index in indices {
            match facts.place(desk.at(self.now), &mut cycles, &self.readings[index]) {
                Ok(place) => places.push((index, place)),
                Err(error) => self.outcomes[index] = Some(Err(error)),
            }
        }
        let dues = Dues::hold(tx, places.iter().filter_map(|it| it.1.as_ref().ok()))?;
        let mut found: Vec<Found<'_>> = Vec::with_capacity(places.len());
        for (index, it) in places {
            let with_late = match it {
                Ok(place) => dues
                    .late(desk.at(self.now), &place, self.readings[index].resource)?
                    .map(|late| (place, late)),
                Err(aside) => Err(aside),
            };
            found.push((index, with_late));
        }

        let counted: BTreeSet<&str> = found
            .iter()
            .filter(|(index, it)| it.is_ok() && self.readings[*index].counting != Counting::Delta)
            .map(|(index, _)| self.readings[*index].resource)
            .collect();
        counters::lock(tx, &counted.into_iter().collect::<Vec<_>>())?;
        let careful = |(index, it): &&Found<'_>| {
            seen || self.readings[*index].counting != Counting::Delta
                || !it.as_ref().is_ok_and(|it| it.0.tally.is_plain())
        };
        let careful: Vec<usize> = found.iter().filter(careful).map(|it| it.0).collect();
        self.in_usage(tx, &careful)?;
        self.in_quarantine(tx, indices)?;

        let open: Vec<Found<'_>> = found.into_iter().filter(|it| self.outcomes[it.0].is_none()).collect();
        let said = self.said(tx, &open)?;
        let decided = self.decide(said, open);
        self.write(tx, desk, decided.taking)?;
        counters::add(tx, &decided.standings)?;
        self.keep(tx, decided.asides)
    }

    /// Resolves those whose id has been used, wherever what came under it is now.
    fn known(&mut self, tx: &mut Tx<'_>, indices: Vec<usize>) -> Result<(), Refusal> {
        self.in_usage(tx, &indices)?;
        self.in_quarantine(tx, &indices)
    }

    fn in_usage(&mut self, tx: &mut Tx<'_>, indices: &[usize]) -> Result<(), Refusal> {
        let stored = usage::get(tx, &self.ids(indices))?;
        let stored: HashMap<(&str, &str), &SentReading> =
            stored.iter().map(|it| ((it.source.as_str(), it.event.as_str()), it)).collect();
        for &index in indices {
            let reading = &self.readings[index];
            let Some(sent) = stored.get(&self.id(index)) else { continue };
            let at_us = reading.second();
            let outcome =
                if same(sent, reading, at_us) { Ok(Taken::Duplicate) } else { Err(differs(reading)) };
            self.outcomes[index] = Some(outcome);
        }
        Ok(())
    }

    /// What was kept aside is answered as before, until it is replayed.
    fn in_quarantine(&mut self, tx: &mut Tx<'_>, indices: &[usize]) -> Result<(), Refusal> {
        let open = self.open(indices.iter().copied());
        if self.from == From::Quarantine || open.is_empty() {
            return Ok(());
        }
        let sources: BTreeSet<&str> = open.iter().map(|it| self.readings[*it].source).collect();
        let sources = quarantine::sources(tx, &sources.into_iter().collect::<Vec<_>>())?;
        let asked: Vec<usize> = open
            .into_iter()
            .filter(|it| sources.iter().any(|source| source == self.readings[*it].source))
            .collect();
        let kept = quarantine::get(tx, &self.ids(&asked))?;
        let kept: HashMap<(&str, &str), &quarantine::Kept> =
            kept.iter().map(|it| ((it.sent.source.as_str(), it.sent.event.as_str()), it)).collect();
        for index in asked {
            let reading = &self.readings[index];
            let Some(it) = kept.get(&self.id(index)) else { continue };
            let outcome = match Reason::parse(&it.reason) {
                _ if !is_kept_as(&it.sent, reading) => Err(differs(reading)),
                _ if it.replayed.is_some() => Ok(Taken::Duplicate),
                Some(reason) => Ok(Taken::Quarantined(reason)),
                None => Err(StoreError::Corrupt(format!("reason `{}`", it.reason)).into()),
            };
            self.outcomes[index] = Some(outcome);
        }
        Ok(())
    }

    /// What is to be written for readings whose ids are free, in the order in which they came.
    fn decide<'f>(&mut self, mut said: Said<'r>, open: Vec<Found<'f>>) -> Decided<'f> {
        let mut decided = Decided::default();
        for (index, found) in open {
            let reading = &self.readings[index];
            let (place, late) = match found {
                Ok(it) => it,
                Err(aside) => {
                    decided.asides.push((index, aside));
                    continue;
                }
            };
            match said.decide(reading, place.tally) {
                Verdict::Take { quantity, standing } => {
                    if standing.is_some() {
                        decided.standings.push((place.account.to_string(), stands(reading)));
                    }
                    decided.taking.push(Taking { index, place, late, quantity, standing });
                }
                Verdict::Duplicate => self.outcomes[index] = Some(Ok(Taken::Duplicate)),
                Verdict::Aside(reason, detail) => decided.asides.push((index, (reason, detail))),
                Verdict::Refused(error) => self.outcomes[index] = Some(Err(refusal(error))),
            }
        }
        decided
    }

    /// What was said before these readings: of the seconds of attacks, and around the standings of counters.
    fn said(&self, tx: &mut Tx<'_>, open: &[Found<'_>]) -> Result<Said<'r>, Refusal> {
        let is_attack = |it: &&Found<'_>| it.1.as_ref().is_ok_and(|it| it.0.tally == Tally::Attack);
        let readings: Vec<&Reading<'_>> =
            open.iter().filter(is_attack).map(|it| &self.readings[it.0]).collect();
        let spots: Vec<usage::Spot<'_>> =
            readings.iter().map(|it| (it.resource, it.usage, it.second(), it.key)).collect();
        let stored = usage::same_second(tx, &spots)?;
        let mut said = Said::new(self.histories(tx, open)?);
        for (it, quantity) in stored {
            let corrupt = |_| StoreError::Corrupt(format!("the quantity {quantity} of an attack"));
            let quantity = u64::try_from(quantity).map_err(corrupt)?;
            let spot = Spot { resource: it.resource, usage: it.meter, second: it.at_us, key: it.key };
            said.attacked(spot, quantity);
        }
        Ok(said)
    }

    /// The standings around those that are to be added, by counter.
    fn histories(
        &self,
        tx: &mut Tx<'_>,
        open: &[Found<'_>],
    ) -> Result<HashMap<Series<'r>, History>, Refusal> {
        let mut spans: BTreeMap<(&'r str, &'r str, &'r str), (i64, i64)> = BTreeMap::new();
        for (index, it) in open {
            let reading = &self.readings[*index];
            if it.is_ok() && reading.counting != Counting::Delta {
                let at = us(reading.at);
                let span = spans.entry((reading.resource, reading.usage, reading.key)).or_insert((at, at));
                *span = (span.0.min(at), span.1.max(at));
            }
        }
        let spans: Vec<_> = spans.into_iter().collect();
        let stored = counters::around(tx, &spans)?;
        let series = |it: (&'r str, &'r str, &'r str)| Series { resource: it.0, usage: it.1, key: it.2 };
        let mut histories: HashMap<Series<'r>, History> =
            spans.iter().map(|it| (series(it.0), History::default())).collect();
        for it in stored {
            let key = (it.resource.as_str(), it.meter.as_str(), it.series.as_str());
            let known = spans.binary_search_by(|one| one.0.cmp(&key)).ok();
            if let Some(history) = known.and_then(|at| histories.get_mut(&series(spans[at].0))) {
                history.known(it.at_us, it.value, it.counting);
            }
        }
        Ok(histories)
    }
}

/// What a sender is told of a reading that cannot be one.
fn refusal(error: ReadingError) -> Refusal {
    match error {
        ReadingError::InTheFuture(at) => Refusal::InTheFuture(at.to_string()),
        ReadingError::TooMuch(quantity) => {
            Refusal::Reading { quantity, most: MOST_AT_ONCE }.of("data.quantity")
        }
        ReadingError::Overflow(_) => units::MoneyError::Overflow.into(),
    }
}

/// Nothing became of a reading, which is a fault of ours.
pub(super) fn lost(reading: &Reading<'_>) -> Refusal {
    StoreError::NotFound(format!("usage {} {}", reading.source, reading.event)).into()
}

fn differs(reading: &Reading<'_>) -> Refusal {
    StoreError::Differs(format!("usage {} {}", reading.source, reading.event)).into()
}

fn same(sent: &SentReading, reading: &Reading<'_>, at_us: i64) -> bool {
    sent.resource == reading.resource
        && sent.meter == reading.usage
        && sent.at_us == at_us
        && u64::try_from(sent.quantity) == Ok(reading.quantity)
        && sent.key == reading.key
        && sent.counting == reading.counting
}

/// What was kept at once has its microsecond; what was taken at first has only its second left.
fn is_kept_as(sent: &SentReading, reading: &Reading<'_>) -> bool {
    same(sent, reading, us(reading.at)) || same(sent, reading, reading.second())
}

fn stands(reading: &Reading<'_>) -> CounterStanding {
    CounterStanding {
        resource: reading.resource.to_string(),
        meter: reading.usage.to_string(),
        series: reading.key.to_string(),
        at_us: us(reading.at),
        value: reading.quantity,
        counting: reading.counting,
    }
}

impl Batch<'_> {
    /// Writes what is taken; whoever finds its id used meanwhile is told what stands there.
    fn write(&mut self, tx: &mut Tx<'_>, desk: &Desk, mut taking: Vec<Taking<'_>>) -> Result<(), Refusal> {
        // In order of ids: two batches with the same ids do not wait for each other.
        taking.sort_by_key(|it| self.id(it.index));
        let readings = self.readings;
        let placed: Vec<PlacedReading<'_>> =
            taking.iter().map(|it| placed(&readings[it.index], it)).collect();
        let new = usage::add(tx, &placed)?;
        let all_new = new.len() == placed.len();
        let new: HashSet<(&str, &str)> = if all_new {
            HashSet::new()
        } else {
            new.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect()
        };
        let (mut late, mut used) = (BTreeSet::new(), Vec::new());
        for (it, reading) in taking.iter().zip(&placed) {
            if !all_new && !new.contains(&(reading.source, reading.event)) {
                used.push(it.index);
                continue;
            }
            self.outcomes[it.index] =
                Some(Ok(if it.late.is_empty() { Taken::Accepted } else { Taken::Late }));
            late.extend(it.late.iter().copied());
        }
        wait(tx, desk.at(self.now), late)?;
        self.in_usage(tx, &used)?;
        let counted = |it: &&Taking<'_>| it.standing.is_some() && used.contains(&it.index);
        if let Some(it) = taking.iter().find(counted) {
            // Its growth is in the readings after it: all is done again, with what stands there now.
            return Err(StoreError::Stale(format!("usage {}", readings[it.index].event)).into());
        }
        Ok(())
    }

    /// Keeps aside what has no place; what was aside stays, with the reason of today.
    fn keep(&mut self, tx: &mut Tx<'_>, asides: Vec<(usize, Aside)>) -> Result<(), Refusal> {
        let readings = self.readings;
        if self.from == From::Quarantine {
            let stays: Vec<_> = asides
                .iter()
                .map(|(index, (reason, detail))| (self.id(*index), reason.as_str(), detail.as_str()))
                .collect();
            quarantine::stays(tx, &stays)?;
        } else {
            let mut rows: Vec<quarantine::Unplaced<'_>> =
                asides.iter().map(|(index, it)| unplaced(&readings[*index], it)).collect();
            rows.sort_by_key(|it| (it.source, it.event));
            if quarantine::add(tx, &rows)?.len() < rows.len() {
                // Somebody else used one of the ids meanwhile.
                return Err(StoreError::Stale("a reading that is kept aside".into()).into());
            }
            events::quarantined(tx, &rows, self.now)?;
        }
        for (index, (reason, _)) in asides {
            self.outcomes[index] = Some(Ok(Taken::Quarantined(reason)));
        }
        Ok(())
    }
}

/// Lets closed cycles wait for the next close of their kind, and their accounts for that close.
pub(super) fn wait(
    tx: &mut Tx<'_>,
    at: At<'_>,
    late: impl IntoIterator<Item = Waiting>,
) -> Result<(), Refusal> {
    let late: Vec<Waiting> = late.into_iter().collect();
    let mut dues: Vec<(AccountId, Cycle)> = Vec::new();
    for it in &late {
        let next = at.desk.calendar.cycle(it.original.kind, at.now)?;
        if !dues.contains(&(it.account, next)) {
            dues.push((it.account, next));
        }
    }
    let mut writes = Writes::default();
    recounts::add(&mut writes, &late);
    usage::open_dues(&mut writes, &dues);
    Ok(tx.write(writes)?)
}

fn placed<'a>(reading: &'a Reading<'a>, it: &Taking<'a>) -> PlacedReading<'a> {
    PlacedReading {
        source: reading.source,
        event: reading.event,
        account: it.place.account,
        resource: reading.resource,
        meter: reading.usage,
        at_us: reading.second(),
        quantity: it.quantity,
        key: reading.key,
        received: reading.received,
        standing: it.standing,
        counting: reading.counting,
        late: kinds(&it.late),
    }
}

/// The kinds of cycle that a reading is late for, each once.
pub(super) fn kinds(late: &[Waiting]) -> Vec<CycleKind> {
    let mut kinds: Vec<CycleKind> = late.iter().map(|it| it.original.kind).collect();
    kinds.dedup();
    kinds
}

fn unplaced<'a>(reading: &'a Reading<'a>, why: &'a Aside) -> quarantine::Unplaced<'a> {
    quarantine::Unplaced {
        source: reading.source,
        event: reading.event,
        resource: reading.resource,
        meter: reading.usage,
        at_us: us(reading.at),
        quantity: i64::try_from(reading.quantity).unwrap_or(i64::MAX),
        key: reading.key,
        counting: reading.counting,
        received: reading.received,
        reason: why.0.as_str(),
        detail: &why.1,
    }
}
