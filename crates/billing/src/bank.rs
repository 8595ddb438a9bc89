//! Bank transfers: the reference that a customer writes on one, entries of a bank's statement, and whose each may be.
//!
//! In:  accounts, entries with what payers wrote, what an operator says. Out: references; a proposal for each entry; how it stands then.
//! Invariant: a reference carries check digits, so that a mistyped one is nobody's; a proposal moves nothing; an entry is decided once.
//! Source: ISO 11649, the creditor reference.

use std::fmt;
use units::{AccountId, Currency, Money, Timestamp};

/// Letters behind the check digits.
const BODY: usize = 16;
/// Which: none that is taken for a digit. A digit among them is a mistake: check digits do not always find a letter that became one,
/// since a letter counts as two digits.
const LETTERS: &[u8; 24] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A creditor reference: `RF`, two check digits, and letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(String);

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The remainder by 97 of digits, where a letter counts as 10 to 35. Source: ISO 7064, MOD 97-10.
fn remainder(text: &str) -> Option<u32> {
    text.chars().try_fold(0_u32, |rest, it| {
        let value = it.to_digit(36)?;
        let shift = if value < 10 { 10 } else { 100 };
        Some((rest * shift + value) % 97)
    })
}

impl Reference {
    /// The reference of an account: it follows from the account, so that it never changes.
    pub fn of(account: AccountId) -> Reference {
        // The low bits of an id are a hash of what it means.
        let mut bits = account.bits() ^ (account.bits() >> 80);
        let mut body = String::with_capacity(BODY);
        for _ in 0..BODY {
            body.push(char::from(LETTERS[usize::try_from(bits % 24).unwrap_or(0)]));
            bits /= 24;
        }
        let check = 98 - remainder(&format!("{body}RF00")).unwrap_or(0);
        Reference(format!("RF{check:02}{body}"))
    }

    /// The references in what a payer wrote, whatever spaces and cases it used: those whose check digits are right.
    pub fn all_in(text: &str) -> Vec<Reference> {
        let plain: String =
            text.chars().filter(char::is_ascii_alphanumeric).map(|it| it.to_ascii_uppercase()).collect();
        let length = 4 + BODY;
        let starts = plain.match_indices("RF").map(|it| it.0);
        let whole = starts.filter_map(|at| plain.get(at..at + length));
        whole.filter(|it| Reference::is_right(it)).map(|it| Reference(it.to_string())).collect()
    }

    fn is_right(text: &str) -> bool {
        let (head, body) = text.split_at(4);
        let is_ours =
            head[2..].bytes().all(|it| it.is_ascii_digit()) && body.bytes().all(|it| LETTERS.contains(&it));
        is_ours && remainder(&format!("{body}{head}")) == Some(1)
    }

    /// A reference as a row holds it. `None` for one whose check digits are wrong.
    pub fn parse(text: &str) -> Option<Reference> {
        (text.len() == 4 + BODY && text.is_ascii() && text.starts_with("RF") && Reference::is_right(text))
            .then(|| Reference(text.to_string()))
    }

    /// In groups of four, as people copy it.
    pub fn grouped(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        letters.chunks(4).map(|it| it.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }
}

/// Letters of an entry's id at most.
pub const LONGEST_ID: usize = 80;
/// Entries of one file at most: they are listed in one transaction.
pub const MOST_ENTRIES: usize = 5_000;

/// An entry of a bank's statement: money that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The bank's name of it.
    pub id: String,
    pub booked: Timestamp,
    /// Below zero for what had come in and went back.
    pub money: Money,
    pub payer: String,
    /// What the payer wrote.
    pub text: String,
}

impl Entry {
    /// Whose it may be: the one account whose reference its payer wrote, where it pays in the currency of that.
    ///
    /// `owners` are the accounts of all references that were written on it. With those of two accounts on it, it is nobody's.
    pub fn proposed(&self, owners: &[(AccountId, Currency)]) -> Option<AccountId> {
        let (first, currency) = *owners.first()?;
        let is_one = owners.iter().all(|it| it.0 == first);
        (is_one && currency == self.money.currency()).then_some(first)
    }
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// An operator is to say whose it is.
    Open,
    /// It came into a wallet.
    Confirmed,
    /// It is nobody's.
    SetAside,
}

impl State {
    pub const ALL: [State; 3] = [State::Open, State::Confirmed, State::SetAside];

    pub const fn as_str(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Confirmed => "confirmed",
            State::SetAside => "set_aside",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// What an operator says of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// Whose it is; the one that was proposed where none is named.
    Confirm(Option<AccountId>),
    /// It is nobody's, and why.
    SetAside(String),
}

/// How an entry stands, and whose it is or may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: State,
    /// Whose it is; whose it may be while it is open.
    pub account: Option<AccountId>,
    /// Why it was set aside.
    pub reason: String,
}

impl Standing {
    /// An entry that nobody decided yet.
    pub const fn open(proposed: Option<AccountId>) -> Standing {
        Standing { state: State::Open, account: proposed, reason: String::new() }
    }

    /// How `entry` stands after an operator's word; `None` where exactly that was said before.
    ///
    /// Errors: `Nobody`, `WentBack`; `Decided` for another word than the one that holds.
    pub fn after(&self, entry: &Entry, word: Word) -> Result<Option<Standing>, BankError> {
        match (self.state, word) {
            (State::Open, Word::Confirm(named)) => {
                let account = named.or(self.account).ok_or_else(|| BankError::Nobody(entry.id.clone()))?;
                if !entry.money.is_positive() {
                    return Err(BankError::WentBack(entry.id.clone()));
                }
                let account = Some(account);
                Ok(Some(Standing { state: State::Confirmed, account, reason: String::new() }))
            }
            (State::Open, Word::SetAside(reason)) => {
                Ok(Some(Standing { state: State::SetAside, account: None, reason }))
            }
            (State::Confirmed, Word::Confirm(named)) if named.is_none() || named == self.account => Ok(None),
            (State::SetAside, Word::SetAside(reason)) if reason == self.reason => Ok(None),
            (State::Confirmed | State::SetAside, Word::Confirm(_) | Word::SetAside(_)) => {
                Err(BankError::Decided(self.state))
            }
        }
    }
}

/// Why a statement is not taken, or an entry not confirmed. Then nothing is written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BankError {
    #[error("line {line}: {what}")]
    Line { line: usize, what: String },
    #[error("it is no statement that can be read: {0}; send camt.053 or CSV")]
    Unreadable(String),
    #[error("it says {said} and its entries come to {sum}: it is not whole, ask the bank for another")]
    Unbalanced { said: String, sum: String },
    #[error("an entry that is {} is not decided otherwise; look at it, and put a mistake right by a correction", .0.as_str())]
    Decided(State),
    #[error(
        "entry {0} is money that went back to its payer; take it out of the wallet by a correction, and set the entry aside"
    )]
    WentBack(String),
    #[error("entry {0} names no account; say whose it is")]
    Nobody(String),
}

#[cfg(test)]
mod tests;
