//! What an audit looked at and what it found.

/// Counts, and what differs as sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    pub accounts: usize,
    pub bills: usize,
    pub lines: usize,
    /// Entries of the audit log: what was asked for.
    pub journal: usize,
    /// Entries of the chains of facts: what it made of the books.
    pub facts: usize,
    /// Bills of an older rule version: listed, not recomputed.
    pub older: Vec<String>,
    pub differences: Vec<String>,
}
