//! Writes that are done once, however often they are asked for.
//!
//! In:  a call, and what it does. Out: its answer, or the answer that it got before.
//! Invariant: a write, its note in the audit log and its answer are one transaction.

use super::call::{Asked, Call, Given, Kept, Reply};
use super::node::Node;
use super::problem::Problem;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use desk::{At, Cause, Code, Refusal, journal};
use serde::Serialize;
use std::collections::BTreeMap;
use store::answers::{self, Answer, AnswerKey};
use store::{Tx, Writes};
use units::{AccountId, Timestamp};

/// What is written, in a transaction that may be tried again.
type Work<'a, T> = &'a mut dyn FnMut(&mut Tx<'_>, Timestamp) -> Result<T, Refusal>;

/// What was answered before, if it is among these answers.
type Before<'a, T> = &'a dyn Fn(&BTreeMap<AnswerKey, Answer>) -> Result<Option<T>, Refusal>;

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
                node.first_given(call.asked(), &mut |tx, now| {
                    let cause = call.trace().map_or(Cause::Time, Cause::Request);
                    let reply = work(tx, desk.at(now).because(cause), &call)?;
                    let write = reply.noted_of(call.note());
                    let (given, kept) = call.given(reply)?;
                    note(tx, write.as_slice(), kept.as_slice(), now)?;
                    Ok(given)
                })
            })
            .await?;
        self.stir();
        Ok(done.into_response())
    }

    /// A refusal may only say that the same call was made meanwhile: then its answer is the answer.
    pub fn meanwhile<W, B>(&self, call: &Call<W, B>, refusal: Refusal) -> Result<Given, Refusal> {
        let (asked, name) = (call.asked(), call.answer_key());
        self.answer_meanwhile(name.as_slice(), &|before| asked.answer_among(before), refusal)
            .map_err(|refusal| of_key(refusal, name))
    }

    fn first_given(&self, asked: &Asked, work: Work<'_, Given>) -> Result<Given, Refusal> {
        let name = asked.answer_key();
        self.first_answer(name.as_slice(), &|before| asked.answer_among(before), work)
            .map_err(|refusal| of_key(refusal, name))
    }

    /// Writes what nobody wrote yet under this name; what was answered before, or is meanwhile, is the answer.
    fn first_answer<T>(
        &self,
        name: &[AnswerKey],
        given: Before<'_, T>,
        work: Work<'_, T>,
    ) -> Result<T, Refusal> {
        let done = self.store().write(|tx| {
            let now = self.now_to_write(tx)?;
            match given(&answers::get(tx, name)?)? {
                Some(given) => Ok(given),
                None => work(tx, now),
            }
        });
        done.or_else(|refusal| self.answer_meanwhile(name, given, refusal))
    }

    fn answer_meanwhile<T>(
        &self,
        name: &[AnswerKey],
        given: Before<'_, T>,
        refusal: Refusal,
    ) -> Result<T, Refusal> {
        if name.is_empty() {
            return Err(refusal);
        }
        match given(&self.store().read(|tx| answers::get(tx, name))?) {
            Ok(Some(given)) => Ok(given),
            Err(reused @ Refusal::KeyReused(_)) => Err(reused),
            Ok(None) | Err(_) => Err(refusal),
        }
    }
}

/// A call under an Idempotency-Key has its token of it: that something else was asked for under the token is said of the key, whoever
/// finds it first.
fn of_key(refusal: Refusal, name: Option<AnswerKey>) -> Refusal {
    match (refusal.kind(), name) {
        (Code::TokenReused, Some((_, key))) => Refusal::KeyReused(key),
        _ => refusal,
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

/// What a form came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Where to go on.
    pub to: String,
    /// The account that it turned out to be about, where the form itself does not say: the audit log of that holds it.
    pub about: Option<AccountId>,
    /// Whether it did anything; the audit log holds nothing of what did not.
    pub did: bool,
}

impl Deed {
    /// Under what its answer is kept: the same address may be open in the pages of two customers, each with a deed of its own.
    fn answer_key(&self) -> AnswerKey {
        let house = self.account.map_or_else(String::new, |it| format!("{it} "));
        (self.actor.clone(), format!("{house}{}", self.token))
    }

    /// Where this form led before, if it is among `answers`.
    fn answer_among(&self, answers: &BTreeMap<AnswerKey, Answer>) -> Result<Option<String>, Refusal> {
        match answers.get(&self.answer_key()) {
            Some(before) if before.fingerprint != self.fingerprint => {
                Err(Refusal::KeyReused(self.token.clone()))
            }
            before => Ok(before.map(|it| it.body.clone())),
        }
    }

    /// What is kept for the same form again.
    fn kept(&self, to: &str) -> Kept {
        let (fingerprint, status) = (self.fingerprint.clone(), StatusCode::SEE_OTHER.as_u16());
        (self.answer_key(), Answer { fingerprint, status, body: to.to_string(), location: None })
    }

    fn note(&self, done: &Done) -> Option<journal::Write<'_>> {
        let Deed { account, actor, operation, body, .. } = self;
        let account = done.about.or(*account);
        done.did.then_some(journal::Write { account, actor, operation, target: operation, body })
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
        mut work: impl FnMut(&mut Tx<'_>, At<'_>) -> Result<Done, Refusal> + Send + 'static,
    ) -> Result<String, Problem> {
        let done = self
            .blocking(move |node| {
                let desk = node.desk();
                node.first_answer(
                    &[deed.answer_key()],
                    &|before| deed.answer_among(before),
                    &mut |tx, now| {
                        let cause = deed.trace.as_deref().map_or(Cause::Time, Cause::Request);
                        let done = work(tx, desk.at(now).because(cause))?;
                        note(tx, deed.note(&done).as_slice(), &[deed.kept(&done.to)], now)?;
                        Ok(done.to)
                    },
                )
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
    let entries = match notes {
        [] => Vec::new(),
        _ => journal::entries(tx, notes, now)?,
    };
    let mut writes = Writes::default();
    store::journal::add(&mut writes, &entries);
    answers::add(&mut writes, kept, now);
    Ok(tx.write(writes)?)
}
