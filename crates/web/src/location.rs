//! Where what was made is found.
//!
//! In:  the path of a list, and what a thing in it is called. Out: the path of the thing.
//! Invariant: whatever it is called, it is one part of the path.

use std::fmt::Write;

/// The path of what is called `name` in the list at `list`.
pub fn below(list: &str, name: &str) -> String {
    format!("{list}/{}", encoded(name))
}

/// A name as a part of a path.
fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests;
