//! The API for people: a page for each operation and schema, the guides, and a search over all of them.
//!
//! In:  the OpenAPI document as it is served, and the texts of the repository. Out: pages for everybody, signed in or not.
//! Invariant: every text of the document is escaped; nothing is loaded from anywhere else.

mod around;
mod guides;
mod markdown;
mod operation;
mod reference;
mod samples;
mod schema;
mod search;
#[cfg(test)]
mod tests;

pub use schema::example;

use crate::frame::Page;
use crate::lost;
use crate::state::Console;
use around::Reader;
use axum::Extension;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use reference::{about_tag, by_tag, text};
use search::{Found, Index};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use texts::Texts;

/// The pages of this document. What a search looks through is made once.
pub(crate) fn routes(document: &Value) -> Router<Console> {
    Router::new()
        .route("/docs", get(home))
        .layer(Extension(Arc::new(Index::of(document))))
        .route("/docs/operations/{operation}", get(of_operation))
        .route("/docs/schemas/{schema}", get(of_schema))
        .route("/docs/{*guide}", get(of_guide))
}

async fn home(
    reader: Reader,
    State(console): State<Console>,
    Extension(index): Extension<Arc<Index>>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Response> {
    let (texts, document) = (reader.visit().texts(), &console.settings.document);
    let asked = query.get("q").map_or_else(String::new, |it| search::asked(it));
    let typed = asked.clone();
    let all = match asked.is_empty() {
        true => Vec::new(),
        false => {
            let found = console.node.blocking(move |_| Ok(index.find(&typed))).await;
            found.map_err(|problem| lost::failed(reader.visit(), &problem))?
        }
    };
    let body = html! {
        form.filter method="get" action="/docs" role="search" {
            input.input type="search" name="q" value=(asked) maxlength=(search::LONGEST) aria-label=(texts.search_docs());
            button.btn { (texts.search()) }
        }
        div.docs { @if asked.is_empty() { (contents(texts, document)) } @else { (found(texts, &asked, &all)) } }
    };
    let info = &document["info"];
    let sub = format!("{} {}", text(&info["title"]), text(&info["version"]));
    Ok(reader.page(&Page { title: &texts.api_docs_title(), sub: &sub, above: &[], body: &body }))
}

fn contents(texts: &Texts, document: &Value) -> Markup {
    html! {
        section.prose lang="en" aria-label=(texts.description()) { (markdown::whole(text(&document["info"]["description"]))) }
        section aria-labelledby="h-guides" {
            div.sect {
                h2 id="h-guides" { (texts.guides()) }
                p { a href="/openapi.json" { "OpenAPI 3.1" } " · " a href="/openapi-3.0.json" { "OpenAPI 3.0" } }
            }
            ul.shelf lang="en" {
                @for it in guides::TEXTS.iter().filter(|it| !it.is_of_one_rule()) { li { a href=(it.address()) { (it.title) } } }
            }
        }
        @for (tag, operations) in by_tag(document) {
            @let id = markdown::anchor(tag);
            section aria-labelledby=(id) lang="en" {
                div.sect { h2 id=(id) { (tag) } p { (markdown::inline(about_tag(document, tag))) } }
                table.table data-rows {
                    tbody {
                        @for it in &operations {
                            tr {
                                th scope="row" { a href=(it.address()) { (markdown::inline(it.title())) } }
                                td.p2 { code { (it.method.to_ascii_uppercase()) " " (it.path) } }
                            }
                        }
                    }
                }
            }
        }
        details.data {
            summary { (texts.schemas()) }
            ul.tags { @for (name, _) in reference::members(&document["components"]["schemas"]) { li { a href=(schema::address(name)) { (name) } } } }
        }
    }
}

fn found(texts: &Texts, asked: &str, all: &[Found]) -> Markup {
    html! {
        @if all.is_empty() {
            div.empty { h2 { (texts.nothing_found(asked)) } p.acts { a.btn href="/docs" { (texts.show_all()) } } }
        } @else {
            section aria-labelledby="h-found" {
                div.sect {
                    h2 id="h-found" { (texts.found_for(asked)) }
                    @if all.len() == search::MOST { p { (texts.first_so_many(search::MOST.to_string())) } }
                    a.more href="/docs" { (texts.show_all()) }
                }
                table.table data-rows lang="en" {
                    tbody { @for it in all { tr { th scope="row" { a href=(it.address) { (it.title) } } td { (it.of) } } } }
                }
            }
        }
    }
}

async fn of_operation(
    reader: Reader,
    State(console): State<Console>,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    let document = &console.settings.document;
    let Some(it) = reference::find(document, &id) else { return nowhere(&reader).await };
    let texts = reader.visit().texts();
    let (docs, tag) = (texts.api_docs_title(), it.tag());
    let of_tag = format!("/docs#{}", markdown::anchor(tag));
    let (title, sub) =
        (it.title().replace('`', ""), format!("{} {}", it.method.to_ascii_uppercase(), it.path));
    let body = operation::page(texts, document, &it);
    let above = [("/docs", docs.as_str()), (of_tag.as_str(), tag)];
    Ok(reader.page(&Page { title: &title, sub: &sub, above: &above, body: &body }))
}

async fn of_schema(
    reader: Reader,
    State(console): State<Console>,
    Path(name): Path<String>,
) -> Result<Response, Response> {
    let document = &console.settings.document;
    let Some(says) = document["components"]["schemas"].get(&name) else { return nowhere(&reader).await };
    let texts = reader.visit().texts();
    let body = html! {
        section.docs aria-label=(texts.description()) {
            div.prose lang="en" { (markdown::whole(text(&says["description"]))) }
            (schema::fields(texts, document, says))
            @if let Some(example) = example(document, says) {
                h2.gap { (texts.example()) }
                (operation::code(&operation::pretty(&example)))
            }
        }
    };
    let docs = texts.api_docs_title();
    let above = [("/docs", docs.as_str())];
    Ok(reader.page(&Page { title: &name, sub: "", above: &above, body: &body }))
}

async fn of_guide(reader: Reader, Path(name): Path<String>) -> Result<Response, Response> {
    let Some(guide) = guides::find(&name) else { return nowhere(&reader).await };
    let docs = reader.visit().texts().api_docs_title();
    let body = html! { article.docs.prose lang="en" { (markdown::whole(&guide.linked())) } };
    let above = [("/docs", docs.as_str())];
    Ok(reader.page(&Page { title: guide.title, sub: "", above: &above, body: &body }))
}

async fn nowhere(reader: &Reader) -> Result<Response, Response> {
    Err(lost::nowhere(reader.visit().clone()).await)
}
