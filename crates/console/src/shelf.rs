//! Everything that is sold, by the groups of the price book.
//!
//! In:  the price book of now. Out: products with their names and what they are, in the order of the book.
//! Invariant: a new product of a book is here without a change of the program.

use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::{frame, show, tariff};
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::book::{Book, Meter, Product, Sale};
use billing::language::Language;
use billing::price_list::{self, Least};
use desk::catalogue;
use maud::{Markup, html};
use std::sync::Arc;
use units::Currency;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/buy", get(shelf))
}

async fn shelf(signed: Signed) -> Result<Response, Response> {
    whose(&signed)?;
    let desk = signed.visit.node.desk();
    let prices = signed.good(signed.prices())?;
    let Ok(book) = catalogue::book(desk.at(signed.visit.now), prices).map(Arc::clone) else {
        return Ok(nothing_sold(&signed, signed.good(signed.currency())?));
    };
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let body = html! {
        @for (group, products) in groups(&book) {
            @let title = group.map_or_else(|| texts.more_products(), |it| name_of_group(&book, it, language));
            @let id = format!("s-{}", group.unwrap_or("more"));
            section aria-labelledby=(id) {
                div.sect { h2 id=(id) { (title) } }
                ul.shelf { @for product in products { (row(&signed, &book, product)) } }
            }
        }
    };
    let page = frame::Page { title: &texts.buy(), sub: &texts.buy_sub(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

/// The page where no price book of the account's currency holds: whom to ask, and all other pages in reach.
fn nothing_sold(signed: &Signed, currency: Currency) -> Response {
    let texts = signed.visit.texts();
    let unit = show::currency(currency, signed.visit.language);
    let body =
        html! { div.empty { h2 { (texts.nothing_sold_in(unit)) } p { (texts.nothing_sold_in_hint()) } } };
    let page = frame::Page { title: &texts.buy(), sub: "", above: &[], body: &body };
    frame::page(signed, StatusCode::CONFLICT, &page)
}

fn row(signed: &Signed, book: &Book, product: &Product) -> Markup {
    let (label, language) = (&product.look.label, signed.visit.language);
    html! {
        li {
            a href=(format!("/buy/{}", product.id)) { (label.or(&product.name).get(language)) }
            span.quiet { @if let Some(help) = &label.help { (help.get(language)) } }
            span.hint { (begins_at(signed, book, product)) }
        }
    }
}

/// What a product begins at: `from 26.74 per month, or from 0.13 per hour`. What is charged beside what is paid ahead is no other way to
/// buy it, and says so.
fn begins_at(signed: &Signed, book: &Book, product: &Product) -> String {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let said = |it: &Least<'_>| {
        let price = tariff::least(it.component, it.item, language);
        if it.is_only { price } else { texts.price_from(price) }
    };
    match price_list::least(product, book.currency).as_slice() {
        [ahead, after] => {
            let is_either = price_list::are_alternatives(ahead.component, after.component);
            let is_of_attacks = matches!(after.component.meter, Meter::Attack { .. });
            match (is_either, is_of_attacks) {
                (true, _) => texts.price_or(said(ahead), said(after)),
                (false, true) => texts.price_and_attacks(said(ahead), said(after)),
                (false, false) => texts.price_and_use(said(ahead), said(after)),
            }
        }
        few => few.iter().map(said).collect(),
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
