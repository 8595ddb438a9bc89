//! Boolean parameters: at the call nobody can tell what `true` is.
//!
//! In:  the path and the text of a Rust source.
//! Out: a finding per `bool` among the parameters of a function with `pub`, of whatever reach.
//!
//! Invariant: only flags are refused. `bool` as a result, in a closure's type or in a slice is data.

use super::Finding;
use super::rust::{Kind, Token, functions, tokens};
use super::signatures::{is_public, split};

pub fn parameters(path: &str, text: &str) -> Vec<Finding> {
    let code = tokens(text);
    let mut findings = Vec::new();
    for function in functions(&code).iter().filter(|it| is_public(&code, it)) {
        for parameter in split(&code[function.parameters.clone()]) {
            if is_flag(parameter) {
                let remedy = format!(
                    "`{}` takes a `bool`: write two functions, or an enum with two names that can be read at the call",
                    function.name
                );
                findings.push(Finding::new(path, parameter[0].line, remedy));
            }
        }
    }
    findings
}

/// `name: bool`, also behind a reference or in an `Option`.
fn is_flag(parameter: &[Token]) -> bool {
    let Some(colon) = parameter.iter().position(|it| it.is(":")) else { return false };
    let plain = |it: &&Token| it.kind != Kind::Lifetime && !it.is("&") && !it.is("mut");
    let of: Vec<&str> = parameter[colon + 1..].iter().filter(plain).map(|it| it.text).collect();
    of == ["bool"] || of == ["Option", "<", "bool", ">"]
}
