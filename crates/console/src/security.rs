//! Sign-in and security: the own password, the second factor, where one is signed in.
//!
//! In:  somebody who is signed in. Out: what proves that person, changed.
//! Invariant: a password is changed by who knows it; a second factor is ended with a code of it.

use crate::fields::Fields;
use crate::frame;
use crate::parts::{self, Field, Wrong};
use crate::posted::Posted;
use crate::show::browser;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::user::{Session, UserError, check_password};
use desk::{At, Refusal, Tx, journal, second, sessions, tries};
use maud::{Markup, PreEscaped, html};
use qrcode::QrCode;
use qrcode::render::svg::Color;
use std::collections::BTreeMap;
use web::clock::real;
use web::password;
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/security", get(show))
        .route("/security/password", post(change_password))
        .route("/security/second", get(set_up).post(begin))
        .route("/security/second/confirm", post(confirm))
        .route("/security/second/end", post(end))
        .route("/security/sessions", post(end_session))
}

async fn show(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    page(&signed, query.get("said").map(String::as_str), None).await
}

/// What was said of a form that was sent, or what is wrong with it.
async fn page(signed: &Signed, said: Option<&str>, wrong: Option<&Problem>) -> Result<Response, Response> {
    let user = signed.who.user.clone();
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        Ok((sessions::of_user(tx, real(at), &user)?, sessions::password(tx, user.id)?))
    };
    let (open, password) = signed.read(read).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it, visit));
    let body = html! {
        @match said {
            Some("password") => (parts::done(&texts.password_changed(), &html! {})),
            Some("second-ended") => (parts::done(&texts.second_ended(), &html! {})),
            Some("codes") => (parts::done(&texts.codes_were_shown(), &html! {})),
            Some("session") => (parts::done(&texts.session_ended(), &html! {})),
            Some(_) | None => {}
        }
        (parts::errors(visit, told.as_ref()))
        @match password {
            Some(_) => (password_part(signed, told.as_ref())),
            None => (no_password_part(signed)),
        }
        (second_part(signed, told.as_ref()))
        (sessions_part(signed, &open))
    };
    let status = wrong.map_or(StatusCode::OK, |it| it.status);
    let sub = format!("{} · {}", signed.who.user.name, signed.who.user.mail);
    Ok(frame::page(
        signed,
        status,
        &frame::Page { title: &texts.security(), sub: &sub, above: &[], body: &body },
    ))
}

fn password_part(signed: &Signed, wrong: Option<&Wrong>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let before = Field {
        name: "password_before",
        label: texts.password_before(),
        kind: "password",
        value: "",
        autocomplete: "current-password",
        hint: None,
    };
    html! {
        section aria-labelledby="h-password" {
            div.sect { h2 id="h-password" { (texts.password()) } p { (texts.password_ends_others()) } }
            form.narrow method="post" action="/security/password" {
                (parts::hidden(visit))
                (before.show(wrong))
                (parts::new_password(visit, "password", wrong))
                div.field { button.btn { (texts.change_password()) } }
            }
        }
    }
}

/// Whoever came by a provider from the first sign-in on has no password.
fn no_password_part(signed: &Signed) -> Markup {
    let texts = signed.visit.texts();
    let provider =
        signed.visit.settings.oidc.as_ref().map_or_else(String::new, |it| it.registration().shown());
    html! {
        section aria-labelledby="h-password" {
            div.sect { h2 id="h-password" { (texts.password()) } }
            p { (texts.password_none(provider)) }
        }
    }
}

fn second_part(signed: &Signed, wrong: Option<&Wrong>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        section aria-labelledby="h-second" {
            div.sect { h2 id="h-second" { (texts.second_factor()) } }
            @match signed.who.second_since {
                Some(since) => {
                    p { (texts.second_since(visit.time(since))) }
                    form.narrow method="post" action="/security/second/end" {
                        (parts::hidden(visit))
                        (code_field(signed).show(wrong))
                        div.field { button.btn.danger { (texts.end_second()) } }
                    }
                }
                None => {
                    p { (texts.second_missing()) }
                    form method="post" action="/security/second" {
                        (parts::hidden(visit))
                        button.btn { (texts.begin_second()) }
                    }
                }
            }
        }
    }
}

fn code_field(signed: &Signed) -> Field<'static> {
    let texts = signed.visit.texts();
    let (label, hint) = (texts.code(), Some(texts.code_hint()));
    Field { name: "code", label, kind: "text", value: "", autocomplete: "one-time-code", hint }
}

fn sessions_part(signed: &Signed, open: &[Session]) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        section aria-labelledby="h-sessions" {
            div.sect { h2 id="h-sessions" { (texts.sessions()) } p { (texts.sessions_end()) } }
            table.table {
                thead {
                    tr {
                        th scope="col" { (texts.browser()) }
                        th.p2 scope="col" { (texts.since()) }
                        th scope="col" { (texts.last_used()) }
                        th scope="col" { span.sr { (texts.end_session()) } }
                    }
                }
                tbody {
                    @for it in open {
                        tr {
                            th scope="row" { (browser(it).unwrap_or_else(|| texts.unknown_browser())) span.s { (it.address) } }
                            td.p2 { (visit.time(it.created)) }
                            td { (visit.time(it.seen)) }
                            td.one {
                                @if it.id == signed.who.session.id { (texts.this_one()) } @else {
                                    (parts::button(visit, "/security/sessions", &[("session", &it.id.to_string())], &texts.end_session()))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

async fn change_password(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    match password_changed(&signed, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, None, Some(&problem)).await,
    }
}

async fn password_changed(signed: &Signed, form: &Fields) -> Result<String, Problem> {
    let after = form.exact("password");
    check_password(after).map_err(Refusal::from)?;
    let (user, id) = (signed.who.user.clone(), signed.who.user.id);
    let node = &signed.visit.node;
    node.write(move |tx, at| tries::own(tx, real(at), &user)).await?;
    let before = node.read(move |tx, _| sessions::password(tx, id)).await?;
    let typed = form.exact("password_before").to_string();
    if !password::check(typed, before.clone()).await? {
        return Err(Problem::from(Refusal::from(UserError::SignIn).of("password_before")));
    }
    let (before, after) = (before.unwrap_or_default(), password::hash(after.to_string()).await?);
    let who = signed.who.clone();
    let set = move |tx: &mut Tx<'_>, at: At<'_>| {
        sessions::set_password(tx, &who, &before, &after, real(at).now)?;
        Ok("/security?said=password".to_string())
    };
    signed.once(form, set).await
}

async fn end_session(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let Ok(id) = form.text("session").parse() else { return Ok(see_other("/security")) };
    let user = signed.who.user.clone();
    let end = move |tx: &mut Tx<'_>, at: At<'_>| {
        sessions::end(tx, &user, id, real(at).now)?;
        Ok("/security?said=session".to_string())
    };
    match signed.once(&form, end).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, None, Some(&problem)).await,
    }
}

async fn begin(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let secret = match web::random::bytes::<20>() {
        Ok(bytes) => second::base32(&bytes),
        Err(problem) => return page(&signed, None, Some(&problem)).await,
    };
    let user = signed.who.user.clone();
    let begin = move |tx: &mut Tx<'_>, at: At<'_>| {
        second::begin(tx, real(at), &user, &secret)?;
        Ok("/security/second".to_string())
    };
    match signed.once(&form, begin).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, None, Some(&problem)).await,
    }
}

async fn set_up(signed: Signed) -> Result<Response, Response> {
    set_up_page(&signed, None).await
}

async fn set_up_page(signed: &Signed, wrong: Option<&Problem>) -> Result<Response, Response> {
    let user = signed.who.user.clone();
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let secret = second::secret(tx, real(at), &user)?;
        Ok((second::address(&user, &secret)?, secret))
    };
    let (address, secret) = match signed.visit.node.read(read).await {
        Ok(found) => found,
        Err(problem) => return page(signed, None, Some(&problem)).await,
    };
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it, visit));
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        ol.dots {
            li { (texts.second_scan()) @if let Some(image) = image(&address) { figure role="img" aria-label=(texts.second_image()) { (image) } } }
            li { (texts.second_type()) " " code { (secret) } }
            li { (texts.second_confirm()) }
        }
        form.narrow method="post" action="/security/second/confirm" {
            (parts::hidden(visit))
            (code_field(signed).show(told.as_ref()))
            div.field { button.btn.main { (texts.confirm_second()) } }
        }
    };
    let status = wrong.map_or(StatusCode::OK, |it| it.status);
    Ok(frame::page(
        signed,
        status,
        &frame::Page { title: &texts.begin_second(), sub: "", above: &[], body: &body },
    ))
}

/// The address as an image that a camera reads.
fn image(address: &str) -> Option<Markup> {
    let code = QrCode::new(address.as_bytes()).ok()?;
    let svg = code.render::<Color<'_>>().min_dimensions(220, 220).build();
    // Made of our own digits and letters: nothing in it was typed by anybody.
    svg.find("<svg").map(|start| PreEscaped(svg[start..].to_string()))
}

async fn confirm(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    match confirmed(&signed, &form).await {
        Ok(Some(codes)) => Ok(codes_page(&signed, &codes)),
        Ok(None) => Ok(see_other("/security?said=codes")),
        Err(problem) => set_up_page(&signed, Some(&problem)).await,
    }
}

/// The codes that take the place of the second factor: shown now and never again. `None` when this form came before.
async fn confirmed(signed: &Signed, form: &Fields) -> Result<Option<Vec<String>>, Problem> {
    let (who, user) = (signed.who.clone(), signed.who.user.clone());
    signed.visit.node.write(move |tx, at| tries::own(tx, real(at), &user)).await?;
    let codes: Vec<String> = (0..second::RECOVERY_CODES).map(|_| web::random::hexadecimal::<5>()).collect();
    let hashes: Vec<String> = codes.iter().map(|it| second::recovery_hash(it)).collect();
    let (code, mark) = (form.text("code").to_string(), journal::digest(hashes.concat().as_bytes()));
    let kept = mark.clone();
    let confirm = move |tx: &mut Tx<'_>, at: At<'_>| {
        second::confirm(tx, real(at), &who, &code, &hashes)?;
        Ok(kept.clone())
    };
    Ok((signed.once(form, confirm).await? == mark).then_some(codes))
}

fn codes_page(signed: &Signed, codes: &[String]) -> Response {
    let texts = signed.visit.texts();
    let shown = codes.iter().map(|it| format!("{}-{}", &it[..5], &it[5..])).collect::<Vec<_>>().join("\n");
    let body = html! {
        (parts::done(&texts.second_begun(), &html! {}))
        p { (texts.recovery_codes_hint()) }
        pre.code tabindex="0" { (shown) }
        p { a.btn.main href="/security" { (texts.codes_kept()) } }
    };
    frame::page(
        signed,
        StatusCode::OK,
        &frame::Page { title: &texts.recovery_codes(), sub: "", above: &[], body: &body },
    )
}

async fn end(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    match ended(&signed, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, None, Some(&problem)).await,
    }
}

async fn ended(signed: &Signed, form: &Fields) -> Result<String, Problem> {
    let (user, tried) = (signed.who.user.clone(), signed.who.user.clone());
    signed.visit.node.write(move |tx, at| tries::own(tx, real(at), &tried)).await?;
    let code = form.text("code").to_string();
    let end = move |tx: &mut Tx<'_>, at: At<'_>| {
        second::end(tx, real(at), &user, &code)?;
        Ok("/security?said=second-ended".to_string())
    };
    signed.once(form, end).await
}
