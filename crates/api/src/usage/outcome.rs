//! What became of usage events: what answers say, and what the metrics count.

use desk::usage::Taken;
use serde::Serialize;
use utoipa::ToSchema;
use web::words;

/// What became of one event.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"source": "/gateways/guangzhou-1", "id": "2026-06-01T01:00/res1", "outcome": "accepted"}))]
pub struct UsageResultView {
    pub source: Option<String>,
    pub id: Option<String>,
    /// `accepted`, `duplicate`, `late` (billed with the next cycle), `quarantined` (kept aside), `conflict` (the id
    /// says something else already) or `refused`.
    pub outcome: words::UsageOutcome,
    /// Why it is in quarantine, or the code of the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// How many events came to what.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct UsageCounts {
    pub accepted: usize,
    pub duplicate: usize,
    pub late: usize,
    pub quarantined: usize,
    pub conflict: usize,
    pub refused: usize,
}

/// What became of each event, in the order in which they were sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "results": [{"source": "/gateways/guangzhou-1", "id": "2026-06-01T01:00/res1", "outcome": "accepted"}],
    "counts": {"accepted": 1, "duplicate": 0, "late": 0, "quarantined": 0, "conflict": 0, "refused": 0}
}))]
pub struct UsageView {
    pub results: Vec<UsageResultView>,
    pub counts: UsageCounts,
}

impl UsageResultView {
    pub fn taken(source: String, id: String, taken: Taken) -> UsageResultView {
        let (outcome, code) = match taken {
            Taken::Quarantined(reason) => {
                (words::UsageOutcome::Quarantined, Some(reason.as_str().to_string()))
            }
            Taken::Accepted => (words::UsageOutcome::Accepted, None),
            Taken::Duplicate => (words::UsageOutcome::Duplicate, None),
            Taken::Late => (words::UsageOutcome::Late, None),
        };
        UsageResultView { source: Some(source), id: Some(id), outcome, code, detail: None }
    }

    pub fn refused(
        source: Option<String>,
        id: Option<String>,
        code: &str,
        detail: String,
    ) -> UsageResultView {
        let outcome = match code {
            "conflict" => words::UsageOutcome::Conflict,
            _ => words::UsageOutcome::Refused,
        };
        let (code, detail) = (Some(code.to_string()), Some(detail));
        UsageResultView { source, id, outcome, code, detail }
    }
}

impl UsageView {
    /// Counts what became of events, here and in the metrics.
    pub fn of(results: Vec<UsageResultView>) -> UsageView {
        let count = |outcome: words::UsageOutcome| results.iter().filter(|it| it.outcome == outcome).count();
        let counts = UsageCounts {
            accepted: count(words::UsageOutcome::Accepted),
            duplicate: count(words::UsageOutcome::Duplicate),
            late: count(words::UsageOutcome::Late),
            quarantined: count(words::UsageOutcome::Quarantined),
            conflict: count(words::UsageOutcome::Conflict),
            refused: count(words::UsageOutcome::Refused),
        };
        for (outcome, number) in [
            ("accepted", counts.accepted),
            ("duplicate", counts.duplicate),
            ("late", counts.late),
            ("quarantined", counts.quarantined),
            ("conflict", counts.conflict),
            ("refused", counts.refused),
        ] {
            metrics::counter!(web::telemetry::USAGE_EVENTS, "outcome" => outcome).increment(number as u64);
        }
        UsageView { results, counts }
    }
}
