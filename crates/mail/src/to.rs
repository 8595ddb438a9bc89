//! To whom a mail is written.
//!
//! In:  a recipient. Out: what the words of a mail depend on.
//! Invariant: it holds no address: what a mail says does not depend on where it goes.

use billing::language::Language;
use billing::letter::LetterKind;

/// To whom a mail is written, and from where.
#[derive(Clone, Copy, Debug)]
pub struct To<'a> {
    pub kind: LetterKind,
    pub language: Language,
    /// What the account is called; empty for the operator's house.
    pub account: &'a str,
    /// The address of the console, without a `/` at its end.
    pub base: &'a str,
    /// Where one click ends this kind of mail; `None` where it is not to be had.
    pub leave: Option<&'a str>,
    /// Whether the recipient is somebody who can sign in.
    pub reader: Reader,
}

/// Who reads a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Person,
    /// An address of an account.
    Address,
}
