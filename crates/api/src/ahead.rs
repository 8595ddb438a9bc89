//! What comes next for an account: `/v1/account/ahead`, the list of the overview, and `/v1/account/forecast`, how it ends.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use billing::ahead::{Assumption, Coming, Step};
use desk::ahead::{self, Ahead, Look};
use serde::{Deserialize, Serialize};
use units::AccountId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::{Operator, Reader};
use web::problem::Problem;
use web::texts::TextView;
use web::wire::{self, Id, Limit, Moment, Path, Query};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_account_ahead))
        .routes(routes!(get_forecast))
        .routes(routes!(get_forecast_of))
}

/// Something that will happen by itself.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "at": "2026-07-01T00:02:11Z", "kind": "resource", "resource": "res_019eb7696c008cf183c2a061049531a6", "pack": null,
    "name": "web", "what": "expired", "sum": null, "balance": "9.58", "text": {"en": "Expires", "zh": "到期"}
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
    /// What a renewal costs.
    pub sum: Option<wire::MoneyShown>,
    /// What is left behind it: all money, frozen or not, less what is owed. `null` for a pack.
    pub balance: Option<wire::MoneyShown>,
    pub text: TextView,
}

impl AccountStepView {
    fn new(of: &Ahead, step: &Step) -> AccountStepView {
        let Step { at, coming, sum, balance, ended_by: _ } = step;
        let (resource, pack) = (coming.resource(), coming.pack());
        let what = match coming {
            Coming::Resource { what, .. } => Some(words::What::from(*what)),
            Coming::RenewalFails(..)
            | Coming::PackEmpty(_)
            | Coming::PackEnds(_)
            | Coming::MoneyGone
            | Coming::MoneyBack => None,
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
            sum: sum.map(wire::money),
            balance: balance.map(wire::money),
            text: step.said(found).into(),
        }
    }
}

/// What comes next for an account if nobody does anything.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "currency": "CNY", "a_day": "10.08000000", "until": "2026-07-02T08:00:00Z", "reason": null,
    "gone": "2026-06-20T08:00:00Z", "steps": [{
        "at": "2026-06-20T08:00:00Z", "kind": "money_gone", "resource": null, "pack": null, "name": null, "what": null,
        "sum": null, "balance": "-0.10", "text": {"en": "Money runs out at the present use", "zh": "按目前用量余额将用完"}
    }]
}))]
pub struct AccountAheadView {
    pub currency: String,
    /// What a day costs of what goes by use, packs taken into account; `null` where that cannot be computed.
    pub a_day: Option<wire::AmountShown>,
    /// All that happens before this instant is told: 31 days, or less where what comes then cannot be said.
    pub until: Moment,
    /// Why less than 31 days are told.
    pub reason: Option<TextView>,
    /// When a bill takes more than there is; `null` where none does before `until`.
    pub gone: Option<Moment>,
    /// The first twenty things that happen within 31 days, in the order of time.
    pub steps: Vec<AccountStepView>,
}

/// What will happen to the account within 31 days if nobody does anything: resources that expire, stop, are renewed or released,
/// packs that are used up or end, and when a bill takes more than there is. `/v1/account/forecast` says the same of a year.
#[utoipa::path(get, path = "/v1/account/ahead", tag = "accounts",
    security(("key" = ["read"])), responses((status = 200, body = AccountAheadView)))]
async fn get_account_ahead(State(node): State<Node>, who: Reader) -> Result<Json<AccountAheadView>, Problem> {
    let found = node.report(move |tx, at| ahead::alone(tx, at, who.account, Look::SOON)).await?;
    Ok(Json(AccountAheadView {
        currency: found.balance.currency().as_str().to_string(),
        a_day: found.a_day.map(wire::amount_of),
        until: wire::time(found.until),
        reason: found.broken.as_ref().map(|why| why.text().into()),
        gone: found.gone.map(wire::time),
        steps: found.steps.iter().map(|it| AccountStepView::new(&found, it)).collect(),
    }))
}

/// Something that a forecast takes for granted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssumptionView {
    pub code: words::Assumption,
    pub text: TextView,
}

impl From<&Assumption> for AssumptionView {
    fn from(it: &Assumption) -> AssumptionView {
        AssumptionView { code: (*it).into(), text: it.text().into() }
    }
}

/// How an account goes on, to the second, if nobody does anything.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "currency": "CNY", "now": "2026-06-01T02:30:00Z", "until": "2027-06-02T02:30:00Z", "balance": "0.74", "credit": "0.00", "promised": "0.00",
    "arrears_since": null, "a_day": "10.08000000", "gone": "2026-06-01T04:00:00Z", "left": "-0.94", "steps": [{
        "at": "2026-06-01T04:00:00Z", "kind": "money_gone", "resource": null, "pack": null, "name": null, "what": null,
        "sum": null, "balance": "-0.10", "text": {"en": "Money runs out at the present use", "zh": "按目前用量余额将用完"}
    }], "more": 0, "reason": null, "assumptions": [{
        "code": "nothing_new", "text": {"en": "Nothing is bought, changed, released or paid in, also by no card.",
            "zh": "不新购、不变更、不释放、不充值，也不由银行卡自动支付。"}
    }]
}))]
pub struct ForecastView {
    pub currency: String,
    pub now: Moment,
    /// All that happens before this instant is told: a year, or less where what comes then cannot be said.
    pub until: Moment,
    /// All money, frozen or not, less what is owed and what paid orders take.
    pub balance: wire::MoneyShown,
    /// How much may be owed beside the balance, by the credit line; 0 without one. Arrears begin where both together are below zero.
    pub credit: wire::MoneyShown,
    /// What paid orders take when they are delivered.
    pub promised: wire::MoneyShown,
    /// Since when the account is in arrears.
    pub arrears_since: Option<Moment>,
    /// What a day costs of what goes by use, packs taken into account; `null` where that cannot be computed.
    pub a_day: Option<wire::AmountShown>,
    /// When a bill takes more than there is, and arrears begin; `null` where none does before `until`.
    pub gone: Option<Moment>,
    /// The balance at `until`.
    pub left: wire::MoneyShown,
    /// In the order of time.
    pub steps: Vec<AccountStepView>,
    /// How many steps were left out behind these.
    pub more: usize,
    /// Why less than a year is told: what cannot be priced, or that too much happens.
    pub reason: Option<TextView>,
    pub assumptions: Vec<AssumptionView>,
}

impl From<&Ahead> for ForecastView {
    fn from(it: &Ahead) -> ForecastView {
        ForecastView {
            currency: it.balance.currency().as_str().to_string(),
            now: wire::time(it.now),
            until: wire::time(it.until),
            balance: wire::money(it.balance),
            credit: wire::money(it.credit),
            promised: wire::money(it.promised),
            arrears_since: it.arrears_since.map(wire::time),
            a_day: it.a_day.map(wire::amount_of),
            gone: it.gone.map(wire::time),
            left: wire::money(it.left),
            steps: it.steps.iter().map(|step| AccountStepView::new(it, step)).collect(),
            more: it.more,
            reason: it.broken.as_ref().map(|why| why.text().into()),
            assumptions: it.assumptions.iter().map(AssumptionView::from).collect(),
        }
    }
}

/// How many steps.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ForecastQuery {
    /// How many steps at most; 50 if left out.
    limit: Option<Limit>,
}

impl ForecastQuery {
    fn look(self) -> Look {
        Look::forecast(wire::part(self.limit, None).most.into())
    }
}

/// When the account's money runs out at the present use, and what is renewed, expires, stops and is deleted then: in the order of
/// time, to the second, with what is left behind each step. It is what settlement, renewal and arrears will do by themselves.
#[utoipa::path(get, path = "/v1/account/forecast", tag = "accounts", params(ForecastQuery),
    security(("key" = ["read"])), responses((status = 200, body = ForecastView)))]
async fn get_forecast(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<ForecastQuery>,
) -> Result<Json<ForecastView>, Problem> {
    let look = query.look();
    let found = node.report(move |tx, at| ahead::alone(tx, at, who.account, look)).await?;
    Ok(Json(ForecastView::from(&found)))
}

/// The same of any account.
#[utoipa::path(get, path = "/v1/accounts/{account}/forecast", tag = "accounts",
    params(("account" = String, Path), ForecastQuery),
    security(("key" = ["operator"])), responses((status = 200, body = ForecastView)))]
async fn get_forecast_of(
    State(node): State<Node>,
    _: Operator,
    Path(account): Path<Id<AccountId>>,
    Query(query): Query<ForecastQuery>,
) -> Result<Json<ForecastView>, Problem> {
    let look = query.look();
    let found = node.report(move |tx, at| ahead::alone(tx, at, account.0, look)).await?;
    Ok(Json(ForecastView::from(&found)))
}
