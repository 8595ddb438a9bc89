//! Accounts: who, in which currency, on what terms, and since when in arrears.
//!
//! In:  what the account was opened with, and what was changed since. Out: values that decisions look at.
//! Invariant: its currency never changes, and all its money is of it.
//! Rules: R-ORD-8, R-ARR-1, R-WAL-5, R-PRC-5.

/// Whether the customer's real name was checked. Source: R-ORD-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    Yes,
    No,
}
