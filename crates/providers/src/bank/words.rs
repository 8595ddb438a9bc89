//! Text of somebody else, as it is kept.
//!
//! In:  what a bank's file says. Out: the same, short and without control characters.

/// Text of somebody else, kept short and plain.
pub(super) fn plain(text: &str, most: usize) -> String {
    text.chars()
        .map(|it| if it.is_control() { ' ' } else { it })
        .take(most)
        .collect::<String>()
        .trim()
        .to_string()
}
