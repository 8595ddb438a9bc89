//! The till: what it can do (`desk`), when (`jobs`), scenarios (`simulate`) and the command line (`cli`).

pub mod cli;
pub mod desk;
pub mod jobs;
pub mod simulate;
