//! Documents of all customers, and credit notes.
//!
//! In:  a customer, a kind; how much of an invoice does not hold, and why. Out: documents with whose they are; notes.
//! Invariant: what was issued is only read; a note says why.

use crate::fields::Fields;
use crate::house::{self, Asked, Whose};
use crate::papers;
use crate::papers_shown as shown;
use crate::parts::{self, Field, Wrong, sent};
use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{choice, frame};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::document::{Document, Kind, note};
use billing::user::Right;
use desk::documents::body;
use desk::documents::invoices::{self, NewNote};
use desk::lists::accounts;
use desk::lists::documents::{self as list, Filed, Filter};
use desk::page::{Page, Part};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use std::collections::BTreeMap;
use units::{AccountId, DocumentId, Money};
use web::problem::Problem;

/// Documents of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/documents", get(all))
        .route("/operator/documents/{document}", get(one))
        .route("/operator/documents/{document}/pdf", get(papers::pdf))
        .route("/operator/documents/{document}/json", get(papers::json))
        .route("/operator/documents/{document}/{form}", get(papers::data))
        .route("/operator/documents/{document}/credit-notes", post(credit))
}

/// Documents, and what their accounts are called.
struct Told {
    page: Page<Filed>,
    names: BTreeMap<AccountId, String>,
}

async fn all(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let named = house::text(&asked, "account");
    let kind = choice::asked(&signed, "kind", &Kind::ALL, Kind::as_str)?;
    let part = Part { after: house::text(&asked, "after"), most: MOST };
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        let account = match house::whose(tx, named.as_deref())? {
            Whose::Everybody => None,
            Whose::Of(account) => Some(account),
            Whose::Nobody => return Ok::<_, Refusal>(None),
        };
        let page = list::page(tx, Filter { account, kind }, &part)?;
        let names = accounts::names(tx, page.items.iter().map(|it| it.account))?;
        Ok(Some(Told { page, names }))
    };
    let found = signed.report(read).await?.filter(|it| !it.page.items.is_empty());
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let nothing = [texts.no_documents_of_all(), texts.no_documents_of_all_hint()];
    let value = |name: &str| asked.get(name).map_or("", String::as_str);
    let body = html! {
        form.filter method="get" action="/operator/documents" role="search" {
            input.input type="search" name="account" value=(value("account")) aria-label=(texts.customer_or_id()) placeholder=(texts.customer_or_id());
            select.select name="kind" aria-label=(texts.document_kind()) {
                option value="" selected[value("kind").is_empty()] { (texts.document_kind()) }
                @for kind in Kind::ALL { option value=(kind.as_str()) selected[value("kind") == kind.as_str()] { (shown::kind(texts, kind)) } }
            }
            button.btn { (texts.search()) }
        }
        @match &found { Some(found) => (table(&signed, found)), None => (house::empty(&signed, &asked, &nothing)) }
        (parts::csv(visit, "documents", &[("kind", value("kind"))]))
    };
    let page =
        frame::Page { title: &texts.documents(), sub: &texts.documents_sub(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn table(signed: &Signed, told: &Told) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.document_number()) }
                    th scope="col" { (texts.customer()) }
                    th.p2 scope="col" { (texts.document_kind()) }
                    th.p2 scope="col" { (texts.document_day()) }
                    th.n scope="col" { (texts.document_total()) }
                }
            }
            tbody {
                @for it in &told.page.items {
                    tr {
                        th scope="row" { a href=(format!("/operator/documents/{}", it.id)) { (it.printed) } span.only.s { (shown::kind(texts, it.kind)) " · " (it.day) } }
                        td { (house::link(it.account, told.names.get(&it.account).map_or("", String::as_str))) }
                        td.p2 { (shown::kind(texts, it.kind)) }
                        td.p2.pre { (it.day) }
                        td.n { (shown::sum(signed, it.total)) }
                    }
                }
            }
        }
        (parts::more(visit, told.page.next.as_deref()))
    }
}

/// A document, and the notes of it.
struct Whole {
    filed: Filed,
    document: Document,
    notes: Vec<Filed>,
    /// What of an invoice is left to credit.
    left: Option<Money>,
}

fn whole(tx: &mut Tx<'_>, id: DocumentId) -> Result<Whole, Refusal> {
    let filed = list::one(tx, None, id)?;
    let document = body::read(&filed.body)?;
    let notes = list::notes(tx, &filed)?;
    let credited = notes.iter().map(|it| body::read(&it.body)).collect::<Result<Vec<Document>, Refusal>>()?;
    let credited: Vec<_> = credited.iter().filter_map(|it| it.content.taxed()).collect();
    let left = match (document.kind(), document.content.taxed()) {
        (Kind::Invoice, Some(taxed)) => Some(note::left(taxed, &credited)?.gross),
        (Kind::Statement | Kind::Receipt | Kind::Invoice | Kind::CreditNote, _) => None,
    };
    Ok(Whole { filed, document, notes, left })
}

async fn one(signed: Signed, Path(document): Path<String>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    page(&signed, &document, None).await
}

async fn page(signed: &Signed, text: &str, wrong: Option<(&Fields, &Problem)>) -> Result<Response, Response> {
    let id: DocumentId = signed.id(text).await?;
    let found = signed.read(move |tx, _| whole(tx, id)).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it.1, visit));
    let it = &found.filed;
    let left = found.left.filter(|it| it.is_positive() && signed.may(Right::Money));
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        dl.rows {
            div { dt { (texts.customer()) } dd { (house::link(it.account, &found.document.account_name)) } }
            div { dt { (texts.paper_seller()) } dd { (found.document.seller.name) } }
            div { dt { (texts.paper_buyer()) } dd { (found.document.buyer.name) } }
            div { dt { (texts.document_day()) } dd { (it.day) } }
            div.sum { dt { (texts.document_total()) } dd { (shown::sum(signed, it.total)) } }
        }
        p.gap { (shown::files(signed, it, "/operator/documents")) }
        @if !found.notes.is_empty() {
            section aria-labelledby="h-notes" {
                div.sect { h2 id="h-notes" { (texts.credit_notes()) } }
                (shown::table(signed, &found.notes, "/operator/documents"))
            }
        }
        @if let Some(left) = left { (form(signed, id, left, wrong.map(|it| it.0), told.as_ref())) }
    };
    let status = wrong.map_or(StatusCode::OK, |it| it.1.status);
    let documents = texts.documents();
    let above = [("/operator/documents", documents.as_str())];
    let page =
        frame::Page { title: &it.printed, sub: &shown::kind(texts, it.kind), above: &above, body: &body };
    Ok(frame::page(signed, status, &page))
}

fn form(
    signed: &Signed,
    id: DocumentId,
    left: Money,
    form: Option<&Fields>,
    wrong: Option<&Wrong>,
) -> Markup {
    let texts = signed.visit.texts();
    let reason = Field {
        name: "reason",
        label: texts.credit_reason(),
        kind: "text",
        value: sent(form, "reason"),
        autocomplete: "off",
        hint: None,
    };
    html! {
        section aria-labelledby="h-credit" {
            div.sect { h2 id="h-credit" { (texts.credit_invoice()) } }
            p.hint { (texts.credit_invoice_hint()) " " (texts.left_to_credit(shown::sum(signed, left))) }
            form.narrow method="post" action=(format!("/operator/documents/{id}/credit-notes")) {
                (parts::hidden(&signed.visit))
                (parts::optional("amount", &texts.credit_amount(), sent(form, "amount"), wrong))
                (reason.show(wrong))
                div.field { button.btn.main { (texts.issue_credit_note()) } }
            }
        }
    }
}

async fn credit(
    Path(document): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::operators(&signed, Right::Money)?;
    let filed = papers::filed(&signed, &document).await?;
    let (id, account, currency) = (filed.id, filed.account, filed.total.currency());
    let (amount, reason) = (form.text("amount").to_string(), form.text("reason").to_string());
    let token = format!("form {}", form.once());
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let amount = Some(amount.as_str()).filter(|it| !it.is_empty()).map(|it| Money::parse(it, currency));
        let amount = amount.transpose().map_err(|it| Refusal::from(it).of_amount())?;
        let new = NewNote { invoice: id, amount, reason: &reason, token: &token };
        let made = invoices::credit_note(tx, at, new)?;
        Ok(format!("/operator/documents/{}", made.id))
    };
    match signed.once_for(account, &form, work).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, &document, Some((&form, &problem))).await,
    }
}
