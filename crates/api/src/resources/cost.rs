//! The cost of a resource so far: `GET /v1/resources/{resource}/cost`.

use crate::state::Api;
use axum::Json;
use axum::extract::State;
use billing::bill::Line;
use billing::book::Scope;
use desk::cost::{self, Cost, OpenBill};
use serde::Serialize;
use units::{Currency, Money, MoneyError, ResourceId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::Reader;
use web::problem::Problem;
use web::wire::{self, Id, Moment, Path};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_resource_cost))
}

/// One component, quantity and price.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpenLineView {
    pub component: String,
    pub name: String,
    /// The price item of the price book.
    pub price: String,
    /// What was measured is `quantity` × `times` / `per`, in `unit`.
    pub quantity: String,
    pub times: u64,
    pub per: u64,
    pub unit: words::Unit,
    /// Before discounts.
    pub list: wire::AmountShown,
    pub cost: wire::AmountShown,
    pub from: Moment,
    pub to: Moment,
}

impl OpenLineView {
    fn new(it: &Line<'_>, currency: Currency) -> OpenLineView {
        OpenLineView {
            component: it.component.to_string(),
            name: it.name.to_string(),
            price: it.price.to_string(),
            quantity: it.measured.quantity.to_string(),
            times: it.measured.num,
            per: it.measured.den,
            unit: it.measured.unit.into(),
            list: wire::amount(it.list_e8, currency),
            cost: wire::amount(it.cost_e8, currency),
            from: wire::second(it.from),
            to: wire::second(it.to),
        }
    }
}

/// A bill to come, as it would be if the resource ended at `until`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpenBillView {
    /// `hourly`, `daily`, `monthly`, or `adjustment` for use that was reported late.
    pub kind: words::BillKind,
    /// The cycle that will be settled.
    pub from: Moment,
    pub to: Moment,
    /// `true` for a sum over all resources of the same region and spec: then this is what the resource would cost
    /// alone and before packs, and no part of a bill.
    pub shared: bool,
    /// The sum of the lines.
    pub amount: wire::AmountShown,
    /// The same, rounded once, as it is deducted.
    pub total: wire::MoneyShown,
    pub lines: Vec<OpenLineView>,
}

impl OpenBillView {
    fn new(it: &OpenBill, currency: Currency) -> OpenBillView {
        OpenBillView {
            kind: it.kind.into(),
            from: wire::time(it.from),
            to: wire::time(it.to),
            shared: it.scope == Scope::Account,
            amount: wire::amount(it.amount_e8, currency),
            total: wire::money(it.total),
            lines: it.lines.iter().map(|it| OpenLineView::new(it, currency)).collect(),
        }
    }
}

/// What a resource has cost so far.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "resource": "res_019eb7696c008cf183c2a061049531a6", "currency": "CNY", "until": "2026-06-01T01:30:00Z",
    "billed": "0.24", "open": "0.12", "month": "2026-06", "in_month": "0.24", "forecast": "172.80", "shared": false, "reason": null, "bills": []
}))]
pub struct CostView {
    pub resource: String,
    pub currency: String,
    /// Use up to this second counts; this second itself does not.
    pub until: Moment,
    /// The sum of all bills of this resource, what was prepaid included.
    pub billed: wire::MoneyShown,
    /// What the open cycles come to: the totals of `bills`. `null` when that cannot be said; `reason` says why.
    pub open: Option<wire::MoneyShown>,
    /// The month of the settlement calendar that `until` lies in.
    pub month: String,
    /// The sum of its bills of that month.
    pub in_month: wire::MoneyShown,
    /// About what it will have cost in that month: `in_month`, and what would be billed if it goes on as it is until the month
    /// ends. Use that is measured counts as far as it was reported. `null` where `open` is.
    pub forecast: Option<wire::MoneyShown>,
    /// Whether its product is billed in sums over several resources. Such bills are in no resource's `billed`.
    pub shared: bool,
    pub reason: Option<String>,
    /// The bills that its open cycles would close with if it ended now.
    pub bills: Vec<OpenBillView>,
}

impl CostView {
    fn new(resource: ResourceId, it: &Cost) -> Result<CostView, MoneyError> {
        let shared = it.scope == Scope::Account;
        let bills = it.open.as_deref().unwrap_or(&[]);
        let own = bills.iter().filter(|it| it.scope == Scope::Resource).map(|it| it.total);
        let open = Money::sum(own, it.currency)?;
        let reason = match &it.open {
            Err(error) => Some(format!("its open cycles cannot be priced: {error}")),
            Ok(_) if shared => Some(
                "its use is added to that of all resources of the same region and spec, less what packs cover, and \
                 billed as one sum; `bills` says what it would cost alone and before packs"
                    .to_string(),
            ),
            Ok(_) => None,
        };
        let forecast = it.forecast.total()?.filter(|_| reason.is_none());
        Ok(CostView {
            resource: resource.to_string(),
            currency: it.currency.as_str().to_string(),
            until: wire::time(it.until),
            billed: wire::money(it.billed),
            open: reason.is_none().then(|| wire::money(open)),
            month: it.month.clone(),
            in_month: wire::money(it.forecast.billed),
            forecast: forecast.map(wire::money),
            shared,
            reason,
            bills: bills.iter().map(|bill| OpenBillView::new(bill, it.currency)).collect(),
        })
    }
}

/// What a resource has cost up to now: billed, and in the cycles that are still open.
#[utoipa::path(get, path = "/v1/resources/{resource}/cost", tag = "resources", params(("resource" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = CostView)))]
async fn get_resource_cost(
    State(node): State<Node>,
    who: Reader,
    Path(resource): Path<Id<ResourceId>>,
) -> Result<Json<CostView>, Problem> {
    node.read(move |tx, at| Ok(CostView::new(resource.0, &cost::so_far(tx, at, who.account, resource.0)?)?))
        .await
        .map(Json)
}
