//! Refunds: `/v1/refunds`, and those of all accounts.
//!
//! In:  a resource or a pack. Out: what would go back of it, line by line and to which purses; the refund.
//! Invariant: a refund gives what its quote says at the same instant.

use super::bills::view::{LineView, PaidView};
use super::card_refunds::{CardRefundView, ToCardView};
use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::refund::RefundError;
use billing::refund::to_card::CashTo;
use desk::card_refunds;
use desk::lists::{accounts::currency, refunds as list};
use desk::refunds::{self, PaidTerm, Proposal, Seen, Subject, Wanted};
use desk::{Refusal, lists};
use serde::{Deserialize, Serialize};
use units::{MoneyError, RefundId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Reply, hidden};
use web::caller::{Buyer, Operator, Reader};
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, MoneyText, Page, Path, Query, Text};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_refunds, create_refund))
        .routes(routes!(quote_refund))
        .routes(routes!(get_refund))
        .routes(routes!(list_all_refunds))
}

/// What is to be given back: a resource or a pack.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resource": "res_019eb7696c008cf183c2a061049531a6"}))]
pub struct RefundQuoteBody {
    /// A resource; either this or a pack.
    resource: Option<Text<1, 80>>,
    pack: Option<Text<1, 80>>,
}

fn subject(resource: Option<&Text<1, 80>>, pack: Option<&Text<1, 80>>) -> Result<Subject, Refusal> {
    match (resource, pack) {
        (Some(it), None) => {
            let id = it.as_str().parse();
            id.map(Subject::Resource).map_err(|_| hidden("such resource").of("resource"))
        }
        (None, Some(it)) => {
            let id = it.as_str().parse();
            id.map(Subject::Pack).map_err(|_| hidden("such pack").of("pack"))
        }
        (Some(_), Some(_)) | (None, None) => Err(RefundError::Subject.into()),
    }
}

/// An order that goes back, or what is left of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RefundOrderView {
    pub order: String,
    /// The time that it is for.
    pub from: Moment,
    pub to: Moment,
    /// What was paid for it, less what was credited since.
    pub paid: PaidView,
}

impl From<&PaidTerm> for RefundOrderView {
    fn from(it: &PaidTerm) -> RefundOrderView {
        RefundOrderView {
            order: it.order.to_string(),
            from: wire::time(it.from),
            to: wire::time(it.to),
            paid: PaidView::new(&it.paid),
        }
    }
}

/// What would go back, and how that comes about.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "resource": "res_019eb7696c008cf183c2a061049531a6", "pack": null, "name": "web", "way": "used", "months": 0, "seconds": 432000,
    "orders": [{
        "order": "ord_019eb7696c008cf183c2a061049531a6", "from": "2026-06-01T00:00:00Z", "to": "2027-06-01T00:00:00Z",
        "paid": {"bonus": "0.00", "cash": "507.96", "income": "0.00", "owed": "0.00"}
    }], "lines": [], "total": "462.60", "back": {"bonus": "0.00", "cash": "462.60", "income": "0.00", "owed": "0.00"}, "cards": [{
        "payment": "pay_019eb7696c008cf183c2a061049531a6", "card": "crd_019eb7696c008cf183c2a061049531a6", "amount": "207.96"
    }], "currency": "CNY", "bin_seconds": 604800
}))]
pub struct RefundQuoteView {
    pub resource: Option<String>,
    pub pack: Option<String>,
    pub name: String,
    /// `whole`: all of it; `used`: less what was used; `share`: less the share of the time that has passed; `unused`: a pack that
    /// has not begun. What went on, paid by use, is listed as `converted`.
    pub way: words::RefundWay,
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
    /// Where it would go: the purses that paid, and what is owed, which is paid first.
    pub back: PaidView,
    /// What of the cash goes back to cards where `cash_to` is `card`: what they paid of these orders, took and did not get back yet.
    /// The rest goes to the balance. Empty where no card can get anything.
    pub cards: Vec<ToCardView>,
    pub currency: String,
    /// For how many seconds a resource lies in the bin then, before it is gone; 0 for a pack.
    #[schema(minimum = 0)]
    pub bin_seconds: u64,
}

fn parts(subject: Subject) -> (Option<String>, Option<String>) {
    match subject {
        Subject::Resource(id) => (Some(id.to_string()), None),
        Subject::Pack(id) => (None, Some(id.to_string())),
    }
}

impl From<&Proposal> for RefundQuoteView {
    fn from(it: &Proposal) -> RefundQuoteView {
        let (resource, pack) = parts(it.subject);
        let currency = it.refund.currency();
        let line = |(number, line)| LineView::new(number, line, currency);
        RefundQuoteView {
            resource,
            pack,
            name: it.name.clone(),
            way: it.refund.way.into(),
            months: it.refund.months,
            seconds: it.refund.seconds,
            orders: it.terms.iter().map(RefundOrderView::from).collect(),
            lines: (0..).zip(&it.refund.lines).map(line).collect(),
            total: wire::money(it.refund.total),
            back: PaidView::new(&it.back),
            cards: it.to_cards.iter().map(ToCardView::from).collect(),
            currency: currency.as_str().to_string(),
            bin_seconds: it.bin_seconds,
        }
    }
}

/// Says what would go back of something now, and how that comes about. Nothing is kept.
#[utoipa::path(post, path = "/v1/refunds/quote", tag = "orders", request_body = RefundQuoteBody,
    security(("key" = ["read"])), responses((status = 200, body = RefundQuoteView)))]
async fn quote_refund(
    State(node): State<Node>,
    call: Call<Reader, RefundQuoteBody>,
) -> Result<Json<RefundQuoteView>, Problem> {
    let (account, body) = (call.who.account, call.body);
    let view = node
        .read(move |tx, at| {
            let of = subject(body.resource.as_ref(), body.pack.as_ref())?;
            let found = refunds::quote(tx, at, account, of)?;
            Ok::<_, Refusal>(RefundQuoteView::from(&found))
        })
        .await?;
    Ok(Json(view))
}

/// What is to be given back, and what is expected for it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resource": "res_019eb7696c008cf183c2a061049531a6", "at_least": "462.00", "cash_to": "wallet"}))]
pub struct RefundBody {
    /// A resource; either this or a pack.
    resource: Option<Text<1, 80>>,
    pack: Option<Text<1, 80>>,
    /// What is expected at least, since it becomes less with time; less is refused as `refund_less`.
    at_least: Option<MoneyText>,
    /// `wallet` if left out. With `card`, cash goes back to the cards that paid, as far as the quote says under `cards`, and the rest to
    /// the balance; where no card can get anything it is refused as `no_card_to_refund`.
    cash_to: Option<words::CashTo>,
}

/// A refund as it was made.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!(refund_example()))]
pub struct RefundView {
    pub id: String,
    pub resource: Option<String>,
    pub pack: Option<String>,
    pub product: String,
    pub name: String,
    pub way: words::RefundWay,
    #[schema(minimum = 0)]
    pub months: u32,
    #[schema(minimum = 0)]
    pub seconds: u64,
    /// Its bill, whose lines say how the sum comes about.
    pub bill: String,
    /// The order that ran.
    pub order: String,
    pub total: wire::MoneyShown,
    /// Where it went: the purses that paid, and what was owed, which was paid first.
    pub back: PaidView,
    /// What of the cash was sent to cards. What a card did not take is in the balance: `cards` of the one refund say so.
    pub to_cards: wire::MoneyShown,
    pub currency: String,
    pub at: Moment,
}

fn refund_example() -> serde_json::Value {
    serde_json::json!({
        "id": "rfd_019eb7696c008cf183c2a061049531a6", "resource": "res_019eb7696c008cf183c2a061049531a6", "pack": null,
        "product": "server", "name": "web", "way": "used", "months": 0, "seconds": 432_000,
        "bill": "bil_019eb7696c008cf183c2a061049531a6", "order": "ord_019eb7696c008cf183c2a061049531a6", "total": "462.60",
        "back": {"bonus": "0.00", "cash": "462.60", "income": "0.00", "owed": "0.00"}, "to_cards": "207.96", "currency": "CNY",
        "at": "2026-06-06T00:00:00Z"
    })
}

fn owned_example() -> serde_json::Value {
    let mut all = refund_example();
    all["account"] = "acc_019eb7696c008cf183c2a061049531a6".into();
    all["account_name"] = "shop".into();
    all
}

impl RefundView {
    pub(super) fn new(it: &Seen) -> Result<RefundView, MoneyError> {
        let (resource, pack) = parts(it.refund.subject);
        Ok(RefundView {
            id: it.refund.id.to_string(),
            resource,
            pack,
            product: it.product.clone(),
            name: it.name.clone(),
            way: it.refund.way.into(),
            months: it.refund.months,
            seconds: it.refund.seconds,
            bill: it.refund.bill.to_string(),
            order: it.refund.order.to_string(),
            total: wire::money(it.total),
            back: PaidView::new(&it.paid.checked_neg()?),
            to_cards: wire::money(it.to_cards),
            currency: it.total.currency().as_str().to_string(),
            at: wire::time(it.refund.at),
        })
    }
}

/// Gives something prepaid back: its money goes to the purses that paid, what is owed is paid first. With `cash_to` = `card` cash
/// goes back to the cards that paid; the gateway is asked right after the answer. A resource goes into the bin for some days, costs nothing any more and is not taken out again; of a pack nothing is left.
///
/// An unpaid order that renews it becomes invalid. The Idempotency-Key names the refund: the same again gives the same.
#[utoipa::path(post, path = "/v1/refunds", tag = "orders", request_body = RefundBody,
    security(("key" = ["buy"])), responses((status = 201, body = RefundView)))]
async fn create_refund(State(node): State<Node>, call: Call<Buyer, RefundBody>) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let (account, body) = (call.who.account, &call.body);
        let currency = lists::accounts::currency(tx, account)?;
        let subject = subject(body.resource.as_ref(), body.pack.as_ref())?;
        let least = body.at_least.as_ref().map(|it| it.money(currency)).transpose();
        let least = least.map_err(|it| it.of("at_least"))?;
        let cash_to = body.cash_to.map_or(CashTo::Wallet, |it| it.0);
        let seen = refunds::refund(tx, at, Wanted { account, subject, least, cash_to })?;
        let place = below("/v1/refunds", &seen.refund.id.to_string());
        Ok(Reply::created(place, RefundView::new(&seen)?))
    })
    .await
}

/// Which part of a list.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RefundsQuery {
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// Lists refunds, the newest first.
#[utoipa::path(get, path = "/v1/refunds", tag = "orders", params(RefundsQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<RefundView>)))]
async fn list_refunds(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<RefundsQuery>,
) -> Result<Json<Page<RefundView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let page = node
        .read(move |tx, _| {
            currency(tx, who.account)?;
            let page = list::page(tx, who.account, &part)?;
            Page::try_of(page, |it| Ok(RefundView::new(&it)?))
        })
        .await?;
    Ok(Json(page))
}

/// A refund with the lines of its bill.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WholeRefundView {
    #[serde(flatten)]
    pub refund: RefundView,
    /// What was paid, below zero, then what was used. They add up to what went back, below zero.
    pub lines: Vec<LineView>,
    /// What of its cash goes back to cards, and how far that is.
    pub cards: Vec<CardRefundView>,
}

/// One refund, and how its sum came about.
#[utoipa::path(get, path = "/v1/refunds/{refund}", tag = "orders", params(("refund" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = WholeRefundView)))]
async fn get_refund(
    State(node): State<Node>,
    who: Reader,
    Path(id): Path<Id<RefundId>>,
) -> Result<Json<WholeRefundView>, Problem> {
    let view = node
        .read(move |tx, _| {
            let (seen, bill) = refunds::one(tx, who.account, id.0)?;
            let line = |(number, line)| LineView::new(number, line, bill.currency());
            let lines = (0..).zip(&bill.lines).map(line).collect();
            let cards = card_refunds::of_refund(tx, who.account, id.0)?;
            let cards = cards.iter().map(CardRefundView::from).collect();
            Ok::<_, Refusal>(WholeRefundView { refund: RefundView::new(&seen)?, lines, cards })
        })
        .await?;
    Ok(Json(view))
}

/// A refund and whose it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!(owned_example()))]
pub struct OwnedRefundView {
    pub account: String,
    /// What the account is called.
    pub account_name: String,
    #[serde(flatten)]
    pub refund: RefundView,
}

/// Lists the refunds of all accounts, the newest first.
#[utoipa::path(get, path = "/v1/all-refunds", tag = "operations", params(RefundsQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<OwnedRefundView>)))]
async fn list_all_refunds(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<RefundsQuery>,
) -> Result<Json<Page<OwnedRefundView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let page = node
        .report(move |tx, _| {
            let page = list::of_all(tx, &part)?;
            let view = |it: lists::accounts::Owned<Seen>| {
                Ok(OwnedRefundView {
                    account: it.account.to_string(),
                    account_name: it.name,
                    refund: RefundView::new(&it.of)?,
                })
            };
            Page::try_of(page, view)
        })
        .await?;
    Ok(Json(page))
}
