//! Packs as they stand, and when each will be empty if everything goes on as it is.
//!
//! In:  an account at an instant. Out: what closed months took and the open month has taken so far, and the end.
//! Invariant: the end is found by the sweep that settlement does, reaching into the future; nothing is written.

use super::{At, Refusal, packs};
use billing::cover::Crossing;
use billing::notice::NoticeKind;
use billing::pack::{Pack, PackState};
use std::collections::BTreeMap;
use store::{StoreError, Tx, accounts, notices, orders};
use units::{AccountId, Currency, OrderId, PackId, Timestamp, Unit};

/// A pack as it stands.
#[derive(Clone, Debug)]
pub struct Standing {
    pub pack: Pack,
    /// The product that it was bought as; empty where its order is not there.
    pub product: String,
    pub state: PackState,
    pub used: u64,
    pub left: u64,
    /// What was left when it expired.
    pub lost: u64,
    /// What its units are; `None` when no product of the present book takes from its family.
    pub unit: Option<Unit>,
    /// When it was or will be empty; `None` when it expires before.
    pub empty: Option<Timestamp>,
}

/// Every pack of an account, the newest first.
pub fn all(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<Vec<Standing>, Refusal> {
    let currency = accounts::get(tx, account)?.currency;
    let outlook = packs::look(tx, at, account)?;
    let end = outlook.packs.iter().map(|it| it.expires).max();
    let crossings = match end.filter(|it| *it > at.now) {
        Some(end) => packs::look_until(tx, at, account, end)?.crossings,
        None => outlook.crossings.clone(),
    };
    let told = notices::of_account(tx, account)?;
    let bought = bought_as(tx, account, &outlook.packs)?;
    let mut found = Vec::with_capacity(outlook.packs.len());
    for pack in &outlook.packs {
        let subject = pack.id.to_string();
        let noticed = told.iter().find(|it| it.subject == subject && it.kind == NoticeKind::PackExhausted);
        let left = outlook.left.get(&pack.id).copied().unwrap_or(pack.left);
        let empty = noticed.map(|it| it.at).or_else(|| end_of(pack, &crossings));
        let product = bought.get(&pack.order).cloned();
        found.push(Standing {
            product: product.ok_or_else(|| StoreError::Corrupt(format!("the order of pack {}", pack.id)))?,
            unit: unit_of(at, currency, &pack.family),
            empty,
            ..stand(pack, left, at.now)
        });
    }
    found.sort_by_key(|it| std::cmp::Reverse(it.pack.id));
    Ok(found)
}

/// The packs of an account that are in force, the newest first. Where there is none, nothing else is looked at.
pub fn in_force(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<Vec<Standing>, Refusal> {
    let in_force = |it: &Pack| it.effective <= at.now && at.now < it.expires;
    if !store::packs::of_account(tx, account)?.iter().any(in_force) {
        return Ok(Vec::new());
    }
    Ok(all(tx, at, account)?.into_iter().filter(|it| in_force(&it.pack)).collect())
}

/// One pack. Errors: `NotFound`, also for a pack of another account.
pub fn one(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, id: PackId) -> Result<Standing, Refusal> {
    let found = all(tx, at, account)?.into_iter().find(|it| it.pack.id == id);
    Ok(found.ok_or_else(|| StoreError::NotFound(format!("pack {id}")))?)
}

/// The product of the order of each pack.
fn bought_as(
    tx: &mut Tx<'_>,
    account: AccountId,
    packs: &[Pack],
) -> Result<BTreeMap<OrderId, String>, Refusal> {
    let mut keys: Vec<(AccountId, OrderId)> = packs.iter().map(|it| (account, it.order)).collect();
    keys.sort_unstable();
    keys.dedup();
    let found = orders::get_all(tx, &keys)?;
    Ok(found.into_iter().map(|it| (it.order.id, it.order.product)).collect())
}

/// Used, left and lost add up to the capacity, also while the month in which it expired is open.
fn stand(pack: &Pack, left: u64, now: Timestamp) -> Standing {
    let over = now >= pack.expires;
    Standing {
        state: pack.state(left, now),
        used: pack.capacity.saturating_sub(left).saturating_sub(pack.lost),
        left: if over { 0 } else { left },
        lost: if over { pack.lost + left } else { pack.lost },
        product: String::new(),
        unit: None,
        empty: None,
        pack: pack.clone(),
    }
}

/// The first instant at which nothing is left; not before it was bought.
pub(crate) fn end_of(pack: &Pack, crossings: &[Crossing]) -> Option<Timestamp> {
    let last = crossings.iter().find(|it| it.pack == pack.id && it.left == 0)?;
    Timestamp::from_second(last.at).ok().map(|it| it.max(pack.bought))
}

/// What packs of a family count; `None` when no product of the present book of a currency takes from it.
pub(crate) fn unit_of(at: At<'_>, currency: Currency, family: &str) -> Option<Unit> {
    let products = at.book(currency).ok()?.products.iter();
    let mut components = products.flat_map(|it| &it.components);
    components.find(|it| it.pack.as_deref() == Some(family)).map(|it| it.quantity.unit.seconds())
}
