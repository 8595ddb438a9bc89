//! Every decision that the till takes, one file per stage.
//!
//! In:  values read by others. Out: values for others to write.
//! Invariant: no clock, no randomness, no I/O, no `async`, no floats, and no product by name.
//!
//! Purchase: `options` → `quote` → `order` → `provision` → `resource`.
//! Usage: `segment` → `cover` → `aggregate` → `rate` → `settle` → `bill`.

pub mod aggregate;
pub mod alert;
pub mod arrears;
pub mod bill;
pub mod book;
pub mod counter;
pub mod cover;
pub mod event;
pub mod explain;
pub mod life;
pub mod meter;
pub mod options;
pub mod order;
pub mod pack;
pub mod plan;
pub mod price;
pub mod provision;
pub mod quote;
pub mod rate;
pub mod reading;
pub mod resource;
pub mod segment;
pub mod settle;
pub mod wallet;
