//! Accounts in arrears: which, and what is due next of each.
//!
//! In:  a place in the list. Out: accounts by the instant at which something happens to one of their resources.
//! Invariant: what falls due is what resources have written down; nothing is worked out here.

use crate::engine::{Row, StoreError, Tx, Value, at};
use billing::resource::State;
use units::{AccountId, Money, ResourceId, Timestamp};

statements! {
    BOARD = "with board as (select a.id as account, r.id as resource, coalesce(r.due_us, 9223372036854775807) as next_us
        from accounts a left join resources r on r.account = a.id and r.id = (select n.id from resources n where n.account = a.id
        and n.due_us is not null order by n.due_us, n.id limit 1)
        where a.arrears_since_us is not null and ($4 = '' or a.id = $4))
        select account, resource, next_us from board where (next_us, account) > ($1, $2) order by next_us, account limit $3";
    PLACE = "select coalesce(min(due_us), 9223372036854775807) from resources where account = $1 and due_us is not null";
    STOPPED = "select account, state, count(*) from resources where account = $1 and state in ('limited', 'arrears_stopped')
        group by account, state";
    SUMS = "select a.currency, count(*), cast(sum(w.owed_minor) as bigint) from accounts a join wallets w on w.account = a.id
        where a.arrears_since_us is not null group by a.currency order by a.currency";
}

/// An account in arrears, and the resource to which something happens first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    pub account: AccountId,
    /// With the instant; `None` where nothing will happen by itself.
    pub due: Option<(ResourceId, Timestamp)>,
}

fn next(row: &Row<'_>) -> Result<Next, StoreError> {
    let unreadable = || StoreError::Corrupt("a resource of an account in arrears".into());
    let resource = row.maybe_text(1)?.map(|it| it.parse().map_err(|_| unreadable())).transpose()?;
    let due = match resource {
        Some(id) => Some((id, at(row.int(2)?)?)),
        None => None,
    };
    Ok(Next { account: row.parsed(0, "account", |it| it.parse().ok())?, due })
}

/// Accounts in arrears behind `after` in the order of what happens next; `only` leaves one alone.
pub fn board(
    tx: &mut Tx<'_>,
    after: Option<AccountId>,
    only: Option<AccountId>,
    most: usize,
) -> Result<Vec<Next>, StoreError> {
    let text = |it: Option<AccountId>| it.map_or_else(String::new, |it| it.to_string());
    let (id, only) = (text(after), text(only));
    let place = match after {
        Some(_) => tx.one(PLACE, &[id.as_str().into()], "place in the list", |row| row.int(0))?,
        None => i64::MIN,
    };
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    tx.rows(BOARD, &[place.into(), id.into(), most.into(), only.into()], next)
}

/// How many resources of an account arrears hold up, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    pub account: AccountId,
    pub state: State,
    pub count: i64,
}

/// The same of many accounts; one of which nothing is held up is left out.
pub fn stopped(tx: &mut Tx<'_>, accounts: &[AccountId]) -> Result<Vec<Stopped>, StoreError> {
    let keys: Vec<[Value<'_>; 1]> = accounts.iter().map(|it| [it.to_string().into()]).collect();
    tx.each(STOPPED, &keys, |row| {
        let account = row.parsed(0, "account", |it| it.parse().ok())?;
        Ok(Stopped { account, state: row.parsed(1, "state", State::parse)?, count: row.int(2)? })
    })
}

/// How many accounts are in arrears and what they owe, one row for each currency.
pub fn sums(tx: &mut Tx<'_>) -> Result<Vec<(i64, Money)>, StoreError> {
    tx.rows(SUMS, &[], |row| Ok((row.int(1)?, row.money(2, row.currency(0)?)?)))
}
