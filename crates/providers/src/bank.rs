//! Statements of banks: camt.053 and CSV, read into entries.
//!
//! In:  a file as the bank made it, the calendar of its days. Out: the entries that came in, or why it is not believed.
//! Invariant: a statement whose sums do not come to what it says is refused as a whole; no two entries of a file have one name.
//! Source: ISO 20022, camt.053.

mod camt;
mod csv_file;
mod words;

use billing::bank::{BankError, Entry, MOST_ENTRIES};
use std::collections::HashSet;
use units::Calendar;

/// Larger statements are refused.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Reads a statement: XML is camt.053, everything else CSV. Its days are those of `calendar`.
///
/// Errors: what is wrong with it, and where.
pub fn read(text: &str, calendar: &Calendar) -> Result<Vec<Entry>, BankError> {
    if text.len() > MOST_BYTES {
        return Err(BankError::Unreadable(format!("it is larger than {MOST_BYTES} bytes; send it in parts")));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let all = match text.trim_start().starts_with('<') {
        true => camt::read(text, calendar)?,
        false => csv_file::read(text, calendar)?,
    };
    if all.len() > MOST_ENTRIES {
        let there = all.len();
        let what = format!("it has {there} entries, and {MOST_ENTRIES} are taken at once; send it in parts");
        return Err(BankError::Unreadable(what));
    }
    let mut names = HashSet::new();
    match all.iter().find(|it| !names.insert(it.id.as_str())) {
        Some(twice) => Err(BankError::Unreadable(format!(
            "the id {} is there twice, so that one of both would be lost; give each entry its own",
            twice.id
        ))),
        None => Ok(all),
    }
}

#[cfg(test)]
mod tests;
