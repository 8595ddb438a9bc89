//! Headers and sizes: what a file must begin with, and how long it and its functions may be.
//!
//! In:  the path and the text of a Rust source.
//! Out: findings for what has no header or is too long; a report of how long things are.
//!
//! Invariant: a test file may be as long as its tests need, but its functions are held to the same limit, and it has a
//! header too. The report leaves tests out.

use super::Finding;
use super::rust::{functions, tokens};
use super::tree::{Tree, is_test};

const FILE_LIMIT: usize = 600;
const FUNCTION_LIMIT: usize = 70;

pub fn header(path: &str, text: &str) -> Vec<Finding> {
    let words = text.lines().next().and_then(|it| it.strip_prefix("//!")).unwrap_or_default();
    if words.trim().is_empty() {
        let remedy = "begin the file with `//!` lines: what it is for, what comes in and goes out, what is always true";
        return vec![Finding::new(path, 1, remedy)];
    }
    Vec::new()
}

pub fn long_file(path: &str, text: &str) -> Vec<Finding> {
    let lines = text.lines().count();
    if is_test(path) || lines <= FILE_LIMIT {
        return Vec::new();
    }
    let remedy = format!("the file has {lines} lines, {FILE_LIMIT} are allowed: split it by noun");
    vec![Finding::new(path, FILE_LIMIT + 1, remedy)]
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

/// How long files and functions are, tests apart, and which are the longest.
pub fn report(tree: &Tree) -> String {
    let mut of_files = Vec::new();
    let mut of_functions = Vec::new();
    for file in tree.rust().filter(|it| !is_test(&it.path)) {
        of_files.push((file.text.lines().count(), file.path.clone()));
        for function in functions(&tokens(&file.text)).iter().filter(|it| it.lines > 0) {
            of_functions.push((function.lines, format!("{}:{} {}", file.path, function.line, function.name)));
        }
    }
    [distribution("files", FILE_LIMIT, of_files), distribution("functions", FUNCTION_LIMIT, of_functions)]
        .join("\n")
}

fn distribution(what: &str, limit: usize, mut sizes: Vec<(usize, String)>) -> String {
    sizes.sort();
    let lines: Vec<usize> = sizes.iter().map(|(lines, _)| *lines).collect();
    let mut text = format!(
        "{}: {} of them, {} lines; median {}, p90 {}, longest {} (limit {limit})",
        what,
        lines.len(),
        lines.iter().sum::<usize>(),
        percentile(&lines, 50),
        percentile(&lines, 90),
        percentile(&lines, 100),
    );
    for (lines, name) in sizes.iter().rev().take(5) {
        text.push_str(&format!("\n  {lines:4} {name}"));
    }
    text
}

/// The smallest value that at least `percent` of the values do not exceed; 0 of none.
pub fn percentile(sorted: &[usize], percent: usize) -> usize {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}
