//! Sessions of those who signed in, by the hash of what the browser shows; whom a provider vouches for while a code is asked
//! for; and tries to sign in.

use crate::engine::{Row, StoreError, Tx, at, us};
use crate::users::{house, house_text};
use billing::tries::Tries;
use billing::user::{House, Proof, Session};
use billing::vouched::Subject;
use units::{SessionId, Timestamp, UserId};

columns!(sessions: id, hash, user_id, proof, house, created_us, seen_us, ended_us, address, agent);

statements! {
    ADD = sessions!(insert);
    BY_HASH = concat!(sessions!(select), " where hash = $1");
    OF_USER = concat!(sessions!(select), " where user_id = $1 and created_us >= $2 and ended_us is null order by created_us desc, id desc limit 50");
    SEEN = "update sessions set seen_us = $2 where id = $1 and seen_us <= $3";
    ENTER = "update sessions set house = $2 where id = $1 and ended_us is null";
    END = "update sessions set ended_us = $3 where user_id = $1 and id = $2 and ended_us is null";
    END_OTHERS = "update sessions set ended_us = $3 where user_id = $1 and id <> $2 and ended_us is null";
    FORGET = "delete from sessions where created_us < $1";
    VOUCH = "insert into vouched (session, issuer, subject, created_us) values ($1, $2, $3, $4)";
    VOUCHED = "select issuer, subject from vouched where session = $1";
    FORGET_VOUCHED = "delete from vouched where created_us < $1";
    TRIES = "select failures, last_us from sign_in_tries where name = $1";
    TRY = "insert into sign_in_tries (name, failures, last_us) values ($1, $2, $3)
        on conflict (name) do update set failures = excluded.failures, last_us = excluded.last_us";
    RIGHT = "delete from sign_in_tries where name = $1";
    PLACES = "select place from sign_in_places where user_id = $1";
    PLACE = "insert into sign_in_places (user_id, place, last_us) values ($1, $2, $3)
        on conflict (user_id, place) do update set last_us = excluded.last_us";
    FORGET_PLACES = "delete from sign_in_places where user_id = $1 and last_us < $2";
    FORGET_TRIES = "delete from sign_in_tries where last_us < $1";
}

fn session(row: &Row<'_>) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.parsed(sessions!(id), "session", |it| it.parse().ok())?,
        user: row.parsed(sessions!(user_id), "user", |it| it.parse().ok())?,
        proof: row.parsed(sessions!(proof), "proof", Proof::parse)?,
        house: row.parsed(sessions!(house), "house", house)?,
        created: at(row.int(sessions!(created_us))?)?,
        seen: at(row.int(sessions!(seen_us))?)?,
        ended: row.maybe_int(sessions!(ended_us))?.map(at).transpose()?,
        address: row.text(sessions!(address))?,
        agent: row.text(sessions!(agent))?,
    })
}

/// Adds a session under the hash of what the browser shows.
pub fn add(tx: &mut Tx<'_>, it: &Session, hash: &str) -> Result<(), StoreError> {
    let args = [
        it.id.to_string().into(),
        hash.into(),
        it.user.to_string().into(),
        it.proof.as_str().into(),
        house_text(it.house).into(),
        us(it.created).into(),
        us(it.seen).into(),
        it.ended.map(us).into(),
        it.address.as_str().into(),
        it.agent.as_str().into(),
    ];
    tx.exec(ADD, &args).map(drop)
}

/// The session whose text has this hash, if there is one.
pub fn by_hash(tx: &mut Tx<'_>, hash: &str) -> Result<Option<Session>, StoreError> {
    Ok(tx.rows(BY_HASH, &[hash.into()], session)?.into_iter().next())
}

/// Sessions of a user that began at `since` or later and were not ended, the newest first.
pub fn of_user(tx: &mut Tx<'_>, id: UserId, since: Timestamp) -> Result<Vec<Session>, StoreError> {
    tx.rows(OF_USER, &[id.to_string().into(), us(since).into()], session)
}

/// Notes that a session was used, if that was not noted since `noted`.
pub fn seen(tx: &mut Tx<'_>, id: SessionId, now: Timestamp, noted: Timestamp) -> Result<(), StoreError> {
    tx.exec(SEEN, &[id.to_string().into(), us(now).into(), us(noted).into()]).map(drop)
}

/// Where the person is from here on.
pub fn enter(tx: &mut Tx<'_>, id: SessionId, house: House) -> Result<(), StoreError> {
    tx.exec(ENTER, &[id.to_string().into(), house_text(house).into()]).map(drop)
}

/// Ends a session of a user. One that ended before stays as it was.
pub fn end(tx: &mut Tx<'_>, user: UserId, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(END, &[user.to_string().into(), id.to_string().into(), us(now).into()]).map(drop)
}

/// Ends every session of a user but `kept`.
pub fn end_others(
    tx: &mut Tx<'_>,
    user: UserId,
    kept: Option<SessionId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let kept = kept.map_or_else(String::new, |it| it.to_string());
    tx.exec(END_OTHERS, &[user.to_string().into(), kept.into(), us(now).into()]).map(drop)
}

/// Notes whom a provider vouches for in a session that is half a one.
pub fn vouch(tx: &mut Tx<'_>, it: &Session, by: &Subject) -> Result<(), StoreError> {
    let args =
        [it.id.to_string().into(), by.issuer.as_str().into(), by.name.as_str().into(), us(it.created).into()];
    tx.exec(VOUCH, &args).map(drop)
}

/// Whom a provider vouched for when a session began half, if one did and the user was bound to nobody.
pub fn vouched(tx: &mut Tx<'_>, id: SessionId) -> Result<Option<Subject>, StoreError> {
    let read = |row: &Row<'_>| Ok(Subject { issuer: row.text(0)?, name: row.text(1)? });
    Ok(tx.rows(VOUCHED, &[id.to_string().into()], read)?.into_iter().next())
}

/// Forgets sessions that began before `before`, whom providers vouched for in them, and tries that are as old.
pub fn forget(tx: &mut Tx<'_>, before: Timestamp) -> Result<(), StoreError> {
    tx.exec(FORGET, &[us(before).into()])?;
    tx.exec(FORGET_VOUCHED, &[us(before).into()])?;
    tx.exec(FORGET_TRIES, &[us(before).into()]).map(drop)
}

/// Wrong tries that are counted under a name.
pub fn tries(tx: &mut Tx<'_>, name: &str) -> Result<Option<Tries>, StoreError> {
    let read = |row: &Row<'_>| {
        let failures = u32::try_from(row.int(0)?).unwrap_or(u32::MAX);
        Ok(Tries { failures, last: at(row.int(1)?)? })
    };
    Ok(tx.rows(TRIES, &[name.into()], read)?.into_iter().next())
}

pub fn set_tries(tx: &mut Tx<'_>, name: &str, it: Tries) -> Result<(), StoreError> {
    tx.exec(TRY, &[name.into(), i64::from(it.failures).into(), us(it.last).into()]).map(drop)
}

/// Nothing is counted under a name any more.
pub fn forget_tries(tx: &mut Tx<'_>, name: &str) -> Result<(), StoreError> {
    tx.exec(RIGHT, &[name.into()]).map(drop)
}

/// From where somebody signed in, as far as it is kept.
pub fn places(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<String>, StoreError> {
    tx.rows(PLACES, &[user.to_string().into()], |row| row.text(0))
}

/// Notes from where somebody signs in, and forgets places from before `since`.
pub fn note_place(
    tx: &mut Tx<'_>,
    user: UserId,
    place: &str,
    now: Timestamp,
    since: Timestamp,
) -> Result<(), StoreError> {
    tx.exec(FORGET_PLACES, &[user.to_string().into(), us(since).into()])?;
    tx.exec(PLACE, &[user.to_string().into(), place.into(), us(now).into()]).map(drop)
}
