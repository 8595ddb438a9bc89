//! The pages for people: the OpenAPI document as one HTML page, and what is written about the API beside it.
//!
//! In:  the document as it is served. Out: HTML.
//! Invariant: nothing is loaded from anywhere else and no script runs; every text of the document is escaped.

mod html;
mod markdown;
mod operation;
mod schema;
#[cfg(test)]
mod tests;
mod texts;

use html::{anchor, code_block, escaped, members, pretty, text};
use operation::Operation;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;
use texts::{TEXTS, links};

pub use texts::names;

const STYLE: &str = include_str!("docs/style.css");
/// In which order a path's operations are read from the document.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The page of all operations and schemas.
pub fn page(document: &Value) -> String {
    let info = &document["info"];
    let title = format!("{} {}", text(&info["title"]), text(&info["version"]));
    let groups = by_tag(document);
    let mut body = String::new();
    let _ = write!(
        body,
        "<header><h1>{}</h1>{}<p>Also: {}, <a href=\"/openapi.json\">this as OpenAPI 3.1</a>, \
         <a href=\"/openapi-3.0.json\">as 3.0</a>.</p></header>",
        escaped(&title),
        markdown::html(text(&info["description"])),
        links(),
    );
    body.push_str(&contents(&groups, document));
    body.push_str("<main id=\"main\">");
    for (tag, operations) in &groups {
        let _ = write!(body, "<section><h2 id=\"{}\">{}</h2>", anchor(tag), escaped(tag));
        body.push_str(&tag_text(document, tag));
        for it in operations {
            body.push_str(&operation::html(document, it));
        }
        body.push_str("</section>");
    }
    body.push_str(&schemas(document));
    body.push_str("</main>");
    whole(&title, &body)
}

/// A written page; `None` for a name that is none.
pub fn text_page(name: &str) -> Option<String> {
    let it = TEXTS.iter().find(|it| it.name == name)?;
    let text = with_codes(&markdown::html(&it.linked()));
    let links = links();
    let body = format!(
        "<main id=\"main\" class=\"prose\"><p><a href=\"/docs\">All operations</a>, {links}</p>{text}</main>"
    );
    Some(whole(it.title, &body))
}

/// Rows of tables that begin with a code are found by it, the first of each code: `type` of a problem leads there.
fn with_codes(html: &str) -> String {
    const ROW: &str = "<tr><td><code>";
    let mut parts = html.split(ROW);
    let mut out = parts.next().unwrap_or("").to_string();
    let mut seen = BTreeSet::new();
    for part in parts {
        let code = part.split("</code></td>").next().unwrap_or("");
        let plain = !code.is_empty() && code.bytes().all(|it| it.is_ascii_lowercase() || b"_.".contains(&it));
        if plain && !html.contains(&format!("id=\"{code}\"")) && seen.insert(code) {
            out.push_str(&format!("<tr id=\"{code}\"><td><code>{part}"));
        } else {
            out.push_str(ROW);
            out.push_str(part);
        }
    }
    out
}

/// Tags in the order in which the document lists them, each with its operations; those it does not list come last.
fn by_tag(document: &Value) -> Vec<(&str, Vec<Operation<'_>>)> {
    let mut groups: Vec<(&str, Vec<Operation<'_>>)> = Vec::new();
    for (path, item) in members(&document["paths"]) {
        for method in METHODS {
            let says = &item[method];
            if says.is_null() {
                continue;
            }
            let tag = says["tags"][0].as_str().unwrap_or("other");
            let operation = Operation { method, path, says };
            match groups.iter_mut().find(|it| it.0 == tag) {
                Some(group) => group.1.push(operation),
                None => groups.push((tag, vec![operation])),
            }
        }
    }
    let tags = document["tags"].as_array().map_or(&[][..], Vec::as_slice);
    groups.sort_by_key(|it| tags.iter().position(|tag| tag["name"] == it.0).unwrap_or(tags.len()));
    groups
}

/// The first part of a summary, up to a stop, a colon or a semicolon.
fn short(summary: &str) -> &str {
    let end = [". ", ": ", "; "].iter().filter_map(|it| summary.find(it)).min();
    end.map_or(summary.trim_end_matches('.'), |it| &summary[..it])
}

fn contents(groups: &[(&str, Vec<Operation<'_>>)], document: &Value) -> String {
    let mut out = String::from("<nav aria-label=\"Contents\">");
    for (tag, operations) in groups {
        let _ = write!(out, "<h2><a href=\"#{}\">{}</a></h2><ul>", anchor(tag), escaped(tag));
        for it in operations {
            let summary = it.says["summary"].as_str().unwrap_or(it.path);
            let _ = write!(
                out,
                "<li><a href=\"#{}\">{}</a></li>",
                escaped(&it.id()),
                markdown::inline(short(summary))
            );
        }
        out.push_str("</ul>");
    }
    out.push_str("<details><summary>Schemas</summary><ul>");
    for (name, _) in members(&document["components"]["schemas"]) {
        let _ = write!(out, "<li><a href=\"#{}\">{}</a></li>", schema::anchor_of(name), escaped(name));
    }
    out.push_str("</ul></details></nav>");
    out
}

/// What the document says of a tag.
fn tag_text(document: &Value, tag: &str) -> String {
    let tags = document["tags"].as_array().map_or(&[][..], Vec::as_slice);
    let found = tags.iter().find(|it| it["name"] == tag);
    found.map_or_else(String::new, |it| markdown::html(text(&it["description"])))
}

fn schemas(document: &Value) -> String {
    let mut out = String::from("<section><h2 id=\"schemas\">Schemas</h2>");
    for (name, says) in members(&document["components"]["schemas"]) {
        let _ = write!(out, "<article id=\"{}\"><h3>{}</h3>", schema::anchor_of(name), escaped(name));
        out.push_str(&markdown::html(text(&says["description"])));
        out.push_str(&schema::fields(document, says));
        if let Some(example) = schema::example(document, says) {
            out.push_str(&code_block("Example", &pretty(&example)));
        }
        out.push_str("</article>");
    }
    out.push_str("</section>");
    out
}

fn whole(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{}</title>\
         <style>{STYLE}</style></head><body>\
         <a class=\"skip\" href=\"#main\">Skip to the operations</a>{body}</body></html>\n",
        escaped(title)
    )
}
