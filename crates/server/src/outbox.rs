//! The outbox: sends the messages that are due, several at once, and writes down what became of each.
//!
//! In:  a store, a sender, a clock. Out: messages sent, outside of any transaction.
//! Invariant: a message is claimed before it is sent, so two nodes do not send it at once; a node that dies leaves it
//! to be sent again when the claim ends. How much room a receiver and its owner take is the matter of `room`.

mod room;

use desk::{Refusal, later, webhooks};
use providers::webhook::{Message, Sender, Verdict};
use room::{To, Traffic};
use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use store::messages::{self, ClaimedMessage, DueMessage};
use store::{Store, Tx};
use tokio::task::{Id, JoinError, JoinSet, spawn_blocking};
use units::{EndpointId, Timestamp};

/// A claim outlives every attempt.
const CLAIM_SECONDS: u64 = 60;
/// How often to look when nothing happens.
const LOOK: Duration = Duration::from_millis(500);

/// Sends what is due until `stop` comes; what is on its way then is waited for.
pub async fn run<C>(store: Arc<Store>, sender: Sender, clock: C, stop: impl Future<Output = ()>)
where
    C: Fn() -> Timestamp + Clone + Send + 'static,
{
    let mut outbox = Outbox::new(store, sender, clock);
    tokio::pin!(stop);
    loop {
        let pause = match outbox.fill().await {
            Ok(_) => LOOK,
            Err(error) => {
                tracing::error!(%error, "messages of webhooks cannot be read");
                10 * LOOK
            }
        };
        tokio::select! {
            () = &mut stop => break,
            () = outbox.landed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    while !outbox.flying.is_empty() {
        outbox.landed().await;
    }
}

/// Sends everything that is due at `now`; returns how many attempts that took.
pub async fn due(store: &Arc<Store>, sender: &Sender, now: Timestamp) -> Result<usize, Refusal> {
    let mut outbox = Outbox::new(store.clone(), sender.clone(), move || now);
    let mut sent = 0;
    loop {
        sent += outbox.fill().await?;
        if outbox.flying.is_empty() {
            return Ok(sent);
        }
        outbox.landed().await;
    }
}

struct Outbox<C> {
    store: Arc<Store>,
    sender: Sender,
    clock: C,
    flying: JoinSet<Verdict>,
    to: HashMap<Id, To>,
    /// Endpoints whose last attempt from here failed.
    ailing: HashSet<EndpointId>,
}

impl<C: Fn() -> Timestamp + Clone + Send + 'static> Outbox<C> {
    fn new(store: Arc<Store>, sender: Sender, clock: C) -> Outbox<C> {
        Outbox { store, sender, clock, flying: JoinSet::new(), to: HashMap::new(), ailing: HashSet::new() }
    }

    /// Claims what is due as far as there is room, and sends it on its way.
    async fn fill(&mut self) -> Result<usize, Refusal> {
        let now = (self.clock)();
        let due = blocking(&self.store, Access::Read, move |tx| messages::due(tx, now)).await?;
        let chosen = Traffic::of(self.to.values().copied(), &self.ailing).admitted(due, &self.ailing);
        if chosen.is_empty() {
            return Ok(0);
        }
        let claimed = blocking(&self.store, Access::Write, move |tx| claim(tx, &chosen, now)).await?;
        let count = claimed.len();
        for it in claimed {
            let to = To { endpoint: it.endpoint, owner: it.owner };
            let flight = fly(self.store.clone(), self.sender.clone(), it, self.clock.clone());
            let flight = self.flying.spawn(flight);
            self.to.insert(flight.id(), to);
        }
        Ok(count)
    }

    /// Waits for one message to come down; for ever when none is on its way.
    async fn landed(&mut self) {
        let Some(landed) = self.flying.join_next_with_id().await else { return std::future::pending().await };
        let (id, verdict) = match landed {
            Ok(landed) => landed,
            Err(error) => {
                tracing::error!(%error, "a webhook attempt broke off");
                (error.id(), Verdict::Failed)
            }
        };
        let Some(To { endpoint, .. }) = self.to.remove(&id) else { return };
        match verdict {
            Verdict::Delivered | Verdict::Gone => {
                self.ailing.remove(&endpoint);
            }
            Verdict::Failed => {
                if self.ailing.insert(endpoint) {
                    tracing::warn!(%endpoint, "a webhook failed: it gets one message at a time until one arrives");
                }
            }
        }
    }
}

/// Those that nobody else took.
fn claim(
    tx: &mut Tx<'_>,
    chosen: &[DueMessage],
    now: Timestamp,
) -> Result<Vec<ClaimedMessage>, store::StoreError> {
    let until = later(now, CLAIM_SECONDS);
    let mut claimed = Vec::new();
    for it in chosen {
        claimed.extend(messages::claim(tx, it, until)?);
    }
    Ok(claimed)
}

/// One attempt, and what became of it.
async fn fly(
    store: Arc<Store>,
    sender: Sender,
    it: ClaimedMessage,
    clock: impl Fn() -> Timestamp,
) -> Verdict {
    let event = it.event.to_string();
    let owner = it.owner.to_string();
    let secrets = signing(&it, clock());
    let message = Message {
        url: &it.url,
        secrets: &secrets,
        owner: &owner,
        id: &event,
        body: &it.body,
        trace: it.trace.as_deref(),
    };
    let outcome = sender.send(message, webhooks::reach(it.owner, sender.customers())).await;
    let verdict = outcome.verdict();
    let result = match verdict {
        Verdict::Delivered => "delivered",
        Verdict::Gone => "gone",
        Verdict::Failed => "failed",
    };
    metrics::counter!(web::telemetry::WEBHOOK_ATTEMPTS, "result" => result).increment(1);
    let (id, now) = (it.id, clock());
    let written = blocking(&store, Access::Write, move |tx| webhooks::attempted(tx, id, &outcome, now)).await;
    if let Err(error) = written {
        tracing::error!(%error, message = %id, "the result of a webhook attempt is not written");
    }
    verdict
}

/// The secrets that sign a message at `now`: the newest first, and the one before while its time is not over.
fn signing(it: &ClaimedMessage, now: Timestamp) -> Vec<&str> {
    let old = it.old.as_ref().filter(|old| now < old.until);
    std::iter::once(it.secret.as_str()).chain(old.map(|old| old.secret.as_str())).collect()
}

#[derive(Clone, Copy)]
pub(crate) enum Access {
    Read,
    Write,
}

/// Works on the store without holding up those who wait for sockets.
pub(crate) async fn blocking<T, E>(
    store: &Arc<Store>,
    access: Access,
    work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
) -> Result<T, Refusal>
where
    T: Send + 'static,
    E: From<store::StoreError> + store::engine::AsStoreError + Into<Refusal> + Send + 'static,
{
    let store = store.clone();
    let done = spawn_blocking(move || match access {
        Access::Read => store.read(work),
        Access::Write => store.write(work),
    });
    let broken = |error: JoinError| Refusal::Store(store::StoreError::Setup(error.to_string()));
    done.await.map_err(broken)?.map_err(Into::into)
}
