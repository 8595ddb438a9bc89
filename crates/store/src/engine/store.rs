//! A database and its connections: one closure, one transaction, run again when the database asks for it.
//!
//! In:  where the books are kept; closures over a transaction. Out: what they return, after their commit.
//! Invariant: short operations and reports never wait for each other's connections, and each has so many at most.

use super::erased::{Standing, Undone, Work, erased};
use super::error::AsStoreError;
use super::pg::{Pg, TimeOuts};
use super::pool::{Pool, PoolUse, REPORTS_AT_ONCE, SHORT_AT_ONCE};
use super::{StoreError, Tx};
use rusqlite::TransactionBehavior;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001.sql"),
    include_str!("../../migrations/0002.sql"),
    include_str!("../../migrations/0003.sql"),
    include_str!("../../migrations/0004.sql"),
    include_str!("../../migrations/0005.sql"),
    include_str!("../../migrations/0006.sql"),
    include_str!("../../migrations/0007.sql"),
    include_str!("../../migrations/0008.sql"),
    include_str!("../../migrations/0009.sql"),
    include_str!("../../migrations/0010.sql"),
    include_str!("../../migrations/0011.sql"),
    include_str!("../../migrations/0012.sql"),
    include_str!("../../migrations/0013.sql"),
    include_str!("../../migrations/0014.sql"),
    include_str!("../../migrations/0015.sql"),
    include_str!("../../migrations/0016.sql"),
    include_str!("../../migrations/0017.sql"),
    include_str!("../../migrations/0018.sql"),
    include_str!("../../migrations/0019.sql"),
    include_str!("../../migrations/0020.sql"),
    include_str!("../../migrations/0021.sql"),
    include_str!("../../migrations/0022.sql"),
    include_str!("../../migrations/0023.sql"),
    include_str!("../../migrations/0024.sql"),
    include_str!("../../migrations/0025.sql"),
    include_str!("../../migrations/0026.sql"),
    include_str!("../../migrations/0027.sql"),
    include_str!("../../migrations/0028.sql"),
    include_str!("../../migrations/0029.sql"),
    include_str!("../../migrations/0030.sql"),
    include_str!("../../migrations/0031.sql"),
    include_str!("../../migrations/0032.sql"),
    include_str!("../../migrations/0033.sql"),
    include_str!("../../migrations/0034.sql"),
    include_str!("../../migrations/0038.sql"),
    include_str!("../../migrations/0039.sql"),
    include_str!("../../migrations/0040.sql"),
    include_str!("../../migrations/0041.sql"),
    include_str!("../../migrations/0043.sql"),
    include_str!("../../migrations/0045.sql"),
    include_str!("../../migrations/0046.sql"),
    include_str!("../../migrations/0047.sql"),
    include_str!("../../migrations/0048.sql"),
    include_str!("../../migrations/0050.sql"),
    include_str!("../../migrations/0051.sql"),
    include_str!("../../migrations/0053.sql"),
    include_str!("../../migrations/0056.sql"),
    include_str!("../../migrations/0057.sql"),
    include_str!("../../migrations/0058.sql"),
    include_str!("../../migrations/0059.sql"),
    include_str!("../../migrations/0060.sql"),
    include_str!("../../migrations/0061.sql"),
    include_str!("../../migrations/0062.sql"),
    include_str!("../../migrations/0064.sql"),
    include_str!("../../migrations/0065.sql"),
    include_str!("../../migrations/0067.sql"),
    include_str!("../../migrations/0068.sql"),
];
const TRIES: u32 = 20;
/// The pause before a transaction runs again doubles from here, so many times at most: about a second over all tries.
const FIRST_PAUSE: Duration = Duration::from_millis(2);
const DOUBLED: u32 = 5;
/// How often a connection to a file that others hold is set up at most, and how long it waits in between: ten seconds.
const SET_UPS: u32 = 500;
const SET_UP_PAUSE: Duration = Duration::from_millis(20);

/// How every connection to an embedded database is set.
pub const EMBEDDED_SETTINGS: &str =
    "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
     pragma wal_autocheckpoint = 50000; pragma cache_size = -65536; pragma temp_store = memory;";

/// A database that the till keeps its books in.
pub struct Store {
    engine: Engine,
    /// A write found no room, and room was not found since.
    full: AtomicBool,
}

enum Engine {
    Lite(Box<Lite>),
    Pg(Pg),
}

struct Lite {
    /// `None` for a database in memory, which has one connection.
    path: Option<PathBuf>,
    writer: Mutex<rusqlite::Connection>,
    readers: Pool<rusqlite::Connection>,
    reporters: Pool<rusqlite::Connection>,
}

impl Store {
    /// A database in memory, for simulations and tests.
    pub fn memory() -> Result<Store, StoreError> {
        let connection = rusqlite::Connection::open_in_memory()?;
        connection.set_prepared_statement_cache_capacity(256);
        Store::lite(None, connection)
    }

    /// The embedded database in one file, made if it is not there.
    pub fn embedded(path: &Path) -> Result<Store, StoreError> {
        Store::lite(Some(path.to_path_buf()), connect(path)?)
    }

    fn lite(path: Option<PathBuf>, writer: rusqlite::Connection) -> Result<Store, StoreError> {
        let (readers, reporters) = (Pool::new(SHORT_AT_ONCE), Pool::new(REPORTS_AT_ONCE));
        let lite = Lite { path, writer: Mutex::new(writer), readers, reporters };
        let store = Store { engine: Engine::Lite(Box::new(lite)), full: AtomicBool::new(false) };
        store.migrate()?;
        Ok(store)
    }

    /// A PostgreSQL database, by its URL, for commands: a statement may take an hour.
    pub fn postgres(url: &str) -> Result<Store, StoreError> {
        Store::postgres_within(url, TimeOuts::default())
    }

    /// The same, with the time that statements may take. Bringing the tables up to date takes as long as it takes.
    pub fn postgres_within(url: &str, within: TimeOuts) -> Result<Store, StoreError> {
        let store = Store { engine: Engine::Pg(Pg::new(url, within)), full: AtomicBool::new(false) };
        store.migrate()?;
        Ok(store)
    }

    /// How many connections are in use: of short operations, on SQLite those that only read, and of reports.
    pub fn uses(&self) -> [PoolUse; 2] {
        match &self.engine {
            Engine::Lite(it) => [it.readers.use_now(), it.reporters.use_now()],
            Engine::Pg(it) => it.uses(),
        }
    }

    /// How many statements this process ran; one for many rows counts once.
    pub fn statements(&self) -> u64 {
        super::tx::statements()
    }

    /// One closure, one transaction; run again when the database asks for it.
    pub fn write<T, E: From<StoreError> + AsStoreError>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        erased(work, |work| self.written(work))
    }

    fn written(&self, work: &mut Work<'_>) -> Result<(), Undone> {
        let done = again(|| match &self.engine {
            Engine::Lite(it) => it.write(work),
            Engine::Pg(it) => it.write(work),
        });
        if done.as_ref().is_err_and(|it| it.standing() == Standing::Full) {
            self.full.store(true, Ordering::Relaxed);
        }
        done
    }

    /// How many writes go on at once: SQLite has one writer.
    pub const fn writes_at_once(&self) -> usize {
        match &self.engine {
            Engine::Lite(_) => 1,
            Engine::Pg(_) => SHORT_AT_ONCE,
        }
    }

    /// Whether a write found no room in the database, and room was not found since.
    pub fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    /// Looks whether there is room again, by a write that needs much: small ones may fit where nothing else does.
    ///
    /// Errors: one that `is_full` where there is none.
    pub fn find_room(&self) -> Result<(), StoreError> {
        self.write(crate::jobs::try_room)?;
        self.full.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Writes as `write` does, gives what came of it, and keeps nothing: to see what would follow.
    pub fn rehearse<T, E: From<StoreError> + AsStoreError>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut done = None;
        let played: Result<(), Rehearsed<E>> = self.write(|tx| {
            done = Some(work(tx).map_err(Rehearsed::Failed)?);
            // An error rolls back what was written.
            Err(Rehearsed::Over)
        });
        match (played, done) {
            (Err(Rehearsed::Failed(error)), _) => Err(error),
            (_, Some(done)) => Ok(done),
            (_, None) => Err(StoreError::Setup("a rehearsal gave nothing".into()).into()),
        }
    }

    /// Reads what stood at one instant, however many statements that takes: a few rows, each found by an index.
    ///
    /// On SQLite readers have connections of their own and never wait for the writer.
    pub fn read<T, E: From<StoreError> + AsStoreError>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        erased(work, |work| self.looked_up(work))
    }

    fn looked_up(&self, work: &mut Work<'_>) -> Result<(), Undone> {
        again(|| match &self.engine {
            Engine::Lite(it) => it.read(&it.readers, work),
            Engine::Pg(it) => it.read(work),
        })
    }

    /// The same for what goes over many rows: sums, audits, coverage. The database plans it by what it holds.
    pub fn report<T, E: From<StoreError> + AsStoreError>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        erased(work, |work| self.reported(work))
    }

    fn reported(&self, work: &mut Work<'_>) -> Result<(), Undone> {
        again(|| match &self.engine {
            Engine::Lite(it) => it.read(&it.reporters, work),
            Engine::Pg(it) => it.report(work),
        })
    }

    /// Brings the schema up to date: numbered files, forward only, under a lock.
    fn migrate(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Lite(_) => self.write(bring_up_to_date),
            Engine::Pg(it) => erased(bring_up_to_date, |work| it.patiently(work)),
        }
    }
}

fn bring_up_to_date(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    if let Tx::Pg(tx, _) = tx {
        tx.batch_execute("select pg_advisory_xact_lock(7164001)")?;
    }
    tx.batch("create table if not exists migrations (number bigint primary key)")?;
    let done = tx.rows("select number from migrations", &[], |row| row.int(0))?;
    for (number, sql) in (1..).zip(MIGRATIONS) {
        if !done.contains(&number) {
            tx.batch(sql)?;
            tx.exec("insert into migrations (number) values ($1)", &[number.into()])?;
        }
    }
    Ok(())
}

/// Why a rehearsal is not written.
enum Rehearsed<E> {
    Over,
    Failed(E),
}

impl<E: From<StoreError>> From<StoreError> for Rehearsed<E> {
    fn from(error: StoreError) -> Rehearsed<E> {
        Rehearsed::Failed(error.into())
    }
}

impl<E: AsStoreError> AsStoreError for Rehearsed<E> {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Rehearsed::Over => None,
            Rehearsed::Failed(error) => error.store_error(),
        }
    }
}

/// How long to wait before the next try, after so many. Those that met wait from half to one and a half times as long,
/// each by its own lot, or they would meet again.
fn pause_after(tries: u32) -> Duration {
    let lot = RandomState::new().hash_one(tries) % 1_000;
    FIRST_PAUSE * 2_u32.pow((tries - 1).min(DOUBLED)) * (500 + lot as u32) / 1_000
}

/// Runs a transaction again as long as the database asks for it, with pauses, so many times at most.
fn again(mut transaction: impl FnMut() -> Result<(), Undone>) -> Result<(), Undone> {
    let mut tries = 1;
    loop {
        match transaction() {
            Err(error) if tries < TRIES && error.standing() == Standing::Passing => {
                std::thread::sleep(pause_after(tries));
                tries += 1;
            }
            done => return done,
        }
    }
}

/// Sets a connection up. A file that several open at once for the first time becomes one with a log ahead of it (WAL) by
/// one of them; that step waits for no other, so it is tried again.
fn set_up(connection: &rusqlite::Connection) -> Result<(), StoreError> {
    let mut tries = 1;
    loop {
        match connection.execute_batch(EMBEDDED_SETTINGS).map_err(StoreError::from) {
            Err(error) if tries < SET_UPS && error.is_passing() => {
                tries += 1;
                std::thread::sleep(SET_UP_PAUSE);
            }
            done => return done,
        }
    }
}

fn connect(path: &Path) -> Result<rusqlite::Connection, StoreError> {
    let connection = rusqlite::Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(60))?;
    set_up(&connection)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

impl Lite {
    fn write(&self, work: &mut Work<'_>) -> Result<(), Undone> {
        // A closure that panicked rolled its transaction back; the connection is as good as before.
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        lite_transaction(&mut writer, TransactionBehavior::Immediate, work)
    }

    fn read(&self, pool: &Pool<rusqlite::Connection>, work: &mut Work<'_>) -> Result<(), Undone> {
        let Some(path) = &self.path else { return self.write(work) };
        pool.with(
            |idle| idle.map_or_else(|| connect(path), Ok),
            |_| true,
            |connection| lite_transaction(connection, TransactionBehavior::Deferred, work),
        )
    }
}

fn lite_transaction(
    connection: &mut rusqlite::Connection,
    behavior: TransactionBehavior,
    work: &mut Work<'_>,
) -> Result<(), Undone> {
    let tx = connection.transaction_with_behavior(behavior).map_err(StoreError::from)?;
    let mut tx = Tx::Lite(tx);
    // A transaction that is dropped is rolled back.
    work(&mut tx)?;
    Ok(tx.commit()?)
}
