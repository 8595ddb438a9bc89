//! What somebody is told by mail, and the addresses of an account that are no person's.
//!
//! In:  kinds, a language, addresses. Out: a page with what holds from here on.
//! Invariant: everybody chooses for oneself alone; what is duty is shown and not asked.

use crate::choice::Radios;
use crate::fields::Fields;
use crate::parts::{self, Field, Wrong, sent};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::{frame, lost, show, words};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::language::Language;
use billing::letter::{Address, Duty, LetterKind, MOST_ADDRESSES, Person, Topic, Wish};
use billing::user::Right;
use desk::correspondents::{self, New};
use desk::{At, Tx};
use maud::{Markup, html};
use std::collections::BTreeMap;
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/mail", get(show).post(choose))
        .route("/mail/addresses", post(add))
        .route("/mail/addresses/remove", post(remove))
        .route("/mail/language", post(set_language))
}

/// What is shown: the person where it is the own account, addresses, the account's language.
struct Shown {
    person: Option<Person>,
    addresses: Vec<Address>,
    language: Language,
}

async fn show(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    page(&signed, query.contains_key("said"), None).await
}

async fn page(
    signed: &Signed,
    changed: bool,
    wrong: Option<(&Fields, &Problem)>,
) -> Result<Response, Response> {
    let (account, user) = (whose(signed)?, signed.who.user.clone());
    let is_own = signed.who.acts_for().is_none();
    let found = signed
        .read(move |tx: &mut Tx<'_>, at: At<'_>| {
            let person = is_own.then(|| correspondents::of_user(tx, &user)).transpose()?;
            let addresses = correspondents::addresses(tx, account)?;
            Ok(Shown { person, addresses, language: correspondents::of_account(tx, at, account)? })
        })
        .await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it.1, visit));
    let body = html! {
        @if changed { (parts::done(&texts.changed(), &html! {})) }
        (parts::errors(visit, told.as_ref()))
        @if let Some(person) = &found.person { (own(signed, person, told.as_ref())) }
        (addresses(signed, &found))
        @if signed.may(Right::Members) { (new_address(signed, &found, wrong.map(|it| it.0), told.as_ref())) }
        (of_account(signed, found.language))
    };
    let status = wrong.map_or(StatusCode::OK, |it| it.1.status);
    let page = frame::Page { title: &texts.mails(), sub: &texts.mails_sub(), above: &[], body: &body };
    Ok(frame::page(signed, status, &page))
}

/// What the person who looks is told.
fn own(signed: &Signed, person: &Person, told: Option<&Wrong>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let chosen = person.language.map_or("", Language::as_str);
    let languages = [("", texts.as_account()), ("en", "English".into()), ("zh", "中文".into())];
    html! {
        section aria-labelledby="h-own" {
            div.sect { h2 id="h-own" { (texts.own_mails()) } p { (texts.own_mails_hint(&person.user.mail)) } }
            form method="post" action="/mail" {
                (parts::hidden(visit))
                (Radios { name: "language", legend: texts.language(), of: &languages }
                    .show(&Fields::of([("language", chosen)]), told))
                table.table {
                    thead {
                        tr {
                            th scope="col" { (texts.mail_kind()) }
                            th.p2 scope="col" { (texts.mail_kind_when()) }
                            th scope="col" { (texts.mail_wanted()) }
                        }
                    }
                    tbody { @for kind in LetterKind::of_houses() { (kind_row(signed, person, kind)) } }
                }
                div.field { button.btn.main { (texts.save()) } }
            }
        }
    }
}

fn kind_row(signed: &Signed, person: &Person, kind: LetterKind) -> Markup {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let name = mail::called(kind, language);
    html! {
        tr {
            th scope="row" { (name) }
            td.p2 { (mail::sent_when(kind, language)) }
            td {
                @match kind.duty() {
                    Duty::Choice => {
                        input type="checkbox" name="kind" value=(kind.as_str()) aria-label=(name) checked[person.gets(kind)];
                    }
                    Duty::Duty => { @if person.gets(kind) { (texts.mail_always()) } @else { "–" } }
                }
            }
        }
    }
}

fn addresses(signed: &Signed, found: &Shown) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        section aria-labelledby="h-addresses" {
            div.sect { h2 id="h-addresses" { (texts.mail_addresses()) } p { (texts.mail_addresses_hint()) } }
            @if found.addresses.is_empty() {
                div.empty { h3 { (texts.no_mail_addresses()) } p { (texts.no_mail_addresses_hint()) } }
            } @else {
                table.table {
                    thead {
                        tr {
                            th scope="col" { (texts.mail()) }
                            th scope="col" { (texts.mail_for()) }
                            th.p2 scope="col" { (texts.language()) }
                            th scope="col" { span.sr { (texts.actions()) } }
                        }
                    }
                    tbody {
                        @for it in &found.addresses {
                            tr {
                                th scope="row" { (it.mail) }
                                td { (show::listed(&it.topics.iter().map(|topic| words::topic(texts, *topic)).collect::<Vec<_>>(), visit.language)) }
                                td.p2 { (it.language.map_or_else(|| texts.as_account(), words::language)) }
                                td.one {
                                    @if signed.may(Right::Members) {
                                        (parts::button(visit, "/mail/addresses/remove", &[("mail", &it.mail)], &texts.remove()))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn new_address(signed: &Signed, found: &Shown, form: Option<&Fields>, wrong: Option<&Wrong>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let was_asked =
        |topic: Topic| form.is_some_and(|it| it.pairs().any(|it| it == ("topic", topic.as_str())));
    let languages = [("", texts.as_account()), ("en", "English".into()), ("zh", "中文".into())];
    let field = Field {
        name: "mail",
        label: texts.mail(),
        kind: "email",
        value: sent(form, "mail"),
        autocomplete: "off",
        hint: None,
    };
    html! {
        @if found.addresses.len() < MOST_ADDRESSES {
            form.narrow method="post" action="/mail/addresses" {
                (parts::hidden(visit))
                (field.show(wrong))
                fieldset.field {
                    legend.label { (texts.mail_for()) }
                    div.picks {
                        @for topic in Topic::OF_ADDRESSES {
                            label {
                                input type="checkbox" name="topic" value=(topic.as_str()) checked[was_asked(topic)];
                                span.card { b { (words::topic(texts, topic)) } span.hint { (words::topic_hint(texts, topic)) } }
                            }
                        }
                    }
                }
                (Radios { name: "address_language", legend: texts.language(), of: &languages }
                    .show(form.unwrap_or(&Fields::default()), wrong))
                div.field { button.btn { (texts.add_mail_address()) } }
            }
        }
    }
}

fn of_account(signed: &Signed, language: Language) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let languages = [("en", "English".to_string()), ("zh", "中文".to_string())];
    html! {
        section aria-labelledby="h-language" {
            div.sect { h2 id="h-language" { (texts.account_language()) } p { (texts.account_language_hint()) } }
            @if signed.may(Right::Members) {
                form.narrow method="post" action="/mail/language" {
                    (parts::hidden(visit))
                    (Radios { name: "account_language", legend: texts.language(), of: &languages }
                        .show(&Fields::of([("account_language", language.as_str())]), None))
                    div.field { button.btn { (texts.save()) } }
                }
            } @else { p { (words::language(language)) } }
        }
    }
}

/// The language that a form names; `None` for the account's. Errors: a word that is none.
fn language(form: &Fields, name: &str) -> Result<Option<Language>, Problem> {
    match form.text(name) {
        "" => Ok(None),
        word => match Language::parse(word) {
            Some(language) => Ok(Some(language)),
            None => {
                Err(Problem::malformed(Some(name.to_string()), "write en or zh, or leave it out".to_string()))
            }
        },
    }
}

/// What was done, or the page with what is wrong.
async fn told(signed: &Signed, form: &Fields, done: Result<String, Problem>) -> Result<Response, Response> {
    match done {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(signed, false, Some((form, &problem))).await,
    }
}

const CHANGED: &str = "/mail?said=changed";

async fn choose(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    if signed.who.acts_for().is_some() {
        return Err(lost::forbidden(&signed.visit));
    }
    let done = chosen(&signed, &form).await;
    told(&signed, &form, done).await
}

async fn chosen(signed: &Signed, form: &Fields) -> Result<String, Problem> {
    let language = language(form, "language")?;
    let mut wanted = Vec::new();
    for (_, word) in form.pairs().filter(|it| it.0 == "kind") {
        let wrong = || Problem::malformed(Some("kind".into()), format!("`{word}` is no kind of mail"));
        wanted.push(LetterKind::parse(word).ok_or_else(wrong)?);
    }
    let choices = LetterKind::of_houses().filter(|it| it.duty() == Duty::Choice);
    let wish = |kind| (kind, if wanted.contains(&kind) { Wish::Wanted } else { Wish::Unwanted });
    let choice = correspondents::Choice { language, wishes: choices.map(wish).collect() };
    let user = signed.who.user.clone();
    let work = move |tx: &mut Tx<'_>, _: At<'_>| {
        correspondents::choose(tx, &user, &choice)?;
        Ok(CHANGED.to_string())
    };
    signed.once(form, work).await
}

async fn add(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Members)?;
    let done = added(&signed, &form).await;
    told(&signed, &form, done).await
}

async fn added(signed: &Signed, form: &Fields) -> Result<String, Problem> {
    let language = language(form, "address_language")?;
    let Some(account) = signed.house().account() else { return Err(Problem::not_found("account")) };
    // Not trimmed: a line break is refused, wherever it stands.
    let mail = form.exact("mail").to_string();
    let topics: Vec<String> = form.pairs().filter(|it| it.0 == "topic").map(|it| it.1.to_string()).collect();
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        correspondents::add_address(tx, at, account, &New { mail: &mail, topics: &topics, language })?;
        Ok(CHANGED.to_string())
    };
    signed.once(form, work).await
}

async fn remove(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Members)?;
    let (account, mail) = (whose(&signed)?, form.text("mail").to_string());
    let work = move |tx: &mut Tx<'_>, _: At<'_>| {
        correspondents::remove_address(tx, account, &mail)?;
        Ok(CHANGED.to_string())
    };
    let done = signed.once(&form, work).await;
    told(&signed, &form, done).await
}

async fn set_language(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Members)?;
    let account = whose(&signed)?;
    let done = match language(&form, "account_language") {
        Ok(Some(language)) => {
            let work = move |tx: &mut Tx<'_>, _: At<'_>| {
                correspondents::set_language(tx, account, language)?;
                Ok(CHANGED.to_string())
            };
            signed.once(&form, work).await
        }
        Ok(None) => Err(Problem::malformed(Some("account_language".into()), "choose a language".to_string())),
        Err(problem) => Err(problem),
    };
    told(&signed, &form, done).await
}
