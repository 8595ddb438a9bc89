//! One proposal of a price change: what it was shown to change, who did what with it, and what may be done.
//!
//! In:  the id of a proposal, what an operator does with it. Out: its page.
//! Invariant: only what its state allows to whoever is signed in has a button; what is refused is said with the page as it stands.

use crate::fields::Fields;
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::price_proposals::{self as all, PATH, address, moves};
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{book, frame, lost, proposed_book, show};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::impact::Sides;
use billing::proposal::{Deed, Proposal, State, percent};
use billing::user::Right;
use desk::proposals::{self, Named, Standing, Whole};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use std::collections::BTreeMap;
use texts::Texts;
use units::{Currency, Money, MoneyError};
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/price-proposals/{proposal}", get(one))
        .route("/operator/price-proposals/{proposal}/{step}", post(step))
}

/// What an operator does with a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Compute,
    Agree,
    Reject,
    Withdraw,
    Apply,
    Undo,
}

impl Step {
    const ALL: [Step; 6] =
        [Step::Apply, Step::Agree, Step::Compute, Step::Reject, Step::Withdraw, Step::Undo];

    const fn as_str(self) -> &'static str {
        match self {
            Step::Compute => "compute",
            Step::Agree => "agree",
            Step::Reject => "reject",
            Step::Withdraw => "withdraw",
            Step::Apply => "apply",
            Step::Undo => "undo",
        }
    }

    fn label(self, texts: &Texts) -> String {
        match self {
            Step::Compute => texts.proposal_compute(),
            Step::Agree => texts.proposal_agree(),
            Step::Reject => texts.proposal_reject(),
            Step::Withdraw => texts.proposal_withdraw(),
            Step::Apply => texts.apply_it(),
            Step::Undo => texts.undo_book(),
        }
    }

    /// Whether whoever is signed in may do it as the proposal stands.
    fn is_open(self, signed: &Signed, standing: &Standing) -> bool {
        let it = &standing.proposal;
        let (is_own, ahead) = (it.made.by == signed.actor(), it.from > signed.visit.now);
        let waits = matches!(it.state, State::Proposed | State::Ready);
        match self {
            Step::Compute => waits && ahead,
            Step::Agree => it.state == State::Proposed && !is_own && ahead,
            Step::Reject => waits && !is_own,
            Step::Withdraw => waits && is_own,
            Step::Apply => it.state == State::Ready && ahead,
            Step::Undo => standing.can_be_undone,
        }
    }
}

async fn one(
    signed: Signed,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let texts = signed.visit.texts();
    let said = match query.get("said").map(String::as_str) {
        Some("proposed") => Some(texts.proposal_is_made()),
        Some("compute") => Some(texts.proposal_is_computed()),
        Some("agree") => Some(texts.proposal_is_agreed()),
        Some("reject") => Some(texts.proposal_is_rejected()),
        Some("withdraw") => Some(texts.proposal_is_withdrawn()),
        Some("apply") => Some(texts.proposal_is_applied()),
        Some("undo") => Some(texts.proposal_is_undone()),
        Some(_) | None => None,
    };
    shown(&signed, &id, said, None).await
}

async fn shown(
    signed: &Signed,
    id: &str,
    said: Option<String>,
    wrong: Option<&Problem>,
) -> Result<Response, Response> {
    let of = id.to_string();
    let found = signed.read(move |tx, at| proposals::whole(tx, at, &of)).await?;
    let prices = proposed_book::section(signed, &found.standing.proposal).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong { field: None, ..Wrong::of(it, visit) });
    let figures = signed.good(figures(signed, &found.standing).map_err(Refusal::from))?;
    let movers = signed.good(movers(signed, &found).map_err(Refusal::from))?;
    let body = html! {
        @if let Some(said) = &said { (parts::done(said, &html! {})) }
        (parts::errors(visit, told.as_ref()))
        @if found.standing.is_stale { div.banner.care role="status" { p { (texts.proposal_stale_hint()) } } }
        (figures)
        (steps(signed, &found.standing))
        (prices)
        (movers)
        ul.also.dots {
            li { (texts.impact_paid_ahead()) }
            // Nobody is told anything before it is applied.
            @if found.standing.told > 0 || matches!(found.standing.proposal.state, State::Applied | State::Undone) {
                li { (texts.proposal_customers_told(found.standing.told)) }
            }
        }
    };
    let all = texts.price_proposals();
    let above = [(PATH, all.as_str())];
    let status = wrong.map_or(StatusCode::OK, |it| it.status);
    let page = frame::Page { title: id, sub: &found.standing.proposal.reason, above: &above, body: &body };
    Ok(frame::page(signed, status, &page))
}

/// Before, after, and by how much that is more; each rounded once.
fn money(of: Sides, currency: Currency) -> Result<[Money; 3], MoneyError> {
    let [before, after, more] = of.amounts(currency);
    Ok([before.round()?, after.round()?, more.round()?])
}

fn figures(signed: &Signed, standing: &Standing) -> Result<Markup, MoneyError> {
    let (visit, texts, it) = (&signed.visit, signed.visit.texts(), &standing.proposal);
    let of = &it.figures;
    let [before, after, more] = money(of.sides, it.currency)?;
    let number = |it: u64| show::thousands(&it.to_string());
    let (unit, month) = (show::currency(it.currency, visit.language), show::month(&of.month, visit.language));
    let limit = texts.proposal_limit(percent(it.limit_tenths.into()));
    let looked_at = texts.proposal_looked_at(of.all, number(of.customers), number(of.all));
    Ok(html! {
        dl.figures {
            div { dt { (texts.state()) } dd { (all::state(texts, it.state)) } dd { (texts.prices_of(&it.name)) } }
            (parts::figure(&texts.holds_from(), &visit.exact_time(it.from), "", &html! {}))
            (parts::figure(&texts.proposal_before(&month), &show::money(before), unit, &html! { (looked_at) }))
            (parts::figure(&texts.month_after(), &show::money(after), unit, &html! { (show::change(more)) }))
            (parts::figure(&texts.moves_of_month(), &moves(standing), "", &html! { (limit) }))
            (parts::figure(&texts.pay_more(), &number(of.more), "", &html! { (texts.pay_less()) " " (number(of.less)) }))
        }
        dl.rows {
            (deed(signed, texts.proposed_by(), Some(&it.made)))
            (deed(signed, texts.proposal_agreed_by(), it.agreed.as_ref()))
            (deed(signed, texts.applied_by(), it.applied.as_ref()))
            (deed(signed, texts.proposal_ended_by(), it.ended.as_ref()))
        }
    })
}

/// Who did something, and when.
fn deed(signed: &Signed, label: String, done: Option<&Deed>) -> Markup {
    html! {
        @if let Some(it) = done {
            div { dt { (label) } dd.wrap { (show::actor(&it.by, signed.visit.texts())) " " (signed.visit.exact_time(it.at)) } }
        }
    }
}

/// A button for each thing that may be done.
fn steps(signed: &Signed, standing: &Standing) -> Markup {
    let (texts, it) = (signed.visit.texts(), &standing.proposal);
    let is_waiting = it.state == State::Proposed && it.made.by == signed.actor();
    html! {
        @if is_waiting { p.prose { (texts.proposal_needs_another()) } }
        @if signed.may(Right::Books) {
            div.acts.gap {
                @for step in Step::ALL.into_iter().filter(|step| step.is_open(signed, standing)) {
                    @let to = format!("{}/{}", address(&it.id), step.as_str());
                    (parts::button(&signed.visit, &to, &[], &step.label(texts)))
                }
                @if it.state == State::Applied {
                    a.btn.small href=(format!("/operator/books/{}", it.book)) { (texts.prices_of(&it.name)) }
                }
            }
        }
    }
}

/// The customers that move most.
fn movers(signed: &Signed, whole: &Whole) -> Result<Markup, MoneyError> {
    let (texts, currency) = (signed.visit.texts(), whole.standing.proposal.currency);
    let (unit, language) = (show::currency(currency, signed.visit.language), signed.visit.language);
    let head = |name: String| show::headed(&name, unit, language);
    let mut rows = Vec::new();
    for it in &whole.movers {
        rows.push((format!("/operator/customers/{}", it.account), &it.name, money(it.sides, currency)?));
    }
    Ok(html! {
        @if !rows.is_empty() {
            section aria-labelledby="h-movers" {
                div.sect { h2 id="h-movers" { (texts.proposal_movers()) } p { (texts.most_first()) } }
                table.table {
                    thead {
                        tr {
                            th scope="col" { (texts.customer()) }
                            th.n.p2 scope="col" { (head(texts.proposal_before_short())) }
                            th.n scope="col" { (head(texts.month_after())) }
                            th.n scope="col" { (head(texts.by_percent())) }
                        }
                    }
                    tbody {
                        @for (to, name, [before, after, more]) in &rows {
                            tr {
                                th scope="row" { a href=(to) { (name) } }
                                td.n.p2 { (show::money(*before)) }
                                td.n { (show::money(*after)) }
                                td.n { (show::change(*more)) }
                            }
                        }
                    }
                }
            }
        }
    })
}

async fn step(
    Path((id, word)): Path<(String, String)>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::operators(&signed, Right::Books)?;
    let Some(step) = Step::ALL.into_iter().find(|it| it.as_str() == word) else {
        return Ok(lost::nowhere(signed.visit).await);
    };
    match done(&signed, &form, id.clone(), step).await {
        Ok(to) => {
            book::used(&signed).await?;
            Ok(see_other(&to))
        }
        Err(problem) => shown(&signed, &id, None, Some(&problem)).await,
    }
}

async fn done(signed: &Signed, form: &Fields, id: String, step: Step) -> Result<String, Problem> {
    let (node, by) = (&signed.visit.node, signed.actor());
    let to = format!("{}?said={}", address(&id), step.as_str());
    match step {
        Step::Compute => {
            let found = web::proposals::again(node, id.clone(), None).await?;
            let work = move |tx: &mut Tx<'_>, at: At<'_>| {
                proposals::compute(tx, at, &id, &found)?;
                Ok(to.clone())
            };
            signed.once(form, work).await
        }
        Step::Apply => {
            let book = web::proposals::book(node, id.clone()).await?;
            let work = move |tx: &mut Tx<'_>, at: At<'_>| {
                proposals::apply(tx, at, Named { id: &id, by: &by }, &book)?;
                Ok(to.clone())
            };
            signed.once(form, work).await
        }
        Step::Agree => simply(signed, form, (id, to), proposals::agree).await,
        Step::Reject => simply(signed, form, (id, to), proposals::reject).await,
        Step::Withdraw => simply(signed, form, (id, to), proposals::withdraw).await,
        Step::Undo => simply(signed, form, (id, to), proposals::undo).await,
    }
}

/// What asks for nothing but the proposal.
type Doing = fn(&mut Tx<'_>, At<'_>, Named<'_>) -> Result<Proposal, Refusal>;

async fn simply(
    signed: &Signed,
    form: &Fields,
    (id, to): (String, String),
    doing: Doing,
) -> Result<String, Problem> {
    let by = signed.actor();
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        doing(tx, at, Named { id: &id, by: &by })?;
        Ok(to.clone())
    };
    signed.once(form, work).await
}
