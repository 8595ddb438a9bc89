//! The account itself: what it is called, in which currency it pays, and when it is told that the balance is low.
//!
//! In:  a sum. Out: the account as it stands; the bound below which its owner is told.
//! Invariant: nothing of it changes what anything costs.

use crate::fields::Fields;
use crate::parts::{self, Field, Wrong};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::{choice, document, frame, opening, show};
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::account::Verified;
use billing::user::Right;
use desk::accounts::{self, Change};
use desk::lists::accounts::{self as list, Customer};
use desk::{At, Tx};
use maud::{Markup, html};
use units::AccountId;
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/account", get(show_page).post(change)).route("/account/expiry-day", post(fix_day))
}

async fn show_page(signed: Signed) -> Result<Response, Response> {
    page(&signed, None).await
}

async fn page(signed: &Signed, wrong: Option<(&Fields, &Problem)>) -> Result<Response, Response> {
    let account = whose(signed)?;
    let customer = signed.read(move |tx, _| list::one(tx, account)).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it.1, visit));
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        (facts(signed, &customer))
        (alert_form(signed, &customer, wrong.map(|it| it.0), told.as_ref()))
        (day_form(signed, &customer, wrong.map(|it| it.0), told.as_ref()))
    };
    let page = frame::Page { title: &texts.account(), sub: "", above: &[], body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.1.status), &page))
}

fn facts(signed: &Signed, it: &Customer) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let verified = match it.account.verified {
        Verified::Yes => texts.yes(),
        Verified::No => texts.no(),
    };
    html! {
        dl.pairs.ruled {
            dt { (texts.name()) } dd { (it.account.name) }
            dt { (texts.number()) } dd.id { (it.account.id) }
            dt { (texts.own_currency()) } dd { (show::currency(it.account.currency, visit.language)) }
            dt { (texts.own_verified()) } dd { (verified) }
            dt { (texts.since()) } dd { (visit.time(it.account.created)) }
            dt { (texts.language()) } dd { (document::other_language(visit)) }
        }
    }
}

fn alert_form(signed: &Signed, it: &Customer, was: Option<&Fields>, wrong: Option<&Wrong>) -> Markup {
    let texts = signed.visit.texts();
    let stands = if it.account.alert.is_zero() { String::new() } else { it.account.alert.to_string() };
    let sent = was.filter(|form| form.pairs().any(|it| it.0 == "alert"));
    let value = sent.map_or(stands.as_str(), |form| form.text("alert"));
    let field = Field::text("alert", texts.alert_below(signed.unit()), value).hint(texts.alert_hint());
    html! {
        section aria-labelledby="h-alert" {
            div.sect { h2 id="h-alert" { (texts.alert()) } }
            @if signed.may(Right::Buy) {
                form.narrow method="post" action="/account" {
                    (parts::hidden(&signed.visit))
                    (field.optional(wrong))
                    div.field { button.btn.main { (texts.save()) } }
                }
            } @else { p.quiet { (texts.not_allowed()) } }
        }
    }
}

/// The day of the month on which what is prepaid ends.
fn day_form(signed: &Signed, it: &Customer, was: Option<&Fields>, wrong: Option<&Wrong>) -> Markup {
    let texts = signed.visit.texts();
    let stands = it.account.expiry_day.map_or_else(String::new, |it| it.to_string());
    let sent = was.filter(|form| form.pairs().any(|it| it.0 == "day"));
    let value = sent.map_or(stands.as_str(), |form| form.text("day"));
    let field = Field::text("day", texts.expiry_day(), value).hint(texts.expiry_day_hint());
    html! {
        section aria-labelledby="h-day" {
            div.sect { h2 id="h-day" { (texts.one_day_for_all()) } }
            @if signed.may(Right::Buy) {
                form.narrow method="post" action="/account/expiry-day" {
                    (parts::hidden(&signed.visit))
                    (field.optional(wrong))
                    div.field { button.btn { (texts.save()) } }
                }
            } @else { p.quiet { (texts.not_allowed()) } }
        }
    }
}

async fn fix_day(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let account = whose(&signed)?;
    let day = match choice::number::<u32>(&form, "day") {
        Ok(day) => day,
        Err(problem) => return page(&signed, Some((&form, &problem))).await,
    };
    let work = move |tx: &mut Tx<'_>, _: At<'_>| {
        accounts::fix_day(tx, account, day)?;
        Ok("/account".to_string())
    };
    match signed.once(&form, work).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, Some((&form, &problem))).await,
    }
}

async fn change(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let account = whose(&signed)?;
    match changed(&signed, account, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, Some((&form, &problem))).await,
    }
}

async fn changed(signed: &Signed, account: AccountId, form: &Fields) -> Result<String, Problem> {
    let alert = opening::alert(form, signed.currency()?)?;
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        accounts::change(tx, at, account, Change { alert: Some(alert), ..Change::default() })
            .map_err(|it| it.of("alert"))?;
        Ok("/account".to_string())
    };
    signed.once(form, work).await
}
