//! Documents on paper: a document that was issued, set as PDF.
//!
//! In:  a document, a language, the files of fonts. Out: bytes.
//! Invariant: nothing is computed here: every figure stands in the document. The same document in the same language, with the
//! same fonts, is the same bytes: nothing here reads a clock.

mod attached;
mod capital;
mod cii;
mod draw;
mod error;
mod fapiao;
mod fonts;
mod kinds;
mod said;
mod sheet;
mod table;
mod ubl;
mod xml;

use billing::document::Document;
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
    let family = fonts::of(files, &said::letters(document, language))?;
    let sheet = kinds::sheet(document, language, family.faces()?);
    draw::pdf(document, language, sheet, attached)
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
    ///
    /// Source: EN 16931, BR-DEC-09 to BR-DEC-28.
    pub fn is_for(self, currency: Currency) -> bool {
        match self {
            Form::Ubl | Form::Cii => currency.minor_digits() <= 2,
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

/// An invoice or a credit note as data; `None` of what is neither, or in a currency that the form is not for.
pub fn data(document: &Document, form: Form) -> Option<String> {
    let taxed = document.content.taxed().filter(|_| form.is_for(document.currency()))?;
    Some(match form {
        Form::Ubl => ubl::write(document, taxed),
        Form::Cii => cii::write(document, taxed),
        Form::Fapiao => fapiao::write(document, taxed),
    })
}

/// What is attached to a document: of an invoice or a credit note its CII, under the name that Factur-X gives it.
pub fn attachments(document: &Document) -> Vec<Attached> {
    let text = data(document, Form::Cii).into_iter();
    let attached = text.map(|text| Attached {
        name: "factur-x.xml".into(),
        media_type: "text/xml",
        description: "Factur-X".into(),
        text,
    });
    attached.collect()
}

#[cfg(test)]
mod tests;
