//! Headers of answers in the document of the API.
//!
//! In:  an operation. Out: the same, with what its answers carry beside their body.
//! Invariant: what is said here is sent, by `web::call`.

use utoipa::openapi::RefOr;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, Type};

fn text(description: &str) -> HeaderBuilder {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .description(Some(description))
}

/// Adds a header to the answers whose status begins so.
fn add(operation: &mut Operation, begins: &str, name: &str, header: &Header) {
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.starts_with(begins)
        {
            response.headers.insert(name.to_string(), header.clone().into());
        }
    }
}

/// What a write answers that was asked for before.
pub(super) fn replayed(operation: &mut Operation) {
    let said =
        "`true` where this is the first answer to the same Idempotency-Key, given once more; else left out";
    add(operation, "2", "Idempotency-Replayed", &text(said).build());
}

/// Where something is found that was made.
pub(super) fn location(operation: &mut Operation) {
    let said = "The path of what was made; of the first, where it is several";
    add(operation, "201", "Location", &text(said).build());
}

/// Whether `path` is that of one thing in the list at `list`.
pub(super) fn is_below(path: &str, list: &str) -> bool {
    let rest = path.strip_prefix(list).and_then(|it| it.strip_prefix("/{"));
    rest.is_some_and(|it| it.find('}') == Some(it.len() - 1))
}
