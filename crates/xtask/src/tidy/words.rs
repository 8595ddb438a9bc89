//! Words that have no place where they stand.
//!
//! In:  the path and the text of a Rust source.
//! Out: a finding per banned word, in code only: comments and strings may say anything.
//!
//! Invariant: a word is compared as tokens, so `0xf64` is no float and `use std::{fs, io}` is no way around `std::fs`.

use super::Finding;
use super::rust::{Kind, Token, tokens};
use super::tree::crate_of;

/// The crates that decide. Their tests and benches outside `src` are free.
const CORE: &[&str] = &["crates/units/src/", "crates/billing/src/", "crates/pricebook/src/"];

const IMPURE: &[(&str, &str)] = &[
    ("async", "the core is synchronous: hand it values"),
    ("::now", "the core reads no clock: take `now` as an argument"),
    ("SystemTime", "the core reads no clock: take a `Timestamp` as an argument"),
    ("std::fs", "the core reads no file: take the text as an argument"),
    ("std::net", "the core opens no socket: take what came over it as an argument"),
    ("std::env", "the core reads no environment: take the setting as an argument"),
    ("rand::", "the core draws no random number: take the id as an argument"),
];

/// The crates that read and write: they run inside a transaction, on a blocking thread.
const SYNCHRONOUS: &[&str] = &["store", "desk"];

const ASYNCHRONOUS: &[(&str, &str)] = &[
    ("async", "plain functions only: the caller runs the transaction on a blocking thread"),
    (".await", "plain functions only: the caller waits, and hands in what it waited for"),
];

const FLOATS: &[&str] = &["f32", "f64"];

const UNDONE: &[(&str, &str)] = &[
    ("todo!", "finish it, or return an error that says what is missing"),
    ("unimplemented!", "finish it, or return an error that says what is missing"),
    ("dbg!", "take it out, or write a `tracing` event"),
    ("#[ignore", "a test that does not run proves nothing: mend it or delete it"),
];

pub fn impure(path: &str, text: &str) -> Vec<Finding> {
    if !CORE.iter().any(|it| path.starts_with(it)) {
        return Vec::new();
    }
    let tokens = tokens(text);
    let mut findings = banned(path, &tokens, IMPURE);
    findings.extend(grouped_imports(path, &tokens));
    findings.extend(tokens.iter().filter(|it| is_float(it)).map(|it| {
        let remedy = format!(
            "`{}` is a float: money, prices and quantities are whole numbers of a small unit",
            it.text
        );
        Finding::new(path, it.line, remedy)
    }));
    findings
}

pub fn asynchronous(path: &str, text: &str) -> Vec<Finding> {
    if !crate_of(path).is_some_and(|it| SYNCHRONOUS.contains(&it)) {
        return Vec::new();
    }
    banned(path, &tokens(text), ASYNCHRONOUS)
}

pub fn undone(path: &str, text: &str) -> Vec<Finding> {
    banned(path, &tokens(text), UNDONE)
}

fn banned(path: &str, code: &[Token], words: &[(&str, &str)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (word, remedy) in words {
        let wanted = tokens(word);
        for window in code.windows(wanted.len()) {
            if window.iter().zip(&wanted).all(|(found, it)| found.is(it.text)) {
                findings.push(Finding::new(path, window[0].line, format!("`{word}`: {remedy}")));
            }
        }
    }
    findings
}

/// `use std::{fs, io}` reaches `std::fs` without writing it.
fn grouped_imports(path: &str, code: &[Token]) -> Vec<Finding> {
    let opening = tokens("std::{");
    let mut findings = Vec::new();
    for (start, window) in code.windows(opening.len()).enumerate() {
        if !window.iter().zip(&opening).all(|(found, it)| found.is(it.text)) {
            continue;
        }
        let mut depth = 1;
        for pair in code[start + opening.len() - 1..].windows(2) {
            depth += match pair[1].text {
                "{" => 1,
                "}" => -1,
                _ => 0,
            };
            if depth == 0 {
                break;
            }
            let module = format!("std::{}", pair[1].text);
            let starts = depth == 1 && (pair[0].is("{") || pair[0].is(","));
            if let Some((word, remedy)) = IMPURE.iter().find(|(word, _)| starts && *word == module) {
                findings.push(Finding::new(path, pair[1].line, format!("`{word}`: {remedy}")));
            }
        }
    }
    findings
}

/// A float by its type, in a name (`as_f64`) or after a number (`1.5f64`); not the digits of `0xf64`.
fn is_float(token: &Token) -> bool {
    match token.kind {
        Kind::Word => FLOATS.iter().any(|it| token.text.contains(it)),
        Kind::Number => !token.text.starts_with("0x") && FLOATS.iter().any(|it| token.text.ends_with(it)),
        Kind::Lifetime | Kind::Quoted | Kind::Sign => false,
    }
}
