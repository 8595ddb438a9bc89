//! One turn of a node: the instant, and the lease that each of its transactions checks.
//!
//! In:  a store, the desk at an instant, a lease. Out: transactions that are written under it.
//! Invariant: a transaction whose lease has ended writes nothing.

use super::job::Job;
use super::lease::{Breath, Lease};
use super::ranges::Taker;
use crate::{At, Refusal, settle, settled};
use store::engine::AsStoreError;
use store::{Store, StoreError, Tx, jobs};
use units::{CycleKind, Timestamp};

/// What every item of one turn works by.
pub struct Turn<'a> {
    pub store: &'a Store,
    pub at: At<'a>,
    /// When this was done last, as far as the caller knows; the rows of the jobs may know of a later time.
    since: Timestamp,
    /// `None`: nobody else is at these books, as in a simulation.
    lease: Option<&'a Lease<'a>>,
}

/// An item that failed.
#[derive(Debug)]
pub struct Failure {
    pub job: Job,
    pub refusal: Refusal,
}

impl From<Failure> for Refusal {
    fn from(it: Failure) -> Refusal {
        it.refusal
    }
}

/// What to do about an item that failed: `Err` stops, `Ok` goes on with the others.
pub type Spoiled<'a> = dyn FnMut(Failure) -> Result<(), Failure> + 'a;

/// How a turn ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TurnEnd {
    /// Everything that was due is done.
    Done,
    /// Something is left for the next turn.
    GivenUp,
    /// Other nodes have accounts of a run in hand; the rest is for the next turn, a moment later. Source: R-SET-6.
    OthersAtIt,
    /// A price book did not begin: the rest is for the next turn, by the books without it. Source: R-CAT-1.
    BookWithheld,
    /// The lease ended meanwhile; what was not written yet is somebody else's.
    LeaseLost,
}

/// Why a turn does not go on.
#[derive(Debug)]
pub(super) enum Halt {
    End(TurnEnd),
    Failed(Failure),
}

/// Why a transaction of a turn was not written.
enum Unwritten {
    LeaseLost,
    Refused(Refusal),
}

impl From<StoreError> for Unwritten {
    fn from(error: StoreError) -> Unwritten {
        Unwritten::Refused(error.into())
    }
}

impl AsStoreError for Unwritten {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Unwritten::LeaseLost => None,
            Unwritten::Refused(refusal) => refusal.store_error(),
        }
    }
}

impl<'a> Turn<'a> {
    /// A turn over books that nobody else is at. Hours and days that began up to `since` are not noted again.
    pub fn alone(store: &'a Store, at: At<'a>, since: Timestamp) -> Turn<'a> {
        Turn { store, at, since, lease: None }
    }

    /// A turn of a node that holds a lease; the rows say when each job ran last.
    pub fn under(lease: &'a Lease<'a>, store: &'a Store, at: At<'a>) -> Turn<'a> {
        Turn { store, at, since: Timestamp::UNIX_EPOCH, lease: Some(lease) }
    }

    /// Whoever takes accounts of runs in this turn; `None` where nobody else is at these books, or one node writes at a time.
    pub(super) fn taker(&self) -> Option<Taker<'_>> {
        let (name, now) = self.lease.filter(|_| self.store.writes_at_once() > 1)?.holder();
        Some(Taker { at: self.at, name, now, size: settle::BATCH })
    }

    /// When a job ran last: what its row says, or `since` where that is later. `None`: it has to run again.
    pub(super) fn last(&self, job: Job) -> Result<Option<Timestamp>, Halt> {
        let rows = self.read(job, |tx| Ok(jobs::all(tx)?))?;
        let row = rows.into_iter().find(|it| it.name == job.as_str());
        Ok(row.map_or(Some(self.since), |it| Some(it.last?.max(self.since))))
    }

    /// Whether an hour, a day or a month began since the job ran last.
    pub(super) fn is_new(&self, job: Job, kind: CycleKind) -> Result<bool, Halt> {
        let began = self.at.desk.calendar.cycle(kind, self.at.now).map_err(|it| failed(job, it.into()))?.from;
        Ok(self.last(job)?.is_none_or(|last| began > last))
    }

    /// Notes that the job ran now.
    pub(super) fn ran(&self, job: Job) -> Result<(), Halt> {
        self.write(job, |tx| Ok(jobs::ran(tx, job.as_str(), Some(self.at.now))?))
    }

    /// Writes under the lease. Errors: `End(LeaseLost)`, and what `work` says, or `ClockBehind`, as a failure of `job`.
    pub(super) fn write<T>(
        &self,
        job: Job,
        mut work: impl FnMut(&mut Tx<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Halt> {
        let done = self.store.write(|tx| {
            let until = match self.lease {
                Some(lease) => {
                    settled::check_node(tx, self.at).map_err(Unwritten::Refused)?;
                    Some(lease.hold(tx)?.ok_or(Unwritten::LeaseLost)?)
                }
                None => None,
            };
            Ok((work(tx).map_err(Unwritten::Refused)?, until))
        });
        match done {
            Ok((done, until)) => {
                if let (Some(lease), Some(until)) = (self.lease, until) {
                    lease.lasts(until);
                }
                Ok(done)
            }
            Err(Unwritten::LeaseLost) => Err(Halt::End(TurnEnd::LeaseLost)),
            Err(Unwritten::Refused(refusal)) => Err(failed(job, refusal)),
        }
    }

    pub(super) fn read<T>(
        &self,
        job: Job,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Halt> {
        self.store.read(work).map_err(|refusal| failed(job, refusal))
    }

    /// Before the next item of a job: whether the turn goes on.
    pub(super) fn go_on(&self, job: Job) -> Result<(), Halt> {
        let Some(lease) = self.lease else { return Ok(()) };
        match lease.breath(self.store).map_err(|refusal| failed(job, refusal))? {
            Breath::GoOn => Ok(()),
            Breath::TimeIsUp if !job.goes_on() => Ok(()),
            Breath::TimeIsUp | Breath::Ending => Err(Halt::End(TurnEnd::GivenUp)),
            Breath::Lost => Err(Halt::End(TurnEnd::LeaseLost)),
        }
    }
}

pub(super) fn failed(job: Job, refusal: Refusal) -> Halt {
    Halt::Failed(Failure { job, refusal })
}
