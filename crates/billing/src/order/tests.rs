//! What an order becomes, and the kind of its bill.

use super::open::{Open, Stage};
use super::*;
use crate::bill::Kind;

/// Source: R-BIL-3: what an order becomes is said, not guessed from months and price.
#[test]
fn the_kind_of_a_bill_follows_from_what_was_bought() {
    let kinds = [
        (Becomes::Pack, 0, Kind::PackPurchase),
        (Becomes::Resource, 12, Kind::PrepaidNew),
        (Becomes::Resource, 0, Kind::OneTime),
    ];
    for (becomes, months, kind) in kinds {
        assert_eq!(becomes.bill_kind(months), kind, "{} {months}", becomes.as_str());
    }
}

/// Source: R-ORD-5: an order that is in the way is paid, cancelled or waited for, by how far it is.
#[test]
fn an_order_in_the_way_says_what_is_done_about_it() {
    let order = OrderId::named(Timestamp::UNIX_EPOCH, "order");
    let said = |stage| Open { order, stage }.to_string();
    assert_eq!(
        said(Stage::Unpaid),
        format!("its order {order} is not paid yet; pay that or cancel it first")
    );
    assert!(said(Stage::Paying).starts_with("a card is paying"), "{}", said(Stage::Paying));
    let paid = said(Stage::Paid);
    assert!(paid.contains("wait for that") && !paid.contains("cancel"), "{paid}");
}
