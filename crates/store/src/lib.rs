//! Every SQL statement of the till: one file per table, two engines, one dialect.
//!
//! In:  a transaction and values. Out: rows as domain values.
//! Invariant: no decisions and no arithmetic on money here; nobody opens a transaction inside one;
//! writing the same again changes nothing, writing something else under the same id is `Differs`.

#[macro_use]
mod columns;
#[macro_use]
mod metered;
#[macro_use]
mod statements;

pub mod accounts;
pub mod answers;
pub mod arrears;
pub mod bank;
pub mod bills;
pub mod books;
pub mod budgets;
pub mod card_differences;
pub mod card_payments;
pub mod card_refunds;
pub mod card_rules;
pub mod cards;
pub mod carts;
pub mod clock;
pub mod closes;
pub mod commitments;
pub mod contract_prices;
pub mod corrections;
pub mod correspondents;
pub mod cost_tags;
pub mod counters;
pub mod coverage;
pub mod credit_lines;
pub mod documents;
pub mod downgrades;
pub mod endpoints;
pub mod engine;
pub mod events;
pub mod facts;
pub mod first;
pub mod impact;
pub mod installation;
pub mod jobs;
pub mod journal;
pub mod keys;
pub mod labels;
pub mod ledger;
pub mod letters;
pub mod mails;
pub mod messages;
pub mod meters;
pub mod notices;
pub mod offers;
pub mod orders;
pub mod packs;
pub mod price_notices;
pub mod projects;
pub mod promotions;
pub mod proposals;
pub mod quarantine;
pub mod recounts;
pub mod refunds;
pub mod resources;
pub mod runs;
pub mod sales;
pub mod services;
pub mod sessions;
pub mod settlements;
pub mod sort;
pub mod tasks;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod top_ups;
pub mod usage;
pub mod users;
pub mod verify;
pub mod vouchers;

pub use engine::{Row, Store, StoreError, TimeOuts, Tx, Value, Writes};
pub use statements::all as all_statements;
