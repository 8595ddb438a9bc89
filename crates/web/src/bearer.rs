//! Callers who prove with a key who they are: `Authorization: Bearer till_live_…`.
//!
//! In:  headers. Out: an identity, or what is wrong with the key.
//! Invariant: keys are looked up by their hash; no other file of the crate reads one.

use super::identity::{Actor, Identity};
use super::node::Node;
use super::problem::Problem;
use axum::http::{HeaderMap, header};
use desk::keys::{self, Scope};

/// Whose key the request carries; `None` when it carries none.
///
/// Errors: `unauthorized` for a key that is not known, has ended or has expired.
pub async fn identity(node: &Node, headers: &HeaderMap) -> Result<Option<Identity>, Problem> {
    let Some(text) = bearer(headers) else { return Ok(None) };
    let key = key(node, keys::hash(text)).await?;
    if key.revoked.is_some() {
        return Err(Problem::unauthorized("this key was ended; use another"));
    }
    if key.expires.is_some_and(|it| it <= node.clock().now()) {
        return Err(Problem::unauthorized("this key has expired; ask for another"));
    }
    let scopes = key.scopes.split(' ').filter_map(Scope::parse).collect();
    Ok(Some(Identity { actor: Actor::Key(key.id), account: key.account, scopes }))
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
