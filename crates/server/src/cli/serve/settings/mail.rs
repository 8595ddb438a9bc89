//! Settings of mail: which server, how it is spoken to, who signs.
//!
//! In:  the command line, `TILL_MAIL_*` variables, the table `mail` of the file of `--config`. Out: one set of values.
//! Invariant: without a server no mail goes out; what is wrong is said before anything is made; no password is printed.

use anyhow::{Context, Result, anyhow, ensure};
use billing::language::Language;
use clap::{Args, ValueEnum};
use providers::dkim::Dkim;
use providers::smtp::{Post, Secrecy, Server};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How the way to the mail server is kept from others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Way {
    /// TLS after a first word, or nothing; port 587
    #[default]
    Starttls,
    /// TLS from the first byte; port 465
    Tls,
    /// No TLS, and to this machine only; port 25
    None,
    /// No TLS, wherever the server is: what is sent can be read on the way
    NoneAnywhere,
}

/// In which language mails are where nobody said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tongue {
    #[default]
    En,
    Zh,
}

/// What is told of mail on the command line and by the environment.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct MailFlags {
    /// The mail server by which mails go out, such as smtp.example.com; without one none do
    #[arg(long, env = "TILL_MAIL_SERVER")]
    mail_server: Option<String>,
    /// Its port (default: that of --mail-way)
    #[arg(long, env = "TILL_MAIL_PORT")]
    mail_port: Option<u16>,
    /// How the way to it is kept from others
    #[arg(long, env = "TILL_MAIL_WAY")]
    mail_way: Option<Way>,
    /// As whom to sign in there
    #[arg(long, env = "TILL_MAIL_USER")]
    mail_user: Option<String>,
    /// The password that goes with it; best given in the environment or a file
    #[arg(long, env = "TILL_MAIL_PASSWORD", hide_env_values = true)]
    mail_password: Option<String>,
    /// A file with that password
    #[arg(long, env = "TILL_MAIL_PASSWORD_FILE")]
    mail_password_file: Option<PathBuf>,
    /// A file with certificates in PEM that are trusted beside those of the machine
    #[arg(long, env = "TILL_MAIL_TRUSTED_FILE")]
    mail_trusted_file: Option<PathBuf>,
    /// From whom mails are, such as "Example Cloud <no-reply@example.com>"
    #[arg(long, env = "TILL_MAIL_FROM")]
    mail_from: Option<String>,
    /// Where answers to mails go
    #[arg(long, env = "TILL_MAIL_REPLY_TO")]
    mail_reply_to: Option<String>,
    /// In which language mails are to whom nothing else is known of
    #[arg(long, env = "TILL_MAIL_LANGUAGE")]
    mail_language: Option<Tongue>,
    /// Seconds that the server may take for one step; a mail may take twice that
    #[arg(long, env = "TILL_MAIL_SECONDS", value_parser = clap::value_parser!(u64).range(1..=600))]
    mail_seconds: Option<u64>,
    /// Mails that are on their way at one time
    #[arg(long, env = "TILL_MAIL_AT_ONCE", value_parser = clap::value_parser!(u32).range(1..=100))]
    mail_at_once: Option<u32>,
    /// The domain for which mails are signed by DKIM
    #[arg(long, env = "TILL_MAIL_DKIM_DOMAIN")]
    mail_dkim_domain: Option<String>,
    /// The selector at which the public key stands in DNS
    #[arg(long, env = "TILL_MAIL_DKIM_SELECTOR")]
    mail_dkim_selector: Option<String>,
    /// A file with the private key in PEM
    #[arg(long, env = "TILL_MAIL_DKIM_KEY_FILE")]
    mail_dkim_key_file: Option<PathBuf>,
}

/// Every setting of mail with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MailSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    pub way: Way,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted_file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    pub language: Tongue,
    pub seconds: u64,
    pub at_once: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dkim_domain: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dkim_selector: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dkim_key_file: Option<PathBuf>,
}

impl Default for MailSettings {
    fn default() -> MailSettings {
        MailSettings {
            server: None,
            port: None,
            way: Way::Starttls,
            user: None,
            password: None,
            password_file: None,
            trusted_file: None,
            from: None,
            reply_to: None,
            language: Tongue::En,
            seconds: 30,
            at_once: 8,
            dkim_domain: None,
            dkim_selector: None,
            dkim_key_file: None,
        }
    }
}

impl MailFlags {
    /// These over those of the file.
    pub fn over(self, it: MailSettings) -> MailSettings {
        MailSettings {
            server: self.mail_server.or(it.server),
            port: self.mail_port.or(it.port),
            way: self.mail_way.unwrap_or(it.way),
            user: self.mail_user.or(it.user),
            password: self.mail_password.or(it.password),
            password_file: self.mail_password_file.or(it.password_file),
            trusted_file: self.mail_trusted_file.or(it.trusted_file),
            from: self.mail_from.or(it.from),
            reply_to: self.mail_reply_to.or(it.reply_to),
            language: self.mail_language.unwrap_or(it.language),
            seconds: self.mail_seconds.unwrap_or(it.seconds),
            at_once: self.mail_at_once.unwrap_or(it.at_once),
            dkim_domain: self.mail_dkim_domain.or(it.dkim_domain),
            dkim_selector: self.mail_dkim_selector.or(it.dkim_selector),
            dkim_key_file: self.mail_dkim_key_file.or(it.dkim_key_file),
        }
    }
}

fn text(flag: &str, path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("{flag}: reading {}", path.display()))
}

impl MailSettings {
    /// In which language somebody is written to of whom nothing is known.
    pub const fn usual(&self) -> Language {
        match self.language {
            Tongue::En => Language::English,
            Tongue::Zh => Language::Chinese,
        }
    }

    /// Whether a server is named.
    pub fn goes_out(&self) -> bool {
        self.server.as_ref().is_some_and(|it| !it.is_empty())
    }

    /// What sends mails, inside a runtime, where its connections live; `None` where no server is named. Errors: what is missing, or cannot be used.
    pub fn post(&self) -> Result<Option<Post>> {
        let Some(host) = self.server.clone().filter(|it| !it.is_empty()) else {
            let alone = self.from.is_some() || self.user.is_some() || self.dkim_domain.is_some();
            ensure!(
                !alone,
                "--mail-server is missing: name the server that the other settings of mail are for"
            );
            return Ok(None);
        };
        ensure!(self.seconds > 0 && self.at_once > 0, "--mail-seconds and --mail-at-once are at least 1");
        let password = match (&self.password, &self.password_file) {
            (Some(_), Some(_)) => {
                return Err(anyhow!("--mail-password and --mail-password-file: give one of them"));
            }
            (Some(password), None) => Some(password.clone()),
            (None, Some(path)) => Some(text("--mail-password-file", path)?.trim_end().to_string()),
            (None, None) => None,
        };
        let trusted = self.trusted_file.as_deref().map(|it| text("--mail-trusted-file", it)).transpose()?;
        let from = self.from.clone().context("--mail-from is missing: say from whom mails are")?;
        let server = Server {
            host,
            port: self.port,
            secrecy: match self.way {
                Way::Starttls => Secrecy::StartTls,
                Way::Tls => Secrecy::Tls,
                Way::None => Secrecy::None,
                Way::NoneAnywhere => Secrecy::NoneAnywhere,
            },
            user: self.user.clone(),
            password,
            trusted,
            from,
            reply_to: self.reply_to.clone(),
            within: Duration::from_secs(self.seconds),
            most: self.at_once,
        };
        Ok(Some(Post::new(&server, self.dkim()?).context("setting up mail")?))
    }

    fn dkim(&self) -> Result<Option<Dkim>> {
        match (&self.dkim_domain, &self.dkim_selector, &self.dkim_key_file) {
            (None, None, None) => Ok(None),
            (Some(domain), Some(selector), Some(path)) => {
                let pem = text("--mail-dkim-key-file", path)?;
                Ok(Some(Dkim::new(domain, selector, &pem).context("setting up DKIM")?))
            }
            _ => Err(anyhow!(
                "--mail-dkim-domain, --mail-dkim-selector and --mail-dkim-key-file go together: give all three, or none"
            )),
        }
    }

    /// The same without what nobody is to read.
    pub fn hidden(&self) -> MailSettings {
        MailSettings { password: self.password.as_ref().map(|_| "***".into()), ..self.clone() }
    }
}
