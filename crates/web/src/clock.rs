//! The one place where time is read.
//!
//! In:  the machine's clock, or a test clock that only `advance` moves. Out: instants of whole microseconds.
//! Invariant: a test clock never runs by itself and never goes back.

use desk::At;
use std::sync::atomic::{AtomicI64, Ordering};
use units::Timestamp;

/// What time it is for the till.
#[derive(Debug)]
pub enum Clock {
    Machine,
    /// Microseconds since 1970.
    Test(AtomicI64),
}

impl Clock {
    /// A test clock that stands at `at`.
    pub fn test(at: Timestamp) -> Clock {
        Clock::Test(AtomicI64::new(at.as_microsecond()))
    }

    pub fn now(&self) -> Timestamp {
        match self {
            Clock::Machine => micros(Timestamp::now().as_microsecond()),
            Clock::Test(at) => micros(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a test clock to `to`, never back.
    pub fn set(&self, to: Timestamp) {
        if let Clock::Test(at) = self {
            at.fetch_max(to.as_microsecond(), Ordering::SeqCst);
        }
    }

    pub fn is_test(&self) -> bool {
        matches!(self, Clock::Test(_))
    }
}

/// Instants are stored as microseconds: finer ones would change when they are read back.
fn micros(us: i64) -> Timestamp {
    Timestamp::from_microsecond(us).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The desk at the machine's time, also where a test clock stands otherwise: who somebody is, and for how long that is
/// believed, is a matter of real time.
pub fn real(at: At<'_>) -> At<'_> {
    at.desk.at(Clock::Machine.now())
}
