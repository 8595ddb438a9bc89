//! Mail through SMTP: one connection pool to one server, and what that says to each mail.
//!
//! In:  where the server is and how it is spoken to; a mail. Out: taken, or what was wrong.
//! Invariant: nothing goes out in the clear but to this machine, unless it is asked for; a mail with the same id has the same
//! Message-ID, however often it is sent; no header holds a line break that came from outside.

mod message;

pub use message::{Mail, MailFormError};

use crate::dkim::Dkim;
use billing::letter::Fault;
use lettre::address::Envelope;
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error, PoolConfig};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::net::IpAddr;
use std::time::Duration;

/// How the way to the server is kept from others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Secrecy {
    /// TLS from the first byte; port 465.
    Tls,
    /// TLS after a first word, or nothing; port 587.
    #[default]
    StartTls,
    /// None: only to this machine.
    None,
    /// None, wherever the server is: what is sent can be read on the way.
    NoneAnywhere,
}

/// Where the server is and how it is spoken to.
#[derive(Clone)]
pub struct Server {
    pub host: String,
    /// `None` for the usual one.
    pub port: Option<u16>,
    pub secrecy: Secrecy,
    pub user: Option<String>,
    pub password: Option<String>,
    /// Certificates in PEM that are trusted beside those of the machine.
    pub trusted: Option<String>,
    /// From whom mails are, such as `Cloudtill <no-reply@example.com>`.
    pub from: String,
    pub reply_to: Option<String>,
    /// So long one mail may take.
    pub within: Duration,
    /// Connections at one time.
    pub most: u32,
}

/// Why mail cannot go out as it is set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    #[error("`{0}` is no sender: write name@example.com or `Name <name@example.com>`")]
    From(String),
    #[error(
        "without TLS mail goes to this machine only, and {0} is another: take starttls or tls, or none-anywhere where the way is safe"
    )]
    InTheClear(String),
    #[error("a user and a password of the mail server go together; give both or none")]
    HalfCredentials,
    #[error("a password does not go out in the clear; take starttls or tls")]
    PasswordInTheClear,
    #[error("the certificates that are trusted are not in PEM")]
    Certificates,
    #[error("setting up TLS to {0}: {1}")]
    Tls(String, String),
}

/// What the server said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// `None` when it took the mail.
    pub fault: Option<Fault>,
    pub reply: Option<i64>,
    pub text: String,
}

/// Sends mails to one server.
pub struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    reply_to: Option<Mailbox>,
    dkim: Option<Dkim>,
    within: Duration,
    most: usize,
}

fn mailbox(text: &str) -> Result<Mailbox, SetUpError> {
    let wrong = || SetUpError::From(text.chars().take(80).collect());
    if text.chars().any(char::is_control) {
        return Err(wrong());
    }
    text.parse().map_err(|_| wrong())
}

/// Whether a host is this machine.
fn is_here(host: &str) -> bool {
    let text = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || text.parse::<IpAddr>().is_ok_and(|it| it.is_loopback())
}

fn tls(server: &Server) -> Result<TlsParameters, SetUpError> {
    let wrong = |error: Error| SetUpError::Tls(server.host.clone(), said(&error));
    let mut tls = TlsParameters::builder(server.host.clone());
    if let Some(pem) = &server.trusted {
        let certificate = Certificate::from_pem(pem.as_bytes()).map_err(|_| SetUpError::Certificates)?;
        tls = tls.add_root_certificate(certificate);
    }
    tls.build().map_err(wrong)
}

impl Post {
    /// Errors: a sender that is none; a way that others could read; TLS that cannot be set up.
    pub fn new(server: &Server, dkim: Option<Dkim>) -> Result<Post, SetUpError> {
        let (from, reply_to) = (mailbox(&server.from)?, server.reply_to.as_deref().map(mailbox).transpose()?);
        let credentials = match (&server.user, &server.password) {
            (Some(user), Some(password)) => Some(Credentials::new(user.clone(), password.clone())),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(SetUpError::HalfCredentials),
        };
        let (usual, tls) = match server.secrecy {
            Secrecy::Tls => (465, Tls::Wrapper(tls(server)?)),
            Secrecy::StartTls => (587, Tls::Required(tls(server)?)),
            Secrecy::None if !is_here(&server.host) => {
                return Err(SetUpError::InTheClear(server.host.clone()));
            }
            Secrecy::None => (25, Tls::None),
            Secrecy::NoneAnywhere if credentials.is_some() => return Err(SetUpError::PasswordInTheClear),
            Secrecy::NoneAnywhere => (25, Tls::None),
        };
        let hello = ClientId::Domain(from.email.domain().to_string());
        let pool = PoolConfig::new().max_size(server.most).idle_timeout(Duration::from_secs(20));
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port.unwrap_or(usual))
            .tls(tls)
            .hello_name(hello)
            .timeout(Some(server.within))
            .pool_config(pool);
        if let Some(credentials) = credentials {
            builder = builder.credentials(credentials);
        }
        let most = usize::try_from(server.most).unwrap_or(usize::MAX);
        Ok(Post { transport: builder.build(), from, reply_to, dkim, within: server.within, most })
    }

    /// How many mails may be on their way at one time.
    pub const fn most(&self) -> usize {
        self.most
    }

    /// The longest that one mail may take.
    pub const fn longest(&self) -> Duration {
        self.within.saturating_mul(2)
    }

    /// The mail as it is sent, with its headers. Errors: an address or a name that no header takes.
    pub fn written(&self, mail: &Mail<'_>) -> Result<Vec<u8>, MailFormError> {
        let mut bytes = message::message(&self.from, self.reply_to.as_ref(), mail)?.formatted();
        if let Some(dkim) = &self.dkim {
            let header = dkim.header(&bytes, mail.made.as_second())?;
            bytes.splice(0..0, header.into_bytes());
        }
        Ok(bytes)
    }

    /// Sends one mail, within the time that one may take.
    pub async fn send(&self, mail: &Mail<'_>) -> Outcome {
        let never = |text: String| Outcome { fault: Some(Fault::Never), reply: None, text };
        let (bytes, to) = match (self.written(mail), mail.to.parse::<Address>()) {
            (Ok(bytes), Ok(to)) => (bytes, to),
            (Err(error), _) => return never(error.to_string()),
            (_, Err(error)) => return never(format!("{}: {error}", mail.to)),
        };
        let envelope = match Envelope::new(Some(self.from.email.clone()), vec![to]) {
            Ok(envelope) => envelope,
            Err(error) => return never(error.to_string()),
        };
        // A server that answers each word late is given up as a whole, too.
        let most = self.longest();
        match tokio::time::timeout(most, self.transport.send_raw(&envelope, &bytes)).await {
            Ok(Ok(said)) => {
                let reply = Some(i64::from(u16::from(said.code())));
                Outcome { fault: None, reply, text: String::new() }
            }
            Ok(Err(error)) => outcome(&error),
            Err(_) => Outcome {
                fault: Some(Fault::Server),
                reply: None,
                text: format!("the server did not take it within {} s", most.as_secs()),
            },
        }
    }
}

/// What an error says of the mail, and what of the server.
///
/// That it does not know us, or wants TLS or a password first, is no fault of the mail. Source: RFC 4954, 6; RFC 3207.
fn outcome(error: &Error) -> Outcome {
    let code = error.status().map(u16::from);
    let fault = match code {
        Some(421 | 454 | 500 | 502 | 503 | 530 | 534 | 535 | 538) | None => Fault::Server,
        Some(_) if error.is_transient() => Fault::Mail,
        Some(_) => Fault::Never,
    };
    Outcome { fault: Some(fault), reply: code.map(i64::from), text: said(error) }
}

/// An error on one line that is not too long.
fn said(error: &Error) -> String {
    let text = error.to_string();
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).take(500).collect()
}

#[cfg(test)]
mod tests;
