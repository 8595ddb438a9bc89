//! JSON as it was sent, before anybody says what it is to be.
//!
//! Invariant: members stand in the order in which they were sent, and one that is there twice is there twice.

/// A value as it was sent.
#[derive(Debug)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}
