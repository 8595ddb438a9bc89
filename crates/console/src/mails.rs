//! Mails of all customers: queued, sent, dead; and what every kind looks like.
//!
//! In:  a state, a customer, a mail to be sent again, a kind. Out: a list; a mail as text and as HTML.
//! Invariant: what an operator sends again stands in the audit log; an example names nothing that there is.

use crate::house::{self, Asked, Whose};
use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{choice, frame, lost, parts, words};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use billing::language::Language;
use billing::letter::{Duty, LetterKind, MailState};
use billing::user::{House, Right};
use desk::lists::mails::Named;
use desk::mails::{self, Mail, MailFilter};
use desk::page::{Page, Part};
use desk::{At, Refusal, Tx, lists};
use mail::{Reader, SAMPLE, Sample, To, Written};
use maud::{Markup, html};
use units::MailId;
use web::problem::Problem;

/// Mails of a page.
const MOST: u16 = 50;
/// An example holds styles, as mails do, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/mails", get(all))
        .route("/operator/mails/resend", post(resend))
        .route("/operator/mails/preview", get(kinds))
        .route("/operator/mails/preview/{kind}", get(preview))
        .route("/operator/mails/preview/{kind}/html", get(as_html))
}

async fn all(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    list(&signed, &asked, None).await
}

async fn list(signed: &Signed, asked: &Asked, wrong: Option<&Problem>) -> Result<Response, Response> {
    let state = choice::asked(signed, "state", &MailState::ALL, MailState::as_str)?;
    let (named, part) =
        (house::text(asked, "account"), Part { after: house::text(asked, "after"), most: MOST });
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        let house = match house::whose(tx, named.as_deref())? {
            Whose::Everybody => None,
            Whose::Of(account) => Some(House::Account(account)),
            Whose::Nobody => return Ok::<_, Refusal>((None, Page::whole(Vec::new()))),
        };
        Ok((house, lists::mails::page(tx, MailFilter { state, house }, &part)?))
    };
    let (of, found) = signed.read(read).await?;
    let of = of.and_then(House::account).map_or_else(String::new, |it| it.to_string());
    let csv = [("account", of.as_str()), ("state", state.map_or("", MailState::as_str))];
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| parts::Wrong::of(it, visit));
    let value = |name: &str| asked.get(name).map_or("", String::as_str);
    let body = html! {
        @if asked.contains_key("said") { (parts::done(&texts.mail_sent_again(), &html! {})) }
        (parts::errors(visit, told.as_ref()))
        form.filter method="get" action="/operator/mails" role="search" {
            input.input type="search" name="account" value=(value("account")) aria-label=(texts.customer_or_id()) placeholder=(texts.customer_or_id());
            select.input name="state" aria-label=(texts.state()) {
                option value="" selected[state.is_none()] { (texts.mail_any_state()) }
                @for it in MailState::ALL {
                    option value=(it.as_str()) selected[state == Some(it)] { (words::mail_state(texts, it)) }
                }
            }
            button.btn { (texts.search()) }
            a.btn href="/operator/mails/preview" { (texts.mail_previews()) }
        }
        @if found.items.is_empty() {
            div.empty { h2 { (texts.no_mails()) } p { (texts.no_mails_hint()) } }
        } @else { (table(signed, &found)) (parts::csv(visit, "mails", &csv)) }
    };
    let status = wrong.map_or(StatusCode::OK, |it| it.status);
    let page =
        frame::Page { title: &texts.all_mails(), sub: &texts.all_mails_sub(), above: &[], body: &body };
    Ok(frame::page(signed, status, &page))
}

fn table(signed: &Signed, found: &Page<Named<Mail>>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.mail_kind()) }
                    th scope="col" { (texts.mail_to()) }
                    th.p2 scope="col" { (texts.customer()) }
                    th.p2 scope="col" { (texts.at()) }
                    th scope="col" { (texts.state()) }
                    th scope="col" { span.sr { (texts.actions()) } }
                }
            }
            tbody { @for it in &found.items { (row(signed, it)) } }
        }
        (parts::more(visit, found.next.as_deref()))
    }
}

fn row(signed: &Signed, Named { name, of: it }: &Named<Mail>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        tr {
            th scope="row" { (mail::called(it.kind, visit.language)) span.s { code { (it.id) } } span.only.s { (visit.exact_time(it.ended.unwrap_or(it.created))) } }
            td { (it.address) span.s { (words::language(it.language)) } }
            td.p2 { @if let (Some(account), Some(name)) = (it.house.account(), name) { (house::link(account, name)) } @else { "–" } }
            td.p2.pre { (visit.exact_time(it.ended.unwrap_or(it.created))) }
            td {
                (words::mail_state(texts, it.state))
                @if it.state == MailState::Queued {
                    @if let Some(due) = it.due { span.s { (texts.mail_due(visit.exact_time(due))) } }
                }
                @if !it.error.is_empty() { span.s { (it.error) } }
            }
            td.one {
                @if it.state == MailState::Dead && signed.may(Right::Retry) {
                    (parts::button(visit, "/operator/mails/resend", &[("mail", &it.id.to_string())], &texts.send_again()))
                }
            }
        }
    }
}

async fn resend(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Retry)?;
    let Ok(id) = form.text("mail").parse::<MailId>() else {
        return Err(lost::nowhere(signed.visit.clone()).await);
    };
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        mails::again(tx, at, id)?;
        Ok("/operator/mails?said=again".to_string())
    };
    match signed.once(&form, work).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => list(&signed, &Asked::new(), Some(&problem)).await,
    }
}

async fn kinds(signed: Signed) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let body = html! {
        table.table {
            thead { tr { th scope="col" { (texts.mail_kind()) } th scope="col" { (texts.mail_kind_when()) } } }
            tbody {
                @for it in LetterKind::ALL {
                    tr {
                        th scope="row" { a href=(format!("/operator/mails/preview/{}", it.as_str())) { (mail::called(it, language)) } }
                        td { (mail::sent_when(it, language)) }
                    }
                }
            }
        }
    };
    let all = texts.all_mails();
    let above = [("/operator/mails", all.as_str())];
    let page = frame::Page {
        title: &texts.mail_previews(),
        sub: &texts.mail_previews_sub(),
        above: &above,
        body: &body,
    };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

/// The kind that a path names. The answer otherwise: that there is nothing.
async fn kind(signed: &Signed, word: &str) -> Result<LetterKind, Response> {
    frame::operators(signed, Right::Customers)?;
    match LetterKind::parse(word) {
        Some(kind) => Ok(kind),
        None => Err(lost::nowhere(signed.visit.clone()).await),
    }
}

/// An example of a kind in a language.
fn example(signed: &Signed, kind: LetterKind, language: Language) -> Written {
    let (visit, desk) = (&signed.visit, signed.visit.node.desk());
    let base = visit.whole("");
    let leave = mail::leave_address(&base, "example");
    let leave = (kind.duty() == Duty::Choice).then_some(leave.as_str());
    let to = To { kind, language, account: SAMPLE, base: &base, leave, reader: Reader::Person };
    mail::written(&desk, &mail::sample(kind, Sample { desk: &desk, at: visit.now }), &to)
}

async fn preview(signed: Signed, Path(word): Path<String>) -> Result<Response, Response> {
    let kind = kind(&signed, &word).await?;
    let texts = signed.visit.texts();
    let body = html! {
        @for language in Language::ALL {
            @let it = example(&signed, kind, language);
            @let id = format!("h-{}", language.as_str());
            section aria-labelledby=(id) {
                div.sect {
                    h2 id=(id) { (words::language(language)) }
                    a.more href=(format!("/operator/mails/preview/{}/html?language={}", kind.as_str(), language.as_str())) { (texts.mail_as_html()) }
                }
                p { b lang=(language.as_str()) { (it.subject) } }
                pre.letter lang=(language.as_str()) { (it.text) }
            }
        }
    };
    let (title, all, previews) =
        (mail::called(kind, signed.visit.language), texts.all_mails(), texts.mail_previews());
    let above = [("/operator/mails", all.as_str()), ("/operator/mails/preview", previews.as_str())];
    let sub = mail::sent_when(kind, signed.visit.language);
    let page = frame::Page { title: &title, sub: &sub, above: &above, body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

async fn as_html(signed: Signed, Path(word): Path<String>) -> Result<Response, Response> {
    let kind = kind(&signed, &word).await?;
    let language = choice::asked(&signed, "language", &Language::ALL, Language::as_str)?;
    let language = language.unwrap_or(signed.visit.language);
    let it = example(&signed, kind, language);
    let policy = HeaderValue::from_static(POLICY);
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(it.html)).into_response())
}
