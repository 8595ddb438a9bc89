//! Accounts in arrears: `/v1/arrears`, for operators.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use desk::lists::arrears::{self, Coming, InArrears};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::Operator;
use web::problem::Problem;
use web::texts::TextView;
use web::wire::{self, Limit, Moment, Page, Query, Text};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_arrears))
}

/// What happens next if nothing is paid.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "at": "2026-06-11T07:00:00Z", "what": "arrears_stopped", "text": {"en": "Stopped for arrears", "zh": "欠费停服"},
    "resource": "res_019eb7696c008cf183c2a061049531a6", "name": "archive"
}))]
pub struct ComingView {
    pub at: Moment,
    pub what: words::What,
    pub text: TextView,
    pub resource: String,
    pub name: String,
}

impl From<&Coming> for ComingView {
    fn from(it: &Coming) -> ComingView {
        ComingView {
            at: wire::time(it.at),
            what: it.what.into(),
            text: TextView::from(&it.what.text()),
            resource: it.resource.id.to_string(),
            name: it.resource.name.clone(),
        }
    }
}

/// An account in arrears.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "account": "acc_019eb7696c008cf183c2a061049531a6", "name": "studio", "currency": "CNY", "owed": "1.00",
    "since": "2026-06-10T07:00:00Z", "limited": 1, "stopped": 1,
    "next": {"at": "2026-06-11T07:00:00Z", "what": "arrears_stopped",
        "text": {"en": "Stopped for arrears", "zh": "欠费停服"},
        "resource": "res_019eb7696c008cf183c2a061049531a6", "name": "archive"}
}))]
pub struct ArrearsView {
    pub account: String,
    pub name: String,
    pub currency: String,
    pub owed: wire::MoneyShown,
    pub since: Moment,
    /// Resources of which the pay-per-use parts are off.
    pub limited: i64,
    /// Resources that are stopped.
    pub stopped: i64,
    /// `null` where nothing will happen by itself.
    pub next: Option<ComingView>,
}

impl From<InArrears> for ArrearsView {
    fn from(it: InArrears) -> ArrearsView {
        let account = it.customer.account;
        ArrearsView {
            account: account.id.to_string(),
            name: account.name,
            currency: account.currency.as_str().to_string(),
            owed: wire::money(it.customer.wallet.owed()),
            since: wire::time(it.since),
            limited: it.limited,
            stopped: it.stopped,
            next: it.coming.as_ref().map(ComingView::from),
        }
    }
}

/// Which part of the accounts in arrears.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ArrearsQuery {
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: an account.
    after: Option<Text<0, 80>>,
}

/// Lists accounts in arrears, in the order of what happens next; those to which nothing will happen come last.
#[utoipa::path(get, path = "/v1/arrears", tag = "operations", params(ArrearsQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<ArrearsView>)))]
async fn list_arrears(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<ArrearsQuery>,
) -> Result<Json<Page<ArrearsView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let page = node.report(move |tx, at| arrears::page(tx, at, &part)).await?;
    Ok(Json(Page::of(page, ArrearsView::from)))
}
