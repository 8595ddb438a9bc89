//! Codes of problems, and what follows from each: the status, and whether the same may be tried again.
//!
//! In:  a code of the desk, or one of the API's own. Out: its status, its texts, and whether the same may be tried again.
//! Invariant: all of that follows from the code alone.

use super::catalogue::{self, Words};
use super::class::Class;
use axum::http::StatusCode;
use billing::explain::Language;

pub use super::class::{Own, Retry};

/// The code of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The till refuses it.
    Refused(desk::Code),
    /// The API refuses it before the till is asked.
    Own(Own),
}

impl Code {
    /// All codes, those of the till first.
    pub fn all() -> impl Iterator<Item = Code> {
        let refused = desk::Code::ALL.iter().map(|it| Code::Refused(*it));
        refused.chain(Own::ALL.iter().map(|it| Code::Own(*it)))
    }

    /// Programs match on this; it is never renamed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Code::Refused(code) => code.as_str(),
            Code::Own(code) => code.as_str(),
        }
    }

    const fn entry(self) -> (Class, [Words; 2]) {
        match self {
            Code::Refused(code) => catalogue::refused(code),
            Code::Own(code) => catalogue::own(code),
        }
    }

    pub const fn status(self) -> StatusCode {
        self.entry().0.status()
    }

    pub const fn retry(self) -> Retry {
        self.entry().0.retry()
    }

    /// What it is called, and what to do about it.
    pub const fn words(self, language: Language) -> Words {
        let [english, chinese] = self.entry().1;
        match language {
            Language::English => english,
            Language::Chinese => chinese,
        }
    }
}

impl From<desk::Code> for Code {
    fn from(code: desk::Code) -> Code {
        Code::Refused(code)
    }
}

impl From<Own> for Code {
    fn from(code: Own) -> Code {
        Code::Own(code)
    }
}

#[cfg(test)]
mod tests;
