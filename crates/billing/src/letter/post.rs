//! What becomes of a mail: tried, tried again, sent, dead.
//!
//! In:  what was wrong, how often it was tried and put off, since when. Out: when it is tried again, or never.
//! Invariant: a mail that is refused for good is never tried again by itself; the others are tried for four days at most.

use units::Timestamp;
use units::calendar::seconds_after;

/// Seconds for which a mail is tried, from when it was made or sent again: four days. Source: RFC 5321, 4.5.4.1.
pub const LONGEST_SECONDS: u64 = 4 * 86_400;
/// Seconds to the next try, by how many there were.
const WAITS: [u64; 9] = [60, 300, 900, 3_600, 10_800, 21_600, 43_200, 86_400, 86_400];
/// Where the server is to blame and not the mail, it is asked again at least this often.
const SERVER_WAIT: u64 = 900;

/// Where a mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailState {
    Queued,
    Sent,
    /// It is not tried any more.
    Dead,
}

impl MailState {
    pub const ALL: [MailState; 3] = [MailState::Queued, MailState::Sent, MailState::Dead];

    pub const fn as_str(self) -> &'static str {
        match self {
            MailState::Queued => "queued",
            MailState::Sent => "sent",
            MailState::Dead => "dead",
        }
    }

    pub fn parse(text: &str) -> Option<MailState> {
        MailState::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// What was wrong with a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The server takes nothing now: it is not there, does not answer, or does not know us.
    Server,
    /// The server does not take this mail now.
    Mail,
    /// The server does not take this mail, now or later.
    Never,
}

/// What follows from a try that went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Again(Timestamp),
    Dead,
}

/// How often a mail was tried, with the last time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    pub all: i64,
    /// How often of that the server put the mail off.
    pub put_off: i64,
}

/// What follows from `fault` in the last of the tries of a mail that was queued then.
///
/// The last try is at most `LONGEST_SECONDS` after that; a mail is put off ten times at most. Tries while the server was away
/// are no fault of the mail, and do not count against it.
pub fn next(fault: Fault, tries: Tries, queued: Timestamp, now: Timestamp) -> Next {
    let wait = |tries: i64| WAITS.get(usize::try_from(tries.max(1) - 1).unwrap_or(usize::MAX)).copied();
    let wait = match fault {
        Fault::Never => return Next::Dead,
        Fault::Mail => match wait(tries.put_off) {
            Some(wait) => wait,
            None => return Next::Dead,
        },
        Fault::Server => wait(tries.all).unwrap_or(SERVER_WAIT).min(SERVER_WAIT),
    };
    let last = seconds_after(queued, LONGEST_SECONDS).unwrap_or(Timestamp::MAX);
    match seconds_after(now, wait) {
        Ok(then) if then <= last => Next::Again(then),
        Ok(_) | Err(_) => Next::Dead,
    }
}
