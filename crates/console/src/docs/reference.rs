//! The OpenAPI document as the pages read it: operations under their tags, and where a reference leads.
//!
//! In:  the document as it is served. Out: its operations and schemas by name.
//! Invariant: what the document lacks is an empty text, never a panic.

use serde_json::Value;

/// In which order a path's operations are read from the document.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// One operation of the document: where it is and what it says.
#[derive(Clone, Copy)]
pub(super) struct Operation<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub says: &'a Value,
    pub by: By,
}

/// Who asks whom.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Whoever programs against the till.
    Caller,
    /// The till, at an address that listens: a webhook.
    Till,
}

impl<'a> Operation<'a> {
    /// Its name, as programs that are made of the document have it too.
    pub fn id(&self) -> &'a str {
        text(&self.says["operationId"])
    }

    pub fn tag(&self) -> &'a str {
        self.says["tags"][0].as_str().unwrap_or("other")
    }

    /// Its page.
    pub fn address(&self) -> String {
        format!("/docs/operations/{}", self.id())
    }

    /// What it does, in a few words.
    pub fn title(&self) -> &'a str {
        short(self.says["summary"].as_str().unwrap_or(self.path))
    }

    /// Whether anybody may ask: an empty list of schemes says so.
    pub fn is_open(&self) -> bool {
        self.says["security"].as_array().is_some_and(Vec::is_empty)
    }

    /// What it takes in its path, its query or its headers.
    pub fn parameters(&self, document: &'a Value) -> Vec<&'a Value> {
        let all = self.says["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        all.iter().map(|it| resolved(document, it)).collect()
    }

    /// Each type of body that it takes, and what that says.
    pub fn bodies(&self, document: &'a Value) -> Vec<(&'a str, &'a Value)> {
        members(&resolved(document, &self.says["requestBody"])["content"]).collect()
    }

    /// The body that most send, where it takes one.
    pub fn body(&self, document: &'a Value) -> Option<(&'a str, &'a Value)> {
        let all = self.bodies(document);
        all.iter().find(|it| it.0 == "application/json").or(all.first()).copied()
    }
}

/// Every operation, and what webhooks are told.
pub(super) fn operations(document: &Value) -> impl Iterator<Item = Operation<'_>> {
    let called = members(&document["paths"]).map(|it| (it, By::Caller));
    let told = members(&document["webhooks"]).map(|it| (it, By::Till));
    called.chain(told).flat_map(|((path, item), by)| {
        METHODS
            .into_iter()
            .filter_map(move |method| Some(Operation { method, path, says: item.get(method)?, by }))
    })
}

/// The operation of that name.
pub(super) fn find<'a>(document: &'a Value, id: &str) -> Option<Operation<'a>> {
    operations(document).find(|it| it.id() == id)
}

/// Tags in the order in which the document lists them, each with its operations; those it does not list come last.
pub(super) fn by_tag(document: &Value) -> Vec<(&str, Vec<Operation<'_>>)> {
    let mut groups: Vec<(&str, Vec<Operation<'_>>)> = Vec::new();
    for operation in operations(document) {
        match groups.iter_mut().find(|it| it.0 == operation.tag()) {
            Some(group) => group.1.push(operation),
            None => groups.push((operation.tag(), vec![operation])),
        }
    }
    let tags = document["tags"].as_array().map_or(&[][..], Vec::as_slice);
    groups.sort_by_key(|it| tags.iter().position(|tag| tag["name"] == it.0).unwrap_or(tags.len()));
    groups
}

/// What the document says of a tag.
pub(super) fn about_tag<'a>(document: &'a Value, tag: &str) -> &'a str {
    let tags = document["tags"].as_array().map_or(&[][..], Vec::as_slice);
    tags.iter().find(|it| it["name"] == tag).map_or("", |it| text(&it["description"]))
}

/// The first part of a summary, up to a stop, a colon or a semicolon.
pub(super) fn short(summary: &str) -> &str {
    let end = [". ", ": ", "; "].iter().filter_map(|it| summary.find(it)).min();
    end.map_or(summary.trim_end_matches('.'), |it| &summary[..it])
}

/// What `$ref` refers to, or the value itself.
pub(super) fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
    target.and_then(|it| document.pointer(it)).unwrap_or(value)
}

pub(super) fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}
