//! Documents: what is put on paper about an account, as data before it is drawn.
//!
//! In:  what was paid, billed and consumed; who sells and who buys. Out: a statement, receipt, invoice or credit note.
//! Invariant: a document that was issued is never changed: what puts it right is another document. All of its figures stand
//! in it, so that it is drawn again the same whatever the books say since.
//! Rules: R-INV-1, R-BIL-1, R-SET-7, R-MON-2, R-MON-7.

pub mod error;
pub mod invoiced;
pub mod note;
pub mod party;
pub mod seller;
pub mod spent;
pub mod statement;
pub mod tax;

use crate::language::Language;
use invoiced::Taxed;
use party::Party;
use statement::Statement;
use units::{AccountId, Currency, DocumentId, Money, Timestamp};

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What a month came to, by product and resource.
    Statement,
    /// That money came in.
    Receipt,
    /// What was consumed in cash, with its taxes.
    Invoice,
    /// What of an invoice does not hold.
    CreditNote,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Statement, Kind::Receipt, Kind::Invoice, Kind::CreditNote];

    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Statement => "statement",
            Kind::Receipt => "receipt",
            Kind::Invoice => "invoice",
            Kind::CreditNote => "credit_note",
        }
    }

    pub fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// Money that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// By which the payment is known.
    pub reference: String,
    /// The day on which it came, in the settlement zone.
    pub day: String,
    pub money: Money,
}

/// An invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// The days of what it is for, the first and the last, as the settlement zone has them.
    pub first_day: String,
    pub last_day: String,
    pub taxed: Taxed,
}

/// A credit note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditNote {
    /// The invoice that it is of: its id, its number and its day, and the days of what that is for.
    pub original: DocumentId,
    pub original_number: String,
    pub original_day: String,
    pub first_day: String,
    pub last_day: String,
    pub reason: String,
    /// Of what it takes back: above zero where the invoice is.
    pub taxed: Taxed,
}

/// What a document says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Statement(Statement),
    Receipt(Receipt),
    Invoice(Invoice),
    CreditNote(CreditNote),
}

impl Content {
    pub const fn kind(&self) -> Kind {
        match self {
            Content::Statement(_) => Kind::Statement,
            Content::Receipt(_) => Kind::Receipt,
            Content::Invoice(_) => Kind::Invoice,
            Content::CreditNote(_) => Kind::CreditNote,
        }
    }

    /// What it comes to, taxes included.
    pub const fn total(&self) -> Money {
        match self {
            Content::Statement(it) => it.total,
            Content::Receipt(it) => it.money,
            Content::Invoice(it) => it.taxed.gross,
            Content::CreditNote(it) => it.taxed.gross,
        }
    }

    /// The first and the last day of what it is for, of what has taxes.
    pub fn days(&self) -> Option<(&str, &str)> {
        match self {
            Content::Statement(_) | Content::Receipt(_) => None,
            Content::Invoice(it) => Some((&it.first_day, &it.last_day)),
            Content::CreditNote(it) => Some((&it.first_day, &it.last_day)),
        }
    }

    /// Lines with taxes, of what has them.
    pub const fn taxed(&self) -> Option<&Taxed> {
        match self {
            Content::Statement(_) | Content::Receipt(_) => None,
            Content::Invoice(it) => Some(&it.taxed),
            Content::CreditNote(it) => Some(&it.taxed),
        }
    }
}

/// A document as it was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub id: DocumentId,
    pub account: AccountId,
    /// What the account is called.
    pub account_name: String,
    /// The selling legal entity, by the id that the operator's file gives it.
    pub entity: String,
    /// Within its entity and series without a gap, such as `INV-2026-000001`.
    pub number: String,
    pub issued: Timestamp,
    /// The day of it in the settlement zone, and what that zone is called.
    pub day: String,
    pub zone: String,
    /// In which it was asked for; it may be drawn in any.
    pub language: Language,
    pub seller: Party,
    pub buyer: Party,
    pub content: Content,
}

impl Document {
    pub const fn kind(&self) -> Kind {
        self.content.kind()
    }

    pub const fn currency(&self) -> Currency {
        self.content.total().currency()
    }
}

#[cfg(test)]
mod tests;
