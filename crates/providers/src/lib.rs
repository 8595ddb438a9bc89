//! The outside world of the till, each part with a simulator.
//!
//! So far: clouds. Payment channels, mail and webhooks come with later issues.

pub mod cloud;
