//! How documents are listed, and the forms that ask for more.
//!
//! In:  documents, what may be invoiced, months, payments. Out: HTML.
//! Invariant: the sums are those of the API; a button names the sum that it is about.

use crate::signed::Signed;
use crate::{parts, show};
use billing::document::Kind;
use billing::document::error::DocumentError;
use billing::language::Language;
use billing::user::Right;
use desk::documents::invoices::ToInvoice;
use desk::lists::documents::Filed;
use desk::lists::wallet::TopUp;
use desk::page::Page;
use maud::{Markup, html};
use paper::Form;
use texts::Texts;
use units::Money;

/// What the page shows.
pub(crate) struct All {
    pub page: Page<Filed>,
    /// Or that nobody sells.
    pub to_invoice: Result<ToInvoice, DocumentError>,
    /// Months that are final.
    pub months: Vec<String>,
    /// Payments in cash.
    pub payments: Vec<TopUp>,
    /// In which documents are issued, as the account said it; `None` where it said nothing.
    pub language: Option<Language>,
}

/// What a kind of document is called.
pub(crate) fn kind(texts: &Texts, it: Kind) -> String {
    match it {
        Kind::Statement => texts.paper_statement(),
        Kind::Receipt => texts.paper_receipt(),
        Kind::Invoice => texts.paper_invoice(),
        Kind::CreditNote => texts.paper_credit_note(),
    }
}

/// A sum with its currency.
pub(crate) fn sum(signed: &Signed, it: Money) -> String {
    format!("{} {}", show::money(it), show::currency(it.currency(), signed.visit.language))
}

/// A form of invoices as data, as people call it.
fn form_name(texts: &Texts, form: Form) -> String {
    match form {
        Form::Ubl => "UBL".to_string(),
        Form::Cii => "CII".to_string(),
        Form::Fapiao => texts.fapiao(),
    }
}

/// The ways to the files of a document.
pub(crate) fn files(signed: &Signed, it: &Filed, below: &str) -> Markup {
    let texts = signed.visit.texts();
    let place = format!("{below}/{}", it.id);
    html! {
        a href=(format!("{place}/pdf")) download aria-label=(format!("{} {}", texts.as_pdf(), it.printed)) { (texts.as_pdf()) }
        " · "
        a href=(format!("{place}/json")) download aria-label=(format!("{} {}", texts.as_data(), it.printed)) { (texts.as_data()) }
        @if matches!(it.kind, Kind::Invoice | Kind::CreditNote) {
            @for form in Form::ALL.into_iter().filter(|form| form.is_for(it.total.currency())) {
                @let name = form_name(texts, form);
                " · " a href=(format!("{place}/{}", form.as_str())) download aria-label=(format!("{name} {}", it.printed)) { (name) }
            }
        }
    }
}

/// Documents, each with its files.
pub(crate) fn table(signed: &Signed, all: &[Filed], below: &str) -> Markup {
    let texts = signed.visit.texts();
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.document_number()) }
                    th.p2 scope="col" { (texts.document_kind()) }
                    th.p2 scope="col" { (texts.document_day()) }
                    th.n scope="col" { (texts.document_total()) }
                    th scope="col" { span.sr { (texts.as_pdf()) } }
                }
            }
            tbody {
                @for it in all {
                    tr {
                        th scope="row" { (it.printed) span.only.s { (kind(texts, it.kind)) " · " (it.day) } }
                        td.p2 { (kind(texts, it.kind)) }
                        td.p2.pre { (it.day) }
                        td.n { (sum(signed, it.total)) }
                        td.one { (files(signed, it, below)) }
                    }
                }
            }
        }
    }
}

/// What may be invoiced, and the button that asks for it; or what is missing.
pub(crate) fn to_invoice(signed: &Signed, it: &Result<ToInvoice, DocumentError>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = |it: &DocumentError| parts::Wrong::of_refusal(&it.clone().into(), visit).text;
    let (total, missing) = match it {
        Ok(it) => (it.total, it.taxed.as_ref().err().map(told)),
        // What the operator has to do about it is not for customers.
        Err(_) => return html! { p.quiet { (texts.no_seller_yet()) } },
    };
    html! {
        aside.slip.narrow aria-labelledby="h-due" {
            h2 id="h-due" { (texts.to_invoice()) }
            dl.rows { div.sum { dt { (texts.to_invoice()) } dd { (sum(signed, total)) } } }
            p.also { (texts.to_invoice_hint()) }
            @if let Some(missing) = missing.filter(|_| total.is_positive()) { p.also { (missing) } }
            @else if total.is_positive() && signed.may(Right::Documents) {
                form method="post" action="/documents/invoices" {
                    (parts::hidden(visit))
                    input type="hidden" name="expected" value=(total);
                    div.acts { button.btn.main { (texts.ask_for_invoice(sum(signed, total))) } }
                }
            }
            p.also { a href="/documents/details" { (texts.billing_details()) } }
        }
    }
}

/// Forms for a statement and a receipt.
pub(crate) fn forms(signed: &Signed, all: &All) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let months = all.months.iter().map(|it| (it.clone(), show::month(it, visit.language)));
    let payments = all.payments.iter().map(|it| {
        let day = visit.calendar.local(it.at).date();
        (it.reference.clone(), format!("{} · {day} · {}", sum(signed, it.money), it.reference))
    });
    let language = all.language.unwrap_or(visit.language);
    let statement = Choice {
        name: "month",
        label: texts.month(),
        of: months.collect(),
        none: texts.nothing_final(),
        language,
    };
    let receipt = Choice {
        name: "reference",
        label: texts.cash_payment(),
        of: payments.collect(),
        none: texts.no_payments(),
        language,
    };
    if !signed.may(Right::Documents) {
        return html! { p.quiet { (texts.not_allowed()) } };
    }
    html! {
        section aria-labelledby="h-statement" {
            div.sect { h2 id="h-statement" { (texts.new_statement()) } }
            p.hint { (texts.new_statement_hint()) }
            (statement.form(signed, "/documents/statements", &texts.issue_statement()))
        }
        section aria-labelledby="h-receipt" {
            div.sect { h2 id="h-receipt" { (texts.new_receipt()) } }
            (receipt.form(signed, "/documents/receipts", &texts.issue_receipt()))
        }
    }
}

/// One of several, or a sentence where there is none.
struct Choice {
    name: &'static str,
    label: String,
    /// What is sent, and what is read.
    of: Vec<(String, String)>,
    none: String,
    /// The language that is chosen at first.
    language: Language,
}

impl Choice {
    fn form(&self, signed: &Signed, action: &str, button: &str) -> Markup {
        if self.of.is_empty() {
            return html! { p.quiet { (self.none) } };
        }
        let texts = signed.visit.texts();
        let languages = [
            (Language::English, texts.details_language_en()),
            (Language::Chinese, texts.details_language_zh()),
        ];
        let id = format!("{}-language", self.name);
        html! {
            form.narrow method="post" action=(action) {
                (parts::hidden(&signed.visit))
                div.field {
                    label for=(self.name) { (self.label) }
                    select.select id=(self.name) name=(self.name) {
                        @for (value, label) in &self.of { option value=(value) { (label) } }
                    }
                }
                div.field {
                    label for=(id) { (texts.language_of_documents()) }
                    select.select id=(id) name="language" {
                        @for (language, label) in &languages {
                            option value=(language.as_str()) selected[*language == self.language] { (label) }
                        }
                    }
                }
                div.field { button.btn { (button) } }
            }
        }
    }
}
