//! What the page shows of a small document.

use super::*;
use serde_json::json;

fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Till <1>", "version": "2", "description": "Buys & sells.\n\n- one\n- two" },
        "tags": [{ "name": "orders", "description": "What is **bought**." }],
        "paths": {
            "/v1/orders/{order}/pay": { "post": {
                "operationId": "payOrder", "tags": ["orders"], "summary": "Pay an order",
                "parameters": [
                    { "name": "order", "in": "path", "required": true, "example": "ord_1", "description": "Which <order>",
                      "schema": { "type": "string" } },
                    { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 200 } },
                ],
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Payment" } } } },
                "responses": {
                    "200": { "description": "paid", "content": { "application/json": {
                        "schema": { "$ref": "#/components/schemas/Payment" } } } },
                    "409": { "description": "refused" },
                },
            } },
            "/health": { "get": { "operationId": "health", "summary": "Alive?", "security": [], "responses": {} } },
        },
        "components": { "schemas": {
            "Payment": {
                "type": "object", "required": ["token"], "description": "A payment.",
                "properties": {
                    "token": { "type": "string", "example": "it's", "maxLength": 9 },
                    "parts": { "type": "array", "items": { "$ref": "#/components/schemas/Payment" } },
                    "by": { "enum": ["cash", "bonus"] },
                    "note": { "type": ["string", "null"] },
                },
            },
        } },
    })
}

#[test]
fn every_operation_is_shown_under_its_tag_and_in_the_contents() {
    let html = page(&document());
    for part in [
        "<li><a href=\"#payOrder\">Pay an order</a></li>",
        "<h2 id=\"orders\">orders</h2>",
        "<p>What is <b>bought</b>.</p>",
        "<p>Needs no key.</p>",
        "<article id=\"payOrder\">",
        "<article id=\"health\">",
        "<h2 id=\"other\">other</h2>",
        "<article id=\"schema-payment\">",
        "<ul><li>one</li><li>two</li></ul>",
    ] {
        assert!(html.contains(part), "{part} is not in\n{html}");
    }
}

#[test]
fn the_contents_are_short_and_in_the_order_of_the_tags() {
    assert_eq!(short("Pays. All of it."), "Pays");
    assert_eq!(short("Lists keys, the newest first: all of them."), "Lists keys, the newest first");
    assert_eq!(short("Pay an order"), "Pay an order");
    let document = document();
    let tags: Vec<&str> = by_tag(&document).iter().map(|it| it.0).collect();
    assert_eq!(tags, ["orders", "other"]);
}

#[test]
fn text_is_escaped_and_nothing_is_loaded() {
    let html = page(&document()) + &text_page("errors").unwrap();
    assert!(html.contains("Till &lt;1&gt;") && html.contains("Which &lt;order&gt;"), "{html}");
    for word in ["<script", "http:", "https:", "src=", "@import", "url(", "onclick"] {
        assert!(!html.contains(word), "the page says {word}");
    }
}

#[test]
fn types_are_words_with_their_limits() {
    let payment = &document()["components"]["schemas"]["Payment"];
    let of = |name: &str| schema::kind(&payment["properties"][name]);
    assert_eq!(of("token"), "string<br><small>length at most <code>9</code></small>");
    assert_eq!(of("parts"), "array of <a href=\"#schema-payment\">Payment</a>");
    assert_eq!(of("by"), "<code>cash</code> <code>bonus</code>");
    assert_eq!(of("note"), "string or null");
    assert_eq!(schema::kind(&json!({})), "any");
    assert_eq!(
        schema::kind(&json!({ "type": "object", "additionalProperties": { "type": "string" } })),
        "object of string"
    );
    assert_eq!(
        schema::kind(&json!({ "oneOf": [{ "type": "null" }, { "const": 1 }] })),
        "null or <code>1</code>"
    );
}

#[test]
fn the_command_is_made_of_the_examples_and_quoted_for_a_shell() {
    let document = document();
    let groups = by_tag(&document);
    let of = |id: &str| {
        let all = groups.iter().flat_map(|it| &it.1);
        operation::curl(&document, all.into_iter().find(|it| it.id() == id).unwrap())
    };
    assert_eq!(of("health"), "curl \"$TILL/health\"");
    let pay = of("payOrder");
    assert!(
        pay.starts_with("curl -X POST \"$TILL/v1/orders/ord_1/pay\" \\\n  -H \"Authorization: Bearer $KEY\""),
        "{pay}"
    );
    assert!(pay.contains("\"token\": \"it'\\''s\""), "{pay}");
}

#[test]
fn a_schema_that_holds_itself_has_an_example_that_ends() {
    let document = document();
    let example = schema::example(&document, &document["components"]["schemas"]["Payment"]).unwrap();
    assert_eq!(example["parts"][0]["parts"][0]["token"], "it's");
    assert!(example.to_string().len() < 500, "{example}");
}

/// Every object of an example has what its schema requires.
fn lacks(document: &Value, schema: &Value, example: &Value, at: &str, missing: &mut Vec<String>) {
    let schema = schema::resolved(document, schema);
    for part in schema["allOf"].as_array().into_iter().flatten() {
        lacks(document, part, example, at, missing);
    }
    // It is one of the choices: what it lacks of the one that it comes nearest to.
    let choices = schema["oneOf"].as_array().into_iter().flatten().filter(|it| it["type"] != "null");
    let of_choice = choices.map(|it| {
        let mut missing = Vec::new();
        lacks(document, it, example, at, &mut missing);
        missing
    });
    if example.is_object() {
        missing.extend(of_choice.min_by_key(Vec::len).unwrap_or_default());
    }
    for name in schema["required"].as_array().into_iter().flatten().map(text) {
        if example.is_object() && example.get(name).is_none() {
            missing.push(format!("{at}.{name}"));
        }
    }
    for (name, says) in members(&schema["properties"]) {
        if let Some(value) = example.get(name) {
            lacks(document, says, value, &format!("{at}.{name}"), missing);
        }
    }
    for one in example.as_array().into_iter().flatten() {
        lacks(document, &schema["items"], one, &format!("{at}[]"), missing);
    }
}

#[test]
fn every_answer_and_body_that_is_shown_has_what_its_schema_requires() {
    let document = serde_json::to_value(crate::document()).unwrap();
    let mut missing = Vec::new();
    for (_, operations) in by_tag(&document) {
        for it in operations {
            let answers = members(&it.says["responses"]).filter(|it| it.0.starts_with('2'));
            let contents = answers.map(|it| &it.1["content"]).chain([&it.says["requestBody"]["content"]]);
            for (media, says) in contents.flat_map(members) {
                let at = format!("{} {} {media}", it.method, it.path);
                match schema::example(&document, &says["schema"]) {
                    Some(example) => lacks(&document, &says["schema"], &example, &at, &mut missing),
                    None => missing.push(format!("{at} has no example")),
                }
            }
        }
    }
    assert!(missing.is_empty(), "examples lack\n{}", missing.join("\n"));
}

#[test]
fn the_codes_are_a_table() {
    let html = text_page("errors").unwrap();
    assert!(html.contains("<th scope=\"col\">Code</th>"), "{html}");
    assert!(html.contains("<td><code>balance_insufficient</code></td>"), "{html}");
}

#[test]
fn links_stay_on_this_server_and_code_is_left_as_it_is() {
    assert_eq!(
        markdown::html("[a](/b) [c](https://d/) `**e**`"),
        "<p><a href=\"/b\">a</a> c <code>**e**</code></p>\n"
    );
    let of = |name: &'static str, text: &'static str| texts::Text { name, title: "T", text }.linked();
    let linked = of("api", "[u](usage.md#x) [c](../crates) [r](rules/rate.md)");
    assert_eq!(
        markdown::html(&linked),
        "<p><a href=\"/docs/usage#x\">u</a> c <a href=\"/docs/rules/rate\">r</a></p>\n"
    );
    let linked = of("rules/rate", "[p](../pricebook.md) [s](settle.md) [h](#here)");
    assert_eq!(linked, "[p](/docs/pricebook) [s](/docs/rules/settle) [h](#here)");
    assert_eq!(
        markdown::html("a\n\n    b  <c>\n      d\n\ne"),
        "<p>a</p>\n<pre tabindex=\"0\"><code>b  &lt;c&gt;\n  d\n</code></pre>\n<p>e</p>\n"
    );
    assert_eq!(
        markdown::html("```\n# <x>\n```\nafter"),
        "<pre tabindex=\"0\"><code># &lt;x&gt;\n</code></pre>\n<p>after</p>\n"
    );
}

/// What stands between two marks, each time.
fn between<'a>(text: &'a str, begin: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(begin).skip(1).filter_map(move |it| it.split(end).next())
}

/// Every link of every page leads to a page that is served, and to a part of it that is there.
#[test]
fn every_link_leads_somewhere() {
    let whole = page(&serde_json::to_value(crate::document()).unwrap());
    let mut pages = vec![("/docs".to_string(), whole)];
    pages.extend(names().map(|name| (format!("/docs/{name}"), text_page(name).unwrap())));
    let mut followed = 0;
    for (from, html) in &pages {
        let ids: Vec<&str> = between(html, "id=\"", "\"").collect();
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), ids.len(), "{from} has an id twice");
        for link in between(html, "href=\"", "\"") {
            let (path, part) = link.split_once('#').map_or((link, None), |it| (it.0, Some(it.1)));
            let to = if path.is_empty() { from.as_str() } else { path };
            followed += 1;
            if ["/openapi.json", "/openapi-3.0.json"].contains(&to) {
                continue;
            }
            let found = pages.iter().find(|it| it.0 == to);
            let (_, there) = found.unwrap_or_else(|| panic!("{from} leads to {link}"));
            let leads = part.is_none_or(|part| there.contains(&format!("id=\"{part}\"")));
            assert!(leads, "{from} leads to {link}, which {to} does not have");
        }
    }
    assert!(followed > 500, "only {followed} links were followed");
    for it in ["rules/README", "operations", "scenarios"] {
        let (name, title) = (it, text_page(it).unwrap());
        assert!(title.contains("<h1"), "{name}");
    }
}

/// `type` of a problem leads to the row of its code.
#[test]
fn every_code_is_an_anchor() {
    let errors = text_page("errors").unwrap();
    for code in web::code::Code::all() {
        let row = format!("<tr id=\"{0}\"><td><code>{0}</code></td>", code.as_str());
        assert!(errors.contains(&row), "{row}");
    }
}
