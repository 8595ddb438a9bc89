//! Acting for a customer: into its pages, and out again.
//!
//! In:  an account. Out: the pages of that account, in its name.
//! Invariant: whoever acts for a customer is named in that customer's audit log.

use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::{place, see_other};
use crate::{frame, house, lost};
use axum::Router;
use axum::response::Response;
use axum::routing::post;
use billing::user::{House, Right};
use desk::{At, Tx, sessions};

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/act", post(act)).route("/operator/stop", post(stop))
}

async fn act(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::ActFor)?;
    match form.text("account").parse() {
        Ok(account) => enter(&signed, House::Account(account), place(Some(form.text("to")))).await,
        Err(_) => Ok(see_other("/operator/customers")),
    }
}

async fn stop(Posted { who: signed, .. }: Posted<Signed>) -> Result<Response, Response> {
    let back = signed.who.acts_for().map_or_else(|| "/operator".to_string(), house::address);
    enter(&signed, signed.who.user.house, &back).await
}

async fn enter(signed: &Signed, house: House, to: &str) -> Result<Response, Response> {
    let who = signed.who.clone();
    let enter = move |tx: &mut Tx<'_>, at: At<'_>| sessions::enter(tx, at, &who, house);
    let done = signed.visit.node.write(enter).await;
    done.map_err(|problem| lost::failed(&signed.visit, &problem))?;
    Ok(see_other(to))
}
