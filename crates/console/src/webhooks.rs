//! Webhooks of an account: addresses that are told of events, tried, and looked after.
//!
//! In:  an address, kinds of events. Out: the list; one of them with its last deliveries; a secret, shown once.
//! Invariant: the operations are those of the API; a secret stands on one page and nowhere else; whoever acts for an account
//! sees none.

use crate::fields::Fields;
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::webhooks_shown::{self as shown, One, Said};
use crate::{choice, frame, lost};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::endpoint::{Owner, State};
use billing::event::EventKind;
use billing::user::Right;
use desk::lists::webhooks::{self as list, Filter};
use desk::page::Part;
use desk::webhooks::{self, Change, New, Rotation, Trial};
use desk::{At, Refusal, Tx, keys};
use std::collections::BTreeMap;
use units::{AccountId, EndpointId, MessageId};
use web::problem::Problem;

/// Deliveries of a page.
const MOST: u16 = 20;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/webhooks", get(all).post(add))
        .route("/webhooks/{webhook}", get(one).post(change))
        .route("/webhooks/{webhook}/rotate", post(rotate))
        .route("/webhooks/{webhook}/test", post(test))
        .route("/webhooks/{webhook}/resend", post(resend))
        .route("/webhooks/{webhook}/remove", post(remove))
}

async fn all(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    let said = if query.contains_key("said") { Said::Removed } else { Said::Nothing };
    list_page(&signed, &said).await
}

async fn list_page(signed: &Signed, said: &Said<'_>) -> Result<Response, Response> {
    let account = whose(signed)?;
    let found = signed.read(move |tx, _| list::all(tx, Some(account))).await?;
    let texts = signed.visit.texts();
    let body = shown::all(signed, &found.items, said);
    let (title, sub) = (texts.webhooks(), texts.own_webhooks_sub());
    let page = frame::Page { title: &title, sub: &sub, above: &[], body: &body };
    Ok(frame::page(signed, said.status(), &page))
}

/// The account whose webhooks somebody may change.
fn allowed(signed: &Signed) -> Result<AccountId, Response> {
    frame::needs(signed, Right::Buy)?;
    whose(signed)
}

/// The same for what shows a secret: whoever acts for the account sees none.
fn owns(signed: &Signed) -> Result<AccountId, Response> {
    match signed.who.acts_for() {
        None => allowed(signed),
        Some(_) => Err(lost::forbidden(&signed.visit)),
    }
}

/// The kinds that a form names, parted by spaces or commas; all where it names none.
fn asked_kinds(form: &Fields) -> Vec<String> {
    let parts = form.text("kinds").split([' ', ',', '\n', '\r']).filter(|it| !it.is_empty());
    let named: Vec<String> = parts.map(str::to_string).collect();
    if named.is_empty() { vec!["*".to_string()] } else { named }
}

/// What is wrong with one of the kinds stands beside the field of all of them.
fn of_kinds(problem: Problem) -> Problem {
    let field = problem.field.map(|it| if it.starts_with("kinds") { "kinds".to_string() } else { it });
    Problem { field, ..problem }
}

/// Everything that is wrong with the address and the kinds of a form.
fn faults(signed: &Signed, account: AccountId, form: &Fields) -> impl Iterator<Item = Problem> {
    let reach = signed.visit.node.desk().webhooks;
    let found = webhooks::faults(Owner::Account(account), form.text("url"), &asked_kinds(form), reach);
    found.into_iter().map(|it| of_kinds(it.into()))
}

async fn add(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let account = owns(&signed)?;
    match added(&signed, account, &form).await.map_err(of_kinds) {
        Ok(Some(secret)) => list_page(&signed, &Said::Secret(secret)).await,
        Ok(None) => Ok(see_other("/webhooks")),
        Err(problem) => list_page(&signed, &Said::Wrong(&form, &problem)).await,
    }
}

/// The secret; `None` when the same form came before: it was shown then.
async fn added(signed: &Signed, account: AccountId, form: &Fields) -> Result<Option<String>, Problem> {
    Problem::together(faults(signed, account, form))?;
    let secret = web::random::webhook_secret()?;
    let (made, asked, own) = (keys::hash(&secret), form.clone(), secret.clone());
    let kept = made.clone();
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let owner = Owner::Account(account);
        let (sealed, kinds) = (webhooks::sealed(at.desk, owner, &own)?, asked_kinds(&asked));
        let new = New { owner, url: asked.text("url"), kinds: &kinds, secret: &sealed };
        webhooks::create(tx, &new, at.desk.webhooks, at.now)?;
        Ok(made.clone())
    };
    Ok((signed.once(form, work).await? == kept).then_some(secret))
}

/// The webhook of this address, and whose it is. Errors: a page that says there is none.
async fn named(signed: &Signed, text: &str) -> Result<EndpointId, Response> {
    signed.id(text).await
}

fn address(id: EndpointId) -> String {
    format!("/webhooks/{id}")
}

async fn one(
    signed: Signed,
    Path(webhook): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Response> {
    let id = named(&signed, &webhook).await?;
    let said = match query.get("said").map(String::as_str) {
        Some("sent") => Said::Sent,
        Some(_) => Said::Changed,
        None => Said::Nothing,
    };
    one_page(&signed, id, query.get("after").cloned(), &said).await
}

async fn one_page(
    signed: &Signed,
    id: EndpointId,
    after: Option<String>,
    said: &Said<'_>,
) -> Result<Response, Response> {
    let account = whose(signed)?;
    let part = Part { after, most: MOST };
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        let of = Filter { account: Some(account), webhook: id, state: None };
        Ok(One {
            webhook: webhooks::get(tx, Some(account), id)?,
            deliveries: list::messages(tx, &of, &part)?,
        })
    };
    let found = signed.read(read).await?;
    let texts = signed.visit.texts();
    let body = shown::one(signed, &found, said);
    let (title, sub) = (texts.webhook(), found.webhook.url.clone());
    let webhooks = texts.webhooks();
    let page = frame::Page { title: &title, sub: &sub, above: &[("/webhooks", &webhooks)], body: &body };
    Ok(frame::page(signed, said.status(), &page))
}

/// Where a form leads, or the page of the webhook with what was refused.
async fn led(
    signed: &Signed,
    id: EndpointId,
    form: &Fields,
    done: Result<String, Problem>,
) -> Result<Response, Response> {
    match done.map_err(of_kinds) {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) if problem.status == StatusCode::NOT_FOUND => Err(lost::failed(&signed.visit, &problem)),
        Err(problem) => one_page(signed, id, None, &Said::Wrong(form, &problem)).await,
    }
}

async fn change(
    Path(webhook): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let (account, id) = (allowed(&signed)?, named(&signed, &webhook).await?);
    let done = changed(&signed, account, id, &form).await;
    led(&signed, id, &form, done).await
}

async fn changed(
    signed: &Signed,
    account: AccountId,
    id: EndpointId,
    form: &Fields,
) -> Result<String, Problem> {
    let state = choice::read(form, "state", &[State::Enabled, State::Disabled], State::as_str);
    Problem::together(faults(signed, account, form).chain(state.as_ref().err().cloned()))?;
    let (asked, state) = (form.clone(), state?);
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let kinds = asked_kinds(&asked);
        let change = Change {
            url: Some(asked.text("url")),
            kinds: Some(&kinds),
            state: Some(state),
            customers: at.desk.webhooks,
        };
        webhooks::change(tx, Some(account), id, &change, at.now)?;
        Ok(format!("{}?said=changed", address(id)))
    };
    signed.once(form, work).await
}

async fn rotate(
    Path(webhook): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let (account, id) = (owns(&signed)?, named(&signed, &webhook).await?);
    match rotated(&signed, account, id, &form).await {
        Ok(Some(secret)) => one_page(&signed, id, None, &Said::Secret(secret)).await,
        Ok(None) => Ok(see_other(&address(id))),
        Err(problem) => led(&signed, id, &form, Err(problem)).await,
    }
}

async fn rotated(
    signed: &Signed,
    account: AccountId,
    id: EndpointId,
    form: &Fields,
) -> Result<Option<String>, Problem> {
    let secret = web::random::webhook_secret()?;
    let (made, own) = (keys::hash(&secret), secret.clone());
    let kept = made.clone();
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let overlap_seconds = webhooks::OVERLAP_SECONDS;
        webhooks::rotate(tx, at, &Rotation { account: Some(account), id, secret: &own, overlap_seconds })?;
        Ok(made.clone())
    };
    Ok((signed.once(form, work).await? == kept).then_some(secret))
}

async fn test(
    Path(webhook): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let (account, id) = (allowed(&signed)?, named(&signed, &webhook).await?);
    let done = match choice::read(&form, "kind", &shown::kinds(), EventKind::as_str) {
        Ok(kind) => {
            let work = move |tx: &mut Tx<'_>, at: At<'_>| {
                webhooks::test(tx, Some(account), Trial { endpoint: id, kind }, at)?;
                Ok(format!("{}?said=sent", address(id)))
            };
            signed.once(&form, work).await
        }
        Err(problem) => Err(problem),
    };
    led(&signed, id, &form, done).await
}

async fn resend(
    Path(webhook): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let (account, id) = (allowed(&signed)?, named(&signed, &webhook).await?);
    let asked = form.clone();
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let message: MessageId =
            asked.text("message").parse().map_err(|_| Refusal::missing("such message"))?;
        webhooks::resend(tx, Some(account), message, at.now)?;
        Ok(format!("{}?said=sent", address(id)))
    };
    let done = signed.once(&form, work).await;
    led(&signed, id, &form, done).await
}

async fn remove(
    Path(webhook): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let (account, id) = (allowed(&signed)?, named(&signed, &webhook).await?);
    let work = move |tx: &mut Tx<'_>, _: At<'_>| {
        webhooks::remove(tx, Some(account), id)?;
        Ok("/webhooks?said=removed".to_string())
    };
    let done = signed.once(&form, work).await;
    led(&signed, id, &form, done).await
}
