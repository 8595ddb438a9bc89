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
pub const MOST: usize = 120;
/// What is said of a detail that is longer, or on several lines.
pub const LONG: &str = "has at most 120 characters, on one line";

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
        let party = self.kept();
        match party.wrong().into_iter().next() {
            Some(first) => Err(first),
            None => Ok(party),
        }
    }

    /// Everything for which that would be refused, of each field at most once but for one that is too long as well.
    pub fn faults(self) -> Vec<DocumentError> {
        self.kept().wrong()
    }

    /// As it is kept: without space around, what is written in capitals in capitals.
    fn kept(self) -> Party {
        let trim = |it: String| it.trim().to_string();
        Party {
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
        }
    }

    fn wrong(&self) -> Vec<DocumentError> {
        let is_long = |text: &str| text.chars().count() > MOST || !is_plain(text);
        let long = self.fields().into_iter().filter(|it| is_long(it.1));
        let long = long.map(|it| (it.0, LONG));
        let is_number = |it: char| it.is_ascii_alphanumeric() || ".-/ ".contains(it);
        let is_mail = self.mail.is_empty() || crate::user::mail(&self.mail).is_ok();
        let judged = [
            (!self.name.is_empty(), ("name", "is needed")),
            (is_country(&self.country), ("country", "is two letters, such as CN, DE or US")),
            (
                self.tax_number.chars().all(is_number),
                ("tax_number", "has letters, digits, points and dashes alone"),
            ),
            (is_mail, ("mail", "is no mail address; write one such as name@example.com")),
        ];
        let judged = judged.into_iter().filter(|it| !it.0).map(|it| it.1);
        long.chain(judged).map(|(field, what)| DocumentError::Details { field, what }).collect()
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
