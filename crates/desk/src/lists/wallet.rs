//! The wallet's book: movements with the balance after each, and what was paid in.
//!
//! In:  an account, which movements. Out: pages of them.
//! Invariant: balances are those of one instant of the wallet; what came later is not looked at.
//! Rules: R-WAL-3.

use super::accounts::{Owned, currency, owned};
use crate::Refusal;
use crate::page::{Page, Part, mark};
use billing::bill::Kind;
use billing::order::Order;
use billing::passbook::Reason;
use billing::resource::Resource;
use billing::wallet::Wallet;
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use store::bills::NamedBill;
use store::ledger::{self, MovementFilter};
use store::{Tx, bills, orders, resources, top_ups};
use units::{AccountId, BillId, Money, OrderId, ResourceId, Timestamp, TransferId};

pub use store::ledger::{Movement, TopUp};
pub use store::top_ups::TopUpFilter;

/// The wallet of an account. Errors: `NotFound`.
pub fn one(tx: &mut Tx<'_>, account: AccountId) -> Result<Wallet, Refusal> {
    let currency = currency(tx, account)?;
    Ok(ledger::get(tx, account, currency)?.wallet)
}

/// The kind of movements by which money comes in.
const TOP_UP: &str = "recharge";

/// A movement and the balance after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub movement: Movement,
    pub balance: Money,
}

/// An entry and, of money that came in, the reference that it was written down under; of other money what it was for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub entry: Entry,
    pub reference: Option<String>,
    pub cause: Option<Cause>,
}

/// What a movement was for, as people call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    pub thing: Thing,
    /// Empty where it has none of its own.
    pub name: String,
    pub product: String,
}

/// A thing that money moves for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A bill, of what kind, for a time from when on.
    Bill {
        id: BillId,
        kind: Kind,
        from: Timestamp,
    },
    Order(OrderId),
    Resource(ResourceId),
}

/// Which movements: of a kind, or of any where it is empty; made in `[from, to)`.
#[derive(Clone, Copy, Debug)]
pub struct Filter<'a> {
    pub kind: &'a str,
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Filter<'_> {
    /// All that there are.
    pub const EVERY: Filter<'static> = Filter { kind: "", from: Timestamp::MIN, to: Timestamp::MAX };
}

/// Movements of a wallet, the newest first.
///
/// Balances are counted back from the wallet as it stands, so a page costs what lies between now and its end.
pub fn movements(
    tx: &mut Tx<'_>,
    account: AccountId,
    of: Filter<'_>,
    part: &Part,
) -> Result<Page<Entry>, Refusal> {
    let currency = currency(tx, account)?;
    let read = ledger::get(tx, account, currency)?;
    let bound = match &part.after {
        Some(it) => ledger::number(tx, account, it)?,
        None => read.end(),
    };
    let Filter { kind, from, to } = of;
    let filter = MovementFilter { before: bound.min(read.end()), kind, from, to };
    let found = ledger::movements_page(tx, account, filter, part.reach())?;
    let Some(last) = found.last() else { return Ok(Page::whole(Vec::new())) };
    let mut later = ledger::changes(tx, account, last.number..read.end())?.into_iter().peekable();

    let mut balance = read.wallet.balance();
    let mut entries = Vec::with_capacity(found.len());
    for movement in found {
        while let Some((_, change)) = later.next_if(|it| it.0 > movement.number) {
            balance = balance.checked_sub(change)?;
        }
        entries.push(Entry { movement, balance });
    }
    Ok(Page::of(entries, part, |it| it.movement.id.clone()))
}

/// The same with the references of what came in and with what the rest was for, for people: programs have the subject.
pub fn told(tx: &mut Tx<'_>, account: AccountId, page: Page<Entry>) -> Result<Page<Told>, Refusal> {
    let references = references(tx, account, &page.items)?;
    let causes = causes(tx, account, &page.items)?;
    Ok(page.map(|entry| {
        let subject = &entry.movement.subject;
        let (reference, cause) = (references.get(subject).cloned(), causes.get(subject).cloned());
        Told { entry, reference, cause }
    }))
}

/// What movements were for, by their subjects: each kind of thing is read once.
fn causes(
    tx: &mut Tx<'_>,
    account: AccountId,
    entries: &[Entry],
) -> Result<BTreeMap<String, Cause>, Refusal> {
    let subjects: BTreeSet<&str> = entries.iter().map(|it| it.movement.subject.as_str()).collect();
    let mut found = BTreeMap::new();
    let ids: Vec<BillId> = named(&subjects);
    for NamedBill { bill, name } in bills::heads(tx, account, &ids)? {
        let thing = Thing::Bill { id: bill.id, kind: bill.kind, from: bill.from };
        let name = if name.is_empty() { bill.spec.into_owned() } else { name };
        found.insert(bill.id.to_string(), Cause { thing, name, product: bill.product.into_owned() });
    }
    let keys: Vec<(AccountId, OrderId)> = named(&subjects).into_iter().map(|it| (account, it)).collect();
    if !keys.is_empty() {
        for Order { id, name, product, .. } in orders::get_all(tx, &keys)?.into_iter().map(|it| it.order) {
            found.insert(id.to_string(), Cause { thing: Thing::Order(id), name, product });
        }
    }
    let keys: Vec<(AccountId, ResourceId)> = named(&subjects).into_iter().map(|it| (account, it)).collect();
    for Resource { id, name, product, .. } in resources::get_all(tx, &keys)?.into_iter().map(|it| it.resource)
    {
        found.insert(id.to_string(), Cause { thing: Thing::Resource(id), name, product });
    }
    Ok(found)
}

/// The subjects that are ids of this kind.
fn named<T: FromStr>(subjects: &BTreeSet<&str>) -> Vec<T> {
    subjects.iter().filter_map(|it| it.parse().ok()).collect()
}

/// What the money that came in with some movements was written down as, by their subjects.
///
/// All of the account that came between the first and the last of them: a page may end amid several of one instant.
fn references(
    tx: &mut Tx<'_>,
    account: AccountId,
    entries: &[Entry],
) -> Result<BTreeMap<String, String>, Refusal> {
    let came_in = || entries.iter().map(|it| &it.movement).filter(|it| it.kind == TOP_UP).map(|it| it.at);
    let (Some(first), Some(last)) = (came_in().min(), came_in().max()) else { return Ok(BTreeMap::new()) };
    let subject = |reference: &str, at| {
        let bits = TransferId::named(at, &format!("{account} {reference}")).bits();
        Reason::TopUp(bits).subject()
    };
    let all = top_ups::references(tx, account, first, last)?;
    Ok(all.into_iter().map(|(reference, at)| (subject(&reference, at), reference)).collect())
}

/// What was paid into a wallet or granted, the newest first. Errors: `NotFound`.
pub fn top_ups(tx: &mut Tx<'_>, account: AccountId, part: &Part) -> Result<Page<TopUp>, Refusal> {
    currency(tx, account)?;
    let found = ledger::top_ups(tx, account, part.after.as_deref(), part.reach())?;
    Ok(Page::of(found, part, |it| it.reference.clone()))
}

/// What was paid in or granted, of all accounts, the newest first, each with what its account is called.
///
/// Errors: `NotFound` for an account that is not there, and for a place that is none.
pub fn all_top_ups(tx: &mut Tx<'_>, of: TopUpFilter, part: &Part) -> Result<Page<Owned<TopUp>>, Refusal> {
    super::accounts::check(tx, of.account)?;
    let after = mark::of(part)?;
    let found = top_ups::page(tx, of, after.as_ref(), part.reach())?;
    let page = owned(tx, Page::of(found, part, |it| mark::word(&it.mark())), |it| it.account)?;
    Ok(page.map(|Owned { account, name, of }| Owned { account, name, of: of.top_up }))
}

/// One payment, by its reference. Errors: `NotFound`, also for one of another account.
pub fn top_up(tx: &mut Tx<'_>, account: AccountId, reference: &str) -> Result<TopUp, Refusal> {
    currency(tx, account)?;
    Ok(ledger::one_top_up(tx, account, reference)?)
}
