//! Offers of an operator: `/v1/offers`.

use super::items::{ItemBody, one_to_twenty};
use super::purchase::PurchaseView;
use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::offer::{Offer, OfferedItem, Price};
use desk::lists::accounts::currency;
use desk::lists::offers::{self as list, Filter};
use desk::offers::{self, Accepted, New, Own};
use desk::orders::Item;
use desk::purchases::Pay;
use desk::{At, Refusal, Tx};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::{AccountId, Currency, OfferId, SalesRequestId, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, OrNothing, Reply};
use web::caller::{Buyer, Operator, Viewer};
use web::in_place;
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, MoneyText, Page, Path, Query, Text, When};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_offers, create_offer))
        .routes(routes!(get_offer))
        .routes(routes!(accept_offer))
        .routes(routes!(decline_offer))
        .routes(routes!(withdraw_offer))
}

/// An item of an offer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SalesOfferItemView {
    pub product: String,
    pub name: String,
    pub options: BTreeMap<String, String>,
    pub months: u32,
    pub quantity: u32,
    pub month: Option<String>,
    pub service: Option<String>,
    /// What all pieces cost by the price book.
    pub list: wire::MoneyShown,
    /// What they cost by the offer.
    pub total: wire::MoneyShown,
    /// The share of the list price.
    pub rate: wire::PriceShown,
}

impl From<&OfferedItem> for SalesOfferItemView {
    fn from(it: &OfferedItem) -> SalesOfferItemView {
        let wish = &it.item.wish;
        SalesOfferItemView {
            product: wish.product.clone(),
            name: it.item.name.clone(),
            options: wish.options.iter().cloned().collect(),
            months: wish.months,
            quantity: wish.quantity,
            month: it.item.month.clone(),
            service: it.item.service.clone(),
            list: wire::money(it.list),
            total: wire::money(it.total),
            rate: wire::rate(it.rate_e8, 2),
        }
    }
}

/// A price for what one customer may order.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "off_019eb7696c008cf183c2a061049531a6", "account": "acc_019eb7696c008cf183c2a061049531a6", "request": null,
    "state": "open", "currency": "CNY", "list": "97.92", "total": "80.00", "note": "720 h for a trial month", "reason": null,
    "created": "2026-06-01T00:00:00Z", "until": "2026-06-15T00:00:00Z", "ended": null, "items": [{
        "product": "container-pack", "name": "trial", "options": {"hours": "720", "spec": "1U1G"}, "months": 0,
        "quantity": 1, "month": "2026-06", "service": null, "list": "97.92", "total": "80.00", "rate": "0.81699346"
    }]
}))]
pub struct SalesOfferView {
    pub id: String,
    /// To whom it is made.
    pub account: String,
    /// The request to sales that it answers.
    pub request: Option<String>,
    /// `open`, `accepted`, `declined`, `withdrawn` or `expired`.
    pub state: words::OfferState,
    pub currency: String,
    /// What its items cost by the price book that held when it was made.
    pub list: wire::MoneyShown,
    /// What they cost by the offer, whatever price book holds when it is accepted.
    pub total: wire::MoneyShown,
    pub note: String,
    /// Why it was declined or withdrawn.
    pub reason: Option<String>,
    pub created: Moment,
    /// It can be accepted before this instant.
    pub until: Moment,
    pub ended: Option<Moment>,
    pub items: Vec<SalesOfferItemView>,
}

impl SalesOfferView {
    pub(super) fn new(it: &Offer, now: Timestamp) -> Result<SalesOfferView, Refusal> {
        let total = it.total()?;
        Ok(SalesOfferView {
            id: it.id.to_string(),
            account: it.account.to_string(),
            request: it.request.map(|it| it.to_string()),
            state: it.state_at(now).into(),
            currency: total.currency().as_str().to_string(),
            list: wire::money(it.list()?),
            total: wire::money(total),
            note: it.note.clone(),
            reason: (!it.reason.is_empty()).then(|| it.reason.clone()),
            created: wire::time(it.created),
            until: wire::time(it.until),
            ended: it.ended.map(wire::time),
            items: it.items.iter().map(SalesOfferItemView::from).collect(),
        })
    }
}

/// A share of the list price as it is written: above 0, at most 10, with up to eight digits behind the point.
#[derive(Clone, Copy, Debug)]
pub struct RateText(u64);

web::in_place! {
    [] RateText = in_place::pattern(r"^(10|[0-9])(\.[0-9]{1,8})?$");
}

impl<'de> Deserialize<'de> for RateText {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<RateText, D::Error> {
        let text = String::deserialize(from)?;
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, "0"));
        let sane = (whole == "10" || (whole.len() == 1 && whole.bytes().all(|it| it.is_ascii_digit())))
            && (1..=8).contains(&fraction.len())
            && fraction.bytes().all(|it| it.is_ascii_digit());
        let read = units::decimal::parse(&text, 8).ok().and_then(|it| u64::try_from(it).ok());
        let wrong = || {
            let wanted = "a share of the list price like \"0.85\", above 0 and at most 10";
            serde::de::Error::invalid_value(serde::de::Unexpected::Str(&text), &wanted)
        };
        read.filter(|_| sane).map(RateText).ok_or_else(wrong)
    }
}

/// An item as in an order, and its price: a `total` for all pieces, or a `rate` of the list price.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SalesOfferItemBody {
    item: ItemBody,
    /// What all pieces cost together.
    total: Option<MoneyText>,
    /// Or which share of the list price they cost, such as `0.85`; above 1 it is dearer than the list.
    rate: Option<RateText>,
}

impl SalesOfferItemBody {
    fn priced(&self, currency: Currency) -> Result<(Item, Price), Refusal> {
        let price = match (&self.total, self.rate) {
            (Some(total), None) => Price::Total(total.money(currency).map_err(|it| it.of("total"))?),
            (None, Some(rate)) => Price::Rate(rate.0),
            (None, None) | (Some(_), Some(_)) => return Err(billing::offer::OfferError::Price.into()),
        };
        Ok((self.item.item(currency)?, price))
    }
}

/// A new offer to one customer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "account": "acc_019eb7696c008cf183c2a061049531a6", "until": "2026-06-15T00:00:00Z", "note": "720 h for a trial month",
    "items": [{"total": "80.00", "item": {"product": "container-pack", "name": "trial",
        "options": {"spec": "1U1G", "hours": "720"}, "month": "2026-06"}}]
}))]
pub struct SalesOfferBody {
    account: Text<1, 80>,
    /// The request to sales that it answers.
    request: Option<Text<1, 80>>,
    #[schema(min_items = 1, max_items = 20)]
    #[serde(deserialize_with = "one_to_twenty")]
    items: Vec<SalesOfferItemBody>,
    /// It can be accepted before this instant, a year ahead at most.
    until: When,
    /// What the customer reads beside it.
    note: Option<Text<0, 2000>>,
}

impl SalesOfferBody {
    fn make(&self, tx: &mut Tx<'_>, at: At<'_>, token: &str) -> Result<Offer, Refusal> {
        let missing = |what: &str| Refusal::missing(format!("such {what}")).of(what);
        let account: AccountId = self.account.as_str().parse().map_err(|_| missing("account"))?;
        let request = self.request.as_ref().map(|it| it.as_str().parse::<SalesRequestId>()).transpose();
        let currency = currency(tx, account).map_err(|it| it.of("account"))?;
        let read =
            |(index, it): (usize, &SalesOfferItemBody)| it.priced(currency).map_err(|it| it.of_item(index));
        let items: Vec<(Item, Price)> = self.items.iter().enumerate().map(read).collect::<Result<_, _>>()?;
        let new = New {
            account,
            request: request.map_err(|_| missing("request"))?,
            items: &items,
            note: self.note.as_ref().map_or("", Text::as_str),
            until: self.until.of("until")?,
            token,
        };
        offers::make(tx, at, new)
    }
}

/// Offers something to a customer at a price of its own. What is paid after use keeps the prices of the book.
#[utoipa::path(post, path = "/v1/offers", tag = "sales", request_body = SalesOfferBody,
    security(("key" = ["operator"])), responses((status = 201, body = SalesOfferView)))]
async fn create_offer(
    State(node): State<Node>,
    call: Call<Operator, SalesOfferBody>,
) -> Result<Response, Problem> {
    let fresh = web::random::fresh("offer");
    node.once(call, move |tx, at, call| {
        let made = call.body.make(tx, at, &call.token_or(&fresh))?;
        let view = SalesOfferView::new(&made, at.now)?;
        Ok(Reply::created(below("/v1/offers", &view.id), view).about(made.account))
    })
    .await
}

/// Which offers.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OffersQuery {
    /// Only offers in this state.
    state: Option<Word<words::OfferState>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// Lists offers, the newest first: those to the account, or all of them for an operator.
#[utoipa::path(get, path = "/v1/offers", tag = "sales", params(OffersQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<SalesOfferView>)))]
async fn list_offers(
    State(node): State<Node>,
    who: Viewer,
    Query(query): Query<OffersQuery>,
) -> Result<Json<Page<SalesOfferView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = Filter { account: who.account, state: query.state.map(|it| it.0.0) };
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        Page::try_of(list::page(tx, at, of, &part)?, |it| SalesOfferView::new(&it, at.now))
    };
    Ok(Json(node.read(read).await?))
}

/// One offer.
#[utoipa::path(get, path = "/v1/offers/{offer}", tag = "sales", params(("offer" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = SalesOfferView)))]
async fn get_offer(
    State(node): State<Node>,
    who: Viewer,
    Path(id): Path<Id<OfferId>>,
) -> Result<Json<SalesOfferView>, Problem> {
    let read =
        move |tx: &mut Tx<'_>, at: At<'_>| SalesOfferView::new(&list::one(tx, who.account, id.0)?, at.now);
    Ok(Json(node.read(read).await?))
}

/// How an accepted offer is paid.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"pay": true}))]
pub struct AcceptBody {
    /// Pays its orders out of the wallet at once; else they wait 24 hours for their payment.
    #[serde(default)]
    pay: bool,
}

/// Accepts an offer: it becomes orders at its price, once. The same again gives the same orders.
///
/// A price book that holds meanwhile changes nothing of the price; what is not on sale any more is refused. An operator
/// accepts on the customer's behalf with `Till-Account`.
#[utoipa::path(post, path = "/v1/offers/{offer}/accept", tag = "sales", params(("offer" = String, Path)),
    request_body = AcceptBody, security(("key" = ["buy"])), responses((status = 201, body = PurchaseView)))]
async fn accept_offer(
    State(node): State<Node>,
    Path(id): Path<Id<OfferId>>,
    call: Call<Buyer, OrNothing<AcceptBody>>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let own = Own { account: call.who.account, id: id.0 };
        let pay = if call.body.0.pay { Pay::Now } else { Pay::Later };
        let Accepted { orders, did, .. } = offers::accept(tx, at, own, pay)?;
        let view = PurchaseView::new(&orders, currency(tx, own.account)?)?;
        let first = orders.first().ok_or_else(|| Refusal::missing("order"))?;
        let reply = Reply::created(below("/v1/orders", &first.id.to_string()), view);
        Ok(if did { reply } else { reply.of_nothing() })
    })
    .await
}

/// Why an offer or a request ends.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "too dear"}))]
pub struct ReasonBody {
    reason: Option<Text<0, 2000>>,
}

impl ReasonBody {
    pub(super) fn text(&self) -> &str {
        self.reason.as_ref().map_or("", Text::as_str)
    }
}

/// Declines an offer.
#[utoipa::path(post, path = "/v1/offers/{offer}/decline", tag = "sales", params(("offer" = String, Path)),
    request_body = ReasonBody, security(("key" = ["buy"])), responses((status = 200, body = SalesOfferView)))]
async fn decline_offer(
    State(node): State<Node>,
    Path(id): Path<Id<OfferId>>,
    call: Call<Buyer, OrNothing<ReasonBody>>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let own = Own { account: call.who.account, id: id.0 };
        let after = offers::decline(tx, at, own, call.body.0.text())?;
        Ok(Reply::ok(SalesOfferView::new(&after, at.now)?))
    })
    .await
}

/// Takes an offer back that was not accepted yet.
#[utoipa::path(post, path = "/v1/offers/{offer}/withdraw", tag = "sales", params(("offer" = String, Path)),
    request_body = ReasonBody, security(("key" = ["operator"])), responses((status = 200, body = SalesOfferView)))]
async fn withdraw_offer(
    State(node): State<Node>,
    Path(id): Path<Id<OfferId>>,
    call: Call<Operator, OrNothing<ReasonBody>>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let after = offers::withdraw(tx, at, id.0, call.body.0.text())?;
        Ok(Reply::ok(SalesOfferView::new(&after, at.now)?).about(after.account))
    })
    .await
}
