//! The second step of a sign-in: a code of the second factor.
//!
//! In:  a code. Out: a whole session in place of half a one.
//! Invariant: every try is counted before it is looked at.

use crate::fields::Fields;
use crate::parts::{self, Field, Wrong};
use crate::posted::Posted;
use crate::signed::Half;
use crate::state::Console;
use crate::visit::place;
use crate::{document, sign_in};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use desk::sessions::New;
use desk::{At, Tx, keys, second, tries};
use maud::html;
use std::collections::BTreeMap;
use web::clock::real;
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/sign-in/code", get(show).post(pass))
}

async fn show(half: Half, Query(query): Query<BTreeMap<String, String>>) -> Response {
    page(&half, place(query.get("to").map(String::as_str)), None)
}

fn page(half: &Half, to: &str, wrong: Option<(StatusCode, Wrong)>) -> Response {
    let (visit, texts) = (&half.visit, half.visit.texts());
    let (status, wrong) = wrong.map_or((StatusCode::OK, None), |it| (it.0, Some(it.1)));
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
        (parts::errors(visit, wrong.as_ref()))
        form method="post" action="/sign-in/code" {
            (parts::hidden(visit))
            input type="hidden" name="to" value=(to);
            (code.show(wrong.as_ref()))
            div.field { button.btn.main.wide { (texts.sign_in()) } }
        }
        p.hint { a href="/sign-in" { (texts.sign_in_anew()) } }
    };
    document::alone(visit, status, &texts.code_asked(), &body)
}

async fn pass(Posted { who: half, form }: Posted<Half>) -> Response {
    let to = place(Some(form.exact("to"))).to_string();
    match passed(&half, &form).await {
        Ok(shown) => sign_in::entered(&half.visit, &shown, &to),
        Err(problem) => {
            let wrong = Wrong::of(&problem, &half.visit);
            page(&half, &to, Some((problem.status, wrong)))
        }
    }
}

/// What the browser is to show from here on.
async fn passed(half: &Half, form: &Fields) -> Result<String, Problem> {
    let (node, who) = (&half.visit.node, half.who.clone());
    let user = who.user.clone();
    node.write(move |tx, at| tries::own(tx, real(at), &user)).await?;
    let shown = web::random::secret()?;
    let (hash, code) = (keys::hash(&shown), form.text("code").to_string());
    let (address, agent) = (half.visit.from.clone(), half.visit.agent.clone());
    let pass = move |tx: &mut Tx<'_>, at: At<'_>| {
        second::pass(tx, real(at), &who, &code, New { hash: &hash, address: &address, agent: &agent })
    };
    node.write(pass).await?;
    Ok(shown)
}
