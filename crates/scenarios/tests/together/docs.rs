//! The documentation as it is served: every operation, every link, every code, and programs that do what they say.
//!
//! In:  a real server. Out: pages for everybody, and programs taken from them that run.

use crate::support::browser::{Browser, Page, unescaped};
use crate::support::people::signed_in;
use crate::support::served::{Customer, Served};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

fn served() -> Served {
    Served::start(&["--rate-limit", "0"])
}

/// What stands between two marks, each time.
fn between<'a>(text: &'a str, begin: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(begin).skip(1).filter_map(move |it| it.split(end).next())
}

/// Every page of the documentation, by its path: from the first one, wherever links lead.
fn pages(served: &Served) -> BTreeMap<String, String> {
    let (mut browser, mut found) = (Browser::new(served), BTreeMap::new());
    let mut ahead = vec!["/docs".to_string()];
    while let Some(path) = ahead.pop() {
        if found.contains_key(&path) {
            continue;
        }
        let page = browser.call("GET", &path, &[], "");
        assert_eq!(page.status, 200, "{path}");
        let text = page.text();
        let links = between(&text, "href=\"", "\"").filter_map(|it| it.split('#').next());
        ahead.extend(links.filter(|it| *it == "/docs" || it.starts_with("/docs/")).map(str::to_string));
        found.insert(path, text);
    }
    found
}

#[test]
fn every_link_leads_somewhere_and_every_operation_has_its_page() {
    let served = served();
    let pages = pages(&served);
    let mut followed = 0;
    for (from, html) in &pages {
        let ids: Vec<&str> = between(html, " id=\"", "\"").collect();
        let once: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(once.len(), ids.len(), "{from} has an id twice");
        for link in between(html, "href=\"", "\"") {
            let (path, part) = link.split_once('#').map_or((link, None), |it| (it.0, Some(it.1)));
            let to = if path.is_empty() { from.as_str() } else { path };
            let Some(there) = pages.get(to) else {
                assert!(!to.starts_with("/docs"), "{from} leads to {link}");
                continue;
            };
            followed += 1;
            let leads = part.is_none_or(|it| there.contains(&format!(" id=\"{it}\"")));
            assert!(leads, "{from} leads to {link}, which {to} does not have");
        }
    }
    assert!(followed > 1000, "only {followed} links were followed");
    let document = served.get("", "/openapi.json").good();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, says) in item.as_object().unwrap().iter().filter(|it| it.1["operationId"].is_string()) {
            let page = &pages[&format!("/docs/operations/{}", says["operationId"].as_str().unwrap())];
            assert!(page.contains(&format!("{} {path}", method.to_uppercase())), "{method} {path}");
        }
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(pages.contains_key(&format!("/docs/schemas/{name}")), "nothing leads to {name}");
    }
}

/// `type` of a problem leads to the row of its code.
#[test]
fn every_code_is_an_anchor() {
    let served = served();
    let errors = Browser::new(&served).get("/docs/errors").text();
    for code in web::code::Code::all() {
        let row = format!("<tr id=\"{0}\"><td><code>{0}</code></td>", code.as_str());
        assert!(errors.contains(&row), "{row}");
    }
}

#[test]
fn the_documentation_is_for_everybody_in_the_frame_that_suits_them() {
    let served = served();
    served.customer("shop", "100.00");
    let guest = Browser::new(&served).get("/docs/operations/create_orders");
    guest.has("href=\"/sign-in\"").lacks("href=\"/resources\"");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    ann.get("/docs/operations/create_orders").has("href=\"/resources\"").lacks("href=\"/sign-in\"");
    ann.get("/docs?q=top-up").has("href=\"/docs/operations/");
    ann.get("/docs?q=%3Cscript%3E").has("&lt;script&gt;").lacks("<script>");
    ann.language = "zh";
    ann.get("/docs/operations/create_orders").has("试用").has("错误码");
    // A program is shown the same: there is nothing else to be had there.
    let page = served.get("", "/docs/errors");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    for path in ["/docs/nowhere", "/docs/operations/nowhere", "/docs/schemas/Nowhere", "/docs/rules"] {
        assert_eq!(Browser::new(&served).call("GET", path, &[], "").status, 404, "{path}");
    }
}

/// The program of a page in that language.
fn program(page: &Page, language: &str) -> String {
    let part = page.between(&format!("<summary>{language}</summary>"), "</details>");
    unescaped(between(&part, "<code>", "</code>").next().unwrap())
}

/// What a program of a page prints, run as it stands.
fn run(served: &Served, by: &Customer, language: &str, program: &str) -> String {
    let python = crate::support::tools::tool("python", &served.folder.0).get_program().to_owned();
    let mut command = match language {
        "curl" => Command::new("sh"),
        "Python" => Command::new(python),
        _ => Command::new("node"),
    };
    match language {
        "JavaScript" => command.args(["--input-type=module", "-e", program]),
        _ => command.args(["-c", program]),
    };
    let output = command.env("TILL", served.url("")).env("KEY", &by.key).output().unwrap();
    assert!(output.status.success(), "{program}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn programs_of_the_pages_do_what_they_say() {
    let served = served();
    let by = served.customer("shop", "1000.00");
    let mut guest = Browser::new(&served);
    for (operation, answer) in
        [("create_orders", "\"orders\""), ("get_wallet", "\"available\""), ("health", "\"ok\"")]
    {
        let page = guest.get(&format!("/docs/operations/{operation}"));
        for language in ["curl", "Python", "JavaScript"] {
            let printed = run(&served, &by, language, &program(&page, language));
            assert!(printed.contains(answer), "{operation} in {language}: {printed}");
        }
    }
    let orders = served.get(&by.key, "/v1/orders").good();
    assert_eq!(orders["items"].as_array().map(Vec::len), Some(3), "one by each language");
}

/// Every object of an example has what its schema requires.
fn lacks(document: &Value, schema: &Value, example: &Value, at: &str, missing: &mut Vec<String>) {
    let target = schema["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
    let schema = target.and_then(|it| document.pointer(it)).unwrap_or(schema);
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
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if example.is_object() && example.get(name).is_none() {
            missing.push(format!("{at}.{name}"));
        }
    }
    for (name, says) in schema["properties"].as_object().into_iter().flatten() {
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
    let document = serde_json::to_value(api::document()).unwrap();
    let mut missing = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, says) in item.as_object().unwrap() {
            let answers =
                says["responses"].as_object().into_iter().flatten().filter(|it| it.0.starts_with('2'));
            let contents = answers.map(|it| &it.1["content"]).chain([&says["requestBody"]["content"]]);
            for (media, says) in contents.filter_map(Value::as_object).flatten() {
                let at = format!("{method} {path} {media}");
                match console::docs::example(&document, &says["schema"]) {
                    Some(example) => lacks(&document, &says["schema"], &example, &at, &mut missing),
                    None => missing.push(format!("{at} has no example")),
                }
            }
        }
    }
    assert!(missing.is_empty(), "examples lack\n{}", missing.join("\n"));
}
