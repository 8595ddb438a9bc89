//! Payments by card.
//!
//! In:  a transaction, payments. Out: payments as they stand, and those that something is to be asked about.
//! Invariant: a payment is written over the version that was read; of one purchase one at most is under way.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::payment::{Kind, Payment, State};
use units::{AccountId, Currency, PaymentId, Timestamp};

columns!(card_payments:
    account, id, kind, batch, card, customer, method, money_minor, taken_minor, refunded_minor, state, intent, reason, tries,
    due_us, created_us, changed_us, version
);

/// The currency is that of the account.
macro_rules! chosen {
    () => {
        concat!(
            "select ",
            card_payments!(names of p),
            ", a.currency from card_payments p join accounts a on a.id = p.account"
        )
    };
}

statements! {
    ADD = concat!(card_payments!(insert), " on conflict do nothing");
    SAVE = "update card_payments set taken_minor = $3, refunded_minor = $4, state = $5, intent = $6, reason = $7, tries = $8,
        due_us = $9, changed_us = $10, version = version + 1 where account = $1 and id = $2 and version = $11";
    GET = concat!(chosen!(), " where p.account = $1 and p.id = $2");
    BY_ID = concat!(chosen!(), " where p.id = $1");
    BY_INTENT = concat!(chosen!(), " where p.intent = $1");
    OF_BATCH = concat!(chosen!(), " where p.account = $1 and p.batch = $2 and p.state in ('created', 'challenged', 'held',
        'capturing') and p.batch <> ''");
    TAKEN_OF_BATCH = concat!(chosen!(), " where p.account = $1 and p.batch = $2 and p.state = 'captured' and p.batch <> ''");
    PAGE = concat!(chosen!(), " where p.account = $1 and p.id < $2 and ($3 = '' or p.state = $3) order by p.id desc limit $4");
    PAGE_OF_ALL = concat!(chosen!(), " where p.id < $1 and ($2 = '' or p.state = $2) order by p.id desc limit $3");
    SINCE = concat!(chosen!(), " where p.created_us >= $1 order by p.created_us, p.id");
    DUE = concat!(chosen!(), " where p.due_us is not null and p.due_us <= $1 order by p.due_us limit $2");
}

/// A payment, and the version of its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPayment {
    pub payment: Payment,
    pub version: i64,
}

fn payment(row: &Row<'_>) -> Result<StoredPayment, StoreError> {
    let currency: Currency = row.currency(card_payments!(count))?;
    let payment = Payment {
        account: row.parsed(card_payments!(account), "account", |it| it.parse().ok())?,
        id: row.parsed(card_payments!(id), "payment", |it| it.parse().ok())?,
        kind: row.parsed(card_payments!(kind), "kind of payment", Kind::parse)?,
        group: row.text(card_payments!(batch))?,
        card: row.parsed(card_payments!(card), "card", |it| it.parse().ok())?,
        customer: row.text(card_payments!(customer))?,
        method: row.text(card_payments!(method))?,
        money: row.money(card_payments!(money_minor), currency)?,
        taken: row.money(card_payments!(taken_minor), currency)?,
        refunded: row.money(card_payments!(refunded_minor), currency)?,
        state: row.parsed(card_payments!(state), "state of payment", State::parse)?,
        intent: row.maybe_text(card_payments!(intent))?,
        reason: row.maybe_text(card_payments!(reason))?,
        tries: row.count(card_payments!(tries), "tries of a payment")?,
        due: row.maybe_int(card_payments!(due_us))?.map(at).transpose()?,
        created: at(row.int(card_payments!(created_us))?)?,
        changed: at(row.int(card_payments!(changed_us))?)?,
    };
    Ok(StoredPayment { payment, version: row.int(card_payments!(version))? })
}

/// Adds a payment. Errors: `Differs` when it is there, or another pays for the same purchase.
pub fn add(tx: &mut Tx<'_>, it: &Payment) -> Result<(), StoreError> {
    let args: [Value<'_>; card_payments!(count)] = [
        it.account.to_string().into(),
        it.id.to_string().into(),
        it.kind.as_str().into(),
        it.group.as_str().into(),
        it.card.to_string().into(),
        it.customer.as_str().into(),
        it.method.as_str().into(),
        it.money.into(),
        it.taken.into(),
        it.refunded.into(),
        it.state.as_str().into(),
        it.intent.as_deref().into(),
        it.reason.as_deref().into(),
        i64::from(it.tries).into(),
        it.due.map(us).into(),
        us(it.created).into(),
        us(it.changed).into(),
        0.into(),
    ];
    tx.exec_or(ADD, &args, || StoreError::Differs(format!("payment {}", it.id)))
}

/// Writes a payment back over the version that was read. Errors: `Stale` when somebody else did.
pub fn save(tx: &mut Tx<'_>, it: &Payment, version: i64) -> Result<(), StoreError> {
    let args: [Value<'_>; 11] = [
        it.account.to_string().into(),
        it.id.to_string().into(),
        it.taken.into(),
        it.refunded.into(),
        it.state.as_str().into(),
        it.intent.as_deref().into(),
        it.reason.as_deref().into(),
        i64::from(it.tries).into(),
        it.due.map(us).into(),
        us(it.changed).into(),
        version.into(),
    ];
    tx.exec_or(SAVE, &args, || StoreError::Stale(format!("payment {}", it.id)))
}

/// Errors: `NotFound`, also for a payment of another account.
pub fn get(tx: &mut Tx<'_>, account: AccountId, id: PaymentId) -> Result<StoredPayment, StoreError> {
    tx.one(GET, &[account.to_string().into(), id.to_string().into()], &format!("payment {id}"), payment)
}

/// The payment of this id, whoever's it is. Errors: `NotFound`.
pub fn by_id(tx: &mut Tx<'_>, id: PaymentId) -> Result<StoredPayment, StoreError> {
    tx.one(BY_ID, &[id.to_string().into()], &format!("payment {id}"), payment)
}

/// The payment that the gateway calls so.
pub fn by_intent(tx: &mut Tx<'_>, intent: &str) -> Result<Option<StoredPayment>, StoreError> {
    Ok(tx.rows(BY_INTENT, &[intent.into()], payment)?.into_iter().next())
}

/// The payment of a purchase that is under way.
pub fn of_batch(
    tx: &mut Tx<'_>,
    account: AccountId,
    batch: &str,
) -> Result<Option<StoredPayment>, StoreError> {
    Ok(tx.rows(OF_BATCH, &[account.to_string().into(), batch.into()], payment)?.into_iter().next())
}

/// Payments of all accounts that were made since `from`.
pub fn since(tx: &mut Tx<'_>, from: Timestamp) -> Result<Vec<StoredPayment>, StoreError> {
    tx.rows(SINCE, &[us(from).into()], payment)
}

/// The payment that was taken for a purchase, if a card paid for it.
pub fn taken_of_batch(
    tx: &mut Tx<'_>,
    account: AccountId,
    batch: &str,
) -> Result<Option<StoredPayment>, StoreError> {
    Ok(tx.rows(TAKEN_OF_BATCH, &[account.to_string().into(), batch.into()], payment)?.into_iter().next())
}

/// Payments that something is to be asked about by `now`, the longest due first.
pub fn due(tx: &mut Tx<'_>, now: Timestamp, most: usize) -> Result<Vec<StoredPayment>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    tx.rows(DUE, &[us(now).into(), most.into()], payment)
}

/// Which payments: with ids below `before`, in this state if it is not empty.
#[derive(Clone, Copy, Debug)]
pub struct PaymentFilter<'a> {
    pub before: &'a str,
    pub state: &'a str,
}

/// Payments of an account that fit, the newest first.
pub fn page(
    tx: &mut Tx<'_>,
    account: AccountId,
    filter: PaymentFilter<'_>,
    most: usize,
) -> Result<Vec<StoredPayment>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let args = [account.to_string().into(), filter.before.into(), filter.state.into(), most.into()];
    tx.rows(PAGE, &args, payment)
}

/// Payments of all accounts that fit, the newest first.
pub fn page_of_all(
    tx: &mut Tx<'_>,
    filter: PaymentFilter<'_>,
    most: usize,
) -> Result<Vec<StoredPayment>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    tx.rows(PAGE_OF_ALL, &[filter.before.into(), filter.state.into(), most.into()], payment)
}
