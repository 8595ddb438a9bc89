//! Messages: one event to one endpoint, tried until it is delivered or given up; and the log of attempts.
//!
//! In:  a transaction, endpoints, results of attempts. Out: what is due, logs.
//! Invariant: whoever moves `due_us` away first sends; every attempt is logged with a number of its own.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::endpoint::{OldSecret, Owner, State};
use billing::event::EventKind;
use units::{EndpointId, EventId, MessageId, Timestamp};

/// The message of each endpoint that stands at a place among those that are due: one step in an index for each.
macro_rules! due_at {
    ($place:literal) => {
        concat!(
            "select m.id, m.endpoint, m.due_us, e.owner, m.number from endpoints e cross join messages m
            where e.state = 'enabled' and m.id = (select n.id from messages n where n.endpoint = e.id
            and n.due_us <= $1 order by n.due_us, n.number, n.id limit 1 offset ",
            $place,
            ")"
        )
    };
}

statements! {
    ADD = "insert into messages (id, endpoint, event, number, state, attempt, tries, due_us, status, error, created_us, ended_us)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing";
    DUE = concat!(due_at!("0"), " union all ", due_at!("1"), " union all ", due_at!("2"), " union all ", due_at!("3"),
        " order by 3, 5, 1");
    LOAD = "select m.id, m.endpoint, m.event, e.owner, e.url, e.secret, v.body, e.old_secret, e.old_until_us, v.trace
        from messages m join endpoints e on e.id = m.endpoint join events v on v.id = m.event where m.id = $1";
    CLAIM = "update messages set due_us = $3 where id = $1 and due_us = $2 and state = 'pending'";
    NEXT = "select min(due_us) from messages";
    TRIED = "update messages set attempt = attempt + 1, tries = tries + 1, status = $2, error = $3 where id = $1
        returning attempt, tries, state, endpoint";
    LOG = "insert into message_attempts (message, number, at_us, status, error) values ($1, $2, $3, $4, $5)";
    SETTLE = "update messages set state = $2, due_us = $3, ended_us = $4 where id = $1";
    RESEND = "update messages set state = 'pending', tries = 0, due_us = $2, ended_us = null where id = $1";
    HOLD = "update messages set due_us = null where endpoint = $1 and state = 'pending'";
    GO_ON = "update messages set due_us = $2 where endpoint = $1 and state = 'pending' and due_us is null";
    DROP_LOG = "delete from message_attempts where message in (select id from messages where endpoint = $1)";
    DROP = "delete from messages where endpoint = $1";
    DROP_OLD_LOG = "delete from message_attempts where message in
        (select m.id from events e join messages m on m.event = e.id where e.at_us < $1)";
    DROP_OLD = "delete from messages where event in (select id from events where at_us < $1)";
    GET = "select m.id, m.endpoint, m.event, v.kind, m.number, m.state, m.attempt, m.due_us, m.status, m.error, m.created_us,
        m.ended_us from messages m join endpoints e on e.id = m.endpoint join events v on v.id = m.event
        where m.id = $1 and (e.owner = $2 or e.owner = $3)";
    PAGE = "select m.id, m.endpoint, m.event, v.kind, m.number, m.state, m.attempt, m.due_us, m.status, m.error, m.created_us,
        m.ended_us from messages m join events v on v.id = m.event
        where m.endpoint = $1 and ($2 = '' or m.state = $2) and (m.created_us, m.number, m.id) < ($3, $4, $5)
        order by m.created_us desc, m.number desc, m.id desc limit $6";
    QUEUES = "select q.endpoint, e.owner, e.url, e.state, q.waiting, q.failing, q.oldest_us from
        (select endpoint, count(*) as waiting, sum(case when tries > 0 then 1 else 0 end) as failing, min(created_us) as oldest_us
        from messages where due_us is not null and state = 'pending' group by endpoint) q
        join endpoints e on e.id = q.endpoint order by q.oldest_us, q.endpoint limit $1";
    ATTEMPTS = "select number, at_us, status, error from message_attempts where message = $1 order by number";
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageState {
    Pending,
    Delivered,
    GivenUp,
}

impl MessageState {
    /// Its stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            MessageState::Pending => "pending",
            MessageState::Delivered => "delivered",
            MessageState::GivenUp => "given_up",
        }
    }

    /// The state of this name.
    pub fn parse(text: &str) -> Option<MessageState> {
        [MessageState::Pending, MessageState::Delivered, MessageState::GivenUp]
            .into_iter()
            .find(|it| it.as_str() == text)
    }
}

/// What waits to be sent to an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    pub endpoint: EndpointId,
    pub owner: Owner,
    pub url: String,
    pub state: State,
    /// Messages that wait.
    pub waiting: i64,
    /// Those of them that were tried in vain.
    pub failing: i64,
    /// When the oldest of them was made.
    pub oldest: Timestamp,
}

/// Where messages wait, the longest wait first, so many endpoints at most.
pub fn queues(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Queue>, StoreError> {
    tx.rows(QUEUES, &[most.into()], |row| {
        Ok(Queue {
            endpoint: row.parsed(0, "endpoint", |it| it.parse().ok())?,
            owner: row.parsed(1, "owner", Owner::parse)?,
            url: row.text(2)?,
            state: row.parsed(3, "endpoint state", State::parse)?,
            waiting: row.int(4)?,
            failing: row.int(5)?,
            oldest: at(row.int(6)?)?,
        })
    })
}

/// A message that is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    pub id: MessageId,
    pub endpoint: EndpointId,
    pub event: EventId,
    pub number: i64,
}

/// A message that is to be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueMessage {
    pub id: MessageId,
    pub endpoint: EndpointId,
    pub owner: Owner,
    pub due: Timestamp,
}

/// A message that was taken to be sent, with all that sending needs.
#[derive(Clone, PartialEq, Eq)]
pub struct ClaimedMessage {
    pub id: MessageId,
    pub endpoint: EndpointId,
    pub event: EventId,
    pub owner: Owner,
    pub url: String,
    /// As it is kept.
    pub secret: String,
    /// The one before, which may sign too.
    pub old: Option<OldSecret>,
    pub body: String,
    /// The `traceparent` of the request that made the event.
    pub trace: Option<String>,
}

/// A message as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    pub endpoint: EndpointId,
    pub event: EventId,
    pub kind: EventKind,
    pub number: i64,
    pub state: MessageState,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next.
    pub due: Option<Timestamp>,
    /// The last answer.
    pub status: Option<i64>,
    pub error: String,
    pub created: Timestamp,
    pub ended: Option<Timestamp>,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub number: i64,
    pub at: Timestamp,
    /// The answer; `None` when none came.
    pub status: Option<i64>,
    pub error: String,
}

/// What came back when a message was sent.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// `None` when none came.
    pub status: Option<i64>,
    /// Why it failed; empty when it did not.
    pub error: &'a str,
}

/// What follows from an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    Delivered,
    GivenUp,
    /// It is tried again, then or when its endpoint is enabled.
    Again(Option<Timestamp>),
}

/// What an attempt made of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Attempts since the message was made or last resent.
    pub tries: i64,
    pub state: MessageState,
    pub endpoint: EndpointId,
}

/// Adds messages that are due at once.
pub fn add(tx: &mut Tx<'_>, messages: &[NewMessage], now: Timestamp) -> Result<(), StoreError> {
    let row = |it: &NewMessage| -> [Value<'_>; 12] {
        [
            it.id.to_string().into(),
            it.endpoint.to_string().into(),
            it.event.to_string().into(),
            it.number.into(),
            MessageState::Pending.as_str().into(),
            0.into(),
            0.into(),
            us(now).into(),
            Value::Null,
            "".into(),
            us(now).into(),
            Value::Null,
        ]
    };
    let rows: Vec<[Value<'_>; 12]> = messages.iter().map(row).collect();
    tx.many(ADD, &rows).map(drop)
}

/// What `due` looks at of each endpoint.
pub const DUE_OF_ENDPOINT: usize = 4;

/// What is to be sent at `now`, longest waiting first: of each endpoint the first few, so that a long backlog of one hides
/// nothing of another.
pub fn due(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<DueMessage>, StoreError> {
    tx.rows(DUE, &[us(now).into()], |row| {
        Ok(DueMessage {
            id: row.parsed(0, "message", |it| it.parse().ok())?,
            endpoint: row.parsed(1, "endpoint", |it| it.parse().ok())?,
            due: at(row.int(2)?)?,
            owner: row.parsed(3, "owner", Owner::parse)?,
        })
    })
}

/// Takes a due message until `until`. `None` when somebody else took it first.
pub fn claim(
    tx: &mut Tx<'_>,
    it: &DueMessage,
    until: Timestamp,
) -> Result<Option<ClaimedMessage>, StoreError> {
    if tx.exec(CLAIM, &[it.id.to_string().into(), us(it.due).into(), us(until).into()])? == 0 {
        return Ok(None);
    }
    let found = tx.rows(LOAD, &[it.id.to_string().into()], |row| {
        Ok(ClaimedMessage {
            id: row.parsed(0, "message", |it| it.parse().ok())?,
            endpoint: row.parsed(1, "endpoint", |it| it.parse().ok())?,
            event: row.parsed(2, "event", |it| it.parse().ok())?,
            owner: row.parsed(3, "owner", Owner::parse)?,
            url: row.text(4)?,
            secret: row.text(5)?,
            body: row.text(6)?,
            old: crate::endpoints::old(row, [7, 8])?,
            trace: row.maybe_text(9)?,
        })
    })?;
    Ok(found.into_iter().next())
}

/// When the next message is to be sent.
pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    crate::tasks::earliest(tx, NEXT)
}

/// Logs an attempt. `None` when the message is gone with its endpoint.
pub fn tried(
    tx: &mut Tx<'_>,
    id: MessageId,
    reply: Reply<'_>,
    now: Timestamp,
) -> Result<Option<Tried>, StoreError> {
    let Reply { status, error } = reply;
    let found = tx.rows(TRIED, &[id.to_string().into(), status.into(), error.into()], |row| {
        let tried = Tried {
            tries: row.int(1)?,
            state: row.parsed(2, "message state", MessageState::parse)?,
            endpoint: row.parsed(3, "endpoint", |it| it.parse().ok())?,
        };
        Ok((row.int(0)?, tried))
    })?;
    let Some((number, tried)) = found.into_iter().next() else { return Ok(None) };
    let args = [id.to_string().into(), number.into(), us(now).into(), status.into(), error.into()];
    tx.exec(LOG, &args)?;
    Ok(Some(tried))
}

/// Writes what follows from an attempt.
pub fn settle(tx: &mut Tx<'_>, id: MessageId, follows: Follows, now: Timestamp) -> Result<(), StoreError> {
    let (state, due, ended) = match follows {
        Follows::Delivered => (MessageState::Delivered, None, Some(us(now))),
        Follows::GivenUp => (MessageState::GivenUp, None, Some(us(now))),
        Follows::Again(due) => (MessageState::Pending, due.map(us), None),
    };
    let args = [id.to_string().into(), state.as_str().into(), due.into(), ended.into()];
    tx.exec(SETTLE, &args).map(drop)
}

/// Has a message sent once more, with all its attempts before it.
pub fn resend(tx: &mut Tx<'_>, id: MessageId, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(RESEND, &[id.to_string().into(), us(now).into()]).map(drop)
}

/// Holds what waits for an endpoint that is disabled.
pub fn hold(tx: &mut Tx<'_>, endpoint: EndpointId) -> Result<(), StoreError> {
    tx.exec(HOLD, &[endpoint.to_string().into()]).map(drop)
}

/// What waited while an endpoint was disabled goes on.
pub fn go_on(tx: &mut Tx<'_>, endpoint: EndpointId, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(GO_ON, &[endpoint.to_string().into(), us(now).into()]).map(drop)
}

/// Forgets the messages of an endpoint and their log.
pub fn drop_all(tx: &mut Tx<'_>, endpoint: EndpointId) -> Result<(), StoreError> {
    tx.exec(DROP_LOG, &[endpoint.to_string().into()])?;
    tx.exec(DROP, &[endpoint.to_string().into()]).map(drop)
}

fn message(row: &Row<'_>) -> Result<Message, StoreError> {
    Ok(Message {
        id: row.parsed(0, "message", |it| it.parse().ok())?,
        endpoint: row.parsed(1, "endpoint", |it| it.parse().ok())?,
        event: row.parsed(2, "event", |it| it.parse().ok())?,
        kind: row.parsed(3, "event kind", EventKind::parse)?,
        number: row.int(4)?,
        state: row.parsed(5, "message state", MessageState::parse)?,
        attempts: row.int(6)?,
        due: row.maybe_int(7)?.map(at).transpose()?,
        status: row.maybe_int(8)?,
        error: row.text(9)?,
        created: at(row.int(10)?)?,
        ended: row.maybe_int(11)?.map(at).transpose()?,
    })
}

/// Errors: `NotFound`, also for a message of somebody else.
pub fn get(tx: &mut Tx<'_>, owners: [Owner; 2], id: MessageId) -> Result<Message, StoreError> {
    let [one, other] = owners.map(|it| it.to_string());
    tx.one(GET, &[id.to_string().into(), one.into(), other.into()], &format!("message {id}"), message)
}

/// Which messages: of an endpoint, all or those of one state.
#[derive(Clone, Copy, Debug)]
pub struct MessageFilter {
    pub endpoint: EndpointId,
    pub state: Option<MessageState>,
}

/// Messages that fit, newest first, those after `after`.
pub fn page(
    tx: &mut Tx<'_>,
    filter: MessageFilter,
    after: Option<&Message>,
    limit: i64,
) -> Result<Vec<Message>, StoreError> {
    let (created, number, id) = match after {
        Some(it) => (us(it.created), it.number, it.id.to_string()),
        None => (i64::MAX, i64::MAX, String::new()),
    };
    let args = [
        filter.endpoint.to_string().into(),
        filter.state.map_or("", MessageState::as_str).into(),
        created.into(),
        number.into(),
        id.into(),
        limit.into(),
    ];
    tx.rows(PAGE, &args, message)
}

/// Every attempt of a message, in order.
pub fn attempts(tx: &mut Tx<'_>, id: MessageId) -> Result<Vec<Attempt>, StoreError> {
    tx.rows(ATTEMPTS, &[id.to_string().into()], |row| {
        Ok(Attempt {
            number: row.int(0)?,
            at: at(row.int(1)?)?,
            status: row.maybe_int(2)?,
            error: row.text(3)?,
        })
    })
}

/// Forgets the messages of events before `at`, with the log of their delivery.
pub fn drop_before(tx: &mut Tx<'_>, at: Timestamp) -> Result<(), StoreError> {
    tx.exec(DROP_OLD_LOG, &[us(at).into()])?;
    tx.exec(DROP_OLD, &[us(at).into()]).map(drop)
}
