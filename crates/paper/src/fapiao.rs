//! The data of a fapiao: what a Chinese tax system is given to issue one.
//!
//! In:  a document with taxes. Out: JSON.
//! Invariant: sums are those of the document; those of a credit note (红字) are below zero, and name the invoice that they
//! take back.
//! Rules: R-INV-1.

use crate::capital;
use billing::document::invoiced::{Line, Taxed};
use billing::document::party::Party;
use billing::document::{Content, Document};
use serde_json::{Value, json};
use units::Money;

/// The text of a document.
pub(crate) fn write(document: &Document, taxed: &Taxed) -> String {
    let is_red = matches!(document.content, Content::CreditNote(_));
    let signed = |it: Money| if is_red { it.checked_neg().unwrap_or(it) } else { it };
    let line = |it: &Line| {
        let rate = taxed.tax_of(it).percent();
        json!({
            "name": it.name.zh, "quantity": "1", "amount": signed(it.net).to_string(), "tax_rate_percent": rate,
            "tax": signed(it.tax).to_string(),
        })
    };
    let (original, remark) = match &document.content {
        Content::CreditNote(it) => (Some(it.original_number.as_str()), it.reason.as_str()),
        Content::Invoice(_) | Content::Statement(_) | Content::Receipt(_) => (None, ""),
    };
    let value = json!({
        "serial": document.number,
        "type": if is_red { "red" } else { "blue" },
        "original_serial": original,
        "date": document.day,
        "currency": document.currency().as_str(),
        "seller": party(&document.seller),
        "buyer": party(&document.buyer),
        "items": taxed.lines.iter().map(line).collect::<Vec<Value>>(),
        "amount": signed(taxed.net).to_string(),
        "tax": signed(taxed.tax).to_string(),
        "total": signed(taxed.gross).to_string(),
        "capitals": capital::yuan(signed(taxed.gross).minor()),
        "remark": remark,
    });
    format!("{value:#}")
}

fn party(it: &Party) -> Value {
    let address = [&it.country, &it.city, &it.street].map(String::as_str).join(" ");
    json!({
        "name": it.name, "taxpayer_number": it.tax_number, "address": address.trim(), "phone": it.phone,
        "bank": it.bank, "bank_account": it.bank_account,
    })
}
