//! Whom the policy names.

use super::*;

#[test]
fn the_policy_names_the_gateway_and_nobody_else() {
    let here = policy("http://127.0.0.1:8420/js.stripe.com/v3/");
    assert!(here.contains("script-src 'self' http://127.0.0.1:8420; connect-src"), "{here}");
    assert!(!here.contains("stripe.com"), "{here}");
    let there = policy("https://js.stripe.com/v3/");
    assert!(
        there.contains("frame-src https://js.stripe.com https://*.js.stripe.com https://api.stripe.com"),
        "{there}"
    );
    assert!(!there.contains("unsafe"), "{there}");
}
