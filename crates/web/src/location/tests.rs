//! Places of what was made.

use super::below;

#[test]
fn what_was_made_is_found_below_its_list() {
    for (list, name, expected) in [
        ("/v1/webhooks", "whk_1", "/v1/webhooks/whk_1"),
        ("/v1/corrections", "ticket/1 ü", "/v1/corrections/ticket%2F1%20%C3%BC"),
        ("/v1/accounts/acc_1/top-ups", "a?b#c", "/v1/accounts/acc_1/top-ups/a%3Fb%23c"),
    ] {
        assert_eq!(below(list, name), expected);
    }
}
