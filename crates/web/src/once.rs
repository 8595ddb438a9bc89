//! Writes that are done once, however often they are asked for.
//!
//! In:  a call, and what it does. Out: its answer, or the answer that it got before.
//! Invariant: a write, its note in the audit log and its answer are one transaction.

use super::call::{Call, Given, Kept, Reply};
use super::node::Node;
use super::problem::Problem;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use desk::{At, Cause, Refusal, journal};
use serde::Serialize;
use std::collections::BTreeMap;
use store::answers::{self, Answer, AnswerKey};
use store::{Tx, Writes};
use units::{AccountId, Timestamp};

impl Node {
    /// Writes once: the same call again gets the first answer, another under its key is refused.
    ///
    /// The write, its note in the audit log and its answer are one transaction.
    pub async fn once<W, B, V>(
        &self,
        call: Call<W, B>,
        mut work: impl FnMut(&mut Tx<'_>, At<'_>, &Call<W, B>) -> Result<Reply<V>, Refusal> + Send + 'static,
    ) -> Result<Response, Problem>
    where
        W: Send + 'static,
        B: Send + 'static,
        V: Serialize + Send + 'static,
    {
        let done = self
            .blocking(move |node| {
                let desk = node.desk();
                let done = node.store().write(|tx| {
                    let now = node.now_to_write(tx)?;
                    let before = answers::get(tx, call.answer_key().as_slice())?;
                    if let Some(given) = call.answer_among(&before)? {
                        return Ok(given);
                    }
                    let cause = call.trace().map_or(Cause::Time, Cause::Request);
                    let reply = work(tx, desk.at(now).because(cause), &call)?;
                    let (given, kept) = call.given(reply)?;
                    note(tx, &[call.note()], kept.as_slice(), now)?;
                    Ok(given)
                });
                done.or_else(|refusal| node.meanwhile(&call, refusal))
            })
            .await?;
        self.stir();
        Ok(done.into_response())
    }

    /// A refusal may only say that the same call was made meanwhile: then its answer is the answer.
    pub fn meanwhile<W, B>(&self, call: &Call<W, B>, refusal: Refusal) -> Result<Given, Refusal> {
        let Some(name) = call.answer_key() else { return Err(refusal) };
        let before = self.store().read(|tx| answers::get(tx, std::slice::from_ref(&name)))?;
        match call.answer_among(&before) {
            Ok(Some(given)) => Ok(given),
            Ok(None) | Err(_) => Err(refusal),
        }
    }
}

/// What a form of a page asks for: by whom, and what tells it from another.
#[derive(Clone, Debug)]
pub struct Deed {
    /// The account that is written to; `None` for none.
    pub account: Option<AccountId>,
    /// As the audit log names who does it.
    pub actor: String,
    /// Tells one sending from another; the same form sent twice carries the same.
    pub token: String,
    /// Tells what is asked for under a token from something else.
    pub fingerprint: String,
    pub operation: String,
    /// What the audit log holds of what was sent.
    pub body: String,
    /// The `traceparent` of the request.
    pub trace: Option<String>,
}

impl Deed {
    fn note(&self) -> journal::Write<'_> {
        let Deed { account, actor, operation, body, .. } = self;
        journal::Write { account: *account, actor, operation, target: operation, body }
    }
}

impl Node {
    /// Does what a form asks for, once, and gives where to go on; the same form sent again goes to the same place.
    ///
    /// The write, its note in the audit log and where it leads are one transaction. Errors: those of `work`; `KeyReused`
    /// for another form under the same token.
    pub async fn deed(
        &self,
        deed: Deed,
        mut work: impl FnMut(&mut Tx<'_>, At<'_>) -> Result<String, Refusal> + Send + 'static,
    ) -> Result<String, Problem> {
        let done = self
            .blocking(move |node| {
                let desk = node.desk();
                let name = (deed.actor.clone(), deed.token.clone());
                node.store().write(|tx| {
                    let now = node.now_to_write(tx)?;
                    if let Some(before) = answers::get(tx, std::slice::from_ref(&name))?.remove(&name) {
                        return match before.fingerprint == deed.fingerprint {
                            true => Ok(before.body),
                            false => Err(Refusal::KeyReused(name.1.clone())),
                        };
                    }
                    let cause = deed.trace.as_deref().map_or(Cause::Time, Cause::Request);
                    let to = work(tx, desk.at(now).because(cause))?;
                    let status = StatusCode::SEE_OTHER.as_u16();
                    let answer = Answer {
                        fingerprint: deed.fingerprint.clone(),
                        status,
                        body: to.clone(),
                        location: None,
                    };
                    note(tx, &[deed.note()], &[(name.clone(), answer)], now)?;
                    Ok::<_, Refusal>(to)
                })
            })
            .await;
        self.stir();
        done
    }
}

/// The answers that calls of these names got before.
pub fn answers(
    tx: &mut Tx<'_>,
    names: impl IntoIterator<Item = AnswerKey>,
) -> Result<BTreeMap<AnswerKey, Answer>, Refusal> {
    Ok(answers::get(tx, &names.into_iter().collect::<Vec<_>>())?)
}

/// Notes writes of several accounts in the audit log, and keeps their answers.
pub fn note(
    tx: &mut Tx<'_>,
    notes: &[journal::Write<'_>],
    kept: &[Kept],
    now: Timestamp,
) -> Result<(), Refusal> {
    let entries = journal::entries(tx, notes, now)?;
    let mut writes = Writes::default();
    store::journal::add(&mut writes, &entries);
    answers::add(&mut writes, kept, now);
    Ok(tx.write(writes)?)
}
