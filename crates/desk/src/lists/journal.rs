//! The audit log, chain by chain, and all of it in the order of time.

use crate::facts::CHAIN;
use crate::page::{Page, Part, mark};
use crate::{Refusal, actors, journal};
use std::collections::BTreeMap;
use store::journal::EntryFilter;
use store::{Tx, accounts};
use units::{AccountId, Timestamp};

pub use store::journal::Entry;

/// Whose chain `text` names: an account's by its id, or that of no account. Errors: `NotFound` for what is no id.
pub fn account(text: &str) -> Result<Option<AccountId>, Refusal> {
    match text {
        journal::TILL => Ok(None),
        id => id.parse().map(Some).map_err(|_| Refusal::missing(format!("account {id}"))),
    }
}

/// Writes of an account, or of none, the newest first. Errors: `NotFound` for an account that is not there.
pub fn page(tx: &mut Tx<'_>, account: Option<AccountId>, part: &Part) -> Result<Page<Entry>, Refusal> {
    let chain = match account {
        None => journal::TILL.to_string(),
        Some(account) => store::accounts::get(tx, account)?.id.to_string(),
    };
    let before = part.cursor::<i64>()?.unwrap_or(i64::MAX);
    let found = store::journal::of_chain(tx, &chain, before, i64::from(part.most) + 1)?;
    Ok(Page::of(found, part, |it| it.number.to_string()))
}

/// Whose entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    #[default]
    All,
    /// Those of no account.
    Till,
    Account(AccountId),
}

/// Which entries of the whole log.
#[derive(Clone, Debug)]
pub struct Filter {
    pub whose: Whose,
    /// A part of who did it: an id, a mail address.
    pub actor: String,
    /// A part of what was done.
    pub action: String,
    /// Made then or later.
    pub from: Timestamp,
    /// Made before.
    pub to: Timestamp,
}

/// An entry with names for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub entry: Entry,
    /// The account that was written to; `None` for what is of none.
    pub account: Option<(AccountId, String)>,
    /// What whoever did it is called, where that is known: a user, a key.
    pub by: Option<String>,
}

/// Entries that fit, of all chains but those of facts, which say the same once more; the newest first.
///
/// Errors: `NotFound` for an account that is not there, and for a place that is none.
pub fn found(tx: &mut Tx<'_>, of: &Filter, part: &Part) -> Result<Page<Told>, Refusal> {
    let chain = match of.whose {
        Whose::All => String::new(),
        Whose::Till => journal::TILL.to_string(),
        Whose::Account(account) => accounts::get(tx, account)?.id.to_string(),
    };
    let place = |(at_us, chain, number): (i64, String, String)| {
        let number = number.parse().map_err(|_| crate::page::no_page())?;
        Ok::<_, Refusal>((at_us, chain, number))
    };
    let after = mark::of(part)?.map(place).transpose()?;
    let Filter { actor, action, from, to, .. } = of;
    let filter = EntryFilter { operation: action, actor, chain: &chain, except: CHAIN, from: *from, to: *to };
    let entries = store::journal::found(tx, filter, after.as_ref(), part.reach())?;
    let end = |it: &Entry| {
        let (at_us, chain, number) = it.moment();
        mark::word(&(at_us, chain, number.to_string()))
    };
    told(tx, Page::of(entries, part, end))
}

/// The same with the names of accounts and of who did it; as many statements for one as for all.
pub fn told(tx: &mut Tx<'_>, page: Page<Entry>) -> Result<Page<Told>, Refusal> {
    let owner = |it: &Entry| it.chain.parse::<AccountId>().ok();
    let names: BTreeMap<AccountId, String> = accounts::names(tx, page.items.iter().filter_map(owner))?;
    let actors = actors::names(tx, page.items.iter().map(|it| it.actor.as_str()))?;
    Ok(page.map(|entry| Told {
        account: owner(&entry).and_then(|id| Some((id, names.get(&id)?.clone()))),
        by: actors.get(&entry.actor).cloned(),
        entry,
    }))
}
