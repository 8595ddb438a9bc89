//! Promotion codes: a word with the terms of a voucher, which customers redeem.
//!
//! In:  what an operator says of a code; who redeems it, and when. Out: the code; a voucher, or why there is none.
//! Invariant: no more vouchers come of a code than it says, and one to each account.
//! Rules: R-VOU-1; issue 14.

use super::issue::{self, lasts, worth};
use super::{Scope, Voucher, VoucherError, Window};
use units::calendar::seconds_after;
use units::{AccountId, Currency, Money, MoneyError, PromotionId, Timestamp, VoucherId};

/// Characters of a code.
pub const SHORTEST: usize = 4;
pub const LONGEST: usize = 32;
/// Vouchers that can come of one code.
pub const MOST_TIMES: u32 = 1_000_000;

/// How long the vouchers of a code can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasts {
    Until(Timestamp),
    /// So many days from when it is redeemed.
    Days(u32),
}

/// A promotion code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    pub id: PromotionId,
    /// As it is redeemed: in capitals.
    pub word: String,
    /// What its vouchers are called.
    pub name: String,
    pub face: Money,
    pub scope: Scope,
    /// When it can be redeemed; `until` is out.
    pub window: Window,
    pub lasts: Lasts,
    /// How many vouchers come of it in all, and came so far.
    pub times: u32,
    pub redeemed: u32,
    pub made: Timestamp,
    pub withdrawn: Option<Timestamp>,
}

/// Why a code is not made, or not redeemed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    #[error("a code has {SHORTEST} to {LONGEST} letters, digits and hyphens; choose another one")]
    Word,
    #[error("a code gives 1 to {MOST_TIMES} vouchers; choose a number of these")]
    Times,
    #[error("its vouchers last 1 to {} days; choose a number of these", issue::LONGEST_DAYS)]
    Days,
    #[error("there is a code {0} already; choose another word")]
    Taken(String),
    #[error("there is no code {0}; look at how it is written")]
    Unknown(String),
    #[error("this code can be redeemed from {0} on; come again then")]
    Early(Timestamp),
    #[error("this code could be redeemed until {0}; it gives nothing any more")]
    Late(Timestamp),
    #[error("this code was withdrawn; it gives nothing any more")]
    Withdrawn,
    #[error("this code was redeemed as often as it can be ({0} in all); it gives nothing any more")]
    UsedUp(u32),
    #[error("this account redeemed the code before, and a code is redeemed once; look at its vouchers")]
    Again,
    #[error(
        "this code gives vouchers in {0}, and the account pays in another currency; ask for another code"
    )]
    Currency(&'static str),
    #[error(transparent)]
    Voucher(#[from] VoucherError),
}

impl From<MoneyError> for CodeError {
    fn from(error: MoneyError) -> CodeError {
        VoucherError::from(error).into()
    }
}

/// A code as it is compared: in capitals, without the spaces around it.
pub fn word(text: &str) -> String {
    text.trim().to_uppercase()
}

/// What is wanted of a code beside its vouchers, as far as it can be read: what is `None` is not judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Draft<'a> {
    /// As it is compared.
    pub word: Option<&'a str>,
    pub times: Option<u32>,
    pub days: Option<u32>,
}

/// Everything that is wrong with that: `Word`, `Times`, `Days`.
pub fn faults(of: Draft<'_>) -> Vec<CodeError> {
    let judged = [
        of.word.is_some_and(|it| !is_word(it)).then_some(CodeError::Word),
        of.times.is_some_and(|it| !(1..=MOST_TIMES).contains(&it)).then_some(CodeError::Times),
        of.days.is_some_and(|it| !is_days(it)).then_some(CodeError::Days),
    ];
    judged.into_iter().flatten().collect()
}

fn is_word(it: &str) -> bool {
    let is_letter = |it: char| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '-';
    (SHORTEST..=LONGEST).contains(&it.len()) && it.chars().all(is_letter)
}

fn is_days(it: u32) -> bool {
    (1..=issue::LONGEST_DAYS).contains(&u64::from(it))
}

/// A code that is to be made. Errors: `Word`, `Times`, `Days`; what a voucher of it refuses.
pub fn make(new: Code) -> Result<Code, CodeError> {
    let of = Draft { word: Some(&new.word), times: Some(new.times), days: None };
    if let Some(first) = faults(of).into_iter().next() {
        return Err(first);
    }
    worth(&new.name, new.face, &new.scope)?;
    lasts(new.window, new.made)?;
    match new.lasts {
        Lasts::Days(days) if !is_days(days) => Err(CodeError::Days),
        // Whoever redeems it last has a voucher too.
        Lasts::Until(until) if until < new.window.until => Err(VoucherError::Invalid {
            field: "voucher_until",
            why: "its vouchers do not end before the code can be redeemed for the last time; name a later time",
        }
        .into()),
        Lasts::Until(until) => {
            lasts(Window { from: new.made, until }, new.made)?;
            Ok(new)
        }
        Lasts::Days(_) => Ok(new),
    }
}

/// Who redeems a code.
#[derive(Clone, Copy, Debug)]
pub struct Redeemer {
    pub account: AccountId,
    pub currency: Currency,
    pub id: VoucherId,
    /// Whether it redeemed this code before.
    pub before: bool,
}

impl Code {
    /// The code after it was redeemed, and the voucher that came of it.
    ///
    /// Errors: `Withdrawn`, `Early`, `Late`, `Again`, `UsedUp`, `Currency`.
    pub fn redeem(self, by: Redeemer, now: Timestamp) -> Result<(Code, Voucher), CodeError> {
        if self.withdrawn.is_some() {
            return Err(CodeError::Withdrawn);
        }
        if now < self.window.from {
            return Err(CodeError::Early(self.window.from));
        }
        if now >= self.window.until {
            return Err(CodeError::Late(self.window.until));
        }
        if by.before {
            return Err(CodeError::Again);
        }
        if self.redeemed >= self.times {
            return Err(CodeError::UsedUp(self.times));
        }
        if by.currency != self.face.currency() {
            return Err(CodeError::Currency(self.face.currency().as_str()));
        }
        let until = match self.lasts {
            Lasts::Until(until) => until,
            Lasts::Days(days) => seconds_after(now, u64::from(days) * 86_400).unwrap_or(Timestamp::MAX),
        };
        let new = issue::New {
            id: by.id,
            account: by.account,
            currency: by.currency,
            name: &self.name,
            face: self.face,
            scope: &self.scope,
            window: Window { from: now, until },
            code: Some(self.id),
        };
        let voucher = issue::issue(new, now)?;
        Ok((Code { redeemed: self.redeemed + 1, ..self }, voucher))
    }

    /// It gives nothing from `now` on; what came of it stays. Withdrawn once more it stays as it is.
    pub fn withdraw(self, now: Timestamp) -> Code {
        Code { withdrawn: self.withdrawn.or(Some(now)), ..self }
    }
}
