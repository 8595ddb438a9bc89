//! What every face over HTTP shares: the node's state, who calls, how requests are read, how refusals are shown.
//!
//! In:  HTTP. Out: typed calls, one transaction each, and their answers.
//! Invariant: no operation of any product stands here, and no statement.

pub mod advance;
mod bearer;
pub mod call;
pub mod caller;
mod catalogue;
pub mod choice;
mod class;
pub mod clock;
pub mod code;
mod details;
mod fault;
mod field;
pub mod fresh;
pub mod gateway;
pub mod guest;
pub mod identity;
pub mod impact;
pub mod in_place;
pub mod json;
mod known;
pub mod lane;
pub mod language;
pub mod limit;
pub mod location;
pub mod node;
pub mod once;
pub mod origin;
mod outdated;
pub mod paper;
pub mod password;
pub mod problem;
pub mod proposals;
pub mod pulse;
pub mod random;
pub mod readiness;
pub mod reason;
pub mod rule;
pub mod telemetry;
pub mod texts;
pub mod trace;
pub mod watch;
pub mod wire;
pub mod words;

pub use limit::Limits;
pub use node::Node;
