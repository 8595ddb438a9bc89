//! Several writes in one second: the one that did it is told from the others.

use super::*;
use units::Timestamp;

const ID: &str = "res_019eb7696c008cf183c2a061049531a6";

fn entry(operation: &str, target: &str, body: &str) -> Entry {
    Entry {
        chain: "acc_1".into(),
        number: 1,
        at: Timestamp::UNIX_EPOCH,
        actor: "ann".into(),
        operation: operation.into(),
        target: target.replace("ID", ID),
        body: body.replace("ID", ID),
        hash: String::new(),
    }
}

#[test]
fn each_deed_is_told_from_others_to_the_same_resource() {
    let deeds = [
        (entry("POST /v1/resources/{resource}/stop", "POST /v1/resources/ID/stop", "{}"), What::Stopped),
        (
            entry(
                "POST /v1/resources/{resource}/stop",
                "POST /v1/resources/ID/stop",
                r#"{"charge": "ends"}"#,
            ),
            What::StoppedFree,
        ),
        (entry("POST /v1/resources/{resource}/start", "POST /v1/resources/ID/start", ""), What::Started),
        (entry("POST /v1/resources/{resource}/release", "POST /v1/resources/ID/release", ""), What::Recycled),
        (entry("POST /v1/resources/{resource}/resize", "POST /v1/resources/ID/resize", "{}"), What::Changed),
        (entry("form /resources/act", "", r#"{"do":"stop_free","mark":"ID"}"#), What::StoppedFree),
        (
            entry(&format!("form /resources/{ID}/switch"), "form /resources/ID/switch", r#"{"to":"stop"}"#),
            What::Stopped,
        ),
        (entry("POST /v1/changes", "POST /v1/changes", r#"{"resource":"ID"}"#), What::Changed),
        (entry("POST /v1/refunds", "POST /v1/refunds", r#"{"resource":"ID"}"#), What::Refunded),
        (
            entry("PATCH /v1/resources/{resource}", "PATCH /v1/resources/ID", r#"{"name":"stop"}"#),
            What::Delivered,
        ),
        (entry(&format!("form /resources/{ID}/labels"), "form /resources/ID/labels", "{}"), What::Delivered),
    ];
    let whats = [What::Stopped, What::StoppedFree, What::Started, What::ReleaseAsked, What::Changed];
    for (entry, did) in &deeds {
        for what in whats {
            let is_one = what == *did || *did == What::Recycled && what == What::ReleaseAsked;
            // What was refunded goes into the bin.
            let is_refund = *did == What::Refunded && what == What::ReleaseAsked;
            assert_eq!(is_of(entry, ID, what), is_one || is_refund, "{} {what:?}", entry.operation);
        }
    }
}

#[test]
fn what_another_resource_went_through_is_not_told_of_this_one() {
    let other = entry("POST /v1/resources/{resource}/stop", "POST /v1/resources/res_2/stop", "{}");
    assert!(!is_of(&other, ID, What::Stopped));
}
