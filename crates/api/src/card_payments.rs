//! Payments by card: `/v1/card-payments`, top-ups by card, and what the gateway sends.

use super::card_refunds::CardRefundView;
use super::orders::{OrderIds, purchase_of};
use super::purchase::PurchaseView;
use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::payment::split::Means;
use billing::payment::{Kind, Payment};
use desk::card_payments::{self, Begun, New, NewTopUp};
use desk::lists::card_payments as list;
use desk::{At, Refusal, Tx, card_refunds, lists};
use serde::{Deserialize, Serialize};
use units::{CardId, PaymentId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::call::{Call, Nothing, Reply};
use web::caller::{Buyer, Operator, Reader};
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, MoneyText, Page, Path, Query, Text};
use web::words::{self, Word};
use web::{Node, gateway};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_card_payments, create_card_payment))
        .routes(routes!(get_card_payment))
        .routes(routes!(cancel_card_payment))
        .routes(routes!(create_card_top_up))
        .routes(routes!(list_all_card_payments))
}

/// What a card's holder does next: the gateway's script asks for the proof.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChallengeView {
    pub client_secret: String,
    pub publishable_key: String,
    /// The address of the script.
    pub script: String,
}

fn payment_example() -> serde_json::Value {
    serde_json::json!({
        "id": "pay_019eb7696c008cf183c2a061049531a6", "kind": "order", "state": "held",
        "card": "crd_019eb7696c008cf183c2a061049531a6", "amount": "207.96", "taken": "0.00", "refunded": "0.00", "currency": "CNY",
        "reason": null, "challenge": null, "created": "2026-06-01T00:00:00Z", "changed": "2026-06-01T00:00:02Z"
    })
}

fn owned_example() -> serde_json::Value {
    let mut all = payment_example();
    all["account"] = "acc_019eb7696c008cf183c2a061049531a6".into();
    all["account_name"] = "shop".into();
    all
}

/// A payment by card.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!(payment_example()))]
pub struct CardPaymentView {
    pub id: String,
    pub kind: words::CardPaymentKind,
    pub state: words::CardPaymentState,
    pub card: String,
    /// What the card is to pay at most. What the balance pays of a purchase stands at its orders.
    pub amount: wire::MoneyShown,
    /// What of that was taken, or is being taken.
    pub taken: wire::MoneyShown,
    /// What of that went back to the card, or is on its way.
    pub refunded: wire::MoneyShown,
    pub currency: String,
    /// The bank's or the gateway's word for why the card did not pay.
    pub reason: Option<String>,
    /// What the holder is asked for, of one payment that is `challenged`; `null` in lists and otherwise.
    pub challenge: Option<ChallengeView>,
    pub created: Moment,
    pub changed: Moment,
}

impl From<Payment> for CardPaymentView {
    fn from(it: Payment) -> CardPaymentView {
        CardPaymentView {
            id: it.id.to_string(),
            kind: it.kind.into(),
            state: it.state.into(),
            card: it.card.to_string(),
            amount: wire::money(it.money),
            taken: wire::money(it.taken),
            refunded: wire::money(it.refunded),
            currency: it.money.currency().as_str().to_string(),
            reason: it.reason,
            challenge: None,
            created: wire::time(it.created),
            changed: wire::time(it.changed),
        }
    }
}

/// A payment by card with what goes back of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WholeCardPaymentView {
    #[serde(flatten)]
    pub payment: CardPaymentView,
    /// What of refunds goes back to the card, the oldest first.
    pub refunds: Vec<CardRefundView>,
}

/// What is paid, with which card.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "orders": ["ord_019eb7696c008cf183c2a061049531a6"], "card": "crd_019eb7696c008cf183c2a061049531a6"
}))]
pub struct CardPaymentBody {
    /// All orders of one purchase.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 20)]
    orders: OrderIds,
    card: Text<1, 80>,
    /// `balance_then_card` if left out: the balance pays first, and the card the rest.
    #[serde(default)]
    means: Option<words::Means>,
}

fn card(text: &Text<1, 80>) -> Result<CardId, Refusal> {
    text.as_str().parse().map_err(|_| web::call::hidden("such card").of("card"))
}

/// What a payment of a purchase led to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"payment": null, "purchase": null}))]
pub struct CardPurchaseView {
    /// The payment by card, to be looked at until it is `held`, `captured` or over; `null` where the balance paid all of it.
    pub payment: Option<CardPaymentView>,
    /// The purchase, where the balance paid all of it.
    pub purchase: Option<PurchaseView>,
}

/// Pays the orders of one purchase by card, or out of the balance first and by card for the rest.
///
/// What the balance pays is frozen at once, and the card is asked right after the answer: look at the payment until it goes no further.
/// Where the price of an order changed since, or one is not any more what it was, that is refused and all of them become `invalid`:
/// order again.
#[utoipa::path(post, path = "/v1/card-payments", tag = "orders", request_body = CardPaymentBody,
    security(("key" = ["buy"])), responses((status = 201, body = CardPurchaseView)))]
async fn create_card_payment(
    State(node): State<Node>,
    call: Call<Buyer, CardPaymentBody>,
) -> Result<Response, Problem> {
    let fresh = web::random::fresh("payment");
    let (account, wanted) = (call.who.account, call.body.orders.ids().map_err(Problem::from)?);
    let payment = node.once(call, move |tx, at, call| {
        let (account, body) = (call.who.account, &call.body);
        let orders = body.orders.ids()?;
        let group = purchase_of(tx, account, &orders)?;
        let means = body.means.map_or(Means::BalanceThenCard, |it| it.0);
        let token = call.token_or(&fresh);
        let new =
            New { account, group: &group, orders: &orders, card: card(&body.card)?, means, token: &token };
        let (place, view) = match card_payments::begin(tx, at, new)? {
            Begun::Paid(orders) => {
                let currency = lists::accounts::currency(tx, account)?;
                let purchase = Some(PurchaseView::new(&orders, currency)?);
                ("/v1/orders".to_string(), CardPurchaseView { payment: None, purchase })
            }
            Begun::Asked(payment) => {
                let place = below("/v1/card-payments", &payment.id.to_string());
                (place, CardPurchaseView { payment: Some((*payment).into()), purchase: None })
            }
        };
        Ok(Reply::created(place, view))
    });
    node.pay_or_end(account, wanted, payment).await.map_err(|problem| match problem.code.as_str() {
        "need_pay_together" => Problem { field: Some("orders".into()), ..problem },
        _ => problem,
    })
}

/// Money that a card is to bring into the wallet.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"card": "crd_019eb7696c008cf183c2a061049531a6", "amount": "100.00", "currency": "CNY"}))]
pub struct CardTopUpBody {
    card: Text<1, 80>,
    amount: MoneyText,
    /// The currency of the account, named so that no sum is taken for another.
    currency: Text<3, 3>,
}

/// What a refusal of a sum is about.
const FIELDS: [(&str, &str); 3] =
    [("amount_invalid", "amount"), ("amount_too_large", "amount"), ("currency_mismatch", "currency")];

/// Tops up the wallet by card. Debt comes first, as with every top-up.
#[utoipa::path(post, path = "/v1/card-top-ups", tag = "wallet", request_body = CardTopUpBody,
    security(("key" = ["buy"])), responses((status = 201, body = CardPaymentView)))]
async fn create_card_top_up(
    State(node): State<Node>,
    call: Call<Buyer, CardTopUpBody>,
) -> Result<Response, Problem> {
    let fresh = web::random::fresh("top-up");
    node.once(call, move |tx, at, call| {
        let (account, body) = (call.who.account, &call.body);
        let currency = units::Currency::parse(body.currency.as_str());
        let currency = currency.map_err(|it| Refusal::from(it).of("currency"))?;
        let money = body.amount.money(currency).map_err(|it| it.by_code(&FIELDS))?;
        let token = call.token_or(&fresh);
        let new = NewTopUp { account, card: card(&body.card)?, money, kind: Kind::TopUp, token: &token };
        let payment = card_payments::top_up(tx, at, new)?;
        let place = below("/v1/card-payments", &payment.id.to_string());
        Ok(Reply::created(place, CardPaymentView::from(payment)))
    })
    .await
}

/// One payment by card. While its holder is asked for a proof, with what the gateway's script needs for it.
#[utoipa::path(get, path = "/v1/card-payments/{payment}", tag = "orders", params(("payment" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = WholeCardPaymentView)))]
async fn get_card_payment(
    State(node): State<Node>,
    who: Reader,
    Path(id): Path<Id<PaymentId>>,
) -> Result<Json<WholeCardPaymentView>, Problem> {
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        let found = card_payments::one(tx, who.account, id.0)?;
        Ok::<_, Refusal>((found, card_refunds::of_payment(tx, who.account, id.0)?))
    };
    let (found, back) = node.read(read).await?;
    let challenge = gateway::challenge(&node, &found).await?.map(|(client_secret, gateway)| ChallengeView {
        client_secret,
        publishable_key: gateway.account().publishable.clone(),
        script: gateway.account().script.clone(),
    });
    let refunds = back.iter().map(CardRefundView::from).collect();
    Ok(Json(WholeCardPaymentView { payment: CardPaymentView { challenge, ..found.into() }, refunds }))
}

/// Gives up a payment whose holder gives no proof: the orders are unpaid again, and what the balance was to pay is free.
#[utoipa::path(post, path = "/v1/card-payments/{payment}/cancel", tag = "orders", params(("payment" = String, Path)),
    security(("key" = ["buy"])), responses((status = 200, body = CardPaymentView)))]
async fn cancel_card_payment(
    State(node): State<Node>,
    Path(id): Path<Id<PaymentId>>,
    call: Call<Buyer, Nothing>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let payment = card_payments::give_up(tx, at, call.who.account, id.0)?;
        Ok(Reply::ok(CardPaymentView::from(payment)))
    })
    .await
}

/// Which payments.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CardPaymentsQuery {
    /// Only payments in this state.
    state: Option<Word<words::CardPaymentState>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// Lists payments by card, the newest first.
#[utoipa::path(get, path = "/v1/card-payments", tag = "orders", params(CardPaymentsQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<CardPaymentView>)))]
async fn list_card_payments(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<CardPaymentsQuery>,
) -> Result<Json<Page<CardPaymentView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let state = query.state.map(|it| it.0.0);
    let page = node.read(move |tx, _| list::page(tx, who.account, state, &part)).await?;
    Ok(Json(Page::of(page, CardPaymentView::from)))
}

/// A payment by card and whose it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!(owned_example()))]
pub struct OwnedCardPaymentView {
    pub account: String,
    /// What the account is called.
    pub account_name: String,
    #[serde(flatten)]
    pub payment: CardPaymentView,
}

/// Lists the payments by card of all accounts, the newest first.
#[utoipa::path(get, path = "/v1/all-card-payments", tag = "operations", params(CardPaymentsQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<OwnedCardPaymentView>)))]
async fn list_all_card_payments(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<CardPaymentsQuery>,
) -> Result<Json<Page<OwnedCardPaymentView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let state = query.state.map(|it| it.0.0);
    let page = node.report(move |tx, _| list::of_all(tx, state, &part)).await?;
    Ok(Json(Page::of(page, |it| OwnedCardPaymentView {
        account: it.account.to_string(),
        account_name: it.name,
        payment: it.of.into(),
    })))
}
