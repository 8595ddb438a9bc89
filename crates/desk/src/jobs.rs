//! Jobs: what falls due at an instant, in the order of the rules.
//!
//! In:  a store, a desk, the instant, a lease where others may be at it. Out: what is due then is done, each item in a
//! transaction of its own.
//! Invariant: hour run, day run, month run, arrears, life cycle, notices, deliveries, balance alert. Source: R-SET-6.
//! Invariant: an item that fails changes nothing and stops no other; who called decides whether it goes on.
//!
//! `job` names them, `due` says when, `work` does them; `turn` and `lease` see to it that one node does, `ranges` that the
//! others help it to settle; `sole` that a test clock has one server.

mod advance;
mod due;
mod job;
mod lease;
mod ranges;
mod sole;
mod turn;
mod work;

pub use advance::{Leap, advance};
pub use due::{is_due, late, next_due};
pub use job::{Chain, Job};
pub use lease::{Keeper, Lease};
pub use ranges::{Help, Step, Taker, help};
pub use sole::{Sole, sole};
pub use turn::{Failure, Spoiled, Turn, TurnEnd};
pub use work::{run, run_due};
