//! What a list of the gateway says that was taken of a card.

use super::*;
use serde_json::json;
use units::Timestamp;

/// A payment of 12.00 with a charge of which so much was given back, by a capture of a part or by a refund.
fn taken(received: i64, refunded: i64, captured: bool) -> Option<Money> {
    let ours = PaymentId::named(Timestamp::UNIX_EPOCH, "one");
    let intent: Intent = serde_json::from_value(json!({
        "id": "pi_1", "status": "succeeded", "amount": 1_200, "amount_received": received, "currency": "cny",
        "metadata": { "till_payment": ours.to_string() },
        "latest_charge": { "amount": 1_200, "amount_refunded": refunded, "captured": captured },
    }))
    .unwrap();
    let listed = intent.listed()?;
    assert_eq!(listed.ours, ours);
    Some(listed.taken)
}

/// Of 12.00 all, a part of 8.00, and of that part 2.00 back. Source: Stripe's changelog of 2025-03-31, of the versions before.
#[test]
fn what_a_capture_leaves_is_given_back_once() {
    let yuan = |fen: i64| Some(Money::from_minor(fen, Currency::CNY));
    assert_eq!(taken(1_200, 0, true), yuan(1_200));
    assert_eq!(taken(800, 400, true), yuan(800));
    assert_eq!(taken(800, 600, true), yuan(600));
    assert_eq!(taken(0, 0, false), yuan(0), "only held");
}
