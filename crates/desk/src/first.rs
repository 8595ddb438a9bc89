//! The first start of a database: its first price book, its first key, its first user.
//!
//! In:  a transaction. Out: what was missing, made; whoever comes second finds it there.
//! Invariant: of several first starts at once one makes what is missing, the others wait for it.

use super::keys::{self, NewKey, Scope};
use super::{Desk, Refusal, books, facts, users, webhooks};
use billing::user::{House, Role};
use providers::installation::InstallationKey;
use store::{Tx, first};
use units::Timestamp;

/// What became of something that a first start makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    Made,
    ThereAlready,
}

/// Applies the first price book. Errors: those of `books::add`.
pub fn book(tx: &mut Tx<'_>, prepared: &books::Prepared, now: Timestamp) -> Result<First, Refusal> {
    first::hold(tx)?;
    if store::books::count(tx)? > 0 {
        return Ok(First::ThereAlready);
    }
    books::add(tx, Desk::empty().at(now), prepared).map(|_| First::Made)
}

/// Makes the first key, an operator's, from the hash of its text.
pub fn key(tx: &mut Tx<'_>, hash: &str, now: Timestamp) -> Result<First, Refusal> {
    first::hold(tx)?;
    if store::keys::count(tx)? > 0 {
        return Ok(First::ThereAlready);
    }
    let new = NewKey {
        account: None,
        name: "first operator".into(),
        scopes: vec![Scope::Operator],
        expires: None,
        addresses: Vec::new(),
    };
    keys::add(tx, &new, hash, now).map(|_| First::Made)
}

/// Makes the first user, an administrator who sets a password with the link of this hash.
pub fn operator(tx: &mut Tx<'_>, mail: &str, link: &str, now: Timestamp) -> Result<First, Refusal> {
    first::hold(tx)?;
    if store::users::count(tx)? > 0 {
        return Ok(First::ThereAlready);
    }
    let (by, house, role) = (users::Inviter::CommandLine, House::Operator, Role::Administrator);
    let new = users::New { by, house, mail, name: "operator", role };
    users::invite(tx, new, link, now).map(|_| First::Made)
}

/// Makes `key` that of these books, if they have none yet, seals what was kept open before, and has the audit log hold
/// what stands in books that are older than that.
///
/// Errors: `OtherInstallation` for books of another key, `Installation` for a secret that was sealed with another one.
pub fn installation(tx: &mut Tx<'_>, key: &InstallationKey, now: Timestamp) -> Result<(), Refusal> {
    first::hold(tx)?;
    let given = key.public();
    match store::installation::public_key(tx)? {
        Some(there) if there != given => return Err(Refusal::OtherInstallation { there, given }),
        Some(_) => {}
        None => store::installation::set(tx, &given, now)?,
    }
    webhooks::seal_all(tx, key)?;
    facts::begin(tx, now)
}

/// Starts the test clock of a database that nobody used yet at `start`. Gives where it stands.
///
/// Errors: `None` for a database that ran on the machine's clock.
pub fn test_clock(tx: &mut Tx<'_>, start: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    first::hold(tx)?;
    match store::clock::get(tx)? {
        Some(stood) => Ok(Some(stood)),
        None if store::keys::count(tx)? > 0 => Ok(None),
        None => {
            store::clock::set(tx, start)?;
            Ok(Some(start))
        }
    }
}
