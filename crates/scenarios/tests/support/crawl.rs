//! Walking through the pages of a console as links lead, and the forms that stand on them.
//!
//! In:  somebody's browser. Out: one page of each kind that can be reached, and every form.
//! Invariant: pages that differ only in ids, months and what was searched are one kind.
#![allow(dead_code)]

use super::browser::{Browser, unescaped};
use std::collections::BTreeMap;

/// A form of a page.
#[derive(Clone, Debug)]
pub struct Form {
    /// The page on which it stands.
    pub page: String,
    pub is_post: bool,
    pub action: String,
    pub fields: Vec<Field>,
}

#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub value: String,
    /// Whether people type into it whatever they like.
    pub is_typed: bool,
}

/// The kind of a page: its path without ids and months.
pub fn kind(path: &str) -> String {
    let parts = path.split(['?', '#']).next().unwrap().split('/');
    let plain =
        |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase() || b"-_".contains(&it));
    parts.map(|it| if plain(it) { it } else { "…" }).collect::<Vec<_>>().join("/")
}

/// One page of each kind that links lead to from `first`: path and text. The documentation is left out.
pub fn pages(browser: &mut Browser<'_>, first: &str) -> BTreeMap<String, String> {
    let (mut found, mut seen): (BTreeMap<String, String>, Vec<String>) = Default::default();
    let mut ahead = vec![first.to_string()];
    while let Some(path) = ahead.pop() {
        let is_new = !seen.contains(&kind(&path));
        if !is_new || path.starts_with("/docs") || path.starts_with("/language") || path.ends_with(".json") {
            continue;
        }
        seen.push(kind(&path));
        let page = browser.get(&path);
        assert!(page.status < 500, "{path}: {}", page.text());
        // What a browser keeps as a file, such as a list as CSV, is no page, and never run as one.
        if page.answer.header("content-disposition").is_some_and(|it| it.starts_with("attachment")) {
            assert_eq!(page.answer.header("x-content-type-options"), Some("nosniff"), "{path}");
            continue;
        }
        let text = page.text();
        ahead.extend(values(&text, "href").into_iter().filter(|it| it.starts_with('/') && !it.contains('.')));
        found.insert(path, text);
    }
    found
}

/// What an attribute holds, each time that it stands in a text.
fn values(text: &str, name: &str) -> Vec<String> {
    let opening = format!(" {name}=\"");
    let parts = text.split(&opening).skip(1);
    parts.filter_map(|it| it.split('"').next()).map(unescaped).collect()
}

/// The forms of a page.
pub fn forms(page: &str, text: &str) -> Vec<Form> {
    let parts = text.split("<form").skip(1).filter_map(|it| it.split("</form>").next());
    let one = |part: &str| {
        let (tag, rest) = part.split_once('>').unwrap_or((part, ""));
        let tag = format!(" {tag}");
        let action = values(&tag, "action").into_iter().next().unwrap_or_else(|| page.to_string());
        Form {
            page: page.to_string(),
            is_post: tag.contains("method=\"post\""),
            action,
            fields: fields(rest),
        }
    };
    parts.map(one).collect()
}

fn fields(form: &str) -> Vec<Field> {
    let tags = form.split('<').filter_map(|it| it.split('>').next());
    let mut found = Vec::new();
    for tag in tags {
        let Some(name) = values(tag, "name").into_iter().next() else { continue };
        let value = values(tag, "value").into_iter().next().unwrap_or_default();
        let kind = values(tag, "type").into_iter().next().unwrap_or_default();
        let is_typed = tag.starts_with("textarea")
            || tag.starts_with("input")
                && !["hidden", "radio", "checkbox", "password"].contains(&kind.as_str());
        if tag.starts_with("input")
            || tag.starts_with("textarea")
            || tag.starts_with("select")
            || tag.starts_with("button")
        {
            found.push(Field { name, value, is_typed });
        }
    }
    found
}

impl Form {
    /// Its body with every typed field filled with `text`.
    pub fn filled(&self, text: &str) -> Vec<(String, String)> {
        self.fields
            .iter()
            .map(|it| (it.name.clone(), if it.is_typed { text.to_string() } else { it.value.clone() }))
            .collect()
    }
}
