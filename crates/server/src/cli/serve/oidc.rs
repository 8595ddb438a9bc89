//! The OpenID provider of the settings.
//!
//! In:  settings. Out: how the till is registered at the provider, if at one.
//! Invariant: what is missing or cannot be is said before anything is made; whether the provider answers is seen later, and
//! holds nothing up.

use super::settings::Settings;
use anyhow::{Context, Result, ensure};
use providers::oidc::{Provider, Registration};
use std::sync::Arc;

/// How the till is registered at a provider; `None` where none is named. Errors: what is missing.
pub(super) fn registration(settings: &Settings) -> Result<Option<Registration>> {
    let Some(issuer) = &settings.oidc_issuer else {
        let given = [&settings.oidc_client_id, &settings.oidc_client_secret, &settings.oidc_name];
        let is_alone = given.iter().any(|it| it.is_some()) || !settings.oidc_operator_domains.is_empty();
        ensure!(
            !is_alone,
            "--oidc-issuer is missing: name the provider that the other settings of OIDC are for"
        );
        return Ok(None);
    };
    let needed = |value: &Option<String>, flag: &str| {
        let value = value.clone().filter(|it| !it.is_empty());
        value
            .with_context(|| format!("{flag} is missing: the provider of --oidc-issuer gives it to a client"))
    };
    ensure!(
        !settings.public_url.is_empty(),
        "--public-url is missing: the provider sends people back to {} there",
        console::BACK
    );
    let is_domain = |it: &&String| {
        it.contains('.') && it.chars().all(|it| it.is_ascii_alphanumeric() || ".-".contains(it))
    };
    let wrong = settings.oidc_operator_domains.iter().find(|it| !is_domain(it));
    ensure!(
        wrong.is_none(),
        "--oidc-operator-domains: `{}` is no domain such as cloud.example",
        wrong.map_or("", |it| it)
    );
    let registration = Registration {
        issuer: issuer.clone(),
        client_id: needed(&settings.oidc_client_id, "--oidc-client-id")?,
        client_secret: needed(&settings.oidc_client_secret, "--oidc-client-secret")?,
        name: settings.oidc_name.clone().filter(|it| !it.trim().is_empty()),
        domains: settings.oidc_operator_domains.clone(),
    };
    registration.address().context("--oidc-issuer")?;
    Ok(Some(registration))
}

/// What an operator should know of a registration that is allowed, if anything.
pub(super) fn warning(registration: &Registration) -> Option<&'static str> {
    registration.domains.is_empty().then_some(
        "people of the operator may sign in by OIDC with a mail address of any domain: name those of the company with \
         --oidc-operator-domains",
    )
}

/// The provider, not asked yet; what should be known of it is said in the log. Errors: those of `registration`.
pub(super) fn provider(settings: &Settings) -> Result<Option<Arc<Provider>>> {
    let registration = registration(settings)?;
    if let Some(warning) = registration.as_ref().and_then(warning) {
        tracing::warn!("{warning}");
    }
    let made = registration.map(Provider::new).transpose().context("setting up sign-in by OIDC")?;
    Ok(made.map(Arc::new))
}

#[cfg(test)]
mod tests;
