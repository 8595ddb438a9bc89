//! What asks for documents, and what they follow from.

use super::view::{
    BillingDetailsBody, BillingDetailsView, DocumentView, SELLERS, SellersView, ToInvoiceView,
};
use crate::bills::MonthText;
use crate::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::document::Document;
use desk::documents::invoices::{self, NewInvoice, NewNote};
use desk::documents::{self, sellers};
use desk::lists::accounts::currency;
use desk::lists::documents as list;
use desk::{Refusal, Tx};
use serde::Deserialize;
use units::DocumentId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, OrNothing, Reply};
use web::caller::{Buyer, Operator, Reader};
use web::location::below;
use web::problem::Problem;
use web::wire::{Id, MoneyText, Path, Text};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(issue_statement))
        .routes(routes!(issue_receipt))
        .routes(routes!(issue_invoice))
        .routes(routes!(get_to_invoice))
        .routes(routes!(issue_credit_note))
        .routes(routes!(get_billing_details, set_billing_details))
        .routes(routes!(get_sellers, apply_sellers))
}

/// The answer that a document was issued, or is there.
fn made(tx: &mut Tx<'_>, it: &Document) -> Result<Reply<DocumentView>, Refusal> {
    let view = DocumentView::from(&list::one(tx, Some(it.account), it.id)?);
    Ok(Reply::created(below("/v1/documents", &view.id), view))
}

/// Which month.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"month": "2026-06"}))]
pub struct StatementBody {
    /// A month that is final: from the third day after it on.
    month: MonthText,
}

/// Issues the statement of a month. The same month again is the statement that is there; where more was billed since, it is
/// another one that takes its place.
#[utoipa::path(post, path = "/v1/documents/statements", tag = "documents", request_body = StatementBody,
    security(("key" = ["buy"])), responses((status = 201, body = DocumentView)))]
async fn issue_statement(
    State(node): State<Node>,
    call: Call<Buyer, StatementBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let month = call.body.month.clone().into_string();
        let it = documents::statement(tx, at, documents::Asked::new(call.who.account, &month))?;
        made(tx, &it)
    })
    .await
}

/// Which payment.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reference": "bank-2026-06-01-17"}))]
pub struct ReceiptBody {
    /// The reference of a top-up in cash.
    reference: Text<1, 120>,
}

/// Issues the receipt of a payment. The same payment again is the receipt that is there.
#[utoipa::path(post, path = "/v1/documents/receipts", tag = "documents", request_body = ReceiptBody,
    security(("key" = ["buy"])), responses((status = 201, body = DocumentView)))]
async fn issue_receipt(
    State(node): State<Node>,
    call: Call<Buyer, ReceiptBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let reference = call.body.reference.as_str();
        let it = documents::receipt(tx, at, documents::Asked::new(call.who.account, reference))?;
        made(tx, &it)
    })
    .await
}

/// What may be invoiced now: cash that was consumed, less what came back and what was invoiced.
#[utoipa::path(get, path = "/v1/documents/to-invoice", tag = "documents",
    security(("key" = ["read"])), responses((status = 200, body = ToInvoiceView)))]
async fn get_to_invoice(State(node): State<Node>, who: Reader) -> Result<Json<ToInvoiceView>, Problem> {
    let found = node.report(move |tx, at| invoices::to_invoice(tx, at, who.account)).await?;
    Ok(Json(ToInvoiceView::from(found)))
}

/// What is to be invoiced.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"expected": "357.96"}))]
pub struct InvoiceBody {
    /// The `total` of what may be invoiced, as it was read: refused where it is another one by now.
    expected: Option<MoneyText>,
}

/// Issues an invoice of all that may be invoiced.
#[utoipa::path(post, path = "/v1/documents/invoices", tag = "documents", request_body = InvoiceBody,
    security(("key" = ["buy"])), responses((status = 201, body = DocumentView)))]
async fn issue_invoice(
    State(node): State<Node>,
    call: Call<Buyer, OrNothing<InvoiceBody>>,
) -> Result<Response, Problem> {
    let fresh = web::random::fresh("invoice");
    node.once(call, move |tx, at, call| {
        let (account, token) = (call.who.account, call.token_or(&fresh));
        let currency = currency(tx, account)?;
        let expected = call.body.0.expected.as_ref().map(|it| it.money(currency)).transpose();
        let expected = expected.map_err(|it| it.of("expected"))?;
        let it = invoices::invoice(tx, at, NewInvoice { account, expected, token: &token })?;
        made(tx, &it)
    })
    .await
}

/// What of an invoice does not hold.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"amount": "100.00", "reason": "The name was wrong"}))]
pub struct CreditNoteBody {
    /// Taxes included; all that is left of the invoice if left out.
    amount: Option<MoneyText>,
    reason: Text<1, 500>,
}

/// Issues a credit note of an invoice: of all that is left of it, or of a part. What it takes back may be invoiced once more.
#[utoipa::path(post, path = "/v1/documents/{document}/credit-notes", tag = "documents", params(("document" = String, Path)),
    request_body = CreditNoteBody, security(("key" = ["operator"])), responses((status = 201, body = DocumentView)))]
async fn issue_credit_note(
    State(node): State<Node>,
    Path(id): Path<Id<DocumentId>>,
    call: Call<Operator, CreditNoteBody>,
) -> Result<Response, Problem> {
    let fresh = web::random::fresh("credit note");
    node.once(call, move |tx, at, call| {
        let currency = list::one(tx, None, id.0)?.total.currency();
        let amount = call.body.amount.as_ref().map(|it| it.money(currency)).transpose();
        let amount = amount.map_err(Refusal::of_amount)?;
        let (reason, token) = (call.body.reason.as_str(), call.token_or(&fresh));
        let note = NewNote { invoice: id.0, amount, reason, token: &token };
        let it = invoices::credit_note(tx, at, note)?;
        made(tx, &it)
    })
    .await
}

/// Whom documents of the account are made out to.
#[utoipa::path(get, path = "/v1/billing-details", tag = "documents",
    security(("key" = ["read"])), responses((status = 200, body = BillingDetailsView)))]
async fn get_billing_details(
    State(node): State<Node>,
    who: Reader,
) -> Result<Json<BillingDetailsView>, Problem> {
    let found = node.read(move |tx, _| documents::details(tx, who.account)).await?;
    Ok(Json(BillingDetailsView::from(found)))
}

/// Says whom documents are made out to from now on; those that were issued stay as they are.
#[utoipa::path(put, path = "/v1/billing-details", tag = "documents", request_body = BillingDetailsBody,
    security(("key" = ["buy"])), responses((status = 200, body = BillingDetailsView)))]
async fn set_billing_details(
    State(node): State<Node>,
    call: Call<Buyer, BillingDetailsBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, _, call| {
        let said = documents::set_details(tx, call.who.account, call.body.details())?;
        Ok(Reply::ok(BillingDetailsView::from(said)))
    })
    .await
}

/// Who sells, and the taxes.
#[utoipa::path(get, path = "/v1/sellers", tag = "documents",
    security(("key" = ["operator"])), responses((status = 200, body = SellersView),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn get_sellers(State(node): State<Node>, _: Operator) -> Result<Json<SellersView>, Problem> {
    let found = node
        .read(move |tx, _| sellers::applied(tx)?.ok_or_else(|| Refusal::missing("file of the sellers")))
        .await?;
    Ok(Json(SellersView::from(found)))
}

/// A file of the sellers.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": SELLERS}))]
pub struct SellersBody {
    /// TOML, as docs/documents.md says it.
    #[schema(max_length = 200_000)]
    text: String,
}

/// Says who sells and what is taxed, for what is issued from now on. The file that holds, again, changes nothing.
#[utoipa::path(put, path = "/v1/sellers", tag = "documents", request_body = SellersBody,
    security(("key" = ["operator"])), responses((status = 200, body = SellersView)))]
async fn apply_sellers(
    State(node): State<Node>,
    call: Call<Operator, SellersBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let by = call.actor().to_string();
        let applied = sellers::apply(tx, at, &call.body.text, &by)?;
        Ok(Reply::ok(SellersView::from(applied)))
    })
    .await
}
