//! Quarantine: readings that could not be placed, listed, counted and tried again.

use super::state::Api;
use super::usage::{UsageResultView, UsageView};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::counter::Counting;
use desk::lists::quarantine::{ReasonCount, Waiting};
use desk::usage::quarantine::{self, Filter, Which};
use desk::{Refusal, lists};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Reply};
use web::caller::Operator;
use web::problem::Problem;
use web::wire::{self, Limit, Moment, Page, Query, Text};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_quarantine))
        .routes(routes!(list_quarantine_reasons))
        .routes(routes!(replay_quarantine))
}

/// A reading that waits.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "source": "/gateways/guangzhou-1", "id": "2026-06-01T01:00/res1", "reason": "unknown_resource", "detail": "",
    "resource": "res_019eb7696c008cf183c2a061049531a6", "meter": "traffic_out", "series": "", "quantity": "1073741824",
    "cumulative": false, "time": "2026-06-01T01:00:00Z", "received": "2026-06-01T01:00:05Z"
}))]
pub struct KeptView {
    pub source: String,
    pub id: String,
    /// Why it has no place.
    #[schema(value_type = words::QuarantineReason)]
    pub reason: String,
    /// More about the reason; may be empty.
    pub detail: String,
    pub resource: String,
    pub meter: String,
    pub series: String,
    pub quantity: String,
    /// Whether the quantity is where a counter stood.
    pub cumulative: bool,
    pub time: Moment,
    pub received: Moment,
}

impl From<Waiting> for KeptView {
    fn from(Waiting { kept: it, at }: Waiting) -> KeptView {
        KeptView {
            source: it.sent.source,
            id: it.sent.event,
            reason: it.reason,
            detail: it.detail,
            resource: it.sent.resource,
            meter: it.sent.meter,
            series: it.sent.key,
            quantity: it.sent.quantity.to_string(),
            cumulative: it.sent.counting != Counting::Delta,
            time: wire::time(at),
            received: wire::time(it.received),
        }
    }
}

/// Which part of the quarantine.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QuarantineQuery {
    /// Only for this reason.
    reason: Option<Word<words::QuarantineReason>>,
    /// Only of this resource, as it was named.
    resource: Option<Text<0, 256>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 4200>>,
}

/// Lists what waits in quarantine, the newest first.
#[utoipa::path(get, path = "/v1/quarantine", tag = "usage", params(QuarantineQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<KeptView>),
        (status = 404, description = "There is no such page", body = Problem, content_type = "application/problem+json")))]
async fn list_quarantine(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<QuarantineQuery>,
) -> Result<Json<Page<KeptView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let (reason, resource) = (query.reason.map(|it| it.0.0), query.resource.map(Text::into_string));
    let of = Filter { reason, resource };
    let page = node.read(move |tx, _| lists::quarantine::page(tx, &of, &part)).await?;
    Ok(Json(Page::of(page, KeptView::from)))
}

/// How much waits for one reason.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "reason": "unknown_resource", "count": 3, "oldest": "2026-06-01T01:00:05Z", "newest": "2026-06-01T02:00:05Z"
}))]
pub struct ReasonView {
    #[schema(value_type = words::QuarantineReason)]
    pub reason: String,
    pub count: i64,
    /// When the first of them was received.
    pub oldest: Moment,
    pub newest: Moment,
}

impl From<ReasonCount> for ReasonView {
    fn from(it: ReasonCount) -> ReasonView {
        let (oldest, newest) = (wire::time(it.oldest), wire::time(it.newest));
        ReasonView { reason: it.reason, count: it.count, oldest, newest }
    }
}

/// Counts what waits in quarantine, by reason.
#[utoipa::path(get, path = "/v1/quarantine/reasons", tag = "usage",
    security(("key" = ["operator"])), responses((status = 200, body = Page<ReasonView>)))]
async fn list_quarantine_reasons(
    State(node): State<Node>,
    _: Operator,
) -> Result<Json<Page<ReasonView>>, Problem> {
    let counts = node.report(|tx, _| lists::quarantine::reasons(tx)).await?;
    Ok(Json(Page::of(counts, ReasonView::from)))
}

/// An event by its identity.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventName {
    source: Text<1, 256>,
    id: Text<1, 256>,
}

/// What is to be tried again: the events that are named, or the oldest of a part.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "unknown_resource"}))]
pub struct ReplayBody {
    /// These; the other fields do nothing then.
    #[schema(max_items = 1000)]
    #[serde(default, deserialize_with = "up_to_a_thousand")]
    events: Vec<EventName>,
    /// Only for this reason.
    reason: Option<Word<words::QuarantineReason>>,
    /// Only of this resource, as it was named.
    resource: Option<Text<0, 256>>,
    /// The `next` of the call before.
    after: Option<Text<0, 4200>>,
}

fn up_to_a_thousand<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    let all = Vec::<T>::deserialize(from)?;
    match all.len() {
        0..=1000 => Ok(all),
        many => Err(serde::de::Error::invalid_length(many, &"at most 1000 events")),
    }
}

impl ReplayBody {
    fn which(&self) -> Which {
        if !self.events.is_empty() {
            let name = |it: &EventName| (it.source.as_str().to_string(), it.id.as_str().to_string());
            return Which::These(self.events.iter().map(name).collect());
        }
        let resource = self.resource.as_ref().map(|it| it.as_str().to_string());
        let after = self.after.as_ref().map(|it| it.as_str().to_string());
        Which::Oldest { of: Filter { reason: self.reason.map(|it| it.0.0), resource }, after }
    }
}

/// What became of what was tried again.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReplayView {
    pub usage: UsageView,
    /// Put it into `after` to go on; `null` when everything was tried.
    pub next: Option<String>,
}

/// Tries again what waits in quarantine, up to 10,000 events. What fits by now is taken; the rest stays, with
/// today's reason. Trying again what was taken changes nothing.
#[utoipa::path(post, path = "/v1/quarantine/replay", tag = "usage", request_body = ReplayBody,
    security(("key" = ["operator"])), responses((status = 200, body = ReplayView),
        (status = 404, description = "There is no such page", body = Problem, content_type = "application/problem+json")))]
async fn replay_quarantine(
    State(node): State<Node>,
    call: Call<Operator, ReplayBody>,
) -> Result<Response, Problem> {
    node.once(call, |tx, at, call| {
        let tried = quarantine::replay(tx, at, &call.body.which())?;
        let result = |(source, id, outcome): (String, String, Result<_, Refusal>)| match outcome {
            Ok(taken) => UsageResultView::taken(source, id, taken),
            Err(error) => UsageResultView::refused(Some(source), Some(id), error.code(), error.to_string()),
        };
        let usage = UsageView::of(tried.results.into_iter().map(result).collect());
        Ok(Reply::ok(ReplayView { usage, next: tried.next }))
    })
    .await
}
