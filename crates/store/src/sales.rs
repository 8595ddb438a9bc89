//! Requests to sales.
//!
//! In:  a transaction, an account or none. Out: requests.
//! Invariant: what was asked is written once; only its state, end and reason change.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::sales::{Request, State};
use units::{AccountId, Currency, SalesRequestId};

columns!(sales_requests: account, id, product, quantity, from_day, price_minor, message, state, created_us, ended_us, reason);

statements! {
    ADD = concat!(sales_requests!(insert), " on conflict do nothing");
    GET = concat!("select ", sales_requests!(names), ", (select a.currency from accounts a where a.id = sales_requests.account)
        from sales_requests where account = $1 and id = $2");
    FIND = concat!("select ", sales_requests!(names), ", (select a.currency from accounts a where a.id = sales_requests.account)
        from sales_requests where id = $1");
    HOLD = "update sales_requests set state = state where account = $1 and id = $2";
    SAVE = "update sales_requests set state = $3, ended_us = $4, reason = $5 where account = $1 and id = $2";
    OPEN = "select count(*) from sales_requests where account = $1 and state = 'open'";
    PAGE = concat!("select ", sales_requests!(names), ", (select a.currency from accounts a where a.id = sales_requests.account)
        from sales_requests where account = $1 and id < $2 and ($3 = '' or state = $3) order by id desc limit $4");
    PAGE_OF_ALL = concat!("select ", sales_requests!(names), ", (select a.currency from accounts a where a.id = sales_requests.account)
        from sales_requests where id < $1 and ($2 = '' or state = $2) order by id desc limit $3");
}

fn request(row: &Row<'_>) -> Result<Request, StoreError> {
    let currency: Currency = row.currency(sales_requests!(count))?;
    let quantity = row.maybe_int(sales_requests!(quantity))?.map(u32::try_from).transpose();
    let price = row.maybe_int(sales_requests!(price_minor))?;
    Ok(Request {
        account: row.parsed(sales_requests!(account), "account", |it| it.parse().ok())?,
        id: row.parsed(sales_requests!(id), "request", |it| it.parse().ok())?,
        product: row.maybe_text(sales_requests!(product))?,
        quantity: quantity.map_err(|_| StoreError::Corrupt("a quantity of a request".into()))?,
        from: row.maybe_text(sales_requests!(from_day))?,
        price: price.map(|it| units::Money::from_minor(it, currency)),
        message: row.text(sales_requests!(message))?,
        state: row.parsed(sales_requests!(state), "state of a request", State::parse)?,
        created: at(row.int(sales_requests!(created_us))?)?,
        ended: row.maybe_int(sales_requests!(ended_us))?.map(at).transpose()?,
        reason: row.text(sales_requests!(reason))?,
    })
}

/// Adds a request. Errors: `Differs` when its id is taken.
pub fn add(tx: &mut Tx<'_>, it: &Request) -> Result<(), StoreError> {
    let args: [Value<'_>; sales_requests!(count)] = [
        it.account.to_string().into(),
        it.id.to_string().into(),
        it.product.as_deref().into(),
        it.quantity.map(i64::from).into(),
        it.from.as_deref().into(),
        it.price.into(),
        it.message.as_str().into(),
        it.state.as_str().into(),
        us(it.created).into(),
        it.ended.map(us).into(),
        it.reason.as_str().into(),
    ];
    tx.exec_or(ADD, &args, || StoreError::Differs(format!("request {}", it.id)))
}

/// Errors: `NotFound`, also for a request of another account.
pub fn get(tx: &mut Tx<'_>, account: AccountId, id: SalesRequestId) -> Result<Request, StoreError> {
    tx.one(GET, &[account.to_string().into(), id.to_string().into()], &format!("request {id}"), request)
}

/// The request of this id, whose ever it is. Errors: `NotFound`.
pub fn find(tx: &mut Tx<'_>, id: SalesRequestId) -> Result<Request, StoreError> {
    tx.one(FIND, &[id.to_string().into()], &format!("request {id}"), request)
}

/// The same, kept as it is until `tx` ends. Errors: `NotFound`, also for a request of another account.
pub fn hold(tx: &mut Tx<'_>, account: AccountId, id: SalesRequestId) -> Result<Request, StoreError> {
    tx.exec(HOLD, &[account.to_string().into(), id.to_string().into()])?;
    get(tx, account, id)
}

/// Writes the state of a request that is held, its end and why.
pub fn save(tx: &mut Tx<'_>, it: &Request) -> Result<(), StoreError> {
    let args: [Value<'_>; 5] = [
        it.account.to_string().into(),
        it.id.to_string().into(),
        it.state.as_str().into(),
        it.ended.map(us).into(),
        it.reason.as_str().into(),
    ];
    tx.exec(SAVE, &args).map(drop)
}

/// How many requests of an account wait.
pub fn open(tx: &mut Tx<'_>, account: AccountId) -> Result<i64, StoreError> {
    tx.one(OPEN, &[account.to_string().into()], "count", |row| row.int(0))
}

/// Which requests: below `before`, in this state; in any if it is empty.
#[derive(Clone, Copy, Debug)]
pub struct RequestFilter<'a> {
    /// Whose; `None` for all.
    pub account: Option<AccountId>,
    pub state: &'a str,
    pub before: &'a str,
}

/// The newest requests that fit, at most `most`.
pub fn page(tx: &mut Tx<'_>, filter: &RequestFilter<'_>, most: usize) -> Result<Vec<Request>, StoreError> {
    let most: Value<'_> = i64::try_from(most).unwrap_or(i64::MAX).into();
    match filter.account {
        Some(account) => {
            let args = [account.to_string().into(), filter.before.into(), filter.state.into(), most];
            tx.rows(PAGE, &args, request)
        }
        None => tx.rows(PAGE_OF_ALL, &[filter.before.into(), filter.state.into(), most], request),
    }
}
