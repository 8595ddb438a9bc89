//! Auditing what went back to cards: rows, payments and the ledger say the same.
//!
//! In:  what is on its way, payments, transfers. Out: what they say otherwise.
//! Rules: R-REF-4, R-WAL-3.

use super::finding::Audit;
use crate::Refusal;
use billing::wallet::Purse;
use std::collections::BTreeMap;
use store::{Tx, card_refunds, verify};

/// Compares them over all accounts.
pub(super) fn compare(tx: &mut Tx<'_>, audit: &mut Audit) -> Result<(), Refusal> {
    for (payment, says, rows) in card_refunds::otherwise(tx)? {
        audit.differences.push(format!(
            "payment {payment}: {says} went back to its card, what was sent there adds up to {rows}"
        ));
    }
    let mut moved: BTreeMap<String, i64> = BTreeMap::new();
    for it in verify::credits(tx)?.into_iter().filter(|it| it.purse == Purse::Clearing) {
        *moved.entry(it.account).or_default() += it.minor;
    }
    for it in verify::debits(tx)?.into_iter().filter(|it| it.purse == Purse::Clearing) {
        *moved.entry(it.account).or_default() -= it.minor;
    }
    moved.retain(|_, minor| *minor != 0);
    let on_their_way: BTreeMap<String, i64> = card_refunds::on_their_way(tx)?.into_iter().collect();
    if moved != on_their_way {
        audit.differences.push(format!("{on_their_way:?} is on its way to cards, transfers say {moved:?}"));
    }
    Ok(())
}
