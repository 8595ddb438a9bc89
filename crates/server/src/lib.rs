//! The program: what it can be told on the command line (`cli`), and what a server does by itself (`keep`, `outbox`).

pub mod cli;
pub mod keep;
pub mod outbox;
