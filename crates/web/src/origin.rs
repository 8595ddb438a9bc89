//! Where a request comes from: the address of its connection, or what trusted proxies say.
//!
//! In:  a request, the proxies that are trusted. Out: an address.
//! Invariant: nobody but a trusted proxy is believed: `X-Forwarded-For` is read from its end, and the first address that is
//! no trusted proxy's is where the request comes from.

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use desk::network::Network;
use std::net::{IpAddr, SocketAddr};

/// Where a request comes from; `None` where nobody knows, or a trusted proxy says what is no address.
pub fn of(proxies: &[Network], parts: &Parts) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip().to_canonical();
    let is_proxy = |it: IpAddr| proxies.iter().any(|proxy| proxy.has(it));
    let told: Vec<&str> = parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .flat_map(|it| it.to_str().unwrap_or("?").split(','))
        .map(str::trim)
        .collect();
    let mut from = peer;
    for text in told.into_iter().rev() {
        if !is_proxy(from) {
            break;
        }
        from = text.parse::<IpAddr>().ok()?.to_canonical();
    }
    Some(from)
}

#[cfg(test)]
mod tests;
