//! The forecast of an account: when its money runs out, and what stops, ends and is renewed until then and after.
//!
//! In:  an account. Out: figures, every step with what is left behind it, and what was taken for granted.
//! Invariant: it is what the API says; a step says its second.

use crate::house::{self, Below};
use crate::parts::figure;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::{ahead, frame, show};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::ahead::folded::fold;
use billing::user::Right;
use desk::ahead::{self as list, Ahead, Look};
use maud::{Markup, html};
use units::Money;

/// Steps of a page.
const MOST: usize = 200;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/forecast", get(own))
        .route("/operator/customers/{account}/forecast", get(of_customer))
}

async fn own(signed: Signed) -> Result<Response, Response> {
    let account = whose(&signed)?;
    let found = signed.report(move |tx, at| list::alone(tx, at, account, Look::forecast(MOST))).await?;
    let texts = signed.visit.texts();
    let (body, overview) = (shown(&signed, &found), texts.overview());
    let sub = texts.up_to_now(signed.visit.time(signed.visit.now));
    let above = [("/", overview.as_str())];
    let page = frame::Page { title: &texts.forecast_title(), sub: &sub, above: &above, body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

async fn of_customer(signed: Signed, Path(account): Path<String>) -> Result<Response, Response> {
    let customer = house::customer(&signed, Right::Customers, &account).await?;
    let id = customer.account.id;
    let found = signed.report(move |tx, at| list::alone(tx, at, id, Look::forecast(MOST))).await?;
    let texts = signed.visit.texts();
    let (title, body) = (texts.forecast_title(), shown(&signed, &found));
    let sub = texts.up_to_now(signed.visit.time(signed.visit.now));
    Ok(house::below(
        &signed,
        &customer,
        &Below { title: &title, sub: &sub, status: StatusCode::OK, body: &body },
    ))
}

fn shown(signed: &Signed, it: &Ahead) -> Markup {
    html! {
        (figures(signed, it))
        (steps(signed, it))
        (assumptions(signed, it))
    }
}

/// The money of a forecast is of the account, whoever looks.
fn unit(signed: &Signed, it: &Ahead) -> &'static str {
    show::currency(it.balance.currency(), signed.visit.language)
}

fn figures(signed: &Signed, it: &Ahead) -> Markup {
    let (visit, texts, unit) = (&signed.visit, signed.visit.texts(), unit(signed, it));
    let (when, said) = match (it.arrears_since, it.gone) {
        (Some(since), _) => (visit.time(since), texts.in_arrears_since_then()),
        (None, Some(at)) => (visit.time(at), texts.money_gone_then()),
        (None, None) => ("–".to_string(), texts.lasts_at_least(visit.time(it.until))),
    };
    let in_unit = |sum: Money| format!("{} {unit}", show::money(sum));
    let a_day = it.a_day.and_then(|it| it.round().ok()).map_or_else(|| "–".to_string(), show::money);
    html! {
        dl.figures {
            (figure(&texts.money_runs_out(), &when, "", &html! { (said) }))
            (figure(&texts.balance_now(), &show::money(it.balance), unit, &html! {
                @if it.credit.is_positive() { (texts.credit_beside_balance(in_unit(it.credit))) " · " }
                @if it.promised.is_positive() { (texts.promised_besides(in_unit(it.promised))) } @else { (texts.balance_now_hint()) }
            }))
            (figure(&texts.use_a_day(), &a_day, unit, &html! { (texts.use_a_day_hint()) }))
        }
    }
}

fn steps(signed: &Signed, it: &Ahead) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        section aria-labelledby="h-steps" {
            div.sect { h2 id="h-steps" { (texts.what_comes_next()) } p { (texts.all_before(visit.time(it.until))) } }
            @if it.steps.is_empty() { p.quiet { (texts.nothing_comes()) } } @else {
                table.table {
                    thead {
                        tr {
                            th scope="col" { (texts.when_it_comes()) }
                            th scope="col" { (texts.what_comes()) }
                            th.n scope="col" { (texts.balance_then(unit(signed, it))) }
                        }
                    }
                    tbody {
                        @for found in &fold(&it.steps) {
                            @let step = &found.step;
                            tr {
                                td { time datetime=(step.at) { (visit.exact_time(step.at)) } }
                                td { (ahead::told(signed, it, found)) }
                                td.n { @if let Some(balance) = step.balance { (show::money(balance)) } @else { "–" } }
                            }
                        }
                    }
                }
                @if it.more > 0 { p.hint { (texts.steps_left_out(it.more)) } }
            }
        }
    }
}

fn assumptions(signed: &Signed, it: &Ahead) -> Markup {
    let texts = signed.visit.texts();
    html! {
        section aria-labelledby="h-if" {
            div.sect { h2 id="h-if" { (texts.taken_for_granted()) } }
            ul { @for it in &it.assumptions { li { (it.text().get(signed.visit.language)) } } }
            @if let Some(why) = &it.broken { p.hint { (texts.ends_because(why.text().get(signed.visit.language))) } }
        }
    }
}
