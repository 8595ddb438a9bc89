//! Gauges: how much waits for somebody to look after it.
//!
//! In:  a transaction. Out: counts by state or reason, those of nothing too.

use super::jobs::{self, Job};
use super::mails::{self, Waiting};
use super::usage::Reason;
use super::{At, Refusal, anchor};
use billing::provision::State;
use store::Tx;
use units::{CycleKind, Timestamp};

/// What waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gauges {
    /// Accounts that a settlement set aside.
    pub set_aside: usize,
    /// Tasks that are not over.
    pub tasks: Vec<(State, i64)>,
    /// Ranges of accounts of a settlement run that some node has in hand.
    pub ranges_in_hand: i64,
    /// Price books that did not begin.
    pub books_withheld: i64,
    /// In how many things the gateway for cards and the books differ.
    pub card_differences: i64,
    /// How many refunds are on their way to cards.
    pub card_refunds: i64,
    /// Readings in quarantine.
    pub quarantined: Vec<(Reason, i64)>,
    /// Up to when the slowest account that is not set aside is settled.
    pub settled_to: Vec<(CycleKind, Timestamp)>,
    /// When each job did something last, by the clock of the till; those that never did are left out.
    pub ran: Vec<(Job, Timestamp)>,
    /// For how many seconds something is due that each job did not do yet.
    pub late: Vec<(Job, u64)>,
    /// How many seconds ago the audit log was anchored last; `None` where it never was.
    pub anchor_age: Option<u64>,
    /// Mails that are not sent.
    pub mails: Waiting,
}

/// Counts what waits now.
pub fn read(tx: &mut Tx<'_>, at: At<'_>) -> Result<Gauges, Refusal> {
    let set_aside = store::settlements::aside(tx)?.len();
    let counts = store::tasks::counts(tx)?;
    let tasks = [State::Open, State::Waiting, State::Failed];
    let tasks = tasks.map(|state| (state, counts.iter().find(|it| it.0 == state).map_or(0, |it| it.1)));
    let counts = store::quarantine::reasons(tx)?;
    let count =
        |reason: Reason| counts.iter().find(|it| it.reason == reason.as_str()).map_or(0, |it| it.count);
    let quarantined = Reason::ALL.map(|reason| (reason, count(reason)));
    let rows = store::jobs::all(tx)?;
    let last = |job: Job| rows.iter().find(|it| it.name == job.as_str()).and_then(|it| it.last);
    let ran = Job::ALL.into_iter().filter_map(|job| Some((job, last(job)?))).collect();
    // The oldest of a kind comes first.
    let mut settled_to: Vec<(CycleKind, Timestamp)> = Vec::new();
    for it in store::settlements::standings(tx)? {
        if settled_to.iter().all(|known| known.0 != it.kind) {
            settled_to.push((it.kind, it.settled_to));
        }
    }
    let late = jobs::late(tx, at)?;
    let anchored = rows.iter().find(|it| it.name == anchor::NAME).and_then(|it| it.last);
    let since = |it: Timestamp| u64::try_from(at.now.as_second() - it.as_second()).unwrap_or(0);
    let anchor_age = anchored.map(since);
    let (books_withheld, ranges_in_hand) = (store::books::withheld(tx)?, store::runs::in_hand(tx)?);
    let card_differences = store::card_differences::count(tx)?;
    let (tasks, quarantined) = (tasks.into(), quarantined.into());
    Ok(Gauges {
        set_aside,
        tasks,
        ranges_in_hand,
        books_withheld,
        card_differences,
        card_refunds: store::card_refunds::count(tx)?,
        quarantined,
        settled_to,
        ran,
        late,
        anchor_age,
        mails: mails::waiting(tx, at.now)?,
    })
}
