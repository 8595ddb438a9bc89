//! Why the store did not do it, and whether to try once more.

use link::LinkError;
use units::MoneyError;

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
    #[error("the database did not answer within {0} s")]
    Silent(u64),
    #[error("{0}")]
    Setup(String),
}

/// A line to PostgreSQL that broke, or is silent.
impl From<LinkError> for StoreError {
    fn from(error: LinkError) -> StoreError {
        match error {
            LinkError::Silent(seconds) => StoreError::Silent(seconds),
            LinkError::Postgres(error) => StoreError::Postgres(error),
            LinkError::Setup(text) => StoreError::Setup(text),
        }
    }
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
    /// Whether the database has no room left. Nothing of the transaction is kept then.
    pub fn is_full(&self) -> bool {
        match self {
            StoreError::Postgres(error) => error.code() == Some(&postgres::error::SqlState::DISK_FULL),
            StoreError::Sqlite(error) => error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull),
            StoreError::NotFound(_)
            | StoreError::Stale(_)
            | StoreError::Differs(_)
            | StoreError::Corrupt(_)
            | StoreError::Silent(_)
            | StoreError::Setup(_) => false,
        }
    }

    /// Whether the line to the database broke or fell silent.
    pub(super) fn is_broken_link(&self) -> bool {
        match self {
            StoreError::Silent(_) => true,
            StoreError::Postgres(error) => error.is_closed() || error.as_db_error().is_none(),
            StoreError::NotFound(_)
            | StoreError::Stale(_)
            | StoreError::Differs(_)
            | StoreError::Corrupt(_)
            | StoreError::Sqlite(_)
            | StoreError::Setup(_) => false,
        }
    }

    /// Whether a row was to be new whose key is taken.
    pub(super) fn is_taken(&self) -> bool {
        match self {
            StoreError::Postgres(error) => error.code() == Some(&postgres::error::SqlState::UNIQUE_VIOLATION),
            StoreError::NotFound(_)
            | StoreError::Stale(_)
            | StoreError::Differs(_)
            | StoreError::Corrupt(_)
            | StoreError::Sqlite(_)
            | StoreError::Silent(_)
            | StoreError::Setup(_) => false,
        }
    }

    /// Whether the same transaction may succeed when it is run again.
    pub(super) fn is_passing(&self) -> bool {
        use postgres::error::SqlState;
        match self {
            StoreError::Postgres(error) => {
                let code = error.code();
                code == Some(&SqlState::T_R_SERIALIZATION_FAILURE)
                    || code == Some(&SqlState::T_R_DEADLOCK_DETECTED)
            }
            StoreError::Sqlite(error) => error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy),
            StoreError::Stale(_) => true,
            StoreError::NotFound(_)
            | StoreError::Differs(_)
            | StoreError::Corrupt(_)
            | StoreError::Silent(_)
            | StoreError::Setup(_) => false,
        }
    }
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
