//! What changes from one price book to another, as a table.
//!
//! In:  the changes that the diff of books gave, and the books. Out: a row for each: where, what stood there, what stands there.
//! Invariant: every change has a row, or it is said how many more there are.

use crate::pricing::{self, Sold};
use crate::signed::Signed;
use crate::{parts, show, tariff};
use billing::book::{Book, PriceRow};
use billing::control::option_name;
use billing::language::Language;
use billing::text::Text;
use maud::{Markup, html};
use pricebook::{Change, ChangeKind};
use texts::Texts;

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

    /// What a part within a product is called: a component, an option, for what a price is.
    fn part(&self, path: &[String], at: usize, language: Language) -> Option<String> {
        let (product, part) = (path.first()?.strip_prefix("product ")?, path.get(at)?);
        let mut sold = self.both().filter_map(|book| Some(Sold { book, product: book.product(product)? }));
        if let Some(id) = part.strip_prefix("option ") {
            let of = |it: Sold<'_>| Some(option_name(it.product, &it.product.option(id)?.name));
            return Some(sold.find_map(of)?.get(language).to_string());
        }
        let named = |part: &String| part.strip_prefix("component ").map(str::to_string);
        let component = path[..=at].iter().find_map(named)?;
        let of = |it: Sold<'_>| {
            let found = it.product.components.iter().find(|it| it.id == component)?;
            match part.strip_prefix("price") {
                None => Some(found.label.or(&found.name).get(language).to_string()),
                Some(name) => {
                    let ends = |row: &&PriceRow| name.is_empty() || row.item.key.ends_with(name);
                    let row = found.prices.iter().find(ends)?;
                    let per = tariff::per(found, &row.item, language);
                    let what = pricing::chosen(it, row, language);
                    Some(
                        [what, per]
                            .into_iter()
                            .flatten()
                            .collect::<Vec<_>>()
                            .join(&language.say("; ".into(), "；".into())),
                    )
                }
            }
        };
        let is_known = part.starts_with("component ") || part.starts_with("price");
        sold.find_map(of).filter(|it| is_known && !it.is_empty())
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
        @if all.len() > MOST { (parts::hint(&texts.more_changes(all.len() - MOST))) }
    }
}

/// What a part of a path is called that is no thing of a product; as the files call it where people have no word for it.
fn word(texts: &Texts, path: &[String], at: usize) -> String {
    let part = path[at].as_str();
    if path.len() == 1 && part == "name" {
        return texts.diff_name();
    }
    let behind = |before: &str| part.strip_prefix(before);
    match (behind("tier "), behind("band "), behind("value ")) {
        (Some(number), ..) => texts.diff_tier(number),
        (_, Some(number), _) => texts.diff_band(number),
        (_, _, Some(value)) => texts.diff_value(value),
        (None, None, None) => match part {
            "help" => texts.diff_help(),
            "en" => "English".to_string(),
            "zh" => "中文".to_string(),
            other => other.to_string(),
        },
    }
}

fn row(signed: &Signed, sides: Sides<'_>, it: &Change) -> Markup {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let first = it.path.first().map_or("", String::as_str);
    let product = sides.product(first).map(|name| name.get(language).to_string());
    let from = usize::from(product.is_some());
    let is_amount = it.path.last().is_some_and(|it| it == "amount");
    // That the figure of a price is an amount goes without saying.
    let end = it.path.len() - usize::from(is_amount && it.path.len() > from + 1);
    let part = |at: usize| sides.part(&it.path, at, language).unwrap_or_else(|| word(texts, &it.path, at));
    let rest = (from..end).map(part).collect::<Vec<_>>().join(" · ");
    let unit = if is_amount { show::currency(sides.after.currency, language) } else { "" };
    let said = |text: &str| match is_amount {
        true => format!("{} {unit}", show::thousands(text)),
        false => text.to_string(),
    };
    let mark = match it.kind {
        ChangeKind::Added => texts.change_new(),
        ChangeKind::Removed => texts.change_gone(),
        ChangeKind::Changed => it.percent().map_or_else(|| "–".to_string(), |it| show::percent(&it)),
    };
    html! {
        tr {
            th scope="row" { (product.as_deref().unwrap_or("–")) span.only.s { (rest) } }
            td.p2 { (rest) @if let Some(source) = &it.source { span.s { (source) } } }
            td.p2.n[is_amount] { @match &it.before { Some(text) => del { (said(text)) }, None => "–" } }
            td.n[is_amount] {
                @match &it.after { Some(text) => ins { (said(text)) }, None => "–" }
                @if let Some(text) = &it.before { span.only.s { del { (said(text)) } } }
            }
            td.n { (mark) }
        }
    }
}
