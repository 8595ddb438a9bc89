//! How an operation is called: for a shell, in Python, in JavaScript.
//!
//! In:  the document, an operation of it. Out: programs that run as they stand, given `TILL` and `KEY`.
//! Invariant: they are made of the examples of the document alone.

use super::reference::{Operation, members, resolved, text};
use super::schema;
use serde_json::Value;
use std::fmt::Write;

/// What is the same of an operation in every language.
struct Request<'a> {
    method: String,
    path: String,
    is_open: bool,
    /// Whether it takes an Idempotency-Key.
    is_once: bool,
    /// The type of its body, and an example.
    body: Option<(&'a str, String)>,
}

/// Programs that call it: language, program.
pub(super) fn of(document: &Value, operation: &Operation<'_>) -> [(&'static str, String); 3] {
    let it = request(document, operation);
    [("curl", curl(&it)), ("Python", python(&it)), ("JavaScript", javascript(&it))]
}

fn request<'a>(document: &'a Value, operation: &Operation<'a>) -> Request<'a> {
    let parameters = operation.parameters(document);
    let body = operation
        .body(document)
        .and_then(|(media, says)| Some((media, format!("{:#}", media_example(document, says)?))));
    Request {
        method: operation.method.to_ascii_uppercase(),
        path: path(operation, &parameters),
        is_open: operation.is_open(),
        is_once: parameters.iter().any(|it| it["name"] == "Idempotency-Key"),
        body,
    }
}

/// The path with the examples of what it takes.
fn path(operation: &Operation<'_>, parameters: &[&Value]) -> String {
    let examples = parameters.iter().filter(|it| it["in"] == "path").filter_map(|it| {
        let value = it.get("example").or_else(|| it["schema"].get("example"))?.as_str()?;
        Some((format!("{{{}}}", text(&it["name"])), value))
    });
    examples.fold(operation.path.to_string(), |path, it| path.replace(&it.0, it.1))
}

/// An example of a body: its own, the first that has a name, or one made of its schema.
pub(super) fn media_example(document: &Value, media: &Value) -> Option<Value> {
    let own = media.get("example").cloned();
    let named = || media["examples"].as_object()?.values().next()?.get("value").cloned();
    own.or_else(named).or_else(|| schema::example(document, &media["schema"]))
}

fn curl(it: &Request<'_>) -> String {
    let mut out = String::from("curl");
    if it.method != "GET" {
        let _ = write!(out, " -X {}", it.method);
    }
    let _ = write!(out, " \"$TILL{}\"", it.path);
    if !it.is_open {
        out.push_str(" \\\n  -H \"Authorization: Bearer $KEY\"");
    }
    if it.is_once {
        out.push_str(" \\\n  -H \"Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)\"");
    }
    if let Some((media, body)) = &it.body {
        let quoted = body.replace('\'', "'\\''");
        let _ = write!(out, " \\\n  -H \"Content-Type: {media}\" \\\n  -d '{quoted}'");
    }
    out
}

fn python(it: &Request<'_>) -> String {
    let mut out = String::from("import os, urllib.request");
    out.push_str(if it.is_once { ", uuid\n\n" } else { "\n\n" });
    if let Some((_, body)) = &it.body {
        let _ = write!(out, "body = r'''{body}'''\n\n");
    }
    let _ = write!(
        out,
        "request = urllib.request.Request(\n    os.environ[\"TILL\"] + \"{}\",\n    method=\"{}\",\n",
        it.path, it.method
    );
    let mut headers = Vec::new();
    if !it.is_open {
        headers.push("        \"Authorization\": \"Bearer \" + os.environ[\"KEY\"],\n".to_string());
    }
    if it.is_once {
        headers.push("        \"Idempotency-Key\": str(uuid.uuid4()),\n".to_string());
    }
    if let Some((media, _)) = &it.body {
        headers.push(format!("        \"Content-Type\": \"{media}\",\n"));
    }
    if !headers.is_empty() {
        let _ = write!(out, "    headers={{\n{}    }},\n", headers.concat());
    }
    if it.body.is_some() {
        out.push_str("    data=body.encode(),\n");
    }
    out + ")\nwith urllib.request.urlopen(request) as answer:\n    print(answer.read().decode())"
}

fn javascript(it: &Request<'_>) -> String {
    let mut out = format!("const answer = await fetch(process.env.TILL + \"{}\", {{\n", it.path);
    let _ = writeln!(out, "  method: \"{}\",", it.method);
    let mut headers = Vec::new();
    if !it.is_open {
        headers.push("    \"Authorization\": \"Bearer \" + process.env.KEY,\n".to_string());
    }
    if it.is_once {
        headers.push("    \"Idempotency-Key\": crypto.randomUUID(),\n".to_string());
    }
    if let Some((media, _)) = &it.body {
        headers.push(format!("    \"Content-Type\": \"{media}\",\n"));
    }
    if !headers.is_empty() {
        let _ = write!(out, "  headers: {{\n{}  }},\n", headers.concat());
    }
    if let Some((_, body)) = &it.body {
        let _ = writeln!(out, "  body: JSON.stringify({}),", body.replace('\n', "\n  "));
    }
    out + "});\nconsole.log(answer.status, await answer.text());"
}

/// Whether an operation gives an example of its answer, with its status.
pub(super) fn answer(document: &Value, operation: &Operation<'_>) -> Option<(String, Value)> {
    members(&operation.says["responses"]).filter(|it| it.0.starts_with('2')).find_map(|(status, it)| {
        let media = members(&resolved(document, it)["content"]).next()?.1;
        Some((status.to_string(), media_example(document, media)?))
    })
}
