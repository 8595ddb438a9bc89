//! Accounts: who, in which currency, on what terms, and since when in arrears.
//!
//! In:  what the account was opened with, and what was changed since. Out: values that decisions look at.
//! Invariant: its currency never changes, and all its money is of it.
//! Rules: R-ORD-8, R-ARR-1, R-WAL-5, R-PRC-5.

use crate::alert::Told;
use crate::rate::Terms;
use units::{AccountId, Currency, Money, Timestamp};

/// A customer of the cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub name: String,
    pub currency: Currency,
    pub terms: Terms,
    pub verified: Verified,
    /// T0 of the arrears. Source: R-ARR-1.
    pub arrears_since: Option<Timestamp>,
    pub created: Timestamp,
    /// Told when less than this is available; 0 for never. Source: R-WAL-5.
    pub alert: Money,
    pub told: Told,
    /// The day of the month on which what is prepaid ends, where the account wants one for all. Source: R-PRE-3.
    pub expiry_day: Option<u8>,
    /// So many days what is prepaid runs on behind its deadline. Source: R-EXP-5.
    pub no_stop_days: u32,
    /// So many vouchers pay for one order, or one bill. Source: R-VOU-3.
    pub vouchers_per_order: u32,
}

/// Whether the customer's real name was checked. Source: R-ORD-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    Yes,
    No,
}

impl Verified {
    pub const ALL: [Verified; 2] = [Verified::Yes, Verified::No];

    pub const fn as_str(self) -> &'static str {
        match self {
            Verified::Yes => "yes",
            Verified::No => "no",
        }
    }

    pub fn parse(text: &str) -> Option<Verified> {
        Verified::ALL.into_iter().find(|it| it.as_str() == text)
    }
}
