//! What was agreed of the life of a resource when it was bought, and is kept whatever changes later.
//!
//! In:  its order, its account. Out: values that stand on the resource.
//! Invariant: what was agreed is never taken back from what was bought under it; it may become more.
//! Rules: R-EXP-1, R-EXP-4, R-EXP-5, R-ARR-1.

use units::BookId;

/// By which book it ends, and how long it may run on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The book of its purchase: what time and arrears do to it stands there. `None`: bought before that was written down, so as
    /// the book of now says.
    pub book: Option<BookId>,
    /// So many days it runs on behind its deadline, if it is prepaid. Source: R-EXP-5.
    pub no_stop_days: u32,
}
