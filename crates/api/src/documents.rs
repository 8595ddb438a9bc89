//! Documents: `/v1/documents`, whom they are made out to, and who sells.

mod asked;
mod file;
mod view;

use super::state::Api;
use ::paper::Form;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use desk::Refusal;
use desk::documents;
use desk::lists::documents::{self as list, Filter};
use file::{FapiaoView, PdfFile, XmlText};
use serde::Deserialize;
use units::DocumentId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use view::{DocumentView, WholeDocumentView};
use web::Node;
use web::caller::Viewer;
use web::paper;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Page, Path, Query, Text};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_documents))
        .routes(routes!(get_document))
        .routes(routes!(get_document_pdf))
        .routes(routes!(get_document_xml))
        .routes(routes!(get_document_fapiao))
        .merge(asked::routes())
}

/// Which documents.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DocumentsQuery {
    /// Only documents of this kind.
    kind: Option<Word<words::DocumentKind>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: a document.
    after: Option<Text<0, 80>>,
}

/// Lists documents, the newest first: those of the account, or all of them for an operator.
#[utoipa::path(get, path = "/v1/documents", tag = "documents", params(DocumentsQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<DocumentView>)))]
async fn list_documents(
    State(node): State<Node>,
    who: Viewer,
    Query(query): Query<DocumentsQuery>,
) -> Result<Json<Page<DocumentView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = Filter { account: who.account, kind: query.kind.map(|it| it.0.0) };
    let page = node.read(move |tx, _| list::page(tx, of, &part)).await?;
    Ok(Json(Page::of(page, |it| DocumentView::from(&it))))
}

/// One document with all that it says.
#[utoipa::path(get, path = "/v1/documents/{document}", tag = "documents", params(("document" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = WholeDocumentView)))]
async fn get_document(
    State(node): State<Node>,
    who: Viewer,
    Path(id): Path<Id<DocumentId>>,
) -> Result<Json<WholeDocumentView>, Problem> {
    let found = node.read(move |tx, _| WholeDocumentView::of(&list::one(tx, who.account, id.0)?)).await?;
    Ok(Json(found))
}

/// How a document is set.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PrintQuery {
    /// In which language; that of the billing details when it was issued, if left out.
    language: Option<Word<words::Language>>,
}

/// One document as PDF/A-3. The same document in the same language is the same file.
#[utoipa::path(get, path = "/v1/documents/{document}/pdf", tag = "documents",
    params(("document" = String, Path), PrintQuery), security(("key" = ["read"])),
    responses((status = 200, body = PdfFile, content_type = "application/pdf")))]
async fn get_document_pdf(
    State(node): State<Node>,
    who: Viewer,
    Path(id): Path<Id<DocumentId>>,
    Query(query): Query<PrintQuery>,
) -> Result<Response, Problem> {
    let found = node.read(move |tx, _| documents::one(tx, who.account, id.0)).await?;
    let language = query.language.map_or(found.language, |it| it.0.0);
    paper::pdf(&node, found, language).await
}

/// In which syntax.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct XmlQuery {
    /// `ubl` if left out.
    form: Option<Word<words::XmlForm>>,
}

/// An invoice or a credit note as XML, as EN 16931 binds it.
#[utoipa::path(get, path = "/v1/documents/{document}/xml", tag = "documents",
    params(("document" = String, Path), XmlQuery), security(("key" = ["read"])),
    responses((status = 200, body = XmlText, content_type = "application/xml"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn get_document_xml(
    State(node): State<Node>,
    who: Viewer,
    Path(id): Path<Id<DocumentId>>,
    Query(query): Query<XmlQuery>,
) -> Result<Response, Problem> {
    let found = node.read(move |tx, _| documents::one(tx, who.account, id.0)).await?;
    paper::data(&found, query.form.map_or(Form::Ubl, |it| it.0.0))
}

/// An invoice or a credit note as the data of a fapiao.
#[utoipa::path(get, path = "/v1/documents/{document}/fapiao", tag = "documents", params(("document" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = FapiaoView),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn get_document_fapiao(
    State(node): State<Node>,
    who: Viewer,
    Path(id): Path<Id<DocumentId>>,
) -> Result<Json<FapiaoView>, Problem> {
    let found = node.read(move |tx, _| documents::one(tx, who.account, id.0)).await?;
    let text = paper::text(&found, Form::Fapiao)?;
    let unreadable = |_| Refusal::corrupt(format!("document {}", found.number));
    Ok(Json(serde_json::from_str(&text).map_err(unreadable)?))
}
