//! Proposals of price changes: all of them, and a new one.
//!
//! In:  a book that was sent, from when on, and why. Out: a proposal with what it was shown to change.
//! Invariant: a form that is sent twice proposes once; what was sent stands there again where it is refused.

use crate::draft::Draft;
use crate::fields::Fields;
use crate::parts::{self, Field, Wrong};
use crate::posted::Posted;
use crate::proposal::{self, Told};
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{choice, frame, house, show};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::correction;
use billing::proposal::{ProposalError, State, percent};
use billing::user::Right;
use desk::books::Prepared;
use desk::page::{Page, Part};
use desk::proposals::{self, New, Said, Standing};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use std::collections::BTreeMap;
use texts::Texts;
use web::location::below;
use web::problem::Problem;

/// Proposals of a page.
const MOST: u16 = 50;

/// Where proposals are.
pub(crate) const PATH: &str = "/operator/price-proposals";

pub(crate) fn routes() -> Router<Console> {
    Router::new().route(PATH, get(all).post(propose)).layer(DefaultBodyLimit::max(proposal::LARGEST_BOOK))
}

async fn all(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let part = Part { after: query.get("after").cloned(), most: MOST };
    let found = signed.read(move |tx, at| proposals::page(tx, at, &part)).await?;
    let texts = signed.visit.texts();
    let body = html! {
        @if signed.may(Right::Books) { p.acts { a.btn href="/operator/books/new" { (texts.new_book()) } } }
        @if found.items.is_empty() { p.quiet { (texts.no_price_proposals()) } } @else { (table(&signed, &found)) }
    };
    let (title, sub) = (texts.price_proposals(), texts.price_proposals_sub());
    let page = frame::Page { title: &title, sub: &sub, above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn table(signed: &Signed, found: &Page<Standing>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table data-rows {
            thead {
                tr {
                    th scope="col" { (texts.price_proposal()) }
                    th scope="col" { (texts.state()) }
                    th scope="col" { (texts.holds_from()) }
                    th.n.p2 scope="col" { (texts.moves_of_month()) }
                    th.p2 scope="col" { (texts.proposed_by()) }
                }
            }
            tbody {
                @for it in &found.items {
                    @let of = &it.proposal;
                    tr.dim[is_over(of.state)] {
                        th scope="row" { a href=(address(&of.id)) { (of.id) } span.s { (of.reason) } }
                        td { (state(texts, of.state)) @if it.is_stale { span.s { (texts.proposal_is_stale()) } } }
                        td.n-l { (visit.exact_time(of.from)) }
                        td.n.p2 { (moves(it)) }
                        td.p2 { (show::actor(&of.made.by, texts)) span.s { (visit.exact_time(of.made.at)) } }
                    }
                }
            }
        }
        (parts::more(visit, found.next.as_deref()))
    }
}

/// How much of the month's revenue moves.
pub(crate) fn moves(it: &Standing) -> String {
    it.proposal.figures.variance_tenths().map_or_else(|| "–".to_string(), |it| format!("{}%", percent(it)))
}

const fn is_over(it: State) -> bool {
    match it {
        State::Rejected | State::Withdrawn | State::Undone => true,
        State::Proposed | State::Ready | State::Applied => false,
    }
}

/// Where a proposal stands, with its shape and colour.
pub(crate) fn state(texts: &Texts, state: State) -> Markup {
    match state {
        State::Proposed => html! { span.pill.off { (texts.proposal_proposed()) } },
        State::Ready => html! { span.pill.ok { (texts.proposal_ready()) } },
        State::Applied => html! { span.pill.ok { (texts.proposal_applied()) } },
        State::Rejected => html! { span.pill.bad { (texts.proposal_rejected()) } },
        State::Withdrawn => html! { span.pill.end { (texts.proposal_withdrawn()) } },
        State::Undone => html! { span.pill.end { (texts.proposal_undone()) } },
    }
}

/// The page of a proposal.
pub(crate) fn address(id: &str) -> String {
    below(PATH, id)
}

/// The form in which a book that was sent is proposed; `month` is where it is shown what changes.
pub(crate) fn form(signed: &Signed, draft: &Draft, sent: (&Fields, &str), wrong: Option<&Wrong>) -> Markup {
    let (visit, texts, (fields, month)) = (&signed.visit, signed.visit.texts(), sent);
    let needed = |name: &'static str, label: String| Field::text(name, label, fields.text(name)).show(wrong);
    let from = Field {
        name: "from",
        label: texts.holds_from(),
        kind: "datetime-local",
        value: &draft.from,
        autocomplete: "off",
        hint: Some(texts.proposal_from_hint()),
    };
    html! {
        section aria-labelledby="h-propose" {
            div.sect { h2 id="h-propose" { (texts.propose_it()) } p { (texts.propose_hint()) } }
            form.narrow method="post" action=(PATH) {
                (parts::hidden(visit))
                input type="hidden" name="text" value=(draft.text);
                input type="hidden" name="month" value=(month);
                (needed("id", texts.proposal_id()))
                (from.optional(wrong))
                (needed("reason", texts.reason()))
                div.field { button.btn.main { (texts.propose_it()) } }
            }
        }
    }
}

async fn propose(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Books)?;
    let draft = Draft::of(&form);
    if let Err(problem) = filled_in(&signed, &draft, &form) {
        return Ok(refused(&signed, &draft, &form, &Told::of(&signed, problem)));
    }
    let made = match proposal::prepared(&signed, &draft).await {
        Ok(book) => proposed(&signed, &form, book).await.map_err(|problem| Told::of(&signed, problem)),
        Err(told) => Err(told),
    };
    match made {
        Ok(to) => Ok(see_other(&to)),
        Err(told) => Ok(refused(&signed, &draft, &form, &told)),
    }
}

/// Whether the proposal has an id and a reason. Errors: everything that is wrong with the form, as one.
fn filled_in(signed: &Signed, draft: &Draft, form: &Fields) -> Result<(), Problem> {
    let line = |name: &str, fits: bool, wrong: ProposalError| match form.text(name) {
        "" => Err(choice::empty(name)),
        _ if fits => Ok(()),
        _ => Err(Problem::from(Refusal::from(wrong))),
    };
    let id = line("id", correction::id(form.text("id")).is_ok(), ProposalError::Id);
    let reason = line("reason", correction::reason(form.text("reason")).is_ok(), ProposalError::Reason);
    if id.is_ok() && reason.is_ok() {
        return Ok(());
    }
    let from = match draft.from(&signed.visit.calendar) {
        Ok(Some(from)) if from <= signed.visit.now => Err(Refusal::from(ProposalError::Past(from)).into()),
        Ok(Some(_) | None) => Ok(()),
        Err(text) => Err(Problem::from(Refusal::Time(text).of("from"))),
    };
    house::all_read([id.as_ref().err(), from.as_ref().err(), reason.as_ref().err()])
}

async fn proposed(signed: &Signed, form: &Fields, book: Prepared) -> Result<String, Problem> {
    let month = Some(form.text("month").to_string()).filter(|it| !it.is_empty());
    let (id, reason) = (form.text("id").trim().to_string(), form.text("reason").trim().to_string());
    let (by, of) = (signed.actor(), book.book.id);
    let said = (id.clone(), reason.clone(), by.clone());
    let there = signed.visit.node.read(move |tx, _| {
        let said = Said { id: &said.0, reason: &said.1, by: &said.2, book: of };
        proposals::known(tx, &said).map_err(|it| it.by_code(&[("conflict", "id")]))
    });
    if let Some(there) = there.await? {
        return Ok(format!("{}?said=proposed", address(&there.id)));
    }
    let found = web::proposals::computed(&signed.visit.node, book.book.clone(), month).await?;
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let new = New { id: &id, reason: &reason, by: &by, book: &book, found: &found };
        let made = proposals::propose(tx, at, &new).map_err(|it| it.by_code(&[("conflict", "id")]))?;
        Ok(format!("{}?said=proposed", address(&made.id)))
    };
    signed.once(form, work).await
}

/// What was sent, and why it is not proposed.
fn refused(signed: &Signed, draft: &Draft, sent: &Fields, told: &Told) -> Response {
    let (texts, (status, wrong)) = (signed.visit.texts(), told.said_so());
    let body = html! {
        (parts::errors(&signed.visit, Some(wrong)))
        (form(signed, draft, (sent, sent.text("month")), Some(wrong)))
    };
    let (title, all) = (texts.propose_it(), texts.price_proposals());
    let above = [(PATH, all.as_str())];
    frame::page(signed, status, &frame::Page { title: &title, sub: "", above: &above, body: &body })
}
