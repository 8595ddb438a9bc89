//! Endpoints: addresses that are told of events, and whose they are.
//!
//! In:  a transaction, an owner. Out: endpoints with their secrets, listeners without.
//! Invariant: an endpoint is read and changed through its owner only.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::endpoint::{Endpoint, Listener, OldSecret, Owner, State};
use units::{AccountId, EndpointId};

columns!(endpoints: id, owner, url, secret, kinds, state, created_us, old_secret, old_until_us);

statements! {
    ADD = concat!(endpoints!(insert), " on conflict do nothing");
    OF_OWNER = concat!(endpoints!(select), " where owner = $1 or owner = $2 order by created_us, id");
    GET = concat!(endpoints!(select), " where id = $1 and (owner = $2 or owner = $3)");
    SAVE = "update endpoints set url = $2, secret = $3, kinds = $4, state = $5, old_secret = $6, old_until_us = $7
        where id = $1";
    ALL = concat!(endpoints!(select), " order by id");
    STATE = "select state from endpoints where id = $1";
    DISABLE = "update endpoints set state = 'disabled' where id = $1";
    DROP = "delete from endpoints where id = $1";
    LISTENERS = "select id, owner, kinds from endpoints where state = 'enabled'
        and (owner = 'operator' or owner = 'cloud' or (owner >= $1 and owner <= $2)) order by owner, id";
}

fn words(row: &Row<'_>, at: usize) -> Result<Vec<String>, StoreError> {
    row.with_text(at, |it| it.split_whitespace().map(str::to_string).collect())
}

fn endpoint(row: &Row<'_>) -> Result<Endpoint, StoreError> {
    Ok(Endpoint {
        id: row.parsed(endpoints!(id), "endpoint", |it| it.parse().ok())?,
        owner: row.parsed(endpoints!(owner), "owner", Owner::parse)?,
        url: row.text(endpoints!(url))?,
        secret: row.text(endpoints!(secret))?,
        kinds: words(row, endpoints!(kinds))?,
        state: row.parsed(endpoints!(state), "endpoint state", State::parse)?,
        created: at(row.int(endpoints!(created_us))?)?,
        old: old(row, [endpoints!(old_secret), endpoints!(old_until_us)])?,
    })
}

/// The secret before, from its two columns.
pub(crate) fn old(row: &Row<'_>, [secret, until]: [usize; 2]) -> Result<Option<OldSecret>, StoreError> {
    match (row.maybe_text(secret)?, row.maybe_int(until)?) {
        (Some(secret), Some(until)) => Ok(Some(OldSecret { secret, until: at(until)? })),
        (None, None) => Ok(None),
        (Some(_), None) | (None, Some(_)) => Err(StoreError::Corrupt("the old secret of a webhook".into())),
    }
}

fn old_values(it: &Endpoint) -> [Value<'_>; 2] {
    let old = it.old.as_ref();
    [old.map(|it| it.secret.clone()).into(), old.map(|it| us(it.until)).into()]
}

/// Adds an endpoint. Errors: `Differs` when its id is taken.
pub fn add(tx: &mut Tx<'_>, it: &Endpoint) -> Result<(), StoreError> {
    let [old_secret, old_until] = old_values(it);
    let args = [
        it.id.to_string().into(),
        it.owner.to_string().into(),
        it.url.as_str().into(),
        it.secret.as_str().into(),
        it.kinds.join(" ").into(),
        it.state.as_str().into(),
        us(it.created).into(),
        old_secret,
        old_until,
    ];
    tx.exec_or(ADD, &args, || StoreError::Differs(format!("endpoint {}", it.id)))
}

/// The endpoints of two owners, or of one that is named twice; oldest first.
pub fn of(tx: &mut Tx<'_>, owners: [Owner; 2]) -> Result<Vec<Endpoint>, StoreError> {
    tx.rows(OF_OWNER, &owners.map(|it| it.to_string().into()), endpoint)
}

/// Errors: `NotFound`, also for an endpoint of somebody else.
pub fn get(tx: &mut Tx<'_>, owners: [Owner; 2], id: EndpointId) -> Result<Endpoint, StoreError> {
    let [one, other] = owners.map(|it| it.to_string());
    tx.one(GET, &[id.to_string().into(), one.into(), other.into()], &format!("webhook {id}"), endpoint)
}

/// Every endpoint of everybody.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Endpoint>, StoreError> {
    tx.rows(ALL, &[], endpoint)
}

/// Writes address, secrets, kinds and state.
pub fn save(tx: &mut Tx<'_>, it: &Endpoint) -> Result<(), StoreError> {
    let [old_secret, old_until] = old_values(it);
    let args = [
        it.id.to_string().into(),
        it.url.as_str().into(),
        it.secret.as_str().into(),
        it.kinds.join(" ").into(),
        it.state.as_str().into(),
        old_secret,
        old_until,
    ];
    tx.exec(SAVE, &args).map(drop)
}

/// `Disabled` also for an endpoint that is gone.
pub fn state(tx: &mut Tx<'_>, id: EndpointId) -> Result<State, StoreError> {
    let found =
        tx.rows(STATE, &[id.to_string().into()], |row| row.parsed(0, "endpoint state", State::parse))?;
    Ok(found.into_iter().next().unwrap_or(State::Disabled))
}

/// Nothing more is sent there.
pub fn disable(tx: &mut Tx<'_>, id: EndpointId) -> Result<(), StoreError> {
    tx.exec(DISABLE, &[id.to_string().into()]).map(drop)
}

/// Removes an endpoint; its messages go by `messages::drop_all`.
pub fn remove(tx: &mut Tx<'_>, id: EndpointId) -> Result<(), StoreError> {
    tx.exec(DROP, &[id.to_string().into()]).map(drop)
}

/// Who listens to what happens to these accounts, from the first to the last id; operator and cloud always.
pub fn listeners(
    tx: &mut Tx<'_>,
    accounts: Option<(AccountId, AccountId)>,
) -> Result<Vec<Listener>, StoreError> {
    let text = |id: Option<AccountId>| id.map_or_else(String::new, |it| it.to_string());
    let range = [text(accounts.map(|it| it.0)).into(), text(accounts.map(|it| it.1)).into()];
    tx.rows(LISTENERS, &range, |row| {
        Ok(Listener {
            id: row.parsed(0, "endpoint", |it| it.parse().ok())?,
            owner: row.parsed(1, "owner", Owner::parse)?,
            kinds: words(row, 2)?,
        })
    })
}
