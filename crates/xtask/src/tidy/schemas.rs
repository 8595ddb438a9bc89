//! Names of schemas of the API's document.
//!
//! In:  Rust sources. Out: a finding for each type with a schema that has the name of another one: in the document the
//! later one would silently stand for both.

use super::Finding;
use super::tree::File;
use std::collections::HashMap;

pub fn twice(files: &[&File]) -> Vec<Finding> {
    let mut first: HashMap<&str, &str> = HashMap::new();
    let mut findings = Vec::new();
    for file in files {
        let mut has_schema = false;
        for (line, text) in (1..).zip(file.text.lines()) {
            let text = text.trim_start();
            has_schema |= text.starts_with("#[derive(") && text.contains("ToSchema");
            let Some(name) = declared(text).filter(|_| has_schema) else { continue };
            has_schema = false;
            if let Some(other) = first.insert(name, &file.path) {
                let remedy = format!("the schema `{name}` is in {other} too: give one of them another name");
                findings.push(Finding::new(&file.path, line, remedy));
            }
        }
    }
    findings
}

/// The type that a line declares.
fn declared(text: &str) -> Option<&str> {
    let text = text.trim_start_matches("pub ");
    let rest = text.strip_prefix("struct ").or_else(|| text.strip_prefix("enum "))?;
    rest.split(|it: char| !it.is_alphanumeric() && it != '_').next()
}
