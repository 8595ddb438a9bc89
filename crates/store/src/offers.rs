//! Offers: prices for what one customer may order.
//!
//! In:  a transaction, an account or none, offers. Out: offers with their items.
//! Invariant: what an offer says of prices is written once; only its state, end and reason change.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::offer::{Offer, OfferedItem, State};
use billing::order::Item;
use billing::quote::Wish;
use std::collections::HashMap;
use units::{AccountId, Currency, OfferId, OrderId, Timestamp};

columns!(offers: account, id, request, book, note, state, created_us, until_us, ended_us, reason);
columns!(offer_items: account, offer, number, product, options, months, quantity, month, name, service, rate_e8, list_minor, total_minor);

statements! {
    ADD = concat!(offers!(insert), " on conflict do nothing");
    ADD_ITEM = concat!(offer_items!(insert), " on conflict do nothing");
    GET = concat!("select ", offers!(names), " from offers where account = $1 and id = $2");
    FIND = concat!("select ", offers!(names), " from offers where id = $1");
    HOLD = "update offers set state = state where account = $1 and id = $2";
    SAVE = "update offers set state = $3, ended_us = $4, reason = $5 where account = $1 and id = $2";
    PAGE = concat!("select ", offers!(names), " from offers where account = $1 and id < $2 and ($3 = '' or
        (case when state = 'open' and until_us <= $4 then 'expired' else state end) = $3) order by id desc limit $5");
    PAGE_OF_ALL = concat!("select ", offers!(names), " from offers where id < $1 and ($2 = '' or
        (case when state = 'open' and until_us <= $3 then 'expired' else state end) = $2) order by id desc limit $4");
    ALL = concat!("select ", offers!(names), " from offers order by account, id");
    ITEMS = concat!("select ", offer_items!(names), ", (select a.currency from accounts a where a.id = offer_items.account)
        from offer_items where account = $1 and offer = $2 order by number");
    RATES = "select id, offer_rate_e8 from orders where account = $1 and offer is not null order by id";
    OTHERWISE = "select o.id, o.offer, o.number from orders o left join offer_items i on i.account = o.account and i.offer = o.offer
        and i.number = o.number where o.offer is not null and (i.rate_e8 is null or i.rate_e8 <> o.offer_rate_e8
        or i.total_minor <> o.total_minor) order by o.id";
    WITHOUT = "select f.id from offers f where f.state = 'accepted' and (select count(*) from orders o where o.account = f.account
        and o.offer = f.id) <> (select count(*) from offer_items i where i.account = f.account and i.offer = f.id) order by f.id";
    LINES = "select l.bill, l.number, o.offer from orders o cross join bills b cross join lines l where o.offer is not null
        and b.account = o.account and b.order_id = o.id and l.account = b.account and l.bill = b.id and b.kind <> 'refund' and l.rate_e8 <> o.offer_rate_e8
        order by l.bill, l.number";
}

fn offer(row: &Row<'_>) -> Result<Offer, StoreError> {
    let request = row.maybe_text(offers!(request))?;
    let request = request.map(|it| it.parse().map_err(|_| StoreError::Corrupt(format!("request {it}"))));
    Ok(Offer {
        account: row.parsed(offers!(account), "account", |it| it.parse().ok())?,
        id: row.parsed(offers!(id), "offer", |it| it.parse().ok())?,
        request: request.transpose()?,
        book: row.parsed(offers!(book), "book", |it| it.parse().ok())?,
        items: Vec::new(),
        note: row.text(offers!(note))?,
        state: row.parsed(offers!(state), "state of an offer", State::parse)?,
        created: at(row.int(offers!(created_us))?)?,
        until: at(row.int(offers!(until_us))?)?,
        ended: row.maybe_int(offers!(ended_us))?.map(at).transpose()?,
        reason: row.text(offers!(reason))?,
    })
}

fn item(row: &Row<'_>) -> Result<OfferedItem, StoreError> {
    let currency: Currency = row.currency(offer_items!(count))?;
    let count = |place: usize| row.count(place, "a count of an offer");
    let rate = u64::try_from(row.int(offer_items!(rate_e8))?);
    let wish = Wish {
        product: row.text(offer_items!(product))?,
        options: row.options(offer_items!(options))?.pairs(),
        months: count(offer_items!(months))?,
        quantity: count(offer_items!(quantity))?,
    };
    Ok(OfferedItem {
        item: Item {
            wish,
            month: row.maybe_text(offer_items!(month))?,
            name: row.text(offer_items!(name))?,
            service: row.maybe_text(offer_items!(service))?,
            quoted_minor: None,
            offered: None,
        },
        rate_e8: rate.map_err(|_| StoreError::Corrupt("a rate of an offer".into()))?,
        list: row.money(offer_items!(list_minor), currency)?,
        total: row.money(offer_items!(total_minor), currency)?,
    })
}

fn with_items(tx: &mut Tx<'_>, mut found: Vec<Offer>) -> Result<Vec<Offer>, StoreError> {
    let key = |it: &Offer| [it.account.to_string().into(), it.id.to_string().into()];
    let keys: Vec<[Value<'_>; 2]> = found.iter().map(key).collect();
    let mut items: HashMap<OfferId, Vec<OfferedItem>> = HashMap::new();
    let read = tx.each(ITEMS, &keys, |row| {
        let id: OfferId = row.parsed(offer_items!(offer), "offer", |it| it.parse().ok())?;
        Ok((id, item(row)?))
    })?;
    for (id, item) in read {
        items.entry(id).or_default().push(item);
    }
    for it in &mut found {
        it.items = items.remove(&it.id).unwrap_or_default();
        if it.items.is_empty() {
            return Err(StoreError::Corrupt(format!("offer {} has no item", it.id)));
        }
    }
    Ok(found)
}

fn item_row<'a>(of: &'a Offer, (number, it): (i64, &'a OfferedItem)) -> [Value<'a>; offer_items!(count)] {
    let wish = &it.item.wish;
    let options: Vec<String> = wish.options.iter().map(|it| format!("{}={}", it.0, it.1)).collect();
    [
        of.account.to_string().into(),
        of.id.to_string().into(),
        number.into(),
        wish.product.as_str().into(),
        options.join(" ").into(),
        i64::from(wish.months).into(),
        i64::from(wish.quantity).into(),
        it.item.month.as_deref().into(),
        it.item.name.as_str().into(),
        it.item.service.as_deref().into(),
        i64::try_from(it.rate_e8).unwrap_or(i64::MAX).into(),
        it.list.into(),
        it.total.into(),
    ]
}

/// Adds an offer with its items. Errors: `Differs` when its id is taken.
pub fn add(tx: &mut Tx<'_>, it: &Offer) -> Result<(), StoreError> {
    let args: [Value<'_>; offers!(count)] = [
        it.account.to_string().into(),
        it.id.to_string().into(),
        it.request.map(|it| it.to_string()).into(),
        it.book.to_string().into(),
        it.note.as_str().into(),
        it.state.as_str().into(),
        us(it.created).into(),
        us(it.until).into(),
        it.ended.map(us).into(),
        it.reason.as_str().into(),
    ];
    if tx.exec(ADD, &args)? == 0 {
        return Err(StoreError::Differs(format!("offer {}", it.id)));
    }
    let rows: Vec<_> = (0..).zip(&it.items).map(|item| item_row(it, item)).collect();
    tx.many(ADD_ITEM, &rows).map(drop)
}

/// Errors: `NotFound`, also for an offer to another account.
pub fn get(tx: &mut Tx<'_>, account: AccountId, id: OfferId) -> Result<Offer, StoreError> {
    let found = tx.rows(GET, &[account.to_string().into(), id.to_string().into()], offer)?;
    one(tx, found, id)
}

/// The offer of this id, to whomever it was made. Errors: `NotFound`.
pub fn find(tx: &mut Tx<'_>, id: OfferId) -> Result<Offer, StoreError> {
    let found = tx.rows(FIND, &[id.to_string().into()], offer)?;
    one(tx, found, id)
}

fn one(tx: &mut Tx<'_>, found: Vec<Offer>, id: OfferId) -> Result<Offer, StoreError> {
    with_items(tx, found)?.into_iter().next().ok_or_else(|| StoreError::NotFound(format!("offer {id}")))
}

/// The same, kept as it is until `tx` ends. Errors: `NotFound`, also for an offer to another account.
pub fn hold(tx: &mut Tx<'_>, account: AccountId, id: OfferId) -> Result<Offer, StoreError> {
    tx.exec(HOLD, &[account.to_string().into(), id.to_string().into()])?;
    get(tx, account, id)
}

/// Writes the state of an offer that is held, its end and why.
pub fn save(tx: &mut Tx<'_>, it: &Offer) -> Result<(), StoreError> {
    let args: [Value<'_>; 5] = [
        it.account.to_string().into(),
        it.id.to_string().into(),
        it.state.as_str().into(),
        it.ended.map(us).into(),
        it.reason.as_str().into(),
    ];
    tx.exec(SAVE, &args).map(drop)
}

/// Which offers: below `before`, in this state at `now`; of any if it is empty.
#[derive(Clone, Copy, Debug)]
pub struct OfferFilter<'a> {
    /// To whom; `None` for all.
    pub account: Option<AccountId>,
    pub state: &'a str,
    pub now: Timestamp,
    pub before: &'a str,
}

/// The newest offers that fit, at most `most`.
pub fn page(tx: &mut Tx<'_>, filter: &OfferFilter<'_>, most: usize) -> Result<Vec<Offer>, StoreError> {
    let most: Value<'_> = i64::try_from(most).unwrap_or(i64::MAX).into();
    let (before, state, now) = (filter.before.into(), filter.state.into(), us(filter.now).into());
    let found = match filter.account {
        Some(account) => tx.rows(PAGE, &[account.to_string().into(), before, state, now, most], offer)?,
        None => tx.rows(PAGE_OF_ALL, &[before, state, now, most], offer)?,
    };
    with_items(tx, found)
}

/// Every offer.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Offer>, StoreError> {
    let found = tx.rows(ALL, &[], offer)?;
    with_items(tx, found)
}

/// The orders of an account that were offered, each with the rate of its offer in 1e-8.
pub fn rates(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<(OrderId, u64)>, StoreError> {
    tx.rows(RATES, &[account.to_string().into()], |row| {
        let rate = u64::try_from(row.int(1)?);
        let rate = rate.map_err(|_| StoreError::Corrupt("the offer of an order".into()))?;
        Ok((row.parsed(0, "order", |it| it.parse().ok())?, rate))
    })
}

/// Orders that are not priced as the offer that they name says: order, offer, number of the item.
pub fn otherwise(tx: &mut Tx<'_>) -> Result<Vec<(String, String, i64)>, StoreError> {
    tx.rows(OTHERWISE, &[], |row| Ok((row.text(0)?, row.text(1)?, row.int(2)?)))
}

/// Offers that were accepted and have another number of orders than items.
pub fn without_orders(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    tx.rows(WITHOUT, &[], |row| row.text(0))
}

/// Lines of bills that are not at the rate of the offer of their order: bill, number, offer.
pub fn other_lines(tx: &mut Tx<'_>) -> Result<Vec<(String, i64, String)>, StoreError> {
    tx.rows(LINES, &[], |row| Ok((row.text(0)?, row.int(1)?, row.text(2)?)))
}
