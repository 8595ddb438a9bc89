//! Traces: which request of somebody else's a request belongs to, as `traceparent` of W3C Trace Context says it.
//!
//! In:  headers. Out: the trace of a request: the one that it names, or a new one, with a place of its own in it.
//! Invariant: a header that is no trace begins a new one; nothing else depends on it.

use super::random;
use axum::http::{HeaderMap, HeaderValue};

/// The header, on requests and on answers.
pub const TRACEPARENT: &str = "traceparent";
/// Digits of a trace's id, and of a place in it.
const DIGITS: [usize; 2] = [32, 16];

/// The place of a request in a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Of the whole trace: 32 hexadecimal digits.
    pub id: String,
    /// Of this request in it: 16.
    place: String,
    /// Whether others record it: two.
    flags: String,
}

impl Trace {
    /// The trace that a request belongs to.
    pub fn of(headers: &HeaderMap) -> Trace {
        let place = random::hexadecimal::<8>();
        let named = headers.get(TRACEPARENT).and_then(|it| parse(it.to_str().ok()?));
        match named {
            Some((id, flags)) => Trace { id: id.into(), place, flags: flags.into() },
            None => Trace { id: random::hexadecimal::<16>(), place, flags: "00".into() },
        }
    }

    /// As a header says it.
    pub fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.text()).ok()
    }

    /// The text of the header.
    pub fn text(&self) -> String {
        format!("00-{}-{}-{}", self.id, self.place, self.flags)
    }
}

/// The id of a trace and its flags. Later versions may have more to say behind those.
fn parse(text: &str) -> Option<(&str, &str)> {
    let mut parts = text.splitn(5, '-');
    let [version, id, place, flags] = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
    let is = |it: &str, digits: usize| {
        it.len() == digits && it.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it))
    };
    let is_something = |it: &str| it.bytes().any(|it| it != b'0');
    let more = parts.next().is_some();
    let fits = is(version, 2)
        && version != "ff"
        && !(more && version == "00")
        && is(id, DIGITS[0])
        && is(place, DIGITS[1])
        && is(flags, 2)
        && is_something(id)
        && is_something(place);
    fits.then_some((id, flags))
}

#[cfg(test)]
mod tests;
