//! Leaps of a clock that does not run by itself.
//!
//! In:  a store, a desk, from where to where. Out: what falls due on the way is done, in its order.
//! Invariant: the clock stands at every instant at which something was done, and nothing is done after a failure.

use super::due::next_due;
use super::turn::{Turn, TurnEnd};
use super::work::run_due;
use crate::{Desk, Refusal, books};
use store::Store;
use units::Timestamp;

/// From where to where a clock leaps.
#[derive(Clone, Copy, Debug)]
pub struct Leap {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Lets time pass, doing on the way what falls due. `stand` is told where the clock stands, before anything is done there.
/// Where a price book does not begin, `desk` goes on with the books without it.
///
/// Errors: the first failure, of an item or of `stand`.
pub fn advance(
    store: &Store,
    desk: &mut Desk,
    leap: Leap,
    mut stand: impl FnMut(Timestamp) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut now = leap.from;
    while let Some(due) = next_due(store, desk, now)?.filter(|it| *it <= leap.to) {
        let since = now;
        now = due.max(since);
        stand(now)?;
        while run_due(&Turn::alone(store, desk.at(now), since), &mut Err)? == TurnEnd::BookWithheld {
            desk.books = store.read(|tx| books::all(tx, &desk.books))?;
        }
    }
    stand(leap.to.max(now))
}
