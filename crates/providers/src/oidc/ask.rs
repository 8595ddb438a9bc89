//! Questions to a provider.
//!
//! In:  an address of it. Out: what it answers, as JSON.
//! Invariant: a question ends within a time, and so many bytes of its answer are read at most; no redirect is followed.

use crate::webhook;
use reqwest::header::ACCEPT;
use reqwest::{Client, RequestBuilder, Response, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Larger answers are not read.
const MOST_READ: usize = 256 * 1024;

/// Why a question got no answer that helps.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum AskError {
    #[error("{0}")]
    Away(String),
    #[error("it answers {status} {code}")]
    Refused {
        status: u16,
        /// The provider's word for it. Source: RFC 6749, 5.2.
        code: String,
    },
    #[error("its answer is longer than {MOST_READ} bytes")]
    Large,
    #[error("its answer is not what the specification says")]
    Unreadable,
}

/// What a provider says that refuses.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal {
    error: String,
}

/// Asks a provider.
#[derive(Clone, Debug)]
pub(super) struct Line(Client);

impl Line {
    /// Errors: there is no client for HTTP.
    pub(super) fn new() -> Result<Line, reqwest::Error> {
        Ok(Line(webhook::client().build()?))
    }

    /// What stands at an address; `token` is shown where it is named.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        url: &Url,
        token: Option<&str>,
    ) -> Result<T, AskError> {
        let request = self.0.get(url.clone());
        sent(token.into_iter().fold(request, RequestBuilder::bearer_auth)).await
    }

    /// What is answered to a form. The name and the secret of a client go in the head where they are given.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        url: &Url,
        form: String,
        client: Option<(String, String)>,
    ) -> Result<T, AskError> {
        let request = self.0.post(url.clone()).header("content-type", "application/x-www-form-urlencoded");
        let request = request.body(form);
        sent(client.into_iter().fold(request, |it, (name, secret)| it.basic_auth(name, Some(secret)))).await
    }
}

async fn sent<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, AskError> {
    let away = |error: reqwest::Error| AskError::Away(webhook::reason(&error));
    let response = request.header(ACCEPT, "application/json").send().await.map_err(away)?;
    let status = response.status();
    let body = read(response).await?;
    if !status.is_success() {
        let told: Refusal = serde_json::from_slice(&body).unwrap_or_default();
        let is_plain = |it: &char| it.is_ascii_alphanumeric() || *it == '_';
        let code = told.error.chars().filter(is_plain).take(60).collect();
        return Err(AskError::Refused { status: status.as_u16(), code });
    }
    serde_json::from_slice(&body).map_err(|_| AskError::Unreadable)
}

async fn read(mut response: Response) -> Result<Vec<u8>, AskError> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > MOST_READ => return Err(AskError::Large),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => return Err(AskError::Away(webhook::reason(&error))),
        }
    }
}
