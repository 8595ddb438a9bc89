//! Webhooks: addresses that are told of events, what they were sent, and what becomes of each attempt.
//!
//! In:  a transaction, who asks (an account, or `None` for the operator), the time. Out: endpoints, messages, events.
//! Invariant: a secret is made outside and handed in; nobody sees an endpoint, a message or an event of another.

use super::{At, Desk, Refusal, events, later};
use billing::endpoint::{Endpoint, OldSecret, Owner, State};
use billing::event::EventKind;
use providers::installation::{self, InstallationKey};
use providers::webhook::{self, AddressError, Outcome, Reach, Verdict, guard};
use store::messages::{Attempt, Follows, Message, Reply};
use store::{Tx, endpoints, messages};
use units::{AccountId, EndpointId, MessageId, Timestamp};

/// How many one owner may have.
pub const MOST: usize = 20;

/// So long an old secret signs beside the new one where nothing else is said: a day.
pub const OVERLAP_SECONDS: u64 = 86_400;

/// An endpoint that is to be made.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub owner: Owner,
    pub url: &'a str,
    pub kinds: &'a [String],
    /// As it is to be kept: what `sealed` gives.
    pub secret: &'a str,
}

/// A secret that takes the place of another.
#[derive(Clone, Copy, Debug)]
pub struct Rotation<'a> {
    /// Whose: an account's, or `None` for the operator.
    pub account: Option<AccountId>,
    pub id: EndpointId,
    pub secret: &'a str,
    /// So long the old one signs too, in seconds.
    pub overlap_seconds: u64,
}

/// A secret of `owner` as it is to be kept. Errors: `Installation` where the machine has no random numbers.
pub fn sealed(desk: &Desk, owner: Owner, secret: &str) -> Result<String, Refusal> {
    match &desk.key {
        Some(key) => Ok(key.seal(&webhook::purpose(&owner.to_string()), secret)?),
        None => Ok(secret.to_string()),
    }
}

/// Seals every secret that is kept open: those of books that are older than the installation's key.
pub fn seal_all(tx: &mut Tx<'_>, key: &InstallationKey) -> Result<(), Refusal> {
    for endpoint in endpoints::all(tx)? {
        let purpose = webhook::purpose(&endpoint.owner.to_string());
        if installation::is_sealed(&endpoint.secret) {
            installation::open(Some(key), &purpose, &endpoint.secret)?;
            continue;
        }
        let old = endpoint.old.as_ref().map(|it| -> Result<OldSecret, Refusal> {
            Ok(OldSecret { secret: key.seal(&purpose, &it.secret)?, until: it.until })
        });
        let secret = key.seal(&purpose, &endpoint.secret)?;
        endpoints::save(tx, &Endpoint { secret, old: old.transpose()?, ..endpoint })?;
    }
    Ok(())
}

/// Seals every secret with `new` that is sealed with `old`.
///
/// Errors: `Installation` for a secret that is sealed with another one.
pub fn reseal_all(tx: &mut Tx<'_>, old: &InstallationKey, new: &InstallationKey) -> Result<(), Refusal> {
    for endpoint in endpoints::all(tx)? {
        let purpose = webhook::purpose(&endpoint.owner.to_string());
        let resealed = |kept: &str| -> Result<String, Refusal> {
            Ok(new.seal(&purpose, &installation::open(Some(old), &purpose, kept)?)?)
        };
        let before = endpoint.old.as_ref().map(|it| -> Result<OldSecret, Refusal> {
            Ok(OldSecret { secret: resealed(&it.secret)?, until: it.until })
        });
        let secret = resealed(&endpoint.secret)?;
        endpoints::save(tx, &Endpoint { secret, old: before.transpose()?, ..endpoint })?;
    }
    Ok(())
}

/// What of an endpoint is to change; `None` stays.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    pub url: Option<&'a str>,
    pub kinds: Option<&'a [String]>,
    pub state: Option<State>,
    /// How far webhooks of customers may go.
    pub customers: Reach,
}

impl Change<'_> {
    /// Nothing is to change.
    pub fn none(customers: Reach) -> Change<'static> {
        Change { url: None, kinds: None, state: None, customers }
    }
}

/// A message with its attempts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    pub message: Message,
    pub attempts: Vec<Attempt>,
}

/// What the asker may see: its own, and for the operator also what is for the cloud.
pub(crate) fn owners(account: Option<AccountId>) -> [Owner; 2] {
    match account {
        Some(id) => [Owner::Account(id); 2],
        None => [Owner::Operator, Owner::Cloud],
    }
}

/// How far messages of this owner go: what the operator wrote may be anywhere.
pub fn reach(owner: Owner, customers: Reach) -> Reach {
    match owner {
        Owner::Account(_) => customers,
        Owner::Operator | Owner::Cloud => Reach::Anywhere,
    }
}

/// The kinds without repetition, if an endpoint of this owner can be told of each of them.
fn kinds(owner: Owner, asked: &[String]) -> Result<Vec<String>, Refusal> {
    let mut kinds: Vec<String> = Vec::new();
    for (index, pattern) in asked.iter().enumerate() {
        if let Some(why) = events::unheard(owner, pattern) {
            return Err(Refusal::EventKind(why).of(format!("kinds[{index}]")));
        }
        if !kinds.contains(pattern) {
            kinds.push(pattern.clone());
        }
    }
    match kinds.is_empty() {
        true => Err(Refusal::EventKind("name at least one kind of event, or `*`".into()).of("kinds")),
        false => Ok(kinds),
    }
}

fn of_url(error: AddressError) -> Refusal {
    Refusal::from(error).of("url")
}

/// Everything that is wrong with an address and kinds of events of an endpoint, as `create` and `change` would refuse it.
pub fn faults(owner: Owner, url: &str, asked: &[String], customers: Reach) -> Vec<Refusal> {
    let address = guard::check(url, reach(owner, customers)).err().map(of_url);
    address.into_iter().chain(kinds(owner, asked).err()).collect()
}

/// Adds an endpoint. Errors: an address that is not called, an unknown kind, too many.
pub fn create(tx: &mut Tx<'_>, new: &New<'_>, customers: Reach, now: Timestamp) -> Result<Endpoint, Refusal> {
    guard::check(new.url, reach(new.owner, customers)).map_err(of_url)?;
    let kinds = kinds(new.owner, new.kinds)?;
    let there = endpoints::of(tx, [new.owner; 2])?.len();
    if there >= MOST {
        return Err(Refusal::Webhooks(there));
    }
    let endpoint = Endpoint {
        id: EndpointId::named(now, &format!("{} {} {}", new.owner, new.url, new.secret)),
        owner: new.owner,
        url: new.url.to_string(),
        secret: new.secret.to_string(),
        kinds,
        state: State::Enabled,
        created: now,
        old: None,
    };
    endpoints::add(tx, &endpoint)?;
    Ok(endpoint)
}

/// Errors: `not_found`, also for an endpoint of somebody else.
pub fn get(tx: &mut Tx<'_>, account: Option<AccountId>, id: EndpointId) -> Result<Endpoint, Refusal> {
    Ok(endpoints::get(tx, owners(account), id)?)
}

/// Changes address, kinds or state. What waited while it was disabled goes on when it is enabled.
pub fn change(
    tx: &mut Tx<'_>,
    account: Option<AccountId>,
    id: EndpointId,
    change: &Change<'_>,
    now: Timestamp,
) -> Result<Endpoint, Refusal> {
    let before = get(tx, account, id)?;
    let mut after = before.clone();
    if let Some(url) = change.url {
        guard::check(url, reach(before.owner, change.customers)).map_err(of_url)?;
        after.url = url.to_string();
    }
    if let Some(asked) = change.kinds {
        after.kinds = kinds(before.owner, asked)?;
    }
    after.state = change.state.unwrap_or(before.state);
    endpoints::save(tx, &after)?;
    match (before.state, after.state) {
        (State::Enabled, State::Disabled) => messages::hold(tx, id)?,
        (State::Disabled, State::Enabled) => messages::go_on(tx, id, now)?,
        (State::Enabled, State::Enabled) | (State::Disabled, State::Disabled) => {}
    }
    Ok(after)
}

/// Gives an endpoint another secret. For as long as is asked the old one signs too; then nothing, not even what waits.
///
/// What signed before the old one signs nothing from now on: there are two signatures at most.
pub fn rotate(tx: &mut Tx<'_>, at: At<'_>, new: &Rotation<'_>) -> Result<Endpoint, Refusal> {
    let before = get(tx, new.account, new.id)?;
    let secret = sealed(at.desk, before.owner, new.secret)?;
    let until = later(at.now, new.overlap_seconds);
    let old = (new.overlap_seconds > 0).then(|| OldSecret { secret: before.secret.clone(), until });
    let after = Endpoint { secret, old, ..before };
    endpoints::save(tx, &after)?;
    Ok(after)
}

/// Removes an endpoint with its messages and their log. Events stay.
pub fn remove(tx: &mut Tx<'_>, account: Option<AccountId>, id: EndpointId) -> Result<(), Refusal> {
    get(tx, account, id)?;
    messages::drop_all(tx, id)?;
    Ok(endpoints::remove(tx, id)?)
}

/// Sends an endpoint an event to try it with.
pub fn ping(
    tx: &mut Tx<'_>,
    account: Option<AccountId>,
    id: EndpointId,
    at: At<'_>,
) -> Result<Logged, Refusal> {
    let endpoint = enabled(tx, account, id)?;
    let message = events::ping(tx, &endpoint, at)?;
    self::message(tx, account, message)
}

/// What an endpoint is to be tried with.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    pub endpoint: EndpointId,
    pub kind: EventKind,
}

/// Sends an endpoint an example of an event of a kind, whatever it listens to.
///
/// Errors: a disabled endpoint; a kind that its owner is never told of.
pub fn test(
    tx: &mut Tx<'_>,
    account: Option<AccountId>,
    trial: Trial,
    at: At<'_>,
) -> Result<Logged, Refusal> {
    let endpoint = enabled(tx, account, trial.endpoint)?;
    let message = events::test(tx, &endpoint, trial.kind, at)?;
    self::message(tx, account, message)
}

fn enabled(tx: &mut Tx<'_>, account: Option<AccountId>, id: EndpointId) -> Result<Endpoint, Refusal> {
    let endpoint = get(tx, account, id)?;
    match endpoint.state {
        State::Enabled => Ok(endpoint),
        State::Disabled => Err(Refusal::WebhookDisabled(id.to_string())),
    }
}

/// A message with every attempt.
pub fn message(tx: &mut Tx<'_>, account: Option<AccountId>, id: MessageId) -> Result<Logged, Refusal> {
    let message = messages::get(tx, owners(account), id)?;
    logged(tx, message)
}

pub(crate) fn logged(tx: &mut Tx<'_>, message: Message) -> Result<Logged, Refusal> {
    Ok(Logged { attempts: messages::attempts(tx, message.id)?, message })
}

/// Sends a message once more, whatever became of it; its id stays, and the waits begin anew.
pub fn resend(
    tx: &mut Tx<'_>,
    account: Option<AccountId>,
    id: MessageId,
    now: Timestamp,
) -> Result<Logged, Refusal> {
    let before = messages::get(tx, owners(account), id)?;
    enabled(tx, account, before.endpoint)?;
    messages::resend(tx, id, now)?;
    message(tx, account, id)
}

/// Writes down what became of an attempt, and what follows: done, tried again, or given up.
///
/// A receiver that answers 410 wants no more: its endpoint is disabled.
pub fn attempted(tx: &mut Tx<'_>, id: MessageId, outcome: &Outcome, now: Timestamp) -> Result<(), Refusal> {
    let status = outcome.status.map(i64::from);
    let reply = Reply { status, error: &outcome.error };
    let Some(tried) = messages::tried(tx, id, reply, now)? else { return Ok(()) };
    match outcome.verdict() {
        Verdict::Delivered => Ok(messages::settle(tx, id, Follows::Delivered, now)?),
        Verdict::Gone => {
            messages::settle(tx, id, Follows::GivenUp, now)?;
            endpoints::disable(tx, tried.endpoint)?;
            Ok(messages::hold(tx, tried.endpoint)?)
        }
        // Another node had it delivered meanwhile.
        Verdict::Failed if tried.state != messages::MessageState::Pending => Ok(()),
        Verdict::Failed => {
            let wait = webhook::wait_after(tried.tries, outcome.retry_after);
            let Some(wait) = wait else {
                return Ok(messages::settle(tx, id, Follows::GivenUp, now)?);
            };
            let held = endpoints::state(tx, tried.endpoint)? == State::Disabled;
            let due = if held { None } else { Some(later(now, wait.as_secs())) };
            Ok(messages::settle(tx, id, Follows::Again(due), now)?)
        }
    }
}
