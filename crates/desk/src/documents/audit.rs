//! Documents held against what they say.
//!
//! In:  every document that was filed. Out: what differs.
//! Invariant: a body is what its digest says, a series has no gap, and credit notes take back no more than their invoice.

use super::body;
use crate::lists::documents::{self as list, Filter};
use crate::page::Part;
use crate::{Refusal, journal};
use billing::document::{Content, Document};
use std::collections::BTreeMap;
use store::Tx;
use store::documents::{self as rows, Filed};
use units::DocumentId;

/// Documents that are read at once.
const AT_ONCE: u16 = 200;

/// In what documents differ from what was filed.
pub fn differences(tx: &mut Tx<'_>) -> Result<Vec<String>, Refusal> {
    let mut found = Vec::new();
    for it in rows::series(tx)? {
        if it.last != it.documents || it.last != it.highest {
            found.push(format!(
                "series {} of {}: {} numbers were given, {} documents are there, the highest is {}",
                it.series, it.entity, it.last, it.documents, it.highest
            ));
        }
    }
    let mut invoices: BTreeMap<DocumentId, (String, i64)> = BTreeMap::new();
    let mut credited: BTreeMap<DocumentId, i64> = BTreeMap::new();
    let mut part = Part::first(AT_ONCE);
    loop {
        let page = list::page(tx, Filter::default(), &part)?;
        for listed in &page.items {
            let filed = rows::find(tx, listed.id)?;
            if journal::digest(filed.body.as_bytes()) != filed.digest {
                found.push(format!("document {}: its body is not what its digest says", filed.printed));
                continue;
            }
            let Ok(document) = body::read(&filed.body) else {
                found.push(format!("document {}: its body cannot be read", filed.printed));
                continue;
            };
            if !is_filed_as(&document, &filed) {
                found.push(format!("document {}: it is filed as something else", filed.printed));
            }
            let total = document.content.total().minor();
            match &document.content {
                Content::Invoice(_) => drop(invoices.insert(document.id, (document.number.clone(), total))),
                Content::CreditNote(it) => *credited.entry(it.original).or_default() += total,
                Content::Statement(_) | Content::Receipt(_) => {}
            }
        }
        part = match page.next {
            Some(next) => Part { after: Some(next), ..part },
            None => break,
        };
    }
    for (invoice, minor) in credited {
        match invoices.get(&invoice) {
            Some((number, total)) if minor > *total => {
                found.push(format!("invoice {number}: its credit notes take back {minor} of {total}"));
            }
            Some(_) => {}
            None => found.push(format!("credit notes of {invoice}: the invoice is gone")),
        }
    }
    Ok(found)
}

fn is_filed_as(it: &Document, filed: &Filed) -> bool {
    it.id == filed.id
        && it.account == filed.account
        && it.kind() == filed.kind
        && it.number == filed.printed
        && it.entity == filed.entity
        && it.content.total() == filed.total
}
