//! What people have put into their carts.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use units::{AccountId, Timestamp, UserId};

columns!(cart_items: account, user_id, id, item, quoted_minor, added_us);

statements! {
    ADD = concat!(cart_items!(insert), " on conflict do nothing");
    OF_OWNER = concat!(cart_items!(select), " where account = $1 and user_id = $2 order by added_us, id");
    CHANGE = "update cart_items set item = $4, quoted_minor = $5 where account = $1 and user_id = $2 and id = $3";
    TAKE_OUT = "delete from cart_items where account = $1 and user_id = $2 and id = $3";
}

/// Whose cart: somebody's in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    pub account: AccountId,
    pub user: UserId,
}

/// An item of a cart: what is wanted, as text, and what it cost when that was last agreed to, in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CartItem {
    pub id: String,
    pub item: String,
    pub quoted_minor: i64,
    pub added: Timestamp,
}

fn cart_item(row: &Row<'_>) -> Result<CartItem, StoreError> {
    Ok(CartItem {
        id: row.text(cart_items!(id))?,
        item: row.text(cart_items!(item))?,
        quoted_minor: row.int(cart_items!(quoted_minor))?,
        added: at(row.int(cart_items!(added_us))?)?,
    })
}

/// All that is in a cart, in the order in which it was put there.
pub fn all(tx: &mut Tx<'_>, owner: Owner) -> Result<Vec<CartItem>, StoreError> {
    tx.rows(OF_OWNER, &[owner.account.to_string().into(), owner.user.to_string().into()], cart_item)
}

/// Puts an item into a cart. The same id again changes nothing.
pub fn add(tx: &mut Tx<'_>, owner: Owner, it: &CartItem) -> Result<(), StoreError> {
    let args = [
        owner.account.to_string().into(),
        owner.user.to_string().into(),
        it.id.as_str().into(),
        it.item.as_str().into(),
        it.quoted_minor.into(),
        us(it.added).into(),
    ];
    tx.exec(ADD, &args).map(drop)
}

/// Puts something else in the place of an item. Errors: `NotFound`.
pub fn change(tx: &mut Tx<'_>, owner: Owner, it: &CartItem) -> Result<(), StoreError> {
    let args = [
        owner.account.to_string().into(),
        owner.user.to_string().into(),
        it.id.as_str().into(),
        it.item.as_str().into(),
        it.quoted_minor.into(),
    ];
    match tx.exec(CHANGE, &args)? {
        0 => Err(StoreError::NotFound(format!("item {}", it.id))),
        _ => Ok(()),
    }
}

/// Takes items out of a cart. How many of them were in it.
pub fn take_out(tx: &mut Tx<'_>, owner: Owner, ids: &[&str]) -> Result<u64, StoreError> {
    let (account, user) = (owner.account.to_string(), owner.user.to_string());
    let rows: Vec<[Value<'_>; 3]> =
        ids.iter().map(|id| [account.as_str().into(), user.as_str().into(), (*id).into()]).collect();
    tx.many(TAKE_OUT, &rows)
}
