//! Traits: each has two implementors on the day it is written, or it is an inherent method in disguise.
//!
//! In:  every Rust source, since implementors live elsewhere.
//! Out: a finding per trait with fewer.
//!
//! Invariant: an implementor in a test does not make a trait of the program honest. Where a macro or a blanket `impl`
//! stands for several, `// trait: REASON` above the trait says so.

use std::collections::BTreeMap;

use super::Finding;
use super::rust::{Kind, Token, closing, skip_generics, tokens};
use super::tree::{File, is_test};

const WANTED: usize = 2;
const MARKER: &str = "// trait:";

pub fn lonely(files: &[&File]) -> Vec<Finding> {
    let parsed: Vec<(&File, Vec<Token>)> = files.iter().map(|file| (*file, tokens(&file.text))).collect();
    let mut defined: BTreeMap<&str, usize> = BTreeMap::new();
    let mut implemented: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for (file, code) in &parsed {
        for (name, _) in definitions(code) {
            *defined.entry(name).or_default() += 1;
        }
        for name in implementations(code) {
            implemented.entry(name).or_default()[usize::from(is_test(&file.path))] += 1;
        }
    }
    let mut findings = Vec::new();
    for (file, code) in &parsed {
        for (name, line) in definitions(code) {
            let [program, tests] = implemented.get(name).copied().unwrap_or_default();
            let found = if is_test(&file.path) { program + tests } else { program };
            if found < WANTED * defined[name] && !is_explained(&file.text, line) {
                let remedy = format!(
                    "trait `{name}` has {found} implementors, tests apart: write plain functions, or explain above it \
                     with `{MARKER} REASON` that a macro or a blanket impl stands for more"
                );
                findings.push(Finding::new(&file.path, line, remedy));
            }
        }
    }
    findings
}

fn definitions<'a>(code: &[Token<'a>]) -> Vec<(&'a str, usize)> {
    let named = |pair: &[Token<'a>]| pair[0].is("trait") && pair[1].kind == Kind::Word;
    code.windows(2).filter(|it| named(it)).map(|it| (it[1].text, it[0].line)).collect()
}

fn implementations<'a>(code: &[Token<'a>]) -> Vec<&'a str> {
    (0..code.len()).filter(|at| code[*at].is("impl")).filter_map(|at| implemented_trait(code, at)).collect()
}

/// The `X` of `impl<T> path::X<T> for Y`; none for `impl Y` and for `impl X` as a type.
fn implemented_trait<'a>(code: &[Token<'a>], at: usize) -> Option<&'a str> {
    let mut next = skip_generics(code, at + 1);
    let mut name = None;
    while let Some(token) = code.get(next) {
        let bound_for = code.get(next + 1).is_some_and(|it| it.is("<"));
        match token.text {
            "for" if !bound_for => return name,
            "{" | "}" | ";" | ")" | "," | "=" | "where" => return None,
            "<" | "(" | "[" => next = closing(code, next),
            _ if token.kind == Kind::Word => name = Some(token.text),
            _ => {}
        }
        next += 1;
    }
    None
}

/// Whether the comments and attributes right above `line` (from 1) hold the marker with a reason.
fn is_explained(text: &str, line: usize) -> bool {
    let above: Vec<&str> = text.lines().take(line - 1).map(str::trim).collect();
    above
        .iter()
        .rev()
        .take_while(|it| it.starts_with("//") || it.starts_with('#'))
        .any(|it| it.strip_prefix(MARKER).is_some_and(|reason| !reason.trim().is_empty()))
}
