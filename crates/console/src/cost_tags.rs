//! Cost tags: the keys of tags by which an account cuts its costs.
//!
//! In:  keys. Out: the list; a key made a cost tag or taken away, once.
//! Invariant: what is refused stands beside its field; months that are over stay as they are. Source: R-ALC-2.

use crate::fields::Fields;
use crate::frame;
use crate::parts::{self, Field, Wrong, sent};
use crate::posted::Posted;
use crate::show;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::cost_tag::MOST;
use billing::user::Right;
use desk::cost_tags::{self, Beside};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use units::AccountId;
use web::problem::Problem;

/// Keys of resources that a page offers.
const OFFERED: usize = 50;
/// The field of a key.
const KEYS: &str = "keys";

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/cost/tags", get(see).post(make)).route("/cost/tags/remove", post(remove))
}

async fn see(signed: Signed) -> Result<Response, Response> {
    page(&signed, None).await
}

async fn page(signed: &Signed, wrong: Option<(&Fields, &Problem)>) -> Result<Response, Response> {
    let account = whose(signed)?;
    let found = signed.read(move |tx, _| cost_tags::beside(tx, account)).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it.1, visit));
    let most = MOST.to_string();
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        @if found.all.is_empty() {
            div.empty { h2 { (texts.no_cost_tags()) } p { (texts.no_cost_tags_hint(most.as_str())) } }
        } @else { (table(signed, &found)) }
        (parts::hint(&texts.cost_tags_counted()))
        (form(signed, wrong.map(|it| it.0), told.as_ref()))
        @if signed.may(Right::Buy) && !found.others.is_empty() { (offered(signed, &found.others)) }
    };
    let costs = texts.costs();
    let above = [("/cost", costs.as_str())];
    let (title, sub) = (texts.cost_tags(), texts.cost_tags_sub());
    let page = frame::Page { title: &title, sub: &sub, above: &above, body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.1.status), &page))
}

fn table(signed: &Signed, found: &Beside) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.cost_tag_key()) }
                    th scope="col" { (texts.counts_from()) }
                    th scope="col" { span.sr { (texts.actions()) } }
                }
            }
            tbody {
                @for it in &found.all {
                    tr {
                        th scope="row" { (it.key) @if found.idle.contains(&it.key) { span.s { (texts.on_no_resource()) } } }
                        td { (show::month(&visit.calendar.month(it.from), visit.language)) }
                        td.one {
                            @if signed.may(Right::Buy) {
                                form method="post" action="/cost/tags/remove" {
                                    (parts::hidden(visit))
                                    button.btn.small name=(KEYS) value=(it.key) aria-label=(format!("{}: {}", texts.remove(), it.key)) { (texts.remove()) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn form(signed: &Signed, was: Option<&Fields>, wrong: Option<&Wrong>) -> Markup {
    let texts = signed.visit.texts();
    let most = MOST.to_string();
    html! {
        section aria-labelledby="h-make" {
            div.sect { h2 id="h-make" { (texts.make_cost_tag()) } }
            @if signed.may(Right::Buy) {
                form.narrow method="post" action="/cost/tags" {
                    (parts::hidden(&signed.visit))
                    (Field::text(KEYS, texts.cost_tag_key(), sent(was, KEYS)).hint(texts.cost_tag_key_hint(most.as_str())).show(wrong))
                    div.field { button.btn.main { (texts.make_cost_tag()) } }
                }
            } @else { p.quiet { (texts.not_allowed()) } }
        }
    }
}

/// Keys that stand on resources, each to be made a cost tag at once.
fn offered(signed: &Signed, all: &[String]) -> Markup {
    let texts = signed.visit.texts();
    html! {
        section aria-labelledby="h-keys" {
            div.sect { h2 id="h-keys" { (texts.keys_on_resources()) } }
            form.line method="post" action="/cost/tags" {
                (parts::hidden(&signed.visit))
                @for key in all.iter().take(OFFERED) {
                    button.btn.small name=(KEYS) value=(key) aria-label=(format!("{}: {key}", texts.make_cost_tag())) { (key) }
                }
            }
        }
    }
}

/// Sets the cost tags that `keys` makes of those there are, and shows them as they stand then.
async fn done(
    signed: &Signed,
    form: &Fields,
    keys: impl Fn(Vec<String>) -> Vec<String> + Send + 'static,
) -> Result<Response, Response> {
    frame::needs(signed, Right::Buy)?;
    let account: AccountId = whose(signed)?;
    let act = move |tx: &mut Tx<'_>, at: At<'_>| -> Result<String, Refusal> {
        let there = cost_tags::of_account(tx, account)?.into_iter().map(|it| it.key).collect();
        cost_tags::set(tx, at, account, &keys(there))?;
        Ok("/cost/tags".to_string())
    };
    match signed.once(form, act).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(signed, Some((form, &problem))).await,
    }
}

async fn make(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let key = form.text(KEYS).to_string();
    done(&signed, &form, move |mut there| {
        there.push(key.clone());
        there
    })
    .await
}

async fn remove(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let key = form.text(KEYS).to_string();
    done(&signed, &form, move |mut there| {
        there.retain(|it| *it != key);
        there
    })
    .await
}
