//! Conversions: `/v1/conversions`, and what one would cost.
//!
//! In:  a resource that is paid by use, months. Out: what it costs and until when; an order.
//! Invariant: an order costs what its quote says.

use super::changes::ChangeLineView;
use super::items::{OrderView, options};
use super::resources::ResourceView;
use super::state::Api;
use super::voucher_body::VouchersBody;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use desk::conversions::{self, Conversion, Proposal, Wanted};
use desk::lists;
use desk::purchases::Pay;
use desk::resources::Own;
use desk::{At, Refusal, Tx};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::{AccountId, Currency, Money, ResourceId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Reply, hidden};
use web::caller::{Buyer, Reader};
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Moment, MoneyText, Text, Whole};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(create_conversion)).routes(routes!(quote_conversion))
}

/// A resource that is paid by use, and for how long it is to be paid ahead.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resource": "res_019eb7696c008cf183c2a061049531a6", "months": 1}))]
pub struct ConversionQuoteBody {
    resource: Text<1, 80>,
    /// How many months are paid ahead.
    months: Whole<1, 1200>,
}

/// The same, to be ordered.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resource": "res_019eb7696c008cf183c2a061049531a6", "months": 1, "quoted": "51.00", "pay": true}))]
pub struct ConversionBody {
    resource: Text<1, 80>,
    /// How many months are paid ahead.
    months: Whole<1, 1200>,
    /// What was quoted; another price is refused as `price_changed`.
    quoted: Option<MoneyText>,
    /// Pays at once out of the wallet; without it the order waits for its payment for 24 hours, and use is paid as before.
    #[serde(default)]
    pay: bool,
    /// Which vouchers pay; none if left out.
    vouchers: Option<VouchersBody>,
}

fn own(account: AccountId, resource: &Text<1, 80>) -> Result<Own, Refusal> {
    let id: ResourceId = resource.as_str().parse().map_err(|_| hidden("such resource").of("resource"))?;
    Ok(Own { account, id })
}

/// What a conversion would cost.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "resource": "res_019eb7696c008cf183c2a061049531a6", "name": "web", "months": 1, "days": 0, "until": "2026-08-01T00:00:00Z",
    "options": {"charge": "prepaid", "type": "S1.SMALL1"}, "lines": [
        {"component": "hardware", "component_name": "CPU and memory", "measured": "1 piece", "price": "server/hardware guangzhou S1.SMALL1",
            "list": "51.00000000", "rate": "1.00", "cost": "51.00000000"}
    ], "list": "51.00", "total": "51.00", "frees": "0.42", "currency": "CNY"
}))]
pub struct ConversionQuoteView {
    pub resource: String,
    pub name: String,
    pub months: u32,
    /// Days beyond the months, up to the account's fixed day.
    pub days: u32,
    /// Until when it would be paid, if it was paid now.
    pub until: Moment,
    /// All options that it would have.
    pub options: BTreeMap<String, String>,
    pub lines: Vec<ChangeLineView>,
    pub list: wire::MoneyShown,
    pub total: wire::MoneyShown,
    /// What is held of the wallet for its use, and would be free.
    pub frees: wire::MoneyShown,
    pub currency: String,
}

impl ConversionQuoteView {
    fn new(it: &Proposal, currency: Currency) -> ConversionQuoteView {
        ConversionQuoteView {
            resource: it.resource.id.to_string(),
            name: it.resource.name.clone(),
            months: it.quote.months,
            days: it.quote.days,
            until: wire::time(it.until),
            options: options(&it.quote.options),
            lines: it.quote.lines.iter().map(|it| ChangeLineView::new(it, currency)).collect(),
            list: wire::money(it.quote.list),
            total: wire::money(it.quote.total),
            frees: wire::money(it.freed),
            currency: currency.as_str().to_string(),
        }
    }
}

/// Says what paying ahead for something would cost, and until when it would be paid. Nothing is kept.
#[utoipa::path(post, path = "/v1/conversions/quote", tag = "orders", request_body = ConversionQuoteBody,
    security(("key" = ["read"])), responses((status = 200, body = ConversionQuoteView)))]
async fn quote_conversion(
    State(node): State<Node>,
    call: Call<Reader, ConversionQuoteBody>,
) -> Result<Json<ConversionQuoteView>, Problem> {
    let (account, body) = (call.who.account, call.body);
    let view = node
        .read(move |tx, at| {
            let currency = lists::accounts::currency(tx, account)?;
            let wanted = Wanted {
                own: own(account, &body.resource)?,
                months: body.months.count(),
                quoted_minor: None,
            };
            let found = conversions::quote(tx, at, wanted)?;
            Ok::<_, Refusal>(ConversionQuoteView::new(&found, currency))
        })
        .await?;
    Ok(Json(view))
}

/// What was ordered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConvertedView {
    /// As it is now.
    pub resource: ResourceView,
    pub order: OrderView,
}

/// Pays ahead for something that is paid by use.
///
/// An order like any other: it is prepaid from the second of the payment on, which is the anchor of its deadlines. Use up to it is billed
/// at the next full hour, and what is held for it becomes free. The Idempotency-Key names the order: the same again gives the same.
#[utoipa::path(post, path = "/v1/conversions", tag = "orders", request_body = ConversionBody, security(("key" = ["buy"])),
    responses((status = 201, body = ConvertedView)))]
async fn create_conversion(
    State(node): State<Node>,
    call: Call<Buyer, ConversionBody>,
) -> Result<Response, Problem> {
    let token = call.token_or(&web::random::fresh("conversion"));
    node.once(call, move |tx, at, call| done(tx, at, call.who.account, (&call.body, &token))).await
}

fn done(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    (body, token): (&ConversionBody, &str),
) -> Result<Reply<ConvertedView>, Refusal> {
    let currency = lists::accounts::currency(tx, account)?;
    let own = own(account, &body.resource)?;
    let quoted = body.quoted.as_ref().map(|it| it.money(currency)).transpose()?;
    let wanted = Wanted { own, months: body.months.count(), quoted_minor: quoted.map(Money::minor) };
    let pay = if body.pay { Pay::Now } else { Pay::Later };
    let chooses = VouchersBody::read(body.vouchers.as_ref())?;
    let vouchers = chooses.choice();
    let order = conversions::convert(tx, at, Conversion { wanted, token, pay, vouchers })?;
    let resource = ResourceView::from(lists::resources::one(tx, account, own.id)?);
    let view = ConvertedView { resource, order: OrderView::new(&order) };
    Ok(Reply::created(below("/v1/orders", &order.id.to_string()), view))
}
