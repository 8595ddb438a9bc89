//! Headers of answers in the document of the API.
//!
//! In:  an operation. Out: the same, with what its answers carry beside their body.
//! Invariant: what is said here is sent, by `web::call` and `web::limit::told`.

use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{OpenApi, Ref, RefOr};

fn text(description: &str) -> HeaderBuilder {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .description(Some(description))
}

/// Adds a header to the answers whose status begins so.
fn add(operation: &mut Operation, begins: &str, name: &str, header: &RefOr<Header>) {
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.starts_with(begins)
        {
            response.headers.insert(name.to_string(), header.clone());
        }
    }
}

/// The limits, as every answer to whoever is known says them: what each is called, its pattern and what it says.
const LIMITS: [(&str, &str, &str); 2] = [
    (
        "RateLimit-Policy",
        r#"^"(key|account)";q=[0-9]+;w=1(, "account";q=[0-9]+;w=1)?$"#,
        "How many requests (`q`) may come in so many seconds (`w`): with this key, and with all keys of its account together. On \
         every answer to a known key, refusals too; left out where any number is let in.",
    ),
    (
        "RateLimit",
        r#"^"(key|account)";r=[0-9]+;t=[0-9]+$"#,
        "Of the limit that is reached first: how many requests may follow at once (`r`), and after how many seconds there are more \
         (`t`). On every answer to a known key, refusals too; left out where any number is let in.",
    ),
];

/// Describes the headers of limits once, for every operation to refer to.
pub(super) fn describe_limits(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    for (name, pattern, said) in LIMITS {
        let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
        let header = HeaderBuilder::new().schema(Some(schema)).description(Some(said)).build();
        components.headers.insert(name.to_string(), header.into());
    }
}

/// What an answer says of limits.
pub(super) fn limits(operation: &mut Operation) {
    for (name, ..) in LIMITS {
        let header = RefOr::Ref(Ref::new(format!("#/components/headers/{name}")));
        for begins in ["2", "429"] {
            add(operation, begins, name, &header);
        }
    }
}

/// What a write answers that was asked for before.
pub(super) fn replayed(operation: &mut Operation) {
    let said =
        "`true` where this is the first answer to the same Idempotency-Key, given once more; else left out";
    add(operation, "2", "Idempotency-Replayed", &text(said).build().into());
}

/// Where something is found that was made.
pub(super) fn location(operation: &mut Operation) {
    let said = "The path of what was made; of the first, where it is several";
    add(operation, "201", "Location", &text(said).build().into());
}
