//! Users: who signs in, for which house, as what; and links with which passwords are set.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::user::{House, Role, User};
use billing::vouched::Subject;
use units::{Timestamp, UserId};

columns!(users:
    id, house, mail, name, role, password, created_us, ended_us, second_secret, second_since_us, second_step,
    oidc_issuer, oidc_subject
);
columns!(invitations: hash, user_id, created_us, expires_us, used_us);

statements! {
    ADD = concat!(users!(insert), " on conflict do nothing");
    GET = concat!(users!(select), " where id = $1");
    BY_MAIL = concat!(users!(select), " where mail = $1 and ended_us is null");
    BY_SUBJECT = concat!(users!(select), " where oidc_issuer = $1 and oidc_subject = $2 and ended_us is null");
    OF_HOUSE = concat!(users!(select), " where house = $1 and ended_us is null order by id");
    ALL = concat!(users!(select), " order by id");
    HOLD = "select id from users where house = $1 and role = $2 and ended_us is null order by id for update";
    SET = "update users set name = $2, role = $3, ended_us = $4 where id = $1";
    PASSWORD = "update users set password = $2 where id = $1";
    SECOND = "update users set second_secret = $2, second_since_us = $3, second_step = $4 where id = $1";
    BIND = "update users set oidc_issuer = $2, oidc_subject = $3 where id = $1 and ended_us is null
        and (oidc_subject is null or (oidc_issuer = $2 and oidc_subject = $3))";
    UNBIND = "update users set oidc_issuer = null, oidc_subject = null where id = $1";
    INVITE = invitations!(insert);
    INVITATION = concat!(invitations!(select), " where hash = $1");
    USE = "update invitations set used_us = $2 where user_id = $1 and used_us is null";
    CODE = "insert into recovery_codes (user_id, hash) values ($1, $2) on conflict do nothing";
    CODES = "select count(*) from recovery_codes where user_id = $1 and used_us is null";
    USE_CODE = "update recovery_codes set used_us = $3 where user_id = $1 and hash = $2 and used_us is null";
    DROP_CODES = "delete from recovery_codes where user_id = $1";
    NAME = "select id, name from users where id = $1";
    COUNT = "select count(*) from users";
}

/// The second factor of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Second {
    /// Sealed with the installation's key.
    pub secret: String,
    /// Since when it is asked for; `None` while it is being set up.
    pub since: Option<Timestamp>,
    /// The step of the last code that was right: no code is right twice.
    pub step: i64,
}

/// A user with what proves who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    pub user: User,
    /// The argon2id hash of the password; `None` before one was set.
    pub password: Option<String>,
    pub second: Option<Second>,
    /// Who the user is at the provider by which it signed in first.
    pub subject: Option<Subject>,
}

/// A link with which somebody sets a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub hash: String,
    pub user: UserId,
    pub created: Timestamp,
    pub expires: Timestamp,
    pub used: Option<Timestamp>,
}

/// The house as it is kept: an account's id, or nothing for the operator.
pub(crate) fn house_text(house: House) -> String {
    house.account().map_or_else(String::new, |it| it.to_string())
}

pub(crate) fn house(text: &str) -> Option<House> {
    if text.is_empty() { Some(House::Operator) } else { text.parse().ok().map(House::Account) }
}

fn proven(row: &Row<'_>) -> Result<Proven, StoreError> {
    let second = match row.maybe_text(users!(second_secret))? {
        None => None,
        Some(secret) => Some(Second {
            secret,
            since: row.maybe_int(users!(second_since_us))?.map(at).transpose()?,
            step: row.int(users!(second_step))?,
        }),
    };
    Ok(Proven {
        user: User {
            id: row.parsed(users!(id), "user", |it| it.parse().ok())?,
            house: row.parsed(users!(house), "house", house)?,
            mail: row.text(users!(mail))?,
            name: row.text(users!(name))?,
            role: row.parsed(users!(role), "role", Role::parse)?,
            created: at(row.int(users!(created_us))?)?,
            ended: row.maybe_int(users!(ended_us))?.map(at).transpose()?,
        },
        password: row.maybe_text(users!(password))?,
        second,
        subject: subject(row)?,
    })
}

fn subject(row: &Row<'_>) -> Result<Option<Subject>, StoreError> {
    let issuer = row.maybe_text(users!(oidc_issuer))?;
    Ok(issuer.zip(row.maybe_text(users!(oidc_subject))?).map(|(issuer, name)| Subject { issuer, name }))
}

/// What users are called, whether they were ended or not; one that is not there is left out.
pub fn names(tx: &mut Tx<'_>, ids: &[UserId]) -> Result<Vec<(UserId, String)>, StoreError> {
    let keys: Vec<[Value<'_>; 1]> = ids.iter().map(|it| [it.to_string().into()]).collect();
    tx.each(NAME, &keys, |row| Ok((row.parsed(0, "user", |it| it.parse().ok())?, row.text(1)?)))
}

/// Adds a user who has no password yet. Gives whether it was added: not when the mail address is somebody's.
pub fn add(tx: &mut Tx<'_>, it: &User) -> Result<bool, StoreError> {
    let args = [
        it.id.to_string().into(),
        house_text(it.house).into(),
        it.mail.as_str().into(),
        it.name.as_str().into(),
        it.role.as_str().into(),
        None::<String>.into(),
        us(it.created).into(),
        it.ended.map(us).into(),
        None::<String>.into(),
        None::<i64>.into(),
        0.into(),
        None::<String>.into(),
        None::<String>.into(),
    ];
    Ok(tx.exec(ADD, &args)? > 0)
}

/// Errors: `NotFound`.
pub fn get(tx: &mut Tx<'_>, id: UserId) -> Result<Proven, StoreError> {
    tx.one(GET, &[id.to_string().into()], &format!("user {id}"), proven)
}

/// Who has this mail address and was not ended, if anybody.
pub fn by_mail(tx: &mut Tx<'_>, mail: &str) -> Result<Option<Proven>, StoreError> {
    Ok(tx.rows(BY_MAIL, &[mail.into()], proven)?.into_iter().next())
}

/// Who is this at a provider and was not ended, if anybody.
pub fn by_subject(tx: &mut Tx<'_>, it: &Subject) -> Result<Option<Proven>, StoreError> {
    let args = [it.issuer.as_str().into(), it.name.as_str().into()];
    Ok(tx.rows(BY_SUBJECT, &args, proven)?.into_iter().next())
}

/// Who works for a house, those who were there first first.
pub fn of_house(tx: &mut Tx<'_>, house: House) -> Result<Vec<Proven>, StoreError> {
    tx.rows(OF_HOUSE, &[house_text(house).into()], proven)
}

/// Everybody, ended or not.
pub fn everybody(tx: &mut Tx<'_>) -> Result<Vec<Proven>, StoreError> {
    tx.rows(ALL, &[], proven)
}

/// How many have a role in a house; they keep it until `tx` ends.
pub fn hold(tx: &mut Tx<'_>, house: House, role: Role) -> Result<usize, StoreError> {
    Ok(tx.rows(HOLD, &[house_text(house).into(), role.as_str().into()], |row| row.text(0))?.len())
}

/// Changes name, role and end of a user.
pub fn set(tx: &mut Tx<'_>, it: &User) -> Result<(), StoreError> {
    let args =
        [it.id.to_string().into(), it.name.as_str().into(), it.role.as_str().into(), it.ended.map(us).into()];
    tx.exec(SET, &args).map(drop)
}

/// Sets the hash of a password.
pub fn set_password(tx: &mut Tx<'_>, id: UserId, hash: &str) -> Result<(), StoreError> {
    tx.exec(PASSWORD, &[id.to_string().into(), hash.into()]).map(drop)
}

/// Sets a second factor, or takes it away.
pub fn set_second(tx: &mut Tx<'_>, id: UserId, second: Option<&Second>) -> Result<(), StoreError> {
    let args = [
        id.to_string().into(),
        second.map(|it| it.secret.clone()).into(),
        second.and_then(|it| it.since).map(us).into(),
        second.map_or(0, |it| it.step).into(),
    ];
    tx.exec(SECOND, &args).map(drop)
}

/// Binds a user to who it is at a provider. Gives whether it is bound to that: not when it is bound to another.
pub fn bind(tx: &mut Tx<'_>, id: UserId, it: &Subject) -> Result<bool, StoreError> {
    let args = [id.to_string().into(), it.issuer.as_str().into(), it.name.as_str().into()];
    Ok(tx.exec(BIND, &args)? > 0)
}

/// A user is bound to nobody at a provider any more.
pub fn unbind(tx: &mut Tx<'_>, id: UserId) -> Result<(), StoreError> {
    tx.exec(UNBIND, &[id.to_string().into()]).map(drop)
}

/// Adds an invitation.
pub fn invite(tx: &mut Tx<'_>, it: &Invitation) -> Result<(), StoreError> {
    let args = [
        it.hash.as_str().into(),
        it.user.to_string().into(),
        us(it.created).into(),
        us(it.expires).into(),
        it.used.map(us).into(),
    ];
    tx.exec(INVITE, &args).map(drop)
}

/// The invitation whose text has this hash, if there is one.
pub fn invitation(tx: &mut Tx<'_>, hash: &str) -> Result<Option<Invitation>, StoreError> {
    let read = |row: &Row<'_>| {
        Ok(Invitation {
            hash: row.text(invitations!(hash))?,
            user: row.parsed(invitations!(user_id), "user", |it| it.parse().ok())?,
            created: at(row.int(invitations!(created_us))?)?,
            expires: at(row.int(invitations!(expires_us))?)?,
            used: row.maybe_int(invitations!(used_us))?.map(at).transpose()?,
        })
    };
    Ok(tx.rows(INVITATION, &[hash.into()], read)?.into_iter().next())
}

/// No invitation of the user that is open holds any more. Gives how many did.
pub fn use_invitations(tx: &mut Tx<'_>, id: UserId, now: Timestamp) -> Result<u64, StoreError> {
    tx.exec(USE, &[id.to_string().into(), us(now).into()])
}

/// Codes in place of all that were before, by their hashes.
pub fn set_codes(tx: &mut Tx<'_>, id: UserId, hashes: &[String]) -> Result<(), StoreError> {
    tx.exec(DROP_CODES, &[id.to_string().into()])?;
    for hash in hashes {
        tx.exec(CODE, &[id.to_string().into(), hash.as_str().into()])?;
    }
    Ok(())
}

/// How many codes are left.
pub fn codes_left(tx: &mut Tx<'_>, id: UserId) -> Result<i64, StoreError> {
    tx.one(CODES, &[id.to_string().into()], "count", |row| row.int(0))
}

/// Uses a code up. Gives whether there was such a one.
pub fn use_code(tx: &mut Tx<'_>, id: UserId, hash: &str, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.exec(USE_CODE, &[id.to_string().into(), hash.into(), us(now).into()])? > 0)
}

pub fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one(COUNT, &[], "count of users", |row| row.int(0))
}
