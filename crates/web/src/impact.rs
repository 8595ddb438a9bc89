//! The impact of a price book that is not applied, as faces ask for it: so many customers at a time.
//!
//! In:  what is compared, behind whom. Out: what the next customers come to, and behind whom the others come.
//! Invariant: a few customers in each transaction, which only reads, beside the short operations.

use crate::node::Node;
use crate::problem::Problem;
use billing::impact::{Asked, Impact};
use desk::impact;
use std::sync::Arc;

/// Customers that one request looks at: some seconds' work.
pub const CUSTOMERS: u64 = 5_000;

/// What the next customers behind `after` come to, and behind whom others come, if there are any.
pub async fn some(
    node: &Node,
    asked: &Arc<Asked>,
    mut after: String,
) -> Result<(Impact, Option<String>), Problem> {
    let mut found = Impact::none(asked);
    loop {
        let (of, behind) = (asked.clone(), after.clone());
        let part = node.report(move |tx, at| impact::part(tx, at.desk, &of, &behind)).await?;
        let Some(part) = part else { return Ok((found, None)) };
        found.merge(part.impact);
        after = part.after;
        if found.customers >= CUSTOMERS {
            return Ok((found, Some(after)));
        }
    }
}
