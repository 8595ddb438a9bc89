//! One word for one thing, in what people read.
//!
//! In:  the path and the text of a file of texts or of a source. Out: a finding for each word that has another one.
//! Invariant: tests and the house rules may say anything.

use super::Finding;
use super::tree::{crate_of, is_test};

/// What is not said, and what is said for it.
const OTHERS: [(&str, &str); 5] = [
    ("后付费", "按量计费"),
    ("按使用量计费", "按量计费"),
    ("按使用计费", "按量计费"),
    ("凑足", "调整至"),
    ("列表价", "原价"),
];

/// The same of English texts; sources and names of texts speak as programs do.
const ENGLISH: [(&str, &str); 1] = [("prepaid", "annual/monthly")];

pub fn others(path: &str, text: &str) -> Vec<Finding> {
    if path.starts_with("crates/texts/texts/en/") {
        return english(path, text);
    }
    let is_read = path.starts_with("crates/texts/texts/zh/") || path.ends_with(".rs");
    if !is_read || is_test(path) || crate_of(path) == Some("xtask") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (line, said) in (1..).zip(text.lines()) {
        for (other, word) in OTHERS.iter().filter(|it| said.contains(it.0)) {
            findings.push(Finding::new(path, line, format!("`{other}`: say `{word}`")));
        }
    }
    findings
}

fn english(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, said) in (1..).zip(text.lines()).filter(|it| !it.1.starts_with('#')) {
        // What stands before the sign is the name of a text.
        let said = said.split_once(" = ").map_or(said, |it| it.1).to_lowercase();
        for (other, word) in ENGLISH.iter().filter(|it| said.contains(it.0)) {
            findings.push(Finding::new(path, line, format!("`{other}`: say `{word}`")));
        }
    }
    findings
}
