//! Other options for what runs and is paid after use: what a day costs now and then, and the change.
//!
//! In:  a resource, other options. Out: a page with a control for each that may change, and the price of both; the change.
//! Invariant: the options are those of the purchase page, with the same reasons why not; what was shown is what is done.

use crate::fields::Fields;
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::resource::own;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::wish::{Sent, Settled, field, settled};
use crate::{frame, options, show};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use billing::book::Resize;
use billing::resource::Resource;
use billing::user::Right;
use desk::lists::resources as list;
use desk::resize::{self, Resized};
use desk::resources::{self, Own};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/resources/{resource}/resize", get(choose).post(change))
}

/// What a page shows.
struct Shown {
    called: String,
    options: Markup,
    price: Markup,
}

/// The options of a resource, with those that were chosen instead.
fn wanted(it: &Resource, sent: &Sent) -> Sent {
    let mut options = it.options.pairs();
    options.retain(|had| !sent.options.iter().any(|new| new.0 == had.0));
    options.extend(sent.options.iter().cloned());
    Sent { options, ..Sent::default() }
}

/// The options that are others than those the resource has.
fn changes(it: &Resource, found: &Settled<'_>) -> Vec<(String, String)> {
    let is_new = |pair: &(String, String)| it.options.get(&pair.0) != Some(pair.1.as_str());
    found.choices().chosen.pairs().into_iter().filter(is_new).collect()
}

async fn choose(
    signed: Signed,
    Path(resource): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Response> {
    let own = own(&signed, &resource).await?;
    let sent = Sent::read(query.iter().map(|it| (it.0.as_str(), it.1.as_str())));
    page(&signed, own, sent, None).await
}

async fn page(signed: &Signed, own: Own, sent: Sent, wrong: Option<&Problem>) -> Result<Response, Response> {
    frame::needs(signed, Right::Buy)?;
    let looker = signed.clone();
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let resource = list::one(tx, own.account, own.id)?.shown.resource;
        let found = settled(at, &resource.product, &wanted(&resource, &sent))?;
        let others = changes(&resource, &found);
        let then = resize::preview(tx, at, own, &others);
        let rules = |it: &billing::book::OptionRule| it.resize == Resize::Allowed;
        Ok(Shown {
            called: looker.called(&resource),
            options: options::some(&looker, &found, rules),
            price: match then {
                _ if !found.is_whole => none(&looker, &looker.visit.texts().not_as_chosen()),
                Ok(then) => price(&looker, &then, &others),
                Err(refusal) => none(&looker, &Wrong::of_refusal(&refusal, &looker.visit).text),
            },
        })
    };
    let it = signed.read(read).await?;
    match signed.visit.part.as_deref() {
        Some("options") => return Ok(Html(it.options.into_string()).into_response()),
        Some("price") => return Ok(Html(it.price.into_string()).into_response()),
        Some(_) | None => {}
    }
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it, visit).among(&[]));
    let path = format!("/resources/{}", own.id);
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        // The choices go into the address; what is done is sent by a form of its own, whose fields stand in the slip.
        form.buy method="get" data-live=(format!("{path}/resize")) {
            (it.options)
            div.stick { (it.price) }
        }
        form id="to-resize" method="post" action=(format!("{path}/resize")) { (parts::hidden(visit)) }
    };
    let resources = texts.resources();
    let above = [("/resources", resources.as_str()), (path.as_str(), it.called.as_str())];
    let (title, sub) = (texts.resize(), texts.resize_hint());
    let page = frame::Page { title: &title, sub: &sub, above: &above, body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.status), &page))
}

/// The slip, and on narrow screens a bar that keeps its button in reach.
fn slip(signed: &Signed, content: &Markup, bar: &Markup) -> Markup {
    html! {
        div.live id="price" {
            aside.slip aria-labelledby="h-price" { h2 id="h-price" { (signed.visit.texts().price()) } (content) }
            (bar)
        }
    }
}

fn none(signed: &Signed, why: &str) -> Markup {
    let texts = signed.visit.texts();
    let content = html! {
        p.error data-say { (why) }
        p.hint { (texts.no_price_hint()) }
        button.btn.wide.nojs { (texts.update_price()) }
    };
    slip(signed, &content, &html! { div.paybar { div { b { "–" } span.hint { (why) } } } })
}

/// What a day costs now and then, what is held, and the button.
fn price(signed: &Signed, it: &Resized, others: &[(String, String)]) -> Markup {
    let (texts, unit) = (signed.visit.texts(), signed.unit());
    let [now, then] = it.a_day;
    let (read, finer) = show::cost_parts(then.e8(), then.currency());
    let button = html! {
        button.btn.main.wide form="to-resize" disabled[!it.is_other] { (texts.resize_it()) }
    };
    let sum = html! { (read) @if !finer.is_empty() { span.f { (finer) } } " " span.cur { (unit) } };
    let content = html! {
        dl.rows {
            div { dt { (texts.a_day_as_it_is()) } dd { (parts::exact(now.e8(), now.currency())) } }
            div.sum data-say { dt { (texts.a_day_changed()) } dd { (sum) } }
        }
        ul.also.dots {
            li { (texts.resize_at_once()) }
            li { (texts.held_then(format!("{} {unit}", show::money(it.held)))) }
            li { (texts.a_day_hint()) }
        }
        button.btn.wide.nojs { (texts.update_price()) }
        @for (option, value) in others { input type="hidden" form="to-resize" name=(field(option)) value=(value); }
        (button)
        @if !it.is_other { p.hint { (texts.nothing_chosen_else()) } }
    };
    let bar = html! { div.paybar { div { b.n { (sum) } span.hint { (texts.a_day_changed()) } } (button) } };
    slip(signed, &content, &bar)
}

async fn change(
    Path(resource): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let own = own(&signed, &resource).await?;
    let sent = sent(&form);
    let asked = sent.clone();
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let resource = list::one(tx, own.account, own.id)?.shown.resource;
        let found = settled(at, &resource.product, &wanted(&resource, &asked))?;
        // What was shown cannot be had like that any more: the page says what can.
        if let Some((option, _)) = found.dropped.iter().find(|it| asked.options.contains(it)) {
            return Err(Refusal::from(billing::resource::ResourceError::Fixed(option.clone())));
        }
        resources::resize(tx, at, own, &changes(&resource, &found))?;
        Ok(format!("/resources/{}", own.id))
    };
    match signed.once(&form, work).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, own, sent, Some(&problem)).await,
    }
}

fn sent(form: &Fields) -> Sent {
    Sent::read(form.pairs())
}
