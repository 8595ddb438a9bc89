//! Letters become mails: one to each recipient; and whether a recipient still is one when a mail goes out.
//!
//! In:  letters that wait. Out: mails that are due.
//! Invariant: a letter is addressed in one transaction, once; houses take turns, and whose queue is long waits, so that nobody
//! else does; a letter that cannot be addressed holds up no other.

use crate::{At, Code, Refusal, later};
use billing::letter::{LONGEST_SECONDS, Letter, LetterKind, Person, Recipient, recipients};
use billing::user::House;
use store::letters as rows;
use store::mails::{Mail, Unreadable};
use store::{Tx, correspondents, mails};
use units::Timestamp;

/// Letters and houses of one transaction.
const LETTERS: i64 = 100;
/// So many mails of one house wait to be sent at most; its letters wait until there are fewer.
const QUEUE_MOST: i64 = 500;
/// For so many seconds what cannot be read is put off: a newer program of this database may know it.
const UNREADABLE_SECONDS: u64 = 900;

/// When what cannot be read is looked at again, and when it is given up: as soon as any mail is.
pub(crate) fn unreadable(now: Timestamp) -> Unreadable {
    let longest = jiff::SignedDuration::from_secs(i64::try_from(LONGEST_SECONDS).unwrap_or(i64::MAX));
    let given_up = now.checked_sub(longest).unwrap_or(Timestamp::MIN);
    Unreadable { again: later(now, UNREADABLE_SECONDS), given_up }
}

/// What came of addressing letters.
#[derive(Debug, Default)]
pub struct Addressed {
    /// The house that had the last turn; `None` when no letter waits.
    pub last: Option<String>,
    /// Letters that cannot be addressed, with the reason; they are put off.
    pub unreadable: Vec<(String, Refusal)>,
}

/// Addresses letters that wait, some at a time, of the houses behind `last`, which had its turn.
pub fn address(tx: &mut Tx<'_>, at: At<'_>, last: Option<&str>) -> Result<Addressed, Refusal> {
    let houses = turns(tx, last)?;
    let each = LETTERS / i64::try_from(houses.len()).unwrap_or(LETTERS).clamp(1, LETTERS);
    let mut done = Addressed::default();
    for house in &houses {
        let found = rows::waiting(tx, house, at.now, each)?;
        for (id, error) in found.unreadable {
            done.unreadable.push((id, error.into()));
        }
        for letter in &found.letters {
            if mails::queued(tx, letter.house, QUEUE_MOST)? >= QUEUE_MOST {
                break;
            }
            match to(tx, at, letter) {
                Ok(to) if rows::take(tx, letter.id)? => drop(mails::add(tx, letter, &to, at.now)?),
                Ok(_) => {}
                Err(refusal) if is_unreadable(&refusal) => {
                    done.unreadable.push((letter.id.to_string(), refusal));
                }
                Err(refusal) => return Err(refusal),
            }
        }
    }
    for (id, _) in &done.unreadable {
        rows::put_off(tx, id, unreadable(at.now))?;
    }
    done.last = houses.into_iter().next_back();
    Ok(done)
}

/// Whether a letter waits whose house has room for more mails, or one that cannot be read.
pub fn waits(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, Refusal> {
    let mut from = String::new();
    loop {
        let houses = rows::houses(tx, &from, LETTERS)?;
        for house in &houses {
            let found = rows::waiting(tx, house, now, 1)?;
            let Some(letter) = found.letters.first() else {
                if found.unreadable.is_empty() {
                    continue;
                }
                return Ok(true);
            };
            if mails::queued(tx, letter.house, QUEUE_MOST)? < QUEUE_MOST {
                return Ok(true);
            }
        }
        match houses.into_iter().next_back() {
            // Names of houses are of one length: what is a letter longer than one stands between it and the next.
            Some(last) => from = format!("{last}0"),
            None => return Ok(false),
        }
    }
}

/// The houses whose turn it is: those behind `last`, and then those before it.
fn turns(tx: &mut Tx<'_>, last: Option<&str>) -> Result<Vec<String>, Refusal> {
    let Some(last) = last else { return Ok(rows::houses(tx, "", LETTERS)?) };
    let most = usize::try_from(LETTERS).unwrap_or(usize::MAX);
    let mut houses = rows::houses(tx, last, LETTERS + 1)?;
    houses.retain(|it| it != last);
    for house in rows::houses(tx, "", LETTERS)? {
        if !houses.contains(&house) {
            houses.push(house);
        }
    }
    houses.truncate(most);
    Ok(houses)
}

/// Whether nothing but the letter itself is to blame.
fn is_unreadable(refusal: &Refusal) -> bool {
    [Code::NotFound, Code::DataCorrupt].contains(&refusal.kind())
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

/// Whether a mail still is to go where it was addressed: whoever left, chose otherwise since, or is no address of the
/// account any more is sent nothing.
pub fn stands(tx: &mut Tx<'_>, mail: &Mail) -> Result<bool, Refusal> {
    match (mail.user, mail.house) {
        (Some(user), _) => {
            let user = store::users::get(tx, user)?.user;
            Ok(correspondents::person(tx, user)?.is_for(&mail.address, mail.kind))
        }
        (None, House::Account(account)) if mail.kind != LetterKind::Test => {
            let there = correspondents::addresses(tx, account)?;
            Ok(there.iter().any(|it| it.is_for(&mail.address, mail.kind)))
        }
        (None, House::Account(_) | House::Operator) => Ok(true),
    }
}
