//! Mails: one letter to one address, tried until it is sent or dead.
//!
//! In:  a transaction, recipients, results of tries. Out: what is due, lists, counts.
//! Invariant: whoever moves `due_us` away first sends, and says what came of it as long as nobody else took the mail; a mail
//! is there once for each letter and address; one that cannot be read holds up no other.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use crate::users::{house, house_text};
use billing::language::Language;
use billing::letter::{Fault, Letter, LetterKind, MailState, Recipient};
use billing::user::House;
use units::{LetterId, MailId, Timestamp, UserId};

columns!(mails:
    id, letter, house, kind, address, name, user_id, language, state, tries, due_us, reply, error, created_us, queued_us,
    ended_us, put_offs
);

statements! {
    ADD = concat!(mails!(insert), " on conflict do nothing");
    DUE = "select q.id, q.house, q.due_us from
        (select w.id, w.house, w.due_us, row_number() over (partition by w.house order by w.due_us, w.id) as place from
            (select id, house, due_us from mails where due_us <= $1 order by due_us, id limit 2000) w) q
        where q.place <= 8 order by q.place, q.due_us, q.id limit 128";
    CLAIM = "update mails set due_us = $3 where id = $1 and due_us = $2 and state = 'queued'";
    GET = concat!(mails!(select), " where id = $1");
    SENT = "update mails set state = 'sent', tries = tries + 1, due_us = null, reply = $2, error = '', ended_us = $3
        where id = $1 and state <> 'sent'";
    NOT_SENT = "update mails set state = $2, tries = tries + 1, due_us = $3, reply = $4, error = $5, ended_us = $6,
        put_offs = put_offs + $7 where id = $1 and state = 'queued' and due_us = $8";
    PUT_OFF = "update mails set due_us = $2 where id = $1 and due_us is not null";
    GIVE_UP = "update mails set state = 'dead', due_us = null, error = 'it cannot be read', ended_us = $2
        where id = $1 and due_us is not null and queued_us < $3";
    AGAIN = "update mails set state = 'queued', tries = 0, put_offs = 0, due_us = $2, queued_us = $2, ended_us = null
        where id = $1 and state = 'dead'";
    OF_LETTER = "select count(*) from mails where letter = $1 and state = 'queued'";
    QUEUED = "select count(*) from (select 1 as one from mails where house = $1 and due_us is not null limit $2) q";
    COUNTS = "select state, count(*), min(queued_us) from mails where state <> 'sent' group by state";
    PAGE = concat!(mails!(select), " where id < $1 and ($2 = '' or state = $2) and ($3 = '*' or house = $3)
        order by id desc limit $4");
    DROP_OLD = "delete from mails where created_us < $1 and due_us is null";
}

/// A mail as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub id: MailId,
    pub letter: LetterId,
    pub house: House,
    pub kind: LetterKind,
    pub address: String,
    pub name: String,
    pub user: Option<UserId>,
    pub language: Language,
    pub state: MailState,
    /// Tries that went wrong or well, since it was made or sent again.
    pub tries: i64,
    /// How many of them the server put off.
    pub put_offs: i64,
    /// When it is tried; of one that is claimed, when the claim ends.
    pub due: Option<Timestamp>,
    /// The last answer of the server.
    pub reply: Option<i64>,
    pub error: String,
    pub created: Timestamp,
    pub queued: Timestamp,
    pub ended: Option<Timestamp>,
}

/// A mail that is to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueMail {
    pub id: MailId,
    pub house: House,
    pub due: Timestamp,
}

/// What is to be sent, and what of it cannot be read: its id, and why.
#[derive(Debug, Default)]
pub struct Due {
    pub mails: Vec<DueMail>,
    pub unreadable: Vec<(String, StoreError)>,
}

/// What a try came to in which the mail was not sent.
#[derive(Clone, Copy, Debug)]
pub struct NotSent<'a> {
    /// When the claim ends by which it was tried.
    pub claim: Option<Timestamp>,
    /// When it is tried again; `None` for never.
    pub due: Option<Timestamp>,
    pub reply: Option<i64>,
    pub error: &'a str,
    pub fault: Fault,
}

fn mail(row: &Row<'_>) -> Result<Mail, StoreError> {
    let user = row.maybe_text(mails!(user_id))?;
    Ok(Mail {
        id: row.parsed(mails!(id), "mail", |it| it.parse().ok())?,
        letter: row.parsed(mails!(letter), "letter", |it| it.parse().ok())?,
        house: row.parsed(mails!(house), "house", house)?,
        kind: row.parsed(mails!(kind), "kind of letter", LetterKind::parse)?,
        address: row.text(mails!(address))?,
        name: row.text(mails!(name))?,
        user: user.map(|it| it.parse().map_err(|_| StoreError::Corrupt(format!("user {it}")))).transpose()?,
        language: row.parsed(mails!(language), "language", Language::parse)?,
        state: row.parsed(mails!(state), "state of a mail", MailState::parse)?,
        tries: row.int(mails!(tries))?,
        put_offs: row.int(mails!(put_offs))?,
        due: row.maybe_int(mails!(due_us))?.map(at).transpose()?,
        reply: row.maybe_int(mails!(reply))?,
        error: row.text(mails!(error))?,
        created: at(row.int(mails!(created_us))?)?,
        queued: at(row.int(mails!(queued_us))?)?,
        ended: row.maybe_int(mails!(ended_us))?.map(at).transpose()?,
    })
}

/// Adds a mail of a letter to each of them, due at once; one that is there stays as it is.
pub fn add(tx: &mut Tx<'_>, letter: &Letter, to: &[Recipient], now: Timestamp) -> Result<u64, StoreError> {
    let row = |it: &Recipient| -> [Value<'_>; mails!(count)] {
        [
            MailId::named(now, &format!("{} {}", letter.id, it.mail)).to_string().into(),
            letter.id.to_string().into(),
            house_text(letter.house).into(),
            letter.kind.as_str().into(),
            it.mail.clone().into(),
            it.name.clone().into(),
            it.user.map(|it| it.to_string()).into(),
            it.language.as_str().into(),
            MailState::Queued.as_str().into(),
            0.into(),
            us(now).into(),
            Value::Null,
            "".into(),
            us(now).into(),
            us(now).into(),
            Value::Null,
            0.into(),
        ]
    };
    let rows: Vec<[Value<'_>; mails!(count)]> = to.iter().map(row).collect();
    tx.many(ADD, &rows)
}

fn due_mail(row: &Row<'_>) -> Result<DueMail, StoreError> {
    Ok(DueMail {
        id: row.parsed(0, "mail", |it| it.parse().ok())?,
        house: row.parsed(1, "house", house)?,
        due: at(row.int(2)?)?,
    })
}

/// What is to be sent at `now`: the first of each house, then the second, and so on, those that wait longest first.
pub fn due(tx: &mut Tx<'_>, now: Timestamp) -> Result<Due, StoreError> {
    let mut due = Due::default();
    for (id, it) in tx.rows(DUE, &[us(now).into()], |row| Ok((row.text(0)?, due_mail(row))))? {
        match it {
            Ok(it) => due.mails.push(it),
            Err(error) => due.unreadable.push((id, error)),
        }
    }
    Ok(due)
}

/// Takes a due mail until `until`. `None` when somebody else took it first.
pub fn claim(tx: &mut Tx<'_>, it: &DueMail, until: Timestamp) -> Result<Option<Mail>, StoreError> {
    if tx.exec(CLAIM, &[it.id.to_string().into(), us(it.due).into(), us(until).into()])? == 0 {
        return Ok(None);
    }
    get(tx, it.id).map(Some)
}

/// Errors: `NotFound`.
pub fn get(tx: &mut Tx<'_>, id: MailId) -> Result<Mail, StoreError> {
    tx.one(GET, &[id.to_string().into()], &format!("mail {id}"), mail)
}

/// A server took the mail. That holds whoever sent it, and whatever became of the mail meanwhile.
pub fn sent(tx: &mut Tx<'_>, id: MailId, reply: Option<i64>, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(SENT, &[id.to_string().into(), reply.into(), us(now).into()]).map(drop)
}

/// Writes what a try came to in which the mail was not sent.
///
/// Gives whether it counts: not when somebody else took the mail since, or it is over.
pub fn not_sent(tx: &mut Tx<'_>, id: MailId, it: NotSent<'_>, now: Timestamp) -> Result<bool, StoreError> {
    let (state, ended) = match it.due {
        Some(_) => (MailState::Queued, None),
        None => (MailState::Dead, Some(us(now))),
    };
    let args = [
        id.to_string().into(),
        state.as_str().into(),
        it.due.map(us).into(),
        it.reply.into(),
        it.error.into(),
        ended.into(),
        i64::from(it.fault == Fault::Mail).into(),
        it.claim.map(us).into(),
    ];
    Ok(tx.exec(NOT_SENT, &args)? > 0)
}

/// When what cannot be read is looked at again, and since when it has to be queued to be given up.
#[derive(Clone, Copy, Debug)]
pub struct Unreadable {
    pub again: Timestamp,
    pub given_up: Timestamp,
}

/// Puts a mail off that cannot be read; one that waits for too long is dead.
pub fn put_off(tx: &mut Tx<'_>, id: &str, it: Unreadable, now: Timestamp) -> Result<(), StoreError> {
    if tx.exec(GIVE_UP, &[id.into(), us(now).into(), us(it.given_up).into()])? == 0 {
        tx.exec(PUT_OFF, &[id.into(), us(it.again).into()])?;
    }
    Ok(())
}

/// Has a dead mail sent again. Gives whether it was dead.
pub fn again(tx: &mut Tx<'_>, id: MailId, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.exec(AGAIN, &[id.to_string().into(), us(now).into()])? > 0)
}

/// How many mails of a letter are still to be sent.
pub fn queued_of(tx: &mut Tx<'_>, letter: LetterId) -> Result<i64, StoreError> {
    tx.one(OF_LETTER, &[letter.to_string().into()], "count of mails", |row| row.int(0))
}

/// How many mails of a house are still to be sent, as far as `most`.
pub fn queued(tx: &mut Tx<'_>, of: House, most: i64) -> Result<i64, StoreError> {
    tx.one(QUEUED, &[house_text(of).into(), most.into()], "count of mails", |row| row.int(0))
}

/// How many mails are in a state other than sent, and since when the oldest of them was queued.
pub fn counts(tx: &mut Tx<'_>) -> Result<Vec<(MailState, i64, Timestamp)>, StoreError> {
    tx.rows(COUNTS, &[], |row| {
        Ok((row.parsed(0, "state of a mail", MailState::parse)?, row.int(1)?, at(row.int(2)?)?))
    })
}

/// Which mails: `None` for any.
#[derive(Clone, Copy, Debug, Default)]
pub struct MailFilter {
    pub state: Option<MailState>,
    pub house: Option<House>,
}

/// Mails that fit, before `before`, the newest first.
pub fn page(tx: &mut Tx<'_>, filter: MailFilter, before: &str, most: usize) -> Result<Vec<Mail>, StoreError> {
    let args = [
        before.into(),
        filter.state.map_or("", MailState::as_str).into(),
        // The operator's house is an empty text.
        filter.house.map_or_else(|| "*".to_string(), house_text).into(),
        i64::try_from(most).unwrap_or(i64::MAX).into(),
    ];
    tx.rows(PAGE, &args, mail)
}

/// Forgets mails that were made before `at` and are over.
pub fn drop_before(tx: &mut Tx<'_>, at: Timestamp) -> Result<(), StoreError> {
    tx.exec(DROP_OLD, &[us(at).into()]).map(drop)
}
