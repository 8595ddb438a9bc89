//! Price books as they were written, each under the hash of its text.

use crate::engine::{Row, StoreError, Tx, at, us};
use units::{BookId, Timestamp};

statements! {
    ADD = "insert into books (id, number, name, from_us, body, applied_us, format)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing";
    NEXT_NUMBER = "select coalesce(max(number) + 1, 0) from books";
    ALL = "select id, name, from_us, body, format from books order by from_us, number";
    IDS = "select id from books order by from_us, number";
    HEADS = "select id, name, from_us, applied_us from books order by from_us desc, number desc";
    GET = "select id, name, from_us, body, format from books where id = $1";
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
    pub from: Timestamp,
    pub applied: Timestamp,
}

fn stored(row: &Row<'_>) -> Result<StoredBook, StoreError> {
    let text = BookText { body: row.text(3)?, format: row.int(4)? };
    Ok(StoredBook { id: id(row)?, name: row.text(1)?, from: at(row.int(2)?)?, text })
}

fn id(row: &Row<'_>) -> Result<BookId, StoreError> {
    row.parsed(0, "price book", |it| it.parse().ok())
}

/// Applies a book with this text. The same again changes nothing, also not its format: the id follows from the text.
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

/// All versions, oldest first.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<StoredBook>, StoreError> {
    tx.rows(ALL, &[], stored)
}

/// The ids of all versions, oldest first.
pub fn ids(tx: &mut Tx<'_>) -> Result<Vec<BookId>, StoreError> {
    tx.rows(IDS, &[], id)
}

/// All versions without their texts, the latest first.
pub fn heads(tx: &mut Tx<'_>) -> Result<Vec<BookHead>, StoreError> {
    tx.rows(HEADS, &[], |row| {
        Ok(BookHead { id: id(row)?, name: row.text(1)?, from: at(row.int(2)?)?, applied: at(row.int(3)?)? })
    })
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
