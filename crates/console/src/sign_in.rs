//! Signing in with a password, and out. The page also leads to the OpenID provider, where one is set up.
//!
//! In:  a mail address and a password. Out: a session, or a page that says what is wrong.
//! Invariant: what the browser shows is new at every step of proof; nothing tells whether a person exists.

use crate::cookies::{self, Cookie, Kept};
use crate::document;
use crate::fields::Fields;
use crate::parts::{self, Field, Wrong};
use crate::posted::{Anywhere, Posted};
use crate::state::Console;
use crate::visit::{Visit, place, see_other};
use axum::Router;
use axum::extract::Query;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use billing::user::{Proof, Session, UserError, typed_mail};
use desk::sessions::{self, New};
use desk::tries::{self, Try};
use desk::{Refusal, correspondents, keys};
use maud::{Markup, html};
use std::collections::BTreeMap;
use web::clock::real;
use web::password;
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/sign-in", get(show).post(sign_in)).route("/sign-out", post(sign_out))
}

async fn show(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Response {
    let over = match query.get("over").map(String::as_str) {
        Some("form") => Before::Form,
        Some(_) => Before::Ended,
        None => Before::None,
    };
    page(
        &visit,
        &Form { to: place(query.get("to").map(String::as_str)), mail: "", wrong: None, before: over },
    )
}

/// What was before somebody came here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    None,
    /// A session, which ended meanwhile.
    Ended,
    /// The same, and a form was sent, which nobody saved.
    Form,
}

/// What stands in the form.
struct Form<'a> {
    /// Where to go on.
    to: &'a str,
    mail: &'a str,
    wrong: Option<(StatusCode, Wrong)>,
    before: Before,
}

fn page(visit: &Visit, form: &Form<'_>) -> Response {
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
        }
        (parts::errors(visit, wrong))
        form method="post" action="/sign-in" {
            (parts::hidden(visit))
            input type="hidden" name="to" value=(form.to);
            (mail.show(wrong))
            (password.show(wrong))
            div.field { button.btn.main.wide { (texts.sign_in()) } }
        }
        (by_provider(visit, form.to))
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

async fn sign_in(Posted { who: visit, form }: Posted<Visit>) -> Response {
    let to = place(Some(form.exact("to"))).to_string();
    match opened(&visit, &form).await {
        Ok((session, shown)) => entered(&visit, &shown, &next(&session, &to)),
        Err(problem) => {
            let wrong = Some((problem.status, Wrong::of(&problem, &visit)));
            page(&visit, &Form { to: &to, mail: form.text("mail"), wrong, before: Before::None })
        }
    }
}

/// A session, and what the browser is to show of it.
async fn opened(visit: &Visit, form: &Fields) -> Result<(Session, String), Problem> {
    let mail = typed_mail(form.text("mail"));
    let password = form.exact("password").to_string();
    let (address, agent) = (visit.from.clone(), visit.agent.clone());
    let tried = address.clone();
    let attempt = move |tx: &mut desk::Tx<'_>, at: desk::At<'_>| {
        tries::sign_in(tx, Try { mail: &mail, address: &tried }, real(at).now)
    };
    let proven = visit.node.write(attempt).await?;
    let hash = proven.as_ref().and_then(|it| it.password.clone());
    if !password::check(password, hash).await? {
        return Err(Refusal::from(UserError::SignIn).into());
    }
    let proven = proven.ok_or(Refusal::from(UserError::SignIn))?;
    let (shown, language) = (web::random::secret()?, visit.language);
    let hash = keys::hash(&shown);
    let open = move |tx: &mut desk::Tx<'_>, at: desk::At<'_>| {
        correspondents::learn(tx, proven.user.id, language)?;
        sessions::open(tx, &proven, New { hash: &hash, address: &address, agent: &agent }, real(at).now)
    };
    Ok((visit.node.write(open).await?, shown))
}

/// Where somebody goes on who wanted to go to `to`: to the code first, where one is asked for.
pub(crate) fn next(session: &Session, to: &str) -> String {
    match session.proof {
        Proof::Whole => to.to_string(),
        Proof::Password => {
            let to: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
            format!("/sign-in/code?to={to}")
        }
    }
}

/// Goes on as somebody whom the browser shows from here on.
pub(crate) fn entered(visit: &Visit, shown: &str, to: &str) -> Response {
    let mut response = see_other(to);
    let cookie = cookies::set(Cookie::Session, shown, Kept::UntilItCloses, visit.reached());
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

async fn sign_out(Posted { who: Anywhere(signed), .. }: Posted<Anywhere>) -> Result<Response, Response> {
    let (user, id) = (signed.who.user.clone(), signed.who.session.id);
    let done = signed.visit.node.write(move |tx, at| sessions::end(tx, &user, id, real(at).now)).await;
    done.map_err(|problem| crate::lost::failed(&signed.visit, &problem))?;
    let mut response = see_other("/sign-in").into_response();
    let gone = cookies::set(Cookie::Session, "", Kept::Gone, signed.visit.reached());
    response.headers_mut().append(header::SET_COOKIE, gone);
    Ok(response)
}
