//! What the till can do: one plain function per operation. Each reads, asks one decision, writes.
//!
//! In:  a transaction, the desk, who asks, and the time. Out: what was decided, or a refusal.
//! Invariant: no operation opens a transaction, reads a clock or decides by itself.

pub mod accounts;
pub mod act;
pub mod after;
mod alert;
pub mod anchor;
mod arrears;
pub mod audit;
pub mod authorize;
pub mod books;
pub mod breakdown;
pub mod catalogue;
pub mod choices;
pub mod corrections;
pub mod cost;
pub mod coverage;
mod desk;
pub mod events;
pub mod explain;
pub mod facts;
pub mod first;
mod freezes;
pub mod gauges;
pub mod history;
pub mod installation;
pub mod jobs;
pub mod journal;
pub mod kept;
pub mod keys;
pub mod labels;
pub mod life;
pub mod lists;
pub mod network;
pub mod orders;
pub mod outlook;
pub mod pack_quotes;
pub mod packs;
pub mod page;
pub mod projects;
pub mod provision;
pub mod purchases;
mod quotas;
pub mod quotes;
pub mod refusal;
mod request;
pub mod resources;
pub mod second;
pub mod services;
pub mod sessions;
pub mod settle;
pub mod settled;
pub mod sheet;
mod steps;
pub mod tasks;
mod token;
pub mod tries;
pub mod usage;
pub mod users;
pub mod webhooks;

pub use self::desk::{At, Cause, Desk, LATE_MONTHS, later};
pub use refusal::{Code, Refusal};
pub use store::Tx;
pub use store::accounts::Patience;
