//! Bank transfers: `/v1/bank-reference`, `/v1/bank-statements`, `/v1/bank-entries`.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::bank;
use desk::bank as entries;
use desk::lists::bank::{self as list, StoredEntry};
use desk::{Refusal, lists};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, OrNothing, Reply};
use web::caller::{Operator, Reader};
use web::problem::Problem;
use web::wire::{self, Limit, Moment, Page, Path, Query, Text};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_bank_reference))
        .routes(routes!(add_bank_statement))
        .routes(routes!(list_bank_entries))
        .routes(routes!(confirm_bank_entry))
        .routes(routes!(set_aside_bank_entry))
}

/// What a customer writes on a transfer.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"reference": "RF45ABCDEFGHJKLMNPQR", "grouped": "RF45 ABCD EFGH JKLM NPQR"}))]
pub struct BankReferenceView {
    /// With check digits of ISO 11649; the same for ever.
    pub reference: String,
    /// The same in groups of four.
    pub grouped: String,
}

/// What to write on a bank transfer, so that it is known whose it is.
#[utoipa::path(get, path = "/v1/bank-reference", tag = "wallet",
    security(("key" = ["read"])), responses((status = 200, body = BankReferenceView)))]
async fn get_bank_reference(
    State(node): State<Node>,
    who: Reader,
) -> Result<Json<BankReferenceView>, Problem> {
    let it = node.read(move |tx, _| entries::reference(tx, who.account)).await?;
    Ok(Json(BankReferenceView { reference: it.to_string(), grouped: it.grouped() }))
}

/// Money that came in by a bank's statement.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "N1", "booked": "2026-05-31T16:00:00Z", "amount": "250.00", "currency": "CNY", "payer": "Acme",
    "text": "RF45ABCDEFGHJKLMNPQR", "account": "acc_019eb7696c008cf183c2a061049531a6", "state": "open", "reason": null
}))]
pub struct BankEntryView {
    /// The bank's name of it.
    pub id: String,
    /// When its day of booking begins, on the calendar of the books.
    pub booked: Moment,
    /// Below zero for what had come in and went back: that is set aside, not confirmed.
    pub amount: wire::MoneyShown,
    pub currency: String,
    pub payer: String,
    /// What the payer wrote.
    pub text: String,
    /// Whose it is; while it is open, whose reference was written on it, if one was.
    pub account: Option<String>,
    pub state: words::BankEntryState,
    /// Why it was set aside.
    pub reason: Option<String>,
}

impl From<StoredEntry> for BankEntryView {
    fn from(it: StoredEntry) -> BankEntryView {
        BankEntryView {
            id: it.entry.id,
            booked: wire::time(it.entry.booked),
            amount: wire::money(it.entry.money),
            currency: it.entry.money.currency().as_str().to_string(),
            payer: it.entry.payer,
            text: it.entry.text,
            account: it.standing.account.map(|it| it.to_string()),
            state: it.standing.state.into(),
            reason: Some(it.standing.reason).filter(|it| !it.is_empty()),
        }
    }
}

/// A bank's statement, as the bank made it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"statement": "id,date,amount,currency,payer,text,balance\nN1,2026-06-01,250.00,CNY,Acme,RF45ABCDEFGHJKLMNPQR,1250.00\n"}))]
pub struct BankStatementBody {
    /// camt.053 as XML, or CSV with the columns `id,date,amount,currency,payer,text,balance`.
    #[schema(min_length = 1)]
    statement: String,
}

/// Takes a bank's statement: what came in is listed with whose it may be. What was there before stays as it is.
///
/// A statement whose sums do not come to its balances is refused as a whole, and so is one with an entry under whose name another
/// one is known. 5000 entries are taken at once.
#[utoipa::path(post, path = "/v1/bank-statements", tag = "operations", request_body = BankStatementBody,
    security(("key" = ["operator"])), responses((status = 200, body = Page<BankEntryView>)))]
async fn add_bank_statement(
    State(node): State<Node>,
    call: Call<Operator, BankStatementBody>,
) -> Result<Response, Problem> {
    let text = call.body.statement.clone();
    let read = move |node: &Node| {
        let read = providers::bank::read(&text, &node.desk().calendar);
        read.map_err(|error| Refusal::from(error).of("statement"))
    };
    let read = node.blocking(read).await?;
    node.once(call, move |tx, at, _| {
        let added = entries::add(tx, at, &read)?;
        let items = added.into_iter().map(BankEntryView::from).collect();
        Ok(Reply::ok(Page::<BankEntryView> { items, next: None }))
    })
    .await
}

/// Which entries.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BankEntriesQuery {
    /// In this state; `open` if left out.
    state: Option<Word<words::BankEntryState>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: an entry.
    after: Option<Text<0, 80>>,
}

/// Lists what came in by bank, the newest first.
#[utoipa::path(get, path = "/v1/bank-entries", tag = "operations", params(BankEntriesQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<BankEntryView>)))]
async fn list_bank_entries(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<BankEntriesQuery>,
) -> Result<Json<Page<BankEntryView>>, Problem> {
    let state = query.state.map_or(bank::State::Open, |it| it.0.0);
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let page = node.read(move |tx, _| list::entries(tx, state, &part)).await?;
    Ok(Json(Page::of(page, BankEntryView::from)))
}

/// Whose an entry is.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"account": "acc_019eb7696c008cf183c2a061049531a6"}))]
pub struct BankEntryBody {
    /// The one whose reference was written on it if left out.
    account: Option<Text<1, 80>>,
}

/// Says whose an entry is: it comes into that wallet, debt first. The same again changes nothing.
#[utoipa::path(post, path = "/v1/bank-entries/{entry}/confirm", tag = "operations", params(("entry" = String, Path)),
    request_body = BankEntryBody, security(("key" = ["operator"])), responses((status = 200, body = BankEntryView)))]
async fn confirm_bank_entry(
    State(node): State<Node>,
    Path(entry): Path<String>,
    call: Call<Operator, OrNothing<BankEntryBody>>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let account = call.body.0.account.as_ref().map(|it| lists::accounts::id(it.as_str())).transpose()?;
        Ok(Reply::ok(BankEntryView::from(entries::confirm(tx, at, &entry, account)?)))
    })
    .await
}

/// Why an entry is nobody's.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "interest of the bank"}))]
pub struct SetAsideBody {
    reason: Text<1, 200>,
}

/// Says that an entry is nobody's. The same with the same reason again changes nothing.
#[utoipa::path(post, path = "/v1/bank-entries/{entry}/set-aside", tag = "operations", params(("entry" = String, Path)),
    request_body = SetAsideBody, security(("key" = ["operator"])), responses((status = 200, body = BankEntryView)))]
async fn set_aside_bank_entry(
    State(node): State<Node>,
    Path(entry): Path<String>,
    call: Call<Operator, SetAsideBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let reason = call.body.reason.as_str();
        Ok(Reply::ok(BankEntryView::from(entries::set_aside(tx, at, &entry, reason)?)))
    })
    .await
}
