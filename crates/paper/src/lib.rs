//! Documents on paper: a document that was issued, set as PDF.
//!
//! In:  a document, a language, the files of fonts. Out: bytes.
//! Invariant: nothing is computed here: every figure stands in the document. The same document in the same language, with the
//! same fonts, is the same bytes: nothing here reads a clock.

mod attached;
mod capital;
mod cii;
mod draw;
mod en16931;
mod error;
mod factur_x;
mod fapiao;
mod fonts;
mod kinds;
mod said;
mod sheet;
mod table;
mod ubl;
mod xml;

use billing::document::Document;
use billing::document::error::DocumentError;
use billing::language::Language;
use std::path::PathBuf;
use units::Currency;

pub use attached::Attached;
pub use error::PaperError;
pub use fonts::FontError;

/// A document as PDF/A-3, tagged, with what is attached to it. `files` name the regular and
/// the bold font; where there are none, those of the system are searched.
///
/// Errors: `Font` where no font has its letters.
pub fn pdf(
    document: &Document,
    language: Language,
    files: &[PathBuf],
    attached: &[Attached],
) -> Result<Vec<u8>, PaperError> {
    let mut lacking = None;
    for family in fonts::families(files) {
        let family = match family {
            Ok(family) => family,
            Err(error) => {
                lacking = lacking.or(Some(error));
                continue;
            }
        };
        let sheet = kinds::sheet(document, language, family.faces()?);
        match sheet.missing() {
            None => return draw::pdf(document, language, sheet, attached),
            Some(letter) => lacking = lacking.or(Some(family.lacks(letter))),
        }
    }
    Err(lacking.unwrap_or(FontError::None).into())
}

/// In which form an invoice is given out as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// UBL 2.1, as EN 16931 binds it.
    Ubl,
    /// UN/CEFACT CII, as EN 16931 binds it: what Factur-X embeds.
    Cii,
    /// The data of a fapiao, as JSON.
    Fapiao,
}

impl Form {
    pub const ALL: [Form; 3] = [Form::Ubl, Form::Cii, Form::Fapiao];

    pub const fn as_str(self) -> &'static str {
        match self {
            Form::Ubl => "ubl",
            Form::Cii => "cii",
            Form::Fapiao => "fapiao",
        }
    }

    pub fn parse(text: &str) -> Option<Form> {
        Form::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Whether sums of a currency can be said in it: a fapiao is in yuan; sums of EN 16931 have two digits at most.
    pub fn is_for(self, currency: Currency) -> bool {
        match self {
            Form::Ubl | Form::Cii => en16931::is_for(currency),
            Form::Fapiao => currency == Currency::CNY,
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Form::Ubl | Form::Cii => "application/xml",
            Form::Fapiao => "application/json",
        }
    }
}

/// An invoice or a credit note as data.
///
/// Errors: `NoForm` of what is neither, `NotInCurrency`, and `Mixed` for what the form has no words for.
pub fn data(document: &Document, form: Form) -> Result<String, DocumentError> {
    let currency = document.currency();
    let Some(taxed) = document.content.taxed() else {
        return Err(DocumentError::NoForm(document.kind().as_str()));
    };
    if !form.is_for(currency) {
        return Err(DocumentError::NotInCurrency { form: form.as_str(), currency });
    }
    match form {
        Form::Ubl => Ok(ubl::write(document, taxed, &en16931::shares(taxed, form.as_str())?)),
        Form::Cii => Ok(cii::write(document, taxed, &en16931::shares(taxed, form.as_str())?)),
        Form::Fapiao => Ok(fapiao::write(document, taxed)),
    }
}

/// What is attached to a document: its CII, if the form has words for it, under the name that Factur-X gives it.
///
/// Errors: of what goes wrong in a document that has one.
pub fn attachments(document: &Document) -> Result<Vec<Attached>, DocumentError> {
    let text = match data(document, Form::Cii) {
        Ok(text) => text,
        Err(DocumentError::NoForm(_) | DocumentError::NotInCurrency { .. } | DocumentError::Mixed { .. }) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(error),
    };
    let (name, description) = (factur_x::FILE.into(), "Factur-X".into());
    Ok(vec![Attached { name, media_type: "text/xml", description, text }])
}

#[cfg(test)]
mod tests;
