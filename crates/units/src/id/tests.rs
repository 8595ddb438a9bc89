//! Ids print, read back and keep their order.

use super::*;

#[test]
fn the_same_name_at_the_same_time_is_the_same_id() {
    let at = Timestamp::from_second(1_780_000_000).unwrap();
    assert_eq!(OrderId::named(at, "a"), OrderId::named(at, "a"));
    assert_ne!(OrderId::named(at, "a"), OrderId::named(at, "b"));
}

#[test]
fn an_id_reads_back_and_only_with_its_own_prefix() {
    let id = OrderId::named(Timestamp::from_second(1_780_000_000).unwrap(), "a");
    assert_eq!(id.to_string().parse(), Ok(id));
    assert!(id.to_string().parse::<BillId>().is_err());
    for text in ["", "ord_", "ord_12", "ord_zz", "ord_0000000000000000000000000000000G", "órd_é"] {
        assert!(text.parse::<OrderId>().is_err(), "{text}");
    }
}

#[test]
fn later_ids_sort_later() {
    let at = |second| Timestamp::from_second(second).unwrap();
    assert!(BillId::named(at(100), "z") < BillId::named(at(101), "a"));
}

#[test]
fn an_id_says_when_it_was_made() {
    let at = Timestamp::from_millisecond(1_780_000_000_123).unwrap();
    let id = BillId::named(at, "a");
    assert_eq!(id.made(), at);
    assert!(BillId::first_at(at) <= id);
    assert!(BillId::first_at(Timestamp::from_millisecond(1_780_000_000_124).unwrap()) > id);
    assert_eq!(BillId::first_at(Timestamp::MIN).bits(), 0);
    assert!(BillId::first_at(Timestamp::MAX) > id);
    let wild: BillId = "bil_ffffffffffffffffffffffffffffffff".parse().unwrap();
    assert_eq!(wild.made(), Timestamp::MAX);
}
