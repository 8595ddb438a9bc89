//! Renewals: `/v1/renewals`, `PUT /v1/resources/{resource}/renewal`, `/v1/account/expiry-day`.
//!
//! In:  resources and months. Out: what it would cost and until when; orders.
//! Invariant: an order costs what its quote says.

use super::items::one_to_twenty;
use super::purchase::PurchaseView;
use super::resources::ResourceView;
use super::state::Api;
use super::voucher_body::VouchersBody;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use desk::lists;
use desk::purchases::Pay;
use desk::renewals::{self, Choice, Proposal, Renewal, Wanted};
use desk::{Refusal, accounts};
use serde::{Deserialize, Serialize};
use units::{Currency, Money, ResourceId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Reply, hidden};
use web::caller::{Buyer, Reader};
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Id, Moment, MoneyText, Path, Text, Whole};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(create_renewals))
        .routes(routes!(quote_renewals))
        .routes(routes!(choose_renewal))
        .routes(routes!(get_expiry_day, set_expiry_day))
}

/// A resource that is to be renewed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resource": "res_019eb7696c008cf183c2a061049531a6", "months": 1}))]
pub struct RenewalItemBody {
    resource: Text<1, 80>,
    /// How many months are paid ahead.
    months: Whole<1, 1200>,
    /// What was quoted for this one; another price is refused as `price_changed`.
    quoted: Option<MoneyText>,
}

impl RenewalItemBody {
    fn wanted(&self, currency: Currency) -> Result<Wanted, Refusal> {
        let resource: ResourceId =
            self.resource.as_str().parse().map_err(|_| hidden("such resource").of("resource"))?;
        let quoted = self.quoted.as_ref().map(|it| it.money(currency)).transpose()?;
        Ok(Wanted {
            resource,
            months: self.months.count(),
            quoted_minor: quoted.map(Money::minor),
            from: None,
        })
    }
}

fn wanted(bodies: &[RenewalItemBody], currency: Currency) -> Result<Vec<Wanted>, Refusal> {
    let one = |(index, it): (usize, &RenewalItemBody)| it.wanted(currency).map_err(|it| it.of_item(index));
    bodies.iter().enumerate().map(one).collect()
}

/// Resources that somebody asks the price of renewing.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [{"resource": "res_019eb7696c008cf183c2a061049531a6", "months": 1}]}))]
pub struct RenewalQuoteBody {
    #[schema(min_items = 1, max_items = 20)]
    #[serde(deserialize_with = "one_to_twenty")]
    items: Vec<RenewalItemBody>,
}

/// What the renewal of one resource would cost.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RenewalQuoteView {
    pub resource: String,
    pub name: String,
    pub months: u32,
    /// Days beyond the months, up to the account's fixed day.
    pub days: u32,
    /// The deadline that it has.
    pub from: Moment,
    /// The deadline that it would have.
    pub to: Moment,
    /// Until when it can be renewed.
    pub until: Moment,
    pub list: wire::MoneyShown,
    pub total: wire::MoneyShown,
}

impl From<&Proposal> for RenewalQuoteView {
    fn from(it: &Proposal) -> RenewalQuoteView {
        RenewalQuoteView {
            resource: it.resource.id.to_string(),
            name: it.resource.name.clone(),
            months: it.quote.months,
            days: it.quote.days,
            from: wire::time(it.from),
            to: wire::time(it.to),
            until: wire::time(it.until),
            list: wire::money(it.quote.list),
            total: wire::money(it.quote.total),
        }
    }
}

/// What renewals would cost.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [{
    "resource": "res_019eb7696c008cf183c2a061049531a6", "name": "web", "months": 1, "days": 0, "from": "2026-07-01T00:00:00Z",
    "to": "2026-08-01T00:00:00Z", "until": "2026-07-08T16:00:00Z", "list": "71.00", "total": "71.00"
}], "total": "71.00", "currency": "CNY"}))]
pub struct RenewalQuotesView {
    pub items: Vec<RenewalQuoteView>,
    pub total: wire::MoneyShown,
    pub currency: String,
}

/// Says what renewals would cost, and until when they would be paid. Nothing is kept.
#[utoipa::path(post, path = "/v1/renewals/quote", tag = "orders", request_body = RenewalQuoteBody,
    security(("key" = ["read"])), responses((status = 200, body = RenewalQuotesView)))]
async fn quote_renewals(
    State(node): State<Node>,
    call: Call<Reader, RenewalQuoteBody>,
) -> Result<Json<RenewalQuotesView>, Problem> {
    let (account, body) = (call.who.account, call.body);
    let view = node
        .read(move |tx, at| {
            let currency = lists::accounts::currency(tx, account)?;
            let found = renewals::quotes(tx, at, account, &wanted(&body.items, currency)?)?;
            let total = Money::sum(found.iter().map(|it| it.quote.total), currency)?;
            Ok::<_, Refusal>(RenewalQuotesView {
                items: found.iter().map(RenewalQuoteView::from).collect(),
                total: wire::money(total),
                currency: currency.as_str().to_string(),
            })
        })
        .await?;
    Ok(Json(view))
}

/// Resources that are renewed together, and whether that is paid out of the wallet at once.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"pay": true, "items": [{"resource": "res_019eb7696c008cf183c2a061049531a6", "months": 1}]}))]
pub struct RenewalsBody {
    #[schema(min_items = 1, max_items = 20)]
    #[serde(deserialize_with = "one_to_twenty")]
    items: Vec<RenewalItemBody>,
    /// Pays at once; without it the orders wait for their payment, 24 hours or until the release of the resource.
    #[serde(default)]
    pay: bool,
    /// Which vouchers pay; none if left out.
    vouchers: Option<VouchersBody>,
}

/// Renews what is prepaid, one order for each resource, all or none; with `pay` it is paid out of the wallet at once, else like
/// any other order.
///
/// The new deadline lies so many months behind the old one, also where that has passed and the resource is not released yet.
/// The Idempotency-Key names the purchase: the same again gives the same orders.
#[utoipa::path(post, path = "/v1/renewals", tag = "orders", request_body = RenewalsBody,
    security(("key" = ["buy"])), responses((status = 201, body = PurchaseView)))]
async fn create_renewals(
    State(node): State<Node>,
    call: Call<Buyer, RenewalsBody>,
) -> Result<Response, Problem> {
    let token = call.token_or(&web::random::fresh("renewal"));
    node.once(call, move |tx, at, call| {
        let account = call.who.account;
        let currency = lists::accounts::currency(tx, account)?;
        let items = wanted(&call.body.items, currency)?;
        let pay = if call.body.pay { Pay::Now } else { Pay::Later };
        let chooses = VouchersBody::read(call.body.vouchers.as_ref())?;
        let of = Renewal { account, token: &token, items: &items, pay, vouchers: chooses.choice() };
        let orders = renewals::renew(tx, at, of)?;
        let first = orders.first().ok_or_else(|| hidden("order of a renewal"))?;
        let place = below("/v1/orders", &first.id.to_string());
        Ok(Reply::created(place, PurchaseView::new(&orders, currency)?))
    })
    .await
}

/// What is to be done as the deadline comes near.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"renewal": "auto"}))]
pub struct RenewalChoiceBody {
    /// `auto` renews it out of the wallet, for the shortest time that it is sold for; `manual` tells its owner before; `none` lets
    /// it end without a word.
    renewal: words::RenewalBody,
}

/// Says whether something prepaid is renewed by itself.
#[utoipa::path(put, path = "/v1/resources/{resource}/renewal", tag = "resources", params(("resource" = String, Path)),
    request_body = RenewalChoiceBody, security(("key" = ["buy"])), responses((status = 200, body = ResourceView)))]
async fn choose_renewal(
    State(node): State<Node>,
    Path(resource): Path<Id<ResourceId>>,
    call: Call<Buyer, RenewalChoiceBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let (account, flag) = (call.who.account, call.body.renewal.0);
        renewals::choose(tx, at, Choice { account, resource: resource.0, flag })?;
        Ok(Reply::ok(ResourceView::from(lists::resources::one(tx, account, resource.0)?)))
    })
    .await
}

/// The day of the month on which what is prepaid ends.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"day": 20}))]
pub struct ExpiryDayView {
    /// The last of a month that lacks it; `null` where each resource has its own.
    pub day: Option<u8>,
}

/// The account's day for the deadlines of what is prepaid.
#[utoipa::path(get, path = "/v1/account/expiry-day", tag = "accounts",
    security(("key" = ["read"])), responses((status = 200, body = ExpiryDayView)))]
async fn get_expiry_day(State(node): State<Node>, who: Reader) -> Result<Json<ExpiryDayView>, Problem> {
    let found = node.read(move |tx, _| lists::accounts::one(tx, who.account)).await?;
    Ok(Json(ExpiryDayView { day: found.account.expiry_day }))
}

/// A day of the month.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"day": 20}))]
pub struct ExpiryDayBody {
    /// `null` for none: each resource keeps its own.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true)]
    day: Option<Whole<1, 31>>,
}

/// Sets the day on which what is bought or renewed for up to nine months from now on ends; days up to it are paid at a thirtieth
/// of the month each.
#[utoipa::path(put, path = "/v1/account/expiry-day", tag = "accounts", request_body = ExpiryDayBody,
    security(("key" = ["buy"])), responses((status = 200, body = ExpiryDayView)))]
async fn set_expiry_day(
    State(node): State<Node>,
    call: Call<Buyer, ExpiryDayBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, _, call| {
        let day = call.body.day.map(Whole::count);
        let account = accounts::fix_day(tx, call.who.account, day)?;
        Ok(Reply::ok(ExpiryDayView { day: account.expiry_day }))
    })
    .await
}
