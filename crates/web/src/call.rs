//! A write as it is asked for: who, with which body, under which Idempotency-Key; and its reply.
//!
//! In:  a request. Out: a call that is whole, or a problem that names the field at fault.
//! Invariant: nothing is written before the whole request was read and understood.

use super::caller::{self, Asker};
use super::identity::Actor;
use super::json;
use super::node::Node;
use super::problem::Problem;
use axum::body::{Body, Bytes};
use axum::extract::{FromRef, FromRequest, MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use desk::{Refusal, journal};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use store::StoreError;
use store::answers::{self, Answer};
use units::AccountId;

/// A write: `W` says who may ask, `B` is the body.
pub struct Call<W, B> {
    pub who: W,
    pub body: B,
    account: Option<AccountId>,
    asked: Asked,
}

/// What is the same of every call, whoever asks for whatever.
struct Asked {
    actor: Actor,
    /// The actor as the audit log names it.
    actor_name: String,
    token: Option<String>,
    fingerprint: String,
    operation: String,
    target: String,
    text: String,
}

/// The body of a write that takes none: an empty object, or no body at all.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Empty {}

struct NothingVisitor;

impl<'de> Visitor<'de> for NothingVisitor {
    type Value = Nothing;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Nothing, E> {
        Ok(Nothing)
    }

    fn visit_map<A: MapAccess<'de>>(self, from: A) -> Result<Nothing, A::Error> {
        Empty::deserialize(MapAccessDeserializer::new(from)).map(|Empty {}| Nothing)
    }
}

impl<'de> Deserialize<'de> for Nothing {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Nothing, D::Error> {
        from.deserialize_struct("Nothing", &[], NothingVisitor)
    }
}

/// A body that may be left out: that is as good as an empty object.
#[derive(Clone, Copy, Debug)]
pub struct OrNothing<B>(pub B);

struct OrNothingVisitor<B>(PhantomData<B>);

impl<'de, B: Deserialize<'de> + Default> Visitor<'de> for OrNothingVisitor<B> {
    type Value = OrNothing<B>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<OrNothing<B>, E> {
        Ok(OrNothing(B::default()))
    }

    fn visit_map<A: MapAccess<'de>>(self, from: A) -> Result<OrNothing<B>, A::Error> {
        B::deserialize(MapAccessDeserializer::new(from)).map(OrNothing)
    }
}

impl<'de, B: Deserialize<'de> + Default> Deserialize<'de> for OrNothing<B> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<OrNothing<B>, D::Error> {
        from.deserialize_struct("OrNothing", &[], OrNothingVisitor(PhantomData))
    }
}

impl<W, B> Call<W, B> {
    /// What tells this call from another one, for names of things that have none.
    ///
    /// The Idempotency-Key where there is one; otherwise `fresh`, which the caller made up.
    pub fn token_or(&self, fresh: &str) -> String {
        self.asked.token.clone().unwrap_or_else(|| fresh.to_string())
    }

    /// Who asks.
    pub const fn actor(&self) -> Actor {
        self.asked.actor
    }

    fn owner(&self) -> String {
        self.account.map_or_else(|| self.asked.actor_name.clone(), |it| it.to_string())
    }

    /// Under what the answer is kept, where there is an Idempotency-Key.
    pub fn answer_key(&self) -> Option<answers::AnswerKey> {
        self.asked.token.as_ref().map(|it| (self.owner(), it.clone()))
    }

    /// The first answer to this call among `answers`, if it was made before.
    pub fn answer_among(
        &self,
        answers: &BTreeMap<answers::AnswerKey, Answer>,
    ) -> Result<Option<Answer>, Refusal> {
        let Some(name) = self.answer_key() else { return Ok(None) };
        let Some(answer) = answers.get(&name) else { return Ok(None) };
        if answer.fingerprint != self.asked.fingerprint {
            return Err(Refusal::KeyReused(name.1));
        }
        Ok(Some(answer.clone()))
    }

    /// What is answered now, and what is kept for the same call again.
    ///
    /// Errors: a reply that cannot be written down; then nothing of the call is.
    pub fn given<V: Serialize>(&self, reply: Reply<V>) -> Result<(Given, Option<Kept>), Refusal> {
        let (status, text) = (reply.status, to_json(&reply.view)?);
        let kept = self.kept(status, reply.kept.as_ref().unwrap_or(&text));
        Ok((Given::Now(status, text), kept))
    }

    fn kept(&self, status: StatusCode, body: &str) -> Option<Kept> {
        let fingerprint = self.asked.fingerprint.clone();
        let answer = Answer { fingerprint, status: status.as_u16(), body: body.to_string() };
        Some((self.answer_key()?, answer))
    }

    pub fn note(&self) -> journal::Write<'_> {
        journal::Write {
            account: self.account,
            actor: &self.asked.actor_name,
            operation: &self.asked.operation,
            target: &self.asked.target,
            body: &self.asked.text,
        }
    }
}

/// An answer, and under what it is kept.
pub type Kept = (answers::AnswerKey, Answer);

/// What a write answered: now, or the first time that it was asked.
pub enum Given {
    Now(StatusCode, String),
    Before(Answer),
}

impl IntoResponse for Given {
    fn into_response(self) -> Response {
        match self {
            Given::Now(status, text) => json_response(status, text),
            Given::Before(answer) => {
                let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
                let json = [("content-type", "application/json"), ("idempotency-replayed", "true")];
                (status, json, answer.body).into_response()
            }
        }
    }
}

/// What a write answers with.
pub struct Reply<V> {
    status: StatusCode,
    view: V,
    /// What is kept for the same call again, where it must not be all of it.
    kept: Option<String>,
}

impl<V: Serialize> Reply<V> {
    pub fn ok(view: V) -> Reply<V> {
        Reply { status: StatusCode::OK, view, kept: None }
    }

    pub fn created(view: V) -> Reply<V> {
        Reply { status: StatusCode::CREATED, view, kept: None }
    }

    /// Taken, and done a little later.
    pub fn accepted(view: V) -> Reply<V> {
        Reply { status: StatusCode::ACCEPTED, view, kept: None }
    }

    /// The same call again is answered with `view`: without the secret that the first answer holds.
    pub fn keeping<K: Serialize>(self, view: &K) -> Result<Reply<V>, Refusal> {
        Ok(Reply { kept: Some(to_json(view)?), ..self })
    }
}

impl<V: Serialize> IntoResponse for Reply<V> {
    fn into_response(self) -> Response {
        match to_json(&self.view) {
            Ok(text) => json_response(self.status, text),
            Err(refusal) => Problem::from(refusal).into_response(),
        }
    }
}

/// A reply that was written down already.
pub fn json_response(status: StatusCode, text: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], text).into_response()
}

/// Errors: `Corrupt` for a view that is no JSON, which is a bug.
fn to_json<V: Serialize>(view: &V) -> Result<String, Refusal> {
    let wrong = |error: serde_json::Error| StoreError::Corrupt(format!("an answer: {error}"));
    Ok(serde_json::to_string(view).map_err(wrong)?)
}

impl<W, B, S> FromRequest<S> for Call<W, B>
where
    S: Send + Sync,
    Node: FromRef<S>,
    W: Asker + Send,
    B: DeserializeOwned + Send,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Call<W, B>, Problem> {
        let (parts, body) = request.into_parts();
        let identity = caller::identify(&Node::from_ref(state), &parts).await?;
        let (who, account) = W::admit(&identity, &parts.headers)?;
        let (asked, bytes) = asked(identity.actor, parts, body).await?;
        Ok(Call { who, body: json::body(&bytes)?, account, asked })
    }
}

/// Reads the whole request, whatever its body is to mean. Errors: a body that is too large, broke off, or is no JSON.
async fn asked(actor: Actor, parts: Parts, body: Body) -> Result<(Asked, Bytes), Problem> {
    let token = token(&parts.headers)?;
    let (operation, target) = operation_and_target(&parts);
    let typed = parts.headers.get(header::CONTENT_TYPE).cloned();
    let bytes = Bytes::from_request(Request::from_parts(parts, body), &()).await.map_err(too_large)?;
    if !bytes.is_empty() && !typed.is_some_and(|it| is_json(it.to_str().unwrap_or(""))) {
        let detail = "send the body as application/json";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
    }
    let fingerprint = journal::digest(&[target.as_bytes(), b"\n", &bytes].concat());
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let actor_name = actor.to_string();
    Ok((Asked { actor, actor_name, token, fingerprint, operation, target, text }, bytes))
}

/// The operation by its path as the document writes it, and the path that was called.
fn operation_and_target(parts: &Parts) -> (String, String) {
    let path = parts.extensions.get::<MatchedPath>().map_or(parts.uri.path(), |it| it.as_str());
    (format!("{} {path}", parts.method), format!("{} {}", parts.method, parts.uri))
}

pub fn is_json(content_type: &str) -> bool {
    content_type.split(';').next().is_some_and(|it| it.trim().eq_ignore_ascii_case("application/json"))
}

/// A body that is too large, or that broke off.
pub fn too_large(rejection: axum::extract::rejection::BytesRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "the body is too large; send less at once",
        ),
        _ => Problem::malformed(
            None,
            "the body broke off, cannot be expanded, or did not go on for ten seconds",
        ),
    }
}

/// The Idempotency-Key: 1 to 255 visible characters.
pub fn token(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().unwrap_or("");
    if text.is_empty() || text.len() > 255 || !text.bytes().all(|it| it.is_ascii_graphic()) {
        let detail = "an Idempotency-Key has 1 to 255 visible ASCII characters";
        return Err(Problem::malformed(Some("Idempotency-Key".into()), detail));
    }
    Ok(Some(text.to_string()))
}

/// Turns the refusal of something that is not there into one that says nothing of others.
pub fn hidden(what: &str) -> Refusal {
    StoreError::NotFound(what.to_string()).into()
}
