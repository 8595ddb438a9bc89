//! The OpenID provider, asked again and again where everything is.
//!
//! In:  a node, a provider. Out: what the provider says of itself, kept with it; a metric; a line in the log when it changed.
//! Invariant: a provider that does not answer holds nothing up: it is asked again until the server ends.

use providers::oidc::Provider;
use std::sync::Arc;
use std::time::Duration;
use web::{Node, telemetry};

/// How often a provider is asked that answers, and one that does not.
const LOOK: Duration = Duration::from_secs(60);
const AGAIN: Duration = Duration::from_secs(5);

/// Asks the provider until the server ends.
pub(crate) async fn keep(node: Node, provider: Arc<Provider>) {
    let issuer = provider.registration().issuer.clone();
    let mut told = None;
    while !node.is_stopping() {
        let asked = provider.look().await;
        metrics::gauge!(telemetry::OIDC_UP).set(if asked.is_ok() { 1.0 } else { 0.0 });
        let pause = if asked.is_ok() { LOOK } else { AGAIN };
        let says = asked.err().map(|error| error.to_string());
        if told.as_ref() != Some(&says) {
            match &says {
                None => tracing::info!(issuer, "people can sign in by OIDC"),
                Some(error) => {
                    tracing::error!(issuer, "nobody can sign in by OIDC, which is tried again: {error}")
                }
            }
            told = Some(says);
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = node.stopped() => return,
        }
    }
}
