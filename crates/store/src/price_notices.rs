//! What customers are told of price changes: how far that is, and who was told.
//!
//! In:  a price change that was applied or undone, by a proposal or without one. Out: the accounts that come next, and what they have.
//! Invariant: a batch counts once: whoever goes on where somebody else did changes nothing.
//! Source: R-PRC-6.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::options::Options;
use billing::resource::State;
use std::collections::HashSet;
use units::{AccountId, BookId, Currency, Timestamp};

columns!(price_changes: id, number, book, currency, from_us);

statements! {
    ADD_CHANGE = concat!(price_changes!(insert), " on conflict do nothing");
    CHANGE = concat!("select ", price_changes!(names), " from price_changes where id = $1");
    LAST_CHANGE = concat!("select ", price_changes!(names), " from price_changes where book = $1 order by number desc limit 1");
    ASK = "insert into price_notices (proposal, kind, asked_us, after_account, done_us) values ($1, $2, $3, '', null)
        on conflict do nothing";
    ASK_AGAIN = "insert into price_notices (proposal, kind, asked_us, after_account, done_us) values ($1, $2, $3, '', null)
        on conflict (proposal, kind) do update set asked_us = excluded.asked_us, after_account = '', done_us = null";
    IS_ASKED = "select count(*) from price_notices where proposal = $1 and kind = $2";
    STOP = "update price_notices set done_us = $3 where proposal = $1 and kind <> $2 and done_us is null";
    PENDING = "select proposal, kind, after_account from price_notices where done_us is null order by asked_us, proposal limit 1";
    ADVANCE = "update price_notices set after_account = $4, done_us = $5 where proposal = $1 and kind = $2 and after_account = $3
        and done_us is null";
    ADD_TOLD = "insert into price_told (proposal, account) values ($1, $2) on conflict do nothing";
    TOLD = "select account from price_told where proposal = $1 and account > $2 order by account limit $3";
    TOLD_AMONG = "select account from price_told where proposal = $1 and account > $2 and account <= $3";
    COUNT_TOLD = "select count(*) from price_told where proposal = $1";
    LIVING = "select account, product, options from resources where account > $1 and account <= $2 and currency = $3 and state <> $4
        and state <> $5 and created_us < $6 group by account, product, options order by account, product, options";
}

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Other prices will hold from a date on.
    Change,
    /// They will not.
    Undone,
}

impl Told {
    pub const ALL: [Told; 2] = [Told::Change, Told::Undone];

    pub const fn as_str(self) -> &'static str {
        match self {
            Told::Change => "change",
            Told::Undone => "undone",
        }
    }

    pub fn parse(text: &str) -> Option<Told> {
        Told::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// What customers are told of: other prices from a date on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceChange {
    /// Of its proposal; where there is none, one with a space in it.
    pub id: String,
    /// Counts price changes from 1, proposals among them.
    pub number: i64,
    pub book: BookId,
    pub currency: Currency,
    pub from: Timestamp,
}

fn price_change(row: &Row<'_>) -> Result<PriceChange, StoreError> {
    Ok(PriceChange {
        id: row.text(price_changes!(id))?,
        number: row.int(price_changes!(number))?,
        book: row.parsed(price_changes!(book), "price book", |it| it.parse().ok())?,
        currency: row.currency(price_changes!(currency))?,
        from: at(row.int(price_changes!(from_us))?)?,
    })
}

/// Adds a change that no proposal is of. Errors: `Stale` when another one took its number meanwhile.
pub fn add(tx: &mut Tx<'_>, it: &PriceChange) -> Result<(), StoreError> {
    let args: [Value<'_>; price_changes!(count)] = [
        it.id.as_str().into(),
        it.number.into(),
        it.book.to_string().into(),
        it.currency.as_str().into(),
        us(it.from).into(),
    ];
    tx.exec_or(ADD_CHANGE, &args, || StoreError::Stale("the list of price changes".into()))
}

/// One that no proposal is of; `None` where there is none of this id.
pub fn change(tx: &mut Tx<'_>, id: &str) -> Result<Option<PriceChange>, StoreError> {
    Ok(tx.rows(CHANGE, &[id.into()], price_change)?.into_iter().next())
}

/// The last one of a book that no proposal is of.
pub fn last_of(tx: &mut Tx<'_>, book: BookId) -> Result<Option<PriceChange>, StoreError> {
    Ok(tx.rows(LAST_CHANGE, &[book.to_string().into()], price_change)?.into_iter().next())
}

/// Something that is still told, and the account behind which it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The id of a price change.
    pub change: String,
    pub kind: Told,
    pub after: String,
}

/// What an account has of one choice of options, however many pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Has {
    pub account: AccountId,
    pub product: String,
    pub options: Options,
}

/// From now on customers are told this of a price change; what else was still told of it is not told to others. The same again
/// changes nothing: it goes on where it is.
pub fn ask(tx: &mut Tx<'_>, change: &str, kind: Told, now: Timestamp) -> Result<(), StoreError> {
    let args: [Value<'_>; 3] = [change.into(), kind.as_str().into(), us(now).into()];
    tx.exec(STOP, &args)?;
    tx.exec(ASK, &args).map(drop)
}

/// From now on customers are told of a price change that were not told of it before, from the first account on.
pub fn ask_again(tx: &mut Tx<'_>, change: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(ASK_AGAIN, &[change.into(), Told::Change.as_str().into(), us(now).into()]).map(drop)
}

/// Whether this was ever to be told of a price change.
pub fn is_asked(tx: &mut Tx<'_>, change: &str, kind: Told) -> Result<bool, StoreError> {
    tx.one(IS_ASKED, &[change.into(), kind.as_str().into()], "notices of a price change", |row| {
        Ok(row.int(0)? > 0)
    })
}

/// What comes next, if anything is still told.
pub fn pending(tx: &mut Tx<'_>) -> Result<Option<Pending>, StoreError> {
    let found = tx.rows(PENDING, &[], |row| {
        let kind = row.parsed(1, "kind of a notice of prices", Told::parse)?;
        Ok(Pending { change: row.text(0)?, kind, after: row.text(2)? })
    })?;
    Ok(found.into_iter().next())
}

/// It goes on behind `after`, or is done. Errors: `Stale` when somebody else went on with it meanwhile.
pub fn advance(
    tx: &mut Tx<'_>,
    it: &Pending,
    after: &str,
    done: Option<Timestamp>,
) -> Result<(), StoreError> {
    let args: [Value<'_>; 5] = [
        it.change.as_str().into(),
        it.kind.as_str().into(),
        it.after.as_str().into(),
        after.into(),
        done.map(us).into(),
    ];
    match tx.exec(ADVANCE, &args)? {
        0 => Err(StoreError::Stale(format!("notices of price change {}", it.change))),
        _ => Ok(()),
    }
}

/// These accounts were told that prices change.
pub fn told(tx: &mut Tx<'_>, change: &str, accounts: &[AccountId]) -> Result<(), StoreError> {
    let row = |it: &AccountId| [Value::from(change), it.to_string().into()];
    let rows: Vec<[Value<'_>; 2]> = accounts.iter().map(row).collect();
    tx.many(ADD_TOLD, &rows).map(drop)
}

/// The next accounts behind `after` that were told.
pub fn who_was_told(
    tx: &mut Tx<'_>,
    change: &str,
    after: &str,
    most: i64,
) -> Result<Vec<AccountId>, StoreError> {
    tx.rows(TOLD, &[change.into(), after.into(), most.into()], |row| {
        row.parsed(0, "account", |it| it.parse().ok())
    })
}

/// Those of the accounts behind `after` up to `last` that were told.
pub fn told_among(
    tx: &mut Tx<'_>,
    change: &str,
    after: &str,
    last: &str,
) -> Result<HashSet<AccountId>, StoreError> {
    let told: Vec<AccountId> = tx.rows(TOLD_AMONG, &[change.into(), after.into(), last.into()], |row| {
        row.parsed(0, "account", |it| it.parse().ok())
    })?;
    Ok(told.into_iter().collect())
}

/// How many customers were told that prices change.
pub fn count(tx: &mut Tx<'_>, change: &str) -> Result<i64, StoreError> {
    tx.one(COUNT_TOLD, &[change.into()], "count of customers", |row| row.int(0))
}

/// What was bought in a currency before `until`.
#[derive(Clone, Copy, Debug)]
pub struct Bought {
    pub currency: Currency,
    pub until: Timestamp,
}

/// What has not ended of that, of accounts behind one up to another, in the order of accounts.
pub fn living(tx: &mut Tx<'_>, of: Bought, after: &str, last: &str) -> Result<Vec<Has>, StoreError> {
    let ended = |it: State| Value::from(it.as_str());
    let args = [
        after.into(),
        last.into(),
        of.currency.as_str().into(),
        ended(State::Released),
        ended(State::Failed),
        us(of.until).into(),
    ];
    tx.rows(LIVING, &args, |row| {
        let account = row.parsed(0, "account", |it| it.parse().ok())?;
        Ok(Has { account, product: row.text(1)?, options: row.options(2)? })
    })
}
