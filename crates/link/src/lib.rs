//! One connection to PostgreSQL, used by one thread at a time, on which every round trip ends within a time.
//!
//! In:  a URL, time-outs, statements one after another. Out: what the server answers, or `Silent`.
//! Invariant: a link that did not answer in time is closed and never used again: what it may still say belongs to
//! nobody. The server ends by itself what was begun on it.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, Error, NoTls, Row, Statement};

/// Why a link did not do it.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// So many seconds passed without an answer.
    #[error("the database did not answer within {0} s")]
    Silent(u64),
    #[error(transparent)]
    Postgres(#[from] Error),
    #[error("a connection to the database cannot be set up: {0}")]
    Setup(String),
}

/// How long a connection may take until it can be used, all addresses of a host together.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the begin of a transaction may take, which waits for nothing but the line.
const BEGIN: Duration = Duration::from_secs(5);
/// An answer may take so much longer than the server works at it.
const ON_THE_WAY: Duration = Duration::from_secs(2);
/// When a line that says nothing is asked for a sign of life, how often, and when it counts as broken.
const KEEP_ALIVE: [Duration; 3] = [Duration::from_secs(10), Duration::from_secs(5), Duration::from_secs(25)];
/// What `tokio_postgres` takes where a URL says nothing about keep-alives.
const UNSAID_IDLE: Duration = Duration::from_secs(2 * 60 * 60);

/// How long the database may take for one statement, and for a lock half of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// The server breaks a statement off after so long, and a transaction in which nobody asks for anything.
    Within(Duration),
    /// As long as it takes: what brings the tables up to date.
    AsLongAsItTakes,
}

impl Patience {
    /// The settings of a session.
    fn settings(self) -> String {
        let (statement, lock) = match self {
            Patience::Within(longest) => (longest.as_millis(), (longest / 2).as_millis().max(1)),
            Patience::AsLongAsItTakes => (0, 0),
        };
        // The server notices by itself when this side is gone, also while it works (from version 14 on).
        format!(
            "set statement_timeout = {statement}; set idle_in_transaction_session_timeout = {statement};
             set lock_timeout = {lock}; set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5;
             set tcp_keepalives_count = 3;
             select set_config(name, '5s', false) from pg_settings where name = 'client_connection_check_interval';"
        )
    }

    /// How long an answer is waited for.
    fn answered_within(self) -> Duration {
        match self {
            Patience::Within(longest) => longest + ON_THE_WAY,
            Patience::AsLongAsItTakes => Duration::MAX,
        }
    }

    fn at_most(self, longest: Duration) -> Duration {
        self.answered_within().min(longest)
    }
}

/// What a transaction may see. Writes wait for locks and go on; reads see one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sees {
    EachStatement,
    OneInstant,
}

impl Sees {
    const fn begin(self) -> &'static str {
        match self {
            Sees::EachStatement => "start transaction isolation level read committed",
            Sees::OneInstant => "start transaction isolation level repeatable read",
        }
    }
}

/// A connection to PostgreSQL.
pub struct Link {
    client: Client,
    line: Line,
    patience: Patience,
}

/// What comes and goes on a connection, until it ends.
type Traffic = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// A connection as it is seen from its two ends.
struct Line {
    runtime: Runtime,
    /// `None` when it is over.
    traffic: Option<Traffic>,
}

impl Line {
    /// Waits for what was asked. Errors: `Silent` when nothing came in time; the line is over then.
    fn wait<T>(
        &mut self,
        within: Duration,
        asked: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, LinkError> {
        let Line { runtime, traffic } = self;
        let mut asked = pin!(asked);
        let both = poll_fn(|cx| {
            if let Some(Poll::Ready(end)) = traffic.as_mut().map(|it| it.as_mut().poll(cx)) {
                *traffic = None;
                end?;
            }
            asked.as_mut().poll(cx)
        });
        // A timer belongs to the runtime that it is made in.
        match runtime.block_on(async { tokio::time::timeout(within, both).await }) {
            Ok(answer) => Ok(answer?),
            Err(_) => {
                *traffic = None;
                Err(LinkError::Silent(within.as_secs()))
            }
        }
    }
}

impl Link {
    /// Opens a connection to the database of `url`.
    ///
    /// Errors: `Silent` when it is not there in time, or what the server says.
    pub fn open(url: &str, patience: Patience) -> Result<Link, LinkError> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| LinkError::Setup(error.to_string()))?;
        let config = config(url)?;
        let within = patience.at_most(CONNECT);
        let opened = runtime.block_on(async { tokio::time::timeout(within, config.connect(NoTls)).await });
        let (client, traffic) = opened.map_err(|_| LinkError::Silent(within.as_secs()))??;
        let mut link = Link { client, line: Line { runtime, traffic: Some(Box::pin(traffic)) }, patience };
        link.line.wait(within, link.client.batch_execute(&patience.settings()))?;
        Ok(link)
    }

    /// Runs statements that give nothing.
    pub fn batch_execute(&mut self, sql: &str) -> Result<(), LinkError> {
        self.line.wait(self.patience.answered_within(), self.client.batch_execute(sql))
    }

    /// Begins a transaction, which is what shows that the line still goes somewhere.
    pub fn begin(&mut self, sees: Sees) -> Result<(), LinkError> {
        let within = self.patience.at_most(BEGIN);
        self.line.wait(within, self.client.batch_execute(sees.begin()))
    }

    /// Whether it can be used for another transaction.
    pub fn is_open(&self) -> bool {
        self.line.traffic.is_some() && !self.client.is_closed()
    }
}

/// The URL, with time-outs where it says nothing of them.
fn config(url: &str) -> Result<Config, LinkError> {
    let mut config: Config = url.parse()?;
    let [idle, interval, broken] = KEEP_ALIVE;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(broken);
    }
    if config.get_keepalives_idle() == UNSAID_IDLE {
        config.keepalives_idle(idle);
    }
    if config.get_keepalives_interval().is_none() {
        config.keepalives_interval(interval);
    }
    Ok(config)
}

/// A transaction that was begun on a link; one that is dropped is rolled back.
pub struct Transaction<'a> {
    link: &'a mut Link,
    is_over: bool,
}

impl<'a> Transaction<'a> {
    /// The transaction that `link` was told to begin.
    pub fn begun(link: &'a mut Link) -> Transaction<'a> {
        Transaction { link, is_over: false }
    }

    /// Prepares a statement for this link.
    pub fn prepare(&mut self, sql: &str) -> Result<Statement, LinkError> {
        let Link { client, line, patience } = &mut *self.link;
        line.wait(patience.answered_within(), client.prepare(sql))
    }

    /// Runs a statement; gives how many rows it changed.
    pub fn execute(&mut self, statement: &Statement, args: &[&(dyn ToSql + Sync)]) -> Result<u64, LinkError> {
        let Link { client, line, patience } = &mut *self.link;
        line.wait(patience.answered_within(), client.execute(statement, args))
    }

    /// Copies rows in by a `copy … from stdin (format binary)`, all columns of these types; gives how many there were.
    pub fn copy_in<'r, V: ToSql + 'r>(
        &mut self,
        statement: &Statement,
        types: &[Type],
        rows: impl Iterator<Item = &'r [V]>,
    ) -> Result<u64, LinkError> {
        let Link { client, line, patience } = &mut *self.link;
        line.wait(patience.answered_within(), async {
            let mut writer = pin!(BinaryCopyInWriter::new(client.copy_in(statement).await?, types));
            for row in rows {
                writer.as_mut().write_raw(row).await?;
            }
            writer.finish().await
        })
    }

    /// Reads rows.
    pub fn query(
        &mut self,
        statement: &Statement,
        args: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, LinkError> {
        let Link { client, line, patience } = &mut *self.link;
        line.wait(patience.answered_within(), client.query(statement, args))
    }

    /// Reads the one row that a statement gives.
    pub fn query_one(
        &mut self,
        statement: &Statement,
        args: &[&(dyn ToSql + Sync)],
    ) -> Result<Row, LinkError> {
        let Link { client, line, patience } = &mut *self.link;
        line.wait(patience.answered_within(), client.query_one(statement, args))
    }

    /// Runs statements that give nothing.
    pub fn batch_execute(&mut self, sql: &str) -> Result<(), LinkError> {
        self.link.batch_execute(sql)
    }

    pub fn commit(mut self) -> Result<(), LinkError> {
        // Whatever comes of it, nothing is left to be rolled back.
        self.is_over = true;
        self.link.batch_execute("commit")
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if !self.is_over && self.link.is_open() {
            // What is not rolled back here goes with the link.
            if self.link.line.wait(BEGIN, self.link.client.batch_execute("rollback")).is_err() {
                self.link.line.traffic = None;
            }
        }
    }
}
