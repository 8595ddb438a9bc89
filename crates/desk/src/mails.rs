//! Mails: what became of a try, which there are, and sending a dead one again.
//!
//! In:  a transaction, what the server said. Out: what follows; lists; how much waits.
//! Invariant: a mail that was sent is never tried again.

use super::page::{self, Page, Part};
use super::{At, Refusal};
use billing::letter::{Fault, Letter, LetterKind, MailError, MailState, Next, next};
use billing::user::House;
use store::mails::{self, Tried};
use store::{Tx, letters};
use units::{MailId, Timestamp};

pub use store::mails::{Mail, MailFilter};

/// What a server said to a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// `None` when it took the mail.
    pub fault: Option<Fault>,
    /// Its code; `None` when none came.
    pub reply: Option<i64>,
    /// What was wrong, in its words; empty when nothing was.
    pub text: String,
}

/// Writes down what became of a try, and what follows: sent, tried again, or dead. Gives where the mail stands.
pub fn tried(tx: &mut Tx<'_>, mail: &Mail, answer: &Answer, now: Timestamp) -> Result<MailState, Refusal> {
    let follows = answer.fault.map(|it| next(it, mail.tries + 1, mail.queued, now));
    let (state, due) = match follows {
        None => (MailState::Sent, None),
        Some(Next::Again(then)) => (MailState::Queued, Some(then)),
        Some(Next::Dead) => (MailState::Dead, None),
    };
    mails::tried(tx, mail.id, Tried { state, due, reply: answer.reply, error: &answer.text }, now)?;
    let sealed = mail.kind == LetterKind::Invitation && state == MailState::Sent;
    if sealed && mails::queued_of(tx, mail.letter)? == 0 {
        letters::unseal(tx, mail.letter)?;
    }
    Ok(state)
}

/// Has a dead mail sent again; its id and what it says stay. Errors: `NotFound`, `NotDead`.
pub fn again(tx: &mut Tx<'_>, at: At<'_>, id: MailId) -> Result<Mail, Refusal> {
    let before = mails::get(tx, id)?;
    if !mails::again(tx, id, at.now)? {
        return Err(MailError::NotDead(id, before.state.as_str()).into());
    }
    Ok(mails::get(tx, id)?)
}

/// Sends a letter that tells nothing to an address. Errors: `LineBreak`, `Mail`.
pub fn test(tx: &mut Tx<'_>, at: At<'_>, address: &str) -> Result<Letter, Refusal> {
    let mail = billing::letter::address(address)?;
    let letter = Letter::once(House::Operator, LetterKind::Test, &mail, at.now);
    letters::add_one(tx, &letter, at.now)?;
    Ok(letter)
}

/// One mail. Errors: `NotFound`.
pub fn one(tx: &mut Tx<'_>, id: MailId) -> Result<Mail, Refusal> {
    Ok(mails::get(tx, id)?)
}

/// Mails, the newest first.
pub fn page(tx: &mut Tx<'_>, filter: MailFilter, part: &Part) -> Result<Page<Mail>, Refusal> {
    let before = part.before(|id: MailId| page::there(mails::get(tx, id)))?;
    let found = mails::page(tx, filter, &before, part.reach())?;
    Ok(Page::of(found, part, |it| it.id.to_string()))
}

/// How much waits, and for how long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    pub queued: i64,
    pub dead: i64,
    /// Seconds since the oldest that is not sent was queued.
    pub oldest_seconds: u64,
}

/// How much waits now.
pub fn waiting(tx: &mut Tx<'_>, now: Timestamp) -> Result<Waiting, Refusal> {
    let mut found = Waiting::default();
    for (state, count, since) in mails::counts(tx)? {
        match state {
            MailState::Queued => {
                found.queued = count;
                found.oldest_seconds = u64::try_from(now.as_second() - since.as_second()).unwrap_or(0);
            }
            MailState::Dead => found.dead = count,
            MailState::Sent => {}
        }
    }
    Ok(found)
}
