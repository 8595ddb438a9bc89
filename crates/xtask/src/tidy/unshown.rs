//! Texts that nobody shows.
//!
//! In:  the English texts, and the sources of the crates that show them.
//! Out: a finding for each text whose function is called nowhere.

use super::Finding;
use super::tree::File;

/// Where the texts are; the other languages have the same ones, or do not compile.
const TEXTS: &str = "crates/texts/texts/en/";

pub fn texts(files: &[File]) -> Vec<Finding> {
    let sources: Vec<&File> = files.iter().filter(|it| it.path.ends_with(".rs")).collect();
    let mut findings = Vec::new();
    for file in files.iter().filter(|it| it.path.starts_with(TEXTS)) {
        for (line, name) in (1..).zip(file.text.lines()).filter_map(|(line, text)| Some((line, name(text)?)))
        {
            let call = format!(".{}(", name.replace('-', "_"));
            if !sources.iter().any(|it| it.text.contains(&call)) {
                let remedy = format!("`{name}` is shown nowhere: take it out of every language");
                findings.push(Finding::new(&file.path, line, remedy));
            }
        }
    }
    findings
}

/// The name of the text that begins on a line.
fn name(line: &str) -> Option<&str> {
    let name = line.split_once(" =")?.0;
    let plain = name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-');
    (plain && !name.is_empty()).then_some(name)
}
