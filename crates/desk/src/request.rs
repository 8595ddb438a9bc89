//! What the cloud is asked: a task made for a resource that is to come, or for a step that it took.
//!
//! In:  a resource, how it stood before. Out: a task, noted on the sheet, and told to the endpoints of a real cloud.
//! Invariant: of two tasks that contradict each other only the later stands.
//! Rules: R-PRV-1, R-TIM-3.

use super::act::Act;
use super::events::{Ears, News};
use super::sheet::Stepped;
use super::{At, Desk, Refusal, later};
use billing::provision::{self, Event, Kind, Shape, State};
use billing::resource::{self, EndedBy, Resource};
use billing::task::Task;
use providers::cloud::Cloud;
use store::tasks::StoredTask;
use store::{Tx, tasks};
use units::{TaskId, Timestamp};

/// What a task is to reach, and why.
struct Aim {
    kind: Kind,
    target: resource::State,
    cause: EndedBy,
}

/// Asks the cloud to deliver a resource that was paid.
pub fn delivery(act: &mut Act<'_>, resource: &Resource) -> Result<(), Refusal> {
    let aim = Aim { kind: Kind::Provision, target: resource::State::Running, cause: EndedBy::Owner };
    let task = task(act.at, resource, aim, 0)?;
    note(act, task)
}

/// What the cloud has to do after a step of a resource, if anything.
///
/// The simulated cloud is only asked for what somebody waits for: it stops, starts and changes at once.
pub fn kind(desk: &Desk, step: &Stepped) -> Option<Kind> {
    let after = &step.after.resource;
    let before = Shape { state: step.before, options: &step.old };
    let kind = provision::kind(before, Shape { state: after.state, options: &after.options })?;
    match desk.cloud {
        Cloud::Simulated(_) if after.state != resource::State::Releasing => None,
        Cloud::Simulated(_) | Cloud::External { .. } => Some(kind),
    }
}

/// Asks the cloud for what follows from steps of resources; what this makes pointless is given up.
///
/// The version of the resource's row tells one step from another.
pub fn follow(tx: &mut Tx<'_>, act: &mut Act<'_>, steps: &[(Kind, Stepped)]) -> Result<(), Refusal> {
    for (kind, step) in steps {
        let (resource, version) = (&step.after.resource, step.after.version + 1);
        for read in tasks::unfinished(tx, resource.account, resource.id)? {
            if kind.replaces(read.task.kind) {
                let reason = format!("a later task of the kind {} replaces it", kind.as_str());
                act.sheet.answered.push(ended(read, Event::GiveUp, &reason, act.at.now)?);
            }
        }
        let cause = provision::cause(step.before, resource);
        let aim = Aim { kind: *kind, target: resource.state, cause };
        let task = task(act.at, resource, aim, version)?;
        note(act, task)?;
    }
    Ok(())
}

fn note(act: &mut Act<'_>, task: Task) -> Result<(), Refusal> {
    let news = news(act.at.desk, &act.ears, &task)?;
    act.sheet.news.extend(news);
    act.sheet.asked.push(task);
    Ok(())
}

fn task(at: At<'_>, resource: &Resource, aim: Aim, version: i64) -> Result<Task, Refusal> {
    let Aim { kind, target, cause } = aim;
    let range = match kind {
        Kind::Provision => at.product_of(resource)?.delivery_seconds,
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

/// A task that is over: done, failed for good or given up. Errors: `Refused`.
pub fn ended(read: StoredTask, event: Event, reason: &str, now: Timestamp) -> Result<StoredTask, Refusal> {
    let state = read.task.state.on(read.task.kind, event)?;
    let task = Task { state, reason: plain(reason), due: None, ended: Some(now), ..read.task };
    Ok(StoredTask { task, version: read.version })
}

/// A sentence of somebody else, kept short and plain.
pub fn plain(reason: &str) -> String {
    reason.chars().map(|it| if it.is_control() { ' ' } else { it }).take(500).collect()
}

/// What the endpoints of a real cloud are told of something to do.
pub fn news(desk: &Desk, ears: &Ears, task: &Task) -> Result<Option<News>, Refusal> {
    match desk.cloud {
        Cloud::Simulated(_) => Ok(None),
        Cloud::External { .. } => ears.task(task),
    }
}
