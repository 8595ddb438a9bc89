//! How events are told: noted once, and a message of them to each endpoint that listens.
//!
//! In:  a transaction, news. Out: events and messages.
//! Invariant: what nobody listens to is not noted, and costs one read.

use super::audience::hears;
use super::told::{Payload, Sometimes, payload};
use crate::{At, Cause, Refusal};
use billing::endpoint::{Endpoint, Listener};
use billing::event::{Audience, EventKind};
use serde_json::Value;
use store::endpoints;
use store::events::Event;
use store::messages::NewMessage;
use store::{Tx, messages};
use units::{AccountId, EndpointId, EventId, MessageId, Timestamp};

/// Something that is about to be told: whose it is, its kind and its payload as JSON.
#[derive(Clone, Debug)]
pub struct News {
    pub account: Option<AccountId>,
    pub kind: EventKind,
    pub data: Value,
}

impl News {
    /// What `told` says, of an account or of the till itself.
    ///
    /// Invariant: a kind tells the payload that the document of the API says.
    pub(super) fn of<P: Payload>(account: impl Into<Option<AccountId>>, kind: EventKind, told: &P) -> News {
        assert!(P::KINDS.contains(&kind), "{} does not tell this payload", kind.as_str());
        News { account: account.into(), kind, data: told.told() }
    }
}

/// When something happened, and for which requests.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    now: Timestamp,
    cause: Cause<'a>,
}

impl<'a> From<At<'a>> for Moment<'a> {
    fn from(at: At<'a>) -> Moment<'a> {
        Moment { now: at.now, cause: at.cause }
    }
}

/// What time brought.
impl From<Timestamp> for Moment<'static> {
    fn from(now: Timestamp) -> Moment<'static> {
        Moment { now, cause: Cause::Time }
    }
}

/// Notes that something happened to an account, or to the till itself.
pub fn emit(tx: &mut Tx<'_>, news: News, now: Timestamp) -> Result<(), Refusal> {
    let ears = Ears::of(tx, news.account)?;
    ears.tell(tx, vec![news], now)
}

/// Who listens to what happens to some accounts. What nobody listens to is not put into words.
#[derive(Debug)]
pub struct Ears(Vec<Listener>);

impl Ears {
    /// One read, however many accounts.
    pub fn of(tx: &mut Tx<'_>, accounts: impl IntoIterator<Item = AccountId>) -> Result<Ears, Refusal> {
        let range = accounts.into_iter().fold(None, |range: Option<(AccountId, AccountId)>, it| {
            Some(range.map_or((it, it), |(least, most)| (least.min(it), most.max(it))))
        });
        Ok(Ears(endpoints::listeners(tx, range)?))
    }

    /// News of an account, put into words if somebody listens.
    pub(super) fn news<P: Payload>(
        &self,
        account: AccountId,
        kind: EventKind,
        told: impl FnOnce() -> P,
    ) -> Option<News> {
        (!self.0.is_empty()).then(|| News::of(account, kind, &told()))
    }

    /// Tells each piece of news, in this order, to those that it is for.
    pub fn tell<'a>(
        &self,
        tx: &mut Tx<'_>,
        news: Vec<News>,
        moment: impl Into<Moment<'a>>,
    ) -> Result<(), Refusal> {
        let moment = moment.into();
        let now = moment.now;
        let heard: Vec<News> = news.into_iter().filter(|it| self.hearing(it).next().is_some()).collect();
        if heard.is_empty() {
            return Ok(());
        }
        let (mut noted, mut sent) = (Vec::new(), Vec::new());
        let last = store::events::last_number(tx, now)?;
        for (number, it) in (last + 1..).zip(heard) {
            let event = event(&it, number, moment, Happened::Truly);
            sent.extend(self.hearing(&it).map(|listener| message(&event, listener.id, now)));
            noted.push(event);
        }
        store::events::add(tx, &noted)?;
        Ok(messages::add(tx, &sent, now)?)
    }

    /// Those that are told of it.
    fn hearing(&self, news: &News) -> impl Iterator<Item = &Listener> {
        let (account, kind) = (news.account, news.kind);
        self.0.iter().filter(move |listener| hears(listener, account, kind))
    }
}

/// One message of an event to an endpoint.
fn message(event: &Event, endpoint: EndpointId, now: Timestamp) -> NewMessage {
    let id = MessageId::named(now, &format!("{} {endpoint}", event.id));
    NewMessage { id, endpoint, event: event.id, number: event.number }
}

/// Whether something happened, or an example of it was asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Happened {
    Truly,
    ForATest,
}

/// Makes the event: its body is what receivers get.
fn event(news: &News, number: i64, moment: Moment<'_>, happened: Happened) -> Event {
    let News { account, kind, data } = news;
    let Moment { now, cause } = moment;
    let trace = cause.of(*account).map(str::to_string);
    let word = kind.as_str();
    let id = EventId::named(now, &format!("{now} {number} {word} {data}"));
    let test = match happened {
        Happened::Truly => "",
        Happened::ForATest => r#","test":true"#,
    };
    // Members stand in the order of the specification.
    let body = format!(r#"{{"id":"{id}","type":"{word}","timestamp":"{now}"{test},"data":{data}}}"#);
    let account = match kind.audience() {
        Audience::Everybody | Audience::Asker => *account,
        Audience::Operator | Audience::Cloud => None,
    };
    Event { id, account, kind: *kind, at: now, number, body, trace }
}

payload! {
    /// What a webhook is sent when its owner tries it.
    Ping of [Ping] {
        /// Whose the webhook is; left out where it is the operator's.
        account: Sometimes<AccountId>,
        webhook: EndpointId,
    }
}

/// Sends one endpoint something to try it with, whatever it listens to.
pub(crate) fn ping(tx: &mut Tx<'_>, endpoint: &Endpoint, at: At<'_>) -> Result<MessageId, Refusal> {
    let account = endpoint.owner.account();
    let told = Ping { account: Sometimes(account), webhook: endpoint.id };
    let number = store::events::last_number(tx, at.now)? + 1;
    send(tx, endpoint, event(&News::of(account, EventKind::Ping, &told), number, at.into(), Happened::Truly))
}

/// Sends one endpoint something made up, whatever it listens to. The event says of itself that it is a test.
pub(super) fn send_made_up(
    tx: &mut Tx<'_>,
    endpoint: &Endpoint,
    news: &News,
    at: At<'_>,
) -> Result<MessageId, Refusal> {
    let number = store::events::last_number(tx, at.now)? + 1;
    send(tx, endpoint, event(news, number, at.into(), Happened::ForATest))
}

/// Sends one endpoint an event, whatever it listens to.
fn send(tx: &mut Tx<'_>, endpoint: &Endpoint, event: Event) -> Result<MessageId, Refusal> {
    let now = event.at;
    let message = message(&event, endpoint.id, now);
    let id = message.id;
    store::events::add(tx, &[event])?;
    messages::add(tx, &[message], now)?;
    Ok(id)
}

#[cfg(test)]
mod tests;
