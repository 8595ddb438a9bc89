//! The page of one operation: what it takes, what it answers, programs that call it, and a form that does.
//!
//! In:  the document, an operation of it. Out: HTML.
//! Invariant: the form sends the visitor's own key, from the browser, and nothing of the session.

use super::reference::{By, Operation, members, resolved, text};
use super::{markdown, samples, schema};
use maud::{Markup, html};
use serde_json::Value;
use texts::Texts;

pub(super) fn page(texts: &Texts, document: &Value, it: &Operation<'_>) -> Markup {
    let (parameters, body) = (it.parameters(document), it.body(document));
    html! {
        div.cols.side-r.docs {
            div {
                section.prose lang="en" aria-label=(texts.description()) {
                    (markdown::whole(text(&it.says["summary"])))
                    @if it.says["description"] != it.says["summary"] { (markdown::whole(text(&it.says["description"]))) }
                    @if it.by == By::Caller { p { (who(it)) } }
                }
                @if !parameters.is_empty() { (parameter_table(texts, &parameters)) }
                @if let Some((_, says)) = body {
                    section aria-labelledby="h-body" {
                        div.sect { h2 id="h-body" { (texts.body()) } }
                        @for (media, says) in it.bodies(document) { p { code { (media) } ": " (schema::kind(&says["schema"])) } }
                        (schema::fields(texts, document, &says["schema"]))
                    }
                }
                (answers(texts, document, it))
            }
            div {
                @match it.by {
                    By::Caller => { (programs(texts, document, it)) (attempt(texts, document, it)) }
                    By::Till => { (told(texts, document, it)) }
                }
            }
        }
    }
}

/// Who may call it, by the scopes that the document names.
fn who(it: &Operation<'_>) -> Markup {
    let schemes = it.says["security"].as_array().map_or(&[][..], Vec::as_slice);
    let scopes: Vec<&str> =
        schemes.iter().flat_map(members).flat_map(|it| it.1.as_array()).flatten().map(text).collect();
    html! {
        @match (it.is_open(), &scopes[..]) {
            (true, _) => "Needs no key.",
            (false, []) => "Needs a key, with any scope.",
            (false, ["operator"]) => { "Needs a key with the scope " code { "operator" } "." }
            (false, scopes) => {
                "Needs a key with the scope "
                @for (at, scope) in scopes.iter().enumerate() { @if at > 0 { " or " } code { (scope) } }
                ", or an operator’s."
            }
        }
    }
}

fn parameter_table(texts: &Texts, all: &[&Value]) -> Markup {
    html! {
        section aria-labelledby="h-parameters" {
            div.sect { h2 id="h-parameters" { (texts.parameters()) } }
            div.scroll tabindex="0" {
                table.table.tight {
                    thead {
                        tr {
                            th scope="col" { (texts.name()) }
                            th scope="col" { (texts.stands_in()) }
                            th scope="col" { (texts.kind_of_value()) }
                            th scope="col" { (texts.meaning()) }
                        }
                    }
                    tbody {
                        @for it in all {
                            tr {
                                th scope="row" {
                                    code { (text(&it["name"])) }
                                    @if it["required"] == true { span.s { (texts.required()) } }
                                }
                                td { (text(&it["in"])) }
                                td { (schema::kind(&it["schema"])) }
                                td lang="en" { (markdown::inline(text(&it["description"]))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn answers(texts: &Texts, document: &Value, operation: &Operation<'_>) -> Markup {
    let bodies = |it: &Value| {
        let kinds: Vec<Markup> = members(&it["content"]).map(|it| schema::kind(&it.1["schema"])).collect();
        html! { @for (at, kind) in kinds.iter().enumerate() { @if at > 0 { " or " } (kind) } }
    };
    let all = members(&operation.says["responses"]).map(|it| (it.0, resolved(document, it.1)));
    html! {
        section aria-labelledby="h-answers" {
            div.sect { h2 id="h-answers" { (texts.answers()) } a.more href="/docs/errors" { (texts.problem_codes()) } }
            div.scroll tabindex="0" {
                table.table.tight {
                    thead { tr { th scope="col" { (texts.status()) } th scope="col" { (texts.meaning()) } th scope="col" { (texts.body()) } } }
                    tbody {
                        @for (status, it) in all {
                            tr {
                                th scope="row" { (status) }
                                td lang="en" { (markdown::inline(text(&it["description"]))) }
                                td { (bodies(it)) }
                            }
                        }
                    }
                }
            }
            @if let Some((status, example)) = samples::answer(document, operation) {
                h3.gap { (texts.example_of_answer(&status)) }
                (code(&pretty(&example)))
            }
        }
    }
}

fn programs(texts: &Texts, document: &Value, it: &Operation<'_>) -> Markup {
    html! {
        section aria-labelledby="h-programs" {
            div.sect { h2 id="h-programs" { (texts.programs()) } p { (texts.programs_hint()) } }
            @for (at, (language, program)) in samples::of(document, it).iter().enumerate() {
                details.data open[at == 0] {
                    summary { (language) }
                    (code(program))
                    button.copy type="button" data-copy=(program) { (texts.copy()) }
                }
            }
        }
    }
}

/// An example of what a webhook is told.
fn told(texts: &Texts, document: &Value, it: &Operation<'_>) -> Markup {
    let example = it.body(document).and_then(|it| samples::media_example(document, it.1));
    html! {
        section aria-labelledby="h-example" {
            div.sect { h2 id="h-example" { (texts.example()) } a.more href="/docs/webhooks" { "Webhooks" } }
            @if let Some(example) = example { (code(&pretty(&example))) }
        }
    }
}

/// Sends a request with what is typed: by script alone, for no key of a visitor goes through a page of ours.
fn attempt(texts: &Texts, document: &Value, it: &Operation<'_>) -> Markup {
    let asked = it.parameters(document);
    let typed = asked.iter().filter(|it| it["in"] == "path" || it["in"] == "query");
    let account = asked.iter().find(|it| it["name"] == "Till-Account");
    let example =
        it.body(document).and_then(|(media, says)| Some((media, samples::media_example(document, says)?)));
    html! {
        section.needjs aria-labelledby="h-attempt" {
            div.sect { h2 id="h-attempt" { (texts.try_it()) } p { (texts.try_it_hint()) } }
            // Where no script takes it, what was typed goes with the body of a request, never with its address.
            form method="post" data-try=(it.method.to_ascii_uppercase()) data-path=(it.path) {
                @if let Some((media, _)) = &example { input type="hidden" name="media" value=(media); }
                @if !it.is_open() { (entry("key", &texts.your_key(), "password", &html! {})) }
                @for it in typed {
                    @let (place, name) = (text(&it["in"]), text(&it["name"]));
                    (entry(&format!("{place}.{name}"), name, "text", &schema::kind(&it["schema"])))
                }
                @if account.is_some() { (entry("header.Till-Account", "Till-Account", "text", &html! { (texts.for_operators()) })) }
                @if let Some((_, body)) = &example {
                    div.field {
                        label for="t-body" { (texts.body()) }
                        textarea id="t-body" name="body" rows="12" spellcheck="false" { (pretty(body)) }
                    }
                }
                div.field { button.btn.main { (texts.send_request()) } }
                pre.code data-answer tabindex="0" role="status" aria-label=(texts.answers()) hidden {}
            }
        }
    }
}

fn entry(name: &str, label: &str, kind: &str, hint: &Markup) -> Markup {
    let id = format!("t-{}", markdown::anchor(name));
    html! {
        div.field {
            label for=(id) { (label) }
            span.hint { (hint) }
            input.input id=(id) name=(name) type=(kind) autocomplete="off" spellcheck="false";
        }
    }
}

/// Text that scrolls by itself; it can be reached and scrolled with the keyboard.
pub(super) fn code(text: &str) -> Markup {
    html! { pre.code tabindex="0" { code { (text) } } }
}

pub(super) fn pretty(value: &Value) -> String {
    format!("{value:#}")
}
