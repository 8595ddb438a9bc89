//! Places of what was made.

use super::of;

#[test]
fn what_was_made_is_found_below_its_list() {
    for (list, answer, expected) in [
        ("/v1/webhooks", r#"{"id":"whk_1","url":"https://a"}"#, Some("/v1/webhooks/whk_1")),
        (
            "/v1/orders",
            r#"{"purchase":"x","orders":[{"id":"ord_1"},{"id":"ord_2"}]}"#,
            Some("/v1/orders/ord_1"),
        ),
        ("/v1/corrections", r#"{"id":"ticket/1 ü"}"#, Some("/v1/corrections/ticket%2F1%20%C3%BC")),
        ("/v1/accounts/acc_1/top-ups", r#"{"balance":"1.00"}"#, None),
        ("/v1/orders", "no JSON", None),
    ] {
        assert_eq!(of(list, answer).as_deref(), expected, "{answer}");
    }
}
