//! A mail with its headers.
//!
//! In:  who, to whom, what it says. Out: a message of two parts, text and HTML.
//! Invariant: the same mail is the same bytes, but for a link to leave with; every mail says that a machine sent it.
//! Source: RFC 5322, RFC 3834, RFC 8058.

use crate::dkim::DkimError;
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use std::time::{Duration, UNIX_EPOCH};
use units::{MailId, Timestamp};

/// A mail that is to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Mail<'a> {
    pub id: MailId,
    pub to: &'a str,
    /// Empty where nobody knows it.
    pub name: &'a str,
    /// `en` or `zh`.
    pub language: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    pub html: &'a str,
    /// The address at which one click ends this kind of mail; `None` where that is not to be had.
    pub leave: Option<&'a str>,
    pub made: Timestamp,
}

/// Why there is no mail of it.
#[derive(Debug, thiserror::Error)]
pub enum MailFormError {
    #[error("the address {0} is none that mail goes to")]
    Address(String),
    #[error("the {0} has a line break in it")]
    LineBreak(&'static str),
    #[error("the mail cannot be written: {0}")]
    Message(#[from] lettre::error::Error),
    #[error("the mail cannot be signed: {0}")]
    Dkim(#[from] DkimError),
}

/// What is one line. Errors: `LineBreak`.
fn line<'a>(what: &'static str, text: &'a str) -> Result<&'a str, MailFormError> {
    if text.chars().any(char::is_control) { Err(MailFormError::LineBreak(what)) } else { Ok(text) }
}

pub(super) fn message(
    from: &Mailbox,
    reply_to: Option<&Mailbox>,
    mail: &Mail<'_>,
) -> Result<Message, MailFormError> {
    let address =
        line("address", mail.to)?.parse().map_err(|_| MailFormError::Address(mail.to.to_string()))?;
    let name = Some(line("name", mail.name)?.to_string()).filter(|it| !it.is_empty());
    let seconds = u64::try_from(mail.made.as_second()).unwrap_or(0);
    let mut builder = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(name, address))
        .subject(line("subject", mail.subject)?)
        .date(UNIX_EPOCH + Duration::from_secs(seconds))
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())));
    if let Some(it) = reply_to {
        builder = builder.reply_to(it.clone());
    }
    let mut headers =
        vec![("Auto-Submitted", "auto-generated".to_string()), ("Content-Language", mail.language.into())];
    if let Some(leave) = mail.leave {
        headers.push(("List-Unsubscribe", format!("<{}>", line("link", leave)?)));
        headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()));
    }
    for (name, value) in headers {
        builder = builder.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value));
    }
    let parts = MultiPart::alternative().boundary(format!("till-{}", mail.id));
    let parts = parts.singlepart(SinglePart::plain(mail.text.to_string()));
    Ok(builder.multipart(parts.singlepart(SinglePart::html(mail.html.to_string())))?)
}
