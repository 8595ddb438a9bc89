//! What is told of the money of an account.
//!
//! In:  a wallet as it stands. Out: news of it.
//! Invariant: balance, available and currency stand in each.

use super::ears::News;
use super::told::payload;
use billing::event::EventKind;
use billing::wallet::Wallet;
use units::{AccountId, Currency, Money, Timestamp};

payload! {
    /// Money came into a wallet.
    TopUp of [WalletToppedUp] {
        account: AccountId,
        amount: Money,
        /// What tells this top-up from others.
        reference: String,
        balance: Money,
        available: Money,
        currency: Currency,
    }
}

payload! {
    /// Less is available than the account wants to have.
    WalletLow of [WalletLow] {
        account: AccountId,
        /// Below this the account wants to be told.
        alert: Money,
        balance: Money,
        available: Money,
        currency: Currency,
    }
}

payload! {
    /// The balance fell below zero.
    Arrears of [WalletInArrears] {
        account: AccountId,
        since: Timestamp,
        balance: Money,
        available: Money,
        currency: Currency,
    }
}

payload! {
    /// The balance is not below zero any more.
    Cleared of [WalletCleared] {
        account: AccountId,
        balance: Money,
        available: Money,
        currency: Currency,
    }
}

/// Money that came, with the wallet as it stands after it.
pub fn topped_up(it: &Wallet, amount: Money, reference: &str) -> News {
    let (balance, available) = (it.balance(), it.available());
    let (account, currency) = (it.account(), it.currency());
    let told = TopUp { account, amount, reference: reference.to_string(), balance, available, currency };
    News::of(account, EventKind::WalletToppedUp, &told)
}

/// A wallet with less than the account wants to have.
pub fn low(it: &Wallet, alert: Money) -> News {
    let (balance, available) = (it.balance(), it.available());
    let (account, currency) = (it.account(), it.currency());
    News::of(account, EventKind::WalletLow, &WalletLow { account, alert, balance, available, currency })
}

/// Arrears that began or ended.
pub fn arrears(it: &Wallet, since: Option<Timestamp>) -> News {
    let (balance, available) = (it.balance(), it.available());
    let (account, currency) = (it.account(), it.currency());
    match since {
        Some(since) => {
            let told = Arrears { account, since, balance, available, currency };
            News::of(account, EventKind::WalletInArrears, &told)
        }
        None => {
            let told = Cleared { account, balance, available, currency };
            News::of(account, EventKind::WalletCleared, &told)
        }
    }
}
