//! The events of webhooks in the document of the API: what a receiver gets, kind by kind.
//!
//! In:  the forms of events, as the desk tells them. Out: a schema for each kind and its data, and a `webhooks` section.
//! Invariant: nothing of a payload is written here; its members come from where they are told.

use billing::event::{Audience, EventKind};
use desk::events::{self, Form, Member, Presence, Sample, Shape};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use units::{AccountId, EndpointId, EventId, Timestamp};
use utoipa::openapi::path::{Paths, PathsBuilder};
use utoipa::openapi::{OpenApi, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use web::wire;

/// Any event, as the document shows it; `EventView` is what is written.
pub(super) struct WebhookEvent;

impl ToSchema for WebhookEvent {}

impl PartialSchema for WebhookEvent {
    fn schema() -> RefOr<Schema> {
        schema(any())
    }
}

/// When the events of the examples happened: 2026-06-01, in seconds.
const THEN: i64 = 1_780_272_000;

/// Adds the events to the document.
pub(super) fn add(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    for kind in EventKind::ALL {
        let form = events::form(kind);
        components
            .schemas
            .entry(data_name(&form))
            .or_insert_with(|| schema(object(&form.about, &form.members)));
        components.schemas.insert(event_name(kind), schema(event(kind, &form)));
    }
    document.webhooks = Some(hooks());
}

/// A part of the document, out of JSON that is written here.
fn part<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).unwrap_or_else(|error| unreachable!("a part of the document: {error}"))
}

fn schema(json: Value) -> RefOr<Schema> {
    RefOr::T(part(json))
}

/// The name of the schema of a kind: `order.paid` is `OrderPaidEvent`.
fn event_name(kind: EventKind) -> String {
    let capital = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_ascii_uppercase() + rest
    };
    kind.as_str().split(['.', '_']).map(capital).collect::<String>() + "Event"
}

fn data_name(form: &Form) -> String {
    format!("{}Data", form.name)
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn object(about: &str, members: &[Member]) -> Value {
    let required: Vec<&str> =
        members.iter().filter(|it| it.presence == Presence::Always).map(|it| it.name).collect();
    let properties: Map<String, Value> = members.iter().map(|it| (it.name.into(), member(it))).collect();
    let mut object = json!({ "type": "object", "required": required, "properties": properties });
    if !about.is_empty() {
        object["description"] = json!(about);
    }
    object
}

fn member(it: &Member) -> Value {
    let mut shape = shape(&it.shape);
    if !it.about.is_empty() {
        shape["description"] = json!(it.about);
    }
    shape
}

fn shape(shape: &Shape) -> Value {
    let of = |it: &Shape| self::shape(it);
    match shape {
        Shape::Text => json!({ "type": "string" }),
        Shape::Id(prefix) => json!({ "type": "string", "pattern": format!("^{prefix}_[0-9a-f]{{32}}$") }),
        Shape::Whole => json!({ "type": "integer", "format": "int64", "minimum": 0 }),
        Shape::Money => json!({ "type": "string", "pattern": wire::MONEY_ANSWERED }),
        Shape::Instant => json!({ "type": "string", "format": "date-time" }),
        Shape::Words(words) => json!({ "type": "string", "enum": words }),
        Shape::List(items) => json!({ "type": "array", "items": of(items) }),
        Shape::Map(values) => json!({ "type": "object", "additionalProperties": of(values) }),
        Shape::Nullable(it) => nullable(of(it)),
        Shape::Object(members) => object("", members),
    }
}

/// The same, or `null`.
fn nullable(mut schema: Value) -> Value {
    let kind = schema["type"].take();
    schema["type"] = json!([kind, "null"]);
    if let Some(words) = schema["enum"].as_array_mut() {
        words.push(Value::Null);
    }
    schema
}

/// One kind of event, as receivers get it.
fn event(kind: EventKind, form: &Form) -> Value {
    json!({
        "type": "object",
        "description": happened(kind),
        "required": ["id", "type", "timestamp", "data"],
        "properties": {
            "id": {"type": "string", "pattern": "^evt_[0-9a-f]{32}$",
                "description": "The same in every attempt, and in the header `webhook-id`"},
            "type": {"type": "string", "enum": [kind.as_str()]},
            "timestamp": {"type": "string", "format": "date-time", "description": "When it happened"},
            "test": {"type": "boolean",
                "description": "`true` where it did not happen but was asked for, to try the webhook with; else left out"},
            "data": reference(&data_name(form))
        },
        "example": example(kind)
    })
}

fn example(kind: EventKind) -> Value {
    let at = Timestamp::from_second(THEN).unwrap_or(Timestamp::UNIX_EPOCH);
    let (owner, webhook) = (Some(AccountId::named(at, "a")), EndpointId::named(at, "a"));
    let id = EventId::named(at, kind.as_str()).to_string();
    let data = events::example(kind, Sample { owner, webhook, at });
    json!({ "id": id, "type": kind.as_str(), "timestamp": at.to_string(), "data": data })
}

/// Any event: `type` says which.
fn any() -> Value {
    let all: Vec<Value> = EventKind::ALL.map(|it| reference(&event_name(it))).to_vec();
    let mapping: Map<String, Value> = EventKind::ALL
        .map(|it| (it.as_str().to_string(), json!(format!("#/components/schemas/{}", event_name(it)))))
        .into_iter()
        .collect();
    json!({
        "description": "What a webhook is told; `type` says which kind of event it is. More members and kinds may come",
        "oneOf": all,
        "discriminator": {"propertyName": "type", "mapping": mapping}
    })
}

/// The headers stand in words: generators of clients write no code that runs for parameters of webhooks.
const SIGNED: &str = "Signed after Standard Webhooks: `webhook-id` is the id of the event, the same in every attempt, \
     `webhook-timestamp` when this attempt was signed, `webhook-signature` over both and the body.";

fn hooks() -> Paths {
    let hooks = PathsBuilder::new();
    EventKind::ALL.into_iter().fold(hooks, |hooks, kind| hooks.path(kind.as_str(), part(hook(kind)))).build()
}

/// The request that a receiver gets.
fn hook(kind: EventKind) -> Value {
    json!({ "post": {
        "operationId": format!("on_{}", kind.as_str().replace('.', "_")),
        "tags": ["events"],
        "summary": happened(kind),
        "description": format!("{} {SIGNED}", told_to(kind.audience())),
        "security": [],
        "requestBody": {
            "required": true,
            "content": {"application/json": {"schema": reference(&event_name(kind))}}
        },
        "responses": {
            "204": {"description": "It arrived; every other 2xx says so too. Anything else is tried again"},
            "410": {"description": "The receiver wants no more: the webhook is disabled"}
        }
    }})
}

fn told_to(audience: Audience) -> &'static str {
    match audience {
        Audience::Everybody => "Told to webhooks of the account, and to those of the operator.",
        Audience::Operator => "Told to webhooks of the operator.",
        Audience::Cloud => "Told to webhooks that an operator made with `\"for\": \"cloud\"`.",
        Audience::Asker => "Told to the one webhook that is tried.",
    }
}

/// What happened, in a sentence.
fn happened(kind: EventKind) -> &'static str {
    match kind {
        EventKind::OrderPlaced => "An order waits for its payment",
        EventKind::OrderPaid => "An order is paid and being delivered",
        EventKind::OrderDelivered => "All pieces of an order came, or some of them",
        EventKind::OrderFailed => "No piece of an order came; the money is free again",
        EventKind::OrderClosed => "An order was cancelled, timed out or became invalid",
        EventKind::ResourceDelivered => "A resource runs, and is charged from now on",
        EventKind::ResourceChanged => {
            "A resource was stopped, started, limited or resized, expired, or is being released"
        }
        EventKind::ResourceReleased => "A resource is gone",
        EventKind::ResourceFailed => "The cloud could not deliver a resource",
        EventKind::PackActive => "A resource pack was bought",
        EventKind::PackLow => "A pack fell to a mark",
        EventKind::PackEmpty => "Nothing is left of a pack",
        EventKind::PackExpiring => "A pack ends soon, and something is left of it",
        EventKind::WalletToppedUp => "Money came into a wallet",
        EventKind::WalletLow => "Less is available than the account wants to have",
        EventKind::WalletInArrears => "The balance of an account fell below zero",
        EventKind::WalletCleared => "The balance of an account is not below zero any more",
        EventKind::BillPosted => "An account was billed: for a cycle, a purchase or a correction",
        EventKind::BudgetReached => "The costs of a month reached a threshold of a budget",
        EventKind::BudgetForecast => "The costs of a month are heading for a threshold of a budget",
        EventKind::SalesRequested => "A customer asks sales for something",
        EventKind::OfferMade => "An operator made an offer",
        EventKind::OfferAccepted => "A customer accepted an offer: it became orders",
        EventKind::OfferDeclined => "A customer declined an offer",
        EventKind::OfferWithdrawn => "An operator took an offer back",
        EventKind::SettlementSetAside => "A settlement run could not settle an account",
        EventKind::QuarantineAdded => "Readings of one call were kept aside",
        EventKind::TaskOpened => "The cloud is to do something",
        EventKind::CloudFailed => "The cloud could not do something, and is not asked again by itself",
        EventKind::BookWithheld => "A scheduled price book dropped what lives, and did not begin",
        EventKind::Ping => "Somebody tries the webhook",
    }
}
