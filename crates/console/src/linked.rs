//! Sentences that name bills, orders and offers by their ids, with the ways to them.
//!
//! In:  a sentence about an account. Out: the same, each id that has a page as a link to it.
//! Invariant: the words stay as they are; what has no page for whoever reads stays text.

use crate::house;
use crate::signed::Signed;
use maud::{Markup, html};
use units::AccountId;

/// Hex digits behind the prefix of an id.
const DIGITS: usize = 32;
/// What has a page, by the prefix of its id.
const PREFIXES: [&str; 3] = ["bil_", "ord_", "off_"];

/// A sentence with its links.
pub(crate) fn text(signed: &Signed, account: AccountId, text: &str) -> Markup {
    let things = house::things(signed, account);
    html! {
        @for part in parts(text) {
            @match part {
                Part::Text(it) => (it),
                Part::Id(it) => a href=(address(&things, it)) { (it) },
            }
        }
    }
}

/// The page of an id, below `things`; an offer has one page for all who may see it.
fn address(things: &str, id: &str) -> String {
    match id.get(..4) {
        Some("bil_") => format!("{things}/bills/{id}"),
        Some("ord_") => format!("{things}/orders/{id}"),
        Some(_) | None => format!("/offers/{id}"),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<'a> {
    Text(&'a str),
    /// Of a line, with its number behind the bill.
    Id(&'a str),
}

/// A sentence taken apart; together the parts are the sentence.
fn parts(text: &str) -> Vec<Part<'_>> {
    let (mut all, mut rest) = (Vec::new(), text);
    while let Some((from, to)) = first(rest) {
        let (before, behind) = rest.split_at(from);
        let (id, after) = behind.split_at(to - from);
        all.extend([Part::Text(before), Part::Id(id)]);
        rest = after;
    }
    all.push(Part::Text(rest));
    all
}

/// Where the first id of a text begins and ends.
fn first(text: &str) -> Option<(usize, usize)> {
    let begins = PREFIXES.iter().flat_map(|prefix| text.match_indices(prefix).map(|it| it.0));
    let id = |from: usize| Some((from, from + length(&text[from..])?));
    begins.filter_map(id).min()
}

/// How long the id is that a text begins with; of a bill with the number of a line that is named behind it.
fn length(text: &str) -> Option<usize> {
    let id = 4 + DIGITS;
    let digits = text.get(4..id)?;
    if !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
        return None;
    }
    let line = text[id..].strip_prefix('/').filter(|_| text.starts_with("bil_"));
    let number = line.map_or(0, |it| it.bytes().take_while(u8::is_ascii_digit).count());
    Some(if number > 0 { id + 1 + number } else { id })
}

#[cfg(test)]
mod tests;
