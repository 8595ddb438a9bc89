//! Sign-in by an OpenID provider: whoever it vouches for comes in, if that person is a user.
//!
//! In:  whom a provider vouches for, checked by `providers`. Out: a session, or none.
//! Invariant: nobody is made a user here. The first sign-in binds a user to who the provider says it is, and takes the place of
//! its invitation; from then on nobody else comes in as that user by a provider. Where a second factor is set up, nothing is bound
//! before a code of it was right: a mail address alone may have changed hands.

use super::facts::{self, Fact};
use super::sessions::{self, New};
use super::{At, Refusal, journal, tries};
use billing::user::{Proof, Session, User, UserError};
use billing::vouched::{self, Standing, Subject, Vouched};
use store::Tx;
use store::users::{self, Proven};
use units::{Timestamp, UserId};

/// Somebody who comes back from a provider.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    pub vouched: &'a Vouched,
    /// With addresses of these domains people of the operator come in; with all where there is none.
    pub domains: &'a [String],
}

/// Begins a session of the user whom a provider vouches for: half a one where a second factor is set up. `None` when it
/// vouches for nobody who comes in here; why is not told.
pub fn sign_in(
    tx: &mut Tx<'_>,
    at: At<'_>,
    arrival: Arrival<'_>,
    new: New<'_>,
) -> Result<Option<Session>, Refusal> {
    let vouched = arrival.vouched;
    let Some(there) = users::by_mail(tx, &vouched.mail)? else { return Ok(None) };
    let holder = users::by_subject(tx, &vouched.subject)?.map(|it| it.user.id);

    let standing = Standing { user: &there.user, bound: there.subject.as_ref(), holder };
    if vouched::entry(&standing, vouched, arrival.domains).is_none() {
        return Ok(None);
    }

    let proof = sessions::proof(&there);
    if proof == Proof::Whole && !bound(tx, at, &there, &vouched.subject)? {
        // Somebody else was first, just now.
        return Ok(None);
    }
    tries::return_was_right(tx, new.address)?;
    let session = sessions::let_in(tx, &there, new, at.now)?;
    let operation = match proof {
        Proof::Whole => "signed in by OIDC",
        Proof::Password => {
            store::sessions::vouch(tx, &session, &vouched.subject)?;
            "came by OIDC, asked for a code"
        }
    };
    note(tx, at, &there.user, (operation, &vouched.subject))?;
    Ok(Some(session))
}

/// Binds the user to whom the provider vouched for when this session began half: a code was right by now.
///
/// Errors: `SignIn` when the user was bound to somebody else meanwhile, or that person to another user.
pub(crate) fn proven(tx: &mut Tx<'_>, at: At<'_>, half: &Session) -> Result<(), Refusal> {
    let Some(subject) = store::sessions::vouched(tx, half.id)? else { return Ok(()) };
    let there = users::get(tx, half.user)?;
    let holder = users::by_subject(tx, &subject)?.map(|it| it.user.id);
    if holder.is_some_and(|it| it != there.user.id) || !bound(tx, at, &there, &subject)? {
        return Err(UserError::SignIn.into());
    }
    note(tx, at, &there.user, ("signed in by OIDC", &subject))
}

/// From here on the user is this person at the provider; who never set a password needs the link for one no more. Gives
/// whether it is so: not for a user who is bound to another.
fn bound(tx: &mut Tx<'_>, at: At<'_>, there: &Proven, subject: &Subject) -> Result<bool, Refusal> {
    let id = there.user.id;
    if !users::bind(tx, id, subject)? {
        return Ok(false);
    }
    if there.password.is_none() {
        users::use_invitations(tx, id, at.now)?;
    }
    if there.subject.is_none() {
        facts::note(tx, &[Fact::subject(&there.user, subject)], at.now)?;
    }
    Ok(true)
}

fn note(
    tx: &mut Tx<'_>,
    at: At<'_>,
    user: &User,
    (operation, subject): (&str, &Subject),
) -> Result<(), Refusal> {
    let (account, actor) = (user.house.account(), format!("{} {}", user.id, user.mail));
    let target = subject.issuer.as_str();
    journal::note(tx, &journal::Write { account, actor: &actor, operation, target, body: "" }, at.now)
}

/// Binds a user to nobody at a provider any more, so that the next sign-in by one does; every session of the user ends.
///
/// Errors: `NotFound`, also for a user who was ended.
pub fn unbind(tx: &mut Tx<'_>, id: UserId, now: Timestamp) -> Result<User, Refusal> {
    let there = users::get(tx, id)?;
    if there.user.ended.is_some() {
        return Err(Refusal::missing(format!("user {id}")));
    }
    if there.subject.is_some() {
        users::unbind(tx, id)?;
        store::sessions::end_others(tx, id, None, now)?;
        facts::note(tx, &[Fact::subject_gone(&there.user)], now)?;
    }
    Ok(there.user)
}
