//! Events: what happened, in the words that subscribers are told.
//!
//! In:  a transaction and bodies that are ready to send. Out: events, newest first.
//! Invariant: an event is never changed; its body is sent as it was written.

use crate::engine::{Row, StoreError, Tx, at, us};
use billing::event::EventKind;
use units::{AccountId, EventId, Timestamp};

columns!(events: id, account, kind, at_us, number, body, trace);

statements! {
    ADD = concat!(events!(insert), " on conflict do nothing");
    DROP_OLD = "delete from events where at_us < $1";
    LAST_NUMBER = "select max(number) from events where at_us = $1";
    GET = concat!(events!(select), " where id = $1");
    GET_OF = concat!(events!(select), " where id = $1 and account = $2");
    PAGE = concat!(events!(select), " where (at_us, number, id) < ($1, $2, $3) and ($4 = '' or kind = $4) order by at_us desc, number
        desc, id desc limit $5");
    PAGE_OF = concat!(events!(select), " where account = $1 and (at_us, number, id) < ($2, $3, $4) and ($5 = '' or kind = $5) order
        by at_us desc, number desc, id desc limit $6");
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: EventId,
    /// Whose it is; `None` for what only the operator sees.
    pub account: Option<AccountId>,
    pub kind: EventKind,
    pub at: Timestamp,
    /// The order of what happened at one instant.
    pub number: i64,
    /// JSON, as it is sent.
    pub body: String,
    /// The `traceparent` of the request that made it; `None` for what no request did.
    pub trace: Option<String>,
}

fn event(row: &Row<'_>) -> Result<Event, StoreError> {
    let account = row.maybe_text(events!(account))?;
    let account = account.map(|it| it.parse().map_err(|_| StoreError::Corrupt(format!("account `{it}`"))));
    Ok(Event {
        id: row.parsed(events!(id), "event", |it| it.parse().ok())?,
        account: account.transpose()?,
        kind: row.parsed(events!(kind), "event kind", EventKind::parse)?,
        at: at(row.int(events!(at_us))?)?,
        number: row.int(events!(number))?,
        body: row.text(events!(body))?,
        trace: row.maybe_text(events!(trace))?,
    })
}

/// Adds events. Errors: `Stale` when one has the id of another; the same transaction later does not.
pub fn add(tx: &mut Tx<'_>, events: &[Event]) -> Result<(), StoreError> {
    let row = |it: &Event| {
        [
            it.id.to_string().into(),
            it.account.map(|it| it.to_string()).into(),
            it.kind.as_str().into(),
            us(it.at).into(),
            it.number.into(),
            it.body.clone().into(),
            it.trace.clone().into(),
        ]
    };
    let rows: Vec<[crate::Value<'_>; 7]> = events.iter().map(row).collect();
    if tx.many(ADD, &rows)? < rows.len() as u64 {
        return Err(StoreError::Stale("an event".into()));
    }
    Ok(())
}

/// The number of the last event at `now`; 0 when there is none.
pub fn last_number(tx: &mut Tx<'_>, now: Timestamp) -> Result<i64, StoreError> {
    let found = tx.rows(LAST_NUMBER, &[us(now).into()], |row| row.maybe_int(0))?;
    Ok(found.into_iter().flatten().next().unwrap_or(0))
}

/// Errors: `NotFound`, also for an event of another account. `None` sees all.
pub fn get(tx: &mut Tx<'_>, account: Option<AccountId>, id: EventId) -> Result<Event, StoreError> {
    let what = format!("event {id}");
    match account {
        Some(account) => tx.one(GET_OF, &[id.to_string().into(), account.to_string().into()], &what, event),
        None => tx.one(GET, &[id.to_string().into()], &what, event),
    }
}

/// Which events: of an account or of all, of a kind or of any, behind one or from the newest.
#[derive(Clone, Copy, Debug, Default)]
pub struct EventFilter {
    pub account: Option<AccountId>,
    pub kind: Option<EventKind>,
    pub after: Option<EventId>,
}

/// Events of an account, or of all, newest first, those after `after`. Errors: `NotFound` for an unknown `after`.
pub fn page(tx: &mut Tx<'_>, filter: &EventFilter, limit: i64) -> Result<Vec<Event>, StoreError> {
    let EventFilter { account, kind, after } = *filter;
    let last = after.map(|it| get(tx, account, it)).transpose()?;
    let kind = kind.map_or("", EventKind::as_str);
    let (at_us, number, id) = match last {
        Some(it) => (us(it.at), it.number, it.id.to_string()),
        None => (i64::MAX, i64::MAX, String::new()),
    };
    match account {
        Some(account) => {
            let account = account.to_string();
            let args = [account.into(), at_us.into(), number.into(), id.into(), kind.into(), limit.into()];
            tx.rows(PAGE_OF, &args, event)
        }
        None => tx.rows(PAGE, &[at_us.into(), number.into(), id.into(), kind.into(), limit.into()], event),
    }
}

/// Forgets events before `at`; their messages go first.
pub fn drop_before(tx: &mut Tx<'_>, at: Timestamp) -> Result<(), StoreError> {
    crate::messages::drop_before(tx, at)?;
    tx.exec(DROP_OLD, &[us(at).into()]).map(drop)
}
