//! What became of a wish for several resources: what was done, and what was refused, each by its name.
//!
//! In:  resources and codes of refusals, in the address. Out: a page.
//! Invariant: only resources of the account are named, and only reasons that the till knows.

use crate::bulk_words as say;
use crate::fields::Fields;
use crate::signed::{Signed, whose};
use crate::{choice, frame, lost, parts, show};
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use desk::bulk::{Action, MOST};
use desk::lists::resources::{self as list, Seen};
use maud::{Markup, html};
use units::ResourceId;

/// A resource that was asked for, and why it was refused, where it was.
type Said = (ResourceId, Option<desk::Code>);

/// What an address says, of no more resources than are done at once.
fn said(query: &[(String, String)]) -> Vec<Said> {
    let one = |(key, value): &(String, String)| match key.as_str() {
        "ok" => Some((value.parse().ok()?, None)),
        "no" => {
            let (id, word) = value.split_once(' ')?;
            let code = desk::Code::ALL.iter().find(|it| it.as_str() == word)?;
            Some((id.parse().ok()?, Some(*code)))
        }
        _ => None,
    };
    query.iter().filter_map(one).take(MOST).collect()
}

pub(crate) async fn show(
    signed: Signed,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Response> {
    let account = whose(&signed)?;
    let all = said(&query);
    let ids: Vec<ResourceId> = all.iter().map(|it| it.0).collect();
    let found = signed.read(move |tx, _| list::several(tx, account, &ids)).await?;
    let texts = signed.visit.texts();
    let count = |refused: bool| all.iter().filter(|it| it.1.is_some() == refused).count();
    let body = html! {
        @if count(false) > 0 { (parts::done(&texts.done_of(count(false).to_string(), all.len().to_string()), &html! {})) }
        (table(&signed, &all, &found))
        p.acts.gap { a.btn.main href="/resources" { (texts.to_resources()) } }
    };
    let form = Fields::of(query);
    let deed = choice::read(&form, "do", &Action::ALL, Action::as_str);
    let deed = deed.map_err(|problem| lost::failed(&signed.visit, &problem))?;
    let (title, resources) = (say::name(texts, deed), texts.resources());
    let above = [("/resources", resources.as_str())];
    Ok(frame::page(
        &signed,
        StatusCode::OK,
        &frame::Page { title: &title, sub: "", above: &above, body: &body },
    ))
}

fn table(signed: &Signed, all: &[Said], found: &[Seen]) -> Markup {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let seen = |id: ResourceId| found.iter().find(|it| it.shown.resource.id == id);
    let rows = all.iter().filter_map(|(id, code)| Some((&seen(*id)?.shown.resource, code)));
    html! {
        table.table {
            thead { tr { th scope="col" { (texts.name()) } th scope="col" { (texts.what_became()) } } }
            tbody {
                @for (it, refused) in rows {
                    tr {
                        th scope="row" { a href=(format!("/resources/{}", it.id)) { (signed.called(it)) } span.s { (signed.product(&it.product)) } }
                        td {
                            @match refused {
                                None => (texts.done()),
                                Some(code) => {
                                    @let words = web::code::Code::from(*code).words(language);
                                    span.pill.care { (texts.refused()) } span.s { (show::sentences(&[words.title, words.remedy], language)) (language.say(".".into(), "。".into())) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
