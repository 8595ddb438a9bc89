//! What the cloud was asked to do and when it is to answer: deliveries and releases on their way.

use crate::engine::{StoreError, Tx, at, us};
use billing::resource::EndedBy;
use units::{AccountId, OrderId, ResourceId, Timestamp};

statements! {
    ASK = "insert into provisions (account, resource, order_id, attempt, due_us) values ($1, $2, $3, $4, $5)
        on conflict (account, resource) do update set attempt = excluded.attempt, due_us = excluded.due_us";
    DUE = "select account, resource, order_id, attempt, due_us from provisions where due_us <= $1 order by due_us, resource";
    DONE = "delete from provisions where account = $1 and resource = $2";
    NEXT = "select min(due_us) from provisions";
    ASK_RELEASE = "insert into releases (account, resource, due_us, ended_by) values ($1, $2, $3, $4) on conflict do nothing";
    DUE_RELEASES = "select account, resource, due_us, ended_by from releases where due_us <= $1 order by due_us, resource";
    RELEASED = "delete from releases where account = $1 and resource = $2";
    NEXT_RELEASE = "select min(due_us) from releases";
}

/// A delivery on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provision {
    pub account: AccountId,
    pub resource: ResourceId,
    pub order: OrderId,
    /// From 1.
    pub attempt: u32,
    pub due: Timestamp,
}

/// A release on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub account: AccountId,
    pub resource: ResourceId,
    pub due: Timestamp,
    pub ended_by: EndedBy,
}

pub fn ask(tx: &mut Tx<'_>, it: &Provision) -> Result<(), StoreError> {
    let args = [
        it.account.to_string().into(),
        it.resource.to_string().into(),
        it.order.to_string().into(),
        i64::from(it.attempt).into(),
        us(it.due).into(),
    ];
    tx.exec(ASK, &args).map(drop)
}

pub fn due(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<Provision>, StoreError> {
    tx.rows(DUE, &[us(now).into()], |row| {
        Ok(Provision {
            account: row.parsed(0, "account", |it| it.parse().ok())?,
            resource: row.parsed(1, "resource", |it| it.parse().ok())?,
            order: row.parsed(2, "order", |it| it.parse().ok())?,
            attempt: u32::try_from(row.int(3)?).map_err(|_| StoreError::Corrupt("attempt".into()))?,
            due: at(row.int(4)?)?,
        })
    })
}

pub fn done(tx: &mut Tx<'_>, account: AccountId, resource: ResourceId) -> Result<(), StoreError> {
    tx.exec(DONE, &[account.to_string().into(), resource.to_string().into()]).map(drop)
}

pub fn ask_release(tx: &mut Tx<'_>, it: &Release) -> Result<(), StoreError> {
    let args = [
        it.account.to_string().into(),
        it.resource.to_string().into(),
        us(it.due).into(),
        it.ended_by.as_str().into(),
    ];
    tx.exec(ASK_RELEASE, &args).map(drop)
}

pub fn due_releases(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<Release>, StoreError> {
    tx.rows(DUE_RELEASES, &[us(now).into()], |row| {
        Ok(Release {
            account: row.parsed(0, "account", |it| it.parse().ok())?,
            resource: row.parsed(1, "resource", |it| it.parse().ok())?,
            due: at(row.int(2)?)?,
            ended_by: row.parsed(3, "reason", EndedBy::parse)?,
        })
    })
}

pub fn released(tx: &mut Tx<'_>, account: AccountId, resource: ResourceId) -> Result<(), StoreError> {
    tx.exec(RELEASED, &[account.to_string().into(), resource.to_string().into()]).map(drop)
}

/// When the next answer is due.
pub fn next(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    let (one, other) = (earliest(tx, NEXT)?, earliest(tx, NEXT_RELEASE)?);
    Ok([one, other].into_iter().flatten().min())
}

pub(crate) fn earliest(tx: &mut Tx<'_>, sql: &'static str) -> Result<Option<Timestamp>, StoreError> {
    let found = tx.rows(sql, &[], |row| row.maybe_int(0))?;
    found.into_iter().flatten().next().map(at).transpose()
}
