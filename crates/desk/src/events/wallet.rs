//! What is told of the money of an account.
//!
//! In:  a wallet as it stands. Out: news of it.
//! Invariant: balance, available and currency stand in each.

use super::ears::News;
use billing::event::EventKind;
use billing::wallet::Wallet;
use serde_json::json;
use units::Timestamp;

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
pub fn arrears(it: &Wallet, since: Option<Timestamp>) -> News {
    match since {
        Some(since) => wallet(EventKind::WalletInArrears, it, &[("since", since.to_string())]),
        None => wallet(EventKind::WalletCleared, it, &[]),
    }
}
