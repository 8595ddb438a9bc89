//! Where messages to webhooks wait: `/v1/webhook-queues`, for operators.

use super::state::Api;
use super::webhooks::whose;
use axum::Json;
use axum::extract::State;
use desk::lists::webhooks::{self, Queue};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::Operator;
use web::problem::Problem;
use web::wire::{self, Moment, Page};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_webhook_queues))
}

/// What waits to be sent to a webhook.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "webhook": "whk_019eb7696c008cf183c2a061049531a6", "for": "account", "account": "acc_019eb7696c008cf183c2a061049531a6",
    "url": "https://shop.example/till", "state": "enabled", "waiting": 3, "failing": 2, "oldest": "2026-06-01T00:00:00Z"
}))]
pub struct QueueView {
    pub webhook: String,
    /// `account`, `operator` or `cloud`.
    #[serde(rename = "for")]
    pub whose: String,
    pub account: Option<String>,
    pub url: String,
    pub state: words::WebhookState,
    /// Messages that wait.
    pub waiting: i64,
    /// Those of them that were tried in vain.
    pub failing: i64,
    /// When the oldest of them was made.
    pub oldest: Moment,
}

impl From<Queue> for QueueView {
    fn from(it: Queue) -> QueueView {
        let (whose, account) = whose(it.owner);
        QueueView {
            webhook: it.endpoint.to_string(),
            whose,
            account,
            url: it.url,
            state: it.state.into(),
            waiting: it.waiting,
            failing: it.failing,
            oldest: wire::time(it.oldest),
        }
    }
}

/// Lists where messages wait to be sent, of everybody's webhooks, the longest wait first: 200 at most.
#[utoipa::path(get, path = "/v1/webhook-queues", tag = "operations",
    security(("key" = ["operator"])), responses((status = 200, body = Page<QueueView>)))]
async fn list_webhook_queues(
    State(node): State<Node>,
    _: Operator,
) -> Result<Json<Page<QueueView>>, Problem> {
    let found = node.report(|tx, _| webhooks::queues(tx)).await?;
    Ok(Json(Page::of(found, QueueView::from)))
}
