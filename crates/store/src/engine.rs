//! Two engines behind one transaction: embedded SQLite and PostgreSQL, the same statements on both.
//!
//! In:  statements with `$n` parameters, `text` and `bigint` values. Out: rows.
//! Invariant: whatever differs between the engines is in this file, and for many rows in `sets.rs` and `writes.rs`.

mod sets;
mod writes;

pub use writes::Writes;

use billing::wallet::Purses;
use postgres::IsolationLevel;
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use units::{Currency, Money, MoneyError};

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("there is no {0}")]
    NotFound(String),
    #[error("{0} was changed by somebody else meanwhile")]
    Stale(String),
    #[error("{0} says something else already")]
    Differs(String),
    #[error("{0} cannot be read")]
    Corrupt(String),
    #[error("the database does not take this: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the database does not take this: {}", postgres_text(.0))]
    Postgres(#[from] postgres::Error),
    #[error("{0}")]
    Setup(String),
}

/// A row whose sums do not go together.
impl From<MoneyError> for StoreError {
    fn from(error: MoneyError) -> StoreError {
        StoreError::Corrupt(format!("a row of money ({error})"))
    }
}

fn postgres_text(error: &postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |it| it.message().to_string())
}

impl StoreError {
    /// Whether the same transaction may succeed when it is run again.
    fn is_passing(&self) -> bool {
        use postgres::error::SqlState;
        match self {
            StoreError::Postgres(error) => {
                let code = error.code();
                code == Some(&SqlState::T_R_SERIALIZATION_FAILURE)
                    || code == Some(&SqlState::T_R_DEADLOCK_DETECTED)
            }
            StoreError::Sqlite(rusqlite::Error::SqliteFailure(error, _)) => {
                error.code == rusqlite::ErrorCode::DatabaseBusy
            }
            StoreError::Stale(_) => true,
            _ => false,
        }
    }
}

/// What a statement is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    Int(i64),
    Text(Cow<'a, str>),
    Null,
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Value::Int(value)
    }
}

/// Minor units: the currency stands in another column, or with the account.
impl From<Money> for Value<'_> {
    fn from(value: Money) -> Self {
        Value::Int(value.minor())
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Value::Text(Cow::Borrowed(value))
    }
}

impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Value::Text(Cow::Owned(value))
    }
}

impl<'a> From<&'a Cow<'a, str>> for Value<'a> {
    fn from(value: &'a Cow<'a, str>) -> Self {
        Value::Text(Cow::Borrowed(value))
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, Value as Own, ValueRef};
        Ok(match self {
            Value::Int(value) => ToSqlOutput::Owned(Own::Integer(*value)),
            Value::Text(value) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
            Value::Null => ToSqlOutput::Owned(Own::Null),
        })
    }
}

impl postgres::types::ToSql for Value<'_> {
    fn to_sql(
        &self,
        ty: &postgres::types::Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Int(value) => value.to_sql(ty, out),
            Value::Text(value) => value.as_ref().to_sql(ty, out),
            Value::Null => Ok(postgres::types::IsNull::Yes),
        }
    }

    fn accepts(_: &postgres::types::Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

/// One row of either engine.
pub enum Row<'a> {
    Lite(&'a rusqlite::Row<'a>),
    Pg(&'a postgres::Row),
}

impl Row<'_> {
    pub fn int(&self, at: usize) -> Result<i64, StoreError> {
        match self {
            Row::Lite(row) => Ok(row.get(at)?),
            Row::Pg(row) => Ok(row.try_get(at)?),
        }
    }

    pub fn maybe_int(&self, at: usize) -> Result<Option<i64>, StoreError> {
        match self {
            Row::Lite(row) => Ok(row.get(at)?),
            Row::Pg(row) => Ok(row.try_get(at)?),
        }
    }

    pub fn text(&self, at: usize) -> Result<String, StoreError> {
        match self {
            Row::Lite(row) => Ok(row.get(at)?),
            Row::Pg(row) => Ok(row.try_get(at)?),
        }
    }

    pub fn maybe_text(&self, at: usize) -> Result<Option<String>, StoreError> {
        match self {
            Row::Lite(row) => Ok(row.get(at)?),
            Row::Pg(row) => Ok(row.try_get(at)?),
        }
    }

    /// Lends the text of a column, where copying it a million times would count.
    pub fn with_text<T>(&self, at: usize, read: impl FnOnce(&str) -> T) -> Result<T, StoreError> {
        match self {
            Row::Lite(row) => Ok(read(row.get_ref(at)?.as_str().map_err(rusqlite::Error::from)?)),
            Row::Pg(row) => Ok(read(row.try_get(at)?)),
        }
    }

    /// Minor units of `currency`.
    pub fn money(&self, at: usize, currency: Currency) -> Result<Money, StoreError> {
        Ok(Money::from_minor(self.int(at)?, currency))
    }

    /// Three columns from `first` on: bonus, cash, income.
    pub fn purses(&self, first: usize, currency: Currency) -> Result<Purses, StoreError> {
        let kinds = [self.int(first)?, self.int(first + 1)?, self.int(first + 2)?];
        Ok(Purses::of_minor(kinds, currency)?)
    }

    /// The code of a currency.
    pub fn currency(&self, at: usize) -> Result<Currency, StoreError> {
        self.parsed(at, "currency", |it| Currency::parse(it).ok())
    }

    /// Canonical options of a product.
    pub fn options(&self, at: usize) -> Result<billing::options::Options, StoreError> {
        self.parsed(at, "options", billing::options::Options::parse)
    }

    /// A column whose text must parse.
    pub fn parsed<T>(
        &self,
        at: usize,
        what: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        self.with_text(at, |text| parse(text).ok_or_else(|| StoreError::Corrupt(format!("{what} `{text}`"))))?
    }
}

/// Prepared statements of one PostgreSQL connection, and the many-row form of inserts.
#[derive(Default)]
pub struct Statements {
    single: HashMap<&'static str, postgres::Statement>,
    many: HashMap<&'static str, postgres::Statement>,
    /// Writes of several kinds of rows.
    joined: HashMap<Vec<&'static str>, postgres::Statement>,
}

/// One transaction.
pub enum Tx<'a> {
    Lite(rusqlite::Transaction<'a>),
    Pg(postgres::Transaction<'a>, &'a mut Statements),
}

fn lite(sql: &str) -> String {
    // SQLite numbers `$n` by first appearance, `?n` by what it says. Its one writer holds every row anyway.
    let locks = [" for share", " for update of w skip locked", " for update of w", " for update"];
    locks.iter().fold(sql.replace('$', "?"), |sql, lock| sql.replace(lock, ""))
}

impl Tx<'_> {
    fn prepared(&mut self, sql: &'static str) -> Result<Option<postgres::Statement>, StoreError> {
        let Tx::Pg(tx, statements) = self else { return Ok(None) };
        if let Some(found) = statements.single.get(sql) {
            return Ok(Some(found.clone()));
        }
        let made = tx.prepare(sql)?;
        statements.single.insert(sql, made.clone());
        Ok(Some(made))
    }

    /// Runs a statement; returns how many rows it changed.
    pub fn exec(&mut self, sql: &'static str, args: &[Value<'_>]) -> Result<u64, StoreError> {
        let statement = self.prepared(sql)?;
        match (self, statement) {
            (Tx::Pg(tx, _), Some(statement)) => {
                let args: Vec<&(dyn postgres::types::ToSql + Sync)> = args.iter().map(|it| it as _).collect();
                Ok(tx.execute(&statement, &args)?)
            }
            (Tx::Lite(tx), _) => {
                Ok(tx.prepare_cached(&lite(sql))?.execute(rusqlite::params_from_iter(args))? as u64)
            }
            (Tx::Pg(..), None) => Ok(0),
        }
    }

    /// Reads rows.
    pub fn rows<T>(
        &mut self,
        sql: &'static str,
        args: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let statement = self.prepared(sql)?;
        let mut found = Vec::new();
        match (self, statement) {
            (Tx::Pg(tx, _), Some(statement)) => {
                let args: Vec<&(dyn postgres::types::ToSql + Sync)> = args.iter().map(|it| it as _).collect();
                for row in tx.query(&statement, &args)? {
                    found.push(read(&Row::Pg(&row))?);
                }
            }
            (Tx::Lite(tx), _) => {
                let mut statement = tx.prepare_cached(&lite(sql))?;
                let mut rows = statement.query(rusqlite::params_from_iter(args))?;
                while let Some(row) = rows.next()? {
                    found.push(read(&Row::Lite(row))?);
                }
            }
            (Tx::Pg(..), None) => {}
        }
        Ok(found)
    }

    /// Reads the one row. Errors: `NotFound(what)`.
    pub fn one<T>(
        &mut self,
        sql: &'static str,
        args: &[Value<'_>],
        what: &str,
        read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.rows(sql, args, read)?.into_iter().next().ok_or_else(|| StoreError::NotFound(what.to_string()))
    }

    /// Prepares without running: whether both engines understand the statement.
    pub fn check(&mut self, sql: &'static str) -> Result<(), StoreError> {
        match self {
            Tx::Lite(tx) => tx.prepare(&lite(sql)).map(drop).map_err(StoreError::from),
            Tx::Pg(tx, _) => tx.prepare(sql).map(drop).map_err(StoreError::from),
        }
    }

    /// Runs statements that differ between the engines in two marks: `@clustered` for tables, `@postgres` for lines.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        match self {
            Tx::Lite(tx) => {
                let lines: Vec<&str> = sql.lines().filter(|it| !it.starts_with("@postgres ")).collect();
                Ok(tx.execute_batch(&lines.join("\n").replace("@clustered", "without rowid"))?)
            }
            Tx::Pg(tx, _) => Ok(tx.batch_execute(&sql.replace("@clustered", "").replace("@postgres ", ""))?),
        }
    }
}

/// A database that the till keeps its books in.
pub enum Store {
    Lite {
        path: Option<PathBuf>,
        writer: Mutex<rusqlite::Connection>,
        readers: Mutex<Vec<rusqlite::Connection>>,
    },
    Pg {
        url: String,
        clients: Mutex<Vec<(postgres::Client, Statements)>>,
    },
}

const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001.sql"),
    include_str!("../migrations/0002.sql"),
    include_str!("../migrations/0003.sql"),
    include_str!("../migrations/0004.sql"),
];
const TRIES: u32 = 20;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A closure that panicked rolled its transaction back; the connection is as good as before.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn connect(path: &Path) -> Result<rusqlite::Connection, StoreError> {
    let connection = rusqlite::Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(60))?;
    connection.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
         pragma wal_autocheckpoint = 50000; pragma cache_size = -65536; pragma temp_store = memory;",
    )?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

/// Every statement is prepared once and finds its rows by an index, so it is planned once, and as for a large table:
/// a plan made while a table was empty would read all of it until the server next counts its rows.
fn connect_postgres(url: &str) -> Result<postgres::Client, StoreError> {
    let mut client = postgres::Client::connect(url, postgres::NoTls)?;
    client.batch_execute(
        "set plan_cache_mode = force_generic_plan; set jit = off; set enable_seqscan = off; set enable_hashjoin = off;
         set enable_mergejoin = off;",
    )?;
    Ok(client)
}

impl Store {
    /// A database in memory, for simulations and tests.
    pub fn memory() -> Result<Store, StoreError> {
        let connection = rusqlite::Connection::open_in_memory()?;
        connection.set_prepared_statement_cache_capacity(256);
        let store = Store::Lite { path: None, writer: Mutex::new(connection), readers: Mutex::default() };
        store.migrate()?;
        Ok(store)
    }

    /// The embedded database in one file, made if it is not there.
    pub fn embedded(path: &Path) -> Result<Store, StoreError> {
        let writer = Mutex::new(connect(path)?);
        let store = Store::Lite { path: Some(path.to_path_buf()), writer, readers: Mutex::default() };
        store.migrate()?;
        Ok(store)
    }

    /// A PostgreSQL database, by its URL.
    pub fn postgres(url: &str) -> Result<Store, StoreError> {
        let store = Store::Pg { url: url.to_string(), clients: Mutex::default() };
        store.migrate()?;
        Ok(store)
    }

    /// One closure, one transaction; run again when the database asks for it.
    pub fn write<T, E: From<StoreError> + AsStoreError>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        again(|| match self {
            Store::Lite { writer, .. } => {
                lite_transaction(&mut lock(writer), rusqlite::TransactionBehavior::Immediate, &mut work)
            }
            Store::Pg { .. } => self.postgres_transaction(IsolationLevel::ReadCommitted, &mut work),
        })
    }

    /// Reads what stood at one instant, however many statements that takes.
    ///
    /// On SQLite readers have connections of their own and never wait for the writer.
    pub fn read<T, E: From<StoreError> + AsStoreError>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let (path, readers) = match self {
            Store::Lite { path: Some(path), readers, .. } => (path, readers),
            Store::Lite { path: None, .. } => return self.write(work),
            Store::Pg { .. } => {
                return again(|| self.postgres_transaction(IsolationLevel::RepeatableRead, &mut work));
            }
        };
        let pooled = lock(readers).pop();
        let mut connection = match pooled {
            Some(connection) => connection,
            None => connect(path)?,
        };
        let done = lite_transaction(&mut connection, rusqlite::TransactionBehavior::Deferred, &mut work);
        lock(readers).push(connection);
        done
    }

    fn postgres_transaction<T, E: From<StoreError>>(
        &self,
        level: IsolationLevel,
        work: &mut impl FnMut(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let Store::Pg { url, clients } = self else {
            return Err(StoreError::Setup("not PostgreSQL".into()).into());
        };
        let pooled = lock(clients).pop();
        let (mut client, mut statements) = match pooled {
            Some(client) => client,
            None => (connect_postgres(url)?, Statements::default()),
        };
        let done = postgres_transaction((&mut client, level), &mut statements, work);
        if !client.is_closed() {
            lock(clients).push((client, statements));
        }
        done
    }

    /// Brings the schema up to date: numbered files, forward only, under a lock.
    fn migrate(&self) -> Result<(), StoreError> {
        self.write(|tx| {
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
        })
    }
}

/// Runs a transaction again as long as the database asks for it, so many times at most.
fn again<T, E: AsStoreError>(mut transaction: impl FnMut() -> Result<T, E>) -> Result<T, E> {
    let mut tries = 1;
    loop {
        match transaction() {
            Err(error) if tries < TRIES && error.store_error().is_some_and(StoreError::is_passing) => {
                tries += 1
            }
            done => return done,
        }
    }
}

fn postgres_transaction<T, E: From<StoreError>>(
    (client, level): (&mut postgres::Client, IsolationLevel),
    statements: &mut Statements,
    work: &mut impl FnMut(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let begun = client.build_transaction().isolation_level(level).start();
    let mut tx = Tx::Pg(begun.map_err(StoreError::from)?, statements);
    // A transaction that is dropped is rolled back.
    let value = work(&mut tx)?;
    let Tx::Pg(tx, _) = tx else { return Ok(value) };
    tx.commit().map_err(StoreError::from)?;
    Ok(value)
}

fn lite_transaction<T, E: From<StoreError>>(
    connection: &mut rusqlite::Connection,
    behavior: rusqlite::TransactionBehavior,
    work: &mut impl FnMut(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let tx = connection.transaction_with_behavior(behavior).map_err(StoreError::from)?;
    let mut tx = Tx::Lite(tx);
    let value = work(&mut tx)?;
    let Tx::Lite(tx) = tx else { return Ok(value) };
    tx.commit().map_err(StoreError::from)?;
    Ok(value)
}

/// An error that may hold a `StoreError`, so that a transaction knows whether to run again.
// trait: implemented by StoreError here and by the refusals of those who call the store
pub trait AsStoreError {
    fn store_error(&self) -> Option<&StoreError>;
}

impl AsStoreError for StoreError {
    fn store_error(&self) -> Option<&StoreError> {
        Some(self)
    }
}

/// Microseconds since 1970: how an instant is stored.
pub fn us(at: units::Timestamp) -> i64 {
    at.as_microsecond()
}

/// The instant of a stored count of microseconds.
pub fn at(us: i64) -> Result<units::Timestamp, StoreError> {
    units::Timestamp::from_microsecond(us).map_err(|_| StoreError::Corrupt(format!("the instant {us}")))
}
