//! The catalogue: `/v1/products` and `/v1/regions`, as the price book of now has them.

mod view;

use super::state::Api;
use axum::Json;
use axum::extract::State;
use billing::book::{Component, PriceRow, Product, Region};
use desk::{Refusal, catalogue};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use view::{PriceView, ProductView, RegionView, WholeProductView};
use web::Node;
use web::caller::Anyone;
use web::problem::Problem;
use web::wire::{self, Limit, Page, Path, Query, Text};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_products))
        .routes(routes!(get_product))
        .routes(routes!(list_prices))
        .routes(routes!(list_regions))
}

/// Which part of a list.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PartQuery {
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: an id.
    after: Option<Text<0, 1000>>,
}

/// A page out of a list that is whole in memory. Errors: `NotFound` when nothing has the id `after`.
fn part<F: Copy, T>(
    all: &[F],
    (limit, after): (Option<Limit>, Option<&Text<0, 1000>>),
    id: impl Fn(&F) -> String,
    view: impl Fn(F) -> T,
) -> Result<Page<T>, Refusal> {
    let limit = wire::limit(limit);
    let first = match after {
        None => 0,
        Some(after) => {
            let at = all.iter().position(|it| id(it) == after.as_str());
            at.ok_or_else(wire::no_page)? + 1
        }
    };
    let found: Vec<F> = all.iter().skip(first).take(limit + 1).copied().collect();
    Ok(Page::of(found, limit, id, view))
}

/// Lists what is on sale, in the order of the price book.
#[utoipa::path(get, path = "/v1/products", tag = "catalogue", params(PartQuery),
    security(("key" = [])), responses((status = 200, body = Page<ProductView>)))]
async fn list_products(
    State(node): State<Node>,
    _: Anyone,
    Query(query): Query<PartQuery>,
) -> Result<Json<Page<ProductView>>, Problem> {
    let desk = node.desk();
    let all: Vec<&Product> = desk.book(node.clock().now())?.products.iter().collect();
    let asked = (query.limit, query.after.as_ref());
    Ok(Json(part(&all, asked, |it| it.id.clone(), ProductView::from)?))
}

/// One product: its options, what is charged for, and how much may be bought.
#[utoipa::path(get, path = "/v1/products/{product}", tag = "catalogue", params(("product" = String, Path)),
    security(("key" = [])), responses((status = 200, body = WholeProductView)))]
async fn get_product(
    State(node): State<Node>,
    _: Anyone,
    Path(product): Path<String>,
) -> Result<Json<WholeProductView>, Problem> {
    let desk = node.desk();
    let (book, product) = catalogue::product(&desk, &product, node.clock().now())?;
    Ok(Json(WholeProductView::new(product, book)))
}

/// Which prices.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PricesQuery {
    /// Only prices that go with these choices, such as `region=guangzhou,type=S1.SMALL1`.
    options: Option<Text<0, 400>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: the key of a price.
    after: Option<Text<0, 1000>>,
}

/// Lists the prices of a product, in the order of the price book.
#[utoipa::path(get, path = "/v1/products/{product}/prices", tag = "catalogue",
    params(("product" = String, Path), PricesQuery),
    security(("key" = [])), responses((status = 200, body = Page<PriceView>)))]
async fn list_prices(
    State(node): State<Node>,
    _: Anyone,
    Path(product): Path<String>,
    Query(query): Query<PricesQuery>,
) -> Result<Json<Page<PriceView>>, Problem> {
    let desk = node.desk();
    let (book, product) = catalogue::product(&desk, &product, node.clock().now())?;
    let chosen = catalogue::chosen(product, query.options.as_ref().map_or("", Text::as_str))
        .map_err(|refusal| refusal.of("options"))?;
    let all = catalogue::prices(product, &chosen);
    let view = |it: (&Component, &PriceRow)| PriceView::new(it.0, it.1, book);
    Ok(Json(part(&all, (query.limit, query.after.as_ref()), |it| it.1.item.key.clone(), view)?))
}

/// Lists regions with their zones.
#[utoipa::path(get, path = "/v1/regions", tag = "catalogue", params(PartQuery),
    security(("key" = [])), responses((status = 200, body = Page<RegionView>)))]
async fn list_regions(
    State(node): State<Node>,
    _: Anyone,
    Query(query): Query<PartQuery>,
) -> Result<Json<Page<RegionView>>, Problem> {
    let desk = node.desk();
    let all: Vec<&Region> = desk.book(node.clock().now())?.regions.iter().collect();
    Ok(Json(part(&all, (query.limit, query.after.as_ref()), |it| it.id.clone(), RegionView::from)?))
}
