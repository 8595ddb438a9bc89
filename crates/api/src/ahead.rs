//! What comes next for an account: `/v1/account/ahead`, the list of the overview.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use billing::ahead::{Coming, Step};
use desk::ahead::{self, Ahead};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::Reader;
use web::problem::Problem;
use web::texts::TextView;
use web::wire::{self, Moment};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_account_ahead))
}

/// Something that will happen by itself.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "at": "2026-07-01T00:02:11Z", "kind": "resource", "resource": "res_019eb7696c008cf183c2a061049531a6", "pack": null,
    "name": "web", "what": "expired", "text": {"en": "Expires", "zh": "到期"}
}))]
pub struct AccountStepView {
    pub at: Moment,
    pub kind: words::AheadKind,
    pub resource: Option<String>,
    pub pack: Option<String>,
    /// What the resource or pack is called; a resource without a name by its product.
    pub name: Option<String>,
    /// What happens to a resource.
    pub what: Option<words::What>,
    pub text: TextView,
}

impl AccountStepView {
    fn new(of: &Ahead, Step { at, coming }: &Step) -> AccountStepView {
        let (resource, pack, what) = match coming {
            Coming::Resource { id, what } => (Some(*id), None, Some(words::What::from(*what))),
            Coming::PackEmpty(id) | Coming::PackEnds(id) => (None, Some(*id), None),
            Coming::MoneyGone => (None, None, None),
        };
        let found = resource.and_then(|id| of.resources.get(&id));
        let called = found.map(|it| if it.name.is_empty() { it.product.clone() } else { it.name.clone() });
        AccountStepView {
            at: wire::time(*at),
            kind: coming.kind().into(),
            resource: resource.map(|it| it.to_string()),
            pack: pack.map(|it| it.to_string()),
            name: called.or_else(|| of.packs.get(&pack?).cloned()),
            what,
            text: coming.text().into(),
        }
    }
}

/// What comes next for an account if nobody does anything.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "currency": "CNY", "a_day": "10.08000000", "gone": "2026-06-20T08:00:00Z", "steps": [{
        "at": "2026-06-20T08:00:00Z", "kind": "money_gone", "resource": null, "pack": null, "name": null, "what": null,
        "text": {"en": "Money runs out at the present use", "zh": "按目前用量余额将用完"}
    }]
}))]
pub struct AccountAheadView {
    pub currency: String,
    /// What a day costs of what goes by use, packs taken into account; `null` where that cannot be computed.
    pub a_day: Option<wire::AmountShown>,
    /// When the balance is gone at that pace, however far away; `null` where it does not go, or is gone.
    pub gone: Option<Moment>,
    /// What happens within 31 days, in the order of time: of resources the next step of each of the twenty that come first.
    pub steps: Vec<AccountStepView>,
}

/// What will happen to the account within 31 days if nobody does anything: resources that expire, stop or are released, packs
/// that are used up or end, and when the balance is gone at the present use, which is an estimate.
#[utoipa::path(get, path = "/v1/account/ahead", tag = "accounts",
    security(("key" = ["read"])), responses((status = 200, body = AccountAheadView)))]
async fn get_account_ahead(State(node): State<Node>, who: Reader) -> Result<Json<AccountAheadView>, Problem> {
    let read = move |tx: &mut desk::Tx<'_>, at: desk::At<'_>| {
        Ok((ahead::alone(tx, at, who.account)?, desk::lists::accounts::currency(tx, who.account)?))
    };
    let (found, currency) = node.report(read).await?;
    Ok(Json(AccountAheadView {
        currency: currency.as_str().to_string(),
        a_day: found.a_day.map(wire::amount_of),
        gone: found.gone.map(wire::time),
        steps: found.steps.iter().map(|it| AccountStepView::new(&found, it)).collect(),
    }))
}
