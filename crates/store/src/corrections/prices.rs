//! Corrections of prices: which books stand above those that were in force, of whom and when, and how far that is done.
//!
//! In:  a book, a period, one account or all. Out: a row for each account that it was done for; the books as each sees them.
//! Invariant: for an account a correction holds from the transaction on that noted up to where its cycles were closed: those
//! are rated once more, the others are priced by it at their close. A later one stands above an earlier one.
//! Source: R-COR-1.

use super::{Correction, correction};
use crate::books::BookText;
use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use billing::books::{Above, Books, Series};
use billing::rerate::ClosedTo;
use std::collections::{BTreeSet, HashMap};
use units::{AccountId, BookId, Currency, Cycle, CycleKind, Timestamp};

statements! {
    ADD = "insert into price_corrections (number, account, book, from_us, until_us, after_account, accounts, cycles, done_us)
        values ($1, $2, $3, $4, $5, '', 0, 0, null) on conflict do nothing";
    PENDING = "select number, account, book, from_us, until_us, after_account from price_corrections where done_us is null
        order by number limit 1";
    ADVANCE = "update price_corrections set after_account = $2, accounts = accounts + $3, cycles = cycles + $4, done_us = $5
        where number = $1";
    PROGRESS = "select accounts, cycles, done_us, number from price_corrections where number = $1";
    ACCOUNTS = "select id from accounts where id > $1 and created_us < $2 and currency = $4 order by id limit $3";
    ADD_RERATE = "insert into rerates (account, number, book, from_us, until_us, hours_to_us, days_to_us, months_to_us)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing";
    OF_ACCOUNT = "select account, number, book, from_us, until_us, hours_to_us, days_to_us, months_to_us from rerates
        where account = $1 order by number";
    ALL = "select account, number, book, from_us, until_us, hours_to_us, days_to_us, months_to_us from rerates
        order by account, number";
    OF_OWNER = "select a.id, r.number, r.book, r.from_us, r.until_us, r.hours_to_us, r.days_to_us, r.months_to_us, a.currency
        from accounts a left join rerates r on r.account = a.id where a.id = $1 order by r.number";
    OF_RANGE = "select account, number, book, from_us, until_us, hours_to_us, days_to_us, months_to_us from rerates
        where account > $1 and account <= $2 and until_us > $3 and from_us < $4 order by account, number";
    OF_CYCLE = "select c.number, c.id, c.account, c.kind, c.actor, c.reason, c.at_us, c.body from rerates r
        join corrections c on c.number = r.number where r.account = $1 and r.until_us > $2 and r.from_us < $3
        and (case $4 when 'hour' then r.hours_to_us when 'day' then r.days_to_us else r.months_to_us end) >= $3 order by c.number";
    ADD_BOOK = "insert into correction_books (id, name, from_us, body, format) values ($1, $2, $3, $4, $5) on conflict do nothing";
    BOOKS = "select id, name, from_us, body, format from correction_books order by id";
    BOOK = "select id, name, from_us, body, format from correction_books where id = $1";
    BOOK_IDS = "select id from correction_books order by id";
}

/// A correction of prices that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceCorrection {
    pub number: i64,
    /// `None` for all accounts.
    pub account: Option<AccountId>,
    pub book: BookId,
    pub from: Timestamp,
    pub until: Timestamp,
}

/// A correction of prices of one account, and up to where its cycles were closed when it was noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rerate {
    pub number: i64,
    pub book: BookId,
    pub from: Timestamp,
    pub until: Timestamp,
    pub closed: ClosedTo,
}

/// How far a correction of prices is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub accounts: i64,
    /// Closed cycles that wait, or waited, to be rated once more.
    pub cycles: i64,
    /// When the last account was done.
    pub done: Option<Timestamp>,
}

fn parsed<T: std::str::FromStr>(row: &Row<'_>, column: usize, what: &str) -> Result<T, StoreError> {
    row.parsed(column, what, |it| it.parse().ok())
}

/// Notes what is to be done.
pub fn add(tx: &mut Tx<'_>, it: &PriceCorrection) -> Result<(), StoreError> {
    let args = [
        it.number.into(),
        it.account.map(|it| it.to_string()).into(),
        it.book.to_string().into(),
        us(it.from).into(),
        us(it.until).into(),
    ];
    tx.exec_or(ADD, &args, || StoreError::Stale("a correction of prices".into()))
}

/// The oldest correction of prices that is not done, and the account after which it goes on.
pub fn pending(tx: &mut Tx<'_>) -> Result<Option<(PriceCorrection, String)>, StoreError> {
    let found = tx.rows(PENDING, &[], |row| {
        let account = row.maybe_text(1)?;
        let unreadable = |_| StoreError::Corrupt("the account of a correction".into());
        let asked = PriceCorrection {
            number: row.int(0)?,
            account: account.map(|it| it.parse().map_err(unreadable)).transpose()?,
            book: parsed(row, 2, "book")?,
            from: at(row.int(3)?)?,
            until: at(row.int(4)?)?,
        };
        Ok((asked, row.text(5)?))
    })?;
    Ok(found.into_iter().next())
}

/// What was done of a correction in one transaction.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// The last account.
    pub after: String,
    pub accounts: i64,
    pub cycles: i64,
    /// When nothing is left.
    pub done: Option<Timestamp>,
}

/// Notes how far it is.
pub fn advance(tx: &mut Tx<'_>, number: i64, step: &Step) -> Result<(), StoreError> {
    let args = [
        number.into(),
        step.after.as_str().into(),
        step.accounts.into(),
        step.cycles.into(),
        step.done.map(us).into(),
    ];
    tx.exec(ADVANCE, &args).map(drop)
}

/// How far corrections of prices are, each by its number; others are left out.
pub fn progress(tx: &mut Tx<'_>, numbers: &[i64]) -> Result<Vec<(i64, Progress)>, StoreError> {
    let keys: Vec<[Value<'_>; 1]> = numbers.iter().map(|it| [(*it).into()]).collect();
    tx.each(PROGRESS, &keys, |row| {
        let done = row.maybe_int(2)?.map(at).transpose()?;
        Ok((row.int(3)?, Progress { accounts: row.int(0)?, cycles: row.int(1)?, done }))
    })
}

/// Accounts of a currency that were there before `until`.
#[derive(Clone, Copy, Debug)]
pub struct Owners {
    pub currency: Currency,
    pub until: Timestamp,
}

/// The next of those accounts above `after`.
pub fn accounts(tx: &mut Tx<'_>, of: Owners, after: &str, most: i64) -> Result<Vec<AccountId>, StoreError> {
    let args = [after.into(), us(of.until).into(), most.into(), of.currency.as_str().into()];
    tx.rows(ACCOUNTS, &args, |row| parsed(row, 0, "account"))
}

/// From now on the account is priced by it.
pub fn hold(writes: &mut Writes<'_>, account: AccountId, it: &Rerate) {
    let [hours, days, months] = CycleKind::ALL.map(|kind| us(it.closed.of(kind)));
    let row: [Value<'_>; 8] = [
        account.to_string().into(),
        it.number.into(),
        it.book.to_string().into(),
        us(it.from).into(),
        us(it.until).into(),
        hours.into(),
        days.into(),
        months.into(),
    ];
    writes.all(ADD_RERATE, [row], StoreError::Stale("a correction of prices".into()));
}

fn rerate(row: &Row<'_>) -> Result<(AccountId, Rerate), StoreError> {
    let closed = ClosedTo::all(at(row.int(5)?)?)
        .with(CycleKind::Day, at(row.int(6)?)?)
        .with(CycleKind::Month, at(row.int(7)?)?);
    let rerate = Rerate {
        number: row.int(1)?,
        book: parsed(row, 2, "book")?,
        from: at(row.int(3)?)?,
        until: at(row.int(4)?)?,
        closed,
    };
    Ok((parsed(row, 0, "account")?, rerate))
}

/// The corrections of prices of an account, in their order.
pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Rerate>, StoreError> {
    let found = tx.rows(OF_ACCOUNT, &[account.to_string().into()], rerate)?;
    Ok(found.into_iter().map(|it| it.1).collect())
}

/// The same of all accounts, account by account.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<(AccountId, Rerate)>, StoreError> {
    tx.rows(ALL, &[], rerate)
}

/// Those that a closed cycle of an account was rated once more for, in their order.
pub fn of_cycle(tx: &mut Tx<'_>, account: AccountId, cycle: &Cycle) -> Result<Vec<Correction>, StoreError> {
    let args =
        [account.to_string().into(), us(cycle.from).into(), us(cycle.to).into(), cycle.kind.as_str().into()];
    tx.rows(OF_CYCLE, &args, correction)
}

/// The books of an account of a currency with what stands above them. Errors: `Stale` for a book that is not read yet.
pub fn corrected(
    books: &Books,
    account: AccountId,
    currency: Currency,
    rerates: &[Rerate],
) -> Result<Series, StoreError> {
    let above = |it: &Rerate| {
        let missing = || StoreError::Stale(format!("price book {} of a correction", it.book));
        let book = books.get(it.book).ok_or_else(missing)?.clone();
        Ok(Above { number: it.number, book, from: it.from, until: it.until })
    };
    let own = books.of_account(account, currency);
    Ok(own.corrected(rerates.iter().map(above).collect::<Result<_, StoreError>>()?))
}

/// The books as each account sees them: those of its currency, with its contract prices and what stands above.
pub struct Shelves<'a> {
    books: &'a Books,
    currencies: HashMap<AccountId, Currency>,
    /// The books that all accounts see, where they are the same.
    same: Option<&'a Series>,
    own: HashMap<AccountId, Series>,
}

impl<'a> Shelves<'a> {
    /// Of these accounts, with all that stands above.
    pub fn of_accounts(
        tx: &mut Tx<'_>,
        books: &'a Books,
        accounts: impl IntoIterator<Item = AccountId>,
    ) -> Result<Shelves<'a>, StoreError> {
        let accounts: BTreeSet<String> = accounts.into_iter().map(|it| it.to_string()).collect();
        let keys: Vec<[Value<'_>; 1]> = accounts.into_iter().map(|it| [it.into()]).collect();
        let found = tx.each(OF_OWNER, &keys, |row| {
            let is_corrected = row.maybe_int(1)?.is_some();
            let own = (parsed::<AccountId>(row, 0, "account")?, row.currency(8)?);
            Ok((own, is_corrected.then(|| rerate(row)).transpose()?))
        })?;
        let rerates: Vec<(AccountId, Rerate)> = found.iter().filter_map(|it| it.1).collect();
        Shelves::of(books, found.into_iter().map(|it| it.0), &rerates)
    }

    /// Of accounts of a range, whose currencies are known, with what stands above in a span of time: accounts above, up to;
    /// from, to.
    pub(crate) fn of_range(
        tx: &mut Tx<'_>,
        books: &'a Books,
        range: &[Value<'_>; 4],
        owners: impl Iterator<Item = (AccountId, Currency)>,
    ) -> Result<Shelves<'a>, StoreError> {
        let found = tx.rows(OF_RANGE, range, rerate)?;
        Shelves::of(books, owners, &found)
    }

    fn of(
        books: &'a Books,
        owners: impl Iterator<Item = (AccountId, Currency)>,
        found: &[(AccountId, Rerate)],
    ) -> Result<Shelves<'a>, StoreError> {
        let currencies: HashMap<AccountId, Currency> = owners.collect();
        let mut own = HashMap::new();
        for of_one in found.chunk_by(|one, other| one.0 == other.0) {
            let rerates: Vec<Rerate> = of_one.iter().map(|it| it.1).collect();
            // Whoever is not asked about has no books here.
            if let Some(currency) = currencies.get(&of_one[0].0) {
                own.insert(of_one[0].0, corrected(books, of_one[0].0, *currency, &rerates)?);
            }
        }
        let first = currencies.values().next().copied();
        let is_agreed = books.agree_with(currencies.keys());
        let is_same = own.is_empty() && !is_agreed && currencies.values().all(|it| Some(*it) == first);
        let same = first.filter(|_| is_same).map(|it| books.of(it));
        Ok(Shelves { books, currencies, same, own })
    }

    /// The books as `account` sees them; of one that is not among those asked about it does not matter which.
    pub fn series(&self, account: AccountId) -> &Series {
        if let Some(same) = self.same {
            return same;
        }
        let currency = self.currencies.get(&account);
        let plain = || currency.map_or(Series::none(), |it| self.books.of_account(account, *it));
        self.own.get(&account).unwrap_or_else(plain)
    }
}

/// A book that only corrections name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionBook {
    pub id: BookId,
    pub name: String,
    pub from: Timestamp,
    pub text: BookText,
}

/// Keeps a book that corrections name. The same again changes nothing: the id follows from the text.
pub fn keep_book(tx: &mut Tx<'_>, it: &CorrectionBook) -> Result<(), StoreError> {
    let args = [
        it.id.to_string().into(),
        it.name.as_str().into(),
        us(it.from).into(),
        it.text.body.as_str().into(),
        it.text.format.into(),
    ];
    tx.exec(ADD_BOOK, &args).map(drop)
}

/// All books that only corrections name.
pub fn books(tx: &mut Tx<'_>) -> Result<Vec<CorrectionBook>, StoreError> {
    tx.rows(BOOKS, &[], kept_book)
}

/// One of them. Errors: `NotFound`.
pub fn book(tx: &mut Tx<'_>, id: BookId) -> Result<CorrectionBook, StoreError> {
    tx.one(BOOK, &[id.to_string().into()], &format!("price book {id} of corrections"), kept_book)
}

fn kept_book(row: &Row<'_>) -> Result<CorrectionBook, StoreError> {
    Ok(CorrectionBook {
        id: parsed(row, 0, "price book")?,
        name: row.text(1)?,
        from: at(row.int(2)?)?,
        text: BookText { body: row.text(3)?, format: row.int(4)? },
    })
}

/// Their ids.
pub fn book_ids(tx: &mut Tx<'_>) -> Result<Vec<BookId>, StoreError> {
    tx.rows(BOOK_IDS, &[], |row| parsed(row, 0, "price book"))
}
