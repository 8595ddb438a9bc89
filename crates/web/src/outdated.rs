//! Orders whose payment was refused since they are not any more what they were.
//!
//! In:  orders of one purchase, their payment. Out: what came of it; the orders are invalid from now on where that is why they were not paid.
//! Invariant: every face that has orders paid ends them by this.

use super::node::Node;
use super::problem::Problem;
use desk::orders;
use units::{AccountId, OrderId};

impl Node {
    /// Has the purchase of `wanted` paid, and makes it invalid where that is refused since it is not any more what it was.
    ///
    /// Errors: why it was not paid, also where the orders could not be ended: the next who pays them is refused alike.
    /// Source: R-ORD-3; section 20 of the rules (R-PKG-2, R-ORD-5).
    pub async fn pay_or_end<T: Send>(
        &self,
        account: AccountId,
        wanted: Vec<OrderId>,
        payment: impl Future<Output = Result<T, Problem>> + Send,
    ) -> Result<T, Problem> {
        let refused = match payment.await {
            Ok(paid) => return Ok(paid),
            Err(refused) => refused,
        };
        if refused.is_outdated {
            let ended = self.write(move |tx, at| orders::invalidate_those(tx, at, account, &wanted)).await;
            if let Err(problem) = ended {
                tracing::error!(detail = %problem.detail, "orders that are outdated are not ended");
            }
        }
        Err(refused)
    }
}
