//! Cookies: what a browser shows again.
//!
//! In:  headers. Out: values, and the headers that set them.
//! Invariant: what proves somebody is never readable by a script, never sent by another site's form, and goes over TLS alone
//! where the console is reached by TLS.

use axum::http::{HeaderMap, HeaderValue, header};

/// What proves who is signed in.
pub(crate) const SESSION: &str = "till_session";
/// What binds forms to a browser before anybody signed in.
pub(crate) const VISIT: &str = "till_visit";
/// What binds a sign-in by a provider to the browser that left for it.
pub(crate) const TRIP: &str = "till_trip";
pub(crate) const LANGUAGE: &str = "language";
pub(crate) const THEME: &str = "theme";

/// The value of a cookie.
pub(crate) fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
    let mut pairs = all.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='));
    pairs.find(|it| it.0 == name).map(|it| it.1).filter(|it| !it.is_empty())
}

/// For how long a browser keeps a cookie.
#[derive(Clone, Copy)]
pub(crate) enum Kept {
    UntilItCloses,
    Year,
    Gone,
}

/// Over what the console is reached.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    OverTls,
    Otherwise,
}

/// What sets a cookie that no script reads.
pub(crate) fn set(name: &str, value: &str, kept: Kept, reached: Reached) -> HeaderValue {
    let age = match kept {
        Kept::UntilItCloses => "",
        Kept::Year => "; Max-Age=31536000",
        Kept::Gone => "; Max-Age=0",
    };
    let secure = if reached == Reached::OverTls { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}");
    // Values are hexadecimal digits and words of ours.
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
