//! Everything that is sold, by the groups of the price book.
//!
//! In:  the price book of now. Out: products with their names and what they are, in the order of the book.
//! Invariant: a new product of a book is here without a change of the program.

use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::{frame, lost};
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::book::{Book, Product, Sale};
use billing::language::Language;
use maud::{Markup, html};
use std::sync::Arc;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/buy", get(shelf))
}

async fn shelf(signed: Signed) -> Result<Response, Response> {
    whose(&signed)?;
    let desk = signed.visit.node.desk();
    let book = desk.book(signed.visit.now).map_err(|refusal| lost::failed(&signed.visit, &refusal.into()))?;
    let book = Arc::clone(book);
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let body = html! {
        @for (group, products) in groups(&book) {
            @let title = group.map_or_else(|| texts.more_products(), |it| name_of_group(&book, it, language));
            @let id = format!("s-{}", group.unwrap_or("more"));
            section aria-labelledby=(id) {
                div.sect { h2 id=(id) { (title) } }
                ul.shelf { @for product in products { (row(product, language)) } }
            }
        }
    };
    let page = frame::Page { title: &texts.buy(), sub: &texts.buy_sub(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn row(product: &Product, language: Language) -> Markup {
    let label = &product.look.label;
    html! {
        li {
            a href=(format!("/buy/{}", product.id)) { (label.or(&product.name).get(language)) }
            span.quiet { @if let Some(help) = &label.help { (help.get(language)) } }
        }
    }
}

fn name_of_group(book: &Book, id: &str, language: Language) -> String {
    let group = book.groups.iter().find(|it| it.id == id);
    group.map_or_else(|| id.to_string(), |it| it.label.or(id).get(language).to_string())
}

/// Products that are sold, by group in the order of the book; those of no group come last.
fn groups(book: &Book) -> Vec<(Option<&str>, Vec<&Product>)> {
    let sold = || book.products.iter().filter(|it| it.sale == Sale::Open);
    let of = |group: Option<&str>| {
        let mut found: Vec<&Product> = sold().filter(|it| it.look.group.as_deref() == group).collect();
        found.sort_by_key(|it| it.look.order);
        found
    };
    let named = book.groups.iter().map(|it| Some(it.id.as_str()));
    named.chain([None]).map(|it| (it, of(it))).filter(|it| !it.1.is_empty()).collect()
}
