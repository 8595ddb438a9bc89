//! Letters: what is told by mail, to whom, and what follows when a mail is refused.
//!
//! In:  a kind, the people of a house, its addresses, what they chose. Out: recipients; when a mail is tried again.
//! Invariant: nobody is sent the same letter twice; a mail of duty is nobody's choice; the words of kinds are stored and
//! never renamed. docs/mail.md describes each kind.

mod kinds;
mod post;
mod recipients;

pub use kinds::{Duty, LetterKind, Topic};
pub use post::{Fault, LONGEST_SECONDS, MailState, Next, Tries, next};
pub use recipients::{
    Address, MOST_ADDRESSES, MailError, Person, Recipient, Wish, address, recipients, topics,
};

use crate::notice::Notice;
use crate::user::House;
use units::{LetterId, Timestamp, UserId};

/// Something that is told by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub id: LetterId,
    pub house: House,
    /// The one person whom it is for; `None` where it is for those of the house.
    pub user: Option<UserId>,
    pub kind: LetterKind,
    /// What it is about: a pack, a purchase, a session, a month.
    pub subject: String,
    pub threshold: i64,
    pub occasion: String,
    pub at: Timestamp,
    /// What must be read by nobody else until it is sent, sealed: the link of an invitation.
    pub sealed: Option<String>,
}

impl Letter {
    /// A letter to a house about `subject`, which is told once for ever. `since` is an instant of the subject itself, so that
    /// the same letter made later is the same; it is told then, unless `at` is set to another instant.
    pub fn once(house: House, kind: LetterKind, subject: &str, since: Timestamp) -> Letter {
        let (word, whose) = (kind.as_str(), house.account().map_or_else(String::new, |it| it.to_string()));
        let id = LetterId::named(since, &format!("{whose} {word} {subject}"));
        let (subject, occasion) = (subject.to_string(), String::new());
        Letter { id, house, user: None, kind, subject, threshold: 0, occasion, at: since, sealed: None }
    }

    /// The letter of a notice.
    pub fn of(it: &Notice) -> Letter {
        Letter {
            id: LetterId::named(it.at, &it.id().to_string()),
            house: House::Account(it.account),
            user: None,
            kind: LetterKind::of(it.kind),
            subject: it.subject.clone(),
            threshold: it.threshold,
            occasion: it.occasion.clone(),
            at: it.at,
            sealed: None,
        }
    }

    /// The notice that it tells, if it tells one.
    pub fn notice(&self) -> Option<Notice> {
        Some(Notice {
            account: self.house.account()?,
            subject: self.subject.clone(),
            kind: self.kind.notice()?,
            threshold: self.threshold,
            occasion: self.occasion.clone(),
            at: self.at,
        })
    }
}

#[cfg(test)]
mod tests;
