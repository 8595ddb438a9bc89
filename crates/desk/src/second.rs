//! The second factor: codes that change every half minute, and codes that take their place once.
//!
//! In:  a secret and codes. Out: whether a code is right.
//! Invariant: no code is right twice; the secret is kept sealed; recovery codes are kept by their hashes.
//! Source: RFC 6238.

use super::sessions::{self, New, SignedIn};
use super::{At, Refusal, journal, oidc, tries};
use billing::user::{Proof, Session, User, UserError};
use providers::installation;
use store::Tx;
use store::users::{self, Second};
use totp_rs::{Builder, Secret, Totp};
use units::UserId;

/// How many recovery codes somebody gets.
pub const RECOVERY_CODES: usize = 10;

/// What the secret of a user is sealed for.
fn purpose(id: UserId) -> String {
    format!("second factor of {id}")
}

/// The generator of a secret: six digits, half a minute, one step before and after. Errors: `Corrupt`.
fn generator(secret: &str) -> Result<Totp, Refusal> {
    let wrong = |what: String| Refusal::corrupt(format!("the secret of a second factor: {what}"));
    let secret = Secret::try_from_base32(secret).map_err(|error| wrong(error.to_string()))?;
    Builder::new().with_secret(secret).build().map_err(|error| wrong(error.to_string()))
}

/// The address that an authenticator reads from a QR code, of a secret in Base32. Errors: `Corrupt`.
pub fn address(user: &User, secret: &str) -> Result<String, Refusal> {
    let wrong = |what: String| Refusal::corrupt(format!("the secret of a second factor: {what}"));
    let secret = Secret::try_from_base32(secret).map_err(|error| wrong(error.to_string()))?;
    let named = Builder::new().with_account_name(user.mail.as_str()).with_issuer(Some("Cloudtill"));
    let made = named.with_secret(secret).build().and_then(|it| it.to_url());
    made.map_err(|error| wrong(error.to_string()))
}

/// A secret of so many random bytes, in Base32.
pub fn base32(bytes: &[u8; 20]) -> String {
    Secret::from(*bytes).to_base32()
}

/// Begins to set a second factor up with a new secret, in Base32. It is not asked for before a code was right.
///
/// Errors: `SecondThere`.
pub fn begin(tx: &mut Tx<'_>, at: At<'_>, user: &User, secret: &str) -> Result<(), Refusal> {
    if users::get(tx, user.id)?.second.is_some_and(|it| it.since.is_some()) {
        return Err(UserError::SecondThere.into());
    }
    let sealed = match &at.desk.key {
        Some(key) => key.seal(&purpose(user.id), secret)?,
        None => secret.to_string(),
    };
    Ok(users::set_second(tx, user.id, Some(&Second { secret: sealed, since: None, step: 0 }))?)
}

/// The secret that is being set up, in Base32. Errors: `SecondMissing`.
pub fn secret(tx: &mut Tx<'_>, at: At<'_>, user: &User) -> Result<String, Refusal> {
    let second = users::get(tx, user.id)?.second.filter(|it| it.since.is_none());
    opened(at, user.id, &second.ok_or(UserError::SecondMissing)?)
}

fn opened(at: At<'_>, id: UserId, second: &Second) -> Result<String, Refusal> {
    Ok(installation::open(at.desk.key.as_deref(), &purpose(id), &second.secret)?)
}

/// The step of a code that is right now and was not used. Errors: `Code`.
fn step(at: At<'_>, id: UserId, second: &Second, code: &str) -> Result<i64, Refusal> {
    let now = u64::try_from(at.now.as_second()).unwrap_or(0);
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let found = generator(&opened(at, id, second)?)?.check(&digits, now);
    let found = found.and_then(|it| i64::try_from(it).ok()).filter(|it| *it > second.step);
    Ok(found.ok_or(UserError::Code)?)
}

/// From here on a second factor is asked for; `codes` are the hashes of codes that take its place.
///
/// Errors: `SecondMissing`, `Code`.
pub fn confirm(
    tx: &mut Tx<'_>,
    at: At<'_>,
    who: &SignedIn,
    code: &str,
    codes: &[String],
) -> Result<(), Refusal> {
    let id = who.user.id;
    let second = users::get(tx, id)?.second.filter(|it| it.since.is_none());
    let second = second.ok_or(UserError::SecondMissing)?;
    let step = step(at, id, &second, code)?;
    users::set_second(tx, id, Some(&Second { since: Some(at.now), step, ..second }))?;
    users::set_codes(tx, id, codes)?;
    tries::was_right(tx, &who.user)?;
    Ok(store::sessions::end_others(tx, id, Some(who.session.id), at.now)?)
}

/// No second factor is asked for any more. Errors: `Code` without a right one.
pub fn end(tx: &mut Tx<'_>, at: At<'_>, user: &User, code: &str) -> Result<(), Refusal> {
    prove(tx, at, user, code)?;
    users::set_second(tx, user.id, None)?;
    Ok(users::set_codes(tx, user.id, &[])?)
}

/// The second step of a sign-in: a whole session in place of half a one.
///
/// Errors: `Code`, and `Tries` after too many; `SignIn` when whoever came by a provider cannot be this user any more.
pub fn pass(
    tx: &mut Tx<'_>,
    at: At<'_>,
    who: &SignedIn,
    code: &str,
    new: New<'_>,
) -> Result<Session, Refusal> {
    prove(tx, at, &who.user, code)?;
    oidc::proven(tx, at, &who.session)?;
    store::sessions::end(tx, who.user.id, who.session.id, at.now)?;
    sessions::begin(tx, &who.user, Proof::Whole, new, at.now)
}

/// Uses a code up: one of the second factor, or one that takes its place. Errors: `Code`, `SecondMissing`.
fn prove(tx: &mut Tx<'_>, at: At<'_>, user: &User, code: &str) -> Result<(), Refusal> {
    let second = users::get(tx, user.id)?.second.filter(|it| it.since.is_some());
    let second = second.ok_or(UserError::SecondMissing)?;
    match step(at, user.id, &second, code) {
        Ok(step) => users::set_second(tx, user.id, Some(&Second { step, ..second }))?,
        Err(refusal) => match users::use_code(tx, user.id, &recovery_hash(code), at.now)? {
            true => {}
            false => return Err(refusal),
        },
    }
    tries::was_right(tx, user)
}

/// The hash under which a recovery code is kept, however it is written.
pub fn recovery_hash(code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    journal::digest(plain.to_ascii_lowercase().as_bytes())
}
