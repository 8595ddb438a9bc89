//! Who sells and what is taxed: the operator's file.
//!
//! In:  the text of a file. Out: the one that holds, a form for another, every problem of it.
//! Invariant: a file with a problem is not applied, and what was typed stays.

use crate::fields::Fields;
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{frame, show};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::user::Right;
use desk::documents::{AppliedSellers, sellers};
use desk::{At, Refusal, Tx};
use maud::html;
use std::collections::BTreeMap;
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/sellers", get(there).post(apply))
}

async fn there(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Books)?;
    let said =
        query.get("said").is_some_and(|it| it == "applied").then(|| signed.visit.texts().sellers_applied());
    page(&signed, said.as_deref(), None).await
}

async fn page(
    signed: &Signed,
    said: Option<&str>,
    wrong: Option<(&Fields, &Problem)>,
) -> Result<Response, Response> {
    let found: Option<AppliedSellers> = signed.read(|tx, _| sellers::applied(tx)).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it.1, visit));
    let bad = told.as_ref().and_then(|it| it.at("text"));
    let there = found.as_ref().map_or("", |it| it.body.as_str());
    let text = wrong.map_or(there, |it| it.0.exact("text"));
    let body = html! {
        @if let Some(said) = said { (parts::done(said, &html! {})) }
        (parts::errors(visit, told.as_ref()))
        p.quiet {
            @match &found {
                Some(it) => (texts.sellers_since(visit.time(it.applied), show::actor(&it.by, texts))),
                None => (texts.sellers_none()),
            }
        }
        form method="post" action="/operator/sellers" {
            (parts::hidden(visit))
            div.field.bad[bad.is_some()] {
                label for="text" { (texts.sellers_text()) }
                span.hint id="h-text" { (texts.sellers_hint()) }
                textarea.source id="text" name="text" rows="24" spellcheck="false" aria-describedby="h-text" { (text) }
                @if let Some(bad) = bad { p.error { (bad.text) } }
            }
            div.field { button.btn.main { (texts.apply_sellers()) } }
        }
    };
    let status = wrong.map_or(StatusCode::OK, |it| it.1.status);
    let page = frame::Page { title: &texts.sellers(), sub: &texts.sellers_sub(), above: &[], body: &body };
    Ok(frame::page(signed, status, &page))
}

async fn apply(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Books)?;
    let (text, by) = (form.exact("text").replace("\r\n", "\n"), signed.actor());
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        sellers::apply(tx, at, &text, &by)?;
        Ok::<_, Refusal>("/operator/sellers?said=applied".to_string())
    };
    match signed.once(&form, work).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, None, Some((&form, &problem))).await,
    }
}
