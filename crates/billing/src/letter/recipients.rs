//! Who is sent a letter.
//!
//! In:  a kind, the people of a house with what they chose, the addresses of an account. Out: recipients.
//! Invariant: an address stands once among them, whoever has it; a line break is never part of one.

use super::kinds::{Duty, LetterKind, Topic};
use crate::language::Language;
use crate::user::{self, User, UserError};
use std::collections::BTreeSet;
use units::{Timestamp, UserId};

/// How many addresses one account may have.
pub const MOST_ADDRESSES: usize = 10;

/// Whether somebody wants a kind, where that was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    Wanted,
    Unwanted,
}

/// Somebody of a house.
#[derive(Clone, Debug)]
pub struct Person {
    pub user: User,
    /// `None` where the person never said: then it is the account's.
    pub language: Option<Language>,
    /// What the person said of kinds.
    pub wishes: Vec<(LetterKind, Wish)>,
}

/// An address of an account that is no person's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub mail: String,
    pub topics: Vec<Topic>,
    pub language: Option<Language>,
    pub created: Timestamp,
}

/// To whom a mail goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    pub mail: String,
    /// Empty for an address of an account.
    pub name: String,
    pub language: Language,
    pub user: Option<UserId>,
}

/// Why something about mail is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    #[error(
        "a mail address is one line; this one has a line break or another control character in it: write it anew"
    )]
    LineBreak,
    #[error(transparent)]
    Address(#[from] UserError),
    #[error("an account has at most {MOST_ADDRESSES} mail addresses; take one away first")]
    TooMany,
    #[error("name what the address is for: finance, technical, or both")]
    NoTopic,
    #[error("`{0}` is nothing that an address is for; write finance or technical")]
    Topic(String),
    #[error("mail {0} is {1}; only a dead one is sent again")]
    NotDead(units::MailId, &'static str),
    #[error("`{0}` is sent whatever anybody chooses; leave it out")]
    Duty(&'static str),
    #[error("this link is not whole or not from here; choose on the page of your mail what you are sent")]
    Link,
}

/// A mail address as it is kept, which stands in a header as it is. Errors: `LineBreak`, `Address`.
pub fn address(text: &str) -> Result<String, MailError> {
    if text.chars().any(char::is_control) {
        return Err(MailError::LineBreak);
    }
    Ok(user::mail(text)?)
}

/// What an address is for, each once. Errors: `NoTopic`, `Topic`.
pub fn topics<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Vec<Topic>, MailError> {
    let mut found = Vec::new();
    for word in words {
        let topic = Topic::parse(word).ok_or_else(|| MailError::Topic(word.chars().take(40).collect()))?;
        if !found.contains(&topic) {
            found.push(topic);
        }
    }
    if found.is_empty() { Err(MailError::NoTopic) } else { Ok(found) }
}

impl Person {
    /// Whether a letter to the house goes to this person: duty by the role alone, the rest as it was chosen.
    pub fn gets(&self, kind: LetterKind) -> bool {
        let by_role = kind.is_for(self.user.role);
        match kind.duty() {
            Duty::Duty => by_role,
            Duty::Choice => match self.wishes.iter().find(|it| it.0 == kind) {
                Some((_, wish)) => *wish == Wish::Wanted,
                None => by_role,
            },
        }
    }

    /// Whether a mail of `kind` that was addressed to this person at `mail` still is to go there.
    pub fn is_for(&self, mail: &str, kind: LetterKind) -> bool {
        self.user.ended.is_none() && self.user.mail.eq_ignore_ascii_case(mail) && self.gets(kind)
    }
}

impl Address {
    /// Whether a mail of `kind` that was addressed to `mail` still is to go to this address.
    pub fn is_for(&self, mail: &str, kind: LetterKind) -> bool {
        self.mail.eq_ignore_ascii_case(mail) && self.topics.contains(&kind.topic())
    }
}

/// Who is sent a letter of `kind` to a house; `usual` is the language of whoever said none.
pub fn recipients(
    kind: LetterKind,
    people: &[Person],
    addresses: &[Address],
    usual: Language,
) -> Vec<Recipient> {
    let of_people = people.iter().filter(|it| it.user.ended.is_none() && it.gets(kind)).map(|it| Recipient {
        mail: it.user.mail.clone(),
        name: it.user.name.clone(),
        language: it.language.unwrap_or(usual),
        user: Some(it.user.id),
    });
    let of_account = addresses.iter().filter(|it| it.topics.contains(&kind.topic())).map(|it| Recipient {
        mail: it.mail.clone(),
        name: String::new(),
        language: it.language.unwrap_or(usual),
        user: None,
    });
    let mut there = BTreeSet::new();
    of_people.chain(of_account).filter(|it| there.insert(it.mail.to_lowercase())).collect()
}
