//! The outside world of the till, each part with a simulator.
//!
//! So far: clouds and webhooks. Payment channels and mail come with later issues.

pub mod cloud;
pub mod webhook;
