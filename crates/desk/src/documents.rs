//! Documents: statements, receipts, invoices and credit notes are issued here.
//!
//! In:  an account, what is to be on paper. Out: the document, numbered and filed; the same again is the one that is there.
//! Invariant: a number is taken in the transaction that files its document; what was filed is never changed. The account is
//! held before the number is taken.
//! Rules: R-INV-1, R-BIL-1, R-SET-7.

pub mod audit;
pub mod body;
mod consumed;
pub mod invoices;
mod lines;
pub mod sellers;

use super::lists::bills::{self as list, InMonth};
use super::page::Part;
use super::{At, Refusal, freezes, journal, lists};
use billing::account::Account;
use billing::bill::Sum;
use billing::document::error::DocumentError;
use billing::document::party::Party;
use billing::document::seller::{self, Entity, Sellers};
use billing::document::statement::{Statement, StatementLine};
use billing::document::{Content, Document, Kind, Receipt};
use billing::language::Language;
use billing::text::Text;
use billing::wallet::Purse;
use store::documents::{self as rows, Filed};
use store::{Tx, accounts, ledger};
use units::{AccountId, Currency, DocumentId, Timestamp};

pub use store::documents::{AppliedSellers, Details};

/// Resources that a statement lists; where there are more, it lists products.
const MOST_LINES: u16 = 2_000;
/// Statements of one month: more than this many times nobody puts a month right.
const MOST_EDITIONS: usize = 100;

/// Who sells to whom.
struct Sides {
    entity: Entity,
    seller: Party,
    buyer: Party,
    language: Language,
    account: Account,
}

/// The sides of an account's documents; whoever said nothing is named by the account.
fn sides(tx: &mut Tx<'_>, sellers: &Sellers, account: Account) -> Result<Sides, Refusal> {
    let Details { party, language } = rows::details(tx, account.id)?;
    let entity = sellers.to(&party.country).ok_or(DocumentError::NoSeller)?.clone();
    let buyer = if party.name.is_empty() { Party { name: account.name.clone(), ..party } } else { party };
    Ok(Sides { seller: entity.party.clone(), entity, buyer, language, account })
}

impl Sides {
    /// The same in a language that somebody chose, if anybody did.
    fn said_in(self, chosen: Option<Language>) -> Sides {
        Sides { language: chosen.unwrap_or(self.language), ..self }
    }
}

/// A document that somebody asks for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub account: AccountId,
    /// The month, such as `2026-06`, or the reference of the payment.
    pub subject: &'a str,
    /// `None`: the one that the details of the account say.
    pub language: Option<Language>,
}

impl<'a> Asked<'a> {
    /// In the language of the details of the account.
    pub const fn new(account: AccountId, subject: &'a str) -> Asked<'a> {
        Asked { account, subject, language: None }
    }
}

/// What a document is filed as.
struct New<'a> {
    content: Content,
    /// What tells it from others of its kind and account.
    subject: &'a str,
    original: Option<DocumentId>,
}

/// The day of an instant in the settlement zone, such as `2026-06-18`.
fn day(at: At<'_>, instant: Timestamp) -> String {
    at.desk.calendar.local(instant).date().to_string()
}

/// Numbers a document and files it. The account is held.
fn issue(tx: &mut Tx<'_>, at: At<'_>, sides: Sides, new: New<'_>) -> Result<Document, Refusal> {
    let New { content, subject, original } = new;
    let (kind, today) = (content.kind(), day(at, at.now));
    let series = sides.entity.series(kind, at.desk.calendar.local(at.now).year());
    let number = rows::number(tx, &sides.entity.id, &series)?;
    let account = sides.account.id;
    let document = Document {
        id: DocumentId::named(at.now, &format!("{account} {} {subject}", kind.as_str())),
        account,
        account_name: sides.account.name,
        entity: sides.entity.id,
        number: seller::number(&series, number),
        issued: at.now,
        day: today,
        zone: at.desk.calendar.zone(),
        language: sides.language,
        seller: sides.seller,
        buyer: sides.buyer,
        content,
    };
    let body = body::write(&document)?;
    let filed = Filed {
        account,
        id: document.id,
        kind,
        subject: subject.to_string(),
        entity: document.entity.clone(),
        series,
        number,
        printed: document.number.clone(),
        issued: document.issued,
        day: document.day.clone(),
        original,
        total: document.content.total(),
        digest: journal::digest(body.as_bytes()),
        body,
    };
    rows::add(tx, &filed)?;
    Ok(document)
}

/// What a product is called now; its id where the price book knows it no more.
fn named(at: At<'_>, currency: Currency, product: &str) -> Text {
    match at.product(currency, product) {
        Ok(it) => it.look.label.or(&it.name),
        Err(_) => billing::commitment::called(product),
    }
}

/// The statement of a month. The same again is the one that is there; where more was billed since, it is another one that
/// takes its place.
///
/// Errors: `NotFinal`, `EmptyMonth`, `NoSeller`. Source: R-BIL-1, R-SET-7.
pub fn statement(tx: &mut Tx<'_>, at: At<'_>, asked: Asked<'_>) -> Result<Document, Refusal> {
    let Asked { account, subject: month, language } = asked;
    let held = freezes::held(tx, account)?;
    let sellers = sellers::now(tx)?;
    let cycle = list::month(at.desk, month)?;
    if billing::bill::is_estimate(&cycle, at.now, &at.desk.calendar) {
        let ready = day(at, billing::bill::final_from(&cycle, &at.desk.calendar)?);
        return Err(DocumentError::NotFinal { month: month.into(), ready }.into());
    }
    let lines = statement_lines(tx, at, account, month)?;
    if lines.is_empty() {
        return Err(DocumentError::EmptyMonth(month.into()).into());
    }
    let mut made = Statement::of(month, lines, held.account.currency)?;
    let mut subject = month.to_string();
    for edition in 2..=MOST_EDITIONS {
        let Some(there) = rows::of_subject(tx, account, Kind::Statement, &subject)? else { break };
        let there = body::read(&there.body)?;
        if matches!(&there.content, Content::Statement(it) if it.says_as(&made)) {
            return Ok(there);
        }
        made.replaces = Some(there.number);
        subject = format!("{month} {edition}");
    }
    let sides = sides(tx, &sellers, held.account)?.said_in(language);
    issue(tx, at, sides, New { content: Content::Statement(made), subject: &subject, original: None })
}

/// What a month came to: by resource, or by product where there are too many resources.
fn statement_lines(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    month: &str,
) -> Result<Vec<StatementLine>, Refusal> {
    let of = InMonth { account, month: month.to_string(), product: None };
    let found = list::resources(tx, at, &of, &Part::first(MOST_LINES))?;
    if found.next.is_none() {
        let line = |it: list::SubjectSum| StatementLine {
            product_name: named(at, it.sum.total.currency(), &it.subject.product),
            product: it.subject.product,
            name: if it.name.is_empty() { it.subject.spec } else { it.name },
            kind: Some(it.kind),
            sum: it.sum,
        };
        return Ok(found.items.into_iter().map(line).collect());
    }
    let sums = list::of_month(tx, at, &of)?.into_iter();
    let line = |(product, sum): (String, Sum)| StatementLine {
        product_name: named(at, sum.total.currency(), &product),
        product,
        name: String::new(),
        kind: None,
        sum,
    };
    Ok(sums.map(line).collect())
}

/// The receipt of a payment. The same again is the one that is there.
///
/// Errors: `NotFound`; `Granted` for money that nobody paid; `NoSeller`.
pub fn receipt(tx: &mut Tx<'_>, at: At<'_>, asked: Asked<'_>) -> Result<Document, Refusal> {
    let Asked { account, subject: reference, language } = asked;
    let held = freezes::held(tx, account)?;
    let paid = ledger::one_top_up(tx, account, reference)?;
    if paid.purse != Purse::Cash {
        return Err(DocumentError::Granted.into());
    }
    if let Some(there) = rows::of_subject(tx, account, Kind::Receipt, reference)? {
        return body::read(&there.body);
    }
    let sellers = sellers::now(tx)?;
    let sides = sides(tx, &sellers, held.account)?.said_in(language);
    let receipt = Receipt { reference: paid.reference, day: day(at, paid.at), money: paid.money };
    issue(tx, at, sides, New { content: Content::Receipt(receipt), subject: reference, original: None })
}

/// Whom documents of an account are made out to. Errors: `NotFound`.
pub fn details(tx: &mut Tx<'_>, account: AccountId) -> Result<Details, Refusal> {
    accounts::get(tx, account)?;
    Ok(rows::details(tx, account)?)
}

/// Says whom documents are made out to from now on. Errors: `Details` for a field that cannot stand on a document.
pub fn set_details(tx: &mut Tx<'_>, account: AccountId, said: Details) -> Result<Details, Refusal> {
    accounts::get(tx, account)?;
    let details = Details { party: said.party.checked()?, language: said.language };
    rows::set_details(tx, account, &details)?;
    Ok(details)
}

/// A document as it was issued: of an account, or anybody's for the operator. Errors: `NotFound`.
pub fn one(tx: &mut Tx<'_>, account: Option<AccountId>, id: DocumentId) -> Result<Document, Refusal> {
    body::read(&lists::documents::one(tx, account, id)?.body)
}
