//! Documents held against what they say.
//!
//! In:  every document that was filed. Out: what differs.
//! Invariant: a body is what its digest says, a series has no gap, and credit notes take back no more than their invoice, nor
//! of one of its taxes. Invoices less their notes are the cash that the movements say (`consumed`).

use super::body;
use super::consumed::Consumed;
use crate::lists::documents::{self as list, Filter};
use crate::page::Part;
use crate::{Refusal, journal};
use billing::document::invoiced::Taxed;
use billing::document::{Content, Document};
use std::collections::BTreeMap;
use store::Tx;
use store::documents::{self as rows, Filed};
use units::DocumentId;

/// Documents that are read at once.
const AT_ONCE: u16 = 200;

/// What all documents come to.
#[derive(Default)]
struct Sums {
    /// By invoice: its number, and what each of its taxes comes to, in minor units.
    invoices: BTreeMap<DocumentId, (String, Vec<i64>)>,
    /// The same of all notes of an invoice.
    credited: BTreeMap<DocumentId, Vec<i64>>,
    consumed: Consumed,
}

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
    let (mut sums, mut part) = (Sums::default(), Part::first(AT_ONCE));
    loop {
        let page = list::page(tx, Filter::default(), &part)?;
        for listed in &page.items {
            let filed = rows::find(tx, listed.id)?;
            match read(&filed) {
                Ok(document) => sums.take(&document)?,
                Err(differs) => found.push(format!("document {}: {differs}", filed.printed)),
            }
        }
        part = match page.next {
            Some(next) => Part { after: Some(next), ..part },
            None => break,
        };
    }
    found.extend(sums.credited());
    found.extend(sums.consumed.differences(tx)?);
    Ok(found)
}

/// The document that was filed, or in what it differs.
fn read(filed: &Filed) -> Result<Document, &'static str> {
    if journal::digest(filed.body.as_bytes()) != filed.digest {
        return Err("its body is not what its digest says");
    }
    let document = body::read(&filed.body).map_err(|_| "its body cannot be read")?;
    if is_filed_as(&document, filed) { Ok(document) } else { Err("it is filed as something else") }
}

impl Sums {
    fn take(&mut self, it: &Document) -> Result<(), Refusal> {
        let taxes = |it: &Taxed| it.taxes.iter().map(|it| it.gross.minor()).collect::<Vec<i64>>();
        match &it.content {
            Content::Statement(_) | Content::Receipt(_) => {}
            Content::Invoice(of) => {
                self.invoices.insert(it.id, (it.number.clone(), taxes(&of.taxed)));
                self.consumed.invoiced(it, &of.taxed)?;
            }
            Content::CreditNote(of) => {
                let before =
                    self.credited.entry(of.original).or_insert_with(|| vec![0; of.taxed.taxes.len()]);
                before.iter_mut().zip(taxes(&of.taxed)).for_each(|(sum, it)| *sum += it);
                self.consumed.credited(it, &of.taxed)?;
            }
        }
        Ok(())
    }

    /// Invoices of which more was taken back than they say.
    fn credited(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (invoice, taken) in &self.credited {
            let Some((number, taxes)) = self.invoices.get(invoice) else {
                found.push(format!("credit notes of {invoice}: the invoice is gone"));
                continue;
            };
            let (all, total) = (taken.iter().sum::<i64>(), taxes.iter().sum::<i64>());
            let of_one = |(taken, whole): (&i64, &i64)| *taken > (*whole).max(0);
            if all > total {
                found.push(format!("invoice {number}: its credit notes take back {all} of {total}"));
            } else if taken.iter().zip(taxes).any(of_one) {
                found
                    .push(format!("invoice {number}: its credit notes take back more of a tax than it says"));
            }
        }
        found
    }
}

fn is_filed_as(it: &Document, filed: &Filed) -> bool {
    it.id == filed.id
        && it.account == filed.account
        && it.kind() == filed.kind
        && it.number == filed.printed
        && it.entity == filed.entity
        && it.content.total() == filed.total
}
