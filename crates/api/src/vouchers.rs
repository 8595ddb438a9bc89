//! Vouchers: `/v1/vouchers`.
//!
//! In:  what an operator gives to an account. Out: vouchers, and what they were used for.
//! Invariant: a customer sees its own vouchers, an operator all of them.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::order::Action;
use billing::voucher::{Modes, Scope, Uses, Window};
use desk::lists::accounts::currency;
use desk::lists::vouchers::{self as list, Filter, Use, UsedFor, Voucher};
use desk::vouchers::{self, New};
use desk::{At, Refusal, Tx};
use serde::{Deserialize, Serialize};
use units::{AccountId, Currency, Money, Timestamp, VoucherId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Nothing, Reply, hidden};
use web::caller::{Operator, Viewer};
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, MoneyText, Page, Path, Query, Text, When, Whole};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_vouchers, issue_voucher))
        .routes(routes!(get_voucher))
        .routes(routes!(withdraw_voucher))
}

/// What a voucher pays for; an empty list is for all.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VoucherScopeView {
    pub products: Vec<String>,
    pub regions: Vec<String>,
    /// `prepaid`: orders; `post_paid`: bills of what is paid after use, by itself; `any`: both.
    pub modes: words::VoucherModes,
    /// Which orders.
    pub actions: Vec<words::OrderAction>,
    /// What an order, or all of a purchase, comes to at least.
    pub min_spend: wire::MoneyShown,
    /// For how many months an order pays at most; `null` for any.
    pub max_months: Option<u32>,
    /// `once`: what is left of it lapses; `many`: it stays.
    pub uses: words::VoucherUses,
}

impl From<&Scope> for VoucherScopeView {
    fn from(it: &Scope) -> VoucherScopeView {
        VoucherScopeView {
            products: it.products.clone(),
            regions: it.regions.clone(),
            modes: it.modes.into(),
            actions: it.actions.iter().map(|it| (*it).into()).collect(),
            min_spend: wire::money(it.min_spend),
            max_months: it.most_months,
            uses: it.uses.into(),
        }
    }
}

fn voucher_example() -> serde_json::Value {
    serde_json::json!({
        "id": "vou_019eb7696c008cf183c2a061049531a6", "account": "acc_019eb7696c008cf183c2a061049531a6", "name": "spring",
        "state": "unused", "currency": "CNY", "face": "100.00", "left": "100.00", "held": "0.00", "spent": "0.00", "lapsed": "0.00",
        "products": ["server"], "regions": [], "modes": "prepaid", "actions": [], "min_spend": "0.00", "max_months": null,
        "uses": "once", "from": "2026-06-01T00:00:00Z", "until": "2026-07-01T00:00:00Z", "purchase": null, "code": null,
        "issued": "2026-06-01T00:00:00Z"
    })
}

/// Worth that pays for orders and bills. It is no money: it is never invoiced, and a refund never gives it back.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!(voucher_example()))]
pub struct VoucherView {
    pub id: String,
    pub account: String,
    pub name: String,
    /// `unused` (also where a part was used and something is left), `frozen` while a purchase holds it, `used`, `expired` or
    /// `withdrawn`.
    pub state: words::VoucherState,
    pub currency: String,
    pub face: wire::MoneyShown,
    /// What is left of it, what a purchase holds included.
    pub left: wire::MoneyShown,
    /// What a purchase holds of it that is not done.
    pub held: wire::MoneyShown,
    pub spent: wire::MoneyShown,
    /// What was left of a single use, or when it was withdrawn.
    pub lapsed: wire::MoneyShown,
    #[serde(flatten)]
    pub scope: VoucherScopeView,
    pub from: Moment,
    /// It can be chosen before this instant.
    pub until: Moment,
    /// The purchase that holds it.
    pub purchase: Option<String>,
    /// The promotion code that it came of.
    pub code: Option<String>,
    pub issued: Moment,
}

impl VoucherView {
    pub(super) fn new(it: &Voucher, now: Timestamp) -> Result<VoucherView, Refusal> {
        Ok(VoucherView {
            id: it.id.to_string(),
            account: it.account.to_string(),
            name: it.name.clone(),
            state: it.state_at(now).into(),
            currency: it.currency().as_str().to_string(),
            face: wire::money(it.face),
            left: wire::money(it.balance()?),
            held: wire::money(it.held),
            spent: wire::money(it.spent),
            lapsed: wire::money(it.lapsed),
            scope: VoucherScopeView::from(&it.scope),
            from: wire::time(it.window.from),
            until: wire::time(it.window.until),
            purchase: it.group.clone(),
            code: it.code.map(|it| it.to_string()),
            issued: wire::time(it.issued),
        })
    }
}

/// Which vouchers.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VouchersQuery {
    /// Only vouchers in this state.
    state: Option<Word<words::VoucherState>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// Lists vouchers, the newest first: those of the account, or all of them for an operator.
#[utoipa::path(get, path = "/v1/vouchers", tag = "vouchers", params(VouchersQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<VoucherView>)))]
async fn list_vouchers(
    State(node): State<Node>,
    who: Viewer,
    Query(query): Query<VouchersQuery>,
) -> Result<Json<Page<VoucherView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = Filter { account: who.account, state: query.state.map(|it| it.0.0) };
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        Page::try_of(list::page(tx, at, of, &part)?, |it| VoucherView::new(&it, at.now))
    };
    Ok(Json(node.read(read).await?))
}

/// What a voucher paid, pays or was to pay.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "order": "ord_019eb7696c008cf183c2a061049531a6", "piece": "res_019eb7696c008cf183c2a061049531a6", "bill": null, "amount": "71.00",
    "state": "spent", "at": "2026-06-01T00:00:00Z"
}))]
pub struct VoucherUseView {
    /// The order, and the piece of it; `null` for a bill.
    pub order: Option<String>,
    pub piece: Option<String>,
    /// The bill of what is paid after use; `null` for an order.
    pub bill: Option<String>,
    pub amount: wire::MoneyShown,
    /// `held` until the piece comes, then `spent`; or `returned`, and usable again.
    pub state: words::VoucherPartState,
    pub at: Moment,
}

impl From<&Use> for VoucherUseView {
    fn from(it: &Use) -> VoucherUseView {
        let (order, piece, bill) = match it.of {
            UsedFor::Order(order, piece) => (Some(order.to_string()), Some(piece.to_string()), None),
            UsedFor::Bill(bill) => (None, None, Some(bill.to_string())),
        };
        VoucherUseView {
            order,
            piece,
            bill,
            amount: wire::money(it.money),
            state: it.state.into(),
            at: wire::time(it.at),
        }
    }
}

/// A voucher with all that it was used for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WholeVoucherView {
    #[serde(flatten)]
    pub voucher: VoucherView,
    /// The oldest first.
    pub used_for: Vec<VoucherUseView>,
}

/// One voucher with what it was used for.
#[utoipa::path(get, path = "/v1/vouchers/{voucher}", tag = "vouchers", params(("voucher" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = WholeVoucherView)))]
async fn get_voucher(
    State(node): State<Node>,
    who: Viewer,
    Path(id): Path<Id<VoucherId>>,
) -> Result<Json<WholeVoucherView>, Problem> {
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let (voucher, uses) = list::one(tx, who.account, id.0)?;
        let used_for = uses.iter().map(VoucherUseView::from).collect();
        Ok::<_, Refusal>(WholeVoucherView { voucher: VoucherView::new(&voucher, at.now)?, used_for })
    };
    Ok(Json(node.read(read).await?))
}

/// What a voucher pays for; what is left out is for all.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"products": ["server"], "min_spend": "100.00", "max_months": 12}))]
pub struct VoucherScopeBody {
    #[schema(max_items = 50)]
    #[serde(default)]
    products: Vec<Text<1, 60>>,
    #[schema(max_items = 50)]
    #[serde(default)]
    regions: Vec<Text<1, 60>>,
    /// `prepaid` if left out; a voucher of the others pays bills by itself.
    modes: Option<words::VoucherModesBody>,
    /// Which orders.
    #[serde(default)]
    actions: Vec<words::OrderActionBody>,
    /// What an order, or all of a purchase, comes to at least.
    min_spend: Option<MoneyText>,
    /// For how many months an order pays at most.
    max_months: Option<Whole<1, 120>>,
    /// `once` if left out.
    uses: Option<words::VoucherUsesBody>,
}

impl VoucherScopeBody {
    pub(super) fn scope(it: Option<&VoucherScopeBody>, currency: Currency) -> Result<Scope, Refusal> {
        let Some(it) = it else { return Ok(Scope::of_orders(currency)) };
        let texts = |all: &[Text<1, 60>]| all.iter().map(|it| it.as_str().to_string()).collect();
        let least = it.min_spend.as_ref().map(|it| it.money(currency)).transpose();
        Ok(Scope {
            products: texts(&it.products),
            regions: texts(&it.regions),
            modes: it.modes.map_or(Modes::Prepaid, |it| it.0),
            actions: it.actions.iter().map(|it| it.0).collect::<Vec<Action>>(),
            min_spend: least.map_err(|it| it.of("min_spend"))?.unwrap_or(Money::zero(currency)),
            most_months: it.max_months.map(Whole::count),
            uses: it.uses.map_or(Uses::Once, |it| it.0),
        })
    }
}

/// A new voucher for one account.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "account": "acc_019eb7696c008cf183c2a061049531a6", "name": "spring", "amount": "100.00", "until": "2026-07-01T00:00:00Z",
    "scope": {"products": ["server"]}
}))]
pub struct VoucherBody {
    account: Text<1, 80>,
    /// What its owner calls it.
    name: Text<1, 60>,
    /// What it is worth, in the currency of the account.
    amount: MoneyText,
    /// From when it can be chosen; from now on if left out.
    from: Option<When>,
    /// It can be chosen before this instant, ten years ahead at most.
    until: When,
    scope: Option<VoucherScopeBody>,
}

impl VoucherBody {
    fn issue(&self, tx: &mut Tx<'_>, at: At<'_>, token: &str) -> Result<Voucher, Refusal> {
        let account: AccountId =
            self.account.as_str().parse().map_err(|_| hidden("such account").of("account"))?;
        let currency = currency(tx, account).map_err(|it| it.of("account"))?;
        let face = self.amount.money(currency).map_err(|it| it.of("amount"))?;
        let from = self.from.as_ref().map(|it| it.of("from")).transpose()?.unwrap_or(at.now);
        let window = Window { from, until: self.until.of("until")? };
        let scope = VoucherScopeBody::scope(self.scope.as_ref(), currency)?;
        vouchers::issue(tx, at, New { account, name: self.name.as_str(), face, scope: &scope, window, token })
    }
}

/// Gives an account a voucher; its people are told.
#[utoipa::path(post, path = "/v1/vouchers", tag = "vouchers", request_body = VoucherBody,
    security(("key" = ["operator"])), responses((status = 201, body = VoucherView)))]
async fn issue_voucher(
    State(node): State<Node>,
    call: Call<Operator, VoucherBody>,
) -> Result<Response, Problem> {
    let fresh = web::random::fresh("voucher");
    node.once(call, move |tx, at, call| {
        let made = call.body.issue(tx, at, &call.token_or(&fresh))?;
        let view = VoucherView::new(&made, at.now)?;
        Ok(Reply::created(below("/v1/vouchers", &view.id), view).about(made.account))
    })
    .await
}

/// Takes a voucher back: what is left of it lapses. One that a purchase holds is not.
#[utoipa::path(post, path = "/v1/vouchers/{voucher}/withdraw", tag = "vouchers", params(("voucher" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = VoucherView)))]
async fn withdraw_voucher(
    State(node): State<Node>,
    Path(id): Path<Id<VoucherId>>,
    call: Call<Operator, Nothing>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, _| {
        let after = vouchers::withdraw(tx, at, id.0)?;
        Ok(Reply::ok(VoucherView::new(&after, at.now)?).about(after.account))
    })
    .await
}
