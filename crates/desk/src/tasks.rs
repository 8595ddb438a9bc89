//! Tasks: the cloud is asked, answers, does not answer, or is no longer needed.
//!
//! In:  a resource that is to change, or what the cloud or an operator says of a task. Out: the task after it.
//! Invariant: the same answer again changes nothing; both clouds, the simulated and the real, answer through here.

use super::act::Act;
use super::request::{self, ended, plain};
use super::{At, Desk, Refusal, after, later, provision as delivery, steps};
use billing::provision::{self, Event, Kind, Made, Next, Outcome, Retry, State};
use billing::resource::{self, Resource};
use billing::task::Task;
use providers::cloud::Cloud;
use serde_json::Value;
use std::collections::BTreeMap;
use store::accounts::Patience;
use store::tasks::{StoredTask, TaskFilter};
use store::{StoreError, Tx, accounts, tasks};
use units::{AccountId, ResourceId, TaskId};

pub use super::events::{pairs, shown};

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
        Kind::Release => complete_release(tx, at, read)?,
        Kind::Change | Kind::Stop | Kind::Start => readdress(tx, at, read)?,
    }
    Ok(task)
}

/// The cloud says that a release is complete: metering ends here, where it had not ended before. Source: R-TIM-3.
fn complete_release(tx: &mut Tx<'_>, at: At<'_>, done: StoredTask) -> Result<(), Refusal> {
    let mut act = Act::on(tx, at, [done.task.account])?;
    let read = store::resources::get(tx, done.task.account, done.task.resource)?;
    if read.resource.state == resource::State::Releasing {
        let standing = steps::standing(tx, done.task.account)?;
        steps::take(&mut act, read, resource::Event::Release, standing)?;
    }
    act.sheet.answered.push(done);
    after::finish(tx, act)
}

/// A resource that was changed or started may have another address since.
fn readdress(tx: &mut Tx<'_>, at: At<'_>, done: StoredTask) -> Result<(), Refusal> {
    let mut act = Act::on(tx, at, [done.task.account])?;
    if let Some(address) = &done.task.address {
        let read = store::resources::get(tx, done.task.account, done.task.resource)?;
        if read.resource.address.as_ref() != Some(address) {
            let resource = Resource { address: Some(address.clone()), ..read.resource.clone() };
            steps::change(&mut act, &read, resource);
        }
    }
    act.sheet.answered.push(done);
    after::finish(tx, act)
}

/// Writes a task of which nothing follows but that it is told.
fn save(tx: &mut Tx<'_>, at: At<'_>, read: StoredTask) -> Result<Task, Refusal> {
    let (mut act, task) = (Act::on(tx, at, [read.task.account])?, read.task.clone());
    if task.state == State::Open {
        let news = request::news(at.desk, &act.ears, &task)?;
        act.sheet.news.extend(news);
    }
    act.sheet.answered.push(read);
    after::finish(tx, act)?;
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
            save(tx, at, StoredTask { task, ..read })
        }
        Next::Fail => {
            let read = ended(read, Event::Fail, &failure.reason, at.now)?;
            let task = read.task.clone();
            match task.kind {
                Kind::Provision => delivery::give_back(tx, at, read)?,
                Kind::Change | Kind::Stop | Kind::Start | Kind::Release => failed_for_good(tx, at, read)?,
            }
            Ok(task)
        }
    }
}

/// The operator is told of a task that waits for one. What could not be released is not its owner's any more: metering
/// ends where the release was asked for, as far as that is not settled. Source: R-TIM-3, R-TIM-11.
fn failed_for_good(tx: &mut Tx<'_>, at: At<'_>, failed: StoredTask) -> Result<(), Refusal> {
    let task = &failed.task;
    let mut act = Act::on(tx, at, [task.account])?;
    let news = act.ears.task_failed(task)?;
    act.sheet.news.extend(news);
    if task.kind == Kind::Release {
        let read = store::resources::get(tx, task.account, task.resource)?;
        if read.resource.state == resource::State::Releasing {
            steps::end_release(&mut act, read)?;
        }
    }
    act.sheet.answered.push(failed);
    after::finish(tx, act)
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
    save(tx, at, StoredTask { task, ..read })
}

/// Ends a task at an operator's wish: the money of a delivery goes back, a release counts as complete.
///
/// Errors: `task_state_refused` for what is done, and for a delivery whose money is back.
pub fn give_up(tx: &mut Tx<'_>, at: At<'_>, id: TaskId, reason: &str) -> Result<Task, Refusal> {
    let read = tasks::lock(tx, id)?;
    if read.task.state == State::GivenUp {
        return Ok(read.task);
    }
    let read = ended(read, Event::GiveUp, reason, at.now)?;
    let task = read.task.clone();
    match task.kind {
        Kind::Provision => delivery::give_back(tx, at, read)?,
        Kind::Release => complete_release(tx, at, read)?,
        Kind::Change | Kind::Stop | Kind::Start => save(tx, at, read).map(drop)?,
    }
    Ok(task)
}

/// What time does to tasks: the simulated cloud answers; an attempt times out; a pause is over.
///
/// Nothing happens to a task that is not due any more. What the simulated cloud delivers is written together.
pub fn fall_due(tx: &mut Tx<'_>, at: At<'_>, ids: &[TaskId]) -> Result<(), Refusal> {
    let (mut delivered, mut others) = (Vec::new(), Vec::new());
    let all = tasks::lock_all(tx, ids)?;
    // Every wallet that may be needed, in order: what is done for one after another waits in no circle.
    accounts::lock(tx, all.iter().map(|it| it.task.account), Patience::Wait)?;
    for read in all {
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
    match (task.kind, cloud.outcome(task)) {
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
        (Cloud::Simulated(cloud), _) => match cloud.outcome(&read.task) {
            Outcome::Done(made) => done(tx, at, read.task.id, &made)?,
            Outcome::Failed { reason, retry } => {
                attempt_failed(tx, at, read, &Failure { reason, retry, attempt: None })?
            }
        },
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

/// What the cloud last said of each of these resources, like its host name.
pub fn attributes(
    tx: &mut Tx<'_>,
    account: AccountId,
    resources: &[ResourceId],
) -> Result<BTreeMap<ResourceId, BTreeMap<String, String>>, Refusal> {
    let found = tasks::attributes(tx, account, resources)?;
    found.into_iter().map(|(id, text)| Ok((id, pairs(&text)?))).collect()
}

fn text(attributes: &BTreeMap<String, String>) -> String {
    let pair = |(name, value): (&String, &String)| (name.clone(), Value::from(value.as_str()));
    Value::Object(attributes.iter().map(pair).collect()).to_string()
}
