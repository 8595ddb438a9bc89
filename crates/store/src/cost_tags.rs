//! Cost tags: the keys of tags by which an account cuts its costs, by months.
//!
//! In:  keys, months. Out: the same.
//! Invariant: a row is never taken away; what changes is before which month it counts. Source: R-ALC-2.

use crate::engine::{StoreError, Tx, Value, Writes, at, us};
use billing::cost_tag::CostTag;
use units::AccountId;

columns!(cost_tags: account, key, from_us, until_us);

statements! {
    SAVE = concat!(cost_tags!(insert), " on conflict (account, key, from_us) do update set until_us = excluded.until_us");
    OF_ACCOUNT = concat!(cost_tags!(select), " where account = $1 order by key, from_us");
}

/// All that an account ever had, by their keys and months.
pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<CostTag>, StoreError> {
    tx.rows(OF_ACCOUNT, &[account.to_string().into()], |row| {
        Ok(CostTag {
            key: row.text(cost_tags!(key))?,
            from: at(row.int(cost_tags!(from_us))?)?,
            until: row.maybe_int(cost_tags!(until_us))?.map(at).transpose()?,
        })
    })
}

/// Writes new ones, and before which month others count.
pub fn save(tx: &mut Tx<'_>, account: AccountId, all: &[CostTag]) -> Result<(), StoreError> {
    if all.is_empty() {
        return Ok(());
    }
    let mut writes = Writes::default();
    let row = |it: &CostTag| -> [Value<'static>; cost_tags!(count)] {
        [account.to_string().into(), it.key.clone().into(), us(it.from).into(), it.until.map(us).into()]
    };
    writes.any(SAVE, all.iter().map(row));
    tx.write(writes)
}
