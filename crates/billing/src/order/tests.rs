//! What an order becomes, and the kind of its bill.

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
