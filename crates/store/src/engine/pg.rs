//! A PostgreSQL database: links that are used in turn, apart for short operations and for reports.
//!
//! In:  a URL, time-outs, closures over a transaction. Out: what they return, after their commit.
//! Invariant: a link that broke or fell silent takes the idle ones with it: they go the same way, and nobody waits for
//! one after another of them.

use super::erased::{Standing, Undone, Work};
use super::pool::{Pool, PoolUse, REPORTS_AT_ONCE, SHORT_AT_ONCE};
use super::tx::Statements;
use super::{StoreError, Tx};
use link::{Link, Patience, Sees, Transaction};
use std::time::Duration;

/// A short statement is prepared once and finds its rows by an index, so it is planned once, and as for a large table:
/// a plan made while a table was empty would read all of it until the server next counts its rows, or put what it takes for
/// one row aside and go through thousands of them for each of another table. Reports are planned as the server sees fit.
const SHORT_SETTINGS: &str =
    "set plan_cache_mode = force_generic_plan; set jit = off; set enable_seqscan = off;
     set enable_hashjoin = off; set enable_mergejoin = off; set enable_material = off;";

/// How long statements may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOuts {
    /// A statement of a short operation or of a job; half of it for a lock.
    pub short: Duration,
    /// A statement of a report.
    pub report: Duration,
}

/// Commands that somebody waits for and may break off: an hour.
impl Default for TimeOuts {
    fn default() -> TimeOuts {
        let hour = Duration::from_secs(60 * 60);
        TimeOuts { short: hour, report: hour }
    }
}

type Connection = (Link, Statements);

pub(super) struct Pg {
    url: String,
    within: TimeOuts,
    short: Pool<Connection>,
    reports: Pool<Connection>,
}

impl Pg {
    pub fn new(url: &str, within: TimeOuts) -> Pg {
        let (short, reports) = (Pool::new(SHORT_AT_ONCE), Pool::new(REPORTS_AT_ONCE));
        Pg { url: url.to_string(), within, short, reports }
    }

    /// How many links are in use, of short operations and of reports.
    pub fn uses(&self) -> [PoolUse; 2] {
        [self.short.use_now(), self.reports.use_now()]
    }

    pub fn write(&self, work: &mut Work<'_>) -> Result<(), Undone> {
        self.short(Sees::EachStatement, work)
    }

    pub fn read(&self, work: &mut Work<'_>) -> Result<(), Undone> {
        self.short(Sees::OneInstant, work)
    }

    fn short(&self, sees: Sees, work: &mut Work<'_>) -> Result<(), Undone> {
        let open = || {
            let mut link = Link::open(&self.url, Patience::Within(self.within.short))?;
            link.batch_execute(SHORT_SETTINGS)?;
            Ok(link)
        };
        self.told(self.short.with(|idle| self.begun(idle, open, sees), is_open, |it| transaction(it, work)))
    }

    pub fn report(&self, work: &mut Work<'_>) -> Result<(), Undone> {
        let open = || Ok(Link::open(&self.url, Patience::Within(self.within.report))?);
        let begun = |idle| self.begun(idle, open, Sees::OneInstant);
        self.told(self.reports.with(begun, is_open, |it| transaction(it, work)))
    }

    /// What may take any time, on a link of its own.
    pub fn patiently(&self, work: &mut Work<'_>) -> Result<(), Undone> {
        let open = || Ok(Link::open(&self.url, Patience::AsLongAsItTakes)?);
        let mut connection = self.begun(None, open, Sees::EachStatement)?;
        transaction(&mut connection, work)
    }

    /// A transaction on a link that was idle, or on a new one where that goes nowhere any more.
    fn begun(
        &self,
        idle: Option<Connection>,
        open: impl Fn() -> Result<Link, StoreError>,
        sees: Sees,
    ) -> Result<Connection, StoreError> {
        if let Some((mut link, statements)) = idle {
            if link.begin(sees).is_ok() {
                return Ok((link, statements));
            }
            self.forget_idle();
        }
        let mut link = open()?;
        link.begin(sees)?;
        Ok((link, Statements::default()))
    }

    /// Those that are idle were opened the same way.
    fn forget_idle(&self) {
        self.short.forget_idle();
        self.reports.forget_idle();
    }

    fn told(&self, done: Result<(), Undone>) -> Result<(), Undone> {
        if done.as_ref().is_err_and(|it| it.standing() == Standing::Broken) {
            self.forget_idle();
        }
        done
    }
}

fn is_open(connection: &Connection) -> bool {
    connection.0.is_open()
}

fn transaction(connection: &mut Connection, work: &mut Work<'_>) -> Result<(), Undone> {
    let (link, statements) = connection;
    let mut tx = Tx::Pg(Transaction::begun(link), statements);
    // A transaction that is dropped is rolled back.
    work(&mut tx)?;
    Ok(tx.commit()?)
}
