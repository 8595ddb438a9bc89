//! Findings: what a rule says about a place.
//!
//! In:  a path, a line and a remedy. Out: one line that an editor can jump to.

use std::fmt;

/// A place that breaks a rule, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub path: String,
    pub line: usize,
    pub remedy: String,
}

impl Finding {
    pub fn new(path: &str, line: usize, remedy: impl Into<String>) -> Self {
        Finding { path: path.into(), line, remedy: remedy.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.remedy)
    }
}
