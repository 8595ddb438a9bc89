//! A link with which somebody sets a password.
//!
//! In:  the text of a link. Out: a password that holds, and a way to sign in.
//! Invariant: a link works once; the password is hashed before anything is written.

use crate::fields::Fields;
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::state::Console;
use crate::visit::Visit;
use crate::{document, lost};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::user::{User, check_password};
use desk::{At, Refusal, Tx, correspondents, keys, users};
use maud::html;
use web::clock::real;
use web::password;
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/invitation/{link}", get(show).post(accept))
}

async fn show(visit: Visit, Path(link): Path<String>) -> Result<Response, Response> {
    let user = invited(&visit, &link).await?;
    Ok(page(&visit, &user, None))
}

async fn invited(visit: &Visit, link: &str) -> Result<User, Response> {
    let hash = keys::hash(link);
    let found = visit.node.read(move |tx, at| users::invited(tx, &hash, real(at).now)).await;
    found.map_err(|problem| lost::failed(visit, &problem))
}

fn page(visit: &Visit, user: &User, wrong: Option<(StatusCode, Wrong)>) -> Response {
    let texts = visit.texts();
    let (status, wrong) = wrong.map_or((StatusCode::OK, None), |it| (it.0, Some(it.1)));
    let body = html! {
        h1 { (texts.set_password()) }
        p { (texts.set_password_for(&user.name, &user.mail)) }
        (parts::errors(visit, wrong.as_ref()))
        form method="post" action=(visit.path()) {
            (parts::hidden(visit))
            input type="hidden" name="username" value=(user.mail) autocomplete="username";
            (parts::new_password(visit, "password", wrong.as_ref()))
            div.field { button.btn.main.wide { (texts.set_password()) } }
        }
    };
    document::alone(visit, status, &texts.set_password(), &body)
}

async fn accept(
    Path(link): Path<String>,
    Posted { who: visit, form }: Posted<Visit>,
) -> Result<Response, Response> {
    let user = invited(&visit, &link).await?;
    let Err(problem) = accepted(&visit, &link, &form).await else { return Ok(done(&visit)) };
    let wrong = Wrong::of(&problem, &visit);
    Ok(page(&visit, &user, Some((problem.status, wrong))))
}

async fn accepted(visit: &Visit, link: &str, form: &Fields) -> Result<(), Problem> {
    let password = form.exact("password");
    check_password(password).map_err(Refusal::from)?;
    let (hash, link) = (password::hash(password.to_string()).await?, keys::hash(link));
    let language = visit.language;
    let accept = move |tx: &mut Tx<'_>, at: At<'_>| {
        let user = users::accept(tx, &link, &hash, real(at).now)?;
        correspondents::learn(tx, user.id, language)
    };
    visit.node.write(accept).await
}

fn done(visit: &Visit) -> Response {
    let texts = visit.texts();
    let body = html! {
        h1 { (texts.password_set()) }
        p { a.btn.main href="/sign-in" { (texts.sign_in()) } }
    };
    document::alone(visit, StatusCode::OK, &texts.password_set(), &body)
}
