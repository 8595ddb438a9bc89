//! Price books: `/v1/price-books`.
//!
//! In:  the files of a book. Out: books as they stand, what is wrong with one, what one would change.
//! Invariant: a book that was applied or taken back here is used here by the next request.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::book::Book;
use desk::books::{self, Applied};
use desk::lists::books::Shown;
use desk::{Refusal, lists};
use pricebook::{Files, LONGEST_PATH, LONGEST_TEXT, MOST_FILES};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::BookId;
use utoipa::openapi::schema::{SchemaType, Type};
use utoipa::openapi::{Object, ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Nothing, Reply};
use web::caller::Operator;
use web::location::below;
use web::problem::{BookProblem, Problem};
use web::wire::{self, Id, Limit, Moment, Page, Path, Query, Text, When};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_price_books, apply_price_book))
        .routes(routes!(get_price_book, undo_price_book))
        .routes(routes!(check_price_book))
        .routes(routes!(diff_price_book))
}

/// A book as it stands among the others.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "boo_019eb7696c008cf183c2a061049531a6", "name": "demo", "currency": "CNY", "state": "in_force", "from": "2026-01-01T00:00:00Z",
    "applied": "2026-06-01T00:00:00Z", "by": "key_019eb7696c008cf183c2a061049531a6", "file_count": 21
}))]
pub struct BookView {
    pub id: String,
    pub name: String,
    /// Whose accounts it is for: books of one currency say nothing of another.
    pub currency: String,
    /// `past`, `in_force`, `scheduled` when it begins later, or `withheld` when it was to begin and dropped what lived then.
    pub state: words::BookState,
    /// What a withheld book drops; left out of others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Holds from here until the next book of its currency.
    pub from: Moment,
    pub applied: Moment,
    /// Who applied it, as the audit log names them; left out of books that an older program applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    pub file_count: usize,
}

impl From<&Shown> for BookView {
    fn from(Shown { head: it, state, files }: &Shown) -> BookView {
        BookView {
            id: it.id.to_string(),
            name: it.name.clone(),
            currency: it.currency.as_str().to_string(),
            state: (*state).into(),
            reason: it.withheld.clone(),
            from: wire::time(it.from),
            applied: wire::time(it.applied),
            by: Some(it.by.clone()).filter(|it| !it.is_empty()),
            file_count: files.paths().count(),
        }
    }
}

/// A book with everything that it says.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WholeBookView {
    #[serde(flatten)]
    pub book: BookView,
    /// The text of each file by its path.
    #[schema(example = json!(small_book()))]
    pub files: BTreeMap<String, String>,
}

impl From<&Shown> for WholeBookView {
    fn from(it: &Shown) -> WholeBookView {
        let text = |path: &str| (path.to_string(), it.files.get(path).unwrap_or("").to_string());
        WholeBookView { book: BookView::from(it), files: it.files.paths().map(text).collect() }
    }
}

/// Files of a book by their paths.
#[derive(Clone, Debug, Default)]
pub struct BookFiles(Files);

impl BookFiles {
    /// As the price book is read from them.
    pub(super) fn files(&self) -> &Files {
        &self.0
    }
}

/// What `Files::sent` takes as a path, as a pattern.
const PATH: &str = "^[a-z0-9][a-z0-9_-]*([./][a-z0-9_-]+)*$";

impl<'de> Deserialize<'de> for BookFiles {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<BookFiles, D::Error> {
        use serde::de::Error;
        let given = BTreeMap::<String, String>::deserialize(from)?;
        Files::sent(&given).map(BookFiles).map_err(D::Error::custom)
    }
}

fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String))
}

/// The smallest book that checks: one region, one product, one price.
pub(super) fn small_book() -> serde_json::Value {
    serde_json::json!({
        "book.toml": "name = \"mine\"\ncurrency = \"CNY\"\nzone = \"+08:00\"\nfrom = \"2026-07-01\"\n\n\
            [[region]]\nid = \"guangzhou\"\nname = \"Guangzhou\"\nzones = [\"guangzhou-1\"]\n",
        "products/address.toml": "id = \"address\"\nname = \"Address\"\nmetering_ends = \"requested\"\n\n\
            [limits]\nquantity = 10\n\n[[option]]\nname = \"region\"\nkind = \"region\"\n\n\
            [[component]]\nid = \"held\"\nname = \"Address\"\ndue = \"hour\"\nmeter = \"held\"\nbilled_while = [\"running\"]\n\
            price = { kind = \"per_unit\", amount = \"0.02\", per = \"hour\", source = \"mine\" }\n"
    })
}

impl ToSchema for BookFiles {}

impl PartialSchema for BookFiles {
    fn schema() -> RefOr<Schema> {
        let path: Object = string().max_length(Some(LONGEST_PATH)).pattern(Some(PATH)).build();
        let text: Object = string().max_length(Some(LONGEST_TEXT)).pattern(Some(r"^[^\x00]*$")).build();
        let files = ObjectBuilder::new()
            .description(Some(
                "The text of each file by its path, such as `book.toml` or `products/server.toml`.",
            ))
            .property_names(Some(Schema::Object(path)))
            .additional_properties(Some(RefOr::T(Schema::Object(text))))
            .examples([small_book()])
            .max_properties(Some(MOST_FILES));
        RefOr::T(Schema::Object(files.build()))
    }
}

/// A book to apply.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from": "2026-07-01T00:00:00+08:00", "files": small_book()}))]
pub struct ApplyBody {
    files: BookFiles,
    /// From when it holds; the date in the book if left out.
    from: Option<When>,
}

/// Applies a price book from a date on, for the accounts of its currency.
///
/// Orders that are placed before and paid after that date end when their price changed. Customers who have something that it charges
/// otherwise are told, as of a proposal; where the operator set a limit of price changes, such a book is proposed instead. The same
/// book again changes nothing.
#[utoipa::path(post, path = "/v1/price-books", tag = "operations", request_body = ApplyBody,
    security(("key" = ["operator"])), responses((status = 201, body = BookView)))]
async fn apply_price_book(
    State(node): State<Node>,
    call: Call<Operator, ApplyBody>,
) -> Result<Response, Problem> {
    let from = call.body.from.as_ref().map(|it| it.of("from")).transpose()?;
    let files = call.body.files.0.clone();
    let prepared = node.blocking(move |_| books::prepared(&files, from)).await?;
    let book = prepared.by(call.note().actor);
    let done = node
        .once(call, move |tx, at, _| {
            let Applied { id, .. } = books::add(tx, at, &book)?;
            let place = below("/v1/price-books", &id.to_string());
            Ok(Reply::created(place, BookView::from(&lists::books::one(tx, at, id)?)))
        })
        .await?;
    node.blocking(Node::reload).await?;
    Ok(done)
}

/// Takes a book back before it begins. Customers who were told of it are told so.
#[utoipa::path(delete, path = "/v1/price-books/{book}", tag = "operations", params(("book" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = BookView)))]
async fn undo_price_book(
    State(node): State<Node>,
    Path(book): Path<Id<BookId>>,
    call: Call<Operator, Nothing>,
) -> Result<Response, Problem> {
    let done = node
        .once(call, move |tx, at, _| {
            let before = BookView::from(&lists::books::one(tx, at, book.0)?);
            books::undo(tx, at, book.0)?;
            Ok(Reply::ok(before))
        })
        .await?;
    node.blocking(Node::reload).await?;
    Ok(done)
}

/// Which books.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BooksQuery {
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// Lists price books, the one that begins last first.
#[utoipa::path(get, path = "/v1/price-books", tag = "operations", params(BooksQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<BookView>)))]
async fn list_price_books(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<BooksQuery>,
) -> Result<Json<Page<BookView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let page = node.read(move |tx, at| lists::books::page(tx, at, &part)).await?;
    Ok(Json(Page::of(page, |it| BookView::from(&it))))
}

/// One book with its files.
#[utoipa::path(get, path = "/v1/price-books/{book}", tag = "operations", params(("book" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = WholeBookView)))]
async fn get_price_book(
    State(node): State<Node>,
    _: Operator,
    Path(book): Path<Id<BookId>>,
) -> Result<Json<WholeBookView>, Problem> {
    let found = node.read(move |tx, at| lists::books::one(tx, at, book.0)).await?;
    Ok(Json(WholeBookView::from(&found)))
}

/// A book to look at.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"files": small_book()}))]
pub struct CheckBody {
    files: BookFiles,
}

/// What a look at a book found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"ok": true, "products": 1, "prices": 1, "problems": [], "warnings": []}))]
pub struct CheckView {
    pub ok: bool,
    /// 0 when there is a problem.
    pub products: usize,
    pub prices: usize,
    pub problems: Vec<BookProblem>,
    /// What does not stop the book and is worth a look, as sentences.
    pub warnings: Vec<String>,
}

impl From<&Book> for CheckView {
    fn from(it: &Book) -> CheckView {
        let prices = it.products.iter().flat_map(|it| &it.components).map(|it| it.prices.len()).sum();
        let (products, warnings) = (it.products.len(), pricebook::warnings(it));
        CheckView { ok: true, products, prices, problems: Vec::new(), warnings }
    }
}

/// Reads a book and tells every problem. Nothing is kept.
#[utoipa::path(post, path = "/v1/price-books/check", tag = "operations", request_body = CheckBody,
    security(("key" = ["operator"])), responses((status = 200, body = CheckView)))]
async fn check_price_book(
    State(node): State<Node>,
    call: Call<Operator, CheckBody>,
) -> Result<Json<CheckView>, Problem> {
    let look = move |_: &Node| match books::read(&call.body.files.0, None) {
        Ok(book) => Ok(CheckView::from(&book)),
        Err(Refusal::Book(found)) => {
            let problems = found.iter().map(BookProblem::from).collect();
            Ok(CheckView { ok: false, products: 0, prices: 0, problems, warnings: Vec::new() })
        }
        Err(refusal) => Err(refusal),
    };
    node.blocking(look).await.map(Json)
}

/// Two books to compare.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"files": small_book()}))]
pub struct DiffBody {
    /// The book after.
    files: BookFiles,
    /// The book before, by its id; the one of the same currency in force if left out.
    against: Option<Text<1, 80>>,
}

/// What changes from one book to another.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DiffView {
    /// One per part of the book that appears (`+`), goes (`-`) or changes (`~`); none when both say the same.
    #[schema(example = json!(["~ product server / component cpu / price / amount: 0.20 → 0.25"]))]
    pub lines: Vec<String>,
    /// The same changes, taken apart.
    pub changes: Vec<ChangeView>,
}

/// One part of a book that changes.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"change": "changed", "path": ["product server", "component cpu", "price", "amount"],
    "before": "0.20", "after": "0.25", "percent": "+25.0"}))]
pub struct ChangeView {
    /// `added`, `removed` or `changed`.
    pub change: words::ChangeKind,
    /// From the book down to the part.
    pub path: Vec<String>,
    /// What stood there; left out where nothing did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What stands there after; left out where nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// By how many percent a price changes, to a tenth; left out for what is no price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<String>,
    /// Where the new figure of a price comes from; left out where that is as it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl From<Vec<pricebook::Change>> for DiffView {
    fn from(changes: Vec<pricebook::Change>) -> DiffView {
        let lines = changes.iter().map(ToString::to_string).collect();
        let view = |it: pricebook::Change| ChangeView {
            percent: it.percent(),
            change: it.kind.into(),
            path: it.path,
            before: it.before,
            after: it.after,
            source: it.source,
        };
        DiffView { lines, changes: changes.into_iter().map(view).collect() }
    }
}

/// Says what a book would change. Nothing is kept.
#[utoipa::path(post, path = "/v1/price-books/diff", tag = "operations", request_body = DiffBody,
    security(("key" = ["operator"])), responses((status = 200, body = DiffView),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn diff_price_book(
    State(node): State<Node>,
    call: Call<Operator, DiffBody>,
) -> Result<Json<DiffView>, Problem> {
    node.read(move |tx, at| {
        let against = call.body.against.as_ref().map(Text::as_str);
        let missing = |id: &str| Refusal::missing(format!("price book {id}"));
        let against = against.map(|id| id.parse::<BookId>().map_err(|_| missing(id))).transpose()?;
        Ok(books::diff(tx, &call.body.files.0, against, at.now)?.into())
    })
    .await
    .map(Json)
}

#[cfg(test)]
mod tests;
