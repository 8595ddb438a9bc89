//! Orders and their pieces.

use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use crate::sort::Age;
use billing::options::Options;
use billing::order::{Action, Order, Piece, PieceState, State};
use billing::purchase::QuotaCounts;
use billing::quote::{Becomes, Offered};
use billing::rate::Terms;
use billing::resource::raise::Days;
use std::collections::{BTreeMap, HashMap};
use units::{AccountId, BookId, Currency, OrderId, ResourceId, Timestamp};

columns!(orders:
    account, id, batch, number, asked, action, product, options, months, month, name, service, book, state,
    created_us, expires_us, list_minor, total_minor, freeze_minor, contract_rate_e8, becomes, version, updated_us,
    offer, offer_rate_e8, days, had, raise_from_us, raise_to_us
);

/// How an order came out, by its pieces, as `Order::result` says it. Source: section 20 (R-PAY-3).
macro_rules! outcome {
    () => {
        "(select case when count(case when p.state in ('waiting', 'arrived') then 1 end) > 0 then 'open'
            when count(case when p.state in ('delivered', 'refunded') then 1 end) = 0 then 'failed'
            when count(case when p.state = 'failed' then 1 end) = 0 then 'complete' else 'partial' end
            from pieces p where p.account = orders.account and p.order_id = orders.id)"
    };
}

/// Orders of an account that fit a filter, but for where the page begins.
macro_rules! of_account {
    () => {
        concat!("select ", orders!(names), ", (select a.currency from accounts a where a.id = orders.account)
        from orders where account = $1 and ($3 = '' or state = $3) and ($4 = '' or product = $4) and updated_us >= $5
        and ($7 = '' or $7 = ", outcome!(), ") and ")
    };
}

/// The same of all accounts.
macro_rules! of_all {
    () => {
        concat!(
            "select ",
            orders!(names),
            ", (select a.currency from accounts a where a.id = orders.account)
        from orders where ($2 = '' or state = $2) and ($3 = '' or product = $3) and ($5 = '' or $5 = ",
            outcome!(),
            ") and "
        )
    };
}

statements! {
    ADD = concat!(orders!(insert), " on conflict do nothing");
    ADD_PIECE = "insert into pieces (account, order_id, number, resource, total_minor, bonus_minor, cash_minor, income_minor, state, card_minor, voucher_minor)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    SAVE_PIECE = "update pieces set resource = $4, total_minor = $5, bonus_minor = $6, cash_minor = $7, income_minor = $8, state = $9, card_minor = $10, voucher_minor = $11
        where account = $1 and order_id = $2 and number = $3";
    SAVE = "update orders set state = $3, updated_us = $5, version = version + 1 where account = $1 and id = $2 and version = $4";
    GET = concat!("select ", orders!(names), ", (select a.currency from accounts a where a.id = orders.account)
        from orders where account = $1 and id = $2");
    OF_BATCH = concat!("select ", orders!(names), ", (select a.currency from accounts a where a.id = orders.account)
        from orders where account = $1 and batch = $2 order by number");
    OF_ACCOUNT = concat!("select ", orders!(names), ", (select a.currency from accounts a where a.id =
        orders.account) from orders where account = $1 order by created_us, batch, number");
    NEWEST = concat!(of_account!(), "id < $2 order by id desc limit $6");
    OLDEST = concat!(of_account!(), "id > $2 order by id limit $6");
    NEWEST_OF_ALL = concat!(of_all!(), "id < $1 order by id desc limit $4");
    OLDEST_OF_ALL = concat!(of_all!(), "id > $1 order by id limit $4");
    RENEWS = "insert into renewals (account, resource, order_id) values ($1, $2, $3) on conflict do nothing";
    OPEN_RENEWAL = "select r.resource, o.id from renewals r join orders o on o.account = r.account and o.id = r.order_id
        where r.account = $1 and r.resource = $2 and o.state in ('unpaid', 'paying', 'paid', 'delivering') order by o.id limit 1";
    OPEN_UNTIL = "select r.resource, max(o.expires_us) from renewals r join orders o on o.account = r.account and o.id = r.order_id
        where r.account = $1 and o.state in ('unpaid', 'paying', 'paid', 'delivering') group by r.resource order by r.resource";
    OWNER = "select account from orders where id = $1";
    TIMED_OUT = concat!("select ", orders!(names), ", (select a.currency from accounts a where a.id =
        orders.account) from orders where state = 'unpaid' and expires_us <= $1 order by account, id");
    FIRST_UNPAID = "select id from orders where account = $1 and state = 'unpaid' and expires_us > $2 order by expires_us, id limit 1";
    NEXT_TIME_OUT = "select min(expires_us) from orders where state = 'unpaid'";
    PIECES = "select resource, total_minor, bonus_minor, cash_minor, income_minor, state, order_id, card_minor, voucher_minor from pieces
        where account = $1 and order_id = $2 order by number";
    HELD = "select product, zone, count(case when deadline_us is null and (months = 0 or delivered_us is not null)
            and state not in ('released', 'failed') then 1 end),
        count(case when months > 0 and created_us >= $4 and created_us < $5 then 1 end), account from resources
        where account = $1 and product = $2 and zone = $3 group by account, product, zone";
}

/// An order, the version of its row, and what the client sent when it was placed.
#[derive(Clone, Debug)]
pub struct StoredOrder {
    pub order: Order,
    pub version: i64,
    /// When it was written last: placed, or changed.
    pub updated: Timestamp,
    pub asked: String,
}

fn order(row: &Row<'_>) -> Result<StoredOrder, StoreError> {
    let number = |at: usize| -> Result<u32, StoreError> {
        u32::try_from(row.int(at)?).map_err(|_| StoreError::Corrupt("months".into()))
    };
    let currency = row.currency(orders!(count))?;
    let book = row.parsed(orders!(book), "book", |it| it.parse().ok())?;
    let order = Order {
        account: row.parsed(orders!(account), "account", |it| it.parse().ok())?,
        id: row.parsed(orders!(id), "order", |it| it.parse().ok())?,
        group: row.text(orders!(batch))?,
        action: row.parsed(orders!(action), "action", Action::parse)?,
        product: row.text(orders!(product))?,
        options: row.options(orders!(options))?,
        had: row.maybe_text(orders!(had))?.map(|it| had(&it)).transpose()?,
        months: number(orders!(months))?,
        days: number(orders!(days))?,
        raise: raise(row)?,
        month: row.maybe_text(orders!(month))?,
        name: row.text(orders!(name))?,
        service: row.maybe_text(orders!(service))?,
        book,
        offered: offered(row, book)?,
        state: row.parsed(orders!(state), "order state", State::parse)?,
        created: at(row.int(orders!(created_us))?)?,
        expires: at(row.int(orders!(expires_us))?)?,
        becomes: row.parsed(orders!(becomes), "what an order becomes", Becomes::parse)?,
        list: row.money(orders!(list_minor), currency)?,
        total: row.money(orders!(total_minor), currency)?,
        freeze: row.money(orders!(freeze_minor), currency)?,
        terms: Terms {
            contract_rate_e8: u64::try_from(row.int(orders!(contract_rate_e8))?)
                .map_err(|_| StoreError::Corrupt("a rate".into()))?,
        },
        pieces: Vec::new(),
    };
    Ok(StoredOrder {
        order,
        version: row.int(orders!(version))?,
        updated: at(row.int(orders!(updated_us))?)?,
        asked: row.text(orders!(asked))?,
    })
}

/// The options that something had before an order changes it.
fn had(text: &str) -> Result<Options, StoreError> {
    Options::parse(text).ok_or_else(|| StoreError::Corrupt("what an order changes".into()))
}

/// The days that an order raises something for.
fn raise(row: &Row<'_>) -> Result<Option<Days>, StoreError> {
    match (row.maybe_int(orders!(raise_from_us))?, row.maybe_int(orders!(raise_to_us))?) {
        (None, None) => Ok(None),
        (Some(from), Some(to)) => Ok(Some(Days { from: at(from)?, to: at(to)? })),
        (Some(_), None) | (None, Some(_)) => Err(StoreError::Corrupt("the days of an order".into())),
    }
}

/// The offer that prices an order, by the list of its book.
fn offered(row: &Row<'_>, book: BookId) -> Result<Option<Offered>, StoreError> {
    let corrupt = || StoreError::Corrupt("the offer of an order".into());
    match (row.maybe_text(orders!(offer))?, row.maybe_int(orders!(offer_rate_e8))?) {
        (None, None) => Ok(None),
        (Some(offer), Some(rate)) => {
            let offer = offer.parse().map_err(|_| corrupt())?;
            Ok(Some(Offered { offer, book, rate_e8: u64::try_from(rate).map_err(|_| corrupt())? }))
        }
        (Some(_), None) | (None, Some(_)) => Err(corrupt()),
    }
}

fn with_pieces(tx: &mut Tx<'_>, mut found: Vec<StoredOrder>) -> Result<Vec<StoredOrder>, StoreError> {
    let key = |it: &StoredOrder| [it.order.account.to_string().into(), it.order.id.to_string().into()];
    let keys: Vec<[Value<'_>; 2]> = found.iter().map(key).collect();
    let mut pieces: HashMap<OrderId, Vec<Piece>> = HashMap::with_capacity(found.len());
    let currencies: HashMap<OrderId, Currency> =
        found.iter().map(|it| (it.order.id, it.order.currency())).collect();
    let read = tx.each(PIECES, &keys, |row| {
        let order: OrderId = row.parsed(6, "order", |it| it.parse().ok())?;
        let missing = || StoreError::Corrupt(format!("a piece of {order}"));
        let currency = *currencies.get(&order).ok_or_else(missing)?;
        let piece = Piece {
            resource: row.parsed(0, "resource", |it| it.parse().ok())?,
            total: row.money(1, currency)?,
            voucher: row.money(8, currency)?,
            card: row.money(7, currency)?,
            held: row.purses(2, currency)?,
            state: row.parsed(5, "piece state", PieceState::parse)?,
        };
        Ok((order, piece))
    })?;
    for (order, piece) in read {
        pieces.entry(order).or_default().push(piece);
    }
    for it in &mut found {
        it.order.pieces = pieces.remove(&it.order.id).unwrap_or_default();
    }
    Ok(found)
}

fn piece_rows(order: &Order) -> Vec<[Value<'static>; 11]> {
    let row = |(number, it): (i64, &Piece)| {
        [
            order.account.to_string().into(),
            order.id.to_string().into(),
            number.into(),
            it.resource.to_string().into(),
            it.total.into(),
            it.held.bonus().into(),
            it.held.cash().into(),
            it.held.income().into(),
            it.state.as_str().into(),
            it.card.into(),
            it.voucher.into(),
        ]
    };
    (0..).zip(&order.pieces).map(row).collect()
}

/// A new order: its number in its purchase, and what the client sent.
#[derive(Clone, Debug)]
pub struct NewOrder {
    pub order: Order,
    pub number: i64,
    pub asked: String,
}

fn order_row(NewOrder { order, number, asked }: &NewOrder) -> [Value<'_>; orders!(count)] {
    [
        order.account.to_string().into(),
        order.id.to_string().into(),
        order.group.as_str().into(),
        (*number).into(),
        asked.as_str().into(),
        order.action.as_str().into(),
        order.product.as_str().into(),
        order.options.to_string().into(),
        i64::from(order.months).into(),
        order.month.as_deref().into(),
        order.name.as_str().into(),
        order.service.as_deref().into(),
        order.book.to_string().into(),
        order.state.as_str().into(),
        us(order.created).into(),
        us(order.expires).into(),
        order.list.into(),
        order.total.into(),
        order.freeze.into(),
        i64::try_from(order.terms.contract_rate_e8).unwrap_or(i64::MAX).into(),
        order.becomes.as_str().into(),
        0.into(),
        us(order.created).into(),
        order.offered.map(|it| it.offer.to_string()).into(),
        order.offered.map(|it| i64::try_from(it.rate_e8).unwrap_or(i64::MAX)).into(),
        i64::from(order.days).into(),
        order.had.as_ref().map(ToString::to_string).into(),
        order.raise.map(|it| us(it.from)).into(),
        order.raise.map(|it| us(it.to)).into(),
    ]
}

/// Adds new orders with their pieces. Unless: `Differs` when one is there.
pub fn add<'a>(writes: &mut Writes<'a>, new: &'a [NewOrder]) {
    writes.all(ADD, new.iter().map(order_row), StoreError::Differs("an order of this purchase".into()));
    writes.any(ADD_PIECE, new.iter().flat_map(|it| piece_rows(&it.order)));
    let about = |it: &'a NewOrder| -> Option<[Value<'a>; 3]> {
        let (account, id) = (it.order.account.to_string().into(), it.order.id.to_string().into());
        Some([account, it.order.subject()?.to_string().into(), id])
    };
    writes.any(RENEWS, new.iter().filter_map(about));
}

/// Orders that renew or change resources and did not come out yet, each of its account. Source: R-ORD-5.
pub fn open_orders(
    tx: &mut Tx<'_>,
    keys: &[(AccountId, ResourceId)],
) -> Result<BTreeMap<ResourceId, OrderId>, StoreError> {
    let keys: Vec<[Value<'_>; 2]> =
        keys.iter().map(|it| [it.0.to_string().into(), it.1.to_string().into()]).collect();
    let found = tx.each(OPEN_RENEWAL, &keys, |row| {
        let resource = row.parsed(0, "resource", |it| it.parse().ok())?;
        Ok((resource, row.parsed(1, "order", |it| it.parse().ok())?))
    })?;
    Ok(found.into_iter().collect())
}

/// Until when orders that renew or change resources of an account, and did not come out yet, can be paid. Source: R-ORD-5.
pub fn open_until(
    tx: &mut Tx<'_>,
    account: AccountId,
) -> Result<BTreeMap<ResourceId, Timestamp>, StoreError> {
    let found = tx.rows(OPEN_UNTIL, &[account.to_string().into()], |row| {
        Ok((row.parsed(0, "resource", |it| it.parse().ok())?, at(row.int(1)?)?))
    })?;
    Ok(found.into_iter().collect())
}

/// Writes orders back at `now`, if nobody else did since they were read; each with the version that was read. Unless: `Stale`.
pub fn save<'a>(writes: &mut Writes<'a>, orders: &'a [(Order, i64)], now: Timestamp) {
    let row = |(order, version): &'a (Order, i64)| -> [Value<'a>; 5] {
        [
            order.account.to_string().into(),
            order.id.to_string().into(),
            order.state.as_str().into(),
            (*version).into(),
            us(now).into(),
        ]
    };
    writes.all(SAVE, orders.iter().map(row), StoreError::Stale("an order".into()));
    writes.any(SAVE_PIECE, orders.iter().flat_map(|it| piece_rows(&it.0)));
}

/// Errors: `NotFound`, also for an order of another account.
pub fn get(tx: &mut Tx<'_>, account: AccountId, id: OrderId) -> Result<StoredOrder, StoreError> {
    let found = tx.rows(GET, &[account.to_string().into(), id.to_string().into()], order)?;
    with_pieces(tx, found)?.into_iter().next().ok_or_else(|| StoreError::NotFound(format!("order {id}")))
}

/// The same for many, of whichever account each is; one that is not there is left out.
pub fn get_all(tx: &mut Tx<'_>, keys: &[(AccountId, OrderId)]) -> Result<Vec<StoredOrder>, StoreError> {
    let keys: Vec<[Value<'_>; 2]> =
        keys.iter().map(|it| [it.0.to_string().into(), it.1.to_string().into()]).collect();
    let found = tx.each(GET, &keys, order)?;
    with_pieces(tx, found)
}

/// The orders of one purchase, in their order. Source: R-ORD-6.
pub fn of_batch(tx: &mut Tx<'_>, account: AccountId, batch: &str) -> Result<Vec<StoredOrder>, StoreError> {
    of_batches(tx, &[(account, batch)])
}

/// The orders of many purchases, those of one in their order. Source: R-ORD-6, R-ORD-7.
pub fn of_batches(tx: &mut Tx<'_>, batches: &[(AccountId, &str)]) -> Result<Vec<StoredOrder>, StoreError> {
    let keys: Vec<[Value<'_>; 2]> = batches.iter().map(|it| [it.0.to_string().into(), it.1.into()]).collect();
    let found = tx.each(OF_BATCH, &keys, order)?;
    if found.is_empty() { Ok(found) } else { with_pieces(tx, found) }
}

pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<StoredOrder>, StoreError> {
    let found = tx.rows(OF_ACCOUNT, &[account.to_string().into()], order)?;
    with_pieces(tx, found)
}

/// Which orders of an account: behind the place `after`, in this state, of this product.
#[derive(Clone, Copy, Debug)]
pub struct OrderFilter<'a> {
    pub state: Option<&'a str>,
    /// How they came out.
    pub result: Option<&'a str>,
    pub product: Option<&'a str>,
    /// Changed then or later.
    pub updated_since: Option<Timestamp>,
    pub age: Age,
    pub after: &'a str,
}

/// The first orders that fit, in their order, at most `most`.
pub fn page(
    tx: &mut Tx<'_>,
    account: AccountId,
    filter: &OrderFilter<'_>,
    most: usize,
) -> Result<Vec<StoredOrder>, StoreError> {
    let args: [Value<'_>; 7] = [
        account.to_string().into(),
        filter.after.into(),
        filter.state.unwrap_or("").into(),
        filter.product.unwrap_or("").into(),
        filter.updated_since.map_or(i64::MIN, us).into(),
        i64::try_from(most).unwrap_or(i64::MAX).into(),
        filter.result.unwrap_or("").into(),
    ];
    let sql = match filter.age {
        Age::Newest => NEWEST,
        Age::Oldest => OLDEST,
    };
    let found = tx.rows(sql, &args, order)?;
    with_pieces(tx, found)
}

/// Of the orders of an account that wait for their payment the one that closes first.
pub fn first_unpaid(
    tx: &mut Tx<'_>,
    account: AccountId,
    now: Timestamp,
) -> Result<Option<OrderId>, StoreError> {
    let args: [Value<'_>; 2] = [account.to_string().into(), us(now).into()];
    let found = tx.rows(FIRST_UNPAID, &args, |row| row.parsed(0, "order", |it| it.parse().ok()))?;
    Ok(found.into_iter().next())
}

/// Unpaid orders whose time is over.
pub fn timed_out(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<StoredOrder>, StoreError> {
    let found = tx.rows(TIMED_OUT, &[us(now).into()], order)?;
    with_pieces(tx, found)
}

pub fn next_time_out(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    crate::tasks::earliest(tx, NEXT_TIME_OUT)
}

/// Where quotas count: an account, a product, a zone, and the month of what is prepaid.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct QuotaPlace {
    pub account: AccountId,
    pub product: String,
    pub zone: String,
    pub month: (Timestamp, Timestamp),
}

/// What counts in each of these places; where nothing does, it is left out. Source: R-ORD-8.
pub fn counts(
    tx: &mut Tx<'_>,
    places: &[QuotaPlace],
) -> Result<BTreeMap<QuotaPlace, QuotaCounts>, StoreError> {
    let Some(month) = places.first().map(|it| it.month) else { return Ok(BTreeMap::new()) };
    let key = |it: &QuotaPlace| -> [Value<'static>; 5] {
        [
            it.account.to_string().into(),
            it.product.clone().into(),
            it.zone.clone().into(),
            us(it.month.0).into(),
            us(it.month.1).into(),
        ]
    };
    let keys: Vec<[Value<'_>; 5]> = places.iter().map(key).collect();
    let found = tx.each(HELD, &keys, |row| {
        let account = row.parsed(4, "account", |it| it.parse().ok())?;
        let place = QuotaPlace { account, product: row.text(0)?, zone: row.text(1)?, month };
        Ok((place, QuotaCounts { in_use: row.int(2)?, bought: row.int(3)? }))
    })?;
    Ok(found.into_iter().collect())
}

/// Orders of all accounts behind the place `after`; empty texts are for any.
#[derive(Clone, Copy, Debug)]
pub struct AllOrdersFilter<'a> {
    pub age: Age,
    pub after: &'a str,
    pub state: &'a str,
    pub result: &'a str,
    pub product: &'a str,
}

/// A page of the orders of all accounts.
pub fn page_of_all(
    tx: &mut Tx<'_>,
    filter: AllOrdersFilter<'_>,
    most: usize,
) -> Result<Vec<StoredOrder>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let args =
        [filter.after.into(), filter.state.into(), filter.product.into(), most.into(), filter.result.into()];
    let sql = match filter.age {
        Age::Newest => NEWEST_OF_ALL,
        Age::Oldest => OLDEST_OF_ALL,
    };
    let found = tx.rows(sql, &args, order)?;
    with_pieces(tx, found)
}

/// Whose order it is. Errors: `NotFound`.
pub fn owner(tx: &mut Tx<'_>, id: OrderId) -> Result<AccountId, StoreError> {
    tx.one(OWNER, &[id.to_string().into()], &format!("order {id}"), |row| {
        row.parsed(0, "account", |it| it.parse().ok())
    })
}
