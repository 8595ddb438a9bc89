//! Files that go with a document.
//!
//! Invariant: two files of one document have two names.

/// A file that goes with a document.
#[derive(Clone, Debug)]
pub struct Attached {
    pub name: String,
    pub media_type: &'static str,
    pub description: String,
    pub text: String,
}
