//! Conversions back: `/v1/conversions/by-use`, and what one would come to.
//!
//! In:  a resource that is prepaid. Out: what goes back, line by line, what would be held and what a day costs then; the refund.
//! Invariant: a conversion gives back what its quote says at the same instant.

use super::bills::view::{LineView, PaidView};
use super::items::options;
use super::refunds::{RefundOrderView, RefundView};
use super::resources::ResourceView;
use super::resources::raises::RaiseView;
use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use desk::by_use::{self, Proposal, Wanted};
use desk::lists;
use desk::resources::Own;
use desk::{At, Refusal, Tx};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::{AccountId, ResourceId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Reply, hidden};
use web::caller::{Buyer, Reader};
use web::location::below;
use web::problem::Problem;
use web::wire::{self, MoneyText, Text};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(convert_by_use)).routes(routes!(quote_by_use))
}

/// A resource that is prepaid and is to be paid by use.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resource": "res_019eb7696c008cf183c2a061049531a6"}))]
pub struct ByUseQuoteBody {
    resource: Text<1, 80>,
}

/// The same, to be done.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resource": "res_019eb7696c008cf183c2a061049531a6", "at_least": "27.00"}))]
pub struct ByUseBody {
    resource: Text<1, 80>,
    /// What is expected back at least, since it becomes less with time; less is refused as `refund_less`.
    at_least: Option<MoneyText>,
}

fn own(account: AccountId, resource: &Text<1, 80>) -> Result<Own, Refusal> {
    let id: ResourceId = resource.as_str().parse().map_err(|_| hidden("such resource").of("resource"))?;
    Ok(Own { account, id })
}

/// What it would come to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "resource": "res_019eb7696c008cf183c2a061049531a6", "name": "web", "options": {"charge": "payg", "type": "S1.SMALL1"},
    "months": 0, "seconds": 432_000, "orders": [{
        "order": "ord_019eb7696c008cf183c2a061049531a6", "from": "2026-06-01T00:00:00Z", "to": "2027-06-01T00:00:00Z",
        "paid": {"bonus": "0.00", "cash": "407.96", "income": "0.00", "owed": "0.00"}
    }], "lines": [], "total": "362.60", "back": {"bonus": "0.00", "cash": "362.60", "income": "0.00", "owed": "0.00"},
    "holds": "0.42", "a_day": "10.08000000", "raises": [], "currency": "CNY"
}))]
pub struct ByUseQuoteView {
    pub resource: String,
    pub name: String,
    /// All options that it would have.
    pub options: BTreeMap<String, String>,
    /// Full months that were used, and the seconds beyond them.
    #[schema(minimum = 0)]
    pub months: u32,
    #[schema(minimum = 0)]
    pub seconds: u64,
    /// The order that runs, then those that have not begun.
    pub orders: Vec<RefundOrderView>,
    /// What was paid, below zero, then what was used. They add up to what goes back, below zero.
    pub lines: Vec<LineView>,
    pub total: wire::MoneyShown,
    /// Where it would go: the purses that paid.
    pub back: PaidView,
    /// What would be held of the wallet for its use.
    pub holds: wire::MoneyShown,
    /// What a day costs then as it is, without traffic and packs.
    pub a_day: wire::AmountShown,
    /// Raises for some days, planned or lasting, that would end with it; what was paid for their days that are left goes back.
    pub raises: Vec<RaiseView>,
    pub currency: String,
}

impl From<&Proposal> for ByUseQuoteView {
    fn from(it: &Proposal) -> ByUseQuoteView {
        let currency = it.refund.currency();
        let line = |(number, line)| LineView::new(number, line, currency);
        ByUseQuoteView {
            resource: it.resource.id.to_string(),
            name: it.resource.name.clone(),
            options: options(&it.options),
            months: it.refund.months,
            seconds: it.refund.seconds,
            orders: it.terms.iter().map(RefundOrderView::from).collect(),
            lines: (0..).zip(&it.refund.lines).map(line).collect(),
            total: wire::money(it.refund.total),
            back: PaidView::new(&it.back),
            holds: wire::money(it.held),
            a_day: wire::amount_of(it.a_day),
            raises: it.resource.raises.iter().map(RaiseView::from).collect(),
            currency: currency.as_str().to_string(),
        }
    }
}

/// Says what would go back of something prepaid if it was paid by use from now on, and what it costs then. Nothing is kept.
#[utoipa::path(post, path = "/v1/conversions/by-use/quote", tag = "orders", request_body = ByUseQuoteBody,
    security(("key" = ["read"])), responses((status = 200, body = ByUseQuoteView)))]
async fn quote_by_use(
    State(node): State<Node>,
    call: Call<Reader, ByUseQuoteBody>,
) -> Result<Json<ByUseQuoteView>, Problem> {
    let (account, body) = (call.who.account, call.body);
    let view = node
        .read(move |tx, at| {
            let found = by_use::quote(tx, at, own(account, &body.resource)?)?;
            Ok::<_, Refusal>(ByUseQuoteView::from(&found))
        })
        .await?;
    Ok(Json(view))
}

/// What was done.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ByUseView {
    /// As it is now.
    pub resource: ResourceView,
    pub refund: RefundView,
}

/// Makes something prepaid paid by use, where its product allows it: what was not used of what was paid goes back to the purses that paid.
///
/// It goes on without a break: use is charged from that second on, from the first tier of its price, and an hour of it is held of the
/// wallet. Raises for some days end with it, and what was paid for their days that are left goes back. The Idempotency-Key names the conversion: the same again gives the same.
#[utoipa::path(post, path = "/v1/conversions/by-use", tag = "orders", request_body = ByUseBody, security(("key" = ["buy"])),
    responses((status = 201, body = ByUseView)))]
async fn convert_by_use(State(node): State<Node>, call: Call<Buyer, ByUseBody>) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| done(tx, at, call.who.account, &call.body)).await
}

fn done(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    body: &ByUseBody,
) -> Result<Reply<ByUseView>, Refusal> {
    let currency = lists::accounts::currency(tx, account)?;
    let own = own(account, &body.resource)?;
    let least = body.at_least.as_ref().map(|it| it.money(currency)).transpose();
    let least = least.map_err(|it| it.of("at_least"))?;
    let seen = by_use::convert(tx, at, Wanted { own, least })?;
    let resource = ResourceView::from(lists::resources::one(tx, account, own.id)?);
    let view = ByUseView { resource, refund: RefundView::new(&seen)? };
    Ok(Reply::created(below("/v1/refunds", &seen.refund.id.to_string()), view))
}
