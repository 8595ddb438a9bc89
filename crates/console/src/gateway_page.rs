//! The two pages on which the gateway's own script works: adding a card, and proving that a card is one's own.
//!
//! In:  what the script needs. Out: whole pages, with a content policy of their own.
//! Invariant: the policy names the gateway and nobody else, on these pages alone; nothing of a card passes here.

use crate::signed::Signed;
use crate::{assets, frame};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use maud::{Markup, html};
use providers::cards::stripe::Account;

/// Where Stripe's own script asks, beside where it comes from.
const OF_STRIPE: &str =
    "https://*.js.stripe.com https://api.stripe.com https://hooks.stripe.com https://m.stripe.network";

/// A page with the gateway's script. Errors: none; a script whose address no policy can name works nowhere.
pub(crate) fn page(signed: &Signed, gateway: &Account, it: &frame::Page<'_>) -> Response {
    let scripts = html! {
        (it.body)
        noscript { p.banner { (signed.visit.texts().cards_need_script()) } }
        script src=(gateway.script) {}
        script src=(assets::address("cards.js")) {}
    };
    let page = frame::Page { body: &scripts, ..*it };
    let mut response = frame::page(signed, StatusCode::OK, &page);
    if let Ok(policy) = HeaderValue::from_str(&policy(&gateway.script)) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// What browsers may do on such a page.
fn policy(script: &str) -> String {
    let origin = origin(script);
    let more = if origin == "https://js.stripe.com" { OF_STRIPE } else { "" };
    let of = format!("{origin} {more}");
    let of = of.trim_end();
    format!(
        "default-src 'none'; style-src 'self'; script-src 'self' {of}; connect-src 'self' {of}; frame-src {of}; \
         img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Scheme and host of an address.
fn origin(address: &str) -> &str {
    let host = address.find("://").map_or(0, |it| it + 3);
    let end = address[host..].find('/').map_or(address.len(), |it| host + it);
    &address[..end]
}

/// What the script says when something is wrong.
pub(crate) fn said() -> Markup {
    html! { p.banner.care id="gateway-said" role="alert" hidden {} }
}

#[cfg(test)]
mod tests;
