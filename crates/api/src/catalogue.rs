//! The catalogue: `/v1/products` and `/v1/regions`, as the price book of now has them, of the account's currency.

mod choices;
mod currency;
mod view;

use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::middleware::from_fn;
use currency::currency;
use desk::catalogue::{self, Offer};
use desk::lists::{self, catalogue::PriceFilter};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use view::{PriceView, ProductView, RegionView, WholeProductView};
use web::caller::Anyone;
use web::problem::Problem;
use web::wire::{self, Limit, Page, Path, Query, Text};
use web::{Node, fresh};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_products))
        .routes(routes!(get_product))
        .routes(routes!(list_prices))
        .routes(routes!(list_regions))
        .merge(choices::routes())
        // Prices change with the next price book: whoever has them asks whether they are still so.
        .layer(from_fn(|request, next| fresh::tagged("private, no-cache", request, next)))
}

/// Which part of a list.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PartQuery {
    /// In which currency it is sold, such as `JPY`; that of the account, or of the one price book, if left out.
    currency: Option<Text<3, 3>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: an id.
    after: Option<Text<0, 1000>>,
}

/// Lists what is on sale, in the order of the price book.
#[utoipa::path(get, path = "/v1/products", tag = "catalogue", params(PartQuery),
    security(("key" = [])), responses((status = 200, body = Page<ProductView>)))]
async fn list_products(
    State(node): State<Node>,
    who: Anyone,
    Query(query): Query<PartQuery>,
) -> Result<Json<Page<ProductView>>, Problem> {
    let currency = currency(&node, who, query.currency).await?;
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let desk = node.desk();
    let at = desk.at(node.clock().now());
    let page = lists::catalogue::products(at, currency, &part)?;
    let book = at.book(currency)?;
    Ok(Json(Page::of(page, |it| ProductView::new(it, book))))
}

/// In which currency.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CurrencyQuery {
    /// In which currency it is sold, such as `JPY`; that of the account, or of the one price book, if left out.
    currency: Option<Text<3, 3>>,
}

/// One product: its options, what is charged for, and how much may be bought.
#[utoipa::path(get, path = "/v1/products/{product}", tag = "catalogue",
    params(("product" = String, Path), CurrencyQuery),
    security(("key" = [])), responses((status = 200, body = WholeProductView)))]
async fn get_product(
    State(node): State<Node>,
    who: Anyone,
    Path(product): Path<String>,
    Query(query): Query<CurrencyQuery>,
) -> Result<Json<WholeProductView>, Problem> {
    let currency = currency(&node, who, query.currency).await?;
    let desk = node.desk();
    let Offer { book, product } = catalogue::product(desk.at(node.clock().now()), currency, &product)?;
    Ok(Json(WholeProductView::new(product, book)))
}

/// Which prices.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PricesQuery {
    /// In which currency it is sold, such as `JPY`; that of the account, or of the one price book, if left out.
    currency: Option<Text<3, 3>>,
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
    who: Anyone,
    Path(product): Path<String>,
    Query(query): Query<PricesQuery>,
) -> Result<Json<Page<PriceView>>, Problem> {
    let currency = currency(&node, who, query.currency).await?;
    let desk = node.desk();
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let options = query.options.map_or_else(String::new, Text::into_string);
    let of = PriceFilter { currency, product, options };
    let page = lists::catalogue::prices(desk.at(node.clock().now()), &of, &part)?;
    Ok(Json(Page::of(page, |it| PriceView::new(it.component, it.row, it.book))))
}

/// Lists regions with their zones.
#[utoipa::path(get, path = "/v1/regions", tag = "catalogue", params(PartQuery),
    security(("key" = [])), responses((status = 200, body = Page<RegionView>)))]
async fn list_regions(
    State(node): State<Node>,
    who: Anyone,
    Query(query): Query<PartQuery>,
) -> Result<Json<Page<RegionView>>, Problem> {
    let currency = currency(&node, who, query.currency).await?;
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let desk = node.desk();
    let page = lists::catalogue::regions(desk.at(node.clock().now()), currency, &part)?;
    Ok(Json(Page::of(page, RegionView::from)))
}
