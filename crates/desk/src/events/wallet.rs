//! What is told of the money of an account.
//!
//! In:  a wallet as it stands. Out: news of it.
//! Invariant: balance, available and currency stand in each.

use super::ears::{Ears, News};
use crate::Refusal;
use billing::event::EventKind;
use billing::wallet::Wallet;
use serde_json::json;
use store::{Tx, accounts, ledger};
use units::{AccountId, Timestamp};

/// Money in a wallet: topped up, low, in arrears, cleared. `more` is told beside what stands in each.
pub fn wallet(kind: EventKind, it: &Wallet, more: &[(&str, String)]) -> News {
    let mut data = json!({
        "balance": it.balance().to_string(),
        "available": it.available().to_string(),
        "currency": it.currency().as_str(),
    });
    for (name, value) in more {
        data[*name] = json!(value);
    }
    News { account: Some(it.account()), kind, data }
}

/// Arrears that began or ended.
pub fn arrears(
    tx: &mut Tx<'_>,
    account: AccountId,
    since: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let ears = Ears::of(tx, [account])?;
    if ears.is_empty() {
        return Ok(());
    }
    let currency = accounts::get(tx, account)?.currency;
    let it = ledger::get(tx, account, currency)?.wallet;
    let news = match since {
        Some(since) => wallet(EventKind::WalletInArrears, &it, &[("since", since.to_string())]),
        None => wallet(EventKind::WalletCleared, &it, &[]),
    };
    ears.tell(tx, vec![news], now)
}
