//! Sums over the append-only tables, for auditing.

use crate::engine::{StoreError, Tx};
use billing::wallet::Purse;

statements! {
    DEBITS = "select account, debit, cast(sum(total_minor) as bigint) from transfers group by account, debit";
    CREDITS = "select account, credit, cast(sum(total_minor) as bigint) from transfers group by account, credit";
    WALLETS = "select account, bonus_minor, cash_minor, income_minor, frozen_bonus_minor, frozen_cash_minor, frozen_income_minor, owed_minor
        from wallets order by account";
    HELD = "select account, cast(sum(bonus_minor + cash_minor + income_minor) as bigint) from freezes group by account";
    HELD_BY_ORDERS = "select account, cast(sum(bonus_minor + cash_minor + income_minor) as bigint) from pieces group by account";
    ON_CREDIT = "select w.account, w.credit_minor, w.pledged_minor, cast(coalesce((select sum(p.total_minor - p.voucher_minor - p.card_minor
        - p.bonus_minor - p.cash_minor - p.income_minor) from pieces p join orders o on o.account = p.account and o.id = p.order_id
        where p.account = w.account and o.state = 'delivering' and p.state in ('waiting', 'arrived')), 0) as bigint),
        coalesce((select case when c.withheld_us is null then c.limit_minor else 0 end from credit_lines c where c.account = w.account), 0)
        from wallets w where w.credit_minor <> 0 or w.pledged_minor <> 0
        or exists (select 1 from credit_lines c where c.account = w.account) order by w.account";
    PACK_USES = "select p.account, p.id, p.capacity, p.left_units, p.used_units, p.lost_units,
        cast(coalesce(sum(u.used_units), 0) as bigint), cast(coalesce(sum(u.lost_units), 0) as bigint)
        from packs p left join pack_uses u on u.account = p.account and u.pack = p.id
        group by p.account, p.id, p.capacity, p.left_units, p.used_units, p.lost_units order by p.account, p.id";
    RECHARGED = "select account, cast(sum(total_minor) as bigint) from transfers where kind = 'recharge' group by account";
    TOP_UPS = "select account, cast(sum(total_minor) as bigint) from top_ups group by account";
    ORDERS = "select o.id, o.total_minor, cast(sum(p.total_minor) as bigint) from orders o
        join pieces p on p.account = o.account and p.order_id = o.id group by o.id, o.total_minor order by o.id";
    PAID = "select subject, debit, credit, cast(sum(total_minor) as bigint) from transfers where account = $1 and kind in ('deduct', 'refund')
        group by subject, debit, credit order by subject, debit, credit";
    CARRIES = "select product, amount_e8 from carries where account = $1 order by product";
    RULES = "select id, rule_version from bills where account = $1 order by id";
}

/// A sum of one purse of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurseSum {
    pub account: String,
    pub purse: Purse,
    pub minor: i64,
}

fn purse_sums(tx: &mut Tx<'_>, sql: &'static str) -> Result<Vec<PurseSum>, StoreError> {
    tx.rows(sql, &[], |row| {
        Ok(PurseSum {
            account: row.text(0)?,
            purse: row.parsed(1, "purse", Purse::parse)?,
            minor: row.int(2)?,
        })
    })
}

pub fn debits(tx: &mut Tx<'_>) -> Result<Vec<PurseSum>, StoreError> {
    purse_sums(tx, DEBITS)
}

pub fn credits(tx: &mut Tx<'_>) -> Result<Vec<PurseSum>, StoreError> {
    purse_sums(tx, CREDITS)
}

/// Account and what its row says of each purse, in the order of `Purse::ALL` up to `Owed`.
pub fn wallets(tx: &mut Tx<'_>) -> Result<Vec<(String, [i64; 7])>, StoreError> {
    tx.rows(WALLETS, &[], |row| {
        let [bonus, cash, income] = [row.int(1)?, row.int(2)?, row.int(3)?];
        Ok((row.text(0)?, [cash, bonus, income, row.int(5)?, row.int(4)?, row.int(6)?, row.int(7)?]))
    })
}

/// What freezes and open orders hold, by account.
pub fn held(tx: &mut Tx<'_>) -> Result<Vec<(String, i64)>, StoreError> {
    let mut found = tx.rows(HELD, &[], |row| Ok((row.text(0)?, row.int(1)?)))?;
    found.extend(tx.rows(HELD_BY_ORDERS, &[], |row| Ok((row.text(0)?, row.int(1)?)))?);
    Ok(found)
}

/// What a wallet says of its credit, and what credit lines and orders say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnCredit {
    pub account: String,
    pub limit: i64,
    pub pledged: i64,
    /// What orders that are being delivered take.
    pub taken: i64,
    /// What of the credit line holds.
    pub agreed: i64,
}

pub fn on_credit(tx: &mut Tx<'_>) -> Result<Vec<OnCredit>, StoreError> {
    tx.rows(ON_CREDIT, &[], |row| {
        let (limit, pledged, taken, agreed) = (row.int(1)?, row.int(2)?, row.int(3)?, row.int(4)?);
        Ok(OnCredit { account: row.text(0)?, limit, pledged, taken, agreed })
    })
}

/// A pack as its row says and as its uses add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackSum {
    pub account: String,
    pub id: String,
    pub capacity: i64,
    pub left: i64,
    pub used: i64,
    pub lost: i64,
    pub uses: i64,
    pub losses: i64,
}

pub fn packs(tx: &mut Tx<'_>) -> Result<Vec<PackSum>, StoreError> {
    tx.rows(PACK_USES, &[], |row| {
        Ok(PackSum {
            account: row.text(0)?,
            id: row.text(1)?,
            capacity: row.int(2)?,
            left: row.int(3)?,
            used: row.int(4)?,
            lost: row.int(5)?,
            uses: row.int(6)?,
            losses: row.int(7)?,
        })
    })
}

/// What moved for each bill: subject, debit, credit, sum.
pub fn paid(tx: &mut Tx<'_>, account: &str) -> Result<Vec<(String, Purse, Purse, i64)>, StoreError> {
    tx.rows(PAID, &[account.into()], |row| {
        Ok((
            row.text(0)?,
            row.parsed(1, "purse", Purse::parse)?,
            row.parsed(2, "purse", Purse::parse)?,
            row.int(3)?,
        ))
    })
}

/// The rule version that each bill was made by.
pub fn rules(tx: &mut Tx<'_>, account: &str) -> Result<Vec<(String, i64)>, StoreError> {
    tx.rows(RULES, &[account.into()], |row| Ok((row.text(0)?, row.int(1)?)))
}

/// What stands for the next bill of each product, in 1e-8.
pub fn carries(tx: &mut Tx<'_>, account: &str) -> Result<Vec<(String, i64)>, StoreError> {
    tx.rows(CARRIES, &[account.into()], |row| Ok((row.text(0)?, row.int(1)?)))
}

/// What came in by account: as its transfers say, and as its payments say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Income {
    pub transfers: std::collections::BTreeMap<String, i64>,
    pub payments: std::collections::BTreeMap<String, i64>,
}

pub fn income(tx: &mut Tx<'_>) -> Result<Income, StoreError> {
    let transfers = tx.rows(RECHARGED, &[], |row| Ok((row.text(0)?, row.int(1)?)))?.into_iter().collect();
    let payments = tx.rows(TOP_UPS, &[], |row| Ok((row.text(0)?, row.int(1)?)))?.into_iter().collect();
    Ok(Income { transfers, payments })
}

/// Orders whose pieces do not add up to their total: id, total, sum.
pub fn orders(tx: &mut Tx<'_>) -> Result<Vec<(String, i64, i64)>, StoreError> {
    let all = tx.rows(ORDERS, &[], |row| Ok((row.text(0)?, row.int(1)?, row.int(2)?)))?;
    Ok(all.into_iter().filter(|it| it.1 != it.2).collect())
}
