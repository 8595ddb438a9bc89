//! Mails: what became of a try, which there are, and sending a dead one again.
//!
//! In:  a transaction, what the server said. Out: what follows; lists; how much waits.
//! Invariant: a mail that was sent is never tried again.

use super::page::{self, Page, Part};
use super::{At, Refusal};
use billing::letter::{Fault, LetterKind, MailError, MailState, Next, Tries, next};
use store::mails::{self, NotSent};
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

/// Writes down what became of a try, and what follows: sent, tried again, or dead. Gives where the mail stands; `None` when
/// somebody else took it since, whose try counts.
pub fn tried(
    tx: &mut Tx<'_>,
    mail: &Mail,
    answer: &Answer,
    now: Timestamp,
) -> Result<Option<MailState>, Refusal> {
    let Some(fault) = answer.fault else {
        mails::sent(tx, mail.id, answer.reply, now)?;
        if mail.kind == LetterKind::Invitation && mails::queued_of(tx, mail.letter)? == 0 {
            letters::unseal(tx, mail.letter)?;
        }
        return Ok(Some(MailState::Sent));
    };
    let put_off = mail.put_offs + i64::from(fault == Fault::Mail);
    let due = match next(fault, Tries { all: mail.tries + 1, put_off }, mail.queued, now) {
        Next::Again(then) => Some(then),
        Next::Dead => None,
    };
    let state = if due.is_some() { MailState::Queued } else { MailState::Dead };
    let not_sent = NotSent { claim: mail.due, due, reply: answer.reply, error: &answer.text, fault };
    let counts = mails::not_sent(tx, mail.id, not_sent, now)?;
    Ok(counts.then_some(state))
}

/// Puts a mail off that cannot be read, so that it holds up no other; after as long as any mail is tried it is dead.
pub fn put_off(tx: &mut Tx<'_>, id: &str, now: Timestamp) -> Result<(), Refusal> {
    Ok(mails::put_off(tx, id, super::letters::unreadable(now), now)?)
}

/// Has a dead mail sent again; its id and what it says stay. Errors: `NotFound`, `NotDead`.
pub fn again(tx: &mut Tx<'_>, at: At<'_>, id: MailId) -> Result<Mail, Refusal> {
    let before = mails::get(tx, id)?;
    if !mails::again(tx, id, at.now)? {
        return Err(MailError::NotDead(id, before.state.as_str()).into());
    }
    Ok(mails::get(tx, id)?)
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
