//! Sessions: how somebody signs in and out, and where a session stands.
//!
//! In:  the hash of what a browser shows. Out: who it is, while the session holds.
//! Invariant: what a browser shows changes with every step of proof, and is kept by its hash alone.

use super::tries::Try;
use super::{At, Refusal, journal, later, letters, tries, users};
use billing::user::{House, Proof, Right, SESSION_SECONDS, Session, User, UserError};
use store::users::Proven;
use store::{Tx, sessions};
use units::{AccountId, SessionId, Timestamp, UserId};

/// A session that is to begin.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    /// The hash of what the browser will show.
    pub hash: &'a str,
    pub address: &'a str,
    /// What the browser calls itself.
    pub agent: &'a str,
}

/// Begins a session of somebody whose password was right: half a one where a second factor is set up.
///
/// Errors: `SignIn` when the password changed or the user was ended meanwhile.
pub fn open(tx: &mut Tx<'_>, proven: &Proven, new: New<'_>, now: Timestamp) -> Result<Session, Refusal> {
    let there = store::users::get(tx, proven.user.id)?;
    if there.password != proven.password || there.user.ended.is_some() {
        return Err(UserError::SignIn.into());
    }
    let session = let_in(tx, &there, new, now)?;
    let tried = Try { mail: &there.user.mail, address: new.address };
    tries::password_was_right(tx, tried)?;
    if session.proof == Proof::Whole {
        tries::signed_in(tx, tried)?;
    }
    Ok(session)
}

/// Begins a session of somebody who proved who it is: half a one where a second factor is set up.
pub(crate) fn let_in(
    tx: &mut Tx<'_>,
    there: &Proven,
    new: New<'_>,
    now: Timestamp,
) -> Result<Session, Refusal> {
    sessions::forget(tx, before(now))?;
    begin(tx, &there.user, proof(there), new, now)
}

/// How far somebody has come by a right password, or by a provider: half the way where a second factor is set up.
pub(crate) fn proof(there: &Proven) -> Proof {
    let is_half = there.second.as_ref().is_some_and(|it| it.since.is_some());
    if is_half { Proof::Password } else { Proof::Whole }
}

/// Sessions that began before this are over, whatever they are.
fn before(now: Timestamp) -> Timestamp {
    let seconds = i64::try_from(SESSION_SECONDS).unwrap_or(i64::MAX);
    now.checked_sub(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MIN)
}

/// Begins a session with this proof.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    user: &User,
    proof: Proof,
    new: New<'_>,
    now: Timestamp,
) -> Result<Session, Refusal> {
    let session = Session {
        id: SessionId::named(now, new.hash),
        user: user.id,
        proof,
        house: user.house,
        created: now,
        seen: now,
        ended: None,
        address: new.address.to_string(),
        agent: new.agent.chars().take(200).collect(),
    };
    sessions::add(tx, &session, new.hash)?;
    if proof == Proof::Whole {
        letters::signed_in(tx, user, &session, now)?;
    }
    Ok(session)
}

/// Somebody who signed in, with the session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub user: User,
    pub session: Session,
    /// Since when a second factor is asked for, if it is.
    pub second_since: Option<Timestamp>,
}

impl SignedIn {
    /// The account that the person acts for without being of it.
    pub fn acts_for(&self) -> Option<AccountId> {
        self.session.house.account().filter(|_| self.user.house == House::Operator)
    }
}

/// Who shows this, while the session holds, whatever its proof.
pub fn find(tx: &mut Tx<'_>, hash: &str, now: Timestamp) -> Result<Option<SignedIn>, Refusal> {
    let Some(session) = sessions::by_hash(tx, hash)?.filter(|it| it.holds(now)) else { return Ok(None) };
    let Proven { user, second, .. } = store::users::get(tx, session.user)?;
    let second_since = second.and_then(|it| it.since);
    Ok(user.ended.is_none().then_some(SignedIn { user, session, second_since }))
}

/// Enters a house: the operator's user an account that is acted for, or goes back to the own one. The audit log of the
/// account says who came and who left.
///
/// Errors: `NotFound` for an account that is not there, and for another customer's; `Right`.
pub fn enter(tx: &mut Tx<'_>, at: At<'_>, who: &SignedIn, house: House) -> Result<(), Refusal> {
    if house != who.user.house {
        if who.user.house != House::Operator {
            return Err(Refusal::missing("account"));
        }
        users::may(&who.user, Right::ActFor)?;
        if let Some(account) = house.account() {
            store::accounts::get(tx, account)?;
        }
    }
    sessions::enter(tx, who.session.id, house)?;
    let actor = format!("{} {}", who.user.id, who.user.mail);
    let steps = [(who.acts_for(), "acts no more"), (house.account(), "acts for the account")];
    for (account, operation) in
        steps.into_iter().filter(|it| it.0.is_some() && who.user.house == House::Operator)
    {
        let write = journal::Write { account, actor: &actor, operation, target: "", body: "" };
        journal::note(tx, &write, at.now)?;
    }
    Ok(())
}

/// Notes that a session was used, if that was not noted since `noted`.
pub fn seen(tx: &mut Tx<'_>, id: SessionId, now: Timestamp, noted: Timestamp) -> Result<(), Refusal> {
    Ok(sessions::seen(tx, id, now, noted)?)
}

/// Ends a session of a user.
pub fn end(tx: &mut Tx<'_>, user: &User, id: SessionId, now: Timestamp) -> Result<(), Refusal> {
    Ok(sessions::end(tx, user.id, id, now)?)
}

/// Sessions of a user that hold, the newest first.
pub fn of_user(tx: &mut Tx<'_>, at: At<'_>, user: &User) -> Result<Vec<Session>, Refusal> {
    let mut found = sessions::of_user(tx, user.id, before(at.now))?;
    found.retain(|it| it.holds(at.now) && it.proof == Proof::Whole);
    Ok(found)
}

/// The hash of a user's password. Errors: `NotFound`.
pub fn password(tx: &mut Tx<'_>, id: UserId) -> Result<Option<String>, Refusal> {
    Ok(store::users::get(tx, id)?.password)
}

/// Sets another password; every other session of the user ends.
///
/// Errors: `SignIn` when the password is not `before` any more.
pub fn set_password(
    tx: &mut Tx<'_>,
    who: &SignedIn,
    before: &str,
    after: &str,
    now: Timestamp,
) -> Result<(), Refusal> {
    if store::users::get(tx, who.user.id)?.password.as_deref() != Some(before) {
        return Err(UserError::SignIn.into());
    }
    store::users::set_password(tx, who.user.id, after)?;
    tries::was_right(tx, &who.user)?;
    Ok(sessions::end_others(tx, who.user.id, Some(who.session.id), now)?)
}

/// When a session that is used now and no more ends.
pub fn ends(session: &Session) -> Timestamp {
    later(session.created, SESSION_SECONDS).min(later(session.seen, billing::user::IDLE_SECONDS))
}
