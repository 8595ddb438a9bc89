//! The columns of a list as CSV, out of the document of the API.
//!
//! In:  the schema of what is listed. Out: a heading and cells.
//! Invariant: a list has the same columns whatever it holds; what has parts of its own by name is spread over columns,
//! what has any number of parts stands in one cell as JSON.

use serde_json::Value;
use std::collections::HashMap;
use std::io;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ArrayItems, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{ContentBuilder, OpenApi, PathItem, Ref, RefOr, Response};

/// How deep parts of parts are spread over columns.
const DEEPEST: usize = 3;

/// The columns of a list: the way to each of its cells.
#[derive(Clone, Debug)]
pub struct Columns(Vec<Vec<String>>);

/// The columns of every list of a document, by its path.
#[derive(Debug)]
pub struct Tables(HashMap<String, Columns>);

impl Tables {
    pub fn of(document: &OpenApi) -> Tables {
        let schemas = Schemas(document);
        let list = |(path, item): (&String, &PathItem)| {
            Some((path.clone(), Columns(schemas.ways(&schemas.listed(item.get.as_ref()?)?))))
        };
        Tables(document.paths.paths.iter().filter_map(list).collect())
    }

    /// The columns of the list at this path; `None` for what is no list.
    pub fn columns(&self, path: &str) -> Option<&Columns> {
        self.0.get(path)
    }
}

/// Says in the document which operations answer as CSV too.
pub fn declare(document: &mut OpenApi) {
    let all: Vec<String> = Tables::of(document).0.into_keys().collect();
    for path in all {
        let operation = document.paths.paths.get_mut(&path).and_then(|it| it.get.as_mut());
        let answer = operation.and_then(|it| it.responses.responses.get_mut("200"));
        if let Some(RefOr::T(answer)) = answer {
            let text = ContentBuilder::new().schema(Some(Ref::from_schema_name(TABLE))).build();
            answer.content.insert("text/csv".to_string(), RefOr::T(text));
        }
    }
    let table = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .description(Some(
            "A list as CSV: a heading and a line for each item, the parts of an item in columns such as `money.total`. \
             It is the whole list from `after` on, or as much as `limit` says.",
        ))
        .examples([Value::from("name,state,resources\r\ncart,running,\"{\"\"running\"\":5}\"\r\n")])
        .build();
    document.components.get_or_insert_default().schemas.insert(TABLE.to_string(), RefOr::T(table.into()));
}

/// The name of lists as CSV in the document.
const TABLE: &str = "Table";

/// Members of an object: names and schemas.
type Members<'d> = Vec<(&'d String, &'d RefOr<Schema>)>;

/// The schemas of a document by name.
struct Schemas<'d>(&'d OpenApi);

impl<'d> Schemas<'d> {
    fn resolved(&self, schema: &'d RefOr<Schema>) -> Option<&'d Schema> {
        match schema {
            RefOr::T(it) => Some(it),
            RefOr::Ref(it) => {
                let name = it.ref_location.rsplit('/').next()?;
                self.resolved(self.0.components.as_ref()?.schemas.get(name)?)
            }
        }
    }

    /// The members of what a schema describes, where it describes one with members of known names, or nothing at all. What is
    /// put together of several has the members of all: its own come first.
    fn members(&self, schema: &'d RefOr<Schema>) -> Option<Members<'d>> {
        match self.resolved(schema)? {
            Schema::Object(it) => {
                Some(it.properties.iter().collect()).filter(|it: &Members<'d>| !it.is_empty())
            }
            Schema::OneOf(it) => {
                let mut some = it.items.iter().filter(|it| !self.is_null(it));
                some.next().filter(|_| some.next().is_none()).and_then(|it| self.members(it))
            }
            Schema::AllOf(it) => {
                let is_own = |it: &&RefOr<Schema>| matches!(it, RefOr::T(_));
                let (own, others): (Vec<_>, Vec<_>) = it.items.iter().partition(is_own);
                let all = own.into_iter().chain(others).map(|it| self.members(it));
                Some(all.collect::<Option<Vec<_>>>()?.concat())
            }
            Schema::Array(_) | Schema::AnyOf(_) | _ => None,
        }
    }

    fn is_null(&self, schema: &'d RefOr<Schema>) -> bool {
        let null =
            |it: &Schema| matches!(it, Schema::Object(it) if it.schema_type == SchemaType::Type(Type::Null));
        self.resolved(schema).is_some_and(null)
    }

    /// What an operation lists, if it answers pages of something.
    fn listed(&self, operation: &'d Operation) -> Option<Members<'d>> {
        let RefOr::T(Response { content, .. }) = operation.responses.responses.get("200")? else {
            return None;
        };
        let RefOr::T(content) = content.get("application/json")? else { return None };
        let page = self.members(content.schema.as_ref()?)?;
        let member = |name: &str| page.iter().find(|it| it.0 == name).map(|it| it.1);
        member("next")?;
        let Schema::Array(items) = self.resolved(member("items")?)? else { return None };
        match &items.items {
            ArrayItems::RefOrSchema(item) => self.members(item),
            ArrayItems::False => None,
        }
    }

    fn ways(&self, of: &Members<'d>) -> Vec<Vec<String>> {
        let mut found = Vec::new();
        self.spread(of, &mut Vec::new(), &mut found);
        found
    }

    fn spread(&self, of: &Members<'d>, way: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
        for (name, schema) in of {
            way.push((*name).clone());
            match self.members(schema).filter(|_| way.len() < DEEPEST) {
                Some(inner) => self.spread(&inner, way, found),
                None => found.push(way.clone()),
            }
            way.pop();
        }
    }
}

impl Columns {
    /// The heading: names of columns, those of parts of parts with a point between.
    pub fn heading(&self) -> Result<Vec<u8>, io::Error> {
        written(&mut std::iter::once(self.0.iter().map(|it| it.join(".")).collect()))
    }

    /// A line for each item.
    pub fn lines(&self, items: &[Value]) -> Result<Vec<u8>, io::Error> {
        let cell = |item: &Value, way: &[String]| {
            text(way.iter().try_fold(item, |at, name| at.get(name)).unwrap_or(&Value::Null))
        };
        written(&mut items.iter().map(|item| self.0.iter().map(|way| cell(item, way)).collect()))
    }
}

fn written(lines: &mut dyn Iterator<Item = Vec<String>>) -> Result<Vec<u8>, io::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for line in lines {
        writer.write_record(line)?;
    }
    writer.into_inner().map_err(|it| it.into_error())
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(it) => plain(it),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// What a formula begins with, and what a table reads over before it: also as wide as a Chinese character, which tables read as
/// the narrow one.
const OF_FORMULAS: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// A table calculates what begins like a formula, and names are chosen by customers: such text is quoted once more, as
/// tables do it. Numbers stay numbers.
fn plain(text: &str) -> String {
    let is_number =
        text.strip_prefix('-').is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit() || it == b'.'));
    match text.starts_with(OF_FORMULAS) && !is_number {
        true => format!("'{text}"),
        false => text.to_string(),
    }
}
