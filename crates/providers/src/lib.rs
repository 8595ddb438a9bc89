//! The outside world of the till, each part with a simulator.
//!
//! So far: clouds, cards, banks, webhooks, OpenID providers, mail, and the key by which others know the installation.

pub mod bank;
pub mod cards;
pub mod cloud;
pub mod dkim;
pub mod installation;
pub mod oidc;
pub mod smtp;
pub mod webhook;
