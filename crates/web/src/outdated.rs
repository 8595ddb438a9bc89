//! Orders whose payment was refused since they are not any more what they were.
//!
//! In:  orders of one purchase, why they were not paid. Out: the same orders, invalid from now on where that is why.
//! Invariant: every face that has orders paid ends them by this.

use super::node::Node;
use super::problem::Problem;
use desk::orders;
use units::{AccountId, OrderId};

impl Node {
    /// Makes the purchase of `wanted` invalid where `refused`, why it was not paid, says that it is not any more what it was.
    ///
    /// Errors: a database that does not answer. Source: R-ORD-3; section 20 of the rules (R-PKG-2, R-ORD-5).
    pub async fn end_outdated(
        &self,
        account: AccountId,
        wanted: Vec<OrderId>,
        refused: &Problem,
    ) -> Result<(), Problem> {
        if refused.is_outdated {
            self.write(move |tx, at| orders::invalidate_those(tx, at, account, &wanted)).await?;
        }
        Ok(())
    }
}
