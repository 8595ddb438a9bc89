//! Classes of problems: why something is refused, as far as a program has to know.
//!
//! In:  a class. Out: the status, and whether the same may be tried again. Beside them the codes of what the API refuses by
//! itself.
//! Invariant: 400 for what the document of the API refuses, 402 for missing funds, 404 for what is not there or not yours,
//! 409 for what the state of things refuses, 422 for what can never succeed as it was asked.

use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

macro_rules! own {
    ($($name:ident = $word:literal,)*) => {
        /// Codes of what the API refuses by itself.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Own {
            $(#[doc = concat!("`", $word, "`")] $name,)*
        }

        impl Own {
            pub const ALL: &'static [Own] = &[$(Own::$name),*];

            /// Its stable word.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Own::$name => $word,)*
                }
            }
        }
    };
}

own! {
    MalformedRequest = "malformed_request",
    Unauthorized = "unauthorized",
    ScopeMissing = "scope_missing",
    AccountNeeded = "account_needed",
    KeyAddressRefused = "key_address_refused",
    MethodNotAllowed = "method_not_allowed",
    TooLarge = "too_large",
    UnsupportedMediaType = "unsupported_media_type",
    RateLimited = "rate_limited",
    InternalError = "internal_error",
    Busy = "busy",
    TimedOut = "timed_out",
    JobsLate = "jobs_late",
    NoTestClock = "no_test_clock",
}

/// Why something is refused, as far as a program has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Malformed,
    Unknown,
    /// Money is missing.
    Unpaid,
    Forbidden,
    Missing,
    NoMethod,
    /// Things stand otherwise now, and may stand so later.
    State,
    /// Things stand otherwise, and stay so.
    Taken,
    /// Somebody else was in the way for a moment.
    Passing,
    Large,
    Media,
    /// What was asked can never succeed.
    Impossible,
    Rushed,
    Broken,
    Away,
}

/// Whether the same request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// As it was asked it does not succeed: ask for something else.
    Never,
    /// Once money came, or the thing it is about stands otherwise.
    WhenChanged,
    /// As it is, after `Retry-After` where that is said; a write with the same Idempotency-Key.
    Again,
}

impl Retry {
    pub const fn as_str(self) -> &'static str {
        match self {
            Retry::Never => "never",
            Retry::WhenChanged => "when_changed",
            Retry::Again => "again",
        }
    }
}

impl Class {
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Class::Malformed => StatusCode::BAD_REQUEST,
            Class::Unknown => StatusCode::UNAUTHORIZED,
            Class::Unpaid => StatusCode::PAYMENT_REQUIRED,
            Class::Forbidden => StatusCode::FORBIDDEN,
            Class::Missing => StatusCode::NOT_FOUND,
            Class::NoMethod => StatusCode::METHOD_NOT_ALLOWED,
            Class::State | Class::Taken | Class::Passing => StatusCode::CONFLICT,
            Class::Large => StatusCode::PAYLOAD_TOO_LARGE,
            Class::Media => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Class::Impossible => StatusCode::UNPROCESSABLE_ENTITY,
            Class::Rushed => StatusCode::TOO_MANY_REQUESTS,
            Class::Broken => StatusCode::INTERNAL_SERVER_ERROR,
            Class::Away => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    pub(super) const fn retry(self) -> Retry {
        match self {
            Class::Malformed
            | Class::Unknown
            | Class::Forbidden
            | Class::Missing
            | Class::NoMethod
            | Class::Taken
            | Class::Large
            | Class::Media
            | Class::Impossible => Retry::Never,
            Class::Unpaid | Class::State => Retry::WhenChanged,
            Class::Passing | Class::Rushed | Class::Broken | Class::Away => Retry::Again,
        }
    }
}
