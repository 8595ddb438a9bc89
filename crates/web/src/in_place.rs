//! Schemas that stand where they are used: texts, whole numbers, times, money.
//!
//! In:  what a type takes. Out: its schema at every field and parameter of the type.
//! Invariant: a type says once what it takes; no field of it says that again.
//!
//! A derived schema refers to the types of its fields by name. The name of the types here is their schema itself, so
//! that `put` needs no list of them.

use std::borrow::Cow;
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayItems, Object, ObjectBuilder, OneOf, SchemaType, Type,
};
use utoipa::openapi::{OpenApi, Ref, RefOr, Schema};

/// Where a reference leads when its name is a schema.
const BEGIN: &str = "#/components/schemas/{";

/// Schemas of types that stand where they are used.
#[macro_export]
macro_rules! in_place {
    ($([$($generic:tt)*] $kind:ty = $schema:expr;)*) => {$(
        impl<$($generic)*> utoipa::ToSchema for $kind {
            fn name() -> std::borrow::Cow<'static, str> {
                $crate::in_place::name($schema)
            }
        }

        impl<$($generic)*> utoipa::PartialSchema for $kind {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $schema.into()
            }
        }
    )*};
}

/// The name by which a schema is found: the schema itself.
pub fn name(schema: ObjectBuilder) -> Cow<'static, str> {
    Cow::Owned(serde_json::to_string(&schema.build()).unwrap_or_default())
}

/// A text with a pattern.
pub fn pattern(pattern: &str) -> ObjectBuilder {
    text().pattern(Some(pattern))
}

/// An instant as RFC 3339 writes it.
pub fn instant() -> ObjectBuilder {
    text().format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::DateTime)))
}

/// Any text.
pub fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

/// A whole number in a range.
pub fn whole(min: i64, max: i64) -> ObjectBuilder {
    use utoipa::openapi::{KnownFormat, SchemaFormat};
    let format = if i32::try_from(max).is_ok() { KnownFormat::Int32 } else { KnownFormat::Int64 };
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(format)))
        .minimum(Some(min))
        .maximum(Some(max))
}

/// Puts every schema that is its own name where it is used.
pub fn put(document: &mut OpenApi) {
    if let Some(components) = &mut document.components {
        components.schemas.retain(|name, _| !name.starts_with('{'));
        components.schemas.values_mut().for_each(put_schema);
    }
    for item in document.paths.paths.values_mut() {
        let all = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for parameter in all.into_iter().flatten().flat_map(|it| it.parameters.iter_mut().flatten()) {
            if let RefOr::T(parameter) = parameter {
                parameter.schema.iter_mut().for_each(put_schema);
            }
        }
    }
}

fn put_schema(schema: &mut RefOr<Schema>) {
    let put = match schema {
        RefOr::Ref(it) => named(it),
        RefOr::T(Schema::OneOf(it)) => nullable(it),
        RefOr::T(Schema::Object(it)) => {
            it.properties.values_mut().for_each(put_schema);
            // A map: what its values are.
            if let Some(AdditionalProperties::RefOr(of)) = it.additional_properties.as_deref_mut() {
                put_schema(of);
            }
            None
        }
        // A struct with another within it.
        RefOr::T(Schema::AllOf(it)) => {
            it.items.iter_mut().for_each(put_schema);
            None
        }
        RefOr::T(Schema::Array(it)) => {
            if let ArrayItems::RefOrSchema(items) = &mut it.items {
                put_schema(items);
            }
            None
        }
        RefOr::T(_) => None,
    };
    if let Some(put) = put {
        *schema = RefOr::T(Schema::Object(put));
    }
}

/// The schema that a reference names, with the description of the field.
fn named(it: &Ref) -> Option<Object> {
    let from = it.ref_location.starts_with(BEGIN).then_some(BEGIN.len() - 1)?;
    // The names of type parameters may follow it.
    let mut schemas = serde_json::Deserializer::from_str(&it.ref_location[from..]).into_iter::<Object>();
    let mut schema = schemas.next()?.ok()?;
    schema.description = Some(it.description.clone()).filter(|it| !it.is_empty());
    Some(schema)
}

/// The schema that `it` names beside `null`, with the two types that it then has.
fn nullable(it: &OneOf) -> Option<Object> {
    let [RefOr::Ref(one), RefOr::T(Schema::Object(_))] = it.items.as_slice() else { return None };
    let mut schema = named(one)?;
    let SchemaType::Type(kind) = schema.schema_type else { return None };
    schema.schema_type = SchemaType::Array(vec![kind, Type::Null]);
    Some(schema)
}

#[cfg(test)]
mod tests;
