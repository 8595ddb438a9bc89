//! Invoices and their credit notes.
//!
//! In:  an account whose wallet is held; an invoice. Out: an invoice of all that may be invoiced; a note of what does not hold.
//! Invariant: each movement of cash is in one invoice at most; what a credit note takes back may be invoiced once more.
//! Rules: R-INV-1.

use super::{New, Sides, body, day, issue, named, sellers, sides};
use crate::{At, Refusal, freezes};
use billing::document::error::DocumentError;
use billing::document::invoiced::{Item, Taxed};
use billing::document::note;
use billing::document::party::Party;
use billing::document::seller::Sellers;
use billing::document::spent::{self, Debt, DebtMove, Spent, Step, Title};
use billing::document::tax::{self, Sale};
use billing::document::{Content, CreditNote, Document, Invoice, Kind};
use std::collections::BTreeSet;
use store::documents::spent::{self as cash, Whose};
use store::documents::{self as rows, Filed};
use store::{Tx, accounts, ledger};
use units::{AccountId, DocumentId, Money, Timestamp};

/// What may be invoiced.
struct Pending {
    spent: Vec<Spent>,
    total: Money,
    debts: Vec<Debt>,
    days: Days,
}

/// The first and the last day of what may be invoiced: of the movements that count, and of what credit notes gave back.
#[derive(Default)]
struct Days(Option<(String, String)>);

impl Days {
    fn take(&mut self, first: String, last: String) {
        self.0 = Some(match self.0.take() {
            None => (first, last),
            Some((from, to)) => (from.min(first), to.max(last)),
        });
    }
}

/// What of an account may be invoiced, and with which taxes.
#[derive(Clone, Debug)]
pub struct ToInvoice {
    pub account: AccountId,
    /// Cash that was consumed, less what came back and what was invoiced.
    pub total: Money,
    /// The lines and taxes that an invoice would have; what is missing for one otherwise.
    pub taxed: Result<Taxed, DocumentError>,
    /// Whom it would be made out to.
    pub buyer: Party,
}

/// What may be invoiced of movements with numbers below `before`.
fn pending(
    tx: &mut Tx<'_>,
    at: At<'_>,
    sellers: &Sellers,
    of: Whose,
    before: i64,
) -> Result<Pending, Refusal> {
    let so_far = cash::invoiced(tx, of)?;
    let numbers = so_far.before..before;
    let changes = tax::changes(&sellers.taxes);
    let (mut all, mut days) = (Vec::new(), Days::default());
    for text in &so_far.back {
        let note = body::read(text)?;
        let (Some(taxed), Some((first, last))) = (note.content.taxed(), note.content.days()) else {
            return Err(Refusal::corrupt(format!("document {}: it gives nothing back", note.number)));
        };
        all.extend(taxed.spent());
        days.take(first.to_string(), last.to_string());
    }
    if let Some((first, last)) = cash::ends(tx, of.account, numbers.clone())? {
        days.take(day(at, first), day(at, last));
        for (since, within) in spans(at, &changes)? {
            if within.start <= last && first < within.end {
                let found = cash::cash(tx, of, numbers.clone(), within)?;
                let title = |product| Title { since: since.clone(), product };
                all.extend(found.into_iter().map(|(product, money)| Spent { title: title(product), money }));
            }
        }
    }
    let mut moves = Vec::new();
    for it in cash::owed(tx, of, numbers)? {
        let Some(step) = Step::of(it.debit, it.credit) else { continue };
        let day = day(at, it.at);
        let title = Title { since: since(&changes, &day), product: it.product };
        if step == Step::PaidInCash {
            days.take(day.clone(), day);
        }
        moves.push(DebtMove { step, title, money: it.money });
    }
    let (paid, debts) = spent::pay_debts(so_far.debts, &moves)?;
    all.extend(paid);
    let (spent, total) = spent::add_up(&all, of.currency)?;
    Ok(Pending { spent, total, debts, days })
}

/// The day of the last change of the taxes that is not after `day`; empty before the first.
fn since(changes: &BTreeSet<&str>, day: &str) -> String {
    changes.range(..=day).next_back().map_or_else(String::new, ToString::to_string)
}

/// The times between two changes of the taxes, each with the day on which it begins.
fn spans(at: At<'_>, changes: &BTreeSet<&str>) -> Result<Vec<(String, std::ops::Range<Timestamp>)>, Refusal> {
    let mut spans = Vec::new();
    let (mut since, mut from) = (String::new(), Timestamp::MIN);
    for change in changes {
        let to = at.desk.calendar.parse(change)?;
        spans.push((since, from..to));
        (since, from) = ((*change).to_string(), to);
    }
    spans.push((since, from..Timestamp::MAX));
    Ok(spans)
}

/// The invoice of what may be invoiced. Errors: `NoBuyer`, `NoTax`, `Nothing`.
fn draft(at: At<'_>, sellers: &Sellers, sides: &Sides, pending: &Pending) -> Result<Invoice, DocumentError> {
    let Some((first_day, last_day)) = pending.days.0.clone().filter(|_| pending.total.is_positive()) else {
        return Err(DocumentError::Nothing);
    };
    if !sides.buyer.is_complete() {
        return Err(DocumentError::NoBuyer);
    }
    let mut items = Vec::new();
    for it in &pending.spent {
        let kind = sellers.kind(&it.title.product);
        let sale = Sale { seller: &sides.seller, buyer: &sides.buyer, kind, day: &it.title.since };
        let missing = || DocumentError::NoTax {
            country: sides.buyer.country.clone(),
            kind: kind.to_string(),
            day: if it.title.since.is_empty() { first_day.clone() } else { it.title.since.clone() },
        };
        let tax = tax::of(&sellers.taxes, sale).ok_or_else(missing)?.clone();
        items.push(Item {
            title: it.title.clone(),
            name: named(at, it.money.currency(), &it.title.product),
            tax,
            money: it.money,
        });
    }
    let taxed = Taxed::of(&items, pending.total.currency())?;
    Ok(Invoice { first_day, last_day, taxed })
}

/// What may be invoiced now. Errors: `NoSeller`.
pub fn to_invoice(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<ToInvoice, Refusal> {
    let account = accounts::get(tx, account)?;
    let wallet = ledger::get(tx, account.id, account.currency)?;
    let sellers = sellers::now(tx)?;
    let pending =
        pending(tx, at, &sellers, Whose { account: account.id, currency: account.currency }, wallet.end())?;
    let sides = sides(tx, &sellers, account)?;
    let taxed = match draft(at, &sellers, &sides, &pending) {
        Ok(it) => Ok(it.taxed),
        Err(missing @ (DocumentError::Nothing | DocumentError::NoBuyer | DocumentError::NoTax { .. })) => {
            Err(missing)
        }
        Err(other) => return Err(other.into()),
    };
    Ok(ToInvoice { account: sides.account.id, total: pending.total, taxed, buyer: sides.buyer })
}

/// An invoice that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct NewInvoice<'a> {
    pub account: AccountId,
    /// What may be invoiced, as whoever asks saw it.
    pub expected: Option<Money>,
    /// What tells it from others: the same again is the invoice that is there.
    pub token: &'a str,
}

/// An invoice of all that may be invoiced now.
///
/// Errors: `Nothing`, `Changed` where it is another sum than expected, `NoBuyer`, `NoTax`, `NoSeller`, `Token`.
/// Source: R-INV-1.
pub fn invoice(tx: &mut Tx<'_>, at: At<'_>, new: NewInvoice<'_>) -> Result<Document, Refusal> {
    let NewInvoice { account, expected, token } = new;
    let held = freezes::held(tx, account)?;
    if let Some(there) = rows::of_subject(tx, account, Kind::Invoice, token)? {
        return same_invoice(&there, expected);
    }
    let whose = Whose { account, currency: held.account.currency };
    // As the row stands: a wallet that is held is counted with the step that is about to be made.
    let before = ledger::get(tx, account, whose.currency)?.end();
    let sellers = sellers::now(tx)?;
    let pending = pending(tx, at, &sellers, whose, before)?;
    if let Some(asked) = expected.filter(|it| *it != pending.total) {
        return Err(DocumentError::Changed { asked, there: pending.total }.into());
    }
    let sides = sides(tx, &sellers, held.account)?;
    let content = Content::Invoice(draft(at, &sellers, &sides, &pending)?);
    let made = issue(tx, at, sides, New { content, subject: token, original: None })?;
    cash::set_invoiced(tx, account, made.id, before, &pending.debts)?;
    Ok(made)
}

fn same_invoice(there: &Filed, expected: Option<Money>) -> Result<Document, Refusal> {
    let there = body::read(&there.body)?;
    let paid = there.content.taxed().map(|it| it.paid);
    match expected.is_none_or(|it| Some(it) == paid) {
        true => Ok(there),
        false => Err(DocumentError::Token.into()),
    }
}

/// A credit note that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct NewNote<'a> {
    pub invoice: DocumentId,
    /// Taxes included; all that is left if nothing is said.
    pub amount: Option<Money>,
    pub reason: &'a str,
    /// What tells it from others: the same again is the note that is there.
    pub token: &'a str,
}

/// A credit note: of all that is left of an invoice, or of a part. What it takes back may be invoiced once more.
///
/// Errors: `NotFound`, `NotAnInvoice`, `TooMuch`, `Amount`, `Reason`, `Token`. Source: R-INV-1.
pub fn credit_note(tx: &mut Tx<'_>, at: At<'_>, new: NewNote<'_>) -> Result<Document, Refusal> {
    let original = rows::find(tx, new.invoice)?;
    let account = original.account;
    let held = freezes::held(tx, account)?;
    let invoice = body::read(&original.body)?;
    let Content::Invoice(of) = &invoice.content else {
        let (number, kind) = (invoice.number.clone(), invoice.kind().as_str());
        return Err(DocumentError::NotAnInvoice { number, kind }.into());
    };
    let reason = note::reason(new.reason)?;
    if let Some(there) = rows::of_subject(tx, account, Kind::CreditNote, new.token)? {
        return same_note(&there, &new, &reason);
    }
    let notes = rows::notes(tx, account, original.id)?;
    let notes = notes.iter().map(|it| body::read(&it.body)).collect::<Result<Vec<Document>, Refusal>>()?;
    let before: Vec<&Taxed> = notes.iter().filter_map(|it| it.content.taxed()).collect();
    let taxed = note::mirror(&of.taxed, &before, new.amount)?;
    let sellers = sellers::now(tx)?;
    let entity = sellers.entities.iter().find(|it| it.id == invoice.entity).ok_or(DocumentError::NoSeller)?;
    let sides = Sides {
        entity: entity.clone(),
        seller: invoice.seller.clone(),
        buyer: invoice.buyer.clone(),
        language: invoice.language,
        account: held.account,
    };
    let content = Content::CreditNote(CreditNote {
        original: invoice.id,
        original_number: invoice.number.clone(),
        original_day: invoice.day.clone(),
        first_day: of.first_day.clone(),
        last_day: of.last_day.clone(),
        reason,
        taxed,
    });
    let made = issue(tx, at, sides, New { content, subject: new.token, original: Some(original.id) })?;
    cash::give_back(tx, account, made.id)?;
    Ok(made)
}

fn same_note(there: &Filed, new: &NewNote<'_>, reason: &str) -> Result<Document, Refusal> {
    let there = body::read(&there.body)?;
    let same = match &there.content {
        Content::CreditNote(it) => {
            it.original == new.invoice
                && it.reason == reason
                && new.amount.is_none_or(|amount| amount == it.taxed.gross)
        }
        Content::Statement(_) | Content::Receipt(_) | Content::Invoice(_) => false,
    };
    if same { Ok(there) } else { Err(DocumentError::Token.into()) }
}
