//! Documents as files: set where blocking is allowed, in a lane of their own, by the fonts of this node.
//!
//! In:  a document, a language. Out: bytes of PDF, or why there are none.
//! Invariant: no connection of the database is held meanwhile.

use super::node::Node;
use super::problem::Problem;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use billing::document::Document;
use billing::document::error::DocumentError;
use billing::language::Language;
use desk::Refusal;
use paper::{Form, PaperError};

/// A document as PDF. Errors: `font_missing` where this node has no font with its letters.
pub async fn pdf(node: &Node, document: Document, language: Language) -> Result<Response, Problem> {
    let name = format!("{}.pdf", document.number);
    let bytes = node
        .drawing(move |node| {
            let fonts = node.desk().document_fonts.clone();
            let attached = paper::attachments(&document)?;
            paper::pdf(&document, language, &fonts, &attached).map_err(|error| match error {
                PaperError::Font(error) => DocumentError::Font(error.to_string()).into(),
                PaperError::Pdf(what) => Refusal::corrupt(format!("document {}: {what}", document.number)),
            })
        })
        .await?;
    Ok(file("application/pdf", &name, bytes))
}

/// The text of an invoice or a credit note as data.
///
/// Errors: `document_kind_refused` for what is neither, or what the form has no words for.
pub fn text(document: &Document, form: Form) -> Result<String, Problem> {
    Ok(paper::data(document, form).map_err(Refusal::from)?)
}

/// The same as a file to keep.
pub fn data(document: &Document, form: Form) -> Result<Response, Problem> {
    let text = text(document, form)?;
    let end = match form {
        Form::Ubl | Form::Cii => "xml",
        Form::Fapiao => "json",
    };
    Ok(file(form.media_type(), &format!("{}-{}.{end}", document.number, form.as_str()), text.into_bytes()))
}

/// A file to keep, under this name: one of letters, digits and dashes.
pub fn file(media_type: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type.to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}
