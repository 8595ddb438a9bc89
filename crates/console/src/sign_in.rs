//! Signing in with a password, and out. The page also leads to the OpenID provider, where one is set up.
//!
//! In:  a mail address and a password. Out: a session, or a page that says what is wrong.
//! Invariant: what the browser shows is new at every step of proof; nothing tells whether a person exists.

use crate::cookies::{self, Cookie, Kept};
use crate::fields::Fields;
use crate::kept_form::KeptForm;
use crate::parts::Wrong;
use crate::posted::{Anywhere, Posted};
use crate::sign_in_pages::{self, Asked, Before, Form};
use crate::state::Console;
use crate::visit::{Visit, place, see_other};
use axum::Router;
use axum::extract::Query;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use billing::user::{Proof, Session, UserError, typed_mail};
use desk::sessions::{self, New};
use desk::tries::{self, Try};
use desk::{Refusal, correspondents, keys};
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
    sign_in_pages::password(
        &visit,
        &Form {
            to: place(query.get("to").map(String::as_str)),
            mail: "",
            kept: None,
            wrong: None,
            before: over,
        },
    )
}

async fn sign_in(Posted { who: visit, form }: Posted<Visit>) -> Response {
    let (to, kept) = (place(Some(form.exact("to"))), KeptForm::carried(&form));
    match (opened(&visit, &form).await, &kept) {
        (Ok((session, shown)), Some(kept)) if kept.is_by(&visit, session.user) => {
            on_with(&visit, (&session, &shown), to, kept)
        }
        // What somebody else filled in is shown to nobody, and neither is the page on which it stood.
        (Ok((session, shown)), Some(_)) => entered(&visit, &shown, &next(&session, "/")),
        (Ok((session, shown)), None) => entered(&visit, &shown, &next(&session, to)),
        (Err(problem), kept) => {
            let (wrong, kept) = (Some((problem.status, Wrong::of(&problem, &visit))), kept.as_ref());
            sign_in_pages::password(
                &visit,
                &Form { to, mail: form.text("mail"), kept, wrong, before: Before::None },
            )
        }
    }
}

/// Goes on with a form that was kept: to the code first, where one is asked for.
fn on_with(visit: &Visit, (session, shown): (&Session, &str), to: &str, kept: &KeptForm) -> Response {
    match session.proof {
        Proof::Whole => back_to(visit, shown, session, kept),
        Proof::Password => {
            let visit = Visit { session: Some(shown.to_string()), ..visit.clone() };
            let asked = Asked { to, kept: Some(kept), wrong: None };
            shown_from_here(&visit, shown, sign_in_pages::code(&visit, &asked))
        }
    }
}

/// Goes back to a form that was kept, as somebody whom the browser shows from here on.
pub(crate) fn back_to(visit: &Visit, shown: &str, session: &Session, kept: &KeptForm) -> Response {
    let visit = visit.in_house(session.house).by(session.user);
    let visit = Visit { session: Some(shown.to_string()), ..visit };
    shown_from_here(&visit, shown, kept.back(&visit))
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
    shown_from_here(visit, shown, see_other(to))
}

/// An answer by which the browser begins to show a session.
fn shown_from_here(visit: &Visit, shown: &str, mut response: Response) -> Response {
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
