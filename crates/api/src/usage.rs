//! Usage: `POST /v1/usage` takes readings as CloudEvents; `GET /v1/usage` and its windows show them.

use super::cloudevents::{self, Bad, Event, Mode};
use super::state::Api;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use desk::lists::usage::{StoredReading, Window, WindowFilter};
use desk::usage::{self, Reading, Taken};
use desk::{Refusal, lists};
use serde::{Deserialize, Serialize};
use units::{CycleKind, Timestamp};
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::{Meter, Reader};
use web::problem::Problem;
use web::wire::{self, Limit, Moment, Page, Query, Text, When};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_usage, send_usage)).routes(routes!(list_usage_windows))
}

/// A schema written down as JSON.
fn written(schema: serde_json::Value) -> RefOr<Schema> {
    serde_json::from_value(schema).map_or_else(|_| RefOr::T(Schema::default()), RefOr::T)
}

/// A usage event as a structured CloudEvent. `api::cloudevents` reads it.
pub struct UsageEvent;

impl ToSchema for UsageEvent {}

impl PartialSchema for UsageEvent {
    fn schema() -> RefOr<Schema> {
        let text = |least: u32, most: u32, description: &str| {
            serde_json::json!({"type": "string", "minLength": least, "maxLength": most, "pattern": wire::PLAIN,
                "description": description})
        };
        let quantity = serde_json::json!({
            "oneOf": [
                {"type": "integer", "minimum": 0, "maximum": i64::MAX},
                {"type": "string", "pattern": "^[0-9]{1,19}$"}
            ],
            "description": "How much, in base units: bytes, bits per second, hundred-millionths"
        });
        written(serde_json::json!({
            "type": "object",
            "description": "A usage event as a structured CloudEvent; other attributes are ignored",
            "required": ["specversion", "type", "source", "id", "subject", "time", "data"],
            "properties": {
                "specversion": {"type": "string", "enum": ["1.0"]},
                "type": {"type": "string", "enum": [cloudevents::TYPE]},
                "source": text(1, 256, "Who sends; with `id`, the identity of the event for ever"),
                "id": text(1, 256, "The event's name, unique for its source"),
                "subject": text(1, 256, "The resource"),
                "time": {"type": "string", "format": "date-time", "description": "When it was used; not in the future"},
                "datacontenttype": {"type": ["string", "null"], "enum": ["application/json", null]},
                "data": {
                    "type": "object",
                    "required": ["meter", "quantity"],
                    "additionalProperties": false,
                    "properties": {
                        "meter": text(1, 100, "A meter of the product, such as `traffic_out`"),
                        "quantity": quantity,
                        "series": {"type": ["string", "null"], "maxLength": 256, "pattern": wire::PLAIN,
                            "description": "Tells readings of one second apart, or counters of one resource"},
                        "cumulative": {"type": ["boolean", "null"],
                            "description": "The quantity is where a counter stands that only grows"},
                        "reset": {"type": ["boolean", "null"],
                            "description": "The counter began at zero since its standing before; says cumulative too"}
                    }
                }
            },
            "example": event_example()
        }))
    }
}

fn event_example() -> serde_json::Value {
    serde_json::json!({
        "specversion": "1.0", "type": cloudevents::TYPE, "source": "/gateways/guangzhou-1", "id": "2026-06-01T01:00/res1",
        "subject": "res_019eb7696c008cf183c2a061049531a6", "time": "2026-06-01T01:00:00Z",
        "data": {"meter": "traffic_out", "quantity": 1_073_741_824}
    })
}

/// Up to 10,000 usage events. One that is not a `UsageEvent` is answered for by itself and spoils no other.
pub struct UsageBatch;

impl ToSchema for UsageBatch {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((UsageEvent::name().into_owned(), UsageEvent::schema()));
    }
}

impl PartialSchema for UsageBatch {
    fn schema() -> RefOr<Schema> {
        let anything = ObjectBuilder::new().schema_type(SchemaType::AnyValue);
        let events = ArrayBuilder::new()
            .items(anything)
            .description(Some(
                "Up to 10,000 usage events. One that is not a `UsageEvent` is answered for by itself and spoils no other",
            ))
            .examples([serde_json::json!([event_example()])]);
        RefOr::T(Schema::Array(events.build()))
    }
}

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
    pub(super) fn taken(source: String, id: String, taken: Taken) -> UsageResultView {
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

    pub(super) fn refused(
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
    pub(super) fn of(results: Vec<UsageResultView>) -> UsageView {
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
            metrics::counter!("till_usage_events_total", "outcome" => outcome).increment(number as u64);
        }
        UsageView { results, counts }
    }
}

fn reading(it: &Event, received: Timestamp) -> Reading<'_> {
    Reading {
        source: &it.source,
        event: &it.id,
        resource: &it.subject,
        usage: &it.meter,
        at: it.time,
        received,
        quantity: it.quantity,
        key: &it.series,
        counting: it.counting,
    }
}

type Outcomes = Vec<Result<Taken, Refusal>>;

/// Records the events that are whole. The outcomes are of those, in their order.
async fn record(node: &Node, events: Vec<Event>) -> Result<(Vec<Event>, Outcomes), Problem> {
    // Nothing falls due by usage: nobody is woken for it.
    node.blocking(move |node| {
        let desk = node.desk();
        let outcomes = node.store().write(|tx| {
            let now = node.clock().now();
            let readings: Vec<Reading<'_>> = events.iter().map(|it| reading(it, now)).collect();
            usage::record_all(tx, desk.at(now), &readings)
        })?;
        Ok((events, outcomes))
    })
    .await
}

/// Takes usage as CloudEvents, one or a batch. Each event counts once for ever, by its source and id.
///
/// A batch is answered with one result for each event; a bad event loses none of the others. A single event is
/// answered with 202 when it is kept aside, with 409 when its id says something else already. Also in binary mode:
/// the attributes as headers `ce-specversion`, `ce-type`, `ce-source`, `ce-id`, `ce-subject` and `ce-time`, the data as
/// `application/json`; each way to send is shown at [/docs/usage](/docs/usage).
#[utoipa::path(post, path = "/v1/usage", tag = "usage",
    request_body(content((UsageEvent = "application/cloudevents+json"), (UsageBatch = "application/cloudevents-batch+json"))),
    security(("key" = ["meter"])),
    responses((status = 200, body = UsageView), (status = 202, description = "Kept aside, with the reason", body = UsageView)))]
async fn send_usage(
    State(node): State<Node>,
    _: Meter,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    // Events have an identity of their own; a key that comes with them only has to be one.
    web::call::token(&headers)?;
    let body = body.map_err(web::call::too_large)?;
    let (mode, events) = cloudevents::read(&headers, &body)?;
    let (mut whole, mut slots) = (Vec::with_capacity(events.len()), Vec::with_capacity(events.len()));
    for event in events {
        slots.push(event.map(|it| whole.push(it)));
    }
    let (whole, outcomes) = record(&node, whole).await?;
    let mut recorded = whole.into_iter().zip(outcomes);
    if mode != Mode::Batch {
        return single(slots.pop(), recorded.next());
    }
    let results = slots.into_iter().filter_map(|slot| match slot {
        Err(Bad { source, id, wrong }) => {
            Some(UsageResultView::refused(source, id, wrong.code(), wrong.detail()))
        }
        Ok(()) => recorded.next().map(|(event, outcome)| match outcome {
            Ok(taken) => UsageResultView::taken(event.source, event.id, taken),
            Err(error) => {
                let (source, id) = (Some(event.source), Some(event.id));
                UsageResultView::refused(source, id, error.code(), error.to_string())
            }
        }),
    });
    Ok(Json(UsageView::of(results.collect())).into_response())
}

/// The answer to one event: what a batch says in its result is said by the status here.
fn single(
    slot: Option<Result<(), Bad>>,
    recorded: Option<(Event, Result<Taken, Refusal>)>,
) -> Result<Response, Problem> {
    let counted = |outcome: &'static str| {
        metrics::counter!("till_usage_events_total", "outcome" => outcome).increment(1);
    };
    if let Some(Err(bad)) = slot {
        counted("refused");
        return Err(bad.wrong.into());
    }
    let (event, outcome) = recorded.ok_or_else(Problem::internal)?;
    let taken = outcome.map_err(|error| {
        counted(if error.code() == "conflict" { "conflict" } else { "refused" });
        Problem::from(error.by_code(&[("conflict", "id")]))
    })?;
    let status = match taken {
        Taken::Quarantined(_) => StatusCode::ACCEPTED,
        Taken::Accepted | Taken::Duplicate | Taken::Late => StatusCode::OK,
    };
    let view = UsageView::of(vec![UsageResultView::taken(event.source, event.id, taken)]);
    Ok((status, Json(view)).into_response())
}

/// Which readings.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UsageQuery {
    /// Only readings of this resource.
    resource: Option<Text<0, 80>>,
    /// Only readings of this meter.
    meter: Option<Text<0, 100>>,
    /// From this instant on; from the beginning of the month if left out.
    from: Option<When>,
    /// Before this instant; until now if left out.
    to: Option<When>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 4200>>,
}

/// A reading.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "source": "/gateways/guangzhou-1", "id": "2026-06-01T01:00/res1", "resource": "res_019eb7696c008cf183c2a061049531a6",
    "meter": "traffic_out", "series": "", "time": "2026-06-01T01:00:00Z", "received": "2026-06-01T01:00:05Z",
    "quantity": "1073741824", "standing": null
}))]
pub struct ReadingView {
    pub source: String,
    pub id: String,
    pub resource: String,
    pub meter: String,
    pub series: String,
    /// When it was used.
    pub time: Moment,
    /// When the till heard of it.
    pub received: Moment,
    /// How much; of a counter, how much it grew.
    pub quantity: String,
    /// Where the counter stood.
    pub standing: Option<String>,
}

impl From<StoredReading> for ReadingView {
    fn from(it: StoredReading) -> ReadingView {
        ReadingView {
            source: it.source,
            id: it.event,
            resource: it.resource.to_string(),
            meter: it.meter,
            series: it.key,
            time: wire::time(it.at),
            received: wire::time(it.received),
            quantity: it.quantity.to_string(),
            standing: it.standing.map(|it| it.to_string()),
        }
    }
}

/// Lists readings of the account's resources, the newest first.
#[utoipa::path(get, path = "/v1/usage", tag = "usage", params(UsageQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<ReadingView>)))]
async fn list_usage(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<UsageQuery>,
) -> Result<Json<Page<ReadingView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = lists::usage::Filter {
        account: who.account,
        resource: query.resource.map(Text::into_string),
        meter: query.meter.map(Text::into_string),
        from: query.from.map(|it| it.of("from")).transpose()?,
        to: query.to.map(|it| it.of("to")).transpose()?,
    };
    let page = node.report(move |tx, at| lists::usage::page(tx, at, &of, &part)).await?;
    Ok(Json(Page::of(page, ReadingView::from)))
}

/// Which windows.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WindowsQuery {
    /// How long a window is; a day if left out.
    #[param(inline)]
    by: Option<words::Span>,
    /// Only readings of this resource.
    resource: Option<Text<0, 80>>,
    /// Only readings of this meter.
    meter: Option<Text<0, 100>>,
    /// From this instant on; from the beginning of the month if left out.
    from: Option<When>,
    /// Before this instant; until now if left out.
    to: Option<When>,
    /// How many windows at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: where its last window ended.
    after: Option<When>,
}

/// What one meter came to in one window.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "from": "2026-05-31T16:00:00Z", "to": "2026-06-01T16:00:00Z", "meter": "traffic_out", "sum": "1073741824",
    "highest": "1073741824", "count": 1
}))]
pub struct WindowView {
    pub from: Moment,
    pub to: Moment,
    pub meter: String,
    /// All readings added up.
    pub sum: String,
    /// The highest single reading.
    pub highest: String,
    /// How many readings.
    pub count: i64,
}

impl From<Window> for WindowView {
    fn from(it: Window) -> WindowView {
        WindowView {
            from: wire::time(it.from),
            to: wire::time(it.to),
            meter: it.sum.meter,
            sum: it.sum.sum.to_string(),
            highest: it.sum.highest.to_string(),
            count: it.sum.count,
        }
    }
}

/// Sums readings by meter and window, the oldest first. Windows are hours, days and months of the settlement
/// calendar; those without readings are left out and do not count.
#[utoipa::path(get, path = "/v1/usage/windows", tag = "usage", params(WindowsQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<WindowView>)))]
async fn list_usage_windows(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<WindowsQuery>,
) -> Result<Json<Page<WindowView>>, Problem> {
    let after = query.after.map(|it| it.of("from")).transpose()?;
    let part = wire::part(query.limit, after.map(|it| it.to_string()));
    let by = match query.by {
        Some(words::Span::Hour) => CycleKind::Hour,
        Some(words::Span::Day) | None => CycleKind::Day,
        Some(words::Span::Month) => CycleKind::Month,
    };
    let readings = lists::usage::Filter {
        account: who.account,
        resource: query.resource.map(Text::into_string),
        meter: query.meter.map(Text::into_string),
        from: query.from.map(|it| it.of("from")).transpose()?,
        to: query.to.map(|it| it.of("to")).transpose()?,
    };
    let of = WindowFilter { readings, by };
    let page = node.report(move |tx, at| lists::usage::windows(tx, at, &of, &part)).await?;
    Ok(Json(Page::of(page, WindowView::from)))
}

#[cfg(test)]
mod tests;
