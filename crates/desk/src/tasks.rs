//! Tasks: the cloud is asked, answers, does not answer, or is no longer needed.
//!
//! In:  a resource that is to change, or what the cloud or an operator says of a task. Out: the task after it.
//! Invariant: the same answer again changes nothing; both clouds, the simulated and the real, answer through here.

use super::events::{Ears, News};
use super::{At, Desk, Refusal, later, provision as delivery, resources};
use billing::options::Options;
use billing::provision::{self, Event, Kind, Made, Next, Outcome, Retry, Shape, State};
use billing::resource::{self, EndedBy, Resource};
use billing::task::Task;
use providers::cloud::Cloud;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::tasks::{StoredTask, TaskFilter};
use store::{StoreError, Tx, Writes, tasks};
use units::{AccountId, ResourceId, TaskId, Timestamp};

/// What the cloud is asked to deliver a resource that was paid.
pub(super) fn delivery(at: At<'_>, resource: &Resource) -> Result<Task, Refusal> {
    let wanted = (Kind::Provision, resource::State::Running, EndedBy::Owner);
    asked(at, resource, wanted, 0)
}

/// After a step of a resource: asks the cloud for what follows from it, if anything does.
///
/// `version` is that of the resource's row and tells one step from another. The simulated cloud is only asked
/// for what somebody waits for: it stops, starts and changes at once.
pub fn follow(
    tx: &mut Tx<'_>,
    at: At<'_>,
    (before, old): (resource::State, &Options),
    (resource, version): (&Resource, i64),
) -> Result<(), Refusal> {
    let (was, is) =
        (Shape { state: before, options: old }, Shape { state: resource.state, options: &resource.options });
    let Some(kind) = provision::kind(was, is) else { return Ok(()) };
    if matches!(at.desk.cloud, Cloud::Simulated(_)) && resource.state != resource::State::Releasing {
        return Ok(());
    }
    for read in tasks::unfinished(tx, resource.account, resource.id)? {
        if kind.replaces(read.task.kind) {
            let reason = format!("a later task of the kind {} replaces it", kind.as_str());
            end(tx, read, Event::GiveUp, &reason, at.now)?;
        }
    }
    let wanted = (kind, resource.state, provision::cause(before, resource));
    let task = asked(at, resource, wanted, version)?;
    let mut writes = Writes::default();
    tasks::add(&mut writes, std::slice::from_ref(&task));
    tx.write(writes)?;
    tell(tx, at, &task)
}

fn asked(
    at: At<'_>,
    resource: &Resource,
    (kind, target, cause): (Kind, resource::State, EndedBy),
    version: i64,
) -> Result<Task, Refusal> {
    let range = match kind {
        Kind::Provision => at.product(&resource.product)?.delivery_seconds,
        Kind::Change | Kind::Stop | Kind::Start | Kind::Release => (0, 0),
    };
    Ok(Task {
        id: TaskId::named(at.now, &format!("{} {} {version}", kind.as_str(), resource.id)),
        account: resource.account,
        resource: resource.id,
        order: resource.order,
        kind,
        state: State::Open,
        attempt: 1,
        product: resource.product.clone(),
        options: resource.options.clone(),
        name: resource.name.clone(),
        service: resource.service.clone(),
        target,
        cause,
        address: None,
        attributes: "{}".into(),
        reason: String::new(),
        created: at.now,
        due: Some(later(at.now, at.desk.cloud.due_seconds(kind, resource.id, range))),
        ended: None,
    })
}

/// What the endpoints of a real cloud are told of something to do.
pub(super) fn told(desk: &Desk, ears: &Ears, task: &Task) -> Result<Option<News>, Refusal> {
    match desk.cloud {
        Cloud::Simulated(_) => Ok(None),
        Cloud::External { .. } => Ok(ears.task(task.account, shown(task)?)),
    }
}

fn tell(tx: &mut Tx<'_>, at: At<'_>, task: &Task) -> Result<(), Refusal> {
    let ears = Ears::of(tx, [task.account])?;
    ears.tell(tx, told(at.desk, &ears, task)?.into_iter().collect(), at.now)
}

/// The cloud did it. The same answer again changes nothing.
///
/// Errors: `conflict` for another answer, `task_state_refused` when the task is over. Source: R-PRV-1, R-TIM-3.
pub fn done(tx: &mut Tx<'_>, at: At<'_>, id: TaskId, made: &Made) -> Result<Task, Refusal> {
    made.check()?;
    let read = tasks::lock(tx, id)?;
    let attributes = text(&made.attributes);
    if read.task.state == State::Done {
        let same = read.task.address == made.address && read.task.attributes == attributes;
        return if same { Ok(read.task) } else { Err(StoreError::Differs(format!("task {id}")).into()) };
    }
    let read = ended(answered(read, made), Event::Done, "", at.now)?;
    let task = read.task.clone();
    match task.kind {
        Kind::Provision => delivery::deliver(tx, at, vec![read])?,
        Kind::Release => {
            saved(tx, read)?;
            resources::complete_release(tx, at, &task)?;
        }
        Kind::Change | Kind::Stop | Kind::Start => {
            saved(tx, read)?;
            resources::readdress(tx, &task)?;
        }
    }
    Ok(task)
}

/// What the cloud says of an attempt that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub reason: String,
    pub retry: Retry,
    /// Which attempt, if the cloud says so: an older one is known already.
    pub attempt: Option<u32>,
}

/// The cloud could not do it: it is asked again later, or money goes back. The same report again changes nothing.
///
/// Errors: `attempt_unknown` for an attempt that was never made, `task_state_refused` when the task is done.
/// Source: R-PRV-2.
pub fn failed(tx: &mut Tx<'_>, at: At<'_>, id: TaskId, failure: &Failure) -> Result<Task, Refusal> {
    let read = tasks::lock(tx, id)?;
    if let Some(attempt) = failure.attempt {
        let checked = provision::check_attempt(read.task.attempt, attempt);
        checked.map_err(|error| Refusal::from(error).of("attempt"))?;
    }
    let old = failure.attempt.is_some_and(|it| it < read.task.attempt);
    let known = match read.task.state {
        State::Failed | State::GivenUp => true,
        State::Waiting => failure.retry == Retry::Later,
        State::Open => failure.retry == Retry::Later && old,
        State::Done => false,
    };
    if known { Ok(read.task) } else { attempt_failed(tx, at, read, failure) }
}

fn attempt_failed(tx: &mut Tx<'_>, at: At<'_>, read: StoredTask, failure: &Failure) -> Result<Task, Refusal> {
    match provision::after(read.task.kind, read.task.attempt, failure.retry) {
        Next::AskAgain { after_seconds } => {
            let state = read.task.state.on(read.task.kind, Event::Pause)?;
            let (attempt, due) = (read.task.attempt.saturating_add(1), Some(later(at.now, after_seconds)));
            let task = Task { state, attempt, due, reason: plain(&failure.reason), ..read.task };
            saved(tx, StoredTask { task, ..read })
        }
        Next::Fail => {
            let task = end(tx, read, Event::Fail, &failure.reason, at.now)?;
            if task.kind == Kind::Provision {
                delivery::give_back(tx, at, &task)?;
            }
            Ok(task)
        }
    }
}

/// Ends a task: done, failed for good or given up.
fn end(
    tx: &mut Tx<'_>,
    read: StoredTask,
    event: Event,
    reason: &str,
    now: Timestamp,
) -> Result<Task, Refusal> {
    saved(tx, ended(read, event, reason, now)?)
}

fn ended(read: StoredTask, event: Event, reason: &str, now: Timestamp) -> Result<StoredTask, Refusal> {
    let state = read.task.state.on(read.task.kind, event)?;
    let task = Task { state, reason: plain(reason), due: None, ended: Some(now), ..read.task };
    Ok(StoredTask { task, version: read.version })
}

fn saved(tx: &mut Tx<'_>, read: StoredTask) -> Result<Task, Refusal> {
    let mut writes = Writes::default();
    tasks::save(&mut writes, std::slice::from_ref(&read));
    tx.write(writes)?;
    Ok(read.task)
}

/// Asks the cloud again at once, at an operator's wish.
///
/// Errors: `task_state_refused` for what is over; the money of a failed delivery is back.
pub fn retry(tx: &mut Tx<'_>, at: At<'_>, id: TaskId) -> Result<Task, Refusal> {
    let read = tasks::lock(tx, id)?;
    ask(tx, at, read)
}

fn ask(tx: &mut Tx<'_>, at: At<'_>, read: StoredTask) -> Result<Task, Refusal> {
    let state = read.task.state.on(read.task.kind, Event::Ask)?;
    let seconds = match at.desk.cloud {
        Cloud::Simulated(_) => 0,
        Cloud::External { timeout_seconds } => timeout_seconds,
    };
    let attempt = match read.task.state {
        State::Failed => read.task.attempt.saturating_add(1),
        State::Open | State::Waiting | State::Done | State::GivenUp => read.task.attempt,
    };
    let task = Task { state, attempt, due: Some(later(at.now, seconds)), ended: None, ..read.task };
    let task = saved(tx, StoredTask { task, ..read })?;
    tell(tx, at, &task)?;
    Ok(task)
}

/// Ends a task at an operator's wish: the money of a delivery goes back, a release counts as complete.
///
/// Errors: `task_state_refused` for what is done, and for a delivery whose money is back.
pub fn give_up(tx: &mut Tx<'_>, at: At<'_>, id: TaskId, reason: &str) -> Result<Task, Refusal> {
    let read = tasks::lock(tx, id)?;
    if read.task.state == State::GivenUp {
        return Ok(read.task);
    }
    let task = end(tx, read, Event::GiveUp, reason, at.now)?;
    match task.kind {
        Kind::Provision => delivery::give_back(tx, at, &task)?,
        Kind::Release => resources::complete_release(tx, at, &task)?,
        Kind::Change | Kind::Stop | Kind::Start => {}
    }
    Ok(task)
}

/// What time does to tasks: the simulated cloud answers; an attempt times out; a pause is over.
///
/// Nothing happens to a task that is not due any more. What the simulated cloud delivers is written together.
pub fn fall_due(tx: &mut Tx<'_>, at: At<'_>, ids: &[TaskId]) -> Result<(), Refusal> {
    let (mut delivered, mut others) = (Vec::new(), Vec::new());
    for read in tasks::lock_all(tx, ids)? {
        if read.task.due.is_none_or(|it| it > at.now) {
            continue;
        }
        match delivers(at.desk, &read.task) {
            Some(made) => delivered.push(ended(answered(read, &made), Event::Done, "", at.now)?),
            None => others.push(read),
        }
    }
    delivery::deliver(tx, at, delivered)?;
    others.into_iter().try_for_each(|it| turn(tx, at, it))
}

/// What the simulated cloud makes of a delivery, where it makes anything.
fn delivers(desk: &Desk, task: &Task) -> Option<Made> {
    let Cloud::Simulated(cloud) = &desk.cloud else { return None };
    match (task.kind, cloud.outcome(task.kind, task.resource, task.attempt)) {
        (Kind::Provision, Outcome::Done(made)) => Some(made),
        _ => None,
    }
}

fn answered(read: StoredTask, made: &Made) -> StoredTask {
    let task = Task { address: made.address.clone(), attributes: text(&made.attributes), ..read.task };
    StoredTask { task, version: read.version }
}

/// The same before its time.
pub fn hasten(tx: &mut Tx<'_>, at: At<'_>, id: TaskId) -> Result<(), Refusal> {
    let read = tasks::lock(tx, id)?;
    turn(tx, at, read)
}

fn turn(tx: &mut Tx<'_>, at: At<'_>, read: StoredTask) -> Result<(), Refusal> {
    match (&at.desk.cloud, read.task.state) {
        (Cloud::Simulated(cloud), _) => {
            match cloud.outcome(read.task.kind, read.task.resource, read.task.attempt) {
                Outcome::Done(made) => done(tx, at, read.task.id, &made)?,
                Outcome::Failed { reason, retry } => {
                    attempt_failed(tx, at, read, &Failure { reason, retry, attempt: None })?
                }
            }
        }
        (Cloud::External { timeout_seconds }, State::Open) => {
            let reason = format!("the cloud did not answer within {timeout_seconds} s");
            attempt_failed(tx, at, read, &Failure { reason, retry: Retry::Later, attempt: None })?
        }
        (Cloud::External { .. }, State::Waiting | State::Done | State::Failed | State::GivenUp) => {
            ask(tx, at, read)?
        }
    };
    Ok(())
}

/// Tasks of all accounts, oldest first.
pub fn list(tx: &mut Tx<'_>, filter: TaskFilter, most: u32) -> Result<Vec<Task>, Refusal> {
    Ok(tasks::list(tx, filter, most)?)
}

/// Errors: `not_found`.
pub fn get(tx: &mut Tx<'_>, id: TaskId) -> Result<Task, Refusal> {
    Ok(tasks::get(tx, id)?.task)
}

/// What the cloud last said of a resource, like its host name.
pub fn attributes(
    tx: &mut Tx<'_>,
    account: AccountId,
    resource: ResourceId,
) -> Result<BTreeMap<String, String>, Refusal> {
    match tasks::attributes(tx, account, resource)? {
        Some(text) => pairs(&text),
        None => Ok(BTreeMap::new()),
    }
}

/// Reads attributes as they are stored.
pub fn pairs(text: &str) -> Result<BTreeMap<String, String>, Refusal> {
    serde_json::from_str(text).map_err(|_| StoreError::Corrupt("the attributes of a task".into()).into())
}

fn text(attributes: &BTreeMap<String, String>) -> String {
    let pair = |(name, value): (&String, &String)| (name.clone(), Value::from(value.as_str()));
    Value::Object(attributes.iter().map(pair).collect()).to_string()
}

/// A sentence of somebody else, kept short and plain.
fn plain(reason: &str) -> String {
    reason.chars().map(|it| if it.is_control() { ' ' } else { it }).take(500).collect()
}

/// A task as the API shows it.
pub fn shown(it: &Task) -> Result<Value, Refusal> {
    let options: serde_json::Map<String, Value> =
        it.options.iter().map(|(name, value)| (name.to_string(), Value::from(value))).collect();
    Ok(json!({
        "id": it.id.to_string(),
        "account": it.account.to_string(),
        "resource": it.resource.to_string(),
        "order": it.order.to_string(),
        "kind": it.kind.as_str(),
        "state": it.state.as_str(),
        "attempt": it.attempt,
        "product": it.product,
        "options": options,
        "name": it.name,
        "service": it.service,
        "target": it.target.as_str(),
        "cause": it.cause.as_str(),
        "address": it.address,
        "attributes": pairs(&it.attributes)?,
        "reason": it.reason,
        "created": it.created.to_string(),
        "due": it.due.map(|it| it.to_string()),
        "ended": it.ended.map(|it| it.to_string()),
    }))
}
