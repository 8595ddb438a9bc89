//! Whether a node may be sent requests.
//!
//! In:  a node. Out: nothing wrong, or what is.
//! Invariant: a database that says nothing is found out within a time, whatever else waits for it.

use super::code::Own;
use super::node::Node;
use super::problem::Problem;
use super::pulse::LATE;
use axum::http::StatusCode;
use std::time::Duration;

/// The database says that it is there within this time, or counts as silent.
const ANSWER: Duration = Duration::from_secs(3);

/// The database answers and has room, the jobs go on, the clock is right, and a price book holds.
///
/// Errors: what is not so, with status 503.
pub async fn check(node: &Node) -> Result<(), Problem> {
    let unready = |problem: Problem| Problem {
        status: StatusCode::SERVICE_UNAVAILABLE,
        retry_after: Some(1),
        ..problem
    };
    match tokio::time::timeout(ANSWER, asked(node)).await {
        Ok(answer) => answer.map_err(unready)?,
        Err(_) => {
            let detail = format!("the database did not answer within {} s", ANSWER.as_secs());
            return Err(unready(Problem::new(desk::Code::DatabaseUnavailable, detail)));
        }
    }
    // On a test clock they stand still for as long as a leap takes.
    if let Some((chain, age)) = node.pulse().late().filter(|_| !node.clock().is_test()) {
        let (name, seconds, longest) = (chain.as_str(), age.as_secs(), LATE.as_secs());
        let detail = format!(
            "the jobs of `{name}` stand since {seconds} s, more than {longest} s; the log says why, and \
             till_job_age_seconds which"
        );
        return Err(unready(Problem::new(Own::JobsLate, detail)));
    }
    Ok(())
}

/// What the database says of itself.
async fn asked(node: &Node) -> Result<(), Problem> {
    if node.store().is_full() {
        // Nobody else finds out where this answer keeps all others away.
        node.blocking(|node| Ok(node.store().find_room()?)).await?;
    }
    node.read(desk::lists::books::ready).await
}
