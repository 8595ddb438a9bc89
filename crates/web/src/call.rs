//! A write as it is asked for: who, with which body, under which Idempotency-Key; and its reply.
//!
//! In:  a request. Out: a call that is whole, or a problem that names the field at fault.
//! Invariant: nothing is written before the whole request was read and understood.

use super::caller::{self, Asker};
use super::code::Own;
use super::identity::Actor;
use super::json::{self, Sent};
use super::node::Node;
use super::problem::Problem;
use super::trace::Trace;
use axum::body::{Body, Bytes};
use axum::extract::{FromRef, FromRequest, MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
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

/// How a body says what is to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// What an object says stands in place of what was there.
    Json,
    /// What an object says stands beside what was there; `null` takes away. Source: RFC 7396.
    MergePatch,
}

/// The type of a body that says what is to change.
pub const MERGE_PATCH: &str = "application/merge-patch+json";

/// Says that an answer is the first one once more.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A write: `W` says who may ask, `B` is the body.
pub struct Call<W, B> {
    pub who: W,
    pub body: B,
    asked: Asked,
}

/// What is the same of every call, whoever asks for whatever: it is compiled once and not once for each operation.
pub(crate) struct Asked {
    account: Option<AccountId>,
    actor: Actor,
    /// The actor as the audit log names it.
    actor_name: String,
    token: Option<String>,
    fingerprint: String,
    operation: String,
    target: String,
    text: String,
    form: Form,
    /// Its `traceparent`.
    trace: Option<String>,
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

    /// How the body says what is to change.
    pub const fn form(&self) -> Form {
        self.asked.form
    }

    /// Who asks.
    pub const fn actor(&self) -> Actor {
        self.asked.actor
    }

    /// The `traceparent` of the request, as its answer says it.
    pub fn trace(&self) -> Option<&str> {
        self.asked.trace.as_deref()
    }

    /// Under what the answer is kept, where there is an Idempotency-Key.
    pub fn answer_key(&self) -> Option<answers::AnswerKey> {
        self.asked.answer_key()
    }

    /// What this call was answered before, if it is among `answers`.
    pub fn answer_among(
        &self,
        answers: &BTreeMap<answers::AnswerKey, Answer>,
    ) -> Result<Option<Given>, Refusal> {
        self.asked.answer_among(answers)
    }

    /// What is answered now, and what is kept for the same call again.
    ///
    /// Errors: a reply that cannot be written down; then nothing of the call is.
    pub fn given<V: Serialize>(&self, reply: Reply<V>) -> Result<(Given, Option<Kept>), Refusal> {
        let text = to_json(&reply.view)?;
        let kept = reply.kept.unwrap_or_else(|| text.clone());
        let given = Given { status: reply.status, text, location: reply.location, when: When::Now };
        let kept = self.asked.kept(&given, kept);
        Ok((given, kept))
    }

    pub fn note(&self) -> journal::Write<'_> {
        self.asked.note()
    }

    pub(crate) const fn asked(&self) -> &Asked {
        &self.asked
    }
}

impl Asked {
    fn owner(&self) -> String {
        self.account.map_or_else(|| self.actor_name.clone(), |it| it.to_string())
    }

    pub(crate) fn answer_key(&self) -> Option<answers::AnswerKey> {
        self.token.as_ref().map(|it| (self.owner(), it.clone()))
    }

    pub(crate) fn answer_among(
        &self,
        answers: &BTreeMap<answers::AnswerKey, Answer>,
    ) -> Result<Option<Given>, Refusal> {
        let Some(name) = self.answer_key() else { return Ok(None) };
        let Some(answer) = answers.get(&name) else { return Ok(None) };
        // Before bodies were compared by what they say, their bytes were.
        let as_before = || fingerprint(&self.target, &self.text);
        if answer.fingerprint != self.fingerprint && answer.fingerprint != as_before() {
            return Err(Refusal::KeyReused(name.1));
        }
        let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
        let (text, location) = (answer.body.clone(), answer.location.clone());
        Ok(Some(Given { status, text, location, when: When::Before }))
    }

    /// What is kept of an answer, with `body` in place of what it said.
    fn kept(&self, given: &Given, body: String) -> Option<Kept> {
        let (fingerprint, status) = (self.fingerprint.clone(), given.status.as_u16());
        let location = given.location.clone();
        self.answer_key().map(|key| (key, Answer { fingerprint, status, body, location }))
    }

    pub(crate) fn note(&self) -> journal::Write<'_> {
        journal::Write {
            account: self.account,
            actor: &self.actor_name,
            operation: &self.operation,
            target: &self.target,
            body: &self.text,
        }
    }
}

/// An answer, and under what it is kept.
pub type Kept = (answers::AnswerKey, Answer);

/// What a write answered: now, or the first time that it was asked.
pub struct Given {
    status: StatusCode,
    text: String,
    /// Where what was made is found.
    location: Option<String>,
    when: When,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Now,
    Before,
}

impl IntoResponse for Given {
    fn into_response(self) -> Response {
        let mut response = json_response(self.status, self.text);
        let headers = response.headers_mut();
        place(headers, self.location.as_deref());
        if self.when == When::Before {
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}

/// Says where what was made is found.
fn place(headers: &mut HeaderMap, location: Option<&str>) {
    if let Some(location) = location.and_then(|it| HeaderValue::from_str(it).ok()) {
        headers.insert(header::LOCATION, location);
    }
}

/// What a write answers with.
pub struct Reply<V> {
    status: StatusCode,
    view: V,
    /// The path of what was made.
    location: Option<String>,
    /// What is kept for the same call again, where it must not be all of it.
    kept: Option<String>,
    /// The account that the write turned out to be about, where the caller is bound to none and named none.
    about: Option<AccountId>,
    /// Whether it did anything; the audit log holds nothing of what did not.
    did: bool,
}

impl<V: Serialize> Reply<V> {
    pub fn ok(view: V) -> Reply<V> {
        Reply { status: StatusCode::OK, view, location: None, kept: None, about: None, did: true }
    }

    /// Something was made, which is found at this path.
    pub fn created(location: String, view: V) -> Reply<V> {
        Reply { status: StatusCode::CREATED, location: Some(location), ..Reply::ok(view) }
    }

    /// Taken, and done a little later.
    pub fn accepted(view: V) -> Reply<V> {
        Reply { status: StatusCode::ACCEPTED, ..Reply::ok(view) }
    }

    /// The write was about this account, if about one: the audit log of that holds it.
    pub fn about(self, account: impl Into<Option<AccountId>>) -> Reply<V> {
        Reply { about: account.into(), ..self }
    }

    /// Nothing was done: the audit log does not hold it.
    pub fn of_nothing(self) -> Reply<V> {
        Reply { did: false, ..self }
    }

    /// The write in the audit log of the account that it turned out to be about; `None` of one that did nothing.
    pub(crate) fn noted_of<'a>(&self, write: journal::Write<'a>) -> Option<journal::Write<'a>> {
        self.did.then(|| journal::Write { account: self.about.or(write.account), ..write })
    }

    /// The same call again is answered with `view`: without the secret that the first answer holds.
    pub fn keeping<K: Serialize>(self, view: &K) -> Result<Reply<V>, Refusal> {
        Ok(Reply { kept: Some(to_json(view)?), ..self })
    }
}

impl<V: Serialize> IntoResponse for Reply<V> {
    fn into_response(self) -> Response {
        match to_json(&self.view) {
            Ok(text) => {
                let mut response = json_response(self.status, text);
                place(response.headers_mut(), self.location.as_deref());
                response
            }
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
        let (asked, sent) = asked((identity.actor, account), parts, body).await?;
        Ok(Call { who, body: sent.read()?, asked })
    }
}

/// Reads the whole request, whatever its body is to mean. Errors: a body that is too large, broke off, or is no JSON.
async fn asked(
    (actor, account): (Actor, Option<AccountId>),
    parts: Parts,
    body: Body,
) -> Result<(Asked, Sent), Problem> {
    let token = token(&parts.headers)?;
    let (operation, target) = operation_and_target(&parts);
    let typed = parts.headers.get(header::CONTENT_TYPE).cloned();
    let method = parts.method.clone();
    let trace = parts.extensions.get::<Trace>().map(Trace::text);
    let bytes = Bytes::from_request(Request::from_parts(parts, body), &()).await.map_err(too_large)?;
    let media = typed.map_or_else(String::new, |it| media(it.to_str().unwrap_or("")));
    if !bytes.is_empty() && !is_taken(&media, &method) {
        let detail = match method {
            Method::PATCH => "send the body as application/merge-patch+json or application/json",
            _ => "send the body as application/json",
        };
        return Err(Problem::new(Own::UnsupportedMediaType, detail));
    }
    let form = if media == MERGE_PATCH { Form::MergePatch } else { Form::Json };
    let sent = json::sent(&bytes)?;
    let fingerprint = match form {
        Form::Json => fingerprint(&target, sent.canonical()),
        Form::MergePatch => fingerprint(&target, &format!("{MERGE_PATCH} {}", sent.canonical())),
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let actor_name = actor.to_string();
    Ok((Asked { account, actor, actor_name, token, fingerprint, operation, target, text, form, trace }, sent))
}

/// What tells one call from another under the same key: what is called, and what it says.
fn fingerprint(target: &str, said: &str) -> String {
    journal::digest(format!("{target}\n{said}").as_bytes())
}

/// The operation by its path as the document writes it, and the path that was called.
fn operation_and_target(parts: &Parts) -> (String, String) {
    let path = parts.extensions.get::<MatchedPath>().map_or(parts.uri.path(), |it| it.as_str());
    (format!("{} {path}", parts.method), format!("{} {}", parts.method, parts.uri))
}

/// Whether a method takes a body of this type: JSON, and a change as a merge patch (RFC 7396) too.
fn is_taken(media: &str, method: &Method) -> bool {
    media == "application/json" || (media == MERGE_PATCH && *method == Method::PATCH)
}

fn media(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

/// A body that is too large, or that broke off.
pub fn too_large(rejection: axum::extract::rejection::BytesRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(Own::TooLarge, "the body is too large; send less at once")
        }
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
