//! The second step of a sign-in: a code of the second factor.
//!
//! In:  a code. Out: a whole session in place of half a one.
//! Invariant: every try is counted before it is looked at.

use crate::fields::Fields;
use crate::kept_form::KeptForm;
use crate::parts::Wrong;
use crate::posted::Posted;
use crate::sign_in;
use crate::sign_in_pages::{self, Asked};
use crate::signed::Half;
use crate::state::Console;
use crate::visit::place;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use desk::sessions::New;
use desk::{At, Tx, keys, second, tries};
use std::collections::BTreeMap;
use web::clock::real;
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/sign-in/code", get(show).post(pass))
}

async fn show(half: Half, Query(query): Query<BTreeMap<String, String>>) -> Response {
    let to = place(query.get("to").map(String::as_str));
    sign_in_pages::code(&half.visit, &Asked { to, kept: None, wrong: None })
}

async fn pass(Posted { who: half, form }: Posted<Half>) -> Response {
    let (to, kept) = (place(Some(form.exact("to"))), KeptForm::carried(&form));
    match (passed(&half, &form).await, &kept) {
        (Ok(shown), Some(kept)) if kept.is_by(&half.visit, half.who.user.id) => {
            sign_in::back_to(&half.visit, &shown, &half.who.session, kept)
        }
        (Ok(shown), Some(_)) => sign_in::entered(&half.visit, &shown, "/"),
        (Ok(shown), None) => sign_in::entered(&half.visit, &shown, to),
        (Err(problem), kept) => {
            let wrong = Some((problem.status, Wrong::of(&problem, &half.visit)));
            sign_in_pages::code(&half.visit, &Asked { to, kept: kept.as_ref(), wrong })
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
