//! Orders and their pieces.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::order::{Action, Order, Piece, PieceState, State};
use billing::wallet::Purses;
use units::{AccountId, OrderId, Timestamp};

statements! {
    ADD = "insert into orders (account, id, batch, number, asked, action, product, options, months, month, name, service, book, state,
        created_us, expires_us, list_minor, total_minor, freeze_minor, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 0) on conflict do nothing";
    ADD_PIECE = "insert into pieces (account, order_id, number, resource, total_minor, bonus_minor, cash_minor, income_minor, state)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (account, order_id, number) do update set bonus_minor = excluded.bonus_minor, cash_minor = excluded.cash_minor,
        income_minor = excluded.income_minor, state = excluded.state";
    SAVE = "update orders set state = $3, version = version + 1 where account = $1 and id = $2 and version = $4";
    GET = "select account, id, batch, action, product, options, months, month, name, service, book, state, created_us, expires_us,
        list_minor, total_minor, freeze_minor, version from orders where account = $1 and id = $2";
    OF_BATCH = "select account, id, batch, action, product, options, months, month, name, service, book, state, created_us, expires_us,
        list_minor, total_minor, freeze_minor, version from orders where account = $1 and batch = $2 order by number";
    OF_ACCOUNT = "select account, id, batch, action, product, options, months, month, name, service, book, state, created_us, expires_us,
        list_minor, total_minor, freeze_minor, version from orders where account = $1 order by created_us, batch, number";
    PAGE = "select account, id, batch, action, product, options, months, month, name, service, book, state, created_us, expires_us,
        list_minor, total_minor, freeze_minor, version from orders where account = $1 and id < $2
        and ($3 = '' or state = $3) and ($4 = '' or product = $4) order by id desc limit $5";
    TIMED_OUT = "select account, id, batch, action, product, options, months, month, name, service, book, state, created_us, expires_us,
        list_minor, total_minor, freeze_minor, version from orders where state = 'unpaid' and expires_us <= $1 order by account, id";
    NEXT_TIME_OUT = "select min(expires_us) from orders where state = 'unpaid'";
    ASKED = "select asked from orders where account = $1 and batch = $2 order by number";
    PIECES = "select resource, total_minor, bonus_minor, cash_minor, income_minor, state from pieces
        where account = $1 and order_id = $2 order by number";
    BOUGHT = "select count(*) from resources r join orders o on o.account = r.account and o.id = r.order_id
        where r.account = $1 and r.product = $2 and r.zone = $3 and o.months > 0 and r.created_us >= $4 and r.created_us < $5";
    IN_USE = "select count(*) from resources r join orders o on o.account = r.account and o.id = r.order_id
        where r.account = $1 and r.product = $2 and r.zone = $3 and o.months = 0 and r.state not in ('released', 'failed')";
}

/// An order and the version of its row.
#[derive(Clone, Debug)]
pub struct Read {
    pub order: Order,
    pub version: i64,
}

fn order(row: &Row<'_>) -> Result<Read, StoreError> {
    let number = |at: usize| -> Result<u32, StoreError> {
        u32::try_from(row.int(at)?).map_err(|_| StoreError::Corrupt("months".into()))
    };
    let order = Order {
        account: row.parsed(0, "account", |it| it.parse().ok())?,
        id: row.parsed(1, "order", |it| it.parse().ok())?,
        group: row.text(2)?,
        action: row.parsed(3, "action", Action::parse)?,
        product: row.text(4)?,
        options: row.options(5)?,
        months: number(6)?,
        month: row.maybe_text(7)?,
        name: row.text(8)?,
        service: row.maybe_text(9)?,
        book: row.parsed(10, "book", |it| it.parse().ok())?,
        state: row.parsed(11, "order state", State::parse)?,
        created: at(row.int(12)?)?,
        expires: at(row.int(13)?)?,
        list_minor: row.int(14)?,
        total_minor: row.int(15)?,
        freeze_minor: row.int(16)?,
        pieces: Vec::new(),
    };
    Ok(Read { order, version: row.int(17)? })
}

fn with_pieces(tx: &mut Tx<'_>, mut found: Vec<Read>) -> Result<Vec<Read>, StoreError> {
    for read in &mut found {
        read.order.pieces = tx.rows(
            PIECES,
            &[read.order.account.to_string().into(), read.order.id.to_string().into()],
            |row| {
                Ok(Piece {
                    resource: row.parsed(0, "resource", |it| it.parse().ok())?,
                    total_minor: row.int(1)?,
                    held: Purses { bonus: row.int(2)?, cash: row.int(3)?, income: row.int(4)? },
                    state: row.parsed(5, "piece state", PieceState::parse)?,
                })
            },
        )?;
    }
    Ok(found)
}

fn piece_rows(order: &Order) -> Vec<[Value<'static>; 9]> {
    let row = |(number, it): (i64, &Piece)| {
        [
            order.account.to_string().into(),
            order.id.to_string().into(),
            number.into(),
            it.resource.to_string().into(),
            it.total_minor.into(),
            it.held.bonus.into(),
            it.held.cash.into(),
            it.held.income.into(),
            it.state.as_str().into(),
        ]
    };
    (0..).zip(&order.pieces).map(row).collect()
}

/// Adds a new order as number `number` of its batch; `asked` is what the client sent.
pub fn add(tx: &mut Tx<'_>, order: &Order, number: i64, asked: &str) -> Result<(), StoreError> {
    let args = [
        order.account.to_string().into(),
        order.id.to_string().into(),
        order.group.as_str().into(),
        number.into(),
        asked.into(),
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
        order.list_minor.into(),
        order.total_minor.into(),
        order.freeze_minor.into(),
    ];
    if tx.exec(ADD, &args)? == 0 {
        return Err(StoreError::Differs(format!("order {}", order.id)));
    }
    tx.many(ADD_PIECE, &piece_rows(order)).map(drop)
}

/// Writes an order back, if nobody else did since it was read. Errors: `Stale`.
pub fn save(tx: &mut Tx<'_>, order: &Order, version: i64) -> Result<(), StoreError> {
    let args = [
        order.account.to_string().into(),
        order.id.to_string().into(),
        order.state.as_str().into(),
        version.into(),
    ];
    if tx.exec(SAVE, &args)? == 0 {
        return Err(StoreError::Stale(order.id.to_string()));
    }
    tx.many(ADD_PIECE, &piece_rows(order)).map(drop)
}

/// Errors: `NotFound`, also for an order of another account.
pub fn get(tx: &mut Tx<'_>, account: AccountId, id: OrderId) -> Result<Read, StoreError> {
    let found = tx.rows(GET, &[account.to_string().into(), id.to_string().into()], order)?;
    with_pieces(tx, found)?.into_iter().next().ok_or_else(|| StoreError::NotFound(format!("order {id}")))
}

/// The orders of one purchase, in their order. Source: R-ORD-6.
pub fn of_batch(tx: &mut Tx<'_>, account: AccountId, batch: &str) -> Result<Vec<Read>, StoreError> {
    let found = tx.rows(OF_BATCH, &[account.to_string().into(), batch.into()], order)?;
    with_pieces(tx, found)
}

/// What was asked for under this token before. Source: R-ORD-7.
pub fn asked(tx: &mut Tx<'_>, account: AccountId, batch: &str) -> Result<Vec<String>, StoreError> {
    tx.rows(ASKED, &[account.to_string().into(), batch.into()], |row| row.text(0))
}

pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Read>, StoreError> {
    let found = tx.rows(OF_ACCOUNT, &[account.to_string().into()], order)?;
    with_pieces(tx, found)
}

/// Which orders of an account: below `before`, in this state, of this product.
#[derive(Clone, Copy, Debug)]
pub struct Filter<'a> {
    pub state: Option<&'a str>,
    pub product: Option<&'a str>,
    pub before: &'a str,
}

/// The newest orders that fit, at most `most`.
pub fn page(
    tx: &mut Tx<'_>,
    account: AccountId,
    filter: &Filter<'_>,
    most: usize,
) -> Result<Vec<Read>, StoreError> {
    let args: [Value<'_>; 5] = [
        account.to_string().into(),
        filter.before.into(),
        filter.state.unwrap_or("").into(),
        filter.product.unwrap_or("").into(),
        i64::try_from(most).unwrap_or(i64::MAX).into(),
    ];
    let found = tx.rows(PAGE, &args, order)?;
    with_pieces(tx, found)
}

/// Unpaid orders whose time is over.
pub fn timed_out(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<Read>, StoreError> {
    let found = tx.rows(TIMED_OUT, &[us(now).into()], order)?;
    with_pieces(tx, found)
}

pub fn next_time_out(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    crate::tasks::earliest(tx, NEXT_TIME_OUT)
}

/// Prepaid pieces bought in a zone in `[from, to)`. Source: R-ORD-8.
pub fn bought(
    tx: &mut Tx<'_>,
    account: AccountId,
    product: &str,
    zone: &str,
    (from, to): (Timestamp, Timestamp),
) -> Result<i64, StoreError> {
    let args = [account.to_string().into(), product.into(), zone.into(), us(from).into(), us(to).into()];
    tx.one(BOUGHT, &args, "count", |row| row.int(0))
}

/// Pay-per-use pieces in use in a zone. Source: R-ORD-8.
pub fn in_use(tx: &mut Tx<'_>, account: AccountId, product: &str, zone: &str) -> Result<i64, StoreError> {
    tx.one(IN_USE, &[account.to_string().into(), product.into(), zone.into()], "count", |row| row.int(0))
}
