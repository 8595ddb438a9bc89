//! Container services: what is stopped and started together.

use crate::engine::{StoreError, Tx, Value, Writes};
use std::collections::{BTreeMap, BTreeSet};
use units::AccountId;

statements! {
    SAVE = "insert into services (account, name, state) values ($1, $2, $3)
        on conflict (account, name) do update set state = excluded.state";
    JOIN = "insert into services (account, name, state) values ($1, $2, $3) on conflict do nothing";
    GET = "select state from services where account = $1 and name = $2";
    PAGE = "select name, state from services where account = $1 and name > $2 order by name limit $3";
    MEMBERS = "select service, state, count(*) from resources where account = $1 and service >= $2 and service <= $3
        group by service, state";
}

/// Where a service stands. Source: section 7 of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceState {
    Running,
    Stopped,
}

impl ServiceState {
    pub const fn as_str(self) -> &'static str {
        match self {
            ServiceState::Running => "running",
            ServiceState::Stopped => "stopped",
        }
    }

    pub fn parse(text: &str) -> Option<ServiceState> {
        [ServiceState::Running, ServiceState::Stopped].into_iter().find(|it| it.as_str() == text)
    }
}

/// Writes where services stand.
pub fn save<'a>(writes: &mut Writes<'a>, services: &'a BTreeMap<(AccountId, String), ServiceState>) {
    let row = |(it, state): (&'a (AccountId, String), &ServiceState)| -> [Value<'a>; 3] {
        [it.0.to_string().into(), it.1.as_str().into(), state.as_str().into()]
    };
    writes.any(SAVE, services.iter().map(row));
}

/// Writes services that something was bought into: new ones run, others stand as they do.
pub fn join<'a>(writes: &mut Writes<'a>, services: &'a BTreeSet<(AccountId, String)>) {
    let row = |it: &'a (AccountId, String)| -> [Value<'a>; 3] {
        [it.0.to_string().into(), it.1.as_str().into(), ServiceState::Running.as_str().into()]
    };
    writes.any(JOIN, services.iter().map(row));
}

/// Errors: `NotFound`.
pub fn get(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<ServiceState, StoreError> {
    tx.one(GET, &[account.to_string().into(), name.into()], &format!("service {name}"), |row| {
        row.parsed(0, "service state", ServiceState::parse)
    })
}

/// A service with its resources, counted by their state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    pub name: String,
    pub state: ServiceState,
    pub members: BTreeMap<String, i64>,
}

/// At most `most` services with names above `after`, by name.
pub fn page(
    tx: &mut Tx<'_>,
    account: AccountId,
    after: &str,
    most: usize,
) -> Result<Vec<Service>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut found = tx.rows(PAGE, &[account.to_string().into(), after.into(), most.into()], |row| {
        let state = row.parsed(1, "service state", ServiceState::parse)?;
        Ok(Service { name: row.text(0)?, state, members: BTreeMap::new() })
    })?;
    let (Some(first), Some(last)) = (found.first(), found.last()) else { return Ok(found) };
    let mut members = members(tx, account, (&first.name, &last.name))?;
    for service in &mut found {
        service.members = members.remove(&service.name).unwrap_or_default();
    }
    Ok(found)
}

/// Errors: `NotFound`.
pub fn show(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<Service, StoreError> {
    let state = get(tx, account, name)?;
    let members = members(tx, account, (name, name))?.remove(name).unwrap_or_default();
    Ok(Service { name: name.to_string(), state, members })
}

/// How many resources of each state the services from `first` to `last` have.
fn members(
    tx: &mut Tx<'_>,
    account: AccountId,
    (first, last): (&str, &str),
) -> Result<BTreeMap<String, BTreeMap<String, i64>>, StoreError> {
    let mut found: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    let rows = tx.rows(MEMBERS, &[account.to_string().into(), first.into(), last.into()], |row| {
        Ok((row.text(0)?, row.text(1)?, row.int(2)?))
    })?;
    for (service, state, count) in rows {
        found.entry(service).or_default().insert(state, count);
    }
    Ok(found)
}
