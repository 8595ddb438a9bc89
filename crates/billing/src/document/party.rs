//! Parties: who sells and who buys, as documents name them.
//!
//! In:  what was typed. Out: texts of a sane length, or which field is wrong.
//! Invariant: what is empty was not said; a country is two letters of ISO 3166.

use super::error::DocumentError;
use crate::text::is_plain;

/// A legal person, as documents name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    pub name: String,
    pub tax_number: String,
    /// Two letters, such as `CN`.
    pub country: String,
    pub city: String,
    pub street: String,
    pub postal_code: String,
    pub phone: String,
    pub mail: String,
    pub bank: String,
    pub bank_account: String,
}

/// Characters of one field.
const MOST: usize = 120;

impl Party {
    /// The fields with their names, in the order in which they are asked.
    pub fn fields(&self) -> [(&'static str, &str); 10] {
        [
            ("name", &self.name),
            ("tax_number", &self.tax_number),
            ("country", &self.country),
            ("city", &self.city),
            ("street", &self.street),
            ("postal_code", &self.postal_code),
            ("phone", &self.phone),
            ("mail", &self.mail),
            ("bank", &self.bank),
            ("bank_account", &self.bank_account),
        ]
    }

    /// The same without blanks around, if it can stand on a document. Errors: the field that cannot.
    pub fn checked(self) -> Result<Party, DocumentError> {
        let trim = |it: String| it.trim().to_string();
        let party = Party {
            name: trim(self.name),
            tax_number: trim(self.tax_number).to_uppercase(),
            country: trim(self.country).to_uppercase(),
            city: trim(self.city),
            street: trim(self.street),
            postal_code: trim(self.postal_code),
            phone: trim(self.phone),
            mail: trim(self.mail),
            bank: trim(self.bank),
            bank_account: trim(self.bank_account),
        };
        for (field, text) in party.fields() {
            if text.chars().count() > MOST || !is_plain(text) {
                return Err(DocumentError::Details {
                    field,
                    what: "has at most 120 characters, on one line",
                });
            }
        }
        let details = |field, what| Err(DocumentError::Details { field, what });
        if party.name.is_empty() {
            return details("name", "is needed");
        }
        if !is_country(&party.country) {
            return details("country", "is two letters, such as CN, DE or US");
        }
        let is_number = |it: char| it.is_ascii_alphanumeric() || ".-/ ".contains(it);
        if !party.tax_number.chars().all(is_number) {
            return details("tax_number", "has letters, digits, points and dashes alone");
        }
        if !party.mail.is_empty() && crate::user::mail(&party.mail).is_err() {
            return details("mail", "is no mail address; write one such as name@example.com");
        }
        Ok(party)
    }

    /// Whether an invoice can be made out to it. Source: EN 16931, BT-44, BT-50, BT-52, BT-55.
    pub fn is_complete(&self) -> bool {
        [&self.name, &self.country, &self.city, &self.street].into_iter().all(|it| !it.is_empty())
    }
}

/// Whether it is written as a country is.
pub fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|it| it.is_ascii_uppercase())
}
