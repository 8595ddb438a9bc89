//! Letters: what is told by mail, until it is addressed; whether mail goes out from here; which statements are still to be told.
//!
//! In:  a transaction, letters. Out: those that wait.
//! Invariant: a letter is there once, and addressed once; what is sealed goes when it is not needed any more; a letter that
//! cannot be read holds up no other.

use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use crate::mails::Unreadable;
use crate::users::{house, house_text};
use billing::letter::{Letter, LetterKind};
use units::{AccountId, LetterId, Timestamp};

columns!(letters: id, house, user_id, kind, subject, threshold, occasion, at_us, sealed, due_us);

statements! {
    ADD = concat!(letters!(insert), " on conflict do nothing");
    HOUSES = "with recursive h(house, place) as (
        select min(house), cast(1 as bigint) from letters where due_us is not null and house >= $1
        union all
        select (select min(l.house) from letters l where l.due_us is not null and l.house > h.house), h.place + 1
        from h where h.house is not null and h.place < $2)
        select house from h where house is not null order by house";
    WAITING = concat!(letters!(select), " where house = $1 and due_us <= $2 order by due_us, id limit $3");
    TAKE = "update letters set due_us = null where id = $1 and due_us is not null";
    PUT_OFF = "update letters set due_us = $2 where id = $1 and due_us is not null";
    GIVE_UP = "update letters set due_us = null where id = $1 and due_us is not null and at_us < $2";
    GET = concat!(letters!(select), " where id = $1");
    UNSEAL = "update letters set sealed = null where id = $1";
    NEXT = "select min(due_us) from letters where due_us is not null";
    SEALED = concat!(letters!(select), " where sealed is not null order by id");
    SEAL = "update letters set sealed = $2 where id = $1";
    UNSEAL_OLD = "update letters set sealed = null where sealed is not null and at_us < $1";
    DROP_OLD = "delete from letters where at_us < $1 and due_us is null
        and not exists (select 1 from mails m where m.letter = letters.id)";
    IS_ON = "select is_on from mailing where id = 1";
    ON_SINCE = "select set_us from mailing where id = 1 and is_on = 1";
    SET = "insert into mailing (id, is_on, set_us) values (1, $1, $2)
        on conflict (id) do update set is_on = excluded.is_on, set_us = excluded.set_us where mailing.is_on <> excluded.is_on";
    LATER = "insert into statements_waiting (account, month_us) select distinct account, cast($1 as bigint) from dues
        where account > $2 and account <= $3 and settled_to_us < $1 on conflict do nothing";
    IS_LATER = "select account from statements_waiting where month_us = $1 and account > $2 and account <= $3 order by account";
    SETTLED = "select w.account, w.month_us from statements_waiting w where not exists
        (select 1 from dues d where d.account = w.account and d.settled_to_us < w.month_us) order by w.month_us, w.account limit $1";
    TOLD = "delete from statements_waiting where account = $1 and month_us = $2";
}

/// Whether what is told goes out by mail too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mailing {
    On,
    #[default]
    Off,
}

/// Whether mail goes out, as a server said last.
pub fn mailing(tx: &mut Tx<'_>) -> Result<Mailing, StoreError> {
    let found = tx.rows(IS_ON, &[], |row| row.int(0))?;
    Ok(if found.first().is_some_and(|it| *it == 1) { Mailing::On } else { Mailing::Off })
}

/// Since when mail goes out; `None` where none does.
pub fn mailing_since(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    tx.rows(ON_SINCE, &[], |row| at(row.int(0)?)).map(|it| it.into_iter().next())
}

/// Notes whether mail goes out.
pub fn set_mailing(tx: &mut Tx<'_>, mailing: Mailing, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(SET, &[i64::from(mailing == Mailing::On).into(), us(now).into()]).map(drop)
}

fn values(it: &Letter, due: Timestamp) -> [Value<'_>; letters!(count)] {
    [
        it.id.to_string().into(),
        house_text(it.house).into(),
        it.user.map(|it| it.to_string()).into(),
        it.kind.as_str().into(),
        it.subject.as_str().into(),
        it.threshold.into(),
        it.occasion.as_str().into(),
        us(it.at).into(),
        it.sealed.as_deref().into(),
        us(due).into(),
    ]
}

/// Adds letters, which are addressed at once; one that is there stays as it is.
pub fn add<'a>(writes: &mut Writes<'a>, letters: &'a [Letter], now: Timestamp) {
    writes.any(ADD, letters.iter().map(|it| values(it, now)));
}

/// The same for one. Gives whether it is new.
pub fn add_one(tx: &mut Tx<'_>, letter: &Letter, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.exec(ADD, &values(letter, now))? > 0)
}

fn letter(row: &Row<'_>) -> Result<Letter, StoreError> {
    let user = row.maybe_text(letters!(user_id))?;
    let user =
        user.map(|it| it.parse().map_err(|_| StoreError::Corrupt(format!("user {it}")))).transpose()?;
    Ok(Letter {
        id: row.parsed(letters!(id), "letter", |it| it.parse().ok())?,
        house: row.parsed(letters!(house), "house", house)?,
        user,
        kind: row.parsed(letters!(kind), "kind of letter", LetterKind::parse)?,
        subject: row.text(letters!(subject))?,
        threshold: row.int(letters!(threshold))?,
        occasion: row.text(letters!(occasion))?,
        at: at(row.int(letters!(at_us))?)?,
        sealed: row.maybe_text(letters!(sealed))?,
    })
}

/// Houses from `from` on whose letters are to be addressed, as they are stored, at most so many. The first of all is that of
/// the operator, which is empty.
pub fn houses(tx: &mut Tx<'_>, from: &str, most: i64) -> Result<Vec<String>, StoreError> {
    tx.rows(HOUSES, &[from.into(), most.into()], |row| row.text(0))
}

/// Letters of one house that are to be addressed, longest waiting first; of one that cannot be read, its id and why.
#[derive(Debug, Default)]
pub struct Waiting {
    pub letters: Vec<Letter>,
    pub unreadable: Vec<(String, StoreError)>,
}

/// Letters of a house that are to be addressed at `now`; the house as `houses` gives it.
pub fn waiting(tx: &mut Tx<'_>, house: &str, now: Timestamp, most: i64) -> Result<Waiting, StoreError> {
    let mut waiting = Waiting::default();
    let args = [house.into(), us(now).into(), most.into()];
    for (id, it) in tx.rows(WAITING, &args, |row| Ok((row.text(letters!(id))?, letter(row))))? {
        match it {
            Ok(it) => waiting.letters.push(it),
            Err(error) => waiting.unreadable.push((id, error)),
        }
    }
    Ok(waiting)
}

/// Takes a letter to address it. Gives whether nobody else did.
pub fn take(tx: &mut Tx<'_>, id: LetterId) -> Result<bool, StoreError> {
    Ok(tx.exec(TAKE, &[id.to_string().into()])? > 0)
}

/// Puts a letter off that cannot be read or addressed; one that waits for too long is told nobody.
pub fn put_off(tx: &mut Tx<'_>, id: &str, it: Unreadable) -> Result<(), StoreError> {
    if tx.exec(GIVE_UP, &[id.into(), us(it.given_up).into()])? == 0 {
        tx.exec(PUT_OFF, &[id.into(), us(it.again).into()])?;
    }
    Ok(())
}

/// Errors: `NotFound`.
pub fn get(tx: &mut Tx<'_>, id: LetterId) -> Result<Letter, StoreError> {
    tx.one(GET, &[id.to_string().into()], &format!("letter {id}"), letter)
}

/// What was sealed in a letter is not needed any more.
pub fn unseal(tx: &mut Tx<'_>, id: LetterId) -> Result<(), StoreError> {
    tx.exec(UNSEAL, &[id.to_string().into()]).map(drop)
}

/// Forgets letters from before `at` of which no mail is left.
pub fn drop_before(tx: &mut Tx<'_>, at: Timestamp) -> Result<(), StoreError> {
    tx.exec(DROP_OLD, &[us(at).into()]).map(drop)
}

/// Forgets what was sealed in letters from before `at`.
pub fn unseal_before(tx: &mut Tx<'_>, at: Timestamp) -> Result<(), StoreError> {
    tx.exec(UNSEAL_OLD, &[us(at).into()]).map(drop)
}

/// Letters that hold something sealed.
pub fn sealed(tx: &mut Tx<'_>) -> Result<Vec<Letter>, StoreError> {
    tx.rows(SEALED, &[], letter)
}

/// Puts what is sealed otherwise in the place of what was.
pub fn seal(tx: &mut Tx<'_>, id: LetterId, sealed: &str) -> Result<(), StoreError> {
    tx.exec(SEAL, &[id.to_string().into(), sealed.into()]).map(drop)
}

/// When the next letter is to be addressed.
pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    crate::tasks::earliest(tx, NEXT)
}

/// Accounts by their ids: above one, up to another; as ids are written.
#[derive(Clone, Copy, Debug)]
pub struct Accounts<'a> {
    pub above: &'a str,
    pub up_to: &'a str,
}

/// Notes those accounts for which a month that ended at `month` is not settled: they are told of it later. Gives who is.
pub fn told_later(tx: &mut Tx<'_>, month: Timestamp, of: Accounts<'_>) -> Result<Vec<AccountId>, StoreError> {
    let args = [us(month).into(), of.above.into(), of.up_to.into()];
    tx.exec(LATER, &args)?;
    tx.rows(IS_LATER, &args, |row| row.parsed(0, "account", |it| it.parse().ok()))
}

/// Accounts that wait to be told of a month, and for which it is settled by now; with the end of that month.
pub fn settled_since(tx: &mut Tx<'_>, most: i64) -> Result<Vec<(AccountId, Timestamp)>, StoreError> {
    tx.rows(SETTLED, &[most.into()], |row| {
        Ok((row.parsed(0, "account", |it| it.parse().ok())?, at(row.int(1)?)?))
    })
}

/// An account waits no more to be told of a month.
pub fn told(tx: &mut Tx<'_>, account: AccountId, month: Timestamp) -> Result<(), StoreError> {
    tx.exec(TOLD, &[account.to_string().into(), us(month).into()]).map(drop)
}
