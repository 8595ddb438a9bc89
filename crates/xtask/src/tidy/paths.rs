//! Paths that the guides name.
//!
//! In:  the guides, and the paths of all files.
//! Out: a finding for each path in backquotes that begins with `crates/` and is no file and no folder.

use super::Finding;
use super::tree::File;

pub fn gone(files: &[File]) -> Vec<Finding> {
    let there = |path: &str| {
        let folder = format!("{}/", path.trim_end_matches('/'));
        files.iter().any(|it| it.path == path || it.path.starts_with(&folder))
    };
    let guides = files.iter().filter(|it| it.path.ends_with(".md"));
    let named = guides.flat_map(|it| (1..).zip(it.text.lines()).map(move |(line, text)| (it, line, text)));
    let mut findings = Vec::new();
    for (guide, line, text) in named {
        // Every second part of a line lies between backquotes.
        for path in text.split('`').skip(1).step_by(2).filter(|it| is_path(it) && !there(it)) {
            let remedy = format!("`{path}` is not there: name the file that took its place");
            findings.push(Finding::new(&guide.path, line, remedy));
        }
    }
    findings
}

fn is_path(text: &str) -> bool {
    let plain = |it: char| it.is_ascii_alphanumeric() || "/._-".contains(it);
    text.starts_with("crates/") && text.chars().all(plain)
}
