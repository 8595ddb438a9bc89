//! One operation on the page: what it takes, what it answers, and a curl command that does it.
//!
//! In:  the document, an operation of it. Out: HTML.
//! Invariant: the command is built from the examples of the document alone.

use super::html::{anchor, code_block, escaped, members, pretty, text};
use super::{markdown, schema};
use serde_json::Value;
use std::fmt::Write;

/// One operation of the document: where it is and what it says.
pub(super) struct Operation<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub says: &'a Value,
}

impl Operation<'_> {
    pub fn id(&self) -> String {
        match self.says["operationId"].as_str() {
            Some(id) => id.to_string(),
            None => anchor(&format!("{} {}", self.method, self.path)),
        }
    }
}

pub(super) fn html(document: &Value, operation: &Operation<'_>) -> String {
    let says = operation.says;
    let id = escaped(&operation.id());
    let mut out = format!(
        "<article id=\"{id}\"><h3><a href=\"#{id}\"><span class=\"method {0}\">{1}</span> <code>{2}</code></a></h3>",
        operation.method,
        operation.method.to_ascii_uppercase(),
        escaped(operation.path),
    );
    let _ = write!(out, "<p class=\"summary\">{}</p>", markdown::inline(text(&says["summary"])));
    if says["description"] != says["summary"] {
        out.push_str(&markdown::html(text(&says["description"])));
    }
    let _ = write!(out, "<p>{}</p>", who(says));
    out.push_str(&parameters(document, says));
    out.push_str(&body(document, says));
    out.push_str(&code_block("curl", &curl(document, operation)));
    out.push_str(&responses(document, says));
    out.push_str("</article>");
    out
}

/// Who may call it, by the scopes that the document names.
fn who(says: &Value) -> String {
    let schemes = says["security"].as_array().map_or(&[][..], Vec::as_slice);
    let scopes: Vec<&str> =
        schemes.iter().flat_map(members).flat_map(|it| it.1.as_array()).flatten().map(text).collect();
    match (schemes.is_empty(), &scopes[..]) {
        (true, _) => "Needs no key.".to_string(),
        (false, []) => "Needs a key, with any scope.".to_string(),
        (false, ["operator"]) => "Needs a key with the scope <code>operator</code>.".to_string(),
        (false, scopes) => {
            let names: Vec<String> =
                scopes.iter().map(|it| format!("<code>{}</code>", escaped(it))).collect();
            format!("Needs a key with the scope {}, or an operator's.", names.join(" or "))
        }
    }
}

fn parameters(document: &Value, says: &Value) -> String {
    let all = says["parameters"].as_array().map_or(&[][..], Vec::as_slice);
    if all.is_empty() {
        return String::new();
    }
    let mut out = String::from(
        "<table><caption>Parameters</caption><thead><tr><th scope=\"col\">Name</th><th scope=\"col\">In</th>\
         <th scope=\"col\">Type</th><th scope=\"col\">Meaning</th></tr></thead><tbody>",
    );
    for it in all.iter().map(|it| schema::resolved(document, it)) {
        let required = if it["required"] == true { " <b>required</b>" } else { "" };
        let _ = write!(
            out,
            "<tr><th scope=\"row\"><code>{}</code></th><td>{}{required}</td><td>{}</td><td>{}</td></tr>",
            escaped(text(&it["name"])),
            escaped(text(&it["in"])),
            schema::kind(&it["schema"]),
            markdown::inline(text(&it["description"])),
        );
    }
    out.push_str("</tbody></table>");
    out
}

fn body(document: &Value, says: &Value) -> String {
    let content = &schema::resolved(document, &says["requestBody"])["content"];
    let mut out = String::new();
    for (media, it) in members(content) {
        let _ = write!(out, "<p>Body <code>{}</code>: {}</p>", escaped(media), schema::kind(&it["schema"]));
        if it["schema"]["$ref"].is_null() {
            out.push_str(&schema::fields(document, &it["schema"]));
        }
    }
    out
}

fn responses(document: &Value, says: &Value) -> String {
    let mut out = String::from(
        "<details><summary>Answers</summary><table><thead><tr><th scope=\"col\">Status</th>\
         <th scope=\"col\">Meaning</th><th scope=\"col\">Body</th></tr></thead><tbody>",
    );
    let mut example = String::new();
    for (status, it) in members(&says["responses"]) {
        let it = schema::resolved(document, it);
        let bodies: Vec<String> =
            members(&it["content"]).map(|(_, media)| schema::kind(&media["schema"])).collect();
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>",
            escaped(status),
            markdown::inline(text(&it["description"])),
            bodies.join(" or "),
        );
        let media = members(&it["content"]).next().map(|it| it.1);
        if let Some(found) =
            media.and_then(|it| media_example(document, it)).filter(|_| status.starts_with('2'))
        {
            example = code_block(&format!("Answer {status}"), &pretty(&found));
        }
    }
    let _ = write!(out, "</tbody></table>{example}</details>");
    out
}

fn media_example(document: &Value, media: &Value) -> Option<Value> {
    let own = media.get("example").cloned();
    let named = || media["examples"].as_object()?.values().next()?.get("value").cloned();
    own.or_else(named).or_else(|| schema::example(document, &media["schema"]))
}

/// The command that does it, with the key and the address of the till as variables.
pub(super) fn curl(document: &Value, operation: &Operation<'_>) -> String {
    let says = operation.says;
    let mut path = operation.path.to_string();
    for it in says["parameters"].as_array().into_iter().flatten() {
        let it = schema::resolved(document, it);
        let value = it.get("example").or_else(|| it["schema"].get("example"));
        if let (Some("path"), Some(value)) = (it["in"].as_str(), value.and_then(Value::as_str)) {
            path = path.replace(&format!("{{{}}}", text(&it["name"])), value);
        }
    }
    let mut out = String::from("curl");
    if operation.method != "get" {
        let _ = write!(out, " -X {}", operation.method.to_ascii_uppercase());
    }
    let _ = write!(out, " \"$TILL{path}\"");
    // An empty list of schemes says that anybody may ask.
    let open = says["security"].as_array().is_some_and(Vec::is_empty);
    if !open {
        out.push_str(" \\\n  -H \"Authorization: Bearer $KEY\"");
    }
    let body = &schema::resolved(document, &says["requestBody"])["content"];
    if let Some((media, says)) = members(body).next() {
        let _ = write!(out, " \\\n  -H \"Content-Type: {media}\"");
        if let Some(example) = media_example(document, says) {
            let quoted = pretty(&example).replace('\'', "'\\''");
            let _ = write!(out, " \\\n  -d '{quoted}'");
        }
    }
    out
}
