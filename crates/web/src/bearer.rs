//! Callers who prove with a key who they are: `Authorization: Bearer till_live_…`.
//!
//! In:  headers. Out: an identity, or what is wrong with the key.
//! Invariant: keys are looked up by their hash; no other file of the crate reads one.

use super::code::Own;
use super::identity::{Actor, Identity};
use super::node::Node;
use super::origin;
use super::problem::Problem;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use desk::Refusal;
use desk::keys;
use std::time::Duration;
use store::Tx;

/// How often it is noted that a key is used.
const NOTED: Duration = Duration::from_secs(60);

/// Whose key the request carries; `None` when it carries none.
///
/// Errors: `unauthorized` for a key that is not known, has ended or has expired; `key_address_refused` for one that may
/// not be used from where the request comes from.
pub async fn identity(node: &Node, parts: &Parts) -> Result<Option<Identity>, Problem> {
    let Some(text) = bearer(&parts.headers) else { return Ok(None) };
    let hash = keys::hash(text);
    let key = key(node, hash.clone()).await?;
    if key.revoked.is_some() {
        return Err(Problem::unauthorized("this key was ended; use another"));
    }
    if key.expires.is_some_and(|it| it <= node.clock().now()) {
        return Err(Problem::unauthorized("this key has expired; ask for another"));
    }
    comes_from(node, &key, parts)?;
    note_use(node, hash, &key);
    Ok(Some(Identity { actor: Actor::Key(key.id), account: key.account, scopes: keys::scopes(&key) }))
}

/// Errors: `key_address_refused`.
fn comes_from(node: &Node, key: &keys::Key, parts: &Parts) -> Result<(), Problem> {
    let allowed = keys::addresses(key)?;
    let from = if allowed.is_empty() { None } else { origin::of(&node.desk().proxies, parts) };
    if allowed.is_empty() || from.is_some_and(|from| allowed.iter().any(|it| it.has(from))) {
        return Ok(());
    }
    let from = from.map_or_else(|| "an unknown address".to_string(), |it| it.to_string());
    let detail = format!("this key may not be used from {from}; use it from {}", key.addresses);
    Err(Problem::new(Own::KeyAddressRefused, detail))
}

/// Has the use of a key noted, at most once a minute, beside the request and without holding it up.
fn note_use(node: &Node, hash: String, key: &keys::Key) {
    let now = node.clock().now();
    let noted = now.checked_sub(NOTED).unwrap_or(now);
    if key.last_used.is_some_and(|it| it > noted) {
        return;
    }
    node.known_keys().remember(hash, &keys::Key { last_used: Some(now), ..key.clone() });
    let (node, id) = (node.clone(), key.id);
    tokio::spawn(async move {
        let written = node
            .blocking(move |node| {
                let write = |tx: &mut Tx<'_>| Ok::<_, Refusal>(store::keys::used(tx, id, now, noted)?);
                node.store().write(write)
            })
            .await;
        if let Err(problem) = written {
            tracing::warn!(key = %id, detail = %problem.detail, "the use of a key is not noted");
        }
    });
}

async fn key(node: &Node, hash: String) -> Result<keys::Key, Problem> {
    if let Some(key) = node.known_keys().get(&hash) {
        return Ok(key);
    }
    let wanted = hash.clone();
    let found = node.read(move |tx, _| Ok(store::keys::by_hash(tx, &wanted)?)).await?;
    let key = found.ok_or_else(|| Problem::unauthorized("this key is not known"))?;
    node.known_keys().remember(hash, &key);
    Ok(key)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION).and_then(|it| it.to_str().ok());
    let text = value.and_then(|it| it.split_once(' ')).filter(|it| it.0.eq_ignore_ascii_case("bearer"));
    text.map(|it| it.1.trim()).filter(|it| !it.is_empty())
}
