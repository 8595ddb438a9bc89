//! Budgets: what an account means to spend in a month, and how far the month is.
//!
//! In:  an account; what is to be made, changed or deleted. Out: a list with bars; forms.
//! Invariant: the figures are those of the API; what cannot be kept is said beside its field, with what was typed.

use crate::budget_form::{self, Filled};
use crate::fields::Fields;
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::{chart, frame, lost, show};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::budget::{Measure, NoForecast, Of};
use billing::user::Right;
use desk::budgets::{self, Own};
use desk::lists::budgets::{self as list, Filter};
use desk::page::{Page, Part};
use desk::spending::Standing;
use desk::{At, Tx};
use maud::{Markup, html};
use std::collections::{BTreeMap, HashMap};
use units::ProjectId;
use web::problem::Problem;

/// Budgets of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/budgets", get(all).post(make))
        .route("/budgets/{budget}", get(one).post(change))
        .route("/budgets/{budget}/delete", post(delete))
}

/// What projects are called, for choosing one and for saying which.
type Projects = HashMap<ProjectId, String>;

async fn all(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    let texts = signed.visit.texts();
    let said = match query.get("said").map(String::as_str) {
        Some("made") => Some(texts.budget_made()),
        Some("changed") => Some(texts.budget_changed()),
        Some("ended") => Some(texts.budget_ended()),
        Some(_) | None => None,
    };
    page(&signed, said.as_deref(), None, query.get("after").cloned()).await
}

async fn page(
    signed: &Signed,
    said: Option<&str>,
    wrong: Option<(&Fields, &Problem)>,
    after: Option<String>,
) -> Result<Response, Response> {
    let (account, part) = (whose(signed)?, Part { after, most: MOST });
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let of = Filter { account, month: None };
        Ok((list::page(tx, at, &of, &part)?, list::projects(tx, account)?))
    };
    let (found, projects) = signed.report(read).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it.1, visit).of_forms());
    let filled = wrong.map_or_else(Filled::default, |it| Filled::of(it.0));
    let body = html! {
        @if let Some(said) = said { (parts::done(said, &html! {})) }
        (parts::errors(visit, told.as_ref()))
        @if found.items.is_empty() {
            div.empty { h2 { (texts.no_budgets()) } p { (texts.no_budgets_hint()) } }
        } @else {
            (table(signed, &found, &projects))
            (parts::more(visit, found.next.as_deref()))
            (parts::csv(visit, "budgets", &[]))
        }
        section aria-labelledby="h-new" {
            div.sect { h2 id="h-new" { (texts.new_budget()) } }
            @if signed.may(Right::Budgets) {
                (budget_form::new(signed, &filled, &projects, told.as_ref()))
            } @else { p.quiet { (texts.not_allowed()) } }
        }
    };
    let status = wrong.map_or(StatusCode::OK, |it| it.1.status);
    let costs = texts.costs();
    let above = [("/cost", costs.as_str())];
    let page = frame::Page { title: &texts.budgets(), sub: &texts.budgets_sub(), above: &above, body: &body };
    Ok(frame::page(signed, status, &page))
}

fn table(signed: &Signed, found: &Page<Standing>, projects: &Projects) -> Markup {
    let (texts, language) = (signed.visit.texts(), signed.visit.language);
    let month = found.items.first().map_or_else(String::new, |it| show::month(&it.month, language));
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.budget()) }
                    th scope="col" { (texts.spent_in(month)) }
                    th.n scope="col" { (texts.heading_for()) }
                    th.p2 scope="col" { (texts.thresholds()) }
                }
            }
            tbody {
                @for it in &found.items {
                    tr {
                        th scope="row" {
                            @if signed.may(Right::Budgets) { a href=(format!("/budgets/{}", it.budget.id)) { (it.budget.name) } }
                            @else { (it.budget.name) }
                            span.s { (counted(signed, &it.budget.of, projects)) }
                        }
                        td { (spent(signed, it)) }
                        td.n { (forecast(signed, it)) }
                        td.p2 { (thresholds(signed, it)) }
                    }
                }
            }
        }
    }
}

/// What a budget counts.
fn counted(signed: &Signed, of: &Of, projects: &Projects) -> String {
    let texts = signed.visit.texts();
    match of {
        Of::Account => texts.whole_account(),
        Of::Product(id) => signed.product(id),
        Of::Project(id) => texts.of_project(projects.get(id).cloned().unwrap_or_else(|| id.to_string())),
    }
}

fn spent(signed: &Signed, it: &Standing) -> Markup {
    let texts = signed.visit.texts();
    let Some(spent) = it.figures.spent else {
        return html! { "–" span.s { (texts.forecast_unknown()) } };
    };
    let amount = format!("{} {}", show::money(it.budget.amount), signed.unit());
    let sentence = texts.spent_of(show::money(spent), amount);
    let bar = chart::Spent {
        spent,
        forecast: it.figures.forecast.ok(),
        amount: it.budget.amount,
        marks: it.budget.marks.of(Measure::Actual),
    };
    let is_over = spent.minor() > it.budget.amount.minor();
    html! {
        (chart::budget(&bar, &sentence)) span.s { (sentence) }
        @if is_over { span.pill.bad { (signed.visit.texts().over_budget()) } }
    }
}

fn forecast(signed: &Signed, it: &Standing) -> Markup {
    let texts = signed.visit.texts();
    match it.figures.forecast {
        Ok(money) => html! { (show::money(money)) },
        Err(none) => {
            let why = match none {
                NoForecast::NotBegun => texts.forecast_not_begun(),
                NoForecast::Over => texts.forecast_over(),
                NoForecast::Unknown => texts.forecast_unknown(),
            };
            html! { "–" span.s { (why) } }
        }
    }
}

fn thresholds(signed: &Signed, it: &Standing) -> Markup {
    let texts = signed.visit.texts();
    let said = |measure| {
        let all: Vec<String> = it.budget.marks.of(measure).iter().map(|it| format!("{it}%")).collect();
        (!all.is_empty()).then(|| all.join(", "))
    };
    html! {
        @if let Some(all) = said(Measure::Actual) { (texts.thresholds_actual(all)) }
        @if let Some(all) = said(Measure::Forecast) { span.s { (texts.thresholds_forecast(all)) } }
    }
}

async fn make(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let account = whose(&signed)?;
    frame::needs(&signed, Right::Budgets)?;
    match made(&signed, account, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, None, Some((&form, &problem)), None).await,
    }
}

async fn made(signed: &Signed, account: units::AccountId, form: &Fields) -> Result<String, Problem> {
    let asked = budget_form::asked(signed, form)?;
    let make = move |tx: &mut Tx<'_>, at: At<'_>| {
        budget_form::open(tx, at, account, &asked)?;
        Ok("/budgets?said=made".to_string())
    };
    signed.once(form, make).await
}

/// The budget of this address. Errors: a page that says there is none.
async fn own(signed: &Signed, text: &str) -> Result<Own, Response> {
    let account = whose(signed)?;
    frame::needs(signed, Right::Budgets)?;
    Ok(Own { account, id: signed.id(text).await? })
}

async fn one(signed: Signed, Path(budget): Path<String>) -> Result<Response, Response> {
    let own = own(&signed, &budget).await?;
    shown(&signed, own, None).await
}

async fn shown(signed: &Signed, own: Own, wrong: Option<(&Fields, &Problem)>) -> Result<Response, Response> {
    let read = move |tx: &mut Tx<'_>, at: At<'_>| list::one(tx, at, own.account, own.id);
    let found = signed.report(read).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it.1, visit).of_forms());
    let filled = wrong.map_or_else(|| Filled::from(&found.budget), |it| Filled::of(it.0));
    let place = format!("/budgets/{}", own.id);
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        (budget_form::change(signed, &place, &filled, told.as_ref()))
        section aria-labelledby="h-end" {
            div.sect { h2 id="h-end" { (texts.delete_budget()) } }
            (parts::button(visit, &format!("{place}/delete"), &[], &texts.delete_budget()))
        }
    };
    let status = wrong.map_or(StatusCode::OK, |it| it.1.status);
    let title = texts.budgets();
    let above = [("/budgets", title.as_str())];
    let page = frame::Page { title: &found.budget.name, sub: "", above: &above, body: &body };
    Ok(frame::page(signed, status, &page))
}

async fn change(
    Path(budget): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let own = own(&signed, &budget).await?;
    match changed(&signed, own, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => shown(&signed, own, Some((&form, &problem))).await,
    }
}

async fn changed(signed: &Signed, own: Own, form: &Fields) -> Result<String, Problem> {
    let asked = budget_form::asked(signed, form)?;
    let change = move |tx: &mut Tx<'_>, at: At<'_>| {
        budget_form::apply(tx, at, own, &asked)?;
        Ok("/budgets?said=changed".to_string())
    };
    signed.once(form, change).await
}

async fn delete(
    Path(budget): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let own = own(&signed, &budget).await?;
    let end = move |tx: &mut Tx<'_>, at: At<'_>| {
        budgets::end(tx, at, own)?;
        Ok("/budgets?said=ended".to_string())
    };
    match signed.once(&form, end).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => Err(lost::failed(&signed.visit, &problem)),
    }
}
