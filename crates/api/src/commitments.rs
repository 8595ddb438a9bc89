//! Commitments: `/v1/accounts/{account}/commitment` for an operator, `/v1/account/commitment` for the customer.
//!
//! In:  what an account is to spend in each month. Out: what was agreed, and how the month that runs stands.
//! Invariant: a customer sees its own alone; what was agreed before stays written.

use super::bills::MonthText;
use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::commitment::Commitment;
use desk::commitments::{self, New, Seen};
use desk::lists::accounts::currency;
use serde::{Deserialize, Serialize};
use units::{AccountId, Calendar};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Reply};
use web::caller::{Operator, Reader};
use web::problem::Problem;
use web::wire::{self, Id, Moment, MoneyText, Path, Text};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_commitment, set_commitment)).routes(routes!(get_own_commitment))
}

/// What an account is to spend in this month at least, and what of that is spent.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "account": "acc_019eb7696c008cf183c2a061049531a6", "month": "2026-06", "agreed": "100.00", "spent": "62.40", "missing": "37.60",
    "currency": "CNY", "terms": [{
        "amount": "100.00", "from": "2026-06", "until": "2027-01", "made": "2026-06-01T00:00:00Z", "reason": "framework contract 17"
    }]
}))]
pub struct CommitmentView {
    pub account: String,
    /// The month that runs.
    pub month: String,
    /// What is to be spent in it; 0.00 without a commitment.
    pub agreed: wire::MoneyShown,
    /// What was billed in it so far, whoever paid it; what is used and not billed yet is not in it.
    pub spent: wire::MoneyShown,
    /// What is billed with the close of the month if nothing more is spent.
    pub missing: wire::MoneyShown,
    pub currency: String,
    /// Everything that was agreed; of two for the same month the later one holds.
    pub terms: Vec<CommitmentTerm>,
}

/// An agreement.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "amount": "100.00", "from": "2026-06", "until": "2027-01", "made": "2026-06-01T00:00:00Z", "reason": "framework contract 17"
}))]
pub struct CommitmentTerm {
    /// To be spent in each month; 0.00 for nothing any more.
    pub amount: wire::MoneyShown,
    /// Its first month.
    pub from: String,
    /// The first month that it is not for; `null` until something else is agreed.
    pub until: Option<String>,
    pub made: Moment,
    pub reason: String,
}

impl CommitmentTerm {
    fn new(it: &Commitment, calendar: &Calendar) -> CommitmentTerm {
        CommitmentTerm {
            amount: wire::money(it.amount),
            from: calendar.month(it.from),
            until: it.until.map(|it| calendar.month(it)),
            made: wire::time(it.made),
            reason: it.reason.clone(),
        }
    }
}

impl CommitmentView {
    fn new(account: AccountId, it: &Seen, calendar: &Calendar) -> CommitmentView {
        CommitmentView {
            account: account.to_string(),
            month: calendar.month(it.month.from),
            agreed: wire::money(it.agreed),
            spent: wire::money(it.spent),
            missing: wire::money(it.missing),
            currency: it.agreed.currency().as_str().to_string(),
            terms: it.all.iter().map(|it| CommitmentTerm::new(it, calendar)).collect(),
        }
    }
}

/// What an account is to spend in each month.
#[utoipa::path(get, path = "/v1/accounts/{account}/commitment", tag = "accounts", params(("account" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = CommitmentView)))]
async fn get_commitment(
    State(node): State<Node>,
    _: Operator,
    Path(account): Path<Id<AccountId>>,
) -> Result<Json<CommitmentView>, Problem> {
    shown(&node, account.0).await
}

async fn shown(node: &Node, account: AccountId) -> Result<Json<CommitmentView>, Problem> {
    let view = node.read(move |tx, at| {
        let seen = commitments::seen(tx, at, account)?;
        Ok(CommitmentView::new(account, &seen, &at.desk.calendar))
    });
    Ok(Json(view.await?))
}

/// What an account is to spend in each month, agreed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"amount": "100.00", "from": "2026-07", "until": "2027-01", "reason": "framework contract 17"}))]
pub struct CommitmentBody {
    /// In the currency of the account; 0.00 for nothing any more.
    amount: MoneyText,
    /// The first month: the one that runs or a later one; the next one if left out.
    from: Option<MonthText>,
    /// The first month that it is not for; until something else is agreed if left out.
    until: Option<MonthText>,
    /// Why, for the audit log.
    reason: Text<1, 500>,
}

/// Agrees what an account is to spend in each month. The same again changes nothing.
///
/// What the bills of a month lack of it is billed when the month is closed, as one bill of the kind `commitment`. What is agreed holds
/// in place of what was agreed before, from its first month on.
#[utoipa::path(put, path = "/v1/accounts/{account}/commitment", tag = "accounts", params(("account" = String, Path)),
    request_body = CommitmentBody, security(("key" = ["operator"])), responses((status = 200, body = CommitmentView)))]
async fn set_commitment(
    State(node): State<Node>,
    Path(account): Path<Id<AccountId>>,
    call: Call<Operator, CommitmentBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let body = &call.body;
        let amount = body.amount.money(currency(tx, account.0)?).map_err(|it| it.of("amount"))?;
        let month = |it: &Option<MonthText>| it.clone().map(MonthText::into_string);
        let (from, until) = (month(&body.from), month(&body.until));
        let new = New {
            account: account.0,
            amount,
            from: from.as_deref(),
            until: until.as_deref(),
            reason: body.reason.as_str(),
        };
        let seen = commitments::set(tx, at, new)?;
        Ok(Reply::ok(CommitmentView::new(account.0, &seen, &at.desk.calendar)).about(account.0))
    })
    .await
}

/// What the caller's account is to spend in each month.
#[utoipa::path(get, path = "/v1/account/commitment", tag = "wallet",
    security(("key" = ["read"])), responses((status = 200, body = CommitmentView)))]
async fn get_own_commitment(State(node): State<Node>, who: Reader) -> Result<Json<CommitmentView>, Problem> {
    shown(&node, who.account).await
}
