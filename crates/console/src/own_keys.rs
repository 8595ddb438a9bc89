//! Keys of an account: made, rotated, ended; with when each was used last and from where it may be used.
//!
//! In:  what a key is to be. Out: the list; the text of a key, shown once.
//! Invariant: the text of a key stands on one page and nowhere else; only who says who works here makes keys.

use crate::fields::Fields;
use crate::own_keys_shown::{self as shown, Said};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::{choice, frame, house, lost};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::user::{self, Right};
use desk::keys::{self, NewKey, Rotation, Scope};
use desk::lists::keys as list;
use desk::page::Part;
use desk::{At, Refusal, Tx};
use std::collections::BTreeMap;
use units::{AccountId, KeyId};
use web::problem::Problem;

/// Keys of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/keys", get(show).post(make))
        .route("/keys/rotate", post(rotate))
        .route("/keys/end", post(end))
}

async fn show(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    page(&signed, query.get("after").cloned(), &Said::Nothing).await
}

async fn page(signed: &Signed, after: Option<String>, said: &Said<'_>) -> Result<Response, Response> {
    let account = whose(signed)?;
    frame::needs(signed, Right::Members)?;
    let part = Part { after, most: MOST };
    let found = signed.read(move |tx, _| list::page(tx, Some(account), &part)).await?;
    let texts = signed.visit.texts();
    let status = match said {
        Said::Wrong(_, problem) => problem.status,
        Said::Nothing | Said::Made(_) => StatusCode::OK,
    };
    let body = shown::keys(signed, &found, said);
    let page = frame::Page { title: &texts.own_keys(), sub: &texts.own_keys_sub(), above: &[], body: &body };
    Ok(frame::page(signed, status, &page))
}

/// The account whose keys somebody may change: whoever acts for it may not.
fn allowed(signed: &Signed) -> Result<AccountId, Response> {
    frame::needs(signed, Right::Members)?;
    match signed.who.acts_for() {
        None => whose(signed),
        Some(_) => Err(lost::forbidden(&signed.visit)),
    }
}

/// What a form says. Errors: everything that is wrong with it, as one.
fn wanted(form: &Fields, account: AccountId) -> Result<NewKey, Problem> {
    let name = user::name(form.text("name")).map_err(|it| Problem::from(Refusal::from(it).of("name")));
    let scopes = choice::all(form, "scope", &[Scope::Read, Scope::Buy], Scope::as_str);
    let scopes = scopes.and_then(|it| match it.is_empty() {
        true => Err(Refusal::KeyScopes.into()),
        false => Ok(it),
    });
    let addresses = form.networks("addresses").map_err(Problem::from);
    house::all_read([name.as_ref().err(), scopes.as_ref().err(), addresses.as_ref().err()])?;
    let (name, scopes, addresses) = (name?, scopes?, addresses?);
    Ok(NewKey { account: Some(account), name, scopes, expires: None, addresses })
}

/// The text of a key that was made just now, or what was refused; the same form sent again shows no text.
async fn told(
    signed: &Signed,
    form: &Fields,
    done: Result<Option<String>, Problem>,
) -> Result<Response, Response> {
    match done {
        Ok(Some(secret)) => page(signed, None, &Said::Made(secret)).await,
        Ok(None) => Ok(see_other("/keys")),
        Err(problem) => page(signed, None, &Said::Wrong(form, &problem)).await,
    }
}

async fn make(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let account = allowed(&signed)?;
    let done = made(&signed, account, &form).await;
    told(&signed, &form, done).await
}

/// The text of the key; `None` when the same form came before: it was shown then, and not kept.
async fn made(signed: &Signed, account: AccountId, form: &Fields) -> Result<Option<String>, Problem> {
    let secret = web::random::key()?;
    let hash = keys::hash(&secret);
    let (kept, new) = (hash.clone(), wanted(form, account)?);
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        keys::add(tx, &new, &hash, at.now)?;
        Ok(hash.clone())
    };
    Ok((signed.once(form, work).await? == kept).then_some(secret))
}

async fn rotate(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let account = allowed(&signed)?;
    let done = rotated(&signed, account, &form).await;
    signed.visit.node.known_keys().forget();
    told(&signed, &form, done).await
}

fn which(form: &Fields) -> Result<KeyId, Refusal> {
    form.text("key").parse().map_err(|_| Refusal::missing("such key"))
}

async fn rotated(signed: &Signed, account: AccountId, form: &Fields) -> Result<Option<String>, Problem> {
    let secret = web::random::key()?;
    let hash = keys::hash(&secret);
    let (kept, id) = (hash.clone(), which(form)?);
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let overlap_seconds = keys::OVERLAP_SECONDS;
        let rotation = Rotation { asking: None, account: Some(account), id, hash: &hash, overlap_seconds };
        keys::rotate(tx, &rotation, at.now)?;
        Ok(hash.clone())
    };
    Ok((signed.once(form, work).await? == kept).then_some(secret))
}

async fn end(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let account = allowed(&signed)?;
    let asked = form.clone();
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        keys::revoke(tx, None, Some(account), which(&asked)?, at.now)?;
        Ok("/keys".to_string())
    };
    let done = signed.once(&form, work).await;
    signed.visit.node.known_keys().forget();
    match done {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, None, &Said::Wrong(&form, &problem)).await,
    }
}
