//! Every decision that the till takes, one file per stage.
//!
//! In:  values read by others. Out: values for others to write.
//! Invariant: no clock, no randomness, no I/O, no `async`, no floats, and no product by name.
//!
//! Purchase: `options` → `quote` → `order` → `provision` → `resource`.
//! Usage: `segment` → `cover` → `aggregate` → `sequence` → `rate` → `settle` → `bill`.

pub mod account;
pub mod aggregate;
pub mod ahead;
pub mod alert;
pub mod alike;
pub mod arrears;
pub mod bank;
pub mod bill;
pub mod book;
pub mod books;
pub mod breakdown;
pub mod budget;
pub mod by_card;
pub mod card_refund;
pub mod carry;
pub mod cart;
pub mod change;
pub mod charge;
pub mod choices;
pub mod closed;
pub mod collect;
pub mod consumption;
pub mod contract_price;
pub mod control;
pub mod conversion;
pub mod correction;
pub mod counter;
pub mod cover;
pub mod demand;
pub mod difference;
pub mod document;
pub mod downgrade;
pub mod endpoint;
pub mod event;
pub mod explain;
pub mod free_tier;
pub mod history;
pub mod home;
pub mod impact;
pub mod kept;
pub mod language;
pub mod letter;
pub mod life;
pub mod look;
#[cfg(test)]
mod made;
pub mod meter;
pub mod notice;
pub mod offer;
pub mod options;
pub mod order;
pub mod pace;
pub mod pack;
pub mod passbook;
pub mod payment;
pub mod plan;
pub mod price;
pub mod price_list;
pub mod provision;
pub mod purchase;
pub mod quote;
pub mod rate;
pub mod readable;
pub mod reading;
pub mod recount;
pub mod refund;
pub mod renewal;
pub mod rerate;
pub mod resource;
pub mod run;
pub mod sales;
pub mod segment;
pub mod sequence;
pub mod settle;
pub mod story;
pub mod sums;
pub mod tag;
pub mod task;
pub mod text;
pub mod tries;
pub mod used;
pub mod user;
pub mod vouched;
pub mod voucher;
pub mod wallet;
pub mod when;
