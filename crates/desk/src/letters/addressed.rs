//! Letters become mails: one to each recipient.
//!
//! In:  letters that wait. Out: mails that are due.
//! Invariant: a letter is addressed in one transaction, once; whose queue is long waits, so that nobody else does.

use crate::{At, Refusal, later};
use billing::letter::{Letter, LetterKind, Person, Recipient, recipients};
use billing::user::House;
use store::letters as rows;
use store::{Tx, correspondents, mails};
use units::Timestamp;

/// Letters of one transaction.
const LETTERS: i64 = 100;
/// So many mails of one house wait to be sent at most; its letters wait until there are fewer.
pub const QUEUE_MOST: i64 = 500;
/// For so many seconds a letter waits then.
const PUT_OFF_SECONDS: u64 = 30;

/// Addresses the letters that wait, some at a time. Gives how many there were.
pub fn address(tx: &mut Tx<'_>, at: At<'_>) -> Result<usize, Refusal> {
    let waiting = rows::waiting(tx, at.now, LETTERS)?;
    for letter in &waiting {
        if mails::queued(tx, letter.house, QUEUE_MOST)? >= QUEUE_MOST {
            rows::put_off(tx, letter.id, later(at.now, PUT_OFF_SECONDS))?;
            continue;
        }
        if rows::take(tx, letter.id)? {
            let to = to(tx, at, letter)?;
            mails::add(tx, letter, &to, at.now)?;
        }
    }
    Ok(waiting.len())
}

/// When the next letter is to be addressed, or the next mail to be sent.
pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, Refusal> {
    let all = [rows::next_due(tx)?, mails::next_due(tx)?];
    Ok(all.into_iter().flatten().min())
}

/// To whom a letter goes.
fn to(tx: &mut Tx<'_>, at: At<'_>, letter: &Letter) -> Result<Vec<Recipient>, Refusal> {
    let usual = match letter.house {
        House::Account(id) => crate::correspondents::of_account(tx, at, id)?,
        House::Operator => at.desk.mail_language,
    };
    if letter.kind == LetterKind::Test {
        let (mail, name, user) = (letter.subject.clone(), String::new(), None);
        return Ok(vec![Recipient { mail, name, language: usual, user }]);
    }
    if let Some(user) = letter.user {
        let user = store::users::get(tx, user)?.user;
        let Person { user, language, .. } = correspondents::person(tx, user)?;
        let alone = Recipient {
            mail: user.mail,
            name: user.name,
            language: language.unwrap_or(usual),
            user: Some(user.id),
        };
        return Ok(if user.ended.is_none() { vec![alone] } else { Vec::new() });
    }
    let people = correspondents::people(tx, letter.house)?;
    let addresses = match letter.house {
        House::Account(id) => correspondents::addresses(tx, id)?,
        House::Operator => Vec::new(),
    };
    Ok(recipients(letter.kind, &people, &addresses, usual))
}
