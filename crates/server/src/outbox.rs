//! The outbox: sends the messages that are due, several at once, and writes down what became of each.
//!
//! In:  a store, a sender, a clock. Out: messages sent, outside of any transaction.
//! Invariant: a message is claimed before it is sent, so two nodes do not send it at once; a node that dies leaves it
//! to be sent again when the claim ends. A slow receiver takes a part of the room, never all of it.

use desk::{Refusal, later, webhooks};
use providers::webhook::{Message, Sender, Verdict};
use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use store::messages::{self, DueMessage};
use store::{Store, Tx};
use tokio::task::{Id, JoinError, JoinSet, spawn_blocking};
use units::{EndpointId, Timestamp};

/// Messages on their way at one time.
const AT_ONCE: usize = 16;
/// Of these to one endpoint.
const PER_ENDPOINT: usize = 4;
/// Messages that are looked at to fill the room.
const LOOK_AT: i64 = 64;
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
    flying: JoinSet<()>,
    to: HashMap<Id, EndpointId>,
}

impl<C: Fn() -> Timestamp + Clone + Send + 'static> Outbox<C> {
    fn new(store: Arc<Store>, sender: Sender, clock: C) -> Outbox<C> {
        Outbox { store, sender, clock, flying: JoinSet::new(), to: HashMap::new() }
    }

    fn busy(&self, endpoint: EndpointId) -> usize {
        self.to.values().filter(|it| **it == endpoint).count()
    }

    /// Claims what is due as far as there is room, and sends it on its way.
    async fn fill(&mut self) -> Result<usize, Refusal> {
        let room = AT_ONCE.saturating_sub(self.flying.len());
        if room == 0 {
            return Ok(0);
        }
        let now = (self.clock)();
        let full: Vec<EndpointId> =
            self.to.values().copied().filter(|it| self.busy(*it) >= PER_ENDPOINT).collect();
        let found =
            blocking(&self.store, Access::Read, move |tx| messages::due(tx, now, &full, LOOK_AT)).await?;
        let mut chosen: Vec<DueMessage> = Vec::new();
        for it in found {
            let here = chosen.iter().filter(|other| other.endpoint == it.endpoint).count();
            if chosen.len() < room && self.busy(it.endpoint) + here < PER_ENDPOINT {
                chosen.push(it);
            }
        }
        if chosen.is_empty() {
            return Ok(0);
        }
        let claimed = blocking(&self.store, Access::Write, move |tx| claim(tx, &chosen, now)).await?;
        let count = claimed.len();
        for it in claimed {
            let endpoint = it.endpoint;
            let flight = fly(self.store.clone(), self.sender.clone(), it, self.clock.clone());
            let flight = self.flying.spawn(flight);
            self.to.insert(flight.id(), endpoint);
        }
        Ok(count)
    }

    /// Waits for one message to come down; for ever when none is on its way.
    async fn landed(&mut self) {
        let Some(landed) = self.flying.join_next_with_id().await else { return std::future::pending().await };
        let id = match &landed {
            Ok((id, ())) => *id,
            Err(error) => error.id(),
        };
        self.to.remove(&id);
        if let Err(error) = landed {
            tracing::error!(%error, "a webhook attempt broke off");
        }
    }
}

/// Those that nobody else took.
fn claim(
    tx: &mut Tx<'_>,
    chosen: &[DueMessage],
    now: Timestamp,
) -> Result<Vec<DueMessage>, store::StoreError> {
    let until = later(now, CLAIM_SECONDS);
    let mut claimed = Vec::new();
    for it in chosen {
        if messages::claim(tx, it, until)? {
            claimed.push(it.clone());
        }
    }
    Ok(claimed)
}

/// One attempt, and what became of it.
async fn fly(store: Arc<Store>, sender: Sender, it: DueMessage, clock: impl Fn() -> Timestamp) {
    let event = it.event.to_string();
    let message = Message { url: &it.url, secret: &it.secret, id: &event, body: &it.body };
    let outcome = sender.send(message, webhooks::reach(it.owner, sender.customers())).await;
    let result = match outcome.verdict() {
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
}

#[derive(Clone, Copy)]
enum Access {
    Read,
    Write,
}

/// Works on the store without holding up those who wait for sockets.
async fn blocking<T, E>(
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
