//! Where a page of readings ends: an instant, a source and an event, as one word.
//!
//! In:  a mark, or the word of one. Out: the other.
//! Invariant: a word is read back as the mark that it was made of, whatever a source or an event is called.

use super::{Part, no_page};
use crate::{Refusal, journal};
use store::usage::Mark;

/// The mark as one word.
pub fn word(mark: &Mark) -> String {
    let (at_us, source, event) = mark;
    journal::hex(format!("{at_us}\n{source}\n{event}").as_bytes())
}

/// Where a list of readings goes on. Errors: `NotFound` for anything that is no word of a mark.
pub fn of(part: &Part) -> Result<Option<Mark>, Refusal> {
    part.after.as_deref().map(|word| read(word).ok_or_else(no_page)).transpose()
}

fn read(word: &str) -> Option<Mark> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = word.as_bytes().chunks(2).map(byte).collect();
    let text = String::from_utf8(bytes?).ok()?;
    let mut parts = text.splitn(3, '\n');
    let (at_us, source, event) = (parts.next()?.parse().ok()?, parts.next()?, parts.next()?);
    let whole = !event.contains('\0') && !source.contains('\0');
    whole.then(|| (at_us, source.to_string(), event.to_string()))
}

#[cfg(test)]
mod tests;
