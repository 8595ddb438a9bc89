//! The program: what it can be told on the command line (`cli`), and what a server does by itself (`keep`, `outbox`, `clock`,
//! `anchors`, `oidc`), and how clients come in (`door`, `descriptors`, `faces`).

mod anchors;
pub mod cli;
mod clock;
mod descriptors;
mod door;
mod faces;
pub mod keep;
mod oidc;
pub mod outbox;
