//! The outside world of the till, each part with a simulator.
//!
//! So far: clouds, webhooks, OpenID providers, and the key by which others know the installation. Payment channels and mail
//! come with later issues.

pub mod cloud;
pub mod installation;
pub mod oidc;
pub mod webhook;
