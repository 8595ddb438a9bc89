//! Promotion codes: `/v1/promotion-codes`, and `POST /v1/vouchers/redeem`.
//!
//! In:  what an operator says of a code; a code that a customer redeems. Out: the code; a voucher.
//! Invariant: no customer sees codes; an account redeems a code once.

use super::accounts::CurrencyText;
use super::state::Api;
use super::vouchers::{VoucherScopeBody, VoucherScopeView, VoucherView};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::voucher::Window;
use billing::voucher::code::{CodeError, Lasts};
use desk::lists::vouchers::{self as list, Code};
use desk::promotions::{self, New};
use desk::{At, Refusal, Tx};
use serde::{Deserialize, Serialize};
use units::PromotionId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Nothing, Reply};
use web::caller::{Buyer, Operator};
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, MoneyText, Page, Path, Query, Text, When, Whole};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(redeem_code))
        .routes(routes!(list_promotion_codes, create_promotion_code))
        .routes(routes!(get_promotion_code))
        .routes(routes!(withdraw_promotion_code))
}

/// A promotion code.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "SPRING-26"}))]
pub struct RedeemBody {
    code: Text<1, 60>,
}

/// Redeems a promotion code: the account gets a voucher. An account redeems a code once.
#[utoipa::path(post, path = "/v1/vouchers/redeem", tag = "vouchers", request_body = RedeemBody,
    security(("key" = ["buy"])), responses((status = 201, body = VoucherView)))]
async fn redeem_code(State(node): State<Node>, call: Call<Buyer, RedeemBody>) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let made = promotions::redeem(tx, at, call.who.account, call.body.code.as_str())?;
        let view = VoucherView::new(&made, at.now)?;
        Ok(Reply::created(below("/v1/vouchers", &view.id), view))
    })
    .await
}

/// A word with the terms of a voucher, which customers redeem.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "pro_019eb7696c008cf183c2a061049531a6", "code": "SPRING-26", "name": "spring", "currency": "CNY", "amount": "20.00",
    "products": [], "regions": [], "modes": "prepaid", "actions": [], "min_spend": "0.00", "max_months": null, "uses": "once",
    "times": 100, "redeemed": 3, "from": "2026-06-01T00:00:00Z", "until": "2026-07-01T00:00:00Z", "voucher_until": null,
    "voucher_days": 30, "made": "2026-06-01T00:00:00Z", "withdrawn": null
}))]
pub struct PromotionCodeView {
    pub id: String,
    pub code: String,
    /// What its vouchers are called.
    pub name: String,
    pub currency: String,
    pub amount: wire::MoneyShown,
    #[serde(flatten)]
    pub scope: VoucherScopeView,
    /// How many vouchers come of it in all.
    #[schema(minimum = 1)]
    pub times: u32,
    #[schema(minimum = 0)]
    pub redeemed: u32,
    pub from: Moment,
    /// It can be redeemed before this instant.
    pub until: Moment,
    /// Until when its vouchers can be chosen, or for how many days.
    pub voucher_until: Option<Moment>,
    pub voucher_days: Option<u32>,
    pub made: Moment,
    pub withdrawn: Option<Moment>,
}

impl From<&Code> for PromotionCodeView {
    fn from(it: &Code) -> PromotionCodeView {
        let (voucher_until, voucher_days) = match it.lasts {
            Lasts::Until(until) => (Some(wire::time(until)), None),
            Lasts::Days(days) => (None, Some(days)),
        };
        PromotionCodeView {
            id: it.id.to_string(),
            code: it.word.clone(),
            name: it.name.clone(),
            currency: it.face.currency().as_str().to_string(),
            amount: wire::money(it.face),
            scope: VoucherScopeView::from(&it.scope),
            times: it.times,
            redeemed: it.redeemed,
            from: wire::time(it.window.from),
            until: wire::time(it.window.until),
            voucher_until,
            voucher_days,
            made: wire::time(it.made),
            withdrawn: it.withdrawn.map(wire::time),
        }
    }
}

/// A new promotion code.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "code": "SPRING-26", "name": "spring", "amount": "20.00", "times": 100, "until": "2026-07-01T00:00:00Z", "voucher_days": 30
}))]
pub struct PromotionCodeBody {
    /// Letters, digits and hyphens; small letters are the same as capitals.
    code: Text<4, 32>,
    /// What its vouchers are called.
    name: Text<1, 60>,
    /// What each voucher is worth.
    amount: MoneyText,
    /// Accounts of another currency do not redeem it. The currency of the price book if left out.
    currency: Option<CurrencyText>,
    /// How many vouchers come of it in all; one to each account.
    times: Whole<1, 1_000_000>,
    /// From when it can be redeemed; from now on if left out.
    from: Option<When>,
    /// It can be redeemed before this instant.
    until: When,
    /// Until when its vouchers can be chosen; either this or `voucher_days`.
    voucher_until: Option<When>,
    /// For how many days each can be chosen.
    voucher_days: Option<Whole<1, 3660>>,
    scope: Option<VoucherScopeBody>,
}

impl PromotionCodeBody {
    fn make(&self, tx: &mut Tx<'_>, at: At<'_>) -> Result<Code, Refusal> {
        let currency = CurrencyText::or_of(self.currency.as_ref(), at)?;
        let lasts = match (&self.voucher_until, self.voucher_days) {
            (Some(until), None) => Lasts::Until(until.of("voucher_until")?),
            (None, Some(days)) => Lasts::Days(days.count()),
            (Some(_), Some(_)) | (None, None) => return Err(CodeError::Days.into()),
        };
        let from = self.from.as_ref().map(|it| it.of("from")).transpose()?.unwrap_or(at.now);
        let scope = VoucherScopeBody::scope(self.scope.as_ref(), currency)?;
        let new = New {
            word: self.code.as_str(),
            name: self.name.as_str(),
            face: self.amount.money(currency).map_err(|it| it.of("amount"))?,
            scope: &scope,
            window: Window { from, until: self.until.of("until")? },
            lasts,
            times: self.times.count(),
        };
        promotions::make(tx, at, new)
    }
}

/// Makes a promotion code. Customers are not told of it.
#[utoipa::path(post, path = "/v1/promotion-codes", tag = "vouchers", request_body = PromotionCodeBody,
    security(("key" = ["operator"])), responses((status = 201, body = PromotionCodeView)))]
async fn create_promotion_code(
    State(node): State<Node>,
    call: Call<Operator, PromotionCodeBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let made = call.body.make(tx, at)?;
        let view = PromotionCodeView::from(&made);
        Ok(Reply::created(below("/v1/promotion-codes", &view.id), view))
    })
    .await
}

/// Which promotion codes.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PromotionCodesQuery {
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// Lists promotion codes, the newest first.
#[utoipa::path(get, path = "/v1/promotion-codes", tag = "vouchers", params(PromotionCodesQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<PromotionCodeView>)))]
async fn list_promotion_codes(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<PromotionCodesQuery>,
) -> Result<Json<Page<PromotionCodeView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let page = node.read(move |tx, _| list::codes(tx, &part)).await?;
    Ok(Json(Page::of(page, |it| PromotionCodeView::from(&it))))
}

/// One promotion code.
#[utoipa::path(get, path = "/v1/promotion-codes/{code}", tag = "vouchers", params(("code" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = PromotionCodeView)))]
async fn get_promotion_code(
    State(node): State<Node>,
    _: Operator,
    Path(id): Path<Id<PromotionId>>,
) -> Result<Json<PromotionCodeView>, Problem> {
    let found = node.read(move |tx, _| list::code(tx, id.0)).await?;
    Ok(Json(PromotionCodeView::from(&found)))
}

/// Takes a promotion code back: it gives nothing any more. Vouchers that came of it stay.
#[utoipa::path(post, path = "/v1/promotion-codes/{code}/withdraw", tag = "vouchers", params(("code" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = PromotionCodeView)))]
async fn withdraw_promotion_code(
    State(node): State<Node>,
    Path(id): Path<Id<PromotionId>>,
    call: Call<Operator, Nothing>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, _| {
        let after = promotions::withdraw(tx, at, id.0)?;
        Ok(Reply::ok(PromotionCodeView::from(&after)))
    })
    .await
}
