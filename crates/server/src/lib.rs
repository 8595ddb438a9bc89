//! The program: what it can be told on the command line (`cli`), and what a server does by itself (`keep`, `cashier`, `outbox`, `post`,
//! `clock`, `anchors`, `oidc`), and how clients come in (`door`, `descriptors`, `faces`).

mod anchors;
mod cashier;
pub mod cli;
mod clock;
mod descriptors;
mod door;
mod faces;
mod flights;
mod giver;
pub mod keep;
mod oidc;
pub mod outbox;
pub mod post;
