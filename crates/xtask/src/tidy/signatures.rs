//! Signatures: how many arguments a call hands over, and whether tuples hide some of them.
//!
//! In:  the tokens of a Rust source and a function in it.
//! Out: counts; a finding per tuple pattern among the parameters of a function with `pub`, of whatever reach.
//!
//! Invariant: a tuple counts for its members, `self` for one, since that is what a reader of the call has to know.

use super::Finding;
use super::rust::{Function, Kind, Token, closing, functions, tokens, without_tests};
use super::tree::is_test;

/// What may stand between `pub` and `fn`.
const QUALIFIERS: &[&str] = &["const", "async", "unsafe", "extern"];

pub fn tuple_patterns(path: &str, text: &str) -> Vec<Finding> {
    if is_test(path) {
        return Vec::new();
    }
    let code = without_tests(&tokens(text));
    let mut findings = Vec::new();
    for function in functions(&code).iter().filter(|it| is_public(&code, it)) {
        for parameter in split(&code[function.parameters.clone()]).iter().filter(|it| is_tuple_pattern(it)) {
            let remedy = format!(
                "`{}` takes a tuple apart among its parameters: hand it a struct with names, or one thing",
                function.name
            );
            findings.push(Finding::new(path, parameter[0].line, remedy));
        }
    }
    findings
}

/// The arguments that a call of `function` hands over, those in tuples one by one.
pub fn arguments(code: &[Token], function: &Function) -> usize {
    split(&code[function.parameters.clone()]).iter().map(|it| members(it)).sum()
}

/// How many of the parameters are tuple patterns: `(a, b): (A, B)`.
pub fn tuple_pattern_count(code: &[Token], function: &Function) -> usize {
    split(&code[function.parameters.clone()]).iter().filter(|it| is_tuple_pattern(it)).count()
}

fn is_tuple_pattern(parameter: &[Token]) -> bool {
    parameter.iter().find(|it| !is_modifier(it)).is_some_and(|it| it.is("("))
}

/// The members of a parameter whose type is a tuple, also behind a reference; 1 of any other.
fn members(parameter: &[Token]) -> usize {
    let Some(colon) = outer_colon(parameter) else { return 1 };
    let of: Vec<Token> = parameter[colon + 1..].iter().filter(|it| !is_modifier(it)).copied().collect();
    let is_tuple = of.first().is_some_and(|it| it.is("(")) && closing(&of, 0) + 1 == of.len();
    if is_tuple { split(&of[1..of.len() - 1]).len().max(1) } else { 1 }
}

fn is_modifier(token: &Token) -> bool {
    token.kind == Kind::Lifetime || token.is("&") || token.is("mut")
}

/// Where the type of a parameter begins: after the colon outside of all brackets.
fn outer_colon(parameter: &[Token]) -> Option<usize> {
    let mut at = 0;
    while at < parameter.len() {
        match parameter[at].text {
            ":" => return Some(at),
            "(" | "[" | "{" => at = closing(parameter, at) + 1,
            _ => at += 1,
        }
    }
    None
}

/// Whether a function has `pub`, of whatever reach.
pub fn is_public(code: &[Token], function: &Function) -> bool {
    let before = code[..function.at].iter().rev();
    let mut before =
        before.skip_while(|it| it.kind == Kind::Quoted || QUALIFIERS.iter().any(|word| it.is(word)));
    match before.next() {
        Some(it) if it.is("pub") => true,
        Some(it) if it.is(")") => {
            before.find(|it| it.is("(")).and_then(|_| before.next()).is_some_and(|it| it.is("pub"))
        }
        _ => false,
    }
}

/// Parameters or members of a tuple, cut at the commas outside of all brackets.
pub fn split<'t, 'a>(list: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut depth = 0;
    list.split(|it| {
        depth += match it.text {
            "(" | "[" | "{" | "<" => 1,
            ")" | "]" | "}" | ">" => -1,
            _ => 0,
        };
        depth == 0 && it.is(",")
    })
    .filter(|it| !it.is_empty())
    .collect()
}
