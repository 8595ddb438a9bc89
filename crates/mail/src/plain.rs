//! A mail as text.
//!
//! In:  the parts of a mail. Out: lines that any reader shows.

use crate::body::Body;
use billing::language::Language;

/// The parts one below another, addresses written out, each on a line of its own.
pub fn text(body: &Body, language: Language) -> String {
    let (colon, between) = match language {
        Language::English => (":", ": "),
        Language::Chinese => ("：", "："),
    };
    let mut text = format!("{}\n", body.title);
    for it in &body.paragraphs {
        text.push_str(&format!("\n{it}\n"));
    }
    if !body.rows.is_empty() || body.total.is_some() {
        text.push('\n');
    }
    for (what, which) in body.rows.iter().chain(&body.total) {
        text.push_str(&format!("{what}{between}{which}\n"));
    }
    if let Some((label, address)) = &body.action {
        text.push_str(&format!("\n{label}{colon}\n{address}\n"));
    }
    text.push_str("\n--\n");
    for it in &body.small {
        text.push_str(&format!("{it}\n"));
    }
    for (label, address) in &body.links {
        text.push_str(&format!("\n{label}\n{address}\n"));
    }
    text
}
