//! Problems: every way in which a face says no.
//!
//! In:  a refusal of the desk, or what is wrong with a request. Out: status, stable code, field, what to do.
//! Invariant: the status follows from the code, in `code`. What failed inside is logged and never told. How a problem is
//! shown is the matter of `details` and of whoever shows it otherwise.

use super::code::{Code, Own};
use super::field;
use super::reason::Reason;
use axum::http::StatusCode;
use billing::explain::Language;
use desk::{Refusal, orders};
use serde::Serialize;
use store::StoreError;
use utoipa::ToSchema;

/// What went wrong and what to do about it, before anybody shows it.
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    pub code: Code,
    /// What happened and what to do, for people.
    pub detail: String,
    /// The field at fault, as a path into the body, or the name of a parameter.
    pub field: Option<String>,
    /// What is wrong with a price book.
    pub problems: Option<Vec<BookProblem>>,
    /// In which its title and remedy are told; the detail is English.
    pub language: Language,
    /// Seconds to wait before the same is tried again.
    pub retry_after: Option<u64>,
    /// The same as the detail for a face that says it in words of its own; `None` where that has none.
    pub reason: Option<Box<Reason>>,
    /// Whether it says that orders which were to be paid are not any more what they were.
    pub is_outdated: bool,
    /// What else is wrong, each with another field, for a face that says all of it at once.
    pub others: Vec<Problem>,
}

/// What is wrong with a price book, and where.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "file": "products/server.toml", "line": 12, "problem": "there is no unit `hours`", "remedy": "Write hour"
}))]
pub struct BookProblem {
    pub file: String,
    #[schema(minimum = 1)]
    pub line: usize,
    pub problem: String,
    pub remedy: String,
}

impl From<&pricebook::Problem> for BookProblem {
    fn from(it: &pricebook::Problem) -> BookProblem {
        let (problem, remedy) = (it.what.clone(), it.remedy.clone());
        BookProblem { file: it.file.clone(), line: it.line, problem, remedy }
    }
}

impl Problem {
    pub fn new(code: impl Into<Code>, detail: impl Into<String>) -> Problem {
        let code = code.into();
        Problem {
            status: code.status(),
            code,
            language: Language::English,
            detail: detail.into(),
            field: None,
            problems: None,
            retry_after: None,
            reason: None,
            is_outdated: false,
            others: Vec::new(),
        }
    }

    /// All of these as one: the first, with the others beside it, of each field the first. Errors: it, where there is any.
    pub fn together(all: impl IntoIterator<Item = Problem>) -> Result<(), Problem> {
        let mut found: Vec<Problem> = Vec::new();
        for mut it in all {
            let others = std::mem::take(&mut it.others);
            for it in std::iter::once(it).chain(others) {
                if it.field.is_none() || found.iter().all(|had| had.field != it.field) {
                    found.push(it);
                }
            }
        }
        let mut found = found.into_iter();
        match found.next() {
            Some(first) => Err(Problem { others: found.collect(), ..first }),
            None => Ok(()),
        }
    }

    /// The same with its reason.
    pub fn because(self, reason: Reason) -> Problem {
        Problem { reason: Some(Box::new(reason)), ..self }
    }

    /// What the document of the API would have refused.
    pub fn malformed(field: Option<String>, detail: impl Into<String>) -> Problem {
        Problem { field, ..Problem::new(Own::MalformedRequest, detail) }
    }

    pub fn unauthorized(detail: &str) -> Problem {
        Problem::new(Own::Unauthorized, detail)
    }

    pub fn not_found(what: &str) -> Problem {
        Problem::new(desk::Code::NotFound, format!("there is no {what}, or it is not yours"))
    }

    /// Too much waits already.
    pub fn busy() -> Problem {
        let detail =
            "too many requests wait for their turn; nothing was changed. Try again as Retry-After says";
        let problem = Problem::new(Own::Busy, detail);
        Problem { retry_after: Some(1), ..problem }
    }

    /// The same, with its title and remedy in another language.
    pub fn in_language(self, language: Language) -> Problem {
        Problem { language, ..self }
    }

    /// What failed inside: told as little as possible, logged in full by the caller.
    pub fn internal() -> Problem {
        let detail = "something failed inside. Ask again with the same Idempotency-Key, and tell the operator the x-request-id";
        Problem::new(Own::InternalError, detail)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        if let Refusal::Of { field, refusal } = refusal {
            let problem = Problem::from(*refusal);
            // What failed inside is no fault of a field.
            let field = if !problem.status.is_server_error() { Some(field) } else { problem.field };
            return Problem { field, ..problem };
        }
        if let Refusal::Store(error) = &refusal {
            return stored(error, &refusal);
        }
        if let Refusal::ClockBehind { .. } = &refusal {
            tracing::error!(code = refusal.code(), "{refusal}");
            return Problem::new(refusal.kind(), refusal.to_string());
        }
        let problems = if let Refusal::Book(found) = &refusal {
            Some(found.iter().map(BookProblem::from).collect())
        } else {
            None
        };
        let (field, reason) = (field::of(&refusal), Reason::of(&refusal).map(Box::new));
        let is_outdated = orders::outdates(&refusal);
        Problem { field, problems, reason, is_outdated, ..Problem::new(refusal.kind(), refusal.to_string()) }
    }
}

/// The problem of `refusal`, which is that of the database.
fn stored(error: &StoreError, refusal: &Refusal) -> Problem {
    let code = refusal.kind();
    match error {
        StoreError::NotFound(what) => Problem::not_found(what),
        StoreError::Stale(_) | StoreError::Differs(_) => {
            let field = field::of(refusal);
            Problem { field, ..Problem::new(code, refusal.to_string()) }
        }
        StoreError::Corrupt(_) => {
            tracing::error!(code = code.as_str(), "{refusal}");
            Problem::internal()
        }
        error if error.is_full() => {
            tracing::error!(code = code.as_str(), "{refusal}");
            let detail = "the database has no room left; nothing was changed. Make room, then ask again";
            Problem::new(code, detail)
        }
        StoreError::Sqlite(_) | StoreError::Postgres(_) | StoreError::Silent(_) | StoreError::Setup(_) => {
            tracing::error!(code = code.as_str(), "{refusal}");
            let detail = "the database does not answer. Ask again shortly, a write with the same Idempotency-Key: it is done once";
            let problem = Problem::new(code, detail);
            Problem { retry_after: Some(1), ..problem }
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        Problem::from(Refusal::from(error))
    }
}

#[cfg(test)]
mod tests;
