//! Events: what happened, noted for whoever subscribed to it.
//!
//! In:  a transaction, whose it is, the kind and its data. Out: one event and a message to each endpoint that listens.
//! Invariant: an event is noted in the transaction that made it happen; when nobody listens it costs one read.

use super::Refusal;
use billing::bill::Bill;
use billing::order::Order;
use billing::pack::Pack;
use billing::resource::{EndedBy, Resource, State};
use billing::settle::{Run, Settled};
use billing::wallet::Wallet;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use store::endpoints::{self, Endpoint, Listener, Owner};
use store::events::Event;
use store::messages::NewMessage;
use store::notices::Notice;
use store::quarantine::Unplaced;
use store::{Tx, accounts, ledger, messages};
use units::{AccountId, Currency, EndpointId, EventId, MessageId, Money, Timestamp};

/// Every kind of event.
pub const KINDS: [&str; 22] = [
    "order.placed",
    "order.paid",
    "order.delivered",
    "order.failed",
    "order.closed",
    "resource.delivered",
    "resource.changed",
    "resource.released",
    "resource.failed",
    "pack.active",
    "pack.low",
    "pack.empty",
    "pack.expiring",
    "wallet.topped_up",
    "wallet.low",
    "wallet.in_arrears",
    "wallet.cleared",
    "bill.posted",
    "settlement.set_aside",
    "quarantine.added",
    "task.opened",
    PING,
];

/// What an endpoint is sent when its owner tries it.
pub const PING: &str = "ping";

/// Who is told of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Audience {
    /// The account that it happened to, and the operator.
    Everybody,
    Operator,
    Cloud,
}

fn audience(kind: &str) -> Audience {
    match kind.split_once('.').map_or(kind, |it| it.0) {
        "task" => Audience::Cloud,
        "settlement" | "quarantine" => Audience::Operator,
        _ => Audience::Everybody,
    }
}

/// Whether an endpoint that asked for `pattern` is told of `kind`.
pub fn fits(pattern: &str, kind: &str) -> bool {
    match pattern.strip_suffix(".*") {
        Some(family) => kind.strip_prefix(family).is_some_and(|it| it.starts_with('.')),
        None => pattern == "*" || pattern == kind,
    }
}

/// Why an endpoint of this owner is told of nothing when it asks for `pattern`, if that is so.
pub(super) fn unheard(owner: Owner, pattern: &str) -> Option<String> {
    let kinds: Vec<&str> = KINDS.into_iter().filter(|kind| fits(pattern, kind)).collect();
    let heard = |kind: &&str| **kind == *PING || is_for(owner, audience(kind));
    if kinds.iter().any(heard) {
        return None;
    }
    let pattern: String = pattern.chars().take(60).collect();
    let others = match (kinds.first().map(|it| audience(it)), owner) {
        (Some(Audience::Cloud), Owner::Operator) => {
            "is told to webhooks with `\"for\": \"cloud\"`; make one for it"
        }
        (Some(Audience::Cloud), Owner::Account(_) | Owner::Cloud) => {
            "is told to the cloud only; leave it out"
        }
        (Some(Audience::Operator), _) => "is told to the operator only; leave it out",
        (Some(Audience::Everybody), _) => {
            "is not told to the cloud, whose webhooks hear of `task.*`; make another without `for`"
        }
        (None, _) => {
            return Some(format!(
                "no event is of the kind `{pattern}`; docs/webhooks.md lists them, like order.* or *"
            ));
        }
    };
    Some(format!("`{pattern}` {others}"))
}

fn is_for(owner: Owner, audience: Audience) -> bool {
    match (audience, owner) {
        (Audience::Everybody, Owner::Account(_) | Owner::Operator)
        | (Audience::Operator, Owner::Operator)
        | (Audience::Cloud, Owner::Cloud) => true,
        (Audience::Everybody | Audience::Operator, Owner::Cloud)
        | (Audience::Operator, Owner::Account(_))
        | (Audience::Cloud, Owner::Account(_) | Owner::Operator) => false,
    }
}

fn hears(listener: &Listener, account: Option<AccountId>, kind: &str) -> bool {
    let own = match listener.owner {
        Owner::Account(owner) => account == Some(owner),
        Owner::Operator | Owner::Cloud => true,
    };
    own && is_for(listener.owner, audience(kind)) && listener.kinds.iter().any(|it| fits(it, kind))
}

/// Something that is about to be told: whose it is, its kind and its data, which is an object.
#[derive(Clone, Debug)]
pub struct News<'a> {
    pub account: Option<AccountId>,
    pub kind: &'a str,
    pub data: Value,
}

/// Notes that something happened to an account, or to the till itself.
pub fn emit(
    tx: &mut Tx<'_>,
    account: Option<AccountId>,
    kind: &str,
    data: &Value,
    now: Timestamp,
) -> Result<(), Refusal> {
    let listeners = listening(tx, account)?;
    if listeners.is_empty() {
        return Ok(());
    }
    tell(tx, &listeners, vec![News { account, kind, data: data.clone() }], now)
}

fn listening(tx: &mut Tx<'_>, account: Option<AccountId>) -> Result<Vec<Listener>, Refusal> {
    Ok(endpoints::listeners(tx, account.map(|it| (it, it)))?)
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

    /// Tells news in this order.
    pub fn tell(&self, tx: &mut Tx<'_>, news: Vec<News<'_>>, now: Timestamp) -> Result<(), Refusal> {
        tell(tx, &self.0, news, now)
    }

    fn news(
        &self,
        account: AccountId,
        kind: &'static str,
        data: impl FnOnce() -> Value,
    ) -> Option<News<'static>> {
        (!self.0.is_empty()).then(|| News { account: Some(account), kind, data: data() })
    }

    /// A step of an order: `order.placed`, `order.paid` and so on.
    pub fn order(&self, kind: &'static str, it: &Order, currency: Currency) -> Option<News<'static>> {
        self.news(it.account, kind, || {
            let pieces = || it.pieces.iter().map(|it| it.resource);
            let (resources, packs): (Vec<String>, Vec<String>) = match it.is_pack() {
                true => (Vec::new(), pieces().map(|it| Pack::id_of(it).to_string()).collect()),
                false => (pieces().map(|it| it.to_string()).collect(), Vec::new()),
            };
            json!({
                "order": it.id.to_string(),
                "purchase": it.group,
                "product": it.product,
                "name": it.name,
                "state": it.state.as_str(),
                "result": it.result(),
                "months": it.months,
                "total": money(it.total_minor, currency),
                "currency": currency.as_str(),
                "resources": resources,
                "packs": packs,
            })
        })
    }

    /// An order that a piece came or failed of: told when nothing is waited for any more.
    pub fn order_ended(&self, it: &Order, currency: Currency) -> Option<News<'static>> {
        use billing::order::State;
        match it.state {
            State::Delivered => self.order("order.delivered", it, currency),
            State::DeliveryFailed => self.order("order.failed", it, currency),
            State::Closed | State::Expired | State::Invalid => self.order("order.closed", it, currency),
            State::Unpaid | State::Paid | State::Delivering => None,
        }
    }

    /// A step of a resource: `resource.delivered` where it came, else by its state.
    pub fn resource(&self, kind: &'static str, it: &Resource) -> Option<News<'static>> {
        self.news(it.account, kind, || {
            let options: Map<String, Value> =
                it.options.iter().map(|(name, it)| (name.into(), it.into())).collect();
            json!({
                "resource": it.id.to_string(),
                "order": it.order.to_string(),
                "product": it.product,
                "name": it.name,
                "service": it.service,
                "options": options,
                "state": it.state.as_str(),
                "address": it.address,
                "deadline": it.deadline.map(|it| it.to_string()),
                "ended_by": it.ended_by.map(EndedBy::as_str),
            })
        })
    }

    /// A pack that was bought.
    pub fn pack(&self, it: &Pack) -> Option<News<'static>> {
        self.news(it.account, "pack.active", || {
            json!({
                "pack": it.id.to_string(),
                "order": it.order.to_string(),
                "family": it.family,
                "spec": it.spec,
                "name": it.name,
                "capacity": it.capacity,
                "effective": it.effective.to_string(),
                "expires": it.expires.to_string(),
            })
        })
    }

    /// The bill of something that was bought.
    pub fn bought(&self, it: &Bill<'_>) -> Option<News<'static>> {
        self.news(it.account, "bill.posted", || {
            json!({
                "cycle": "purchase",
                "order": it.order.map(|it| it.to_string()),
                "bill": it.id.to_string(),
                "from": it.from.to_string(),
                "to": it.to.to_string(),
                "bills": 1,
                "total": money(it.total_minor, it.currency),
                "currency": it.currency.as_str(),
            })
        })
    }

    /// Something that the cloud is to do; `data` is the task as the API shows it.
    pub fn task(&self, account: AccountId, data: Value) -> Option<News<'static>> {
        self.news(account, "task.opened", || data)
    }
}

/// Tells each piece of news to those of `listeners` that it is for.
fn tell(tx: &mut Tx<'_>, listeners: &[Listener], news: Vec<News<'_>>, now: Timestamp) -> Result<(), Refusal> {
    let heard = |it: &News<'_>| listeners.iter().any(|listener| hears(listener, it.account, it.kind));
    let news: Vec<News<'_>> = news.into_iter().filter(heard).collect();
    if news.is_empty() {
        return Ok(());
    }
    let (mut noted, mut sent) = (Vec::new(), Vec::new());
    let last = store::events::last_number(tx, now)?;
    for (number, it) in (last + 1..).zip(news) {
        let event = event(&it, number, now);
        let to = listeners.iter().filter(|listener| hears(listener, it.account, it.kind));
        sent.extend(to.map(|listener| message(&event, listener.id, now)));
        noted.push(event);
    }
    store::events::add(tx, &noted)?;
    Ok(messages::add(tx, &sent, now)?)
}

/// One message of an event to an endpoint.
fn message(event: &Event, endpoint: EndpointId, now: Timestamp) -> NewMessage {
    let id = MessageId::named(now, &format!("{} {endpoint}", event.id));
    NewMessage { id, endpoint, event: event.id, number: event.number }
}

/// Makes the event: its body is what receivers get.
fn event(news: &News<'_>, number: i64, now: Timestamp) -> Event {
    let News { account, kind, data } = news;
    let mut told = Map::new();
    if let Some(account) = account {
        told.insert("account".into(), json!(account.to_string()));
    }
    if let Value::Object(data) = data {
        told.extend(data.clone());
    }
    let told = Value::Object(told);
    let id = EventId::named(now, &format!("{now} {number} {kind} {told}"));
    // Members stand in the order of the specification.
    let body = format!(r#"{{"id":"{id}","type":"{kind}","timestamp":"{now}","data":{told}}}"#);
    let account = account.filter(|_| audience(kind) == Audience::Everybody);
    Event { id, account, kind: kind.to_string(), at: now, number, body }
}

/// Sends one endpoint something to try it with, whatever it listens to.
pub(super) fn ping(tx: &mut Tx<'_>, endpoint: &Endpoint, now: Timestamp) -> Result<MessageId, Refusal> {
    let account = match endpoint.owner {
        Owner::Account(id) => Some(id),
        Owner::Operator | Owner::Cloud => None,
    };
    let news = News { account, kind: PING, data: json!({ "webhook": endpoint.id.to_string() }) };
    let event = event(&news, store::events::last_number(tx, now)? + 1, now);
    let message = message(&event, endpoint.id, now);
    let id = message.id;
    store::events::add(tx, &[event])?;
    messages::add(tx, &[message], now)?;
    Ok(id)
}

fn money(minor: i64, currency: Currency) -> String {
    Money::from_minor(minor, currency).to_string()
}

/// An order that a piece came or failed of: told when nothing is waited for any more.
pub fn order_ended(tx: &mut Tx<'_>, it: &Order, now: Timestamp) -> Result<(), Refusal> {
    let ears = Ears::of(tx, [it.account])?;
    if ears.0.is_empty() {
        return Ok(());
    }
    let currency = accounts::get(tx, it.account)?.currency;
    ears.tell(tx, ears.order_ended(it, currency).into_iter().collect(), now)
}

/// A resource that took a step: `resource.released`, `resource.failed` or `resource.changed`.
pub fn resource_stepped(tx: &mut Tx<'_>, it: &Resource, now: Timestamp) -> Result<(), Refusal> {
    let kind = match it.state {
        State::Released => "resource.released",
        State::Failed => "resource.failed",
        State::Pending
        | State::Running
        | State::Stopped
        | State::StoppedFree
        | State::Limited
        | State::ArrearsStopped
        | State::Expired
        | State::Releasing
        | State::Recycled => "resource.changed",
    };
    let ears = Ears::of(tx, [it.account])?;
    ears.tell(tx, ears.resource(kind, it).into_iter().collect(), now)
}

/// A notice that a customer got: of a pack, of a low balance.
pub fn notice(tx: &mut Tx<'_>, it: &Notice, now: Timestamp) -> Result<(), Refusal> {
    let pack = |what: &str| json!({ "pack": it.subject, what: it.threshold, "at": it.at.to_string() });
    match it.kind.as_str() {
        "pack_low" => emit(tx, Some(it.account), "pack.low", &pack("percent_left"), now),
        "pack_exhausted" => emit(tx, Some(it.account), "pack.empty", &pack("percent_left"), now),
        "pack_expiring" => emit(tx, Some(it.account), "pack.expiring", &pack("days_left"), now),
        _ => Ok(()),
    }
}

/// Money in a wallet: topped up, low, in arrears, cleared.
pub fn wallet(
    tx: &mut Tx<'_>,
    kind: &str,
    it: &Wallet,
    more: &[(&str, String)],
    now: Timestamp,
) -> Result<(), Refusal> {
    let mut data = json!({
        "balance": money(it.balance(), it.currency),
        "available": money(it.available(), it.currency),
        "currency": it.currency.as_str(),
    });
    for (name, value) in more {
        data[*name] = json!(value);
    }
    emit(tx, Some(it.account), kind, &data, now)
}

/// Arrears that began or ended.
pub fn arrears(
    tx: &mut Tx<'_>,
    account: AccountId,
    since: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Refusal> {
    if listening(tx, Some(account))?.is_empty() {
        return Ok(());
    }
    let currency = accounts::get(tx, account)?.currency;
    let it = ledger::get(tx, account, currency)?.wallet;
    match since {
        Some(since) => wallet(tx, "wallet.in_arrears", &it, &[("since", since.to_string())], now),
        None => wallet(tx, "wallet.cleared", &it, &[], now),
    }
}

/// What a settlement run billed: one event for each account that has bills. One read for the whole batch.
pub fn settled(tx: &mut Tx<'_>, batch: &[(usize, Settled<'_>)], run: Run) -> Result<(), Refusal> {
    let ids = || batch.iter().map(|it| it.1.account);
    let listeners = endpoints::listeners(tx, ids().min().zip(ids().max()))?;
    if listeners.is_empty() {
        return Ok(());
    }
    let billed = batch.iter().filter(|it| !it.1.bills.is_empty());
    let news = billed.map(|(_, it)| {
        let total: i64 = it.bills.iter().map(|it| it.total_minor).fold(0, i64::saturating_add);
        let data = json!({
            "cycle": run.cycle.kind.as_str(),
            "from": run.cycle.from.to_string(),
            "to": run.cycle.to.to_string(),
            "bills": it.bills.len(),
            "total": money(total, it.wallet.currency),
            "currency": it.wallet.currency.as_str(),
        });
        News { account: Some(it.account), kind: "bill.posted", data }
    });
    let news = news.collect();
    tell(tx, &listeners, news, run.posted)
}

/// Readings that were kept aside: one event, however many came at once.
pub fn quarantined(tx: &mut Tx<'_>, readings: &[Unplaced<'_>], now: Timestamp) -> Result<(), Refusal> {
    let Some(first) = readings.first() else { return Ok(()) };
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for it in readings {
        *reasons.entry(it.reason).or_default() += 1;
    }
    let data = json!({
        "readings": readings.len(),
        "reasons": reasons,
        "first": {
            "source": first.source,
            "id": first.event,
            "subject": first.resource,
            "meter": first.meter,
            "reason": first.reason,
            "detail": first.detail,
        },
    });
    emit(tx, None, "quarantine.added", &data, now)
}

/// An account that a run could not settle.
pub fn set_aside(tx: &mut Tx<'_>, account: AccountId, run: Run, reason: &str) -> Result<(), Refusal> {
    let cycle = run.cycle;
    let data = json!({
        "cycle": cycle.kind.as_str(),
        "from": cycle.from.to_string(),
        "to": cycle.to.to_string(),
        "reason": reason,
    });
    emit(tx, Some(account), "settlement.set_aside", &data, run.posted)
}

#[cfg(test)]
mod tests;
