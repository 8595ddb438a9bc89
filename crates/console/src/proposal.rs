//! A new price book: sent, checked, compared with the one that holds, applied.
//!
//! In:  the files of a book, or its text. Out: what is wrong with it and where, what it would change, when it can begin.
//! Invariant: what is applied is the text that was compared, against the very book that holds then. Who may not apply a book has
//! none checked either.

use crate::book::used;
use crate::changes::{self, Sides};
use crate::draft::Draft;
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{book_problems, frame, show};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::user::Right;
use desk::books::{self, Prepared, Touched};
use desk::lists::books::{self as list, BookHead};
use desk::{At, Tx};
use maud::{Markup, html};
use pricebook::Change;
use std::collections::BTreeMap;
use units::BookId;
use web::problem::Problem;

/// A form with a book of more bytes is refused, as the API does with a body.
pub(crate) const LARGEST_BOOK: usize = 8 * 1024 * 1024;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/books/new", get(fresh).post(check))
        .route("/operator/books/apply", axum::routing::post(apply))
        .layer(DefaultBodyLimit::max(LARGEST_BOOK))
}

/// What a page says of a book that was sent.
enum Seen {
    /// Nothing was sent yet.
    Nothing,
    /// It cannot be read.
    Wrong(Told),
    /// It was read and compared.
    Read(Box<Compared>),
}

/// What is wrong, as a page tells it.
pub(crate) struct Told {
    status: StatusCode,
    wrong: Wrong,
    problem: Option<Problem>,
}

/// A book that was read, beside the one that holds.
struct Compared {
    prepared: Prepared,
    against: Option<BookHead>,
    /// What lives and is charged otherwise.
    touched: Vec<Touched>,
    changes: Vec<Change>,
    /// Why it cannot be applied as it is.
    refused: Option<Told>,
    /// The month that was asked for, and why it cannot be rated.
    month: Option<(String, Told)>,
}

impl Told {
    pub(crate) fn of(signed: &Signed, problem: Problem) -> Told {
        let wrong = Wrong::of(&problem, &signed.visit);
        let field = wrong.field.clone().map(|it| if it == "files" { "text".to_string() } else { it });
        Told { status: problem.status, wrong: Wrong { field, ..wrong }, problem: Some(problem) }
    }

    /// The status of the page that tells it, and what it tells.
    pub(crate) const fn said_so(&self) -> (StatusCode, &Wrong) {
        (self.status, &self.wrong)
    }

    pub(crate) fn said(field: &str, text: String) -> Told {
        let wrong = Wrong { field: Some(field.to_string()), ..Wrong::said(text) };
        Told { status: StatusCode::UNPROCESSABLE_ENTITY, wrong, problem: None }
    }
}

async fn fresh(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Books)?;
    let text = match query.get("of") {
        Some(of) => {
            let id: BookId = signed.id(of).await?;
            signed.read(move |tx, at| Ok(list::one(tx, at, id)?.files.to_text())).await?
        }
        None => String::new(),
    };
    Ok(page(&signed, &Draft::of_text(text), &Seen::Nothing))
}

async fn check(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Books)?;
    let draft = Draft::of(&form);
    let seen = seen(&signed, &draft).await?;
    Ok(page(&signed, &draft, &seen))
}

/// Reads a book, compares it with the one that holds, and tries whether it could be applied.
async fn seen(signed: &Signed, draft: &Draft) -> Result<Seen, Response> {
    let prepared = match prepared(signed, draft).await {
        Ok(prepared) => prepared,
        Err(told) => return Ok(Seen::Wrong(told)),
    };
    let book = prepared.book.clone();
    let compare = move |tx: &mut Tx<'_>, at: At<'_>| {
        let against = list::holding(tx, at, book.currency)?;
        let changes = match &against {
            Some(head) => books::changes(tx, at, head.id, &book)?,
            None => Vec::new(),
        };
        // Read where this node does not know it yet: a book that was applied a moment ago by another.
        let touched = match &against {
            Some(head) => books::touched(tx, at, head.id, &book)?,
            None => Vec::new(),
        };
        Ok((against, changes, touched))
    };
    let (against, mut changes, touched) = signed.read(compare).await?;
    // From when it holds stands beside the button that applies it.
    changes.retain(|it| it.path != ["from"]);
    let tried = prepared.clone();
    let apply = move |tx: &mut Tx<'_>, at: At<'_>| books::add(tx, at, &tried);
    let refused = signed.visit.node.rehearse(apply).await.err().map(|it| Told::of(signed, it));
    Ok(Seen::Read(Box::new(Compared { prepared, against, changes, touched, refused, month: None })))
}

/// The book that was sent, read. Errors: what is wrong with it.
pub(crate) async fn prepared(signed: &Signed, draft: &Draft) -> Result<Prepared, Told> {
    let texts = signed.visit.texts();
    if draft.is_empty() {
        return Err(Told::said("folder", texts.choose_a_book()));
    }
    let files = draft.files().map_err(|it| Told::said("text", texts.no_files_of_a_book(it)))?;
    let from = draft.from(&signed.visit.calendar).map_err(|it| Told::said("from", texts.no_time(it)))?;
    let read = signed.visit.node.blocking(move |_| books::prepared(&files, from)).await;
    Ok(read.map_err(|problem| Told::of(signed, problem))?.by(&signed.actor()))
}

async fn apply(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Books)?;
    let draft = Draft::of(&form);
    let prepared = match prepared(&signed, &draft).await {
        Ok(prepared) => prepared,
        Err(told) => return Ok(page(&signed, &draft, &Seen::Wrong(told))),
    };
    let currency = prepared.book.currency;
    let holds = signed.read(move |tx, at| list::holding(tx, at, currency)).await?;
    let holds = holds.map_or_else(String::new, |it| it.id.to_string());
    if form.text("against") != holds {
        let told = Told::said("text", signed.visit.texts().another_book_holds());
        return again(&signed, &draft, Told { status: StatusCode::CONFLICT, ..told }).await;
    }
    let apply = move |tx: &mut Tx<'_>, at: At<'_>| {
        let applied = books::add(tx, at, &prepared)?;
        Ok(format!("/operator/books/{}?said=applied", applied.id))
    };
    match signed.once(&form, apply).await {
        Ok(to) => {
            used(&signed).await?;
            Ok(see_other(&to))
        }
        Err(problem) => again(&signed, &draft, Told::of(&signed, problem)).await,
    }
}

/// The same page once more, with why nothing was applied.
async fn again(signed: &Signed, draft: &Draft, told: Told) -> Result<Response, Response> {
    let seen = match seen(signed, draft).await? {
        Seen::Read(it) => Seen::Read(Box::new(Compared { refused: Some(told), ..*it })),
        Seen::Nothing | Seen::Wrong(_) => Seen::Wrong(told),
    };
    Ok(page(signed, draft, &seen))
}

/// The page with what is wrong with a month or a book that was sent: of a book that can be read its changes, and the month once more.
pub(crate) async fn compared_again(
    signed: &Signed,
    draft: &Draft,
    of: (&str, Told),
) -> Result<Response, Response> {
    let (month, told) = of;
    let seen = match seen(signed, draft).await? {
        Seen::Read(it) => Seen::Read(Box::new(Compared { month: Some((month.to_string(), told)), ..*it })),
        Seen::Nothing | Seen::Wrong(_) => Seen::Wrong(told),
    };
    Ok(page(signed, draft, &seen))
}

fn page(signed: &Signed, draft: &Draft, seen: &Seen) -> Response {
    let texts = signed.visit.texts();
    let told = match seen {
        Seen::Nothing => None,
        Seen::Wrong(told) => Some(told),
        Seen::Read(it) => it.month.as_ref().map(|it| &it.1).or(it.refused.as_ref()),
    };
    let wrong = told.map(|it| &it.wrong);
    let body = html! {
        (parts::errors(&signed.visit, wrong))
        @if let Some(problem) = told.and_then(|it| it.problem.as_ref()) { (book_problems::section(signed, problem.problems.as_deref().unwrap_or(&[]))) }
        @match seen {
            Seen::Nothing | Seen::Wrong(_) => (form(signed, draft, wrong, "btn main")),
            Seen::Read(it) => {
                div.cols.side-r {
                    div {
                        (compared(signed, it))
                        @if it.against.is_some() { (impact_form(signed, draft, it.month.as_ref().map_or("", |it| it.0.as_str()))) }
                        (form(signed, draft, wrong, "btn"))
                    }
                    div.stick { (slip(signed, draft, it)) }
                }
            }
        }
    };
    let (title, books) = (texts.new_book(), texts.price_books());
    let above = [("/operator/books", books.as_str())];
    let status = told.map_or(StatusCode::OK, |it| it.status);
    frame::page(
        signed,
        status,
        &frame::Page { title: &title, sub: &texts.new_book_sub(), above: &above, body: &body },
    )
}

fn compared(signed: &Signed, it: &Compared) -> Markup {
    let texts = signed.visit.texts();
    let desk = signed.visit.node.desk();
    let before = it.against.as_ref().and_then(|head| desk.books.get(head.id));
    let sides = Sides { before: before.map(|it| &**it), after: &it.prepared.book };
    let warnings = pricebook::warnings(&it.prepared.book);
    html! {
        section aria-labelledby="h-changes" {
            div.sect {
                h2 id="h-changes" { (texts.what_changes()) }
                @if let Some(head) = &it.against { p { (texts.compared_with(&head.name, signed.visit.time(head.from))) } }
            }
            @match (&it.against, it.changes.is_empty()) {
                (None, _) => p { (texts.first_book(it.prepared.book.currency.as_str())) },
                (Some(_), true) => p { (texts.nothing_changes()) },
                (Some(_), false) => (changes::table(signed, sides, &it.changes)),
            }
        }
        @if it.against.is_some() && !it.changes.is_empty() { (touches(signed, &it.touched)) }
        @if !warnings.is_empty() {
            section aria-labelledby="h-look" {
                div.sect { h2 id="h-look" { (texts.worth_a_look()) } }
                ul.dots lang="en" { @for it in &warnings { li { (it) } } }
            }
        }
    }
}

/// What lives and is charged otherwise by the new book.
fn touches(signed: &Signed, all: &[Touched]) -> Markup {
    let texts = signed.visit.texts();
    let number = |it: i64| show::thousands(&it.to_string());
    html! {
        section aria-labelledby="h-touched" {
            div.sect { h2 id="h-touched" { (texts.who_is_touched()) } p { (texts.who_is_touched_hint()) } }
            @if all.is_empty() { p.quiet { (texts.nobody_is_touched()) } } @else {
                table.table {
                    thead {
                        tr {
                            th scope="col" { (texts.product()) }
                            th.n scope="col" { (texts.resources_touched()) }
                            th.n scope="col" { (texts.resources_at_renewal()) }
                            th.n scope="col" { (texts.resources_living()) }
                        }
                    }
                    tbody {
                        @for it in all {
                            tr { th scope="row" { (signed.product(&it.product)) } td.n { (number(it.resources - it.renewals)) } td.n { (number(it.renewals)) } td.n { (number(it.of)) } }
                        }
                    }
                }
            }
        }
    }
}

/// The form that asks what a past month would have come to by the book that was sent.
pub(crate) fn impact_form(signed: &Signed, draft: &Draft, month: &str) -> Markup {
    let texts = signed.visit.texts();
    html! {
        section aria-labelledby="h-impact" {
            div.sect { h2 id="h-impact" { (texts.what_a_month_would_cost()) } p { (texts.what_a_month_would_cost_hint()) } }
            form.line method="post" action="/operator/books/impact" {
                (parts::hidden(&signed.visit))
                input type="hidden" name="text" value=(draft.text);
                input type="hidden" name="from" value=(draft.from);
                input.input.w-m type="month" id="month" name="month" value=(month) aria-label=(texts.month_to_rate());
                button.btn { (texts.rate_month_again()) }
            }
        }
    }
}

/// The form in which a book is sent, and once more after it was read, with what was sent: then another button is the main one.
fn form(signed: &Signed, draft: &Draft, wrong: Option<&Wrong>, button: &str) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let bad = |name: &str| wrong.and_then(|it| it.at(name));
    html! {
        section aria-labelledby="h-send" {
            div.sect { h2 id="h-send" { (texts.send_a_book()) } p { (texts.send_a_book_hint()) } }
            form method="post" action="/operator/books/new" enctype="multipart/form-data" {
                (parts::hidden(visit))
                div.field.bad[bad("folder").is_some()] {
                    label for="folder" { (texts.folder_of_a_book()) }
                    span.hint id="h-folder" { (texts.folder_hint()) }
                    input.input type="file" id="folder" name="folder" multiple webkitdirectory aria-describedby="h-folder"
                        aria-invalid=[bad("folder").map(|_| "true")];
                    @if let Some(it) = bad("folder") { p.error id="e-folder" { (it.text) } }
                }
                div.field.wide.bad[bad("text").is_some()] {
                    label for="text" { (texts.or_its_text()) }
                    span.hint id="h-text" { (texts.text_hint()) }
                    textarea.source id="text" name="text" rows="16" spellcheck="false" aria-describedby="h-text"
                        aria-invalid=[bad("text").map(|_| "true")] { "\n" (draft.text) }
                    @if let Some(it) = bad("text") { p.error { (it.text) } }
                }
                div.field { (from_field(signed, draft, bad("from"))) }
                p.acts.gap { button class=(button) { (texts.check_and_compare()) } }
            }
        }
    }
}

fn from_field(signed: &Signed, draft: &Draft, bad: Option<&Wrong>) -> Markup {
    let texts = signed.visit.texts();
    html! {
        label for="from" { (texts.holds_from()) }
        span.hint id="h-from" { (texts.from_hint()) }
        input.input.w-m type="datetime-local" step="1" id="from" name="from" value=(draft.from) aria-describedby="h-from"
            aria-invalid=[bad.map(|_| "true")];
        @if let Some(it) = bad { p.error { (it.text) } }
    }
}

/// What is applied, from when, and what that means.
fn slip(signed: &Signed, draft: &Draft, it: &Compared) -> Markup {
    let (visit, texts, book) = (&signed.visit, signed.visit.texts(), &it.prepared.book);
    let against = it.against.as_ref().map_or_else(String::new, |it| it.id.to_string());
    html! {
        form.slip method="post" action="/operator/books/apply" aria-labelledby="h-apply" {
            (parts::hidden(visit))
            input type="hidden" name="text" value=(draft.text);
            input type="hidden" name="from" value=(draft.from);
            input type="hidden" name="against" value=(against);
            h2 id="h-apply" { (texts.apply_it()) }
            dl.rows {
                div { dt { (texts.name()) } dd { (book.name) } }
                div { dt { (texts.book_currency()) } dd { (book.currency) } }
                div { dt { (texts.holds_from()) } dd { (visit.exact_time(book.from)) } }
                div { dt { (texts.products()) } dd { (book.products.len()) } }
                div { dt { (texts.changes()) } dd { (it.changes.len()) } }
            }
            ul.also.dots {
                li { (texts.apply_seconds()) }
                li { (texts.apply_orders()) }
                li { (texts.apply_tells()) }
                li { (texts.apply_undo(visit.time(book.from))) }
            }
            @match &it.refused {
                Some(_) => { button.btn.main.wide disabled { (texts.apply_it()) } p.hint { (texts.cannot_be_applied()) } }
                None => button.btn.main.wide { (texts.apply_from(visit.time(book.from))) },
            }
        }
    }
}
