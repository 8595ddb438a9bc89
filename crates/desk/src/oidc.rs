//! Sign-in by an OpenID provider: whoever it vouches for comes in, if that person is a user.
//!
//! In:  whom a provider vouches for, checked by `providers`. Out: a session, or none.
//! Invariant: nobody is made a user here. The first sign-in binds a user to who the provider says it is, and takes the place of
//! its invitation; from then on nobody else comes in as that user by a provider.

use super::facts::{self, Fact};
use super::sessions::{self, New};
use super::{At, Refusal, journal, tries};
use billing::user::{Proof, Session, User};
use billing::vouched::{self, Entry, Standing, Vouched};
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
    let Some(entry) = vouched::entry(&standing, vouched, arrival.domains) else { return Ok(None) };

    if entry == Entry::First && !users::bind(tx, there.user.id, &vouched.subject)? {
        // Somebody else was first, just now.
        return Ok(None);
    }
    let session = let_in(tx, at, &there, new)?;
    note(tx, &there.user, vouched, &session)?;
    if entry == Entry::First {
        facts::note(tx, &[Fact::subject(&there.user, &vouched.subject)], at.now)?;
    }
    Ok(Some(session))
}

/// Begins the session. Who never set a password needs the link for one no more.
fn let_in(tx: &mut Tx<'_>, at: At<'_>, there: &Proven, new: New<'_>) -> Result<Session, Refusal> {
    if there.password.is_none() {
        users::use_invitations(tx, there.user.id, at.now)?;
    }
    tries::return_was_right(tx, new.address)?;
    sessions::let_in(tx, there, new, at.now)
}

fn note(tx: &mut Tx<'_>, user: &User, vouched: &Vouched, session: &Session) -> Result<(), Refusal> {
    let operation = match session.proof {
        Proof::Whole => "signed in by OIDC",
        Proof::Password => "came by OIDC, asked for a code",
    };
    let (account, actor) = (user.house.account(), format!("{} {}", user.id, user.mail));
    let issuer = vouched.subject.issuer.as_str();
    let write = journal::Write { account, actor: &actor, operation, target: issuer, body: "" };
    journal::note(tx, &write, session.created)
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
