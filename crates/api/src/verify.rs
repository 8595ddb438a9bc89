//! The audit of the books: `GET /v1/verify`.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use desk::audit::{self, Audit};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::Operator;
use web::code::Own;
use web::problem::Problem;

/// Seconds after which asking again is worth while.
const RUNS_FOR: u64 = 90;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(verify))
}

/// What the audit looked at and what it found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "ok": true, "accounts": 4, "bills": 812, "lines": 2310, "journal_entries": 95, "fact_entries": 210, "older_rules": [], "differences": []
}))]
pub struct VerifyView {
    /// Whether nothing differs.
    pub ok: bool,
    pub accounts: usize,
    pub bills: usize,
    /// Lines that were priced again.
    pub lines: usize,
    /// Entries of the audit log that were hashed again.
    pub journal_entries: usize,
    /// Entries of the chains of facts, by which the books are held against the log.
    pub fact_entries: usize,
    /// Bills made by an older rule of rounding: listed, not recomputed.
    pub older_rules: Vec<String>,
    /// What differs, as sentences.
    pub differences: Vec<String>,
}

impl From<Audit> for VerifyView {
    fn from(it: Audit) -> VerifyView {
        VerifyView {
            ok: it.differences.is_empty(),
            accounts: it.accounts,
            bills: it.bills,
            lines: it.lines,
            journal_entries: it.journal,
            fact_entries: it.facts,
            older_rules: it.older,
            differences: it.differences,
        }
    }
}

/// Derives the books again from the append-only tables, and tells what differs. Changes nothing.
///
/// One at a time. This takes long on large books: after 90 seconds nobody waits for it, and `till verify` is the way.
#[utoipa::path(get, path = "/v1/verify", tag = "operations",
    security(("key" = ["operator"])), responses((status = 200, body = VerifyView)))]
async fn verify(State(node): State<Node>, _: Operator) -> Result<Json<VerifyView>, Problem> {
    let Ok(alone) = node.audits().clone().try_acquire_owned() else {
        let detail = "an audit is running already; wait for it, or run `till verify`";
        let problem = Problem::new(Own::RateLimited, detail);
        return Err(Problem { retry_after: Some(RUNS_FOR), ..problem });
    };
    let audited = node.report(move |tx, at| {
        // Held until the audit ends, also when nobody waits for it any more.
        let _alone = &alone;
        Ok(VerifyView::from(audit::audit(tx, at.desk)?))
    });
    audited.await.map(Json)
}
