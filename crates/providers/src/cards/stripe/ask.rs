//! Questions to Stripe.
//!
//! In:  a path, a form. Out: what is answered, as JSON, or why nothing is.
//! Invariant: a question ends within a time, and so many bytes of its answer are read at most; the key is in no text of an error.

use super::found::{Intent, Trouble};
use crate::webhook;
use billing::payment::CardError;
use form_urlencoded::Serializer;
use reqwest::{Client, RequestBuilder, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Larger answers are not read: a page of a hundred payments is far smaller.
const MOST_READ: usize = 4 * 1024 * 1024;
/// The version of Stripe's API that is spoken.
const VERSION: &str = "2022-11-15";

/// Why a question got no answer that helps.
#[derive(Debug, thiserror::Error)]
pub(super) enum AskError {
    #[error("{0}")]
    Away(String),
    #[error("it answers {status} {}", .reason.as_deref().unwrap_or(""))]
    Refused { status: u16, reason: Option<String>, intent: Option<Box<Intent>> },
    #[error("its answer cannot be read: {0}")]
    Unreadable(String),
}

impl From<AskError> for CardError {
    fn from(error: AskError) -> CardError {
        CardError::Silent(error.to_string())
    }
}

impl AskError {
    /// The same about a card that was named.
    pub fn of_token(self, token: &str) -> CardError {
        match self {
            AskError::Refused { status: 402, reason, .. } => {
                CardError::Declined(reason.unwrap_or_else(|| "card_declined".into()))
            }
            AskError::Refused { status: 400 | 404, .. } => CardError::Token(token.chars().take(60).collect()),
            error @ (AskError::Away(_) | AskError::Refused { .. } | AskError::Unreadable(_)) => error.into(),
        }
    }
}

#[derive(Deserialize)]
struct Refusal {
    error: Detail,
}

#[derive(Deserialize)]
struct Detail {
    #[serde(flatten)]
    trouble: Trouble,
    payment_intent: Option<Intent>,
}

/// Asks Stripe.
#[derive(Clone, Debug)]
pub(super) struct Line {
    client: Client,
    url: String,
    key: Key,
}

#[derive(Clone)]
struct Key(String);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl Line {
    /// Errors: there is no client for HTTP.
    pub(super) fn new(url: &str, key: &str) -> Result<Line, reqwest::Error> {
        Ok(Line { client: webhook::client().build()?, url: url.to_string(), key: Key(key.to_string()) })
    }

    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<T, AskError> {
        let query = form(query);
        let mark = if query.is_empty() { "" } else { "?" };
        self.sent(self.client.get(format!("{}{path}{mark}{query}", self.url))).await
    }

    /// What is answered to a form, done once under the name `once` where Stripe keeps to that.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        fields: &[(&str, String)],
        once: &str,
    ) -> Result<T, AskError> {
        let request = self.client.post(format!("{}{path}", self.url));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.sent(request.header("idempotency-key", once).body(form(fields))).await
    }

    async fn sent<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, AskError> {
        let away = |error: reqwest::Error| AskError::Away(webhook::reason(&error));
        let request = request.bearer_auth(&self.key.0).header("stripe-version", VERSION);
        let response = request.send().await.map_err(away)?;
        let status = response.status();
        let body = read(response).await?;
        if !status.is_success() {
            let told = serde_json::from_slice::<Refusal>(&body).ok().map(|it| it.error);
            let (reason, intent) = told.map_or((None, None), |it| (it.trouble.word(), it.payment_intent));
            return Err(AskError::Refused { status: status.as_u16(), reason, intent: intent.map(Box::new) });
        }
        serde_json::from_slice(&body).map_err(|error| AskError::Unreadable(error.to_string()))
    }
}

fn form(fields: &[(&str, String)]) -> String {
    let mut text = Serializer::new(String::new());
    for (name, value) in fields {
        text.append_pair(name, value);
    }
    text.finish()
}

async fn read(mut response: Response) -> Result<Vec<u8>, AskError> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > MOST_READ => {
                return Err(AskError::Unreadable(format!("it is longer than {MOST_READ} bytes")));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => return Err(AskError::Away(webhook::reason(&error))),
        }
    }
}
