//! Tasks: what the cloud was asked to do, and what it said.

use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use billing::provision::{Kind, State};
use billing::resource::{self, EndedBy};
use billing::task::Task;
use std::collections::BTreeMap;
use units::{AccountId, OrderId, ResourceId, TaskId, Timestamp};

columns!(tasks:
    id, account, resource, order_id, kind, state, attempt, product, options, name, service, target, cause, address,
    attributes, reason, created_us, due_us, ended_us, version
);

statements! {
    ADD = concat!(tasks!(insert), " on conflict do nothing");
    SAVE = "update tasks set state = $2, attempt = $3, address = $4, attributes = $5, reason = $6, due_us = $7, ended_us = $8,
        version = version + 1 where id = $1 and version = $9";
    LOCK = concat!(tasks!(select), " where id = $1 for update");
    GET = concat!(tasks!(select), " where id = $1");
    DUE = "select id from tasks where due_us <= $1 order by kind, due_us, resource";
    NEXT = "select min(due_us) from tasks where due_us is not null";
    UNFINISHED = concat!(tasks!(select), " where account = $1 and resource = $2 and state in ('open',
        'waiting', 'failed') order by id");
    LIST = concat!(tasks!(select), " where id > $1 and ($2 = '' or kind = $2) and ($3 = '' or resource
        = $3) order by id limit $4");
    LIST_IN = concat!(tasks!(select), " where state = $5 and state <> 'done' and id > $1 and ($2 = ''
        or kind = $2) and ($3 = '' or resource = $3) order by id limit $4");
    LIST_DONE = concat!(tasks!(select), " where state = 'done' and id > $1 and ($2 = '' or kind = $2)
        and ($3 = '' or resource = $3) order by id limit $4");
    OF_PIECE = concat!(tasks!(select), " where account = $1 and resource = $2 and order_id = $3 order by id");
    COUNTS = "select state, count(*) from tasks where state <> 'done' and state in ('open', 'waiting', 'failed') group by state";
    ATTRIBUTES = "select resource, attributes from tasks where account = $1 and resource = $2 and state = 'done' and attributes <> '{}'
        order by ended_us desc, id desc limit 1";
}

/// A task and the version of its row.
#[derive(Clone, Debug)]
pub struct StoredTask {
    pub task: Task,
    pub version: i64,
}

/// Which tasks to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct TaskFilter {
    pub state: Option<State>,
    pub kind: Option<Kind>,
    pub resource: Option<ResourceId>,
    pub after: Option<TaskId>,
}

fn task(row: &Row<'_>) -> Result<StoredTask, StoreError> {
    let task = Task {
        id: row.parsed(tasks!(id), "task", |it| it.parse().ok())?,
        account: row.parsed(tasks!(account), "account", |it| it.parse().ok())?,
        resource: row.parsed(tasks!(resource), "resource", |it| it.parse().ok())?,
        order: row.parsed(tasks!(order_id), "order", |it| it.parse().ok())?,
        kind: row.parsed(tasks!(kind), "kind of task", Kind::parse)?,
        state: row.parsed(tasks!(state), "task state", State::parse)?,
        attempt: row.count(tasks!(attempt), "attempt")?,
        product: row.text(tasks!(product))?,
        options: row.options(tasks!(options))?,
        name: row.text(tasks!(name))?,
        service: row.maybe_text(tasks!(service))?,
        target: row.parsed(tasks!(target), "state", resource::State::parse)?,
        cause: row.parsed(tasks!(cause), "cause", EndedBy::parse)?,
        address: row.maybe_text(tasks!(address))?,
        attributes: row.text(tasks!(attributes))?,
        reason: row.text(tasks!(reason))?,
        created: at(row.int(tasks!(created_us))?)?,
        due: row.maybe_int(tasks!(due_us))?.map(at).transpose()?,
        ended: row.maybe_int(tasks!(ended_us))?.map(at).transpose()?,
    };
    Ok(StoredTask { task, version: row.int(tasks!(version))? })
}

/// Adds tasks. Unless: `Differs` for one that is there.
pub fn add<'a>(writes: &mut Writes<'a>, tasks: &'a [Task]) {
    fn row(it: &Task) -> [Value<'_>; tasks!(count)] {
        [
            it.id.to_string().into(),
            it.account.to_string().into(),
            it.resource.to_string().into(),
            it.order.to_string().into(),
            it.kind.as_str().into(),
            it.state.as_str().into(),
            i64::from(it.attempt).into(),
            it.product.as_str().into(),
            it.options.to_string().into(),
            it.name.as_str().into(),
            it.service.as_deref().into(),
            it.target.as_str().into(),
            it.cause.as_str().into(),
            it.address.as_deref().into(),
            it.attributes.as_str().into(),
            it.reason.as_str().into(),
            us(it.created).into(),
            it.due.map(us).into(),
            it.ended.map(us).into(),
            0.into(),
        ]
    }
    writes.all(ADD, tasks.iter().map(row), StoreError::Differs("a task".into()));
}

/// Writes back where tasks stand, if nobody else did since they were read; each with the version that was read.
///
/// Unless: `Stale`.
pub fn save<'a>(writes: &mut Writes<'a>, tasks: &'a [StoredTask]) {
    fn row(StoredTask { task: it, version }: &StoredTask) -> [Value<'_>; 9] {
        [
            it.id.to_string().into(),
            it.state.as_str().into(),
            i64::from(it.attempt).into(),
            it.address.as_deref().into(),
            it.attributes.as_str().into(),
            it.reason.as_str().into(),
            it.due.map(us).into(),
            it.ended.map(us).into(),
            (*version).into(),
        ]
    }
    writes.all(SAVE, tasks.iter().map(row), StoreError::Stale("a task".into()));
}

/// Errors: `NotFound`.
pub fn get(tx: &mut Tx<'_>, id: TaskId) -> Result<StoredTask, StoreError> {
    tx.one(GET, &[id.to_string().into()], &format!("task {id}"), task)
}

/// Reads a task and holds it to the end of the transaction. Errors: `NotFound`.
pub fn lock(tx: &mut Tx<'_>, id: TaskId) -> Result<StoredTask, StoreError> {
    tx.one(LOCK, &[id.to_string().into()], &format!("task {id}"), task)
}

/// The same for many, in this order; one that is not there is left out.
pub fn lock_all(tx: &mut Tx<'_>, ids: &[TaskId]) -> Result<Vec<StoredTask>, StoreError> {
    let keys: Vec<[Value<'_>; 1]> = ids.iter().map(|it| [it.to_string().into()]).collect();
    tx.each(LOCK, &keys, task)
}

/// Tasks whose time has come, deliveries before releases.
pub fn due(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<TaskId>, StoreError> {
    tx.rows(DUE, &[us(now).into()], |row| row.parsed(0, "task", |it| it.parse().ok()))
}

/// When the next task falls due.
pub fn next(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    earliest(tx, NEXT)
}

/// The tasks of a resource that may still be done, oldest first.
pub fn unfinished(
    tx: &mut Tx<'_>,
    account: AccountId,
    resource: ResourceId,
) -> Result<Vec<StoredTask>, StoreError> {
    tx.rows(UNFINISHED, &[account.to_string().into(), resource.to_string().into()], task)
}

/// Tasks of all accounts, oldest first.
pub fn list(tx: &mut Tx<'_>, filter: TaskFilter, most: u32) -> Result<Vec<Task>, StoreError> {
    let mut args: Vec<Value<'_>> = vec![
        filter.after.map_or_else(String::new, |it| it.to_string()).into(),
        filter.kind.map_or("", Kind::as_str).into(),
        filter.resource.map_or_else(String::new, |it| it.to_string()).into(),
        i64::from(most).into(),
    ];
    let found = match filter.state {
        None => tx.rows(LIST, &args, task)?,
        Some(State::Done) => tx.rows(LIST_DONE, &args, task)?,
        Some(state) => {
            args.push(state.as_str().into());
            tx.rows(LIST_IN, &args, task)?
        }
    };
    Ok(found.into_iter().map(|it| it.task).collect())
}

/// The tasks of an order, of these pieces of it, piece by piece and the oldest of each first.
pub fn of_order(
    tx: &mut Tx<'_>,
    account: AccountId,
    order: OrderId,
    pieces: &[ResourceId],
) -> Result<Vec<Task>, StoreError> {
    let (account, order) = (account.to_string(), order.to_string());
    let keys: Vec<[Value<'_>; 3]> = pieces
        .iter()
        .map(|it| [account.as_str().into(), it.to_string().into(), order.as_str().into()])
        .collect();
    Ok(tx.each(OF_PIECE, &keys, task)?.into_iter().map(|it| it.task).collect())
}

/// How many tasks are open, waiting and failed.
pub fn counts(tx: &mut Tx<'_>) -> Result<Vec<(State, i64)>, StoreError> {
    tx.rows(COUNTS, &[], |row| Ok((row.parsed(0, "task state", State::parse)?, row.int(1)?)))
}

/// What the cloud last said of each of these resources, as JSON; of which it said nothing is left out.
pub fn attributes(
    tx: &mut Tx<'_>,
    account: AccountId,
    resources: &[ResourceId],
) -> Result<BTreeMap<ResourceId, String>, StoreError> {
    let account = account.to_string();
    let keys: Vec<[Value<'_>; 2]> =
        resources.iter().map(|it| [account.as_str().into(), it.to_string().into()]).collect();
    let read = |row: &Row<'_>| Ok((row.parsed(0, "resource", |it| it.parse().ok())?, row.text(1)?));
    Ok(tx.each(ATTRIBUTES, &keys, read)?.into_iter().collect())
}

pub(crate) fn earliest(tx: &mut Tx<'_>, sql: &'static str) -> Result<Option<Timestamp>, StoreError> {
    let found = tx.rows(sql, &[], |row| row.maybe_int(0))?;
    found.into_iter().flatten().next().map(at).transpose()
}
