//! The program: what it can be told on the command line (`cli`), and what a server does by itself (`keep`, `outbox`, `clock`).

pub mod cli;
mod clock;
pub mod keep;
pub mod outbox;
