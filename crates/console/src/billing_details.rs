//! Billing details: whom the documents of an account are made out to.
//!
//! In:  what is typed. Out: a form, and the details as they are kept.
//! Invariant: what cannot stand on a document is said beside its field, with what was typed.

use crate::fields::Fields;
use crate::frame;
use crate::parts::{self, Field, Wrong};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::document::party::Party;
use billing::language::Language;
use billing::user::Right;
use desk::documents::Details;
use desk::{At, Refusal, Tx, documents};
use maud::{Markup, html};
use std::collections::BTreeMap;
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/documents/details", get(details).post(save))
}

async fn details(
    signed: Signed,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Response> {
    let account = whose(&signed)?;
    let there = signed.read(move |tx, _| documents::details(tx, account)).await?;
    // Where nothing was said yet, the language of whoever says it is the likely one.
    let there = match there == Details::default() {
        true => Details { language: signed.visit.language, ..there },
        false => there,
    };
    let said =
        query.get("said").is_some_and(|it| it == "changed").then(|| signed.visit.texts().details_said());
    Ok(page(&signed, &filled(&there), said.as_deref(), None))
}

/// The form, filled in with what is kept.
fn filled(it: &Details) -> Fields {
    let fields = it.party.fields().into_iter().map(|(name, text)| (name.to_string(), text.to_string()));
    Fields::of(fields.chain([("language".to_string(), it.language.as_str().to_string())]))
}

fn page(signed: &Signed, form: &Fields, said: Option<&str>, wrong: Option<&Problem>) -> Response {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it, visit));
    let body = html! {
        @if let Some(said) = said { (parts::done(said, &html! {})) }
        (parts::errors(visit, told.as_ref()))
        @if signed.may(Right::Documents) { (fields(signed, form, told.as_ref())) }
        @else { p.quiet { (texts.not_allowed()) } }
    };
    let status = wrong.map_or(StatusCode::OK, |it| it.status);
    let documents = texts.documents();
    let above = [("/documents", documents.as_str())];
    let title = texts.billing_details();
    let page = frame::Page { title: &title, sub: &texts.billing_details_sub(), above: &above, body: &body };
    frame::page(signed, status, &page)
}

fn fields(signed: &Signed, form: &Fields, wrong: Option<&Wrong>) -> Markup {
    let texts = signed.visit.texts();
    let needed = |name: &'static str, label: String, hint: Option<String>| {
        Field { name, label, kind: "text", value: form.text(name), autocomplete: "off", hint }.show(wrong)
    };
    let other = |name: &'static str, label: String| parts::optional(name, &label, form.text(name), wrong);
    let chosen = form.text("language");
    html! {
        form.narrow method="post" action="/documents/details" {
            (parts::hidden(&signed.visit))
            (needed("name", texts.legal_name(), None))
            (other("tax_number", texts.tax_number()))
            (needed("country", texts.country(), Some(texts.country_hint())))
            (other("city", texts.city()))
            (other("street", texts.street()))
            (other("postal_code", texts.postal_code()))
            (other("phone", texts.phone()))
            (other("mail", texts.mail_for_documents()))
            (other("bank", texts.bank_name()))
            (other("bank_account", texts.bank_account_number()))
            div.field {
                label for="language" { (texts.language_of_documents()) }
                select.select id="language" name="language" {
                    @for (word, label) in [("en", texts.details_language_en()), ("zh", texts.details_language_zh())] {
                        option value=(word) selected[chosen == word] { (label) }
                    }
                }
            }
            div.field { button.btn.main { (texts.save_details()) } }
        }
    }
}

async fn save(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let account = whose(&signed)?;
    frame::needs(&signed, Right::Documents)?;
    let said = match read(&form) {
        Ok(said) => said,
        Err(problem) => return Ok(page(&signed, &form, None, Some(&problem))),
    };
    let work = move |tx: &mut Tx<'_>, _: At<'_>| {
        documents::set_details(tx, account, said.clone())?;
        Ok::<_, Refusal>("/documents/details?said=changed".to_string())
    };
    match signed.once(&form, work).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => Ok(page(&signed, &form, None, Some(&problem))),
    }
}

fn read(form: &Fields) -> Result<Details, Problem> {
    let wrong = || Problem::malformed(Some("language".into()), "write en or zh");
    let text = |name: &str| form.text(name).to_string();
    let party = Party {
        name: text("name"),
        tax_number: text("tax_number"),
        country: text("country"),
        city: text("city"),
        street: text("street"),
        postal_code: text("postal_code"),
        phone: text("phone"),
        mail: text("mail"),
        bank: text("bank"),
        bank_account: text("bank_account"),
    };
    let language = Language::parse(form.text("language")).ok_or_else(wrong);
    let faults = party.clone().faults().into_iter().map(|it| Problem::from(Refusal::from(it)));
    Problem::together(faults.chain(language.as_ref().err().cloned()))?;
    Ok(Details { party, language: language? })
}
