//! Settings of a server: flags over the environment over a TOML file over defaults.
//!
//! In:  the command line, `TILL_*` variables, the file of `--config`. Out: one set of values.
//! Invariant: an unknown key in the file is an error; no password of a database URL and no secret of a provider is printed.

pub(crate) mod mail;

use self::mail::{MailFlags, MailSettings};
use crate::anchors::Plan;
use crate::cli::installation::KeyFile;
use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use desk::LATE_MONTHS;
use desk::network::Network;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use web::Limits;

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    #[default]
    Text,
    Json,
}

/// Who delivers what is bought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CloudKind {
    /// A cloud inside the till that hands out addresses, for trying things
    #[default]
    Simulated,
    /// Your cloud: it takes tasks and answers them
    External,
}

/// What `till serve` is told on the command line and by the environment.
#[derive(Args, Debug, Default)]
pub(crate) struct Flags {
    /// A TOML file with the settings below, their names written with _ instead of -
    #[arg(long, env = "TILL_CONFIG")]
    config: Option<PathBuf>,
    /// Print the settings as they come out, as TOML, and end
    #[arg(long)]
    pub print_config: bool,
    /// Where to listen; port 0 takes a free one
    #[arg(long, env = "TILL_LISTEN")]
    listen: Option<String>,
    /// Where the embedded database is kept
    #[arg(long, env = "TILL_DATA")]
    data: Option<PathBuf>,
    /// Keep the books in this PostgreSQL database instead
    #[arg(long, env = "TILL_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    #[command(flatten)]
    key: KeyFile,
    /// The price book of a new database: the name of one that is built in, or a folder
    #[arg(long, env = "TILL_PRICEBOOK")]
    pricebook: Option<String>,
    /// Run on a clock that only POST /v1/clock/advance moves, from this time on (default: now)
    #[arg(long, env = "TILL_TEST_CLOCK", num_args = 0..=1, default_missing_value = "now")]
    test_clock: Option<String>,
    /// Seconds after its end at which a cycle closes
    #[arg(long, env = "TILL_SETTLEMENT_DELAY_SECONDS")]
    settlement_delay_seconds: Option<u64>,
    /// Months after its end for which a closed cycle takes use that is reported late
    #[arg(long, env = "TILL_LATE_MONTHS")]
    late_months: Option<u32>,
    /// Above so many percent of a month's revenue another operator agrees before a proposed price book is applied (default: 5); where it
    /// is set, a book that changes prices that customers pay is applied by a proposal alone
    #[arg(long, env = "TILL_PRICE_LIMIT_PERCENT")]
    price_limit_percent: Option<u32>,
    /// Requests that one key may make in a second; 0 for any number
    #[arg(long, env = "TILL_RATE_LIMIT")]
    rate_limit: Option<u32>,
    /// Requests that all keys of one account may make in a second; twice --rate-limit if left out, 0 for any number
    #[arg(long, env = "TILL_ACCOUNT_RATE_LIMIT")]
    account_rate_limit: Option<u32>,
    /// An origin whose pages may read answers in a browser, such as https://console.example; * for all
    #[arg(long, env = "TILL_CORS_ORIGIN", value_delimiter = ',')]
    cors_origin: Vec<String>,
    /// The address of the console as people type it, such as https://console.example: for links, and so that cookies go over TLS alone
    #[arg(long, env = "TILL_PUBLIC_URL", value_parser = public_url)]
    public_url: Option<String>,
    /// An OpenID provider by which people may sign in to the console, exactly as it calls itself, such as https://login.example
    #[arg(long, env = "TILL_OIDC_ISSUER")]
    oidc_issuer: Option<String>,
    /// As what this till is registered at the provider
    #[arg(long, env = "TILL_OIDC_CLIENT_ID")]
    oidc_client_id: Option<String>,
    /// The secret that goes with it; best given in the environment
    #[arg(long, env = "TILL_OIDC_CLIENT_SECRET", hide_env_values = true)]
    oidc_client_secret: Option<String>,
    /// What people know the provider by (default: the host of its address)
    #[arg(long, env = "TILL_OIDC_NAME")]
    oidc_name: Option<String>,
    /// Domains of the mail addresses with which the operator's people come in by the provider (default: all)
    #[arg(long, env = "TILL_OIDC_OPERATOR_DOMAINS", value_delimiter = ',')]
    oidc_operator_domains: Vec<String>,
    /// Where Stripe is, or what speaks like it; with it cards are taken. For Stripe itself: https://api.stripe.com
    #[arg(long, env = "TILL_STRIPE_URL")]
    stripe_url: Option<String>,
    /// A file with Stripe's secret key, which begins with sk_ or rk_
    #[arg(long, env = "TILL_STRIPE_KEY_FILE")]
    stripe_key_file: Option<PathBuf>,
    /// Stripe's publishable key, which pages show; it begins with pk_
    #[arg(long, env = "TILL_STRIPE_PUBLISHABLE_KEY")]
    stripe_publishable_key: Option<String>,
    /// A file with the secret by which Stripe signs what it sends to /v1/gateway-events
    #[arg(long, env = "TILL_STRIPE_WEBHOOK_SECRET_FILE")]
    stripe_webhook_secret_file: Option<PathBuf>,
    /// The address of Stripe's own script, which the page that adds a card loads
    #[arg(long, env = "TILL_STRIPE_SCRIPT")]
    stripe_script: Option<String>,
    /// Seconds after which a request is answered with 503 and not waited for any more
    #[arg(long, env = "TILL_REQUEST_SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    request_seconds: Option<u64>,
    /// Seconds that PostgreSQL may take for one statement; half of it for a lock
    #[arg(long, env = "TILL_DATABASE_SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    database_seconds: Option<u64>,
    /// Who delivers what is bought
    #[arg(long, env = "TILL_CLOUD")]
    cloud: Option<CloudKind>,
    /// Seconds until the simulated cloud delivers (default: as the product says)
    #[arg(long, env = "TILL_CLOUD_DELAY_SECONDS")]
    cloud_delay_seconds: Option<u64>,
    /// Seconds after which a task that the cloud does not answer counts as failed
    #[arg(long, env = "TILL_TASK_TIMEOUT_SECONDS")]
    task_timeout_seconds: Option<u64>,
    /// Let webhooks go to private and loopback addresses too
    #[arg(long, env = "TILL_ALLOW_PRIVATE_WEBHOOKS", num_args = 0..=1, default_missing_value = "true")]
    allow_private_webhooks: Option<bool>,
    /// Networks of proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8; several are parted by commas
    #[arg(long, env = "TILL_TRUSTED_PROXIES", value_delimiter = ',')]
    trusted_proxies: Option<Vec<Network>>,
    /// A folder into which the audit log is anchored: keep it where nobody who writes to the database gets at it
    #[arg(long, env = "TILL_ANCHOR_DIR")]
    anchor_dir: Option<PathBuf>,
    /// An address to which anchors of the audit log are sent
    #[arg(long, env = "TILL_ANCHOR_URL")]
    anchor_url: Option<String>,
    /// Hours from one anchor to the next, where there is a folder or an address for them
    #[arg(long, env = "TILL_ANCHOR_HOURS", value_parser = clap::value_parser!(u64).range(1..=8_784))]
    anchor_hours: Option<u64>,
    #[command(flatten)]
    mail: MailFlags,
    /// The files of the regular and of the bold font of documents, parted by a comma (default: those of the system)
    #[arg(long, env = "TILL_DOCUMENT_FONT", value_delimiter = ',')]
    document_font: Vec<PathBuf>,
    /// How the log is written, to standard error
    #[arg(long, env = "TILL_LOG")]
    log: Option<LogFormat>,
    /// What is logged: error, warn, info, debug
    #[arg(long, env = "TILL_LOG_LEVEL")]
    log_level: Option<String>,
    /// Threads that serve requests
    #[arg(long, env = "TILL_THREADS")]
    threads: Option<usize>,
}

/// An address without a path. Errors: anything else.
fn public_url(text: &str) -> std::result::Result<String, String> {
    let text = text.trim_end_matches('/');
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_plain = |it: char| it.is_ascii_alphanumeric() || ".-:[]".contains(it);
    match host {
        Some(host) if !host.is_empty() && host.chars().all(is_plain) => Ok(text.to_string()),
        Some(_) | None => Err("write an address without a path, such as https://console.example".into()),
    }
}

/// Every setting with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub listen: String,
    pub data: PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installation_key_file: Option<PathBuf>,
    pub pricebook: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_clock: Option<String>,
    pub settlement_delay_seconds: u64,
    pub late_months: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_limit_percent: Option<u32>,
    pub rate_limit: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_rate_limit: Option<u32>,
    pub cors_origin: Vec<String>,
    pub public_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc_issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc_client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc_client_secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc_name: Option<String>,
    pub oidc_operator_domains: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stripe_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stripe_key_file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stripe_publishable_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stripe_webhook_secret_file: Option<PathBuf>,
    pub stripe_script: String,
    pub request_seconds: u64,
    pub database_seconds: u64,
    pub cloud: CloudKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_delay_seconds: Option<u64>,
    pub task_timeout_seconds: u64,
    pub allow_private_webhooks: bool,
    pub trusted_proxies: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor_dir: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor_url: Option<String>,
    pub anchor_hours: u64,
    pub document_font: Vec<PathBuf>,
    pub log: LogFormat,
    pub log_level: String,
    pub threads: usize,
    pub mail: MailSettings,
}

/// Seconds after its end at which a cycle closes where nothing else is said: by the server and whatever foretells what it does.
pub(crate) const SETTLEMENT_DELAY_SECONDS: u64 = 600;

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            listen: "127.0.0.1:8080".into(),
            data: "till-data".into(),
            database_url: None,
            installation_key_file: None,
            pricebook: "demo".into(),
            test_clock: None,
            settlement_delay_seconds: SETTLEMENT_DELAY_SECONDS,
            late_months: LATE_MONTHS,
            price_limit_percent: None,
            rate_limit: 200,
            account_rate_limit: None,
            cors_origin: Vec::new(),
            public_url: String::new(),
            oidc_issuer: None,
            oidc_client_id: None,
            oidc_client_secret: None,
            oidc_name: None,
            oidc_operator_domains: Vec::new(),
            stripe_url: None,
            stripe_key_file: None,
            stripe_publishable_key: None,
            stripe_webhook_secret_file: None,
            stripe_script: "https://js.stripe.com/v3/".into(),
            request_seconds: api::LONGEST.as_secs(),
            database_seconds: 60,
            cloud: CloudKind::Simulated,
            cloud_delay_seconds: None,
            task_timeout_seconds: 900,
            allow_private_webhooks: false,
            trusted_proxies: Vec::new(),
            anchor_dir: None,
            anchor_url: None,
            anchor_hours: 24,
            document_font: Vec::new(),
            log: LogFormat::Text,
            log_level: "info".into(),
            threads: 2,
            mail: MailSettings::default(),
        }
    }
}

impl Flags {
    /// The settings as they come out. Errors: a file that cannot be read, or holds an unknown key.
    pub fn settings(self) -> Result<Settings> {
        let mut it = match &self.config {
            None => Settings::default(),
            Some(path) => {
                let text =
                    std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
                toml::from_str(&text).with_context(|| format!("in {}", path.display()))?
            }
        };
        let over = |slot: &mut String, value: Option<String>| value.into_iter().for_each(|it| *slot = it);
        over(&mut it.listen, self.listen);
        over(&mut it.pricebook, self.pricebook);
        over(&mut it.log_level, self.log_level);
        over(&mut it.public_url, self.public_url);
        it.data = self.data.unwrap_or(it.data);
        it.database_url = self.database_url.or(it.database_url);
        it.installation_key_file = self.key.file.or(it.installation_key_file);
        it.test_clock = self.test_clock.or(it.test_clock);
        it.settlement_delay_seconds = self.settlement_delay_seconds.unwrap_or(it.settlement_delay_seconds);
        it.late_months = self.late_months.unwrap_or(it.late_months);
        it.price_limit_percent = self.price_limit_percent.or(it.price_limit_percent);
        it.rate_limit = self.rate_limit.unwrap_or(it.rate_limit);
        it.account_rate_limit = self.account_rate_limit.or(it.account_rate_limit);
        if !self.cors_origin.is_empty() {
            it.cors_origin = self.cors_origin;
        }
        it.oidc_issuer = self.oidc_issuer.or(it.oidc_issuer);
        it.oidc_client_id = self.oidc_client_id.or(it.oidc_client_id);
        it.oidc_client_secret = self.oidc_client_secret.or(it.oidc_client_secret);
        it.oidc_name = self.oidc_name.or(it.oidc_name);
        if !self.oidc_operator_domains.is_empty() {
            it.oidc_operator_domains = self.oidc_operator_domains;
        }
        it.stripe_url = self.stripe_url.or(it.stripe_url);
        it.stripe_key_file = self.stripe_key_file.or(it.stripe_key_file);
        it.stripe_publishable_key = self.stripe_publishable_key.or(it.stripe_publishable_key);
        it.stripe_webhook_secret_file = self.stripe_webhook_secret_file.or(it.stripe_webhook_secret_file);
        it.stripe_script = self.stripe_script.unwrap_or(it.stripe_script);
        it.request_seconds = self.request_seconds.unwrap_or(it.request_seconds);
        it.database_seconds = self.database_seconds.unwrap_or(it.database_seconds);
        it.cloud = self.cloud.unwrap_or(it.cloud);
        it.cloud_delay_seconds = self.cloud_delay_seconds.or(it.cloud_delay_seconds);
        it.task_timeout_seconds = self.task_timeout_seconds.unwrap_or(it.task_timeout_seconds);
        it.allow_private_webhooks = self.allow_private_webhooks.unwrap_or(it.allow_private_webhooks);
        if let Some(proxies) = self.trusted_proxies {
            it.trusted_proxies = proxies.iter().map(ToString::to_string).collect();
        }
        it.anchor_dir = self.anchor_dir.or(it.anchor_dir);
        it.anchor_url = self.anchor_url.or(it.anchor_url);
        it.anchor_hours = self.anchor_hours.unwrap_or(it.anchor_hours);
        it.mail = self.mail.over(it.mail);
        if !self.document_font.is_empty() {
            it.document_font = self.document_font;
        }
        it.log = self.log.unwrap_or(it.log);
        it.threads = self.threads.unwrap_or(it.threads).clamp(1, 64);
        Ok(it)
    }
}

impl Settings {
    /// How often keys and accounts may call.
    pub fn limits(&self) -> Limits {
        let of_account = self.account_rate_limit.unwrap_or(self.rate_limit.saturating_mul(2));
        Limits { of_key: self.rate_limit, of_account }
    }

    /// How the audit log is anchored; `None` where there is no place for it. Errors: a folder that is none.
    pub fn anchors(&self) -> Result<Option<Plan>> {
        if self.anchor_dir.is_none() && self.anchor_url.is_none() {
            return Ok(None);
        }
        if let Some(folder) = &self.anchor_dir {
            ensure!(folder.is_dir(), "--anchor-dir: there is no folder {}; make it first", folder.display());
        }
        let (folder, url) = (self.anchor_dir.clone(), self.anchor_url.clone());
        Ok(Some(Plan { hours: self.anchor_hours.max(1), folder, url }))
    }

    /// The folder of an embedded database; `None` where the books are in PostgreSQL.
    pub fn embedded(&self) -> Option<&Path> {
        self.database_url.is_none().then_some(self.data.as_path())
    }

    /// As TOML, for `--print-config`.
    pub fn print(&self) -> Result<String> {
        let hidden = Settings {
            database_url: self.database_url.as_deref().map(hide_password),
            oidc_client_secret: self.oidc_client_secret.as_ref().map(|_| "***".into()),
            mail: self.mail.hidden(),
            ..self.clone()
        };
        Ok(toml::to_string(&hidden)?)
    }
}

/// `postgres://user:password@host/name` without the password.
fn hide_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_string() };
    match rest.rsplit_once('@') {
        Some((who, place)) => {
            let user = who.split(':').next().unwrap_or("");
            format!("{scheme}://{user}:***@{place}")
        }
        None => url.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_printed() {
        let url = "postgres://till:secret@db.internal:5432/till".to_string();
        let settings = Settings { database_url: Some(url), ..Settings::default() };
        let text = settings.print().unwrap();
        assert!(text.contains("postgres://till:***@db.internal:5432/till"), "{text}");
        assert!(!text.contains("secret"), "{text}");
        let settings = Settings { oidc_client_secret: Some("of both".into()), ..Settings::default() };
        let text = settings.print().unwrap();
        assert!(text.contains("oidc_client_secret = \"***\"") && !text.contains("of both"), "{text}");
    }

    #[test]
    fn what_is_printed_reads_back_as_the_same() {
        let text = Settings::default().print().unwrap();
        assert_eq!(toml::from_str::<Settings>(&text).unwrap(), Settings::default());
    }

    #[test]
    fn flags_come_before_the_file_and_unknown_keys_are_refused() {
        let flags = Flags { rate_limit: Some(7), ..Flags::default() };
        assert_eq!(flags.settings().unwrap().rate_limit, 7);
        let wrong = toml::from_str::<Settings>("rate_limits = 7").unwrap_err().to_string();
        assert!(wrong.contains("rate_limits"), "{wrong}");
    }
}
