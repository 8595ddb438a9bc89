//! The arrears board: who owes how much since when, and what happens next if nothing is paid.
//!
//! In:  which part. Out: accounts in arrears by what happens to them first; those to which nothing will happen come last.
//! Invariant: what happens next is what the life of the resource says; nothing is decided here.
//! Rules: R-ARR-1, R-ARR-4 to R-ARR-8, R-EXP-1.

use super::accounts::Customer;
use crate::page::{self, Page, Part};
use crate::{At, Refusal};
use billing::life::Standing;
use billing::resource::{Resource, State};
use billing::story::{self, What};
use std::collections::BTreeMap;
use store::arrears::{self, Next, Stopped};
use store::{Tx, accounts, resources};
use units::{AccountId, ResourceId, Timestamp};

/// What happens next to an account in arrears.
#[derive(Clone, Debug)]
pub struct Coming {
    pub at: Timestamp,
    pub what: What,
    pub resource: Resource,
}

/// An account in arrears.
#[derive(Clone, Debug)]
pub struct InArrears {
    pub customer: Customer,
    pub since: Timestamp,
    /// Resources of which the pay-per-use parts are off.
    pub limited: i64,
    /// Resources that are stopped.
    pub stopped: i64,
    /// `None` where nothing will happen by itself.
    pub coming: Option<Coming>,
}

/// Accounts in arrears, in the order of what happens next.
///
/// Errors: `NotFound` for a place of no account.
pub fn page(tx: &mut Tx<'_>, at: At<'_>, part: &Part) -> Result<Page<InArrears>, Refusal> {
    let after = part.cursor::<AccountId>()?;
    if let Some(after) = after {
        page::there(accounts::get(tx, after))?.then_some(()).ok_or_else(page::no_page)?;
    }
    let found = arrears::board(tx, after, None, part.reach())?;
    let Page { items, next } = Page::of(found, part, |it| it.account.to_string());
    Ok(Page { items: told(tx, at, &items)?, next })
}

/// How one account stands; `None` for one that is not in arrears.
pub fn one(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<Option<InArrears>, Refusal> {
    let found = arrears::board(tx, None, Some(account), 1)?;
    Ok(told(tx, at, &found)?.pop())
}

/// The same with all that is shown of each; as many statements for one as for all.
fn told(tx: &mut Tx<'_>, at: At<'_>, found: &[Next]) -> Result<Vec<InArrears>, Refusal> {
    let ids: Vec<AccountId> = found.iter().map(|it| it.account).collect();
    let mut customers = super::accounts::of(tx, ids.iter().copied())?;
    let stopped = arrears::stopped(tx, &ids)?;
    let keys: Vec<_> = found.iter().filter_map(|it| Some((it.account, it.due?.0))).collect();
    let resources = resources::get_all(tx, &keys)?.into_iter().map(|it| (it.resource.id, it.resource));
    let mut resources: BTreeMap<ResourceId, Resource> = resources.collect();
    let mut all = Vec::with_capacity(found.len());
    for Next { account, due } in found {
        let Some(customer) = customers.remove(account) else { continue };
        let Some(since) = customer.account.arrears_since else { continue };
        let resource = due.and_then(|(id, when)| Some((resources.remove(&id)?, when)));
        let coming = match resource {
            Some(it) => coming(at, &customer, it)?,
            None => None,
        };
        let (limited, stopped) =
            (count(&stopped, *account, State::Limited), count(&stopped, *account, State::ArrearsStopped));
        all.push(InArrears { customer, since, limited, stopped, coming });
    }
    Ok(all)
}

fn count(all: &[Stopped], account: AccountId, state: State) -> i64 {
    all.iter().find(|it| it.account == account && it.state == state).map_or(0, |it| it.count)
}

/// What happens to a resource at the instant that it has written down.
fn coming(
    at: At<'_>,
    customer: &Customer,
    (resource, due): (Resource, Timestamp),
) -> Result<Option<Coming>, Refusal> {
    let standing =
        Standing { arrears_since: customer.account.arrears_since, balance: customer.wallet.standing() };
    let product = at.life_of(&resource)?;
    let ahead = story::ahead(&resource, product, standing, &at.desk.calendar)?;
    Ok(ahead.first().map(|it| Coming { at: due, what: it.what, resource }))
}
