//! Keys: of clouds, meters and operators, and of customers; made, replaced and ended by an operator.
//!
//! In:  a name, what it may do, until when. Out: the list; the text of a new key, shown once.
//! Invariant: the text of a key is never kept, and stands on no page but the one that answers the form. What is done to a
//! customer's key stands in that customer's audit log.

use crate::choice::{self, Radios};
use crate::fields::Fields;
use crate::frame;
use crate::house::{self, Asked, Whose};
use crate::parts::{self, Field, Wrong, sent};
use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::tables::key_state;
use crate::visit::see_other;
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::user::Right;
use desk::keys::{self, Key, NewKey, Rotation, Scope};
use desk::lists::{accounts, keys as list};
use desk::page::{Page, Part};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use std::collections::BTreeMap;
use units::{AccountId, KeyId};
use web::once::Done;
use web::problem::Problem;
use web::wire::Text;

/// Keys of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/keys", get(show_page))
        .route("/operator/keys/make", post(make))
        .route("/operator/keys/rotate", post(rotate))
        .route("/operator/keys/revoke", post(revoke))
}

/// What a page says of a form that was sent.
enum Said<'a> {
    Nothing,
    Changed,
    /// The text of a key that was made just now.
    Secret(String),
    /// A form that was refused.
    Wrong(&'a Fields, &'a Problem),
}

/// Keys, and what the accounts of those are called.
struct Listed {
    /// Of which account, where one was named.
    of: Option<AccountId>,
    page: Page<Key>,
    names: BTreeMap<AccountId, String>,
}

fn read(tx: &mut Tx<'_>, named: Option<&str>, part: &Part) -> Result<Listed, Refusal> {
    let (of, page) = match house::whose(tx, named)? {
        Whose::Everybody => (None, list::page(tx, None, part)?),
        Whose::Of(account) => (Some(account), list::page(tx, Some(account), part)?),
        Whose::Nobody => (None, Page::whole(Vec::new())),
    };
    Ok(Listed { of, names: accounts::names(tx, page.items.iter().filter_map(|it| it.account))?, page })
}

async fn show_page(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Response> {
    let said = if asked.contains_key("said") { Said::Changed } else { Said::Nothing };
    page(&signed, &asked, &said).await
}

async fn page(signed: &Signed, asked: &Asked, said: &Said<'_>) -> Result<Response, Response> {
    frame::operators(signed, Right::Keys)?;
    let (named, part) =
        (house::text(asked, "account"), Part { after: house::text(asked, "after"), most: MOST });
    let found = signed.read(move |tx, _| read(tx, named.as_deref(), &part)).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let wrong = match said {
        Said::Wrong(form, problem) => Some((*form, *problem)),
        Said::Nothing | Said::Changed | Said::Secret(_) => None,
    };
    let told = wrong.map(|it| Wrong::of(it.1, visit).of_keys());
    let value = asked.get("account").map_or("", String::as_str);
    let body = html! {
        @match said {
            Said::Changed => (parts::done(&texts.changed(), &html! {})),
            Said::Secret(secret) => (parts::done(&texts.key_made(), &secret_shown(signed, secret))),
            Said::Nothing | Said::Wrong(..) => {}
        }
        (parts::errors(visit, told.as_ref()))
        form.filter method="get" action="/operator/keys" role="search" {
            input.input type="search" name="account" value=(value) aria-label=(texts.customer_or_id()) placeholder=(texts.customer_or_id());
            button.btn { (texts.search()) }
        }
        @if found.page.items.is_empty() { (house::empty(signed, asked, &[texts.no_keys(), texts.no_keys_hint()])) } @else { (table(signed, &found)) }
        (form(signed, asked, wrong.map(|it| it.0), told.as_ref()))
    };
    let status = wrong.map_or(StatusCode::OK, |it| it.1.status);
    let page = frame::Page { title: &texts.keys(), sub: &texts.keys_sub(), above: &[], body: &body };
    Ok(frame::page(signed, status, &page))
}

impl Wrong {
    /// The same, beside the field that a form of keys has for it.
    pub(crate) fn of_keys(self) -> Wrong {
        let of = |it: String| Some(if it == "scopes" { "scope".to_string() } else { it });
        self.beside(&of).among(&["name", "scope", "expires", "addresses"])
    }
}

fn secret_shown(signed: &Signed, secret: &str) -> Markup {
    let texts = signed.visit.texts();
    html! {
        p { (texts.key_shown_once()) }
        p { code { (secret) } " " button.copy type="button" data-copy=(secret) { (texts.copy()) } }
    }
}

fn table(signed: &Signed, found: &Listed) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.name()) }
                    th.p2 scope="col" { (texts.customer()) }
                    th scope="col" { (texts.scopes()) }
                    th.p2 scope="col" { (texts.last_used()) }
                    th scope="col" { span.sr { (texts.actions()) } }
                }
            }
            tbody {
                @for it in &found.page.items {
                    tr.dim[it.revoked.is_some()] {
                        th scope="row" { (it.name) span.s { (key_state(signed, it)) } span.s.id.p2 { (it.id) } }
                        td.p2 {
                            @match it.account.and_then(|id| Some((id, found.names.get(&id)?))) {
                                Some((id, name)) => (house::link(id, name)),
                                None => "–",
                            }
                        }
                        td { (it.scopes) }
                        td.p2 { @match it.last_used { Some(at) => (visit.exact_time(at)), None => (texts.never()) } }
                        td.one { @if it.revoked.is_none() && it.expires.is_none_or(|end| end > visit.now) { (actions(signed, it)) } }
                    }
                }
            }
        }
        (parts::more(visit, found.page.next.as_deref()))
        (parts::csv(visit, "keys", &[("account", &found.of.map_or_else(String::new, |it| it.to_string()))]))
    }
}

fn actions(signed: &Signed, it: &Key) -> Markup {
    let (visit, texts, id) = (&signed.visit, signed.visit.texts(), it.id.to_string());
    html! {
        details.menu {
            summary.btn.small aria-label=(format!("{}: {}", texts.change(), it.name)) { (texts.change()) }
            div.list {
                form method="post" action="/operator/keys/rotate" {
                    (parts::hidden(visit))
                    button name="key" value=(id) { (texts.rotate_key()) }
                }
                hr;
                form method="post" action="/operator/keys/revoke" {
                    (parts::hidden(visit))
                    button.bad name="key" value=(id) { (texts.revoke_key()) }
                }
            }
        }
    }
}

/// The form for a new key: of a customer where the list is of one, of nobody's otherwise.
fn form(signed: &Signed, asked: &Asked, form: Option<&Fields>, wrong: Option<&Wrong>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let blank = Fields::default();
    let of = form.map_or_else(|| asked.get("account").map_or("", String::as_str), |it| it.text("account"));
    let field = |name: &'static str, label: String, hint: Option<String>| {
        let kind = if name == "expires" { "date" } else { "text" };
        Field { name, label, kind, value: sent(form, name), autocomplete: "off", hint }
    };
    let customers = [("read", texts.scope_read()), ("buy", texts.scope_buy())];
    let others = [
        ("cloud", texts.scope_cloud()),
        ("meter", texts.scope_meter()),
        ("operator", texts.scope_operator()),
    ];
    let choices: &[(&str, String)] = if of.is_empty() { &others } else { &customers };
    let scope = Radios { name: "scope", legend: texts.scopes(), of: choices };
    html! {
        section aria-labelledby="h-make" {
            div.sect { h2 id="h-make" { (texts.make_key()) } p { (texts.make_key_hint()) } }
            form.narrow method="post" action="/operator/keys/make" {
                (parts::hidden(visit))
                @if !of.is_empty() { input type="hidden" name="account" value=(of); p.quiet { (texts.key_for(of)) } }
                (field("name", texts.name(), None).show(wrong))
                (scope.show(form.unwrap_or(&blank), wrong))
                (field("expires", texts.key_ends(), Some(texts.key_ends_hint())).optional(wrong))
                (field("addresses", texts.key_addresses(), Some(texts.key_addresses_hint())).optional(wrong))
                div.field { button.btn.main { (texts.make_key()) } }
            }
        }
    }
}

async fn make(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Keys)?;
    let done = made(&signed, &form).await;
    answered(&signed, &form, done).await
}

/// The text of a key that was made, or what was refused; a form that came before shows no text again.
async fn answered(
    signed: &Signed,
    form: &Fields,
    done: Result<Option<String>, Problem>,
) -> Result<Response, Response> {
    let asked: Asked = [("account".to_string(), form.text("account").to_string())].into_iter().collect();
    match done {
        Ok(Some(secret)) => page(signed, &asked, &Said::Secret(secret)).await,
        Ok(None) => Ok(see_other("/operator/keys?said=changed")),
        Err(problem) => page(signed, &asked, &Said::Wrong(form, &problem)).await,
    }
}

/// The scopes that a word stands for: whoever buys reads too.
fn scopes(form: &Fields) -> Result<Vec<Scope>, Problem> {
    Ok(match choice::read(form, "scope", &Scope::ALL, Scope::as_str)? {
        Scope::Buy => vec![Scope::Read, Scope::Buy],
        scope @ (Scope::Read | Scope::Cloud | Scope::Meter | Scope::Operator) => vec![scope],
    })
}

async fn made(signed: &Signed, form: &Fields) -> Result<Option<String>, Problem> {
    let (name, scopes) = (house::read::<Text<1, 80>>(form, "name"), scopes(form));
    let expires = match form.text("expires") {
        "" => Ok(None),
        text => signed.visit.calendar.parse(text).map(Some),
    };
    let expires = expires.map_err(|it| Problem::from(Refusal::from(it).of("expires")));
    let addresses = form.networks("addresses").map_err(Problem::from);
    house::all_read([
        name.as_ref().err(),
        scopes.as_ref().err(),
        expires.as_ref().err(),
        addresses.as_ref().err(),
    ])?;
    let (account, name, scopes) = (form.text("account").to_string(), name?, scopes?);
    let (expires, addresses) = (expires?, addresses?);
    let secret = web::random::key()?;
    let hash = keys::hash(&secret);
    let kept = hash.clone();
    let make = move |tx: &mut Tx<'_>, at: At<'_>| {
        let account = match account.as_str() {
            "" => None,
            text => {
                Some(accounts::called(tx, text)?.ok_or_else(|| Refusal::missing("account").of("account"))?.id)
            }
        };
        let new = NewKey {
            account,
            name: name.as_str().to_string(),
            scopes: scopes.clone(),
            expires,
            addresses: addresses.clone(),
        };
        let made = keys::add(tx, &new, &hash, at.now)?;
        Ok(Done { to: hash.clone(), about: made.account, did: true })
    };
    Ok((signed.once_of(form, make).await? == kept).then_some(secret))
}

/// The key that a form names.
fn key(form: &Fields) -> Result<KeyId, Problem> {
    form.text("key").parse().map_err(|_| Problem::not_found("key"))
}

async fn rotate(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Keys)?;
    let done = rotated(&signed, &form).await;
    signed.visit.node.known_keys().forget();
    answered(&signed, &form, done).await
}

async fn rotated(signed: &Signed, form: &Fields) -> Result<Option<String>, Problem> {
    let id = key(form)?;
    let secret = web::random::key()?;
    let hash = keys::hash(&secret);
    let kept = hash.clone();
    let rotate = move |tx: &mut Tx<'_>, at: At<'_>| {
        let overlap_seconds = keys::OVERLAP_SECONDS;
        let rotation = Rotation { asking: None, account: None, id, hash: &hash, overlap_seconds };
        let made = keys::rotate(tx, &rotation, at.now)?;
        Ok(Done { to: hash.clone(), about: made.account, did: true })
    };
    Ok((signed.once_of(form, rotate).await? == kept).then_some(secret))
}

async fn revoke(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Keys)?;
    let done = revoked(&signed, &form).await;
    signed.visit.node.known_keys().forget();
    answered(&signed, &form, done.map(|()| None)).await
}

async fn revoked(signed: &Signed, form: &Fields) -> Result<(), Problem> {
    let id = key(form)?;
    let revoke = move |tx: &mut Tx<'_>, at: At<'_>| {
        let ended = keys::revoke(tx, None, None, id, at.now)?;
        Ok(Done { to: String::new(), about: ended.account, did: true })
    };
    signed.once_of(form, revoke).await.map(drop)
}
