//! Users: invited, given roles, ended; the links with which they set passwords.
//!
//! In:  the hash of a link or of a password, never the text. Out: users as they stand.
//! Invariant: a link is made by a user's own house or by the operator, holds for three days and once; a house that has a
//! head keeps one; whoever is ended or sets a password anew has no older session.

use super::facts::{self, Fact};
use super::{Refusal, later, lists};
use billing::user::{self, House, INVITATION_SECONDS, Right, Role, User, UserError};
use store::users::{self, Invitation};
use store::{Tx, sessions};
use units::{Timestamp, UserId};

/// Who makes a user.
#[derive(Clone, Copy, Debug)]
pub enum Inviter<'a> {
    /// Whoever may run the program where the database is.
    CommandLine,
    User(&'a User),
}

/// A person who is to be a user.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    pub by: Inviter<'a>,
    pub house: House,
    pub mail: &'a str,
    pub name: &'a str,
    pub role: Role,
}

/// Makes a user, who sets a password with the link of this hash.
///
/// Errors: `Right`, `HeadThere`, `Mail`, `MailTaken`, `Role` for one of the other kind of house, `NotFound` for an account that
/// is not there.
pub fn invite(tx: &mut Tx<'_>, new: New<'_>, link: &str, now: Timestamp) -> Result<User, Refusal> {
    if let Inviter::User(by) = new.by {
        let heads = heads(tx, new.house)?;
        user::invite(by, new.house, new.role, heads)?;
    }
    let mail = user::mail(new.mail)?;
    let role = user::role(new.house, new.role.as_str())?;
    if let Some(account) = new.house.account() {
        store::accounts::get(tx, account)?;
    }
    let id = UserId::named(now, &format!("{mail} {link}"));
    let name = user::name(new.name)?;
    let user = User { id, house: new.house, mail, name, role, created: now, ended: None };
    if !users::add(tx, &user)? {
        return Err(UserError::MailTaken(user.mail).into());
    }
    add_link(tx, id, link, now)?;
    facts::note(tx, &[Fact::user(&user)], now)?;
    Ok(user)
}

/// How many who head a house can sign in.
fn heads(tx: &mut Tx<'_>, house: House) -> Result<usize, Refusal> {
    let all = lists::users::of(tx, house)?;
    Ok(all.iter().filter(|it| it.can_sign_in && it.user.role == Role::head(house)).count())
}

/// The roles as which somebody may invite people into a house just now.
pub fn may_invite_as(tx: &mut Tx<'_>, by: &User, house: House) -> Result<Vec<Role>, Refusal> {
    let heads = heads(tx, house)?;
    Ok(Role::of(house).filter(|it| user::invite(by, house, *it, heads).is_ok()).collect())
}

fn add_link(tx: &mut Tx<'_>, id: UserId, link: &str, now: Timestamp) -> Result<(), Refusal> {
    let expires = later(now, INVITATION_SECONDS);
    users::invite(tx, &Invitation { hash: link.to_string(), user: id, created: now, expires, used: None })?;
    Ok(())
}

/// Makes a new link for a user of `house`; older ones end. The operator makes them for everybody.
///
/// Errors: `NotFound`, also for a user of another house.
pub fn link(tx: &mut Tx<'_>, house: House, id: UserId, link: &str, now: Timestamp) -> Result<User, Refusal> {
    let user = of_house(tx, house, id)?;
    users::use_invitations(tx, id, now)?;
    add_link(tx, id, link, now)?;
    Ok(user)
}

/// A user who was not ended, as somebody of `house` sees it. Errors: `NotFound`.
fn of_house(tx: &mut Tx<'_>, house: House, id: UserId) -> Result<User, Refusal> {
    let user = users::get(tx, id)?.user;
    let seen = user.house == house || house == House::Operator;
    if !seen || user.ended.is_some() {
        return Err(Refusal::missing(format!("user {id}")));
    }
    Ok(user)
}

/// Whose password the link of this hash sets. Errors: `Invitation`.
pub fn invited(tx: &mut Tx<'_>, link: &str, now: Timestamp) -> Result<User, Refusal> {
    let found = users::invitation(tx, link)?.filter(|it| it.used.is_none() && it.expires > now);
    let user = users::get(tx, found.ok_or(UserError::Invitation)?.user)?.user;
    if user.ended.is_some() {
        return Err(UserError::Invitation.into());
    }
    Ok(user)
}

/// Sets a password with a link, once; every session of the user ends. Errors: `Invitation`.
pub fn accept(tx: &mut Tx<'_>, link: &str, password: &str, now: Timestamp) -> Result<User, Refusal> {
    let user = invited(tx, link, now)?;
    if users::use_invitations(tx, user.id, now)? == 0 {
        return Err(UserError::Invitation.into());
    }
    users::set_password(tx, user.id, password)?;
    sessions::end_others(tx, user.id, None, now)?;
    Ok(user)
}

/// Gives a user of `house` another role; an ended role is `None`.
///
/// Errors: `NotFound`, `Role`, `LastHead`.
pub fn change(
    tx: &mut Tx<'_>,
    house: House,
    id: UserId,
    role: Option<Role>,
    now: Timestamp,
) -> Result<User, Refusal> {
    let before = of_house(tx, house, id)?;
    let heads = users::hold(tx, before.house, Role::head(before.house))?;
    let after = match role {
        Some(role) => User { role: user::role(before.house, role.as_str())?, ..before.clone() },
        None => User { ended: Some(now), ..before.clone() },
    };
    if after.role != Role::head(before.house) || after.ended.is_some() {
        user::leave(&before, heads)?;
    }
    if after == before {
        return Ok(after);
    }
    users::set(tx, &after)?;
    if after.ended.is_some() {
        users::use_invitations(tx, id, now)?;
        sessions::end_others(tx, id, None, now)?;
    }
    facts::note(tx, &[Fact::user(&after)], now)?;
    Ok(after)
}

/// Errors: `Right`.
pub fn may(user: &User, right: Right) -> Result<(), Refusal> {
    if user.role.may(right) { Ok(()) } else { Err(UserError::Right.into()) }
}
