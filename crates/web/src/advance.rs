//! The leaps of a test clock.
//!
//! In:  the node's state, and where its clock is to stand. Out: what falls due on the way is done, in its order.
//! Invariant: the clock stands where its last step took it, also after a restart.

use super::node::Node;
use desk::jobs::{self, Leap};
use desk::{Desk, Refusal};
use units::Timestamp;

/// Moves a test clock to `to`, doing on the way what falls due, in its order. The first failure stops it.
pub fn advance(node: &Node, to: Timestamp) -> Result<(), Refusal> {
    let _alone = node.alone();
    // What others applied or corrected meanwhile holds on the way.
    node.refresh()?;
    let leap = Leap { from: node.clock().now(), to };
    let mut desk = Desk::clone(&node.desk());
    let done = jobs::advance(node.store(), &mut desk, leap, |now| stand(node, now));
    // A price book may not have begun.
    node.refresh()?;
    done
}

/// The clock stands at `now`, also after a restart.
fn stand(node: &Node, now: Timestamp) -> Result<(), Refusal> {
    node.store().write(|tx| Ok::<_, Refusal>(store::clock::set(tx, now)?))?;
    node.clock().set(now);
    Ok(())
}
