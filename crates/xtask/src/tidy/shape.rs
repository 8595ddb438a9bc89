//! Headers and sizes: what a file must begin with, and how long it and its functions may be.
//!
//! In:  the path and the text of a Rust source.
//! Out: findings for what has no header or is too long.
//!
//! Invariant: a test file may be as long as its tests need, but its functions are held to the same limit, and it has a
//! header too. Tests inside of a file do not count for its length.

use super::Finding;
use super::rust::{functions, test_spans, tokens};
use super::tree::is_test;

pub const FILE_LIMIT: usize = 500;
pub const FUNCTION_LIMIT: usize = 70;

pub fn header(path: &str, text: &str) -> Vec<Finding> {
    let words = text.lines().next().and_then(|it| it.strip_prefix("//!")).unwrap_or_default();
    if words.trim().is_empty() {
        let remedy = "begin the file with `//!` lines: what it is for, what comes in and goes out, what is always true";
        return vec![Finding::new(path, 1, remedy)];
    }
    Vec::new()
}

pub fn long_file(path: &str, text: &str) -> Vec<Finding> {
    let lines = lines_without_tests(text);
    if is_test(path) || lines <= FILE_LIMIT {
        return Vec::new();
    }
    let remedy =
        format!("the file has {lines} lines without its tests, {FILE_LIMIT} are allowed: split it by noun");
    vec![Finding::new(path, FILE_LIMIT + 1, remedy)]
}

/// The lines of a source less those of the items that are there for tests only.
pub fn lines_without_tests(text: &str) -> usize {
    let code = tokens(text);
    let of_tests = test_spans(&code).into_iter().map(|it| code[it.end - 1].line - code[it.start].line + 1);
    text.lines().count().saturating_sub(of_tests.sum())
}

pub fn long_functions(path: &str, text: &str) -> Vec<Finding> {
    let long = |lines: usize| lines > FUNCTION_LIMIT;
    functions(&tokens(text))
        .iter()
        .filter(|it| long(it.lines))
        .map(|it| {
            let remedy = format!(
                "`{}` has {} lines, {FUNCTION_LIMIT} are allowed: give its parts names of their own",
                it.name, it.lines
            );
            Finding::new(path, it.line, remedy)
        })
        .collect()
}
