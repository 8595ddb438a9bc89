//! Cash of refunds on its way back to cards.
//!
//! In:  a transaction, what goes back to cards. Out: how far each is, and those that something is to be asked about.
//! Invariant: a row is written over the version that was read; what is over is never due.
//! Rules: R-REF-4.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::card_refund::{CardRefund, State};
use units::{AccountId, CardRefundId, Currency, PaymentId, RefundId, Timestamp};

columns!(card_refunds:
    account, id, refund, payment, money_minor, state, name, reason, tries, due_us, created_us, changed_us, version
);

/// The currency is that of the account.
macro_rules! chosen {
    () => {
        concat!(
            "select ",
            card_refunds!(names of c),
            ", a.currency from card_refunds c join accounts a on a.id = c.account"
        )
    };
}

statements! {
    ADD = concat!(card_refunds!(insert), " on conflict do nothing");
    SAVE = "update card_refunds set state = $3, name = $4, reason = $5, tries = $6, due_us = $7, changed_us = $8,
        version = version + 1 where account = $1 and id = $2 and version = $9";
    BY_ID = concat!(chosen!(), " where c.id = $1");
    OF_REFUND = concat!(chosen!(), " where c.account = $1 and c.refund = $2 order by c.id");
    OF_PAYMENT = concat!(chosen!(), " where c.account = $1 and c.payment = $2 order by c.id");
    OPEN = concat!(chosen!(), " where c.state = 'to_send' order by c.id limit $1");
    DUE = concat!(chosen!(), " where c.due_us is not null and c.due_us <= $1 order by c.due_us limit $2");
    SINCE = concat!(chosen!(), " where c.created_us >= $1 order by c.created_us, c.id");
    COUNT = "select count(*) from card_refunds where state = 'to_send'";
    ON_THEIR_WAY = "select account, cast(sum(money_minor) as bigint) from card_refunds where state = 'to_send'
        group by account order by account";
    OF_PAYMENTS = "select p.account, p.id, p.refunded_minor, cast(coalesce(sum(c.money_minor), 0) as bigint) from card_payments p
        left join card_refunds c on c.account = p.account and c.payment = p.id and c.state <> 'failed'
        group by p.account, p.id, p.refunded_minor having p.refunded_minor <> cast(coalesce(sum(c.money_minor), 0) as bigint)
        order by p.id";
}

/// What goes back to a card, and the version of its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCardRefund {
    pub card_refund: CardRefund,
    pub version: i64,
}

fn stored(row: &Row<'_>) -> Result<StoredCardRefund, StoreError> {
    let currency: Currency = row.currency(card_refunds!(count))?;
    let card_refund = CardRefund {
        account: row.parsed(card_refunds!(account), "account", |it| it.parse().ok())?,
        id: row.parsed(card_refunds!(id), "refund to a card", |it| it.parse().ok())?,
        refund: row.parsed(card_refunds!(refund), "refund", |it| it.parse().ok())?,
        payment: row.parsed(card_refunds!(payment), "payment", |it| it.parse().ok())?,
        money: row.money(card_refunds!(money_minor), currency)?,
        state: row.parsed(card_refunds!(state), "state of a refund to a card", State::parse)?,
        name: row.maybe_text(card_refunds!(name))?,
        reason: row.maybe_text(card_refunds!(reason))?,
        tries: row.count(card_refunds!(tries), "tries of a refund to a card")?,
        due: row.maybe_int(card_refunds!(due_us))?.map(at).transpose()?,
        created: at(row.int(card_refunds!(created_us))?)?,
        changed: at(row.int(card_refunds!(changed_us))?)?,
    };
    Ok(StoredCardRefund { card_refund, version: row.int(card_refunds!(version))? })
}

/// Adds what goes back to a card. Errors: `Differs` when it is there.
pub fn add(tx: &mut Tx<'_>, it: &CardRefund) -> Result<(), StoreError> {
    let args: [Value<'_>; card_refunds!(count)] = [
        it.account.to_string().into(),
        it.id.to_string().into(),
        it.refund.to_string().into(),
        it.payment.to_string().into(),
        it.money.into(),
        it.state.as_str().into(),
        it.name.as_deref().into(),
        it.reason.as_deref().into(),
        i64::from(it.tries).into(),
        it.due.map(us).into(),
        us(it.created).into(),
        us(it.changed).into(),
        0.into(),
    ];
    tx.exec_or(ADD, &args, || StoreError::Differs(format!("refund to a card {}", it.id)))
}

/// Writes it back over the version that was read. Errors: `Stale` when somebody else did.
pub fn save(tx: &mut Tx<'_>, it: &CardRefund, version: i64) -> Result<(), StoreError> {
    let args: [Value<'_>; 9] = [
        it.account.to_string().into(),
        it.id.to_string().into(),
        it.state.as_str().into(),
        it.name.as_deref().into(),
        it.reason.as_deref().into(),
        i64::from(it.tries).into(),
        it.due.map(us).into(),
        us(it.changed).into(),
        version.into(),
    ];
    tx.exec_or(SAVE, &args, || StoreError::Stale(format!("refund to a card {}", it.id)))
}

/// The one of this id, whoever's it is. Errors: `NotFound`.
pub fn by_id(tx: &mut Tx<'_>, id: CardRefundId) -> Result<StoredCardRefund, StoreError> {
    tx.one(BY_ID, &[id.to_string().into()], &format!("refund to a card {id}"), stored)
}

fn alone(found: Vec<StoredCardRefund>) -> Vec<CardRefund> {
    found.into_iter().map(|it| it.card_refund).collect()
}

/// What of a refund goes back to cards.
pub fn of_refund(
    tx: &mut Tx<'_>,
    account: AccountId,
    refund: RefundId,
) -> Result<Vec<CardRefund>, StoreError> {
    Ok(alone(tx.rows(OF_REFUND, &[account.to_string().into(), refund.to_string().into()], stored)?))
}

/// What goes back of a payment, the oldest first.
pub fn of_payment(
    tx: &mut Tx<'_>,
    account: AccountId,
    payment: PaymentId,
) -> Result<Vec<CardRefund>, StoreError> {
    Ok(alone(tx.rows(OF_PAYMENT, &[account.to_string().into(), payment.to_string().into()], stored)?))
}

/// What is on its way, of all accounts, the oldest first.
pub fn open(tx: &mut Tx<'_>, most: usize) -> Result<Vec<CardRefund>, StoreError> {
    Ok(alone(tx.rows(OPEN, &[i64::try_from(most).unwrap_or(i64::MAX).into()], stored)?))
}

/// Those that something is to be asked about by `now`, the longest due first.
pub fn due(tx: &mut Tx<'_>, now: Timestamp, most: usize) -> Result<Vec<CardRefund>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    Ok(alone(tx.rows(DUE, &[us(now).into(), most.into()], stored)?))
}

/// Those of all accounts that were made since `from`.
pub fn since(tx: &mut Tx<'_>, from: Timestamp) -> Result<Vec<CardRefund>, StoreError> {
    Ok(alone(tx.rows(SINCE, &[us(from).into()], stored)?))
}

/// How many are on their way.
pub fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one(COUNT, &[], "a count", |row| row.int(0))
}

/// What is on its way, account by account, in minor units; for whoever checks the books.
pub fn on_their_way(tx: &mut Tx<'_>) -> Result<Vec<(String, i64)>, StoreError> {
    tx.rows(ON_THEIR_WAY, &[], |row| Ok((row.text(0)?, row.int(1)?)))
}

/// Payments that say another sum went back than their rows do: the payment, what it says, what they say, in minor units.
pub fn otherwise(tx: &mut Tx<'_>) -> Result<Vec<(String, i64, i64)>, StoreError> {
    tx.rows(OF_PAYMENTS, &[], |row| Ok((row.text(1)?, row.int(2)?, row.int(3)?)))
}
