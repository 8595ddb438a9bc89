//! What the pages show of a small document.

use super::reference::resolved;
use super::*;
use billing::explain::Language;
use serde_json::json;
use texts::of as texts_of;

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

fn texts() -> &'static Texts {
    texts_of(Language::English)
}

fn page_of(id: &str) -> String {
    let document = document();
    operation::page(texts(), &document, &reference::find(&document, id).unwrap()).into_string()
}

#[test]
fn every_operation_is_in_the_contents_under_its_tag() {
    let html = contents(texts(), &document()).into_string();
    for part in [
        "<a href=\"/docs/operations/payOrder\">Pay an order</a>",
        "<h2 id=\"orders\">orders</h2>",
        "What is <strong>bought</strong>.",
        "<h2 id=\"other\">other</h2>",
        "<li>one</li>",
    ] {
        assert!(html.contains(part), "{part} is not in\n{html}");
    }
    assert!(page_of("health").contains("Needs no key."));
}

#[test]
fn titles_are_short_and_tags_in_their_order() {
    assert_eq!(reference::short("Pays. All of it."), "Pays");
    assert_eq!(
        reference::short("Lists keys, the newest first: all of them."),
        "Lists keys, the newest first"
    );
    assert_eq!(reference::short("Pay an order"), "Pay an order");
    let document = document();
    let tags: Vec<&str> = by_tag(&document).iter().map(|it| it.0).collect();
    assert_eq!(tags, ["orders", "other"]);
}

#[test]
fn what_the_document_says_becomes_no_tag() {
    let html = page_of("payOrder");
    assert!(html.contains("Which &lt;order&gt;"), "{html}");
    assert_eq!(
        markdown::whole("a <script>b</script> ![c](http://d)").into_string(),
        "<p>a &lt;script&gt;b&lt;/script&gt; c</p>\n"
    );
}

#[test]
fn types_are_words_with_their_limits() {
    let payment = &document()["components"]["schemas"]["Payment"];
    let of = |name: &str| schema::kind(&payment["properties"][name]).into_string();
    assert_eq!(of("token"), "string<span class=\"s\">length at most <code>9</code></span>");
    assert_eq!(of("parts"), "array of <a href=\"/docs/schemas/Payment\">Payment</a>");
    assert_eq!(of("by"), "<code>cash</code> <code>bonus</code>");
    assert_eq!(of("note"), "string or null");
    let kind = |it: Value| schema::kind(&it).into_string();
    assert_eq!(kind(json!({})), "any");
    assert_eq!(
        kind(json!({ "type": "object", "additionalProperties": { "type": "string" } })),
        "object of string"
    );
    assert_eq!(kind(json!({ "oneOf": [{ "type": "null" }, { "const": 1 }] })), "null or <code>1</code>");
}

#[test]
fn programs_are_made_of_the_examples_and_quoted_for_their_language() {
    let document = document();
    let of = |id: &str| samples::of(&document, &reference::find(&document, id).unwrap()).map(|it| it.1);
    let [curl, python, javascript] = of("health");
    assert_eq!(curl, "curl \"$TILL/health\"");
    assert!(!python.contains("headers") && !javascript.contains("headers"), "{python}\n{javascript}");
    let [curl, python, javascript] = of("payOrder");
    assert!(
        curl.starts_with(
            "curl -X POST \"$TILL/v1/orders/ord_1/pay\" \\\n  -H \"Authorization: Bearer $KEY\""
        ),
        "{curl}"
    );
    assert!(curl.contains("\"token\": \"it'\\''s\""), "{curl}");
    assert!(python.contains("\"token\": \"it's\""), "{python}");
    assert!(javascript.contains("\"token\": \"it's\""), "{javascript}");
}

#[test]
fn a_schema_that_holds_itself_has_an_example_that_ends() {
    let document = document();
    let example = example(&document, &document["components"]["schemas"]["Payment"]).unwrap();
    assert_eq!(example["parts"][0]["parts"][0]["token"], "it's");
    assert!(example.to_string().len() < 500, "{example}");
}

#[test]
fn a_reference_leads_to_what_it_names() {
    let document = document();
    let payment = resolved(
        &document,
        &document["paths"]["/v1/orders/{order}/pay"]["post"]["requestBody"]["content"]["application/json"]["schema"],
    );
    assert_eq!(payment["description"], "A payment.");
}

#[test]
fn a_search_finds_what_is_called_so_before_what_mentions_it() {
    let index = Index::of(&document());
    let titles = |asked: &str| index.find(asked).into_iter().map(|it| it.title).collect::<Vec<_>>();
    assert_eq!(titles("PAY an ORDER").first().map(String::as_str), Some("Pay an order"));
    assert!(titles("balance_insufficient").contains(&"balance_insufficient".to_string()));
    assert!(titles("zzz order").is_empty() && titles("  ").is_empty());
    assert!(titles("e").len() == search::MOST);
}

#[test]
fn of_a_search_no_more_is_read_than_a_few_words() {
    let all: Vec<String> = (0..50).map(|it| format!("w{it}")).collect();
    assert_eq!(search::asked(&all.join(" \t ")), all[..12].join(" "));
    assert_eq!(search::asked(&"一".repeat(10_000)).chars().count(), search::LONGEST);
    assert_eq!(search::asked(&"x ".repeat(1_000_000)).len(), 23);
    // What stands behind that is not looked for.
    let index = Index::of(&document());
    assert!(!index.find(&format!("{}zzz", "order ".repeat(12))).is_empty());
    assert!(index.find(&format!("{}zzz", "order ".repeat(11))).is_empty());
}

#[test]
fn a_key_that_is_typed_into_a_form_never_stands_in_an_address() {
    for id in ["payOrder", "health"] {
        let html = page_of(id);
        assert!(html.contains("<form method=\"post\" data-try="), "{html}");
    }
}

#[test]
fn links_stay_on_this_server_and_code_is_left_as_it_is() {
    let html = |text: &str| markdown::whole(text).into_string();
    assert_eq!(html("[a](/b) [c](https://d/) `**e**`"), "<p><a href=\"/b\">a</a> c <code>**e**</code></p>\n");
    let of = |name: &'static str, text: &'static str| guides::Text { name, title: "T", text }.linked();
    let linked = of("api", "[u](usage.md#x) [c](../crates) [r](rules/rate.md)");
    assert_eq!(
        html(&linked),
        "<p><a href=\"/docs/usage#x\">u</a> c <a href=\"/docs/rules/rate\">r</a></p>\n"
    );
    let linked = of("rules/rate", "[p](../pricebook.md) [s](settle.md) [h](#here)");
    assert_eq!(linked, "[p](/docs/pricebook) [s](/docs/rules/settle) [h](#here)");
    let code = "<pre class=\"code\" tabindex=\"0\"><code>b  &lt;c&gt;\n  d\n</code></pre>\n";
    assert_eq!(html("a\n\n    b  <c>\n      d\n\ne"), format!("<p>a</p>\n{code}<p>e</p>\n"));
    assert_eq!(html("## The `x` of it"), "<h2 id=\"the-x-of-it\">The <code>x</code> of it</h2>\n");
}

#[test]
fn the_first_row_of_a_code_is_found_by_it() {
    let html =
        markdown::whole("| Code | |\n|---|---|\n| `a_b` | c |\n| `a_b` | d |\n| `D` | e |\n").into_string();
    assert_eq!(html.matches("<tr id=\"a_b\">").count(), 1, "{html}");
    assert_eq!(html.matches("id=").count(), 1, "{html}");
}
