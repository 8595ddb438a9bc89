//! Changes of what lives: `/v1/changes`, and what one would come to.
//!
//! In:  a resource, options that are to be others. Out: what it would cost; the resource, and an order where something is to be paid.
//! Invariant: an order costs what its quote says; there is one way to ask, however the resource is paid.

use super::bills::view::{LineView, PaidView};
use super::items::{OrderView, options};
use super::resources::ResourceView;
use super::state::Api;
use super::voucher_body::VouchersBody;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::bill::Line;
use billing::change::ChangeError;
use billing::explain::{Language, with_unit};
use billing::raise;
use billing::resource::raise::Days;
use desk::changes::{self, AtOnce, Change, Ordered, Proposal, Wanted, Way};
use desk::downgrades::Lowered;
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
use web::choice::Choice;
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Moment, MoneyText, Text};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(create_change)).routes(routes!(quote_change))
}

/// A resource, and what is to be another of it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resource": "res_019eb7696c008cf183c2a061049531a6", "options": {"bandwidth": 2}}))]
pub struct ChangeQuoteBody {
    resource: Text<1, 80>,
    /// What is left out stays.
    options: BTreeMap<String, Choice>,
    /// The first day of a raise for some days, like `2026-07-01`; from its 00:00 on. Left out, it is for all the time that is left.
    from: Option<Text<1, 20>>,
    /// Its last day, which is included.
    until: Option<Text<1, 20>>,
}

/// The same, to be done.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resource": "res_019eb7696c008cf183c2a061049531a6", "options": {"bandwidth": 2}, "quoted": "19.73",
    "pay": true}))]
pub struct ChangeBody {
    resource: Text<1, 80>,
    /// What is left out stays.
    options: BTreeMap<String, Choice>,
    /// The first day of a raise for some days, like `2026-07-01`; from its 00:00 on. Left out, it is for all the time that is left.
    from: Option<Text<1, 20>>,
    /// Its last day, which is included.
    until: Option<Text<1, 20>>,
    /// What was quoted; another price is refused as `price_changed`.
    quoted: Option<MoneyText>,
    /// Of a downgrade what is expected to go back at least, since it becomes less with time; less is refused as `price_changed`. Either
    /// this or `quoted`.
    at_least: Option<MoneyText>,
    /// Pays at once out of the wallet; without it an order waits for its payment, 24 hours or until the deadline of the resource.
    #[serde(default)]
    pay: bool,
    /// Which vouchers pay; none if left out.
    vouchers: Option<VouchersBody>,
}

impl ChangeBody {
    /// The total that is expected, below zero where something is to go back.
    fn quoted(&self, currency: Currency) -> Result<Option<i64>, Refusal> {
        let minor = |it: &MoneyText| it.money(currency).map(Money::minor);
        match (&self.quoted, &self.at_least) {
            (Some(_), Some(_)) => Err(ChangeError::Both.into()),
            (Some(quoted), None) => minor(quoted).map(Some),
            (None, Some(least)) => minor(least).map(|it| Some(-it)),
            (None, None) => Ok(None),
        }
    }
}

/// What is asked for, as the desk calls it.
struct Asked {
    own: Own,
    options: Vec<(String, String)>,
}

impl Asked {
    fn of(
        account: AccountId,
        resource: &Text<1, 80>,
        options: &BTreeMap<String, Choice>,
    ) -> Result<Asked, Refusal> {
        let id: ResourceId = resource.as_str().parse().map_err(|_| hidden("such resource").of("resource"))?;
        let options = options.iter().map(|it| (it.0.clone(), it.1.text())).collect();
        Ok(Asked { own: Own { account, id }, options })
    }

    fn wanted(&self, quoted_minor: Option<i64>, days: Option<Days>) -> Wanted<'_> {
        Wanted { own: self.own, options: &self.options, quoted_minor, days }
    }
}

/// The days of a raise, both of which are named or none.
fn days(
    at: At<'_>,
    from: Option<&Text<1, 20>>,
    until: Option<&Text<1, 20>>,
) -> Result<Option<Days>, Refusal> {
    let found = raise::days(from.map(Text::as_str), until.map(Text::as_str), &at.desk.calendar);
    Ok(found.map_err(ChangeError::from)?)
}

/// A component that costs something else for the time that is left: what is new, or what it replaces.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangeLineView {
    pub component: String,
    pub component_name: String,
    /// How much for how long, such as `1 piece × 2928 / 365`: a day is 12/365 of a month.
    pub measured: String,
    /// The price item of the price book.
    pub price: String,
    /// Before discounts; below zero for what is replaced.
    pub list: wire::AmountShown,
    /// What the list price is multiplied with: the discount of the months that are left, and what was agreed with the customer.
    pub rate: wire::PriceShown,
    pub cost: wire::AmountShown,
}

impl ChangeLineView {
    pub(super) fn new(it: &Line<'_>, currency: Currency) -> ChangeLineView {
        ChangeLineView {
            component: it.component.to_string(),
            component_name: it.name.to_string(),
            measured: with_unit(it.measured, Language::English),
            price: it.price.to_string(),
            list: wire::amount(it.list_e8, currency),
            rate: wire::rate(it.rate_e8, 2),
            cost: wire::amount(it.cost_e8, currency),
        }
    }
}

/// What is to be paid for a change of something prepaid.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangeFeeView {
    /// Started days up to the deadline, or those of a raise.
    pub days: u32,
    /// When a raise for some days begins; `null` where it is changed as soon as it is paid.
    pub from: Option<Moment>,
    /// The deadline, which stays; or when the days of a raise are over, and it is what it was.
    pub until: Moment,
    pub lines: Vec<ChangeLineView>,
    pub list: wire::MoneyShown,
    pub total: wire::MoneyShown,
}

impl From<&Ordered> for ChangeFeeView {
    fn from(Ordered { quote, until, raise }: &Ordered) -> ChangeFeeView {
        let currency = quote.total.currency();
        ChangeFeeView {
            days: quote.days,
            from: raise.map(|it| wire::time(it.from)),
            until: wire::time(*until),
            lines: quote.lines.iter().map(|it| ChangeLineView::new(it, currency)).collect(),
            list: wire::money(quote.list),
            total: wire::money(quote.total),
        }
    }
}

/// What is paid after use, where nothing is paid now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangedUseView {
    /// What a day costs as it is, without use and packs.
    pub a_day_now: wire::AmountShown,
    pub a_day_then: wire::AmountShown,
    /// What would be held of the wallet while it lives.
    pub held: wire::MoneyShown,
}

impl From<&AtOnce> for ChangedUseView {
    fn from(it: &AtOnce) -> ChangedUseView {
        let [now, then] = it.a_day.map(wire::amount_of);
        ChangedUseView { a_day_now: now, a_day_then: then, held: wire::money(it.held) }
    }
}

/// What a downgrade gives back: what the time that is left is worth, less what it costs with the new options. Of a switch to what is paid
/// by use it is what is left of what was paid for what ends; what stays costs nothing anew.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangeBackView {
    /// The deadline, which stays.
    pub until: Moment,
    /// What was paid, below zero, what was used of it, what is new; they add up to what goes back, below zero.
    pub lines: Vec<LineView>,
    /// What the time that is left is worth as it is.
    pub value: wire::MoneyShown,
    /// What it costs as it is to be; 0 of a switch.
    pub cost: wire::MoneyShown,
    /// What goes back, never below zero.
    pub total: wire::MoneyShown,
    /// What counts as paid from then on.
    pub counted: wire::MoneyShown,
    /// Where it would go: the purses that paid.
    pub back: PaidView,
}

impl From<&Lowered> for ChangeBackView {
    fn from(it: &Lowered) -> ChangeBackView {
        let (found, currency) = (&it.found, it.found.total.currency());
        ChangeBackView {
            until: wire::time(it.until),
            lines: (0..)
                .zip(&found.lines)
                .map(|(number, line)| LineView::new(number, line, currency))
                .collect(),
            value: wire::money(found.value.total),
            cost: wire::money(found.cost),
            total: wire::money(found.total),
            counted: wire::money(found.counted.total()),
            back: PaidView::new(&it.back),
        }
    }
}

/// What a change would come to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "resource": "res_019eb7696c008cf183c2a061049531a6", "name": "web", "way": "order", "options": {"charge": "prepaid",
        "type": "S1.SMALL1", "network": "bandwidth", "bandwidth": "2"}, "fee": {"days": 30, "from": null, "until": "2026-07-01T00:00:00Z", "lines": [
            {"component": "bandwidth", "component_name": "Public bandwidth", "measured": "2 Mbps × 360 / 365",
                "price": "server/bandwidth guangzhou S1.SMALL1", "list": "39.45205479", "rate": "1.00", "cost": "39.45205479"},
            {"component": "bandwidth", "component_name": "Public bandwidth", "measured": "1 Mbps × 360 / 365",
                "price": "server/bandwidth guangzhou S1.SMALL1", "list": "-19.72602740", "rate": "1.00", "cost": "-19.72602740"}
        ], "list": "19.73", "total": "19.73"},
    "back": null, "use": null, "currency": "CNY"
}))]
pub struct ChangeQuoteView {
    pub resource: String,
    pub name: String,
    /// `at_once` where nothing is to be paid for it now, `order` where something is, `downgrade` where it costs no more for the time that is
    /// left.
    pub way: words::ChangeWay,
    /// All that it would have.
    pub options: BTreeMap<String, String>,
    /// `null` where nothing is ordered.
    pub fee: Option<ChangeFeeView>,
    /// `null` but for a downgrade.
    pub back: Option<ChangeBackView>,
    /// `null` where it is ordered or lowered.
    #[serde(rename = "use")]
    pub used: Option<ChangedUseView>,
    pub currency: String,
}

impl ChangeQuoteView {
    fn new(it: &Proposal, currency: Currency) -> ChangeQuoteView {
        let (way, fee, back, used) = match &it.way {
            Way::AtOnce(used) => (words::ChangeWay::AtOnce, None, None, Some(used.into())),
            Way::Order(ordered) => (words::ChangeWay::Order, Some(ordered.as_ref().into()), None, None),
            Way::Lower(lowered) => (words::ChangeWay::Downgrade, None, Some(lowered.as_ref().into()), None),
        };
        ChangeQuoteView {
            resource: it.resource.id.to_string(),
            name: it.resource.name.clone(),
            way,
            options: options(&it.options),
            fee,
            back,
            used,
            currency: currency.as_str().to_string(),
        }
    }
}

/// Says what a change would come to. Nothing is kept.
#[utoipa::path(post, path = "/v1/changes/quote", tag = "orders", request_body = ChangeQuoteBody,
    security(("key" = ["read"])), responses((status = 200, body = ChangeQuoteView)))]
async fn quote_change(
    State(node): State<Node>,
    call: Call<Reader, ChangeQuoteBody>,
) -> Result<Json<ChangeQuoteView>, Problem> {
    let (account, body) = (call.who.account, call.body);
    let view = node
        .read(move |tx, at| {
            let currency = lists::accounts::currency(tx, account)?;
            let asked = Asked::of(account, &body.resource, &body.options)?;
            let days = days(at, body.from.as_ref(), body.until.as_ref())?;
            let found = changes::quote(tx, at, asked.wanted(None, days))?;
            Ok::<_, Refusal>(ChangeQuoteView::new(&found, currency))
        })
        .await?;
    Ok(Json(view))
}

/// What was changed, or ordered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangeMadeView {
    /// As it is now.
    pub resource: ResourceView,
    /// `null` where it was changed at once and no price changed.
    pub order: Option<OrderView>,
}

/// Changes options of a resource.
///
/// What is paid by use is changed at once: the old price to that second, the new one after it. What is prepaid and would cost more is an
/// order of the difference for the time up to its deadline, which stays; it is changed as soon as that is paid. What costs no more is
/// changed at once: what is left over of what was paid goes back, and an order of that sum below zero says so. What costs nothing is changed at once.
/// Where the price book says so, an option is raised for some days alone, `from` and `until`: it is ordered now, raised at 00:00 of the first
/// and what it was again after the last. The Idempotency-Key names the order: the same again gives the same.
#[utoipa::path(post, path = "/v1/changes", tag = "orders", request_body = ChangeBody, security(("key" = ["buy"])),
    responses((status = 200, body = ChangeMadeView), (status = 201, body = ChangeMadeView)))]
async fn create_change(State(node): State<Node>, call: Call<Buyer, ChangeBody>) -> Result<Response, Problem> {
    let token = call.token_or(&web::random::fresh("change"));
    node.once(call, move |tx, at, call| done(tx, at, call.who.account, (&call.body, &token))).await
}

fn done(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    (body, token): (&ChangeBody, &str),
) -> Result<Reply<ChangeMadeView>, Refusal> {
    let currency = lists::accounts::currency(tx, account)?;
    let asked = Asked::of(account, &body.resource, &body.options)?;
    let quoted = body.quoted(currency)?;
    let pay = if body.pay { Pay::Now } else { Pay::Later };
    let chooses = VouchersBody::read(body.vouchers.as_ref())?;
    let days = days(at, body.from.as_ref(), body.until.as_ref())?;
    let of = Change { wanted: asked.wanted(quoted, days), token, pay, vouchers: chooses.choice() };
    let found = changes::change(tx, at, of)?;
    let moved = lists::orders::moved(tx, &found.order)?;
    let view = ChangeMadeView {
        resource: ResourceView::from(lists::resources::one(tx, account, asked.own.id)?),
        order: found.order.as_ref().map(|it| OrderView::told(it, &moved)),
    };
    Ok(match &found.order {
        Some(order) => Reply::created(below("/v1/orders", &order.id.to_string()), view),
        None => Reply::ok(view),
    })
}
