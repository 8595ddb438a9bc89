//! Documents as they were issued, who they are made out to, and who sells.
//!
//! In:  a transaction, documents as texts. Out: the same; numbers without a gap.
//! Invariant: a row of a document is never changed. A number is given in the transaction that writes its document, under the
//! lock of its series: a document that is not written takes no number.

pub mod spent;

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::document::Kind;
use billing::document::party::Party;
use billing::language::Language;
use units::{AccountId, DocumentId, Money, Timestamp};

columns!(documents:
    account, id, kind, subject, entity, series, number, printed, issued_us, day, original, currency, total_minor, digest, body
);
columns!(billing_details:
    account, name, tax_number, country, city, street, postal_code, phone, mail, bank, bank_account, language
);
columns!(sellers: number, id, body, applied_us, applied_by);

statements! {
    ADD = concat!(documents!(insert), " on conflict do nothing");
    GET = concat!(documents!(select), " where account = $1 and id = $2");
    FIND = concat!(documents!(select), " where id = $1");
    OF_SUBJECT = concat!(documents!(select), " where account = $1 and kind = $2 and subject = $3");
    NOTES = concat!(documents!(select), " where account = $1 and original = $2 order by number, id");
    PAGE = "select account, id, kind, subject, entity, series, number, printed, issued_us, day, original, currency, total_minor, digest, ''
        from documents where account = $1 and id < $2 and ($3 = '' or kind = $3)
        order by id desc limit $4";
    PAGE_OF_ALL = "select account, id, kind, subject, entity, series, number, printed, issued_us, day, original, currency, total_minor, digest, ''
        from documents where id < $1 and ($2 = '' or kind = $2) order by id desc limit $3";
    NUMBER = "insert into document_series (entity, series, last) values ($1, $2, 1) on conflict (entity, series)
        do update set last = document_series.last + 1 returning last";
    LAST = "select entity, series, last from document_series order by entity, series";
    ENTITIES = "select distinct entity from document_series order by entity";
    COUNTED = "select entity, series, count(*), max(number) from documents group by entity, series order by entity, series";
    DETAILS = concat!(billing_details!(select), " where account = $1");
    SET_DETAILS = concat!(billing_details!(insert), " on conflict (account) do update set name = excluded.name,
        tax_number = excluded.tax_number, country = excluded.country, city = excluded.city, street = excluded.street,
        postal_code = excluded.postal_code, phone = excluded.phone, mail = excluded.mail, bank = excluded.bank,
        bank_account = excluded.bank_account, language = excluded.language");
    SELLERS = concat!(sellers!(select), " order by number desc limit 1");
    APPLY = concat!(sellers!(insert), " on conflict do nothing");
}

/// A document as it is filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    pub account: AccountId,
    pub id: DocumentId,
    pub kind: Kind,
    /// What tells it from others of its kind and account.
    pub subject: String,
    pub entity: String,
    pub series: String,
    pub number: i64,
    /// The number as it is printed.
    pub printed: String,
    pub issued: Timestamp,
    pub day: String,
    /// The invoice that a credit note is of.
    pub original: Option<DocumentId>,
    pub total: Money,
    /// The SHA-256 of the body.
    pub digest: String,
    /// All that it says; empty in a list of several.
    pub body: String,
}

fn filed(row: &Row<'_>) -> Result<Filed, StoreError> {
    let currency = row.currency(documents!(currency))?;
    let original = row.maybe_text(documents!(original))?;
    let original = original.map(|it| it.parse().map_err(|_| StoreError::Corrupt(format!("document {it}"))));
    Ok(Filed {
        account: row.parsed(documents!(account), "account", |it| it.parse().ok())?,
        id: row.parsed(documents!(id), "document", |it| it.parse().ok())?,
        kind: row.parsed(documents!(kind), "kind of document", Kind::parse)?,
        subject: row.text(documents!(subject))?,
        entity: row.text(documents!(entity))?,
        series: row.text(documents!(series))?,
        number: row.int(documents!(number))?,
        printed: row.text(documents!(printed))?,
        issued: at(row.int(documents!(issued_us))?)?,
        day: row.text(documents!(day))?,
        original: original.transpose()?,
        total: row.money(documents!(total_minor), currency)?,
        digest: row.text(documents!(digest))?,
        body: row.text(documents!(body))?,
    })
}

/// Files a document. Errors: `Differs` when its id, its number or its subject is taken.
pub fn add(tx: &mut Tx<'_>, it: &Filed) -> Result<(), StoreError> {
    let args: [Value<'_>; documents!(count)] = [
        it.account.to_string().into(),
        it.id.to_string().into(),
        it.kind.as_str().into(),
        it.subject.as_str().into(),
        it.entity.as_str().into(),
        it.series.as_str().into(),
        it.number.into(),
        it.printed.as_str().into(),
        us(it.issued).into(),
        it.day.as_str().into(),
        it.original.map(|it| it.to_string()).into(),
        it.total.currency().as_str().into(),
        it.total.into(),
        it.digest.as_str().into(),
        it.body.as_str().into(),
    ];
    tx.exec_or(ADD, &args, || StoreError::Differs(format!("document {}", it.printed)))
}

/// The next number of a series, which nobody else gets until `tx` ends.
pub fn number(tx: &mut Tx<'_>, entity: &str, series: &str) -> Result<i64, StoreError> {
    tx.one(NUMBER, &[entity.into(), series.into()], "a number", |row| row.int(0))
}

/// One document of an account. Errors: `NotFound`, also for one of another account.
pub fn get(tx: &mut Tx<'_>, account: AccountId, id: DocumentId) -> Result<Filed, StoreError> {
    tx.one(GET, &[account.to_string().into(), id.to_string().into()], &format!("document {id}"), filed)
}

/// The document of this id, whosever it is. Errors: `NotFound`.
pub fn find(tx: &mut Tx<'_>, id: DocumentId) -> Result<Filed, StoreError> {
    tx.one(FIND, &[id.to_string().into()], &format!("document {id}"), filed)
}

/// The document of a kind that this subject tells from others, if there is one.
pub fn of_subject(
    tx: &mut Tx<'_>,
    account: AccountId,
    kind: Kind,
    subject: &str,
) -> Result<Option<Filed>, StoreError> {
    let args = [account.to_string().into(), kind.as_str().into(), subject.into()];
    Ok(tx.rows(OF_SUBJECT, &args, filed)?.into_iter().next())
}

/// The credit notes of an invoice, in the order of their numbers.
pub fn notes(tx: &mut Tx<'_>, account: AccountId, invoice: DocumentId) -> Result<Vec<Filed>, StoreError> {
    tx.rows(NOTES, &[account.to_string().into(), invoice.to_string().into()], filed)
}

/// Which documents: of an account or of all, of a kind or of any where it is empty, below `before`.
#[derive(Clone, Copy, Debug)]
pub struct DocumentFilter<'a> {
    pub account: Option<AccountId>,
    pub kind: &'a str,
    pub before: &'a str,
}

/// The newest documents that fit, at most `most`, without their bodies.
pub fn page(tx: &mut Tx<'_>, filter: DocumentFilter<'_>, most: usize) -> Result<Vec<Filed>, StoreError> {
    let most: Value<'_> = i64::try_from(most).unwrap_or(i64::MAX).into();
    let (before, kind) = (filter.before.into(), filter.kind.into());
    match filter.account {
        Some(account) => tx.rows(PAGE, &[account.to_string().into(), before, kind, most], filed),
        None => tx.rows(PAGE_OF_ALL, &[before, kind, most], filed),
    }
}

/// A series: how far its numbers were given, how many documents there are, and the highest number of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    pub entity: String,
    pub series: String,
    pub last: i64,
    pub documents: i64,
    pub highest: i64,
}

/// Every series, for finding gaps.
pub fn series(tx: &mut Tx<'_>) -> Result<Vec<Series>, StoreError> {
    let counted =
        tx.rows(COUNTED, &[], |row| Ok(((row.text(0)?, row.text(1)?), (row.int(2)?, row.int(3)?))))?;
    tx.rows(LAST, &[], |row| {
        let (entity, series, last) = (row.text(0)?, row.text(1)?, row.int(2)?);
        let found = counted.iter().find(|it| it.0.0 == entity && it.0.1 == series);
        let (documents, highest) = found.map_or((0, 0), |it| it.1);
        Ok(Series { entity, series, last, documents, highest })
    })
}

/// The entities that have issued documents.
pub fn entities(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    tx.rows(ENTITIES, &[], |row| row.text(0))
}

/// Whom documents of an account are made out to, and in which language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    pub party: Party,
    pub language: Language,
}

/// The details of an account; empty where nothing was said.
pub fn details(tx: &mut Tx<'_>, account: AccountId) -> Result<Details, StoreError> {
    let found = tx.rows(DETAILS, &[account.to_string().into()], |row| {
        Ok(Details {
            party: Party {
                name: row.text(billing_details!(name))?,
                tax_number: row.text(billing_details!(tax_number))?,
                country: row.text(billing_details!(country))?,
                city: row.text(billing_details!(city))?,
                street: row.text(billing_details!(street))?,
                postal_code: row.text(billing_details!(postal_code))?,
                phone: row.text(billing_details!(phone))?,
                mail: row.text(billing_details!(mail))?,
                bank: row.text(billing_details!(bank))?,
                bank_account: row.text(billing_details!(bank_account))?,
            },
            language: row.parsed(billing_details!(language), "language", Language::parse)?,
        })
    })?;
    Ok(found.into_iter().next().unwrap_or_default())
}

/// Writes the details of an account.
pub fn set_details(tx: &mut Tx<'_>, account: AccountId, it: &Details) -> Result<(), StoreError> {
    let of = &it.party;
    let args: [Value<'_>; billing_details!(count)] = [
        account.to_string().into(),
        of.name.as_str().into(),
        of.tax_number.as_str().into(),
        of.country.as_str().into(),
        of.city.as_str().into(),
        of.street.as_str().into(),
        of.postal_code.as_str().into(),
        of.phone.as_str().into(),
        of.mail.as_str().into(),
        of.bank.as_str().into(),
        of.bank_account.as_str().into(),
        it.language.as_str().into(),
    ];
    tx.exec(SET_DETAILS, &args).map(drop)
}

/// The file of the sellers as it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedSellers {
    pub number: i64,
    /// The SHA-256 of the text.
    pub id: String,
    pub body: String,
    pub applied: Timestamp,
    /// As the audit log names who did it.
    pub by: String,
}

/// The file that holds.
pub fn sellers(tx: &mut Tx<'_>) -> Result<Option<AppliedSellers>, StoreError> {
    let found = tx.rows(SELLERS, &[], |row| {
        Ok(AppliedSellers {
            number: row.int(sellers!(number))?,
            id: row.text(sellers!(id))?,
            body: row.text(sellers!(body))?,
            applied: at(row.int(sellers!(applied_us))?)?,
            by: row.text(sellers!(applied_by))?,
        })
    })?;
    Ok(found.into_iter().next())
}

/// Adds a file that holds from now on. Errors: `Stale` when another was applied meanwhile.
pub fn apply_sellers(tx: &mut Tx<'_>, it: &AppliedSellers) -> Result<(), StoreError> {
    let args: [Value<'_>; sellers!(count)] = [
        it.number.into(),
        it.id.as_str().into(),
        it.body.as_str().into(),
        us(it.applied).into(),
        it.by.as_str().into(),
    ];
    tx.exec_or(APPLY, &args, || StoreError::Stale("the sellers".into()))
}
