//! Who works for a house: members of an account, users of the operator.
//!
//! In:  a person to invite, a role, an end. Out: the list; the link of an invitation, shown once.
//! Invariant: only who may say so changes it, and only in the house in which the person is signed in.

use crate::fields::Fields;
use crate::parts::{self, Field, Wrong, sent};
use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{frame, lost, words};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::user::{self, House, Right, Role, role};
use desk::lists::users::{self as list, Listed};
use desk::users::{self, Inviter, New};
use desk::{At, Refusal, Tx, keys, letters};
use maud::{Markup, html};
use std::collections::BTreeMap;
use web::clock::real;
use web::once::Done;
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/members", get(show).post(invite))
        .route("/members/role", post(change_role))
        .route("/members/link", post(new_link))
        .route("/members/end", post(end))
}

/// What a page says of a form that was sent.
enum Said<'a> {
    Nothing,
    Changed,
    /// A link that was made just now: for whom, and where it leads.
    Link(String, String),
    /// A form that was refused.
    Wrong(&'a Fields, &'a Problem),
}

async fn show(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    let said = if query.contains_key("said") { Said::Changed } else { Said::Nothing };
    page(&signed, &said).await
}

/// The house whose people are shown: an operator who acts for an account has no say in that account's.
fn house(signed: &Signed) -> Result<House, Response> {
    match signed.who.acts_for() {
        None => Ok(signed.house()),
        Some(_) => Err(lost::forbidden(&signed.visit)),
    }
}

async fn page(signed: &Signed, said: &Said<'_>) -> Result<Response, Response> {
    let house = house(signed)?;
    let all = signed.read(move |tx, _| list::of(tx, house)).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let wrong = match said {
        Said::Wrong(_, problem) => {
            Some((problem.status, Wrong::of(problem, visit).among(&["name", "mail", "role"])))
        }
        Said::Nothing | Said::Changed | Said::Link(..) => None,
    };
    let told = wrong.as_ref().map(|it| &it.1);
    let body = html! {
        @match said {
            Said::Changed => (parts::done(&texts.changed(), &html! {})),
            Said::Link(name, link) => (parts::done(&texts.link_made(name), &link_shown(signed, link))),
            Said::Nothing | Said::Wrong(..) => {}
        }
        (parts::errors(visit, told))
        (table(signed, &all))
        (invite_form(signed, house, said, told))
    };
    let status = wrong.as_ref().map_or(StatusCode::OK, |it| it.0);
    let title = words::people(texts, house);
    Ok(frame::page(
        signed,
        status,
        &frame::Page { title: &title, sub: &texts.members_sub(), above: &[], body: &body },
    ))
}

/// A link that was made just now.
pub(crate) fn link_shown(signed: &Signed, link: &str) -> Markup {
    let texts = signed.visit.texts();
    html! {
        p { (texts.link_hint()) }
        p { code { (link) } " " button.copy type="button" data-copy=(link) { (texts.copy()) } }
    }
}

fn table(signed: &Signed, all: &[Listed]) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.name()) }
                    th scope="col" { (texts.role()) }
                    th.p2 scope="col" { (texts.since()) }
                    th.p2 scope="col" { (texts.second_factor()) }
                    th scope="col" { span.sr { (texts.actions()) } }
                }
            }
            tbody {
                @for it in all {
                    tr {
                        th scope="row" { (it.user.name) span.s { (it.user.mail) } }
                        td { (words::role(texts, it.user.role)) @if !it.can_sign_in { span.s { (texts.invited()) } } }
                        td.p2 { (visit.time(it.user.created)) }
                        td.p2 { @if it.has_second { (texts.yes()) } @else { "–" } }
                        td.one { @if signed.may(Right::Members) { (actions(signed, it)) } }
                    }
                }
            }
        }
    }
}

/// What may be done about somebody.
fn actions(signed: &Signed, it: &Listed) -> Markup {
    let (visit, texts, id) = (&signed.visit, signed.visit.texts(), it.user.id.to_string());
    let label = |text: String| format!("{text}: {}", it.user.name);
    html! {
        details.menu {
            summary.btn.small aria-label=(label(texts.change())) { (texts.change()) }
            div.list {
                @for role in Role::of(it.user.house).filter(|role| *role != it.user.role) {
                    form method="post" action="/members/role" {
                        (parts::hidden(visit))
                        input type="hidden" name="user" value=(id);
                        button name="role" value=(role.as_str()) { (texts.make_role(words::role(texts, role))) }
                    }
                }
                form method="post" action="/members/link" {
                    (parts::hidden(visit))
                    button name="user" value=(id) { (texts.new_link()) }
                }
                hr;
                form method="post" action="/members/end" {
                    (parts::hidden(visit))
                    button.bad name="user" value=(id) { (texts.end_user()) }
                }
            }
        }
    }
}

fn invite_form(signed: &Signed, house: House, said: &Said<'_>, wrong: Option<&Wrong>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let form = match said {
        Said::Wrong(form, _) => Some(*form),
        Said::Nothing | Said::Changed | Said::Link(..) => None,
    };
    let field = |name: &'static str, label, kind| Field {
        name,
        label,
        kind,
        value: sent(form, name),
        autocomplete: "off",
        hint: None,
    };
    let chosen = sent(form, "role");
    html! {
        section aria-labelledby="h-invite" {
            div.sect { h2 id="h-invite" { (texts.invite()) } p { (texts.invite_hint()) } }
            @if signed.may(Right::Members) {
                form.narrow method="post" action="/members" {
                    (parts::hidden(visit))
                    (field("name", texts.name(), "text").show(wrong))
                    (field("mail", texts.mail(), "email").show(wrong))
                    fieldset.field id="role" {
                        legend.label { (texts.role()) }
                        div.picks {
                            @for (index, role) in Role::of(house).enumerate() {
                                label {
                                    input type="radio" name="role" value=(role.as_str()) required
                                        checked[chosen == role.as_str() || (chosen.is_empty() && index == 1)];
                                    span.card { b { (words::role(texts, role)) } span.hint { (words::role_hint(texts, role)) } }
                                }
                            }
                        }
                    }
                    div.field { button.btn.main { (texts.invite()) } }
                }
            } @else {
                p.quiet { (texts.not_allowed()) }
            }
        }
    }
}

/// Who may say so, and the house.
fn allowed(signed: &Signed) -> Result<House, Response> {
    frame::needs(signed, Right::Members)?;
    house(signed)
}

async fn invite(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let house = allowed(&signed)?;
    let done = invited(&signed, house, &form).await;
    linked(&signed, &form, done).await
}

/// The link that was made, or what was refused.
async fn linked(
    signed: &Signed,
    form: &Fields,
    done: Result<Option<String>, Problem>,
) -> Result<Response, Response> {
    match done {
        Ok(Some(link)) => {
            let name = form.text("name").to_string();
            page(signed, &Said::Link(name, signed.visit.whole(&format!("/invitation/{link}")))).await
        }
        Ok(None) => Ok(see_other("/members?said=changed")),
        Err(problem) => page(signed, &Said::Wrong(form, &problem)).await,
    }
}

/// The text of the link; `None` when the same form came before: the link was shown then, and not kept.
pub(crate) async fn invited(signed: &Signed, house: House, form: &Fields) -> Result<Option<String>, Problem> {
    let (name, mail) = (form.text("name").to_string(), form.text("mail").to_string());
    let role = role(house, form.text("role")).map_err(|it| Problem::from(Refusal::from(it)));
    let wrong = [user::name(&name).err(), user::mail(&mail).err()].into_iter().flatten();
    let wrong = wrong.map(|it| Problem::from(Refusal::from(it)));
    Problem::together(wrong.chain(role.as_ref().err().cloned()))?;
    let role = role?;
    let link = web::random::secret()?;
    let hash = keys::hash(&link);
    let (kept, mailed) = (hash.clone(), link.clone());
    let by = signed.who.user.clone();
    let invite = move |tx: &mut Tx<'_>, at: At<'_>| {
        let new = New { by: Inviter::User(&by), house, mail: &mail, name: &name, role };
        let user = users::invite(tx, new, &hash, real(at).now)?;
        letters::invitation(tx, at, &user, &mailed, real(at).now)?;
        Ok(hash.clone())
    };
    Ok((signed.once_in(house, form, invite).await? == kept).then_some(link))
}

async fn new_link(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let house = allowed(&signed)?;
    let done = linked_again(&signed, house, &form).await;
    linked(&signed, &form, done).await
}

async fn linked_again(signed: &Signed, house: House, form: &Fields) -> Result<Option<String>, Problem> {
    let id = form.text("user").parse().map_err(|_| Problem::not_found("user"))?;
    let link = web::random::secret()?;
    let hash = keys::hash(&link);
    let (kept, mailed) = (hash.clone(), link.clone());
    let relink = move |tx: &mut Tx<'_>, at: At<'_>| {
        let user = users::link(tx, house, id, &hash, real(at).now)?;
        letters::invitation(tx, at, &user, &mailed, real(at).now)?;
        Ok(Done { to: hash.clone(), about: user.house.account(), did: true })
    };
    Ok((signed.once_of(form, relink).await? == kept).then_some(link))
}

async fn change_role(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let house = allowed(&signed)?;
    match role(house, form.text("role")) {
        Ok(role) => changed(&signed, &form, Some(role)).await,
        Err(error) => page(&signed, &Said::Wrong(&form, &Refusal::from(error).into())).await,
    }
}

async fn end(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    changed(&signed, &form, None).await
}

/// Gives somebody another role, or ends the person's work here.
async fn changed(signed: &Signed, form: &Fields, role: Option<Role>) -> Result<Response, Response> {
    let house = allowed(signed)?;
    let Ok(id) = form.text("user").parse() else {
        return page(signed, &Said::Wrong(form, &Problem::not_found("user"))).await;
    };
    let change = move |tx: &mut Tx<'_>, at: At<'_>| {
        let user = users::change(tx, house, id, role, real(at).now)?;
        Ok(Done { to: "/members?said=changed".to_string(), about: user.house.account(), did: true })
    };
    match signed.once_of(form, change).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(signed, &Said::Wrong(form, &problem)).await,
    }
}
