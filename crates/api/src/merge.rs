//! Merge patches in the document of the API: what `PATCH` takes beside plain JSON.
//!
//! In:  the document with its bodies of plain JSON. Out: the same with `application/merge-patch+json` for each `PATCH`.
//! Invariant: a merge patch has a schema with a name of its own, so that a generated client knows which of the two it sends:
//! they mean something else where objects are concerned, as tags are. Source: RFC 7396.

use utoipa::openapi::path::Operation;
use utoipa::openapi::{Content, ContentBuilder, OpenApi, Ref, RefOr, Schema};
use web::call::MERGE_PATCH;

/// Where references to schemas lead.
const SCHEMAS: &str = "#/components/schemas/";

/// Says of each `PATCH` that it takes a merge patch.
pub(super) fn declare(document: &mut OpenApi) {
    let operations = document.paths.paths.values_mut().filter_map(|it| it.patch.as_mut());
    let bodies: Vec<String> = operations.filter_map(takes).collect();
    let schemas = &mut document.components.get_or_insert_default().schemas;
    for body in bodies {
        if let Some(RefOr::T(Schema::Object(plain))) = schemas.get(&body) {
            let mut patch = plain.clone();
            let said = patch.description.as_deref().unwrap_or_default();
            patch.description = Some(format!(
                "{said} As a merge patch (RFC 7396): objects are merged, and `null` takes away."
            ));
            schemas.insert(name(&body), RefOr::T(Schema::Object(patch)));
        }
    }
}

/// Adds the merge patch to what an operation takes. The name of the body that it takes as plain JSON.
fn takes(operation: &mut Operation) -> Option<String> {
    let RefOr::T(body) = operation.request_body.as_mut()? else { return None };
    let RefOr::T(Content { schema: Some(RefOr::Ref(plain)), .. }) = body.content.get("application/json")?
    else {
        return None;
    };
    let plain = plain.ref_location.strip_prefix(SCHEMAS)?.to_string();
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(name(&plain)))).build();
    body.content.insert(MERGE_PATCH.to_string(), content.into());
    Some(plain)
}

/// What names of merge patches end with.
const PATCH: &str = "MergePatch";

/// What the merge patch of a body is called.
fn name(body: &str) -> String {
    format!("{}{PATCH}", body.strip_suffix("Body").unwrap_or(body))
}

/// Whether a schema is that of a merge patch.
pub(super) fn is_patch(schema: &str) -> bool {
    schema.ends_with(PATCH)
}

#[cfg(test)]
mod tests;
