//! The till: what it can do (`desk`), when (`jobs`), over HTTP (`api`), in scenarios (`simulate`) and on the
//! command line (`cli`).

pub mod api;
pub mod cli;
pub mod clock;
pub mod desk;
pub mod jobs;
pub mod simulate;
