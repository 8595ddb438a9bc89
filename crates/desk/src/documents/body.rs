//! The body of a document: all that it says, as the JSON that is filed and given out.
//!
//! In:  a document. Out: its one text; the same document read from it.
//! Invariant: the order of fields is that of this file, without blanks between: the same document is the same bytes, and
//! their SHA-256 is its digest. Sums are texts, exact.

use super::lines::{StatementBody, TaxedBody};
use crate::Refusal;
use billing::document::party::Party;
use billing::document::{Content, CreditNote, Document, Invoice, Kind, Receipt};
use billing::language::Language;
use serde::{Deserialize, Serialize};
use units::{Currency, Money, Timestamp};

/// Raised when the form changes, so that what was filed before is still read as it was meant.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    format: u32,
    id: String,
    kind: String,
    number: String,
    day: String,
    issued: String,
    zone: String,
    language: String,
    entity: String,
    account: String,
    account_name: String,
    currency: String,
    total: String,
    seller: PartyBody,
    buyer: PartyBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<StatementBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<ReceiptBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice: Option<InvoiceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit_note: Option<CreditNoteBody>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartyBody {
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    tax_number: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    country: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    city: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    street: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    postal_code: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    phone: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    mail: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    bank: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    bank_account: String,
}

impl From<&Party> for PartyBody {
    fn from(it: &Party) -> PartyBody {
        let it = it.clone();
        PartyBody {
            name: it.name,
            tax_number: it.tax_number,
            country: it.country,
            city: it.city,
            street: it.street,
            postal_code: it.postal_code,
            phone: it.phone,
            mail: it.mail,
            bank: it.bank,
            bank_account: it.bank_account,
        }
    }
}

impl From<PartyBody> for Party {
    fn from(it: PartyBody) -> Party {
        Party {
            name: it.name,
            tax_number: it.tax_number,
            country: it.country,
            city: it.city,
            street: it.street,
            postal_code: it.postal_code,
            phone: it.phone,
            mail: it.mail,
            bank: it.bank,
            bank_account: it.bank_account,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReceiptBody {
    reference: String,
    day: String,
    amount: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct InvoiceBody {
    first_day: String,
    last_day: String,
    taxed: TaxedBody,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CreditNoteBody {
    original: String,
    original_number: String,
    original_day: String,
    /// Notes of before 2026-11-30 lack them.
    first_day: Option<String>,
    last_day: Option<String>,
    reason: String,
    taxed: TaxedBody,
}

/// The text of a document. Errors: never, for what can be written as JSON.
pub fn write(it: &Document) -> Result<String, Refusal> {
    let mut body = Body {
        format: FORMAT,
        id: it.id.to_string(),
        kind: it.kind().as_str().into(),
        number: it.number.clone(),
        day: it.day.clone(),
        issued: it.issued.to_string(),
        zone: it.zone.clone(),
        language: it.language.as_str().into(),
        entity: it.entity.clone(),
        account: it.account.to_string(),
        account_name: it.account_name.clone(),
        currency: it.currency().as_str().into(),
        total: it.content.total().to_string(),
        seller: (&it.seller).into(),
        buyer: (&it.buyer).into(),
        statement: None,
        receipt: None,
        invoice: None,
        credit_note: None,
    };
    match &it.content {
        Content::Statement(it) => body.statement = Some(it.into()),
        Content::Receipt(it) => {
            let (reference, day) = (it.reference.clone(), it.day.clone());
            body.receipt = Some(ReceiptBody { reference, day, amount: it.money.to_string() });
        }
        Content::Invoice(it) => {
            let (first_day, last_day) = (it.first_day.clone(), it.last_day.clone());
            body.invoice = Some(InvoiceBody { first_day, last_day, taxed: (&it.taxed).into() });
        }
        Content::CreditNote(it) => {
            body.credit_note = Some(CreditNoteBody {
                original: it.original.to_string(),
                original_number: it.original_number.clone(),
                original_day: it.original_day.clone(),
                first_day: Some(it.first_day.clone()),
                last_day: Some(it.last_day.clone()),
                reason: it.reason.clone(),
                taxed: (&it.taxed).into(),
            });
        }
    }
    serde_json::to_string(&body).map_err(|error| Refusal::corrupt(error.to_string()))
}

/// The document that a text says. Errors: `data_corrupt` for one that `write` did not write.
pub fn read(text: &str) -> Result<Document, Refusal> {
    let body: Body =
        serde_json::from_str(text).map_err(|error| Refusal::corrupt(format!("a document: {error}")))?;
    let corrupt = |what: &str| Refusal::corrupt(format!("the {what} of document {}", body.number));
    if body.format != FORMAT {
        return Err(corrupt("format"));
    }
    let currency = Currency::parse(&body.currency).map_err(|_| corrupt("currency"))?;
    let content = match (body.statement, body.receipt, body.invoice, body.credit_note) {
        (Some(it), None, None, None) => Content::Statement(it.read(currency)?),
        (None, Some(it), None, None) => {
            let money = Money::parse(&it.amount, currency)?;
            Content::Receipt(Receipt { reference: it.reference, day: it.day, money })
        }
        (None, None, Some(it), None) => {
            let taxed = it.taxed.read(currency)?;
            Content::Invoice(Invoice { first_day: it.first_day, last_day: it.last_day, taxed })
        }
        (None, None, None, Some(it)) => Content::CreditNote(CreditNote {
            original: it.original.parse().map_err(|_| Refusal::corrupt("the original of a credit note"))?,
            original_number: it.original_number,
            first_day: it.first_day.unwrap_or_else(|| it.original_day.clone()),
            last_day: it.last_day.unwrap_or_else(|| it.original_day.clone()),
            original_day: it.original_day,
            reason: it.reason,
            taxed: it.taxed.read(currency)?,
        }),
        (Some(_) | None, Some(_) | None, Some(_) | None, Some(_) | None) => {
            return Err(Refusal::corrupt("a document says nothing, or two things"));
        }
    };
    let corrupt = |what: &str| Refusal::corrupt(format!("the {what} of document {}", body.number));
    let issued: Timestamp = body.issued.parse().map_err(|_| corrupt("time"))?;
    let document = Document {
        id: body.id.parse().map_err(|_| corrupt("id"))?,
        account: body.account.parse().map_err(|_| corrupt("account"))?,
        language: Language::parse(&body.language).ok_or_else(|| corrupt("language"))?,
        account_name: body.account_name,
        entity: body.entity,
        number: body.number.clone(),
        issued,
        day: body.day,
        zone: body.zone,
        seller: body.seller.into(),
        buyer: body.buyer.into(),
        content,
    };
    if Kind::parse(&body.kind) != Some(document.kind()) {
        return Err(corrupt("kind"));
    }
    if Money::parse(&body.total, currency)? != document.content.total() {
        return Err(corrupt("total"));
    }
    Ok(document)
}
