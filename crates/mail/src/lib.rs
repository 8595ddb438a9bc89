//! Mails in words: what a letter tells, as a subject, as text and as HTML in the look of the console.
//!
//! In:  what a letter tells, to whom, the address of the console. Out: a mail, ready to be sent.
//! Invariant: the HTML holds its styles itself and names no other machine but the console; both parts say the same; a subject
//! is one line.

mod body;
mod html;
mod plain;
mod samples;
mod to;
mod words;

pub use samples::{SAMPLE, Sample, sample};
pub use to::{Reader, To};

use billing::language::Language;
use billing::letter::LetterKind;
use desk::Desk;
use desk::letters::Told;

/// A mail in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The address at which one click ends a kind of mail.
pub fn leave_address(base: &str, link: &str) -> String {
    format!("{base}/mail/leave/{link}")
}

/// What `told` says to somebody.
pub fn written(desk: &Desk, told: &Told, to: &To<'_>) -> Written {
    let body = body::body(desk, told, to);
    let subject = body.subject.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    Written {
        subject,
        text: plain::text(&body, to.language),
        html: html::page(&body, to.language).into_string(),
    }
}

/// What a kind of letter is called.
pub fn called(kind: LetterKind, language: Language) -> String {
    words::kind(texts::of(language), kind)
}

/// When a kind of letter is sent, in a sentence.
pub fn sent_when(kind: LetterKind, language: Language) -> String {
    words::when(texts::of(language), kind)
}

#[cfg(test)]
mod tests;
