//! Who did what to a resource, and what will happen to it: `/v1/resources/{resource}/history` and `/ahead`.

use crate::state::Api;
use axum::Json;
use axum::extract::State;
use billing::story::{Ahead, Changed};
use desk::history::{self, By, Event};
use desk::resources::Own;
use serde::{Deserialize, Serialize};
use units::ResourceId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::Reader;
use web::problem::Problem;
use web::texts::TextView;
use web::wire::{self, Id, Limit, Moment, Page, Param, Path, Query};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_resource_history)).routes(routes!(list_resource_ahead))
}

/// An option that became another.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangedView {
    pub option: String,
    /// `null`: there was none.
    pub before: Option<String>,
    /// `null`: there is none.
    pub after: Option<String>,
}

impl From<&Changed> for ChangedView {
    fn from(it: &Changed) -> ChangedView {
        ChangedView { option: it.option.clone(), before: it.before.clone(), after: it.after.clone() }
    }
}

/// Something that happened to a resource.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "at": "2026-06-02T10:00:00Z", "what": "changed", "text": {"en": "Changed", "zh": "变更配置"}, "by": "actor",
    "actor": "key_019eb7696c008cf183c2a061049531a6",
    "changed": [{"option": "type", "before": "S1.SMALL1", "after": "S2.MEDIUM4"}]
}))]
pub struct HistoryView {
    pub at: Moment,
    pub what: words::What,
    pub text: TextView,
    /// `actor` (whom the audit log names), `cloud`, or `time`: it was due.
    pub by: words::DoneBy,
    /// Whom the audit log names: a key, or `command line`.
    pub actor: Option<String>,
    /// Options that became others.
    pub changed: Vec<ChangedView>,
}

impl From<Event> for HistoryView {
    fn from(it: Event) -> HistoryView {
        let (by, actor) = match it.by {
            By::Actor(actor) => (words::DoneBy::Actor, Some(actor)),
            By::Cloud => (words::DoneBy::Cloud, None),
            By::Time => (words::DoneBy::Time, None),
            By::Unnamed => (words::DoneBy::Actor, None),
        };
        HistoryView {
            at: wire::time(it.at),
            what: it.what.into(),
            text: it.what.text().into(),
            by,
            actor,
            changed: it.changed.iter().map(ChangedView::from).collect(),
        }
    }
}

/// Which part of a history.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Param<-1, 4_503_599_627_370_496>>,
}

/// What happened to a resource and who did it, from its order on.
#[utoipa::path(get, path = "/v1/resources/{resource}/history", tag = "resources",
    params(("resource" = String, Path), HistoryQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<HistoryView>)))]
async fn list_resource_history(
    State(node): State<Node>,
    who: Reader,
    Path(resource): Path<Id<ResourceId>>,
    Query(query): Query<HistoryQuery>,
) -> Result<Json<Page<HistoryView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(|it| it.get().to_string()));
    let own = Own { account: who.account, id: resource.0 };
    let page = node.read(move |tx, _| history::page(tx, own, &part)).await?;
    Ok(Json(Page::of(page, HistoryView::from)))
}

/// A step that time will take.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "at": "2026-07-01T00:02:11Z", "what": "expired", "text": {"en": "Expires", "zh": "到期"}, "ended_by": null, "unless_renewed": true
}))]
pub struct AheadView {
    pub at: Moment,
    pub what: words::What,
    pub text: TextView,
    /// What ends it, where it ends.
    pub ended_by: Option<words::Cause>,
    /// Whether it comes only if the renewal that is due before it is not made.
    pub unless_renewed: bool,
}

impl From<&Ahead> for AheadView {
    fn from(it: &Ahead) -> AheadView {
        AheadView {
            at: wire::time(it.at),
            what: it.what.into(),
            text: it.what.text().into(),
            ended_by: it.ended_by.map(words::Cause::from),
            unless_renewed: it.unless_renewed,
        }
    }
}

/// What will happen to a resource if nobody does anything and the account stays as it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WhatIsAheadView {
    /// In the order of time; empty where nothing is due.
    pub steps: Vec<AheadView>,
}

/// What will happen to a resource and when, if nobody does anything: it expires, is stopped, is released.
#[utoipa::path(get, path = "/v1/resources/{resource}/ahead", tag = "resources",
    params(("resource" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = WhatIsAheadView)))]
async fn list_resource_ahead(
    State(node): State<Node>,
    who: Reader,
    Path(resource): Path<Id<ResourceId>>,
) -> Result<Json<WhatIsAheadView>, Problem> {
    let own = Own { account: who.account, id: resource.0 };
    let found = node.read(move |tx, at| history::ahead(tx, at, own)).await?;
    Ok(Json(WhatIsAheadView { steps: found.iter().map(AheadView::from).collect() }))
}
