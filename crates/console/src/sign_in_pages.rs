//! Pages of the sign-in: the one that asks for a password, and the one that asks for a code of the second factor.
//!
//! In:  where to go on, what was wrong. Out: forms.
//! Invariant: a form that is kept through the sign-in stands in them unseen.

use crate::document;
use crate::kept_form::KeptForm;
use crate::parts::{self, Field, Wrong};
use crate::visit::{Visit, place};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

/// What was before somebody came here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    None,
    /// A session, which ended meanwhile.
    Ended,
    /// The same, and a form was sent, which nobody saved.
    Form,
    /// The same, and what it holds is kept.
    Kept,
}

/// What stands in the form.
pub(crate) struct Form<'a> {
    /// Where to go on.
    pub to: &'a str,
    pub mail: &'a str,
    pub kept: Option<&'a KeptForm>,
    pub wrong: Option<(StatusCode, Wrong)>,
    pub before: Before,
}

/// The page that asks for a mail address and a password.
pub(crate) fn password(visit: &Visit, form: &Form<'_>) -> Response {
    let (texts, wrong) = (visit.texts(), form.wrong.as_ref().map(|it| &it.1));
    let mail = Field {
        name: "mail",
        label: texts.mail(),
        kind: "email",
        value: form.mail,
        autocomplete: "username",
        hint: None,
    };
    let password = Field {
        name: "password",
        label: texts.password(),
        kind: "password",
        value: "",
        autocomplete: "current-password",
        hint: None,
    };
    let body = html! {
        h1 { (texts.sign_in_to()) }
        @match form.before {
            Before::None => {}
            Before::Ended => div.banner.care role="status" { p { b { (texts.session_ran_out()) } " " (texts.session_ran_out_hint()) } },
            Before::Form => div.banner.care role="status" { p { b { (texts.session_ran_out()) } " " (texts.session_ran_out_unsaved()) } },
            Before::Kept => div.banner.care role="status" { p { b { (texts.session_ran_out()) } " " (texts.session_ran_out_kept()) } },
        }
        (parts::errors(visit, wrong))
        form method="post" action="/sign-in" {
            (parts::hidden(visit))
            input type="hidden" name="to" value=(form.to);
            @if let Some(kept) = form.kept { (kept.hidden()) }
            (mail.show(wrong))
            (password.show(wrong))
            div.field { button.btn.main.wide { (texts.sign_in()) } }
        }
        (by_provider(visit, form.to))
        @if form.kept.is_some() && visit.settings.oidc.is_some() { p.hint { (texts.kept_not_by_provider()) } }
        p.hint { (texts.forgot_password()) }
    };
    let status = form.wrong.as_ref().map_or(StatusCode::OK, |it| it.0);
    document::alone(visit, status, &texts.sign_in(), &body)
}

/// The way to the provider: a link, since forms lead nowhere but to this site. One that does not answer is said to be away.
fn by_provider(visit: &Visit, to: &str) -> Markup {
    let texts = visit.texts();
    let to: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
    html! {
        @if let Some(provider) = &visit.settings.oidc {
            p.or { (texts.oidc_or()) }
            @if provider.is_there() {
                a.btn.wide href=(format!("/sign-in/oidc?to={to}")) { (texts.oidc_sign_in(provider.registration().shown())) }
            } @else {
                p.hint role="status" { (texts.oidc_away(provider.registration().shown())) }
            }
        }
    }
}

/// The sign-in for somebody whose session had ended when a form was sent, which is kept.
pub(crate) fn again(visit: &Visit, kept: &KeptForm) -> Response {
    let form =
        Form { to: place(Some(visit.page())), mail: "", kept: Some(kept), wrong: None, before: Before::Kept };
    let mut response = password(visit, &form);
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    response
}

/// What the form of a code holds.
pub(crate) struct Asked<'a> {
    /// Where to go on.
    pub to: &'a str,
    pub kept: Option<&'a KeptForm>,
    pub wrong: Option<(StatusCode, Wrong)>,
}

/// The page that asks for a code of the second factor, for a visit that shows half a session.
pub(crate) fn code(visit: &Visit, asked: &Asked<'_>) -> Response {
    let texts = visit.texts();
    let wrong = asked.wrong.as_ref().map(|it| &it.1);
    let code = Field {
        name: "code",
        label: texts.code(),
        kind: "text",
        value: "",
        autocomplete: "one-time-code",
        hint: Some(texts.code_hint()),
    };
    let body = html! {
        h1 { (texts.code_asked()) }
        (parts::errors(visit, wrong))
        form method="post" action="/sign-in/code" {
            (parts::hidden(visit))
            input type="hidden" name="to" value=(asked.to);
            @if let Some(kept) = asked.kept { (kept.hidden()) }
            (code.show(wrong))
            div.field { button.btn.main.wide { (texts.sign_in()) } }
        }
        p.hint { a href="/sign-in" { (texts.sign_in_anew()) } }
    };
    let status = asked.wrong.as_ref().map_or(StatusCode::OK, |it| it.0);
    document::alone(visit, status, &texts.code_asked(), &body)
}
