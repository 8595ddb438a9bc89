//! Tries to sign in: counted, and refused when they come too fast.
//!
//! In:  who tries, from where. Out: what a password is to be held against, or how long to wait.
//! Invariant: a try is counted before what was typed is looked at, in a transaction of its own, so that a wrong one stays
//! counted; more addresses of one site give nobody more tries; nothing that is answered tells whether a person exists.

use super::{At, Refusal, network};
use billing::tries::{Counted, Tries};
use billing::user::{User, UserError};
use store::users::{self, Proven};
use store::{Tx, sessions};
use units::Timestamp;

/// Somebody who tries to sign in.
#[derive(Clone, Copy, Debug)]
pub struct Try<'a> {
    /// As it was typed, with small letters as addresses are kept.
    pub mail: &'a str,
    /// From where, as far as it is known.
    pub address: &'a str,
}

/// What a try is counted under.
fn names(it: Try<'_>) -> [(Counted, String); 3] {
    let site = network::site(it.address);
    [
        (Counted::Pair, format!("{} from {site}", it.mail)),
        (Counted::Person, it.mail.to_string()),
        (Counted::Address, format!("from {site}")),
    ]
}

/// What returns from a provider are counted under.
fn return_name(address: &str) -> String {
    format!("returns from {}", network::site(address))
}

/// What tries of somebody who is known are counted under: of codes, and of the own password.
fn own_name(user: &User) -> String {
    format!("codes of {}", user.id)
}

/// Counts a try as wrong, until it turns out to be right, and gives what the password is to be held against.
///
/// Errors: `Tries` for one that comes too early; nothing is counted then.
pub fn sign_in(tx: &mut Tx<'_>, it: Try<'_>, now: Timestamp) -> Result<Option<Proven>, Refusal> {
    count(tx, &names(it), now)?;
    Ok(users::by_mail(tx, it.mail)?)
}

/// Counts a try of a code, or of the own password, as wrong, until it turns out to be right. Errors: `Tries`.
pub fn own(tx: &mut Tx<'_>, at: At<'_>, user: &User) -> Result<(), Refusal> {
    count(tx, &[(Counted::Pair, own_name(user))], at.now)
}

/// Counts a return from a provider as wrong, until it turns out to be right. Errors: `Tries`.
pub fn returned(tx: &mut Tx<'_>, address: &str, now: Timestamp) -> Result<(), Refusal> {
    count(tx, &[(Counted::Address, return_name(address))], now)
}

fn count(tx: &mut Tx<'_>, names: &[(Counted, String)], now: Timestamp) -> Result<(), Refusal> {
    let mut counted = Vec::new();
    for (by, name) in names {
        let before = sessions::tries(tx, name)?;
        if let Some(until) = before.and_then(|it| it.wait(*by, now)) {
            return Err(UserError::Tries(until).into());
        }
        counted.push((name, Tries::and_one(before, now)));
    }
    for (name, tries) in counted {
        sessions::set_tries(tx, name, tries)?;
    }
    Ok(())
}

/// A password was right: its try was no wrong one, whoever it was counted under.
pub(crate) fn password_was_right(tx: &mut Tx<'_>, it: Try<'_>) -> Result<(), Refusal> {
    for (_, name) in names(it) {
        let Some(counted) = sessions::tries(tx, &name)? else { continue };
        match counted.less_one() {
            Some(left) => sessions::set_tries(tx, &name, left)?,
            None => sessions::forget_tries(tx, &name)?,
        }
    }
    Ok(())
}

/// Somebody signed in: what was counted of the person is forgotten, wrong tries from the address are not.
pub(crate) fn signed_in(tx: &mut Tx<'_>, it: Try<'_>) -> Result<(), Refusal> {
    for (by, name) in names(it) {
        match by {
            Counted::Pair | Counted::Person => sessions::forget_tries(tx, &name)?,
            Counted::Address => {}
        }
    }
    Ok(())
}

/// Who came back from a provider was let in: what was counted of the address is forgotten.
pub(crate) fn return_was_right(tx: &mut Tx<'_>, address: &str) -> Result<(), Refusal> {
    Ok(sessions::forget_tries(tx, &return_name(address))?)
}

/// The try of a code, or of the own password, that was counted last was right.
pub(crate) fn was_right(tx: &mut Tx<'_>, user: &User) -> Result<(), Refusal> {
    Ok(sessions::forget_tries(tx, &own_name(user))?)
}
