//! People whom an OpenID provider vouches for: who of them comes in, and as whom.
//!
//! In:  who a provider says somebody is, the user with that mail address, and as whom that user came before. Out: whether the
//! user comes in, for the first time or again.
//! Invariant: a provider makes nobody a user and gives nobody a role. Once somebody came in by a provider, nobody else comes in
//! as that user by one, whatever mail address is shown; and nobody comes in as two users.

use super::user::{House, User};
use units::UserId;

/// Who somebody is at a provider. A mail address may change hands, this does not.
/// Source: OpenID Connect Core 1.0, 2 (`iss`, `sub`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub issuer: String,
    /// What the provider calls the person.
    pub name: String,
}

/// Somebody whom a provider vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    pub subject: Subject,
    /// The mail address that the provider verified, in small letters.
    pub mail: String,
}

/// How things stand with the user who has the mail address.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    pub user: &'a User,
    /// As whom the user came in before.
    pub bound: Option<&'a Subject>,
    /// The user as whom the person who comes came in before.
    pub holder: Option<UserId>,
}

/// How somebody comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// From here on the user is this person and nobody else.
    First,
    Again,
}

/// How somebody comes in whom a provider vouches for; `None` for who does not. People of the operator come in with addresses
/// of `domains` alone, where any are named.
pub fn entry(standing: &Standing<'_>, vouched: &Vouched, domains: &[String]) -> Option<Entry> {
    let user = standing.user;
    let is_theirs = user.ended.is_none() && user.mail == vouched.mail && is_at_home(user, domains);
    let is_somebody_else = standing.holder.is_some_and(|it| it != user.id);
    if !is_theirs || is_somebody_else {
        return None;
    }
    match standing.bound {
        None => Some(Entry::First),
        Some(subject) => (*subject == vouched.subject).then_some(Entry::Again),
    }
}

/// Whether a mail address is one with which people of the house come in.
fn is_at_home(user: &User, domains: &[String]) -> bool {
    match user.house {
        House::Account(_) => true,
        House::Operator => {
            let domain = user.mail.rsplit_once('@').map_or("", |it| it.1);
            domains.is_empty() || domains.iter().any(|it| it.eq_ignore_ascii_case(domain))
        }
    }
}

#[cfg(test)]
mod tests;
