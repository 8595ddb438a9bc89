//! What comes by card by itself.
//!
//! In:  a transaction, an account. Out: its rule; accounts whose wallets are low or owe something, and when each is looked at next.
//! Invariant: an account has one rule at most.

use crate::engine::{Row, StoreError, Tx, Value, us};
use crate::ledger::available;
use billing::payment::automatic::{Collect, Rule};
use units::{AccountId, Currency, Money, Timestamp};

columns!(card_rules: account, card, below_minor, amount_minor, ceiling_minor, collect, due_us, changed_us);

statements! {
    SAVE = concat!(card_rules!(insert), " on conflict (account) do update set card = excluded.card, below_minor = excluded.below_minor,
        amount_minor = excluded.amount_minor, ceiling_minor = excluded.ceiling_minor, collect = excluded.collect,
        due_us = excluded.due_us, changed_us = excluded.changed_us");
    GET = concat!("select ", card_rules!(names of r), ", a.currency from card_rules r join accounts a on a.id = r.account
        where r.account = $1");
    DROP = "delete from card_rules where account = $1";
    WAIT = "update card_rules set due_us = $2 where account = $1";
    DUE = concat!("select r.account from card_rules r join wallets w on w.account = r.account left join credit_lines c on c.account = r.account
        where r.due_us <= $1 and (w.owed_minor > 0 and (c.account is null or c.withheld_us is not null or c.collect_us <= $1
            or ", available!(), " < 0)
        or ", available!(), " < r.below_minor)
        order by r.due_us limit $2");
    MONTH = "select cast(coalesce(sum(money_minor), 0) as bigint) from card_payments where account = $1 and created_us >= $2
        and kind in ('automatic', 'arrears') and state in ('created', 'challenged', 'held', 'capturing', 'captured')";
    UNDER_WAY = "select count(*) from card_payments where account = $1 and kind in ('automatic', 'arrears')
        and state in ('created', 'challenged', 'held', 'capturing')";
    REFUSED = "select max(changed_us) from card_payments where account = $1 and card = $2 and kind in ('automatic', 'arrears')
        and state in ('declined', 'failed', 'lost')";
}

fn rule(row: &Row<'_>) -> Result<Rule, StoreError> {
    let currency: Currency = row.currency(card_rules!(count))?;
    Ok(Rule {
        account: row.parsed(card_rules!(account), "account", |it| it.parse().ok())?,
        card: row.parsed(card_rules!(card), "card", |it| it.parse().ok())?,
        below: row.money(card_rules!(below_minor), currency)?,
        amount: row.money(card_rules!(amount_minor), currency)?,
        ceiling: row.money(card_rules!(ceiling_minor), currency)?,
        collect: row.parsed(card_rules!(collect), "whether debts are collected", Collect::parse)?,
    })
}

/// Writes a rule in place of the one before; it is looked at from `now` on.
pub fn save(tx: &mut Tx<'_>, it: &Rule, now: Timestamp) -> Result<(), StoreError> {
    let args: [Value<'_>; card_rules!(count)] = [
        it.account.to_string().into(),
        it.card.to_string().into(),
        it.below.into(),
        it.amount.into(),
        it.ceiling.into(),
        it.collect.as_str().into(),
        us(now).into(),
        us(now).into(),
    ];
    tx.exec(SAVE, &args).map(drop)
}

/// The rule of an account, if it has one.
pub fn get(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Rule>, StoreError> {
    Ok(tx.rows(GET, &[account.to_string().into()], rule)?.into_iter().next())
}

/// Takes the rule of an account away. Errors: `NotFound` where there is none.
pub fn end(tx: &mut Tx<'_>, account: AccountId) -> Result<(), StoreError> {
    match tx.exec(DROP, &[account.to_string().into()])? {
        0 => Err(StoreError::NotFound(format!("rule of {account}"))),
        _ => Ok(()),
    }
}

/// An account is not looked at before.
pub fn wait(tx: &mut Tx<'_>, account: AccountId, until: Timestamp) -> Result<(), StoreError> {
    tx.exec(WAIT, &[account.to_string().into(), us(until).into()]).map(drop)
}

/// Accounts whose wallets are low, or that owe something that is collected by `now`, and that may be looked at.
pub fn due(tx: &mut Tx<'_>, now: Timestamp, most: usize) -> Result<Vec<AccountId>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    tx.rows(DUE, &[us(now).into(), most.into()], |row| row.parsed(0, "account", |it| it.parse().ok()))
}

/// What came by itself since `from`, or is on its way.
pub fn since(
    tx: &mut Tx<'_>,
    account: AccountId,
    from: Timestamp,
    currency: Currency,
) -> Result<Money, StoreError> {
    tx.one(MONTH, &[account.to_string().into(), us(from).into()], "a sum", |row| row.money(0, currency))
}

/// Whether something is on its way.
pub fn is_under_way(tx: &mut Tx<'_>, account: AccountId) -> Result<bool, StoreError> {
    tx.one(UNDER_WAY, &[account.to_string().into()], "a count", |row| Ok(row.int(0)? > 0))
}

/// When the card of a rule refused last, if it did.
pub fn refused(tx: &mut Tx<'_>, it: &Rule) -> Result<Option<Timestamp>, StoreError> {
    let args = [it.account.to_string().into(), it.card.to_string().into()];
    let found = tx.one(REFUSED, &args, "an instant", |row| row.maybe_int(0))?;
    found.map(crate::engine::at).transpose()
}
