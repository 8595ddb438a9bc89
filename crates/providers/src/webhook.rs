//! Webhooks: signed messages to addresses outside, after the Standard Webhooks specification.
//!
//! In:  an address, a secret, an id that stays the same over retries, a body. Out: what became of one attempt.
//! Invariant: a name is resolved and checked for every new connection; redirects and proxies are not followed.

pub mod guard;

use super::installation::{self, InstallationError, InstallationKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
pub use guard::{AddressError, Reach};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, ClientBuilder, Response};
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP};
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A connection must stand within this time.
pub const CONNECT: Duration = Duration::from_secs(5);
/// An attempt is over after this time.
pub const ANSWER: Duration = Duration::from_secs(10);
/// So much of an answer is read, and thrown away, so that its connection can be used again.
const MOST_READ: usize = 64 * 1024;
/// The longest wait that a receiver may ask for.
const MOST_ASKED: Duration = Duration::from_secs(3_600);
/// Waits after each failed attempt, in seconds; after one more the message is given up.
const WAITS: [u64; 9] = [5, 30, 2 * 60, 10 * 60, 30 * 60, 2 * 3_600, 5 * 3_600, 10 * 3_600, 24 * 3_600];

/// A secret in the form of the specification.
pub fn secret(random: [u8; 32]) -> String {
    format!("whsec_{}", STANDARD.encode(random))
}

/// Messages cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    #[error("no client for webhooks: {0}")]
    Client(#[from] reqwest::Error),
    #[error("the secret of the endpoint cannot be read")]
    Secret,
    #[error(transparent)]
    Sealed(#[from] InstallationError),
}

/// The header `webhook-signature` of a message that is sent at `second`, counted from 1970.
pub fn sign(secret: &str, id: &str, second: i64, body: &str) -> Result<String, SendError> {
    let webhook = standardwebhooks::Webhook::new(secret).map_err(|_| SendError::Secret)?;
    webhook.sign(id, second, body.as_bytes()).map_err(|_| SendError::Secret)
}

/// What the secret of a webhook is sealed for.
pub fn purpose(owner: &str) -> String {
    format!("webhook secret of {owner}")
}

/// One message to one address.
#[derive(Clone, Copy)]
pub struct Message<'a> {
    pub url: &'a str,
    /// Each of them signs: the endpoint's, and the one before while it still does. As they are kept; none for what bears
    /// a signature of its own.
    pub secrets: &'a [&'a str],
    /// Whose they are: what they were sealed for.
    pub owner: &'a str,
    /// The same for every attempt.
    pub id: &'a str,
    pub body: &'a str,
    /// The `traceparent` of the request that it tells of; without one the message is a trace of its own.
    pub trace: Option<&'a str>,
}

/// What became of one attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The status of the answer; `None` when none came.
    pub status: Option<u16>,
    /// Why it counts as failed; empty when it does not.
    pub error: String,
    /// How long the receiver asks to be left alone.
    pub retry_after: Option<Duration>,
}

/// What follows from an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Delivered,
    /// The receiver wants nothing more, ever.
    Gone,
    Failed,
}

impl Outcome {
    /// Every 2xx is a delivery, 410 ends the endpoint, everything else is tried again.
    pub fn verdict(&self) -> Verdict {
        match self.status {
            Some(200..=299) => Verdict::Delivered,
            Some(410) => Verdict::Gone,
            Some(_) | None => Verdict::Failed,
        }
    }

    fn failed(error: String) -> Outcome {
        Outcome { error, ..Outcome::default() }
    }
}

/// A client for requests to the outside: each ends within a time, and follows no redirect and no proxy.
pub(crate) fn client() -> ClientBuilder {
    // Somebody in this program may have installed it before: that is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent(concat!("cloudtill/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT)
        .timeout(ANSWER)
}

/// How long to wait after so many failed attempts; `None` to give up. The receiver may ask for more, up to an hour.
pub fn wait_after(failed: i64, asked: Option<Duration>) -> Option<Duration> {
    let at = usize::try_from(failed.max(1) - 1).unwrap_or(usize::MAX);
    let wait = Duration::from_secs(*WAITS.get(at)?);
    Some(asked.map_or(wait, |it| wait.max(it.min(MOST_ASKED))))
}

/// Sends messages; one for the whole program, cheap to copy.
#[derive(Clone)]
pub struct Sender {
    customers: Reach,
    key: Option<Arc<InstallationKey>>,
    guarded: Client,
    open: Client,
}

impl Sender {
    /// `customers`: how far messages go to addresses that customers wrote.
    pub fn new(customers: Reach) -> Result<Sender, SendError> {
        let guarded = client().dns_resolver(Names(Reach::Public)).build()?;
        Ok(Sender {
            customers,
            key: None,
            guarded,
            open: client().dns_resolver(Names(Reach::Anywhere)).build()?,
        })
    }

    /// The same, with the key that secrets are sealed with.
    pub fn with_key(self, key: Option<Arc<InstallationKey>>) -> Sender {
        Sender { key, ..self }
    }

    /// The signatures of a message by each of its secrets, parted by spaces.
    fn signatures(&self, message: Message<'_>, second: i64) -> Result<String, SendError> {
        let purpose = purpose(message.owner);
        let one = |kept: &&str| {
            let secret = installation::open(self.key.as_deref(), &purpose, kept)?;
            sign(&secret, message.id, second, message.body)
        };
        Ok(message.secrets.iter().map(one).collect::<Result<Vec<String>, SendError>>()?.join(" "))
    }

    /// How far messages to customers go.
    pub fn customers(&self) -> Reach {
        self.customers
    }

    /// One attempt. Every failure is an outcome.
    pub async fn send(&self, message: Message<'_>, reach: Reach) -> Outcome {
        match self.attempt(message, reach).await {
            Ok(response) => answered(response).await,
            Err(outcome) => outcome,
        }
    }

    async fn attempt(&self, message: Message<'_>, reach: Reach) -> Result<Response, Outcome> {
        // A literal address never meets the resolver, so it is checked here.
        let url = guard::check(message.url, reach).map_err(|error| Outcome::failed(error.to_string()))?;
        let second = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
        let second = i64::try_from(second).unwrap_or(i64::MAX);
        let signatures =
            self.signatures(message, second).map_err(|error| Outcome::failed(error.to_string()))?;
        let client = match reach {
            Reach::Public => &self.guarded,
            Reach::Anywhere => &self.open,
        };
        let mut request = client.post(url);
        if let Some(trace) = message.trace.map(str::to_string).or_else(|| traceparent(message.id)) {
            request = request.header("traceparent", trace);
        }
        let request = request
            .header("content-type", "application/json")
            .header(HEADER_WEBHOOK_ID, message.id)
            .header(HEADER_WEBHOOK_TIMESTAMP, second)
            .body(message.body.to_string());
        let request = match signatures.is_empty() {
            true => request,
            false => request.header(HEADER_WEBHOOK_SIGNATURE, signatures),
        };
        request.send().await.map_err(|error| Outcome::failed(reason(&error)))
    }
}

/// The trace of a message that no request made: that of its event, whose id has the digits of one; each attempt is a place in it.
fn traceparent(event: &str) -> Option<String> {
    let (_, digits) = event.split_once('_')?;
    let is_trace = digits.len() == 32 && digits.bytes().all(|it| it.is_ascii_hexdigit());
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let place = u64::try_from(since.as_nanos()).ok()?;
    is_trace.then(|| format!("00-{}-{place:016x}-00", digits.to_ascii_lowercase()))
}

async fn answered(mut response: Response) -> Outcome {
    let status = response.status();
    let header = response.headers().get("retry-after").and_then(|it| it.to_str().ok());
    let retry_after = header.and_then(|it| it.trim().parse().ok()).map(Duration::from_secs);
    let mut read = 0;
    while read < MOST_READ {
        match response.chunk().await {
            Ok(Some(chunk)) => read += chunk.len(),
            Ok(None) | Err(_) => break,
        }
    }
    let error = if status.is_success() { String::new() } else { format!("the receiver answered {status}") };
    Outcome { status: Some(status.as_u16()), error, retry_after }
}

/// Why no answer came, in words that name no address of ours.
pub(crate) fn reason(error: &reqwest::Error) -> String {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(it) = cause {
        if let Some(refused) = it.downcast_ref::<AddressError>() {
            return refused.to_string();
        }
        cause = it.source();
    }
    let what = match (error.is_timeout(), error.is_connect()) {
        (true, true) => "no connection within 5 s",
        (true, false) => "no answer within 10 s",
        (false, true) => "cannot connect: check name, port and certificate",
        (false, false) => "the connection broke before an answer came",
    };
    what.to_string()
}

/// Resolves names. In public reach one that has an address of another place is not resolved at all; names that are
/// reserved for examples are nobody's, and no resolver is asked about them.
struct Names(Reach);

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            if guard::is_reserved(name.as_str()) {
                return Err(AddressError::Nobody(name.as_str().to_string()).into());
            }
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if reach == Reach::Public && found.iter().any(|it| !guard::is_public(it.ip())) {
                return Err(AddressError::Private(name.as_str().to_string()).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests;
