//! Corrections by people: `/v1/corrections`, for operators alone.

mod body;
mod view;

use super::books::{BookFiles, small_book};
use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use body::CorrectionBody;
use desk::corrections::{self, preview};
use desk::lists::corrections::{Filter, KeptBook};
use desk::{books, lists};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::{BookId, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use view::{CorrectionView, PreviewView};
use web::Node;
use web::call::{Call, Reply};
use web::caller::Operator;
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, Page, Param, Path, Query, Text, When};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(make_correction, list_corrections))
        .routes(routes!(preview_correction))
        .routes(routes!(keep_price_book))
        .routes(routes!(get_kept_price_book))
        .routes(routes!(get_correction))
}

/// Puts something right: a reading, a bill, the prices of a past period.
///
/// Nothing is edited: a correction stands above what was wrong, with who and why. Closed cycles that it touches are rated
/// once more at the next close of their kind, and the difference is an adjustment. The same again changes nothing.
#[utoipa::path(post, path = "/v1/corrections", tag = "operations", request_body = CorrectionBody,
    security(("key" = ["operator"])), responses((status = 201, body = CorrectionView),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn make_correction(
    State(node): State<Node>,
    call: Call<Operator, CorrectionBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let ask = call.body.ask(tx, call.actor().to_string())?;
        corrections::make(tx, at, &ask)?;
        let view = CorrectionView::try_from(lists::corrections::one(tx, &ask.id)?)?;
        Ok(Reply::created(below("/v1/corrections", &ask.id), view))
    })
    .await
}

/// Says what would follow from a correction. Nothing is kept.
#[utoipa::path(post, path = "/v1/corrections/preview", tag = "operations", request_body = CorrectionBody,
    security(("key" = ["operator"])), responses((status = 200, body = PreviewView),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn preview_correction(
    State(node): State<Node>,
    call: Call<Operator, CorrectionBody>,
) -> Result<Json<PreviewView>, Problem> {
    node.rehearse(move |tx, at| {
        let ask = call.body.ask(tx, call.actor().to_string())?;
        let made = corrections::make(tx, at, &ask)?;
        let bills = preview::all_bills(tx, at, &made)?;
        Ok(PreviewView::of(&bills, &made.open))
    })
    .await
    .map(Json)
}

/// A book for corrections to name.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"files": small_book()}))]
pub struct KeepBody {
    files: BookFiles,
}

/// A book that corrections may name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"book": "boo_019eb7696c008cf183c2a061049531a6"}))]
pub struct KeptBookView {
    pub book: String,
}

/// Keeps a price book for corrections to name. It holds nowhere by itself; the same book again changes nothing.
#[utoipa::path(post, path = "/v1/corrections/price-books", tag = "operations", request_body = KeepBody,
    security(("key" = ["operator"])), responses((status = 201, body = KeptBookView)))]
async fn keep_price_book(
    State(node): State<Node>,
    call: Call<Operator, KeepBody>,
) -> Result<Response, Problem> {
    let files = call.body.files.files().clone();
    let book = node.blocking(move |_| books::prepared(&files, None)).await?;
    let done = node
        .once(call, move |tx, _, _| {
            let book = corrections::prices::keep(tx, &book)?.to_string();
            Ok(Reply::created(below("/v1/corrections/price-books", &book), KeptBookView { book }))
        })
        .await?;
    node.blocking(Node::reload).await?;
    Ok(done)
}

/// A kept book with everything that it says.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "book": "boo_019eb7696c008cf183c2a061049531a6", "name": "mine", "from": "2026-06-30T16:00:00Z", "files": small_book()
}))]
pub struct WholeKeptBookView {
    pub book: String,
    pub name: String,
    /// From when it says that it holds; corrections say otherwise.
    pub from: Moment,
    /// The text of each file by its path.
    pub files: BTreeMap<String, String>,
}

impl From<KeptBook> for WholeKeptBookView {
    fn from(it: KeptBook) -> WholeKeptBookView {
        let text = |path: &str| (path.to_string(), it.files.get(path).unwrap_or("").to_string());
        WholeKeptBookView {
            book: it.id.to_string(),
            from: wire::time(it.from),
            files: it.files.paths().map(text).collect(),
            name: it.name,
        }
    }
}

/// One book that is kept for corrections.
#[utoipa::path(get, path = "/v1/corrections/price-books/{kept}", tag = "operations", params(("kept" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = WholeKeptBookView)))]
async fn get_kept_price_book(
    State(node): State<Node>,
    _: Operator,
    Path(kept): Path<Id<BookId>>,
) -> Result<Json<WholeKeptBookView>, Problem> {
    let found = node.read(move |tx, _| lists::corrections::kept_book(tx, kept.0)).await?;
    Ok(Json(WholeKeptBookView::from(found)))
}

/// Numbers of corrections; beyond it they would not be exact in JSON.
type Number = Param<1, 9_007_199_254_740_991>;

/// Which corrections.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CorrectionsQuery {
    /// Only those of this account.
    account: Option<Text<1, 80>>,
    /// Only those that were made then or later.
    from: Option<When>,
    /// Only those that were made before.
    to: Option<When>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: corrections with smaller numbers follow.
    after: Option<Number>,
}

/// Lists corrections, the newest first: who put what right, when and why.
#[utoipa::path(get, path = "/v1/corrections", tag = "operations", params(CorrectionsQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<CorrectionView>),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn list_corrections(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<CorrectionsQuery>,
) -> Result<Json<Page<CorrectionView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(|it| it.get().to_string()));
    let of = Filter {
        account: query.account.as_ref().map(|it| body::account(it.as_str())).transpose()?,
        from: query.from.map_or(Ok(Timestamp::MIN), |it| it.of("from"))?,
        to: query.to.map_or(Ok(Timestamp::MAX), |it| it.of("to"))?,
    };
    let read = move |tx: &mut desk::Tx<'_>, _: desk::At<'_>| {
        let page = lists::corrections::page(tx, of, &part)?;
        Page::try_of(page, CorrectionView::try_from)
    };
    node.read(read).await.map(Json)
}

/// One correction.
#[utoipa::path(get, path = "/v1/corrections/{correction}", tag = "operations", params(("correction" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = CorrectionView)))]
async fn get_correction(
    State(node): State<Node>,
    _: Operator,
    Path(correction): Path<String>,
) -> Result<Json<CorrectionView>, Problem> {
    let read = move |tx: &mut desk::Tx<'_>, _: desk::At<'_>| {
        CorrectionView::try_from(lists::corrections::one(tx, &correction)?)
    };
    node.read(read).await.map(Json)
}
