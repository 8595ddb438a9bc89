//! What changes from one price book to another, as a table.
//!
//! In:  the changes that the diff of books gave, and the books. Out: a row for each: where, what stood there, what stands there.
//! Invariant: every change has a row, or it is said how many more there are.

use crate::signed::Signed;
use crate::{parts, show};
use billing::book::Book;
use billing::text::Text;
use maud::{Markup, html};
use pricebook::{Change, ChangeKind};

/// Changes that a page shows.
const MOST: usize = 500;

/// The books on both sides.
#[derive(Clone, Copy)]
pub(crate) struct Sides<'a> {
    pub before: Option<&'a Book>,
    pub after: &'a Book,
}

impl Sides<'_> {
    /// What the thing that a part of a path names is called: `product server` is Cloud server.
    fn product(&self, part: &str) -> Option<Text> {
        let id = part.strip_prefix("product ")?;
        let found = self.both().find_map(|it| it.product(id))?;
        Some(found.look.label.or(&found.name))
    }

    fn component(&self, product: &str, part: &str) -> Option<Text> {
        let (product, id) = (product.strip_prefix("product ")?, part.strip_prefix("component ")?);
        let found = self.both().filter_map(|it| it.product(product));
        let found = found.flat_map(|it| &it.components).find(|it| it.id == id)?;
        Some(found.label.or(&found.name))
    }

    fn both(&self) -> impl Iterator<Item = &Book> {
        std::iter::once(self.after).chain(self.before)
    }
}

/// A row for each change.
pub(crate) fn table(signed: &Signed, sides: Sides<'_>, all: &[Change]) -> Markup {
    let texts = signed.visit.texts();
    html! {
        table.table.diff {
            thead {
                tr {
                    th scope="col" { (texts.product()) }
                    th.p2 scope="col" { (texts.component_and_part()) }
                    th.p2 scope="col" { (texts.stood()) }
                    th scope="col" { (texts.stands()) }
                    th.n scope="col" { (texts.by_percent()) }
                }
            }
            tbody { @for it in all.iter().take(MOST) { (row(signed, sides, it)) } }
        }
        @if all.len() > MOST { (parts::hint(&texts.more_changes((all.len() - MOST).to_string()))) }
    }
}

fn row(signed: &Signed, sides: Sides<'_>, it: &Change) -> Markup {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let first = it.path.first().map_or("", String::as_str);
    let product = sides.product(first).map(|name| name.get(language).to_string());
    let rest: &[String] = if product.is_some() { it.path.get(1..).unwrap_or(&[]) } else { &it.path };
    let part = |part: &String| {
        let name = sides.component(first, part).map(|it| it.get(language).to_string());
        name.unwrap_or_else(|| part.clone())
    };
    let rest = rest.iter().map(part).collect::<Vec<_>>().join(" · ");
    let mark = match it.kind {
        ChangeKind::Added => texts.change_new(),
        ChangeKind::Removed => texts.change_gone(),
        ChangeKind::Changed => it.percent().map_or_else(|| "–".to_string(), |it| show::percent(&it)),
    };
    html! {
        tr {
            th scope="row" { (product.as_deref().unwrap_or("–")) span.only.s { (rest) } }
            td.p2 { (rest) @if let Some(source) = &it.source { span.s { (source) } } }
            td.p2 { @match &it.before { Some(text) => del { (text) }, None => "–" } }
            td {
                @match &it.after { Some(text) => ins { (text) }, None => "–" }
                @if let Some(text) = &it.before { span.only.s { del { (text) } } }
            }
            td.n { (mark) }
        }
    }
}
