//! Pieces of HTML, and of the document that it shows.
//!
//! Invariant: every text is escaped before it is a part of a page.

use serde_json::Value;

/// A labelled block of text that scrolls by itself; it can be reached and scrolled with the keyboard.
pub(super) fn code_block(label: &str, code: &str) -> String {
    format!(
        "<figure><figcaption>{0}</figcaption><pre tabindex=\"0\" aria-label=\"{0}\"><code>{1}</code></pre></figure>",
        escaped(label),
        escaped(code)
    )
}

pub(super) fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

pub(super) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// A name as a part of an address.
pub(super) fn anchor(name: &str) -> String {
    let mapped =
        name.chars().map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' });
    mapped.collect()
}

pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
