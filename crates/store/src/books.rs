//! Price books as they were written, each under the hash of its text.

use crate::engine::{Row, StoreError, Tx, at, us};
use units::{BookId, Currency, Timestamp};

statements! {
    ADD = "insert into books (id, number, name, from_us, body, applied_us, format, begun_us, applied_by, currency)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing";
    NEXT_NUMBER = "select coalesce(max(number) + 1, 0) from books";
    ALL = "select id, name, from_us, body, format, withheld from books order by from_us, number";
    IDS = "select id from books where withheld is null order by from_us, number";
    HEADS = "select id, name, from_us, applied_us, withheld, applied_by, coalesce(currency, $1) from books
        order by from_us desc, number desc";
    UNNAMED = "select id, name, from_us, body, format, withheld from books where currency is null order by number limit 1";
    GET = "select id, name, from_us, body, format, withheld from books where id = $1";
    TO_BEGIN = "select id from books where begun_us is null and withheld is null and from_us <= $1 order by from_us, number";
    NEXT_BEGIN = "select min(from_us) from books where begun_us is null and withheld is null";
    BEGUN = "update books set begun_us = $2 where id = $1 and begun_us is null and withheld is null";
    WITHHOLD = "update books set withheld = $2 where id = $1 and begun_us is null and withheld is null";
    WITHHELD = "select count(*) from books where withheld is not null";
    COUNT = "select count(*) from books";
    REMOVE = "delete from books where id = $1";
    NAMED = "select id from orders where book = $1 union all select book from price_corrections where book = $1 limit 1";
}

/// A stored book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBook {
    pub id: BookId,
    pub name: String,
    pub from: Timestamp,
    pub text: BookText,
    /// Why it did not begin; it holds never then. Source: R-CAT-1.
    pub withheld: Option<String>,
}

/// The text of a book, and the number of the format that it is read in. Source: R-PRC-19.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookText {
    pub body: String,
    pub format: i64,
}

/// A stored book without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookHead {
    pub id: BookId,
    pub name: String,
    pub currency: Currency,
    pub from: Timestamp,
    pub applied: Timestamp,
    /// Who applied it, as the audit log names them; empty where nobody was noted.
    pub by: String,
    /// Why it did not begin; it holds never then. Source: R-CAT-1.
    pub withheld: Option<String>,
}

fn stored(row: &Row<'_>) -> Result<StoredBook, StoreError> {
    let text = BookText { body: row.text(3)?, format: row.int(4)? };
    let withheld = row.maybe_text(5)?;
    Ok(StoredBook { id: id(row)?, name: row.text(1)?, from: at(row.int(2)?)?, text, withheld })
}

fn id(row: &Row<'_>) -> Result<BookId, StoreError> {
    row.parsed(0, "price book", |it| it.parse().ok())
}

/// Applies a book with this text; one that begins after it is applied has still to begin. The same again changes nothing, also not its format: the id follows from the text.
pub fn add(tx: &mut Tx<'_>, it: &BookHead, text: &BookText) -> Result<(), StoreError> {
    let id = it.id;
    let number = tx.one(NEXT_NUMBER, &[], "number of a book", |row| row.int(0))?;
    let args = [
        id.to_string().into(),
        number.into(),
        it.name.as_str().into(),
        us(it.from).into(),
        text.body.as_str().into(),
        us(it.applied).into(),
        text.format.into(),
        (it.from <= it.applied).then_some(us(it.applied)).into(),
        it.by.as_str().into(),
        it.currency.as_str().into(),
    ];
    if tx.exec(ADD, &args)? > 0 {
        return Ok(());
    }
    match get(tx, id) {
        Ok(there) if there.text.body == text.body => Ok(()),
        Ok(_) => Err(StoreError::Differs(format!("price book {id}"))),
        // Another book took the number meanwhile.
        Err(StoreError::NotFound(_)) => Err(StoreError::Stale("the list of price books".into())),
        Err(error) => Err(error),
    }
}

/// All versions, oldest first, also those that did not begin.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<StoredBook>, StoreError> {
    tx.rows(ALL, &[], stored)
}

/// The ids of all versions that hold from some time on, oldest first.
pub fn ids(tx: &mut Tx<'_>) -> Result<Vec<BookId>, StoreError> {
    tx.rows(IDS, &[], id)
}

/// All versions without their texts, the latest first; those like `unnamed` are of `currency`.
pub fn heads(tx: &mut Tx<'_>, currency: Option<Currency>) -> Result<Vec<BookHead>, StoreError> {
    tx.rows(HEADS, &[currency.map(Currency::as_str).into()], |row| {
        let (from, applied, withheld) = (at(row.int(2)?)?, at(row.int(3)?)?, row.maybe_text(4)?);
        let (id, name, by, currency) = (id(row)?, row.text(1)?, row.text(5)?, row.currency(6)?);
        Ok(BookHead { id, name, currency, from, applied, by, withheld })
    })
}

/// One of the books of which no row says the currency: they are from a time in which all had one.
pub fn unnamed(tx: &mut Tx<'_>) -> Result<Option<StoredBook>, StoreError> {
    Ok(tx.rows(UNNAMED, &[], stored)?.into_iter().next())
}

/// The books whose begin has come by `now`, of which nobody has said yet whether they begin.
pub fn to_begin(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<BookId>, StoreError> {
    tx.rows(TO_BEGIN, &[us(now).into()], id)
}

/// When the next book is to begin.
pub fn next_begin(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    tx.one(NEXT_BEGIN, &[], "the next book", |row| row.maybe_int(0)?.map(at).transpose())
}

/// A book begins. Errors: `Stale` when somebody said so before, or that it does not.
pub fn begun(tx: &mut Tx<'_>, id: BookId, now: Timestamp) -> Result<(), StoreError> {
    said(tx.exec(BEGUN, &[id.to_string().into(), us(now).into()])?, id)
}

/// A book does not begin, and why. Errors: `Stale` when somebody said so before, or that it begins.
pub fn withhold(tx: &mut Tx<'_>, id: BookId, why: &str) -> Result<(), StoreError> {
    said(tx.exec(WITHHOLD, &[id.to_string().into(), why.into()])?, id)
}

fn said(rows: u64, id: BookId) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Stale(format!("price book {id}"))) }
}

/// How many books did not begin.
pub fn withheld(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one(WITHHELD, &[], "count of books", |row| row.int(0))
}

/// Errors: `NotFound`.
pub fn get(tx: &mut Tx<'_>, id: BookId) -> Result<StoredBook, StoreError> {
    tx.one(GET, &[id.to_string().into()], &format!("price book {id}"), stored)
}

pub fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one(COUNT, &[], "count of books", |row| row.int(0))
}

/// Whether an order was placed by this book, or a correction names it.
pub fn is_named(tx: &mut Tx<'_>, id: BookId) -> Result<bool, StoreError> {
    Ok(!tx.rows(NAMED, &[id.to_string().into()], |row| row.text(0))?.is_empty())
}

/// Takes a book back that nothing names.
pub fn remove(tx: &mut Tx<'_>, id: BookId) -> Result<(), StoreError> {
    tx.exec(REMOVE, &[id.to_string().into()]).map(drop)
}
