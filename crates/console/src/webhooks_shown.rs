//! How webhooks of an account are shown.
//!
//! In:  webhooks, deliveries, what was done or refused. Out: bodies of pages.
//! Invariant: a secret is shown to whoever made it, once.

use crate::fields::Fields;
use crate::parts::{self, Field, Wrong, sent};
use crate::signed::Signed;
use axum::http::StatusCode;
use billing::endpoint::{Endpoint, State};
use billing::event::{Audience, EventKind};
use billing::user::Right;
use desk::lists::webhooks::MessageState;
use desk::page::Page;
use desk::webhooks::Logged;
use maud::{Markup, html};
use web::problem::Problem;

/// What a page says of a form that was sent.
pub(crate) enum Said<'a> {
    Nothing,
    /// A secret that was made just now.
    Secret(String),
    Changed,
    Sent,
    Removed,
    /// A form that was refused.
    Wrong(&'a Fields, &'a Problem),
}

impl Said<'_> {
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Said::Wrong(_, problem) => problem.status,
            Said::Nothing | Said::Secret(_) | Said::Changed | Said::Sent | Said::Removed => StatusCode::OK,
        }
    }

    /// The form that was refused, and what is wrong with it.
    fn wrong(&self, signed: &Signed) -> (Option<&Fields>, Option<Wrong>) {
        match self {
            Said::Wrong(form, problem) => {
                let told = Wrong::of(problem, &signed.visit).among(&["url", "kinds", "kind"]);
                (Some(*form), Some(told))
            }
            Said::Nothing | Said::Secret(_) | Said::Changed | Said::Sent | Said::Removed => (None, None),
        }
    }
}

/// The kinds of events that an account is told of.
pub(crate) fn kinds() -> Vec<EventKind> {
    EventKind::ALL.into_iter().filter(|it| it.audience() == Audience::Everybody).collect()
}

/// A webhook and what it was sent.
pub(crate) struct One {
    pub webhook: Endpoint,
    pub deliveries: Page<Logged>,
}

/// What was done.
fn banner(signed: &Signed, said: &Said<'_>) -> Markup {
    let texts = signed.visit.texts();
    match said {
        Said::Secret(secret) => parts::done(
            &texts.webhook_secret_made(),
            &html! {
                p { (texts.webhook_secret_hint()) }
                p { code { (secret) } " " button.copy type="button" data-copy=(secret) { (texts.copy()) } }
            },
        ),
        Said::Changed => parts::done(&texts.changed(), &html! {}),
        Said::Sent => parts::done(&texts.webhook_sent(), &html! {}),
        Said::Removed => parts::done(&texts.webhook_removed(), &html! {}),
        Said::Nothing | Said::Wrong(..) => html! {},
    }
}

pub(crate) fn all(signed: &Signed, found: &[Endpoint], said: &Said<'_>) -> Markup {
    let texts = signed.visit.texts();
    let (was, wrong) = said.wrong(signed);
    html! {
        (banner(signed, said))
        (parts::errors(&signed.visit, wrong.as_ref()))
        @if found.is_empty() {
            div.empty { h2 { (texts.no_webhooks()) } p { (texts.no_webhooks_hint()) } }
        } @else { (table(signed, found)) }
        section aria-labelledby="h-add" {
            div.sect { h2 id="h-add" { (texts.add_webhook()) } }
            @if !signed.may(Right::Buy) { p.quiet { (texts.not_allowed()) } }
            @else if signed.who.acts_for().is_some() { p.quiet { (texts.webhooks_are_theirs()) } }
            @else {
                form.narrow method="post" action="/webhooks" {
                    (parts::hidden(&signed.visit))
                    (fields(signed, sent(was, "url"), sent(was, "kinds"), wrong.as_ref()))
                    div.field { button.btn.main { (texts.add_webhook()) } }
                }
            }
        }
    }
}

fn state(signed: &Signed, it: &Endpoint) -> Markup {
    let texts = signed.visit.texts();
    match it.state {
        State::Enabled => html! { span.pill.ok { (texts.webhook_enabled()) } },
        State::Disabled => html! { span.pill.off { (texts.webhook_disabled()) } },
    }
}

fn table(signed: &Signed, found: &[Endpoint]) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table data-rows {
            thead {
                tr {
                    th scope="col" { (texts.webhook_url()) }
                    th.p2 scope="col" { (texts.webhook_kinds()) }
                    th scope="col" { (texts.state()) }
                    th.p2 scope="col" { (texts.since()) }
                }
            }
            tbody {
                @for it in found {
                    tr {
                        th scope="row" { a href=(format!("/webhooks/{}", it.id)) { (it.url) } }
                        td.p2 { code { (it.kinds.join(" ")) } }
                        td { (state(signed, it)) }
                        td.p2.pre { (visit.exact_time(it.created)) }
                    }
                }
            }
        }
        (parts::csv(visit, "webhooks", &[]))
    }
}

/// The address and the kinds of a webhook.
fn fields(signed: &Signed, url: &str, named: &str, wrong: Option<&Wrong>) -> Markup {
    let texts = signed.visit.texts();
    html! {
        (Field { name: "url", label: texts.webhook_url(), kind: "url", value: url, autocomplete: "off", hint: Some(texts.webhook_url_hint()) }.show(wrong))
        (Field::text("kinds", texts.webhook_kinds(), named).hint(texts.webhook_kinds_hint()).optional(wrong))
    }
}

pub(crate) fn one(signed: &Signed, it: &One, said: &Said<'_>) -> Markup {
    let (was, wrong) = said.wrong(signed);
    html! {
        (banner(signed, said))
        (parts::errors(&signed.visit, wrong.as_ref()))
        @if signed.may(Right::Buy) { (trial(signed, it, was, wrong.as_ref())) }
        (deliveries(signed, it))
        @if signed.may(Right::Buy) { (settings(signed, it, was, wrong.as_ref())) }
    }
}

/// A test event, of a kind that is chosen.
fn trial(signed: &Signed, it: &One, was: Option<&Fields>, wrong: Option<&Wrong>) -> Markup {
    let texts = signed.visit.texts();
    let bad = wrong.and_then(|it| it.at("kind"));
    html! {
        section aria-labelledby="h-try" {
            div.sect { h2 id="h-try" { (texts.try_webhook()) } p { (texts.try_webhook_hint()) } }
            @if it.webhook.state == State::Enabled {
                form.line method="post" action=(format!("/webhooks/{}/test", it.webhook.id)) {
                    (parts::hidden(&signed.visit))
                    select.select id="kind" name="kind" aria-label=(texts.webhook_kind()) aria-invalid=[bad.map(|_| "true")] {
                        @for kind in kinds() { option value=(kind.as_str()) selected[sent(was, "kind") == kind.as_str()] { (kind.as_str()) } }
                    }
                    button.btn { (texts.send_test_event()) }
                }
            } @else { p.quiet { (texts.enable_webhook_first()) } }
        }
    }
}

fn deliveries(signed: &Signed, it: &One) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        section aria-labelledby="h-sent" {
            div.sect { h2 id="h-sent" { (texts.last_deliveries()) } }
            @if it.deliveries.items.is_empty() { p.quiet { (texts.no_deliveries()) } } @else {
                table.table {
                    thead {
                        tr {
                            th scope="col" { (texts.webhook_kind()) }
                            th scope="col" { (texts.state()) }
                            th.p2 scope="col" { (texts.at()) }
                            th.n.p2 scope="col" { (texts.tries()) }
                            th scope="col" { span.sr { (texts.actions()) } }
                        }
                    }
                    tbody { @for logged in &it.deliveries.items { (delivery(signed, it, logged)) } }
                }
                (parts::more(visit, it.deliveries.next.as_deref()))
            }
        }
    }
}

fn delivery(signed: &Signed, of: &One, it: &Logged) -> Markup {
    let (visit, texts, message) = (&signed.visit, signed.visit.texts(), &it.message);
    let pill = match message.state {
        MessageState::Pending => html! { span.pill.busy { (texts.delivery_pending()) } },
        MessageState::Delivered => html! { span.pill.ok { (texts.delivery_done()) } },
        MessageState::GivenUp => html! { span.pill.bad { (texts.delivery_given_up()) } },
    };
    let may = signed.may(Right::Buy) && of.webhook.state == State::Enabled;
    html! {
        tr {
            th scope="row" { code { (message.kind.as_str()) } span.s.id { (message.event) } }
            td {
                (pill)
                @if !message.error.is_empty() { span.s lang="en" { (message.error) } }
                @if let Some(due) = message.due { span.s { (texts.tried_again_at(visit.exact_time(due))) } }
            }
            td.p2.pre { (visit.exact_time(message.created)) }
            td.n.p2 { (it.attempts.len()) }
            td.one {
                @if may {
                    (parts::button(visit, &format!("/webhooks/{}/resend", of.webhook.id), &[("message", &message.id.to_string())], &texts.send_again()))
                }
            }
        }
    }
}

/// Its address, kinds and state; another secret; its end.
fn settings(signed: &Signed, it: &One, was: Option<&Fields>, wrong: Option<&Wrong>) -> Markup {
    let (visit, texts, webhook) = (&signed.visit, signed.visit.texts(), &it.webhook);
    let place = format!("/webhooks/{}", webhook.id);
    let was = was.filter(|it| it.pairs().any(|pair| pair.0 == "url"));
    let kinds = webhook.kinds.join(" ");
    let value = |name, stands| was.map_or(stands, |form| form.text(name));
    let states = [(State::Enabled, texts.webhook_enabled()), (State::Disabled, texts.webhook_disabled())];
    html! {
        section aria-labelledby="h-settings" {
            div.sect { h2 id="h-settings" { (texts.change()) } }
            form.narrow method="post" action=(place) {
                (parts::hidden(visit))
                (fields(signed, value("url", &webhook.url), value("kinds", &kinds), wrong))
                fieldset.field {
                    legend.label { (texts.state()) }
                    @for (state, label) in states {
                        label.tickbox { input type="radio" name="state" value=(state.as_str()) checked[state == webhook.state]; span { (label) } }
                    }
                }
                div.field { button.btn.main { (texts.save()) } }
            }
            div.acts.gap {
                @if signed.who.acts_for().is_none() {
                    (parts::button(visit, &format!("{place}/rotate"), &[], &texts.new_webhook_secret()))
                }
                (parts::button(visit, &format!("{place}/remove"), &[], &texts.remove_webhook()))
            }
            p.hint { (texts.webhook_ends_hint()) }
        }
    }
}
