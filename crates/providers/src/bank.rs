//! Statements of banks: camt.053 and CSV, read into entries.
//!
//! In:  a file as the bank made it. Out: the entries that came in, or why it is not believed.
//! Invariant: a statement whose sums do not come to what it says is refused as a whole.
//! Source: ISO 20022, camt.053.

mod camt;
mod csv_file;
mod words;

use billing::bank::{BankError, Entry};

/// Larger statements are refused.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Reads a statement: XML is camt.053, everything else CSV. Errors: what is wrong with it, and where.
pub fn read(text: &str) -> Result<Vec<Entry>, BankError> {
    if text.len() > MOST_BYTES {
        return Err(BankError::Unreadable(format!("it is larger than {MOST_BYTES} bytes")));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match text.trim_start().starts_with('<') {
        true => camt::read(text),
        false => csv_file::read(text),
    }
}

#[cfg(test)]
mod tests;
