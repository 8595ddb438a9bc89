//! The gateway for cards of the settings.
//!
//! In:  settings. Out: the gateway, if one is named.
//! Invariant: what is missing or cannot be is said before anything is made; keys are read from files and stand in no log.

use super::settings::Settings;
use anyhow::{Context, Result, ensure};
use providers::cards::stripe::Account;
use providers::cards::{Cards, Stripe};
use std::path::Path;
use std::sync::Arc;

/// The gateway. Errors: what is missing, keys that are none, a file that cannot be read.
pub(super) fn gateway(settings: &Settings) -> Result<Cards> {
    let Some(url) = &settings.stripe_url else {
        let is_alone = settings.stripe_key_file.is_some()
            || settings.stripe_publishable_key.is_some()
            || settings.stripe_webhook_secret_file.is_some();
        ensure!(
            !is_alone,
            "--stripe-url is missing: name the gateway that the other settings of Stripe are for"
        );
        return Ok(Cards::Off);
    };
    let file = settings.stripe_key_file.as_ref();
    let file = file.context("--stripe-key-file is missing: a file with the secret key of --stripe-url")?;
    let publishable = settings.stripe_publishable_key.clone();
    let publishable =
        publishable.context("--stripe-publishable-key is missing: the page that adds a card shows it")?;
    let is_script =
        settings.stripe_script.starts_with("https://") || settings.stripe_script.starts_with("http://");
    ensure!(is_script, "--stripe-script: `{}` is no address of a script", settings.stripe_script);
    let secret = settings.stripe_webhook_secret_file.as_deref();
    let account = Account {
        url: url.clone(),
        key: line(file, "--stripe-key-file")?,
        publishable,
        script: settings.stripe_script.clone(),
        webhook_secret: secret.map(|it| line(it, "--stripe-webhook-secret-file")).transpose()?,
    };
    Ok(Cards::Stripe(Arc::new(Stripe::new(account).context("setting up cards")?)))
}

/// What a file holds, without what is around it. Errors: it cannot be read, or holds nothing.
fn line(file: &Path, flag: &str) -> Result<String> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("{flag}: reading {}", file.display()))?;
    ensure!(!text.trim().is_empty(), "{flag}: {} is empty", file.display());
    Ok(text.trim().to_string())
}
