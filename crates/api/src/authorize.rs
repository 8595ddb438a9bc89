//! "May this start?": `POST /v1/authorize`.

use super::items::{ItemBody, desk_items, one_to_twenty};
use super::purchase::PurchaseView;
use super::state::{Api, Lanes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use billing::voucher::choose::Choice;
use desk::authorize::{self, Held, Verdict};
use desk::orders::Item;
use desk::purchases::{Pay, Purchase};
use desk::{At, Refusal, Tx, lists};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Reply};
use web::caller::Buyer;
use web::lane::{self, Asking, Waiting};
use web::problem::Problem;
use web::wire::{self, Moment};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(authorize))
}

/// What is about to start.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [{"product": "container", "options": {"region": "guangzhou", "spec": "1U1G"}}], "hold": false}))]
pub struct AuthorizeBody {
    #[schema(min_items = 1, max_items = 20)]
    #[serde(deserialize_with = "one_to_twenty")]
    items: Vec<ItemBody>,
    /// When it may start, orders and pays it in the same call, so that nothing can come between.
    #[serde(default)]
    hold: bool,
}

/// A pack that would be used.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UsablePackView {
    pub id: String,
    pub name: String,
    /// Units left when the last month was closed; what this month took so far: `GET /v1/packs`.
    pub left: String,
    pub expires: Moment,
}

/// The answer, exact to the fen.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "allowed": true, "code": null, "reason": null, "currency": "CNY", "total": "0.00", "freeze": "0.00",
    "available": "100.00", "packs": [], "purchase": null
}))]
pub struct AuthorizeView {
    pub allowed: bool,
    /// The code that the order would be refused with.
    pub code: Option<String>,
    /// The same for people.
    pub reason: Option<String>,
    pub currency: String,
    /// What would be paid with the order.
    pub total: wire::MoneyShown,
    /// What would be held as long as it lives.
    pub freeze: wire::MoneyShown,
    pub available: wire::MoneyShown,
    pub packs: Vec<UsablePackView>,
    /// The orders, when `hold` was asked for and granted.
    pub purchase: Option<PurchaseView>,
}

impl AuthorizeView {
    fn new(it: &Verdict) -> AuthorizeView {
        let pack = |it: &billing::pack::Pack| UsablePackView {
            id: it.id.to_string(),
            name: it.name.clone(),
            left: it.left.to_string(),
            expires: wire::time(it.expires),
        };
        AuthorizeView {
            allowed: it.refused.is_none(),
            code: it.refused.as_ref().map(|it| it.code().to_string()),
            reason: it.refused.as_ref().map(ToString::to_string),
            currency: it.available.currency().as_str().to_string(),
            total: wire::money(it.total),
            freeze: wire::money(it.freeze),
            available: wire::money(it.available),
            packs: it.packs.iter().map(pack).collect(),
            purchase: None,
        }
    }
}

/// Says whether this may start: balance, freezes, packs and quota, answered as the order itself would be.
///
/// A refusal is an answer here: `allowed` is false and `code` says why.
#[utoipa::path(post, path = "/v1/authorize", tag = "orders", request_body = AuthorizeBody,
    security(("key" = ["buy"])), responses((status = 200, body = AuthorizeView)))]
async fn authorize(
    State(node): State<Node>,
    State(lanes): State<Lanes>,
    call: Call<Buyer, AuthorizeBody>,
) -> Result<Response, Problem> {
    if call.body.hold {
        let fresh = web::random::fresh("authorize");
        return node.once(call, move |tx, at, call| held(tx, at, call, &fresh)).await;
    }
    let together = |node: &Node, next| lane::read_together(node, next, verdicts);
    let told =
        lane::ask(&node, &lanes.questions, Asking::one(call.who.account, call.body.items), together).await?;
    let verdict = told.map_err(|refusal| node.problem(refusal))?;
    Ok(Reply::ok(AuthorizeView::new(&verdict)).into_response())
}

fn verdicts(
    tx: &mut Tx<'_>,
    at: At<'_>,
    next: &[Waiting<Vec<ItemBody>, Result<Verdict, Refusal>>],
) -> Result<Vec<Result<Verdict, Refusal>>, Refusal> {
    let currencies = lists::accounts::currencies(tx, at, &next.iter().map(Waiting::account).collect())?;
    let items = |it: &Waiting<Vec<ItemBody>, Result<Verdict, Refusal>>| -> Result<Vec<Item>, Refusal> {
        let missing = || Refusal::missing(format!("account {}", it.account()));
        desk_items(&it.call, *currencies.get(&it.account()).ok_or_else(missing)?)
    };
    let items = next.iter().map(items).collect::<Result<Vec<_>, _>>()?;
    let asked = next.iter().zip(&items).map(|(it, items)| (it.account(), items.as_slice()));
    authorize::may_start(tx, at, &asked.collect::<Vec<_>>())
}

fn held(
    tx: &mut Tx<'_>,
    at: At<'_>,
    call: &Call<Buyer, AuthorizeBody>,
    fresh: &str,
) -> Result<Reply<AuthorizeView>, Refusal> {
    let account = call.who.account;
    let currency = lists::accounts::currency(tx, account)?;
    let (items, token) = (desk_items(&call.body.items, currency)?, call.token_or(fresh));
    let purchase = Purchase { account, token: &token, items: &items, pay: Pay::Now, vouchers: Choice::None };
    let Held { verdict, orders } = authorize::hold(tx, at, purchase)?;
    let purchase = orders.map(|it| PurchaseView::new(&it, currency)).transpose()?;
    Ok(Reply::ok(AuthorizeView { purchase, ..AuthorizeView::new(&verdict) }))
}
