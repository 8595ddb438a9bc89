//! What of a path is written down.

use super::*;

#[test]
fn of_a_path_the_route_and_ids_are_written_down_and_nothing_else() {
    let order = "ord_019eb7696c008cf183c2a061049531a6";
    let secret = "0123456789abcdef".repeat(4);
    let key = format!("till_live_{secret}");
    for (route, path, written) in [
        ("/v1/orders/{order}/pay", format!("/v1/orders/{order}/pay"), format!("/v1/orders/{order}/pay")),
        ("/invitation/{link}", format!("/invitation/{secret}"), "/invitation/{link}".into()),
        ("/v1/keys/{key}/rotate", format!("/v1/keys/{key}/rotate"), "/v1/keys/{key}/rotate".into()),
        ("/docs/{*guide}", format!("/docs/rules/{secret}"), "/docs/{*guide}".into()),
        ("/bills/{bill}/{line}", "/bills/x_%0a/1".into(), "/bills/{bill}/{line}".into()),
        ("/", "/".into(), "/".into()),
    ] {
        assert_eq!(shown(Some(route), &path), written);
    }
    // A link that was mistyped leads nowhere, and is as good as the right one to whoever mends it.
    assert_eq!(shown(None, &format!("/invitations/{secret}")), "other");
}

#[test]
fn an_id_is_told_from_a_secret() {
    assert!(is_id("acc_00000000000000000000000000000000"));
    for text in ["", "acc_", "0123456789abcdef0123456789abcdef", "till_live_0123456789abcdef0123456789abcdef"]
    {
        assert!(!is_id(text), "{text}");
    }
    assert!(!is_id("ACC_00000000000000000000000000000000") && !is_id("acc_0000000000000000000000000000000g"));
}
