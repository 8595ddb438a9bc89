//! Codes of problems in the document of the API: which there are, and which may be tried again.
//!
//! In:  the codes as the API answers them. Out: extensions of the document.
//! Invariant: `x-codes` of the schema `Problem` lists every code; `x-retry` of an answer lists what `retry` may say there.

use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::extensions::{Extensions, ExtensionsBuilder};
use utoipa::openapi::{OpenApi, RefOr, Schema};
use web::code::{Code, Retry};
use web::problem::Problem;

/// What `retry` of a problem with this status may say.
pub(super) fn retries(status: u16) -> Extensions {
    let all = [Retry::Never, Retry::WhenChanged, Retry::Again];
    let said = |retry: &Retry| Code::all().any(|it| it.status().as_u16() == status && it.retry() == *retry);
    let words: Vec<&str> = all.iter().filter(|it| said(it)).map(|it| it.as_str()).collect();
    ExtensionsBuilder::new().add("x-retry", json!(words)).build()
}

/// Lists every code with its status and whether it may be tried again.
pub(super) fn list(document: &mut OpenApi) {
    let schemas = &mut document.components.get_or_insert_default().schemas;
    if let Some(RefOr::T(Schema::Object(problem))) = schemas.get_mut(Problem::name().as_ref()) {
        let codes: Map<String, Value> = Code::all()
            .map(|it| {
                let said = json!({"status": it.status().as_u16(), "retry": it.retry().as_str()});
                (it.as_str().to_string(), said)
            })
            .collect();
        problem.extensions = Some(ExtensionsBuilder::new().add("x-codes", Value::Object(codes)).build());
    }
}
