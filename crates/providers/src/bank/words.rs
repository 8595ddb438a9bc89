//! Text of somebody else, as it is kept.
//!
//! In:  what a bank's file says. Out: the same, short and without control characters; names, never cut.

use billing::bank::LONGEST_ID;

/// Text of somebody else, kept short and plain.
pub(super) fn plain(text: &str, most: usize) -> String {
    text.chars()
        .map(|it| if it.is_control() { ' ' } else { it })
        .take(most)
        .collect::<String>()
        .trim()
        .to_string()
}

/// A name of an entry, as it is. Errors: one that is too long to be kept whole: two that begin alike would be taken for one.
pub(super) fn name(text: &str) -> Result<String, String> {
    let length = text.chars().count();
    match length > LONGEST_ID {
        true => Err(format!(
            "the id `{}…` has {length} letters, and {LONGEST_ID} are kept; give it a shorter one",
            plain(text, 20)
        )),
        false => Ok(plain(text, LONGEST_ID)),
    }
}
