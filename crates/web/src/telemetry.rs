//! Metrics: what each is called, what it says, and where its distribution is cut.
//!
//! In:  nothing. Out: the recorder of this process, and all that it has recorded as Prometheus reads it.
//! Invariant: a metric has a name here and a sentence beside it; what is measured in seconds has buckets, so that nodes
//! can be added up.

use metrics::{describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;
use std::sync::OnceLock;
use std::time::Duration;

pub const HTTP_REQUESTS: &str = "till_http_requests_total";
pub const HTTP_SECONDS: &str = "till_http_seconds";
pub const USAGE_EVENTS: &str = "till_usage_events_total";
pub const WEBHOOK_ATTEMPTS: &str = "till_webhook_attempts_total";
pub const GATEWAY_SECONDS: &str = "till_gateway_seconds";
pub const CARD_DIFFERENCES: &str = "till_card_differences";
pub const CARD_REFUNDS: &str = "till_card_refunds_waiting";
pub const MAIL_ATTEMPTS: &str = "till_mail_attempts_total";
pub const MAILS: &str = "till_mails";
pub const MAIL_AGE: &str = "till_mail_oldest_seconds";
pub const OIDC_SIGN_INS: &str = "till_oidc_sign_ins_total";
pub const OIDC_UP: &str = "till_oidc_up";
pub const JOBS_FAILED: &str = "till_jobs_failed_total";
pub const JOB_LAST_RUN: &str = "till_job_last_run_seconds";
pub const JOB_AGE: &str = "till_job_age_seconds";
pub const JOB_LATE: &str = "till_job_late_seconds";
pub const CONNECTIONS: &str = "till_connections";
pub const CONNECTIONS_MOST: &str = "till_connections_most";
pub const CONNECTIONS_CLOSED: &str = "till_connections_closed_total";
pub const DATABASE_STATEMENTS: &str = "till_database_statements_total";
pub const DATABASE_UP: &str = "till_database_up";
pub const POOL_CONNECTIONS: &str = "till_database_connections";
pub const POOL_MOST: &str = "till_database_connections_most";
pub const POOL_WAITING: &str = "till_database_waiting";
pub const LANE_WAITING: &str = "till_lane_waiting";
pub const SETTLED_TO: &str = "till_settled_to_seconds";
pub const ACCOUNTS_SET_ASIDE: &str = "till_accounts_set_aside";
pub const RANGES_IN_HAND: &str = "till_settlement_ranges";
pub const TASKS: &str = "till_tasks";
pub const BOOKS_WITHHELD: &str = "till_price_books_withheld";
pub const QUARANTINE_EVENTS: &str = "till_quarantine_events";
pub const ANCHOR_AGE: &str = "till_anchor_age_seconds";
const BUILD: &str = "till_build_info";

const COUNTERS: [(&str, &str); 8] = [
    (HTTP_REQUESTS, "Requests answered, by method, route and status."),
    (USAGE_EVENTS, "Usage events answered, by outcome."),
    (WEBHOOK_ATTEMPTS, "Attempts to send a webhook message, by result."),
    (MAIL_ATTEMPTS, "Attempts to send a mail, by result: sent, put_off, refused, server_away or not_tried."),
    (OIDC_SIGN_INS, "Sign-ins by the OpenID provider, by outcome: signed_in, or why not."),
    (CONNECTIONS_CLOSED, "Connections of clients that were closed from here, by reason."),
    (DATABASE_STATEMENTS, "Statements that this process ran; one for many rows counts once."),
    (JOBS_FAILED, "Runs of a job that failed, by job and code."),
];

const GAUGES: [(&str, &str); 23] = [
    (JOB_LAST_RUN, "When a job did something last, in Unix seconds by the clock of the till."),
    (JOB_AGE, "How long ago the jobs of this node gave a sign of life, by job; those of a chain together."),
    (JOB_LATE, "For how long something is due that a job did not do yet, by job, by the clock of the till."),
    (CONNECTIONS, "Connections of clients, by whether a valid key was shown on them."),
    (CONNECTIONS_MOST, "Connections of clients that there is room for."),
    (
        DATABASE_UP,
        "1 when the database answered the last question of the metrics, 0 when what it holds is told as of before.",
    ),
    (CARD_DIFFERENCES, "In how many things the gateway for cards and the books differ."),
    (CARD_REFUNDS, "How many refunds are on their way to cards and not there yet."),
    (OIDC_UP, "1 when the OpenID provider answered the last question, 0 when it did not."),
    (POOL_CONNECTIONS, "Connections to the database, by pool and state."),
    (POOL_MOST, "Connections to the database that a pool may have."),
    (POOL_WAITING, "Threads that wait for a connection to the database, by pool."),
    (LANE_WAITING, "Calls that wait for their turn in a transaction, by lane."),
    (
        SETTLED_TO,
        "Up to when the cycles of the slowest account that is not set aside are closed, in Unix seconds, by cycle.",
    ),
    (ACCOUNTS_SET_ASIDE, "Accounts that a settlement set aside and that an operator has to look at."),
    (RANGES_IN_HAND, "Ranges of accounts of a settlement run that some node has in hand."),
    (TASKS, "Tasks of the cloud that are not over, by state."),
    (BOOKS_WITHHELD, "Price books that did not begin, since they would drop what lives."),
    (MAILS, "Mails that are not sent, by state: queued or dead."),
    (MAIL_AGE, "For how long the oldest mail that is to be sent has waited, by the clock of the till."),
    (QUARANTINE_EVENTS, "Usage events that are kept aside, by reason."),
    (
        ANCHOR_AGE,
        "How long ago the audit log was anchored last, by the clock of the till; since the start of the node where it never was.",
    ),
    (BUILD, "1; the version of the program is a label."),
];

/// From an answer out of memory to a request that is given up, in seconds.
const BUCKETS: [f64; 15] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0, 90.0];

/// How often recorded times are put into their buckets, whether anybody asks for them or not.
pub const UPKEEP: Duration = Duration::from_secs(5);

static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Sets up the recorder of this process, once. Errors: another recorder is there already.
pub fn install(version: &'static str) -> Result<(), BuildError> {
    if RECORDER.get().is_some() {
        return Ok(());
    }
    let recorder = PrometheusBuilder::new().set_buckets(&BUCKETS)?.install_recorder()?;
    for (name, help) in COUNTERS {
        describe_counter!(name, help);
    }
    for (name, help) in GAUGES {
        describe_gauge!(name, help);
    }
    describe_histogram!(HTTP_SECONDS, "How long requests took, by method and route.");
    describe_histogram!(GATEWAY_SECONDS, "How long calls to the gateway for cards took, by call and result.");
    Collector::default().describe();
    metrics::gauge!(BUILD, "version" => version).set(1);
    // Whoever was first at the same time has made the same.
    let _ = RECORDER.set(recorder);
    Ok(())
}

/// Names of all metrics that the till records itself.
pub fn names() -> impl Iterator<Item = &'static str> {
    COUNTERS.iter().chain(&GAUGES).map(|it| it.0).chain([HTTP_SECONDS, GATEWAY_SECONDS])
}

/// Counts a sign-in by the OpenID provider, by what became of it.
pub fn came_by_oidc(outcome: &'static str) {
    metrics::counter!(OIDC_SIGN_INS, "outcome" => outcome).increment(1);
}

/// Puts what was recorded into its buckets, which else grows until somebody asks.
pub fn upkeep() {
    if let Some(recorder) = RECORDER.get() {
        recorder.run_upkeep();
    }
}

/// All that was recorded, with the process itself, in the text format of Prometheus.
pub fn render() -> String {
    Collector::default().collect();
    RECORDER.get().map_or_else(String::new, PrometheusHandle::render)
}

#[cfg(test)]
mod tests;
