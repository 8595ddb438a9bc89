//! A cart: items that somebody chose and has not bought yet, kept until they are bought or taken out.
//!
//! In:  whose cart, items. Out: what is in it with what each costs now, or why it cannot be had; orders.
//! Invariant: nothing is held by it; what is bought is bought at the prices that were agreed to, all of it or nothing, and
//! leaves the cart in the same transaction.
//! Rules: R-ORD-1, R-ORD-2, R-ORD-6, R-ORD-7.

use super::purchases::{self, Pay, Purchase};
use super::{At, Refusal, quotes, token};
use billing::account::Account;
use billing::breakdown::{self, Assumed, Estimate};
use billing::cart::{self, MOST};
use billing::order::{Item, Order};
use billing::quote::Quote;
use billing::voucher::choose::Choice;
use store::Tx;
use store::accounts::{self, Patience};
use store::carts::{self, CartItem};
use units::{Money, Timestamp};

pub use store::carts::Owner;

/// An item of a cart as it stands now.
#[derive(Debug)]
pub struct Kept {
    pub id: String,
    pub item: Item,
    /// What it cost when it was put there, or when that was last changed.
    pub was: Money,
    /// What it costs now, or why it cannot be had.
    pub quote: Result<Quote, Refusal>,
    /// About what its use costs a month, where it is charged by use.
    pub month: Option<Estimate>,
}

/// All that is in a cart, the first first. Errors: `Corrupt` for a text that is none of ours.
pub fn all(tx: &mut Tx<'_>, at: At<'_>, owner: Owner) -> Result<Vec<Kept>, Refusal> {
    let account = accounts::get(tx, owner.account)?;
    let rows = carts::all(tx, owner)?;
    let items: Vec<Item> = rows.iter().map(read).collect::<Result<_, _>>()?;
    let quoted = quotes::of_items(at, &account, &items)?;
    let mut found = Vec::with_capacity(rows.len());
    for ((row, item), quote) in rows.into_iter().zip(items).zip(quoted) {
        let was = Money::from_minor(row.quoted_minor, account.currency);
        let month = quote.as_ref().ok().map(|it| month(at, &account, it)).transpose()?.flatten();
        found.push(Kept { id: row.id, item, was, quote: quote.map_err(Refusal::from), month });
    }
    Ok(found)
}

fn month(at: At<'_>, account: &Account, quote: &Quote) -> Result<Option<Estimate>, Refusal> {
    let book = at.book_of(account.id, account.currency)?;
    Ok(breakdown::breakdown(book, quote, account.terms, &Assumed::default())?.month)
}

fn read(row: &CartItem) -> Result<Item, Refusal> {
    token::item(&row.item).ok_or_else(|| Refusal::corrupt(format!("the item {} of a cart", row.id)))
}

/// What an item costs now. Errors: all that a quote refuses.
fn quoted(tx: &mut Tx<'_>, at: At<'_>, owner: Owner, item: &Item) -> Result<Money, Refusal> {
    Ok(quotes::one(tx, at, owner.account, &item.wish)?.total)
}

/// An item for a cart, and what tells one putting from another.
#[derive(Clone, Copy, Debug)]
pub struct Put<'a> {
    pub id: &'a str,
    pub item: &'a Item,
}

/// How many pieces of an item are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Count<'a> {
    pub id: &'a str,
    pub quantity: u32,
}

/// Puts an item into a cart. `id` tells one putting from another: the same again changes nothing.
///
/// Errors: all that a quote refuses; `CartFull`.
pub fn put(tx: &mut Tx<'_>, at: At<'_>, owner: Owner, new: Put<'_>) -> Result<(), Refusal> {
    let Put { id, item } = new;
    accounts::lock(tx, [owner.account], Patience::Wait)?;
    let there = carts::all(tx, owner)?;
    if !cart::has_room(there.iter().map(|it| it.id.as_str()), id) {
        return Err(Refusal::CartFull(MOST));
    }
    let quoted_minor = quoted(tx, at, owner, item)?.minor();
    let added = behind(&there, at.now);
    carts::add(tx, owner, &CartItem { id: id.into(), item: token::text(item), quoted_minor, added })?;
    Ok(())
}

/// Now; a moment behind the last that is there where the clock did not go on since.
fn behind(there: &[CartItem], now: Timestamp) -> Timestamp {
    let last = there.last().map_or(i64::MIN, |it| it.added.as_microsecond());
    let added = now.as_microsecond().max(last.saturating_add(1));
    Timestamp::from_microsecond(added).unwrap_or(now)
}

/// Puts something else in the place of an item. Errors: all that a quote refuses; `NotFound`.
pub fn replace(tx: &mut Tx<'_>, at: At<'_>, owner: Owner, new: Put<'_>) -> Result<(), Refusal> {
    let Put { id, item } = new;
    let quoted_minor = quoted(tx, at, owner, item)?.minor();
    carts::change(
        tx,
        owner,
        &CartItem { id: id.into(), item: token::text(item), quoted_minor, added: at.now },
    )?;
    Ok(())
}

/// Says how many pieces of an item are wanted. Errors: all that a quote refuses; `NotFound`.
pub fn count(tx: &mut Tx<'_>, at: At<'_>, owner: Owner, new: Count<'_>) -> Result<(), Refusal> {
    let Count { id, quantity } = new;
    let rows = carts::all(tx, owner)?;
    let row = rows.iter().find(|it| it.id == id).ok_or_else(|| Refusal::missing("such item of the cart"))?;
    let mut item = read(row)?;
    item.wish.quantity = quantity;
    replace(tx, at, owner, Put { id, item: &item })
}

/// Takes an item out of a cart; one that is not in it is not missed.
pub fn take_out(tx: &mut Tx<'_>, owner: Owner, id: &str) -> Result<(), Refusal> {
    Ok(carts::take_out(tx, owner, &[id]).map(drop)?)
}

/// What somebody saw and agreed to: items of the cart by their ids, each with its sum in minor units.
#[derive(Clone, Copy, Debug)]
pub struct Agreed<'a> {
    pub token: &'a str,
    pub sums: &'a [(String, i64)],
    pub vouchers: Choice<'a>,
}

/// Buys all that is in a cart, at the sums that were agreed to; then the cart is empty.
///
/// Errors: `CartChanged`, `PriceChanged` where a price is another than what was agreed to, all that a purchase refuses; then
/// nothing is bought, and the cart stays.
pub fn buy(tx: &mut Tx<'_>, at: At<'_>, owner: Owner, agreed: Agreed<'_>) -> Result<Vec<Order>, Refusal> {
    let rows = carts::all(tx, owner)?;
    let there = rows.iter().map(|it| Ok((it.id.clone(), read(it)?))).collect::<Result<_, Refusal>>()?;

    let items = cart::agreed(there, agreed.sums).ok_or(Refusal::CartChanged)?;

    let purchase = Purchase {
        account: owner.account,
        token: agreed.token,
        items: &items,
        pay: Pay::Now,
        vouchers: agreed.vouchers,
    };
    let done = purchases::buy(tx, at, &[purchase], Patience::Wait)?;
    let orders = done.into_iter().next().unwrap_or_else(|| Err(Refusal::missing("purchase")))?;
    let ids: Vec<&str> = rows.iter().map(|it| it.id.as_str()).collect();
    // Whoever bought it meanwhile took it out: then this purchase is none.
    match carts::take_out(tx, owner, &ids)? == ids.len() as u64 {
        true => Ok(orders),
        false => Err(Refusal::CartChanged),
    }
}

#[cfg(test)]
mod tests;
