//! Price books as they were written, each under the hash of its text.

use crate::engine::{StoreError, Tx, at, us};
use units::{BookId, Timestamp};

statements! {
    ADD = "insert into books (id, number, name, from_us, body, applied_us)
        values ($1, $2, $3, $4, $5, $6) on conflict do nothing";
    ALL = "select id, name, from_us, body from books order by from_us, number";
    COUNT = "select count(*) from books";
}

/// A stored book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub id: String,
    pub name: String,
    pub from: Timestamp,
    pub body: String,
}

/// Applies a book from `from` on. The same again changes nothing: the id follows from the text.
pub fn add(
    tx: &mut Tx<'_>,
    id: BookId,
    name: &str,
    from: Timestamp,
    body: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let number = count(tx)?;
    let (key, from) = (id.to_string(), us(from));
    let args = [key.as_str().into(), number.into(), name.into(), from.into(), body.into(), us(now).into()];
    if tx.exec(ADD, &args)? == 0 && !all(tx)?.iter().any(|it| it.id == key && it.body == body) {
        return Err(StoreError::Differs(format!("price book {id}")));
    }
    Ok(())
}

/// All versions, oldest first.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Stored>, StoreError> {
    tx.rows(ALL, &[], |row| {
        Ok(Stored { id: row.text(0)?, name: row.text(1)?, from: at(row.int(2)?)?, body: row.text(3)? })
    })
}

pub fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one(COUNT, &[], "count of books", |row| row.int(0))
}
