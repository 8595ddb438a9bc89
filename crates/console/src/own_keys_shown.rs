//! How keys of an account are shown.
//!
//! In:  keys, what was made or refused. Out: a page's body.
//! Invariant: the text of a key is shown to whoever made it, once.

use crate::fields::Fields;
use crate::parts::{self, Field, Wrong, sent};
use crate::signed::Signed;
use desk::keys::Scope;
use desk::lists::keys::Key;
use desk::page::Page;
use maud::{Markup, html};
use texts::Texts;
use web::problem::Problem;

/// What a page says of a form that was sent.
pub(crate) enum Said<'a> {
    Nothing,
    /// The text of a key that was made just now.
    Made(String),
    /// A form that was refused.
    Wrong(&'a Fields, &'a Problem),
}

pub(crate) fn keys(signed: &Signed, found: &Page<Key>, said: &Said<'_>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let (was, wrong) = match said {
        Said::Wrong(form, problem) => (Some(*form), Some(Wrong::of(problem, visit).of_keys())),
        Said::Nothing | Said::Made(_) => (None, None),
    };
    html! {
        @if let Said::Made(secret) = said { (parts::done(&texts.own_key_made(), &secret_shown(signed, secret))) }
        (parts::errors(visit, wrong.as_ref()))
        @if found.items.is_empty() {
            div.empty { h2 { (texts.no_own_keys()) } p { (texts.no_own_keys_hint()) } }
        } @else { (table(signed, found)) }
        (make_form(signed, was.filter(|it| it.text("key").is_empty()), wrong.as_ref()))
    }
}

fn secret_shown(signed: &Signed, secret: &str) -> Markup {
    let texts = signed.visit.texts();
    html! {
        p { (texts.key_hint()) }
        p { code { (secret) } " " button.copy type="button" data-copy=(secret) { (texts.copy()) } }
    }
}

/// What a key may do, by the word of its scope.
fn scope(texts: &Texts, it: &Scope) -> String {
    match it {
        Scope::Read => texts.may_read(),
        Scope::Buy => texts.may_buy(),
        Scope::Cloud | Scope::Meter | Scope::Operator => it.as_str().to_string(),
    }
}

fn table(signed: &Signed, found: &Page<Key>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.name()) }
                    th scope="col" { (texts.state()) }
                    th.p2 scope="col" { (texts.last_used()) }
                    th.p2 scope="col" { (texts.from_where()) }
                    th scope="col" { span.sr { (texts.actions()) } }
                }
            }
            tbody { @for it in &found.items { (row(signed, it)) } }
        }
        (parts::more(visit, found.next.as_deref()))
    }
}

fn row(signed: &Signed, it: &Key) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let over = it.revoked.is_some() || it.expires.is_some_and(|end| end <= visit.now);
    let scopes = desk::keys::scopes(it).iter().map(|it| scope(texts, it)).collect::<Vec<_>>().join(", ");
    html! {
        tr.dim[over] {
            th scope="row" { (it.name) span.s { (scopes) } span.s.id { (it.id) } }
            td {
                @if over { span.pill.end { (texts.key_over()) } } @else { span.pill.ok { (texts.key_good()) } }
                @if let Some(end) = it.revoked.or(it.expires) { span.s { (texts.up_to(visit.time(end))) } }
            }
            td.p2 { @match it.last_used { Some(at) => (visit.time(at)), None => (texts.never_used()) } }
            td.p2 { @if it.addresses.is_empty() { (texts.anywhere()) } @else { code { (it.addresses) } } }
            td.one { @if !over && signed.who.acts_for().is_none() { (actions(signed, it)) } }
        }
    }
}

fn actions(signed: &Signed, it: &Key) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        details.menu {
            summary.btn.small aria-label=(format!("{}: {}", texts.change(), it.name)) { (texts.change()) }
            div.list {
                form method="post" action="/keys/rotate" {
                    (parts::hidden(visit))
                    button name="key" value=(it.id) { (texts.own_rotate_key()) }
                }
                hr;
                form method="post" action="/keys/end" {
                    (parts::hidden(visit))
                    button.bad name="key" value=(it.id) { (texts.end_key()) }
                }
            }
        }
    }
}

fn make_form(signed: &Signed, was: Option<&Fields>, wrong: Option<&Wrong>) -> Markup {
    let texts = signed.visit.texts();
    let field = |name: &'static str, label, hint| Field {
        name,
        label,
        kind: "text",
        value: sent(was, name),
        autocomplete: "off",
        hint,
    };
    let asked = |it: &Scope| {
        was.map_or(*it == Scope::Read, |form| {
            form.pairs().any(|pair| pair.0 == "scope" && pair.1 == it.as_str())
        })
    };
    let bad = wrong.and_then(|it| it.at("scope"));
    html! {
        section aria-labelledby="h-make" {
            div.sect { h2 id="h-make" { (texts.own_make_key()) } }
            @if signed.who.acts_for().is_none() {
                form.narrow method="post" action="/keys" {
                    (parts::hidden(&signed.visit))
                    (field("name", texts.name(), None).show(wrong))
                    fieldset.field.bad[bad.is_some()] id="scope" tabindex=[bad.map(|_| "-1")] aria-describedby=[bad.map(|_| "e-scope")] {
                        legend.label { (texts.key_may()) }
                        @for it in [Scope::Read, Scope::Buy] {
                            label.tickbox { input type="checkbox" name="scope" value=(it.as_str()) checked[asked(&it)]; span { (scope(texts, &it)) } }
                        }
                        @if let Some(bad) = bad { p.error id="e-scope" { (bad.text) } }
                    }
                    (field("addresses", texts.from_where(), Some(texts.addresses_hint())).optional(wrong))
                    div.field { button.btn.main { (texts.own_make_key()) } }
                }
            } @else { p.quiet { (texts.own_keys_are_theirs()) } }
        }
    }
}
