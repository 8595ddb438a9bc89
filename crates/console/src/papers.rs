//! Documents of an account: what was issued, and what may be asked for.
//!
//! In:  an account; a month, a payment, the sum that was shown. Out: documents as files; forms that ask for more.
//! Invariant: an invoice is of the sum that the page showed, or it is not issued; what was issued is only read.

use crate::fields::Fields;
use crate::papers_shown::{self as shown, All};
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::{choice, frame, lost};
use ::paper::Form;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::document::Document;
use billing::document::error::DocumentError;
use billing::language::Language;
use billing::user::Right;
use billing::wallet::Purse;
use desk::documents::invoices::{self, NewInvoice};
use desk::documents::{self, Details};
use desk::lists::documents::{self as list, Filter};
use desk::lists::{bills, wallet};
use desk::page::Part;
use desk::{At, Refusal, Tx};
use maud::html;
use std::collections::BTreeMap;
use units::{AccountId, DocumentId, Money};
use web::paper;
use web::problem::Problem;

/// Documents of a page; months and payments that a form offers.
const MOST: u16 = 50;
const OFFERED: u16 = 24;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/documents", get(all))
        .route("/documents/{document}/pdf", get(pdf))
        .route("/documents/{document}/json", get(json))
        .route("/documents/{document}/{form}", get(data))
        .route("/documents/statements", post(statement))
        .route("/documents/receipts", post(receipt))
        .route("/documents/invoices", post(invoice))
}

async fn all(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    let texts = signed.visit.texts();
    let said = match query.get("said").map(String::as_str) {
        Some("made") => Some(texts.document_made()),
        Some("there") => Some(texts.document_there()),
        Some(_) | None => None,
    };
    page(&signed, said.as_deref(), None, query.get("after").cloned()).await
}

fn read(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, part: &Part) -> Result<All, Refusal> {
    let months = bills::months(tx, at, account, &Part::first(OFFERED))?.items;
    let payments = wallet::top_ups(tx, account, &Part::first(OFFERED))?.items;
    let to_invoice = match invoices::to_invoice(tx, at, account) {
        Err(Refusal::Document(missing @ DocumentError::NoSeller)) => Err(missing),
        found => Ok(found?),
    };
    let details = documents::details(tx, account)?;
    Ok(All {
        language: (details != Details::default()).then_some(details.language),
        page: list::page(tx, Filter { account: Some(account), kind: None }, part)?,
        to_invoice,
        months: months.into_iter().filter(|it| !it.estimate).map(|it| it.name).collect(),
        payments: payments.into_iter().filter(|it| it.purse == Purse::Cash).collect(),
    })
}

async fn page(
    signed: &Signed,
    said: Option<&str>,
    wrong: Option<&Problem>,
    after: Option<String>,
) -> Result<Response, Response> {
    let (account, part) = (whose(signed)?, Part { after, most: MOST });
    let found = signed.report(move |tx, at| read(tx, at, account, &part)).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong { field: None, ..Wrong::of(it, visit) });
    let body = html! {
        @if let Some(said) = said { (parts::done(said, &html! {})) }
        (parts::errors(visit, told.as_ref()))
        (shown::to_invoice(signed, &found.to_invoice))
        @if found.page.items.is_empty() {
            div.empty { h2 { (texts.no_documents()) } p { (texts.no_documents_hint()) } }
        } @else {
            (shown::table(signed, &found.page.items, "/documents"))
            (parts::more(visit, found.page.next.as_deref()))
            (parts::csv(visit, "documents", &[]))
        }
        @if found.to_invoice.is_ok() { (shown::forms(signed, &found)) }
    };
    let status = wrong.map_or(StatusCode::OK, |it| it.status);
    let page =
        frame::Page { title: &texts.documents(), sub: &texts.documents_sub(), above: &[], body: &body };
    Ok(frame::page(signed, status, &page))
}

/// The document that an address names: one of the account that somebody is in, or any for the operator.
pub(crate) async fn filed(signed: &Signed, text: &str) -> Result<list::Filed, Response> {
    let id: DocumentId = signed.id(text).await?;
    let account = signed.house().account();
    signed.read(move |tx, _| list::one(tx, account, id)).await
}

pub(crate) async fn pdf(signed: Signed, Path(document): Path<String>) -> Result<Response, Response> {
    let filed = filed(&signed, &document).await?;
    let failed = |problem: Problem| lost::failed(&signed.visit, &problem);
    let document = documents::body::read(&filed.body).map_err(|it| failed(it.into()))?;
    let language = choice::asked(&signed, "language", &Language::ALL, Language::as_str)?;
    let language = language.unwrap_or(document.language);
    paper::pdf(&signed.visit.node, document, language).await.map_err(failed)
}

pub(crate) async fn json(signed: Signed, Path(document): Path<String>) -> Result<Response, Response> {
    let filed = filed(&signed, &document).await?;
    Ok(paper::file("application/json", &format!("{}.json", filed.printed), filed.body.into_bytes()))
}

/// An invoice as data, in a form that its address names.
pub(crate) async fn data(
    signed: Signed,
    Path((document, form)): Path<(String, String)>,
) -> Result<Response, Response> {
    let Some(form) = Form::parse(&form) else { return Err(lost::nowhere(signed.visit.clone()).await) };
    let filed = filed(&signed, &document).await?;
    let failed = |problem: Problem| lost::failed(&signed.visit, &problem);
    let document = documents::body::read(&filed.body).map_err(|it| failed(it.into()))?;
    paper::data(&document, form).map_err(failed)
}

/// The language that was chosen for a document. The answer otherwise.
fn language(signed: &Signed, form: &Fields) -> Result<Option<Language>, Response> {
    let wrong = || Problem::malformed(Some("language".into()), "write en or zh");
    match form.text("language") {
        "" => Ok(None),
        word => match Language::parse(word) {
            Some(language) => Ok(Some(language)),
            None => Err(lost::failed(&signed.visit, &wrong())),
        },
    }
}

async fn statement(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let account = allowed(&signed)?;
    let language = language(&signed, &form)?;
    let month = form.text("month").to_string();
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let asked = documents::Asked { account, subject: &month, language };
        made(tx, account, |tx| documents::statement(tx, at, asked))
    };
    answer(&signed, &form, work).await
}

async fn receipt(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let account = allowed(&signed)?;
    let language = language(&signed, &form)?;
    let reference = form.text("reference").to_string();
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let asked = documents::Asked { account, subject: &reference, language };
        made(tx, account, |tx| documents::receipt(tx, at, asked))
    };
    answer(&signed, &form, work).await
}

async fn invoice(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let account = allowed(&signed)?;
    let (expected, token) = (form.text("expected").to_string(), format!("form {}", form.once()));
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let expected = Money::parse(&expected, desk::lists::accounts::currency(tx, account)?)?;
        invoices::invoice(tx, at, NewInvoice { account, expected: Some(expected), token: &token })?;
        Ok(MADE.to_string())
    };
    answer(&signed, &form, work).await
}

/// Where it goes on once a document is there.
const MADE: &str = "/documents?said=made";
/// The same where it was there before.
const THERE: &str = "/documents?said=there";

/// Where it goes on after a document was asked for: whether there is one more is said.
fn made(
    tx: &mut Tx<'_>,
    account: AccountId,
    issue: impl FnOnce(&mut Tx<'_>) -> Result<Document, Refusal>,
) -> Result<String, Refusal> {
    // Those of one instant are in no order: a new one is among the newest, and not always the first.
    let newest = |tx: &mut Tx<'_>| -> Result<Vec<DocumentId>, Refusal> {
        let all = list::page(tx, Filter { account: Some(account), kind: None }, &Part::first(MOST))?;
        Ok(all.items.iter().map(|it| it.id).collect())
    };
    let before = newest(tx)?;
    issue(tx)?;
    Ok(if newest(tx)? == before { THERE } else { MADE }.to_string())
}

fn allowed(signed: &Signed) -> Result<AccountId, Response> {
    let account = whose(signed)?;
    frame::needs(signed, Right::Documents)?;
    Ok(account)
}

async fn answer(
    signed: &Signed,
    form: &Fields,
    work: impl FnMut(&mut Tx<'_>, At<'_>) -> Result<String, Refusal> + Send + 'static,
) -> Result<Response, Response> {
    match signed.once(form, work).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(signed, None, Some(&problem), None).await,
    }
}
