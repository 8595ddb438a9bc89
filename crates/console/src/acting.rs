//! Acting for a customer: into its pages, and out again.
//!
//! In:  an account. Out: the pages of that account, in its name.
//! Invariant: whoever acts for a customer is named in that customer's audit log.

use crate::fields::Fields;
use crate::posted::{Anywhere, Posted};
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::{place, see_other};
use crate::{elsewhere, frame, house, lost};
use axum::Router;
use axum::response::Response;
use axum::routing::post;
use billing::user::{House, Right};
use desk::lists::accounts;
use desk::{At, Tx, sessions};

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/act", post(act)).route("/operator/stop", post(stop))
}

async fn act(Posted { who: Anywhere(signed), form }: Posted<Anywhere>) -> Result<Response, Response> {
    frame::needs(&signed, Right::ActFor)?;
    let account = signed.good(accounts::id(form.text("account")))?;
    enter(&signed, House::Account(account), (place(Some(form.text("to"))), &form)).await
}

async fn stop(Posted { who: Anywhere(signed), form }: Posted<Anywhere>) -> Result<Response, Response> {
    let back = signed.who.acts_for().map_or_else(|| "/operator".to_string(), house::address);
    enter(&signed, signed.who.user.house, (&back, &form)).await
}

/// Goes into a house: to a page of it, or to the form that was kept for it.
async fn enter(signed: &Signed, house: House, (to, form): (&str, &Fields)) -> Result<Response, Response> {
    let who = signed.who.clone();
    let enter = move |tx: &mut Tx<'_>, at: At<'_>| sessions::enter(tx, at, &who, house);
    let done = signed.visit.node.write(enter).await;
    done.map_err(|problem| lost::failed(&signed.visit, &problem))?;
    Ok(elsewhere::kept(signed, house, form).unwrap_or_else(|| see_other(to)))
}
