//! The book of a proposal: what it changes of the book that it was compared with, and all of its text.
//!
//! In:  a proposal. Out: a table of its changes, a file.
//! Invariant: what is shown was read from the very text that would be applied.

use crate::book::download;
use crate::changes::{self, Sides};
use crate::frame;
use crate::price_proposals::{PATH, address};
use crate::signed::Signed;
use crate::state::Console;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use billing::book::Book;
use billing::proposal::Proposal;
use billing::user::Right;
use desk::{books, proposals};
use maud::{Markup, html};
use pricebook::Change;
use std::sync::Arc;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route(&format!("{PATH}/{{proposal}}/text"), get(text))
}

async fn text(signed: Signed, Path(id): Path<String>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let (proposal, text) =
        signed.read(move |tx, _| Ok((proposals::one(tx, &id)?, proposals::text(tx, &id)?.0))).await?;
    Ok(download(&format!("{}.txt", proposal.name), text.body))
}

/// What changes of which price, and the way to the whole book. Of a text that cannot be read any more, or beside a book that was taken
/// back since, only the way to it.
pub(crate) async fn section(signed: &Signed, of: &Proposal) -> Result<Markup, Response> {
    let table = match web::proposals::book(&signed.visit.node, of.id.clone()).await {
        Ok(prepared) if signed.visit.node.desk().books.get(of.figures.against).is_some() => {
            Some(compared(signed, of, prepared.book).await?)
        }
        Ok(_) => None,
        Err(_) => None,
    };
    let texts = signed.visit.texts();
    Ok(html! {
        section aria-labelledby="h-changes" {
            div.sect {
                h2 id="h-changes" { (texts.what_changes()) }
                a.more href=(format!("{}/text", address(&of.id))) download { (texts.all_in_one()) }
            }
            @if let Some(table) = table { (table) }
        }
    })
}

async fn compared(signed: &Signed, of: &Proposal, after: Arc<Book>) -> Result<Markup, Response> {
    let (against, read) = (of.figures.against, after.clone());
    let mut all = signed.read(move |tx, at| books::changes(tx, at, against, &read)).await?;
    // From when it is to hold stands above.
    all.retain(|it| it.path != ["from"]);
    let desk = signed.visit.node.desk();
    let before = desk.books.get(against).map(|it| &**it);
    Ok(table(signed, Sides { before, after: &after }, &all))
}

fn table(signed: &Signed, sides: Sides<'_>, all: &[Change]) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        @if let Some(before) = sides.before {
            p.quiet { (texts.compared_with(&before.name, visit.time(before.from))) }
        }
        @if all.is_empty() { p { (texts.nothing_changes()) } } @else { (changes::table(signed, sides, all)) }
    }
}
