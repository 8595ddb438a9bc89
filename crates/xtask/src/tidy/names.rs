//! Names that say nothing: `Manager`, `Helper`, `common.rs` and their kin.
//!
//! In:  the path and the text of a Rust source.
//! Out: a finding per type, module, file and folder with such a name.
//!
//! Invariant: whole words only. `Utilisation` is a fine name, and so is `service` alone, which customers stop and start.

use super::Finding;
use super::rust::{Kind, tokens};
use super::tree::crate_of;

const VICES: &[&str] = &["manager", "helper", "util", "processor", "handler"];
const DEFINING: &[&str] = &["struct", "enum", "union", "trait", "type", "mod"];
const REMEDY: &str = "says nothing: name the thing or the verb";

pub fn vices(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if crate_of(path).is_some() {
        let parts = path.trim_end_matches(".rs").split('/');
        findings.extend(
            parts
                .filter(|it| is_vice(it))
                .map(|it| Finding::new(path, 1, format!("the file name `{it}` {REMEDY}"))),
        );
    }
    for pair in tokens(text).windows(2) {
        if DEFINING.iter().any(|it| pair[0].is(it)) && pair[1].kind == Kind::Word && is_vice(pair[1].text) {
            findings.push(Finding::new(path, pair[1].line, format!("the name `{}` {REMEDY}", pair[1].text)));
        }
    }
    findings
}

fn is_vice(name: &str) -> bool {
    let words = words(name);
    let is_banned = |it: &String| VICES.contains(&it.strip_suffix('s').unwrap_or(it));
    let only = words.len() == 1;
    let last = words.last().map(String::as_str);
    words.iter().any(is_banned) || (only && last == Some("common")) || (!only && last == Some("service"))
}

/// The words of `snake_case` and of `CamelCase`, in small letters.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for it in name.chars() {
        if it == '_' || it == '-' || it.is_uppercase() {
            words.push(String::new());
        }
        if it.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(it.to_lowercase());
        }
    }
    words.retain(|it| !it.is_empty());
    words
}
