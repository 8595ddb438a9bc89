//! Webhooks and events: `/v1/webhooks`, `/v1/webhook-messages`, `/v1/events`.

use super::hooks::WebhookEvent;
use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::endpoint::{self, Endpoint};
use desk::lists::events::Event;
use desk::lists::webhooks::Attempt;
use desk::webhooks::{self, Change, Logged, New, Rotation, Trial};
use desk::{Refusal, lists};
use serde::{Deserialize, Serialize};
use units::{EndpointId, EventId, MessageId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Nothing, OrNothing, Reply};
use web::caller::{Owner, Viewer};
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, Page, Path, Query, Text, Whole};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_webhooks, create_webhook))
        .routes(routes!(get_webhook, change_webhook, delete_webhook))
        .routes(routes!(rotate_webhook_secret))
        .routes(routes!(ping_webhook))
        .routes(routes!(test_webhook))
        .routes(routes!(list_webhook_messages))
        .routes(routes!(get_webhook_message))
        .routes(routes!(resend_webhook_message))
        .routes(routes!(list_events))
        .routes(routes!(get_event))
}

/// An address that is told of events.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "whk_019eb7696c008cf183c2a061049531a6", "url": "https://shop.example/till", "kinds": ["order.*", "bill.posted"],
    "for": "account", "account": "acc_019eb7696c008cf183c2a061049531a6", "state": "enabled",
    "created": "2026-06-01T00:00:00Z"
}))]
pub struct WebhookView {
    pub id: String,
    pub url: String,
    pub kinds: Vec<String>,
    /// `account`, `operator` or `cloud`.
    #[serde(rename = "for")]
    pub whose: String,
    pub account: Option<String>,
    /// `enabled` or `disabled`. A disabled one is sent nothing and is not told later of what happened meanwhile.
    pub state: words::WebhookState,
    pub created: Moment,
}

/// For whom a webhook is, and the account where it is one.
pub(super) fn whose(owner: endpoint::Owner) -> (String, Option<String>) {
    match owner {
        endpoint::Owner::Account(id) => ("account".to_string(), Some(id.to_string())),
        owner @ (endpoint::Owner::Operator | endpoint::Owner::Cloud) => (owner.to_string(), None),
    }
}

impl From<&Endpoint> for WebhookView {
    fn from(it: &Endpoint) -> WebhookView {
        let (whose, account) = whose(it.owner);
        WebhookView {
            id: it.id.to_string(),
            url: it.url.clone(),
            kinds: it.kinds.clone(),
            whose,
            account,
            state: it.state.into(),
            created: wire::time(it.created),
        }
    }
}

/// A webhook with its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NewWebhookView {
    #[serde(flatten)]
    pub webhook: WebhookView,
    /// Signs every message. It is shown once and cannot be read back.
    #[schema(example = "whsec_5i0AVyo9g8RpC9muhDMMak/VB4zdfeLGC9pdrnBsclA=")]
    pub secret: String,
}

/// The answer with the secret, and without it when the same call comes again.
fn shown_once(
    reply: impl FnOnce(NewWebhookView) -> Reply<NewWebhookView>,
    it: &Endpoint,
    secret: &str,
) -> Result<Reply<NewWebhookView>, Refusal> {
    let webhook = WebhookView::from(it);
    let hidden = "shown once, with the first answer".to_string();
    let kept = NewWebhookView { webhook: webhook.clone(), secret: hidden };
    reply(NewWebhookView { webhook, secret: secret.to_string() }).keeping(&kept)
}

/// A new webhook.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"url": "https://shop.example/till", "kinds": ["order.*", "bill.posted"]}))]
pub struct WebhookBody {
    /// An `https` address of the public internet, unless the operator allows others.
    url: Text<1, 2048>,
    /// Kinds of events, like `order.paid`, `order.*` or `*`; everything if left out.
    #[schema(min_items = 1, max_items = 30)]
    #[serde(default, deserialize_with = "some_kinds")]
    kinds: Option<Vec<String>>,
    /// For operators: `cloud` for a webhook that takes tasks.
    #[serde(rename = "for", default)]
    whose: Option<words::WhoseBody>,
}

fn some_kinds<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Vec<String>>, D::Error> {
    let kinds = Option::<Vec<String>>::deserialize(from)?;
    match kinds.as_ref().map_or(1, Vec::len) {
        1..=30 => Ok(kinds),
        many => Err(serde::de::Error::invalid_length(many, &"1 to 30 kinds")),
    }
}

/// Adds a webhook. Its secret is in the answer, once.
///
/// A customer's webhook is told of what happens to the account; an operator's without `Till-Account` of what happens
/// to all accounts.
#[utoipa::path(post, path = "/v1/webhooks", tag = "webhooks", request_body = WebhookBody,
    security(("key" = ["buy"])), responses((status = 201, body = NewWebhookView)))]
async fn create_webhook(
    State(node): State<Node>,
    call: Call<Owner, WebhookBody>,
) -> Result<Response, Problem> {
    let secret = web::random::webhook_secret()?;
    node.once(call, move |tx, at, call| {
        lists::accounts::check(tx, call.who.account)?;
        let owner = match (call.who.account, call.body.whose) {
            (Some(id), None) => endpoint::Owner::Account(id),
            (Some(_), Some(words::WhoseBody::Cloud)) => return Err(Refusal::CloudWebhook),
            (None, Some(words::WhoseBody::Cloud)) => endpoint::Owner::Cloud,
            (None, None) => endpoint::Owner::Operator,
        };
        let kinds = call.body.kinds.clone().unwrap_or_else(|| vec!["*".to_string()]);
        let kept = webhooks::sealed(at.desk, owner, &secret)?;
        let new = New { owner, url: call.body.url.as_str(), kinds: &kinds, secret: &kept };
        let endpoint = webhooks::create(tx, &new, at.desk.webhooks, at.now)?;
        let place = below("/v1/webhooks", &endpoint.id.to_string());
        shown_once(|it| Reply::created(place, it), &endpoint, &secret)
    })
    .await
}

/// Lists the webhooks, oldest first: those of the account, or those of the operator and the cloud.
#[utoipa::path(get, path = "/v1/webhooks", tag = "webhooks",
    security(("key" = ["read"])), responses((status = 200, body = Page<WebhookView>)))]
async fn list_webhooks(State(node): State<Node>, who: Viewer) -> Result<Json<Page<WebhookView>>, Problem> {
    let page = node.read(move |tx, _| lists::webhooks::all(tx, who.account)).await?;
    Ok(Json(Page::of(page, |it| WebhookView::from(&it))))
}

/// One webhook.
#[utoipa::path(get, path = "/v1/webhooks/{webhook}", tag = "webhooks", params(("webhook" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = WebhookView)))]
async fn get_webhook(
    State(node): State<Node>,
    who: Viewer,
    Path(id): Path<Id<EndpointId>>,
) -> Result<Json<WebhookView>, Problem> {
    let found = node.read(move |tx, _| webhooks::get(tx, who.account, id.0)).await?;
    Ok(Json(WebhookView::from(&found)))
}

/// What of a webhook is to change; what is left out stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kinds": ["*"], "state": "enabled"}))]
pub struct WebhookChangeBody {
    url: Option<Text<1, 2048>>,
    #[schema(min_items = 1, max_items = 30)]
    #[serde(default, deserialize_with = "some_kinds")]
    kinds: Option<Vec<String>>,
    /// What waited while it was disabled is sent when it is enabled.
    state: Option<words::WebhookStateBody>,
}

/// Changes the address, the kinds or the state of a webhook.
#[utoipa::path(patch, path = "/v1/webhooks/{webhook}", tag = "webhooks", params(("webhook" = String, Path)),
    request_body = WebhookChangeBody, security(("key" = ["buy"])), responses((status = 200, body = WebhookView)))]
async fn change_webhook(
    State(node): State<Node>,
    Path(id): Path<Id<EndpointId>>,
    call: Call<Owner, WebhookChangeBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let state = call.body.state.map(|it| it.0);
        let url = call.body.url.as_ref().map(Text::as_str);
        let customers = at.desk.webhooks;
        let change = Change { url, kinds: call.body.kinds.as_deref(), state, customers };
        let changed = webhooks::change(tx, call.who.account, id.0, &change, at.now)?;
        Ok(Reply::ok(WebhookView::from(&changed)))
    })
    .await
}

/// Removes a webhook, with its messages and their log.
#[utoipa::path(delete, path = "/v1/webhooks/{webhook}", tag = "webhooks", params(("webhook" = String, Path)),
    security(("key" = ["buy"])), responses((status = 200, body = WebhookView)))]
async fn delete_webhook(
    State(node): State<Node>,
    Path(id): Path<Id<EndpointId>>,
    call: Call<Owner, Nothing>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, _, call| {
        let gone = webhooks::get(tx, call.who.account, id.0)?;
        webhooks::remove(tx, call.who.account, id.0)?;
        Ok(Reply::ok(WebhookView::from(&gone)))
    })
    .await
}

/// For how long an old secret still signs.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"overlap_seconds": 86400}))]
pub struct RotateWebhookBody {
    /// Seconds in which the old secret signs beside the new one; a day if left out, 0 for none.
    overlap_seconds: Option<Whole<0, 604_800>>,
}

/// Makes a new secret, shown once. For a while the old one signs too, so that receivers can change it without loss.
///
/// In that time `webhook-signature` has two signatures, parted by a space, the new secret's first. The body may be left out.
#[utoipa::path(post, path = "/v1/webhooks/{webhook}/rotate-secret", tag = "webhooks",
    params(("webhook" = String, Path)), request_body = RotateWebhookBody, security(("key" = ["buy"])),
    responses((status = 200, body = NewWebhookView)))]
async fn rotate_webhook_secret(
    State(node): State<Node>,
    Path(id): Path<Id<EndpointId>>,
    call: Call<Owner, OrNothing<RotateWebhookBody>>,
) -> Result<Response, Problem> {
    let secret = web::random::webhook_secret()?;
    node.once(call, move |tx, at, call| {
        let overlap =
            call.body.0.overlap_seconds.map_or(webhooks::OVERLAP_SECONDS, |it| it.get().unsigned_abs());
        let rotation =
            Rotation { account: call.who.account, id: id.0, secret: &secret, overlap_seconds: overlap };
        let endpoint = webhooks::rotate(tx, at, &rotation)?;
        shown_once(Reply::ok, &endpoint, &secret)
    })
    .await
}

/// One attempt to send a message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AttemptView {
    pub at: Moment,
    /// What the receiver answered; `null` when no answer came.
    pub status: Option<i64>,
    /// Why it failed; empty when it did not.
    pub error: String,
}

/// One event to one webhook, with every attempt.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "msg_019eb7696c008cf183c2a061049531a6", "webhook": "whk_019eb7696c008cf183c2a061049531a6",
    "event": "evt_019eb7696c008cf183c2a061049531a6", "type": "order.paid", "state": "pending",
    "attempts": [{"at": "2026-06-01T00:00:01Z", "status": 500, "error": "the receiver answered 500 Internal Server Error"}],
    "next_attempt": "2026-06-01T00:00:06Z", "created": "2026-06-01T00:00:00Z", "ended": null
}))]
pub struct WebhookMessageView {
    pub id: String,
    pub webhook: String,
    /// What the header `webhook-id` says, the same in every attempt.
    pub event: String,
    pub r#type: words::EventKind,
    /// `pending`, `delivered` or `given_up`.
    pub state: words::MessageState,
    pub attempts: Vec<AttemptView>,
    /// `null` when it is over, or held because the webhook is disabled.
    pub next_attempt: Option<Moment>,
    pub created: Moment,
    pub ended: Option<Moment>,
}

impl From<&Logged> for WebhookMessageView {
    fn from(Logged { message, attempts }: &Logged) -> WebhookMessageView {
        let attempt =
            |it: &Attempt| AttemptView { at: wire::time(it.at), status: it.status, error: it.error.clone() };
        WebhookMessageView {
            id: message.id.to_string(),
            webhook: message.endpoint.to_string(),
            event: message.event.to_string(),
            r#type: message.kind.into(),
            state: message.state.into(),
            attempts: attempts.iter().map(attempt).collect(),
            next_attempt: message.due.map(wire::time),
            created: wire::time(message.created),
            ended: message.ended.map(wire::time),
        }
    }
}

/// Sends a webhook an event of the type `ping`, whatever kinds it asked for.
#[utoipa::path(post, path = "/v1/webhooks/{webhook}/ping", tag = "webhooks", params(("webhook" = String, Path)),
    security(("key" = ["buy"])), responses((status = 202, body = WebhookMessageView)))]
async fn ping_webhook(
    State(node): State<Node>,
    Path(id): Path<Id<EndpointId>>,
    call: Call<Owner, Nothing>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let sent = webhooks::ping(tx, call.who.account, id.0, at)?;
        Ok(Reply::accepted(WebhookMessageView::from(&sent)))
    })
    .await
}

/// Which kind of event to try.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "order.paid"}))]
pub struct WebhookTestBody {
    kind: words::EventKindBody,
}

/// Sends a webhook an example of an event of one kind, whatever kinds it asked for.
///
/// The event says `"test": true`, and what it names is made up, but for the webhook and the account that it belongs to. A
/// kind that this webhook is never told of is refused.
#[utoipa::path(post, path = "/v1/webhooks/{webhook}/test", tag = "webhooks", params(("webhook" = String, Path)),
    request_body = WebhookTestBody, security(("key" = ["buy"])), responses((status = 202, body = WebhookMessageView)))]
async fn test_webhook(
    State(node): State<Node>,
    Path(id): Path<Id<EndpointId>>,
    call: Call<Owner, WebhookTestBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let trial = Trial { endpoint: id.0, kind: call.body.kind.0 };
        let sent = webhooks::test(tx, call.who.account, trial, at)?;
        Ok(Reply::accepted(WebhookMessageView::from(&sent)))
    })
    .await
}

/// Which messages.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WebhookMessagesQuery {
    /// Only messages in this state.
    #[param(inline)]
    state: Option<words::MessageState>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// The delivery log of a webhook, newest first.
#[utoipa::path(get, path = "/v1/webhooks/{webhook}/messages", tag = "webhooks",
    params(("webhook" = String, Path), WebhookMessagesQuery), security(("key" = ["read"])),
    responses((status = 200, body = Page<WebhookMessageView>)))]
async fn list_webhook_messages(
    State(node): State<Node>,
    who: Viewer,
    Path(id): Path<Id<EndpointId>>,
    Query(query): Query<WebhookMessagesQuery>,
) -> Result<Json<Page<WebhookMessageView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let state = query.state.map(|it| it.0);
    let of = lists::webhooks::Filter { account: who.account, webhook: id.0, state };
    let page = node.read(move |tx, _| lists::webhooks::messages(tx, &of, &part)).await?;
    Ok(Json(Page::of(page, |it| WebhookMessageView::from(&it))))
}

/// One message with every attempt.
#[utoipa::path(get, path = "/v1/webhook-messages/{message}", tag = "webhooks",
    params(("message" = String, Path)), security(("key" = ["read"])),
    responses((status = 200, body = WebhookMessageView)))]
async fn get_webhook_message(
    State(node): State<Node>,
    who: Viewer,
    Path(id): Path<Id<MessageId>>,
) -> Result<Json<WebhookMessageView>, Problem> {
    let found = node.read(move |tx, _| webhooks::message(tx, who.account, id.0)).await?;
    Ok(Json(WebhookMessageView::from(&found)))
}

/// Sends a message once more, whatever became of it, with the same `webhook-id`.
#[utoipa::path(post, path = "/v1/webhook-messages/{message}/resend", tag = "webhooks",
    params(("message" = String, Path)), security(("key" = ["buy"])),
    responses((status = 202, body = WebhookMessageView)))]
async fn resend_webhook_message(
    State(node): State<Node>,
    Path(id): Path<Id<MessageId>>,
    call: Call<Owner, Nothing>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let sent = webhooks::resend(tx, call.who.account, id.0, at.now)?;
        Ok(Reply::accepted(WebhookMessageView::from(&sent)))
    })
    .await
}

/// Something that happened: what webhooks were sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "id": "evt_019eb7696c008cf183c2a061049531a6", "type": "wallet.topped_up", "timestamp": "2026-06-01T00:00:00Z",
    "data": {"account": "acc_019eb7696c008cf183c2a061049531a6", "amount": "100.00", "available": "100.00",
        "balance": "100.00", "currency": "CNY", "reference": "bank 4711"}
}))]
pub struct EventView {
    pub id: String,
    pub r#type: words::EventKind,
    pub timestamp: Moment,
    /// It was made up, to try a webhook with; left out of what happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<bool>,
    /// What `webhooks` of this document says of the kind.
    #[schema(value_type = Object)]
    pub data: serde_json::Map<String, serde_json::Value>,
}

fn event_view(it: &Event) -> Result<EventView, Refusal> {
    let broken = |_| Refusal::corrupt(format!("event {}", it.id));
    serde_json::from_str(&it.body).map_err(broken)
}

/// Which events.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// Only events of this kind, such as `order.delivered`.
    kind: Option<Word<words::EventKind>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// Lists events that a webhook was told of, newest first: those of the account, or all of them for an operator.
#[utoipa::path(get, path = "/v1/events", tag = "webhooks", params(EventsQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<EventView>)))]
async fn list_events(
    State(node): State<Node>,
    who: Viewer,
    Query(query): Query<EventsQuery>,
) -> Result<Json<Page<EventView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = lists::events::Filter { account: who.account, kind: query.kind.map(|it| it.0.0) };
    let page = node.read(move |tx, _| lists::events::page(tx, of, &part)).await?;
    Ok(Json(Page::try_of(page, |it| event_view(&it))?))
}

/// One event, as webhooks were told of it.
#[utoipa::path(get, path = "/v1/events/{event}", tag = "webhooks", params(("event" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = WebhookEvent)))]
async fn get_event(
    State(node): State<Node>,
    who: Viewer,
    Path(id): Path<Id<EventId>>,
) -> Result<Json<EventView>, Problem> {
    let found = node.read(move |tx, _| lists::events::one(tx, who.account, id.0)).await?;
    Ok(Json(event_view(&found)?))
}
