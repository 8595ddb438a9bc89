//! One word for one thing, in what people read in Chinese.
//!
//! In:  the path and the text of a file of Chinese texts or of a source. Out: a finding for each word that has another one.
//! Invariant: tests and the house rules may say anything.

use super::Finding;
use super::tree::{crate_of, is_test};

/// What is not said, and what is said for it.
const OTHERS: [(&str, &str); 4] =
    [("后付费", "按量计费"), ("按使用量计费", "按量计费"), ("按使用计费", "按量计费"), ("凑足", "调整至")];

pub fn others(path: &str, text: &str) -> Vec<Finding> {
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
