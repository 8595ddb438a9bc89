//! What is read of the till, page by page or one by one: a file for each thing that callers look at.
//!
//! In:  whose it is, which of it, which part. Out: a page of things as they stand, or the one that is asked for.
//! Invariant: nothing here writes, and nobody sees what is another account's: it is answered as what is not there.

pub mod accounts;
pub mod arrears;
pub mod bank;
pub mod bills;
pub mod books;
pub mod budgets;
pub mod card_payments;
pub mod catalogue;
pub mod corrections;
pub mod costs;
mod cuts;
pub mod documents;
pub mod events;
pub mod journal;
pub mod keys;
pub mod mails;
pub mod notices;
pub mod offers;
pub mod orders;
pub mod packs;
pub mod projects;
pub mod quarantine;
pub mod refunds;
pub mod resources;
pub(crate) mod served;
pub mod services;
pub mod settlements;
mod shares;
pub mod tasks;
pub mod usage;
pub mod users;
pub mod vouchers;
pub mod wallet;
pub mod webhooks;
