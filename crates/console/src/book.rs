//! One price book: how it stands, what it sells and charges, its files; taken back before it begins.
//!
//! In:  the id of a book. Out: its page, the prices of one of its products, its files as they were written.
//! Invariant: what is shown was read from the very text that is stored.

use crate::books::{address, state};
use crate::changes::{self, Sides};
use crate::posted::Posted;
use crate::pricing::{self, Sold};
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{frame, lost, parts, show};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use billing::book::{Book, Product, Sale};
use billing::language::Language;
use billing::user::Right;
use desk::books as deeds;
use desk::lists::books::{self as list, Shown, State};
use desk::{At, Tx};
use maud::{Markup, html};
use std::collections::BTreeMap;
use std::sync::Arc;
use units::BookId;
use web::Node;
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/books/{book}", get(book))
        .route("/operator/books/{book}/products/{product}", get(product))
        .route("/operator/books/{book}/text", get(text))
        .route("/operator/books/{book}/files/{*path}", get(file))
        .route("/operator/books/{book}/undo", post(undo))
}

/// The book that an address names. The answer otherwise.
async fn found(signed: &Signed, text: &str) -> Result<(Shown, Arc<Book>), Response> {
    frame::operators(signed, Right::Customers)?;
    let id: BookId = signed.id(text).await?;
    signed.read(move |tx, at| list::whole(tx, at, id)).await
}

async fn book(
    signed: Signed,
    Path(book): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Response> {
    let (shown, book) = found(&signed, &book).await?;
    let is_new = query.get("said").is_some_and(|it| it == "applied");
    let status = StatusCode::OK;
    page(&signed, status, (&shown, &book), &told(&signed, &shown, is_new)).await
}

/// What stands above everything else: what was done just now, or why the book does not hold.
fn told(signed: &Signed, it: &Shown, is_new: bool) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        @if is_new { (parts::done(&texts.book_applied(visit.time(it.head.from)), &html! {})) }
        @if let Some(why) = &it.head.withheld {
            div.banner.bad role="status" {
                svg viewBox="0 0 20 20" aria-hidden="true" { path d="M10 3 18 17H2z M10 8v4 M10 14v1"; }
                div { p { b { (texts.book_did_not_begin()) } span lang="en" { (why) } } }
            }
        }
    }
}

/// What it changes of the book before it.
async fn changed(signed: &Signed, shown: &Shown, book: &Arc<Book>) -> Result<Markup, Response> {
    let (head, after) = (shown.head.clone(), book.clone());
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let Some(before) = list::before(tx, &head)? else { return Ok(None) };
        let all = deeds::changes(tx, at, before.id, &after)?;
        Ok(Some((before, all)))
    };
    let found = signed.read(read).await?;
    let (visit, texts, desk) = (&signed.visit, signed.visit.texts(), signed.visit.node.desk());
    let Some((before, mut all)) = found else {
        let sentence = texts.book_is_first(book.currency.as_str());
        return Ok(html! {
            section aria-labelledby="h-changes" { div.sect { h2 id="h-changes" { (texts.book_changes()) } } p { (sentence) } }
        });
    };
    // From when it holds stands above.
    all.retain(|it| it.path != ["from"]);
    let sides = Sides { before: desk.books.get(before.id).map(|it| &**it), after: book };
    Ok(html! {
        section aria-labelledby="h-changes" {
            div.sect { h2 id="h-changes" { (texts.book_changes()) } p { (texts.compared_with(&before.name, visit.time(before.from))) } }
            @if all.is_empty() { p { (texts.nothing_changes()) } } @else { (changes::table(signed, sides, &all)) }
        }
    })
}

async fn page(
    signed: &Signed,
    status: StatusCode,
    (shown, book): (&Shown, &Arc<Book>),
    told: &Markup,
) -> Result<Response, Response> {
    let (texts, id) = (signed.visit.texts(), shown.head.id);
    let count = signed.read(move |tx, _| list::told(tx, id)).await?;
    let changed = changed(signed, shown, book).await?;
    let body = html! {
        (told)
        (figures(signed, shown, book))
        @if let Some(count) = count { ul.also.dots { li { (texts.proposal_customers_told(count)) } } }
        (changed)
        (products(signed, shown, book))
        (regions(signed, book))
        (files(signed, shown))
        @if shown.state == State::Scheduled || shown.state == State::Withheld { (take_back(signed, shown)) }
    };
    let above = texts.price_books();
    let above = [("/operator/books", above.as_str())];
    let sub = shown.head.id.to_string();
    Ok(frame::page(signed, status, &frame::Page { title: &book.name, sub: &sub, above: &above, body: &body }))
}

fn figures(signed: &Signed, shown: &Shown, book: &Book) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let prices: usize = book.products.iter().flat_map(|it| &it.components).map(|it| it.prices.len()).sum();
    let applied = html! { (texts.applied_at()) " " (visit.exact_time(shown.head.applied)) };
    let by = html! { @if !shown.head.by.is_empty() { (texts.applied_by()) " " (show::actor(&shown.head.by, texts)) } };
    let currency = show::currency(book.currency, visit.language);
    html! {
        dl.figures {
            div { dt { (texts.state()) } dd { (state(texts, shown.state)) } dd { (by) } }
            (parts::figure(&texts.holds_from(), &visit.exact_time(shown.head.from), "", &applied))
            (parts::figure(&texts.products(), &book.products.len().to_string(), "", &html! { (texts.prices_in_all(prices)) }))
            (parts::figure(&texts.book_currency(), currency, "", &html! { "UTC" (book.zone) }))
        }
    }
}

fn products(signed: &Signed, shown: &Shown, book: &Book) -> Markup {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    html! {
        section aria-labelledby="h-products" {
            div.sect { h2 id="h-products" { (texts.products()) } p { (texts.products_hint()) } }
            table.table data-rows {
                thead {
                    tr {
                        th scope="col" { (texts.product()) }
                        th.p2 scope="col" { (texts.product_group()) }
                        th.n.p2 scope="col" { (texts.components()) }
                        th.n scope="col" { (texts.prices()) }
                        th.p2 scope="col" { (texts.on_sale()) }
                    }
                }
                tbody { @for it in &book.products { (row(signed, shown, (book, it), language)) } }
            }
        }
    }
}

fn row(signed: &Signed, shown: &Shown, (book, it): (&Book, &Product), language: Language) -> Markup {
    let texts = signed.visit.texts();
    let group = it.look.group.as_ref().and_then(|id| book.groups.iter().find(|group| group.id == *id));
    let prices: usize = it.components.iter().map(|it| it.prices.len()).sum();
    html! {
        tr.dim[it.sale == Sale::Retired] {
            th scope="row" {
                a href=(format!("{}/products/{}", address(&shown.head), it.id)) { (it.look.label.or(&it.name).get(language)) }
                span.s.id { (it.id) }
            }
            td.p2 { @match group { Some(group) => (group.label.or(&group.id).get(language)), None => "–" } }
            td.n.p2 { (it.components.len()) }
            td.n { (show::thousands(&prices.to_string())) }
            td.p2 { @match it.sale { Sale::Open => (texts.yes()), Sale::Retired => (texts.retired()) } }
        }
    }
}

fn regions(signed: &Signed, book: &Book) -> Markup {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let zone = |it: &billing::book::Region, id: &String| {
        it.look.zones.get(id).map_or_else(|| id.clone(), |label| label.or(id).get(language).to_string())
    };
    html! {
        section aria-labelledby="h-places" {
            div.sect { h2 id="h-places" { (texts.regions_and_discounts()) } }
            div.cols.half {
                table.table {
                    thead { tr { th scope="col" { (texts.region_of_book()) } th scope="col" { (texts.zones()) } } }
                    tbody {
                        @for it in &book.regions {
                            tr {
                                th scope="row" { (it.look.label.or(&it.name).get(language)) span.s.id { (it.id) } }
                                td { (it.zones.iter().map(|id| zone(it, id)).collect::<Vec<_>>().join(", ")) }
                            }
                        }
                    }
                }
                table.table {
                    thead { tr { th scope="col" { (texts.discount()) } th scope="col" { (texts.from_months()) } } }
                    tbody {
                        @for (name, it) in &book.discounts {
                            tr {
                                th scope="row" { (name) span.s { (it.source) } }
                                td { (it.steps.iter().map(|it| format!("{}: {}", it.0, show::rate(it.1))).collect::<Vec<_>>().join(", ")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn files(signed: &Signed, shown: &Shown) -> Markup {
    let (texts, of) = (signed.visit.texts(), address(&shown.head));
    html! {
        section aria-labelledby="h-files" {
            div.sect { h2 id="h-files" { (texts.files()) } p { (texts.files_hint()) } }
            p.acts {
                @if signed.may(Right::Books) { a.btn href=(format!("/operator/books/new?of={}", shown.head.id)) { (texts.new_from_this()) } }
                a.btn href=(format!("{of}/text")) download { (texts.all_in_one()) }
            }
            table.table.tight.gap {
                thead { tr { th scope="col" { (texts.file()) } th.n scope="col" { (texts.bytes()) } } }
                tbody {
                    @for path in shown.files.paths() {
                        tr {
                            td { a href=(format!("{of}/files/{path}")) download { code { (path) } } }
                            td.n { (show::thousands(&shown.files.get(path).unwrap_or("").len().to_string())) }
                        }
                    }
                }
            }
        }
    }
}

fn take_back(signed: &Signed, shown: &Shown) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let what = match shown.state {
        State::Withheld => texts.undo_withheld(),
        State::Past | State::InForce | State::Scheduled => texts.undo_scheduled(visit.time(shown.head.from)),
    };
    html! {
        section aria-labelledby="h-undo" {
            div.sect { h2 id="h-undo" { (texts.undo_book()) } }
            p.prose { (what) " " (texts.undo_files()) }
            @if signed.may(Right::Books) {
                form.gap method="post" action=(format!("{}/undo", address(&shown.head))) {
                    (parts::hidden(visit))
                    button.btn.danger { (texts.undo_book()) }
                }
            } @else {
                p.quiet.gap { (texts.not_allowed()) }
            }
        }
    }
}

async fn undo(
    Path(text): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::operators(&signed, Right::Books)?;
    let id: BookId = signed.id(&text).await?;
    let undo = move |tx: &mut Tx<'_>, at: At<'_>| {
        deeds::undo(tx, at, id)?;
        Ok("/operator/books?said=undone".to_string())
    };
    match signed.once(&form, undo).await {
        Ok(to) => {
            used(&signed).await?;
            Ok(see_other(&to))
        }
        Err(problem) => refused(&signed, &text, &problem).await,
    }
}

/// The book as it stands, and why it is not taken back.
async fn refused(signed: &Signed, text: &str, problem: &Problem) -> Result<Response, Response> {
    let (shown, book) = found(signed, text).await?;
    let wrong = parts::Wrong { field: None, ..parts::Wrong::of(problem, &signed.visit) };
    page(signed, problem.status, (&shown, &book), &parts::errors(&signed.visit, Some(&wrong))).await
}

/// Books that were applied or taken back are used by the next request.
pub(crate) async fn used(signed: &Signed) -> Result<(), Response> {
    let read = signed.visit.node.blocking(Node::reload).await;
    read.map_err(|problem| lost::failed(&signed.visit, &problem))
}

async fn product(
    signed: Signed,
    Path((book, product)): Path<(String, String)>,
) -> Result<Response, Response> {
    let (shown, book) = found(&signed, &book).await?;
    let Some(it) = book.product(&product) else { return Ok(lost::nowhere(signed.visit).await) };
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let body = pricing::components(&signed, Sold { book: &book, product: it });
    let (books, of) = (texts.price_books(), address(&shown.head));
    let above = [("/operator/books", books.as_str()), (of.as_str(), book.name.as_str())];
    let name = it.look.label.or(&it.name);
    let help = it.look.label.help.as_ref().map_or("", |it| it.get(language));
    let page = frame::Page { title: name.get(language), sub: help, above: &above, body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

async fn text(signed: Signed, Path(book): Path<String>) -> Result<Response, Response> {
    let (shown, book) = found(&signed, &book).await?;
    Ok(download(&format!("{}.txt", book.name), shown.files.to_text()))
}

async fn file(signed: Signed, Path((book, path)): Path<(String, String)>) -> Result<Response, Response> {
    let (shown, _) = found(&signed, &book).await?;
    match shown.files.get(&path) {
        Some(text) => Ok(download(path.rsplit('/').next().unwrap_or("file"), text.to_string())),
        None => Ok(lost::nowhere(signed.visit).await),
    }
}

/// A text that a browser keeps and does not show.
pub(crate) fn download(name: &str, text: String) -> Response {
    let is_plain = |it: &char| it.is_ascii_alphanumeric() || ".-_".contains(*it);
    let name: String = name.chars().filter(is_plain).collect();
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, text).into_response()
}
