//! The program: what it can be told on the command line (`cli`), and what a server does by itself (`keep`, `outbox`, `clock`,
//! `anchors`), and how clients come in (`door`, `descriptors`).

mod anchors;
pub mod cli;
mod clock;
mod descriptors;
mod door;
pub mod keep;
pub mod outbox;
