//! Cookies: what a browser shows again.
//!
//! In:  headers. Out: values, and the headers that set them.
//! Invariant: what proves somebody is never readable by a script, never sent by another site's form, and goes over TLS alone
//! where the console is reached by TLS. Then nobody but this very host can set it either: its name says so to browsers, and under
//! another name it is not looked at.

use axum::http::{HeaderMap, HeaderValue, header};

/// What a browser is given to show again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// What proves who is signed in.
    Session,
    /// What binds forms to a browser before anybody signed in.
    Visit,
    /// What binds a sign-in by a provider to the browser that left for it.
    Trip,
    Language,
    Theme,
}

impl Cookie {
    /// Over TLS what proves somebody has the prefix that browsers take from the host itself alone, with `Secure` and `Path=/`.
    /// Source: RFC 6265bis, 4.1.3.2.
    pub(crate) const fn name(self, reached: Reached) -> &'static str {
        match (self, reached) {
            (Cookie::Session, Reached::OverTls) => "__Host-till_session",
            (Cookie::Session, Reached::Otherwise) => "till_session",
            (Cookie::Visit, Reached::OverTls) => "__Host-till_visit",
            (Cookie::Visit, Reached::Otherwise) => "till_visit",
            (Cookie::Trip, Reached::OverTls) => "__Host-till_trip",
            (Cookie::Trip, Reached::Otherwise) => "till_trip",
            // A script sets the theme, and neither proves anything.
            (Cookie::Language, Reached::OverTls | Reached::Otherwise) => "language",
            (Cookie::Theme, Reached::OverTls | Reached::Otherwise) => "theme",
        }
    }
}

/// The value of a cookie.
pub(crate) fn get(headers: &HeaderMap, cookie: Cookie, reached: Reached) -> Option<&str> {
    let name = cookie.name(reached);
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    OverTls,
    Otherwise,
}

/// What sets a cookie that no script reads.
pub(crate) fn set(cookie: Cookie, value: &str, kept: Kept, reached: Reached) -> HeaderValue {
    let age = match kept {
        Kept::UntilItCloses => "",
        Kept::Year => "; Max-Age=31536000",
        Kept::Gone => "; Max-Age=0",
    };
    let secure = if reached == Reached::OverTls { "; Secure" } else { "" };
    let name = cookie.name(reached);
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}");
    // Values are hexadecimal digits and words of ours.
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests;
