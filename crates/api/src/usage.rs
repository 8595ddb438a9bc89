//! Usage: `POST /v1/usage`, `/v1/usage/binary` and `/v1/usage/batch` take readings as CloudEvents; `GET /v1/usage` and its
//! windows show them.

mod event;
mod outcome;

use super::cloudevents::{self, Bad, Event, Mode, Shape};
use super::state::{Api, Lanes, Recorded};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use desk::lists::usage::{StoredReading, Window, WindowFilter};
use desk::usage::{self, Reading, Taken};
use desk::{Refusal, lists};
use event::{BinaryAttributes, UsageBatch, UsageData, UsageEvent};
use serde::{Deserialize, Serialize};
use units::{CycleKind, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::{Meter, Reader};
use web::identity::Actor;
use web::lane::{self, Asking};
use web::problem::Problem;
use web::wire::{self, Limit, Moment, Page, Query, Text, When};
use web::words;

pub use outcome::{UsageResultView, UsageView};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_usage, send_usage))
        .routes(routes!(send_usage_batch))
        .routes(routes!(send_usage_binary))
        .routes(routes!(list_usage_windows))
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

/// Records the events that are whole, together with those of others that wait beside them.
async fn record(door: &Door<'_>, events: Vec<Event>) -> Result<Recorded, Problem> {
    if events.is_empty() {
        return Ok((events, Vec::new()));
    }
    let asking = Asking { owner: door.actor, weight: events.len(), call: events };
    // Nothing falls due by usage: nobody is woken for it.
    let done = lane::ask(door.node, &door.lanes.usage, asking, recorded).await?;
    done.map_err(|refusal| door.node.problem(refusal))
}

/// Where readings go in, and who sends them.
struct Door<'d> {
    node: &'d Node,
    lanes: &'d Lanes,
    actor: Actor,
}

type Waiting = lane::Waiting<Vec<Event>, Result<Recorded, Refusal>, Actor>;

/// Records what waits in one transaction. How readings are split changes nothing of what is stored; when the whole fails, each
/// is tried alone.
fn recorded(node: &Node, next: Vec<Waiting>) {
    let desk = node.desk();
    let done = node.store().write(|tx| {
        let now = node.now_to_write(tx)?;
        let events = next.iter().flat_map(|it| &it.call);
        let readings: Vec<Reading<'_>> = events.map(|it| reading(it, now)).collect();
        usage::record_all(tx, desk.at(now), &readings)
    });
    match done {
        Ok(outcomes) => {
            let mut outcomes = outcomes.into_iter();
            for it in next {
                let own = outcomes.by_ref().take(it.call.len()).collect();
                it.answer_with(|events| Ok((events, own)));
            }
        }
        Err(refusal) => lane::one_by_one(next, refusal, |it| recorded(node, vec![it])),
    }
}

/// The body of a call that sends readings. They have an identity of their own; a key that comes with them only has to be one.
fn whole(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Bytes, Problem> {
    web::call::token(headers)?;
    body.map_err(web::call::too_large)
}

/// Takes one reading as a CloudEvent. It counts once for ever, by its source and id.
///
/// It is answered with 202 when it is kept aside, with 409 when its id says something else already. What
/// `POST /v1/usage/binary` takes is taken here too; each way to send is shown at [/docs/usage](/docs/usage).
#[utoipa::path(post, path = "/v1/usage", tag = "usage",
    request_body(content = UsageEvent, content_type = "application/cloudevents+json"),
    security(("key" = ["meter"])),
    responses((status = 200, body = UsageView), (status = 202, description = "Kept aside, with the reason", body = UsageView)))]
async fn send_usage(
    State(node): State<Node>,
    State(lanes): State<Lanes>,
    who: Meter,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let body = whole(&headers, body)?;
    let door = Door { node: &node, lanes: &lanes, actor: who.actor };
    match cloudevents::mode(&headers)? {
        Mode::Batch => Ok(batch(&door, cloudevents::batch(&body)?).await?.into_response()),
        Mode::One(shape) => single(&door, cloudevents::one(shape, &headers, &body)?).await,
    }
}

/// Takes one reading as a CloudEvent in binary mode: its attributes as headers, its data as the body.
///
/// What holds for `POST /v1/usage` holds here.
#[utoipa::path(post, path = "/v1/usage/binary", tag = "usage", params(BinaryAttributes),
    request_body(content = UsageData, content_type = "application/json"),
    security(("key" = ["meter"])),
    responses((status = 200, body = UsageView), (status = 202, description = "Kept aside, with the reason", body = UsageView)))]
async fn send_usage_binary(
    State(node): State<Node>,
    State(lanes): State<Lanes>,
    who: Meter,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let body = whole(&headers, body)?;
    cloudevents::expect_binary(&headers)?;
    let door = Door { node: &node, lanes: &lanes, actor: who.actor };
    single(&door, cloudevents::one(Shape::Binary, &headers, &body)?).await
}

/// Takes up to 10,000 readings at once as CloudEvents. Each counts once for ever, by its source and id.
///
/// There is one result for each event, in their order; one that is not as it should be loses none of the others.
#[utoipa::path(post, path = "/v1/usage/batch", tag = "usage",
    request_body(content = UsageBatch, content_type = "application/cloudevents-batch+json"),
    security(("key" = ["meter"])),
    responses((status = 200, body = UsageView)))]
async fn send_usage_batch(
    State(node): State<Node>,
    State(lanes): State<Lanes>,
    who: Meter,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<UsageView>, Problem> {
    let body = whole(&headers, body)?;
    cloudevents::expect_batch(&headers)?;
    let door = Door { node: &node, lanes: &lanes, actor: who.actor };
    batch(&door, cloudevents::batch(&body)?).await
}

async fn batch(door: &Door<'_>, events: Vec<Result<Event, Bad>>) -> Result<Json<UsageView>, Problem> {
    let (mut whole, mut slots) = (Vec::with_capacity(events.len()), Vec::with_capacity(events.len()));
    for event in events {
        slots.push(event.map(|it| whole.push(it)));
    }
    let (whole, outcomes) = record(door, whole).await?;
    let mut recorded = whole.into_iter().zip(outcomes);
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
    Ok(Json(UsageView::of(results.collect())))
}

/// The answer to one event: what a batch says in its result is said by the status here.
async fn single(door: &Door<'_>, event: Result<Event, Bad>) -> Result<Response, Problem> {
    let counted = |outcome: &'static str| {
        metrics::counter!(web::telemetry::USAGE_EVENTS, "outcome" => outcome).increment(1);
    };
    let event = event.map_err(|bad| {
        counted("refused");
        Problem::from(bad.wrong)
    })?;
    let (events, outcomes) = record(door, vec![event]).await?;
    let (event, outcome) = events.into_iter().zip(outcomes).next().ok_or_else(Problem::internal)?;
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
    "quantity": "1073741824", "counted": "1073741824", "standing": null, "late": false
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
    /// What it counts for: its quantity, unless a correction says otherwise; `null` where a correction made it void.
    pub counted: Option<String>,
    /// Where the counter stood.
    pub standing: Option<String>,
    /// Whether a cycle that it belongs to was closed when it came, so that the next one bills it.
    pub late: bool,
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
            counted: it.counted.map(|it| it.to_string()),
            standing: it.standing.map(|it| it.to_string()),
            late: !it.late.is_empty(),
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
