//! Paying by use for what is prepaid: what goes back and how that comes about, what it costs then, and the change.
//!
//! In:  a resource. Out: a page with the sum, line by line; the refund that was made.
//! Invariant: nothing is changed for less than the page allowed for; every figure is one of the quote.

use crate::fields::Fields;
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::refund::{READING_SECONDS, Sum, called, lines, nothing, places, way};
use crate::resource::own;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{frame, lost, show, slip};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::user::Right;
use desk::by_use::{self, Proposal, Wanted};
use desk::refunds::Subject;
use desk::resources::Own;
use desk::{At, Refusal, Tx, later};
use maud::{Markup, html};
use units::{Amount, Money};
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/resources/{resource}/by-use", get(ask).post(change))
}

/// What it would come to, and the least that whoever reads the page agrees to.
struct Shown {
    it: Proposal,
    least: Money,
}

fn read(tx: &mut Tx<'_>, at: At<'_>, own: Own) -> Result<Shown, Refusal> {
    let it = by_use::quote(tx, at, own)?;
    let soon = At { now: later(at.now, READING_SECONDS), ..at };
    let least = by_use::quote(tx, soon, own).map_or(it.refund.total, |it| it.refund.total);
    Ok(Shown { it, least })
}

async fn ask(signed: Signed, Path(resource): Path<String>) -> Result<Response, Response> {
    let own = own(&signed, &resource).await?;
    page(&signed, own, None).await
}

async fn page(signed: &Signed, own: Own, wrong: Option<&Problem>) -> Result<Response, Response> {
    frame::needs(signed, Right::Buy)?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let called = called(signed, own.account, Subject::Resource(own.id)).await?;
    let found = visit.node.read(move |tx, at| read(tx, at, own)).await;
    let path = format!("/resources/{}", own.id);
    let told = wrong.map(|it| Wrong::of(it, visit).among(&[]));
    let body = match &found {
        Ok(shown) => html! { (parts::errors(visit, told.as_ref())) (explained(signed, shown, &path)) },
        Err(problem) if problem.status == StatusCode::NOT_FOUND => return Err(lost::failed(visit, problem)),
        Err(problem) => {
            let why = parts::why_not(visit, wrong.unwrap_or(problem));
            html! {
                div.empty { h2 { (texts.by_use_not()) } p { (why) } p.acts { a.btn href=(path) { (texts.keep_it()) } } }
            }
        }
    };
    let (title, sub, resources) = (texts.by_use(), texts.by_use_sub(&called), texts.resources());
    let above = [("/resources", resources.as_str()), (path.as_str(), called.as_str())];
    let page = frame::Page { title: &title, sub: &sub, above: &above, body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.status), &page))
}

/// The sum, how it comes about, where it goes, what it costs then, and the button.
fn explained(signed: &Signed, Shown { it, least }: &Shown, path: &str) -> Markup {
    let (texts, unit, refund) = (signed.visit.texts(), signed.unit(), &it.refund);
    let money = |it: Money| format!("{} {unit}", show::money(it));
    let day = |it: Amount| format!("{} {unit}", show::cost(it.e8(), it.currency()));
    let button = html! { button.btn.main.wide { (texts.by_use_now()) } };
    html! {
        form.buy method="post" action=(format!("{path}/by-use")) {
            (parts::hidden(&signed.visit))
            input type="hidden" name="least" value=(least.minor());
            div {
                section aria-labelledby="h-how" {
                    div.sect { h2 id="h-how" { (texts.refund_how()) } p { (way(texts, refund.way)) } }
                    (lines(signed, &it.resource.product, &refund.lines, refund.amount_e8))
                }
                section aria-labelledby="h-then" {
                    div.sect { h2 id="h-then" { (texts.afterwards()) } }
                    ul.tick {
                        li { (texts.by_use_then_on()) }
                        li { (texts.by_use_then_tiers()) }
                        @if !it.resource.raises.is_empty() { li { (texts.by_use_then_raises()) } }
                        li { (texts.by_use_day(day(it.a_day))) }
                        @if it.held.is_positive() { li { (texts.by_use_holds(money(it.held))) } }
                        li { (texts.by_use_then_whole()) }
                    }
                }
            }
            div.stick {
                aside.slip aria-labelledby="h-back" {
                    h2 id="h-back" { (texts.refund_goes_back()) }
                    (places(signed, &it.back, Money::zero(refund.currency()), &Sum { what: &texts.refund_goes_back(), total: refund.total }))
                    (nothing(signed, refund.total))
                    (button)
                    a.btn.wide href=(path) { (texts.keep_it()) }
                }
                (slip::bar_of(signed, refund.total, &texts.refund_goes_back(), &button))
                p.hint { (texts.refund_checked_again()) }
            }
        }
    }
}

async fn change(
    Path(resource): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let own = own(&signed, &resource).await?;
    match changed(&signed, own, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) if problem.status == StatusCode::INTERNAL_SERVER_ERROR => {
            Err(lost::failed(&signed.visit, &problem))
        }
        Err(problem) => page(&signed, own, Some(&problem)).await,
    }
}

async fn changed(signed: &Signed, own: Own, form: &Fields) -> Result<String, Problem> {
    let wrong = |_| Problem::malformed(Some("least".into()), "`least` is no sum".to_string());
    let least: i64 = form.text("least").parse().map_err(wrong)?;
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let currency = desk::lists::accounts::currency(tx, own.account)?;
        let least = Some(Money::from_minor(least, currency));
        let seen = by_use::convert(tx, at, Wanted { own, least })?;
        Ok(format!("/refunds/{}", seen.refund.id))
    };
    signed.once(form, work).await
}
