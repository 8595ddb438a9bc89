//! The order of a cart.

use super::*;

fn at(us: i64) -> Timestamp {
    Timestamp::from_microsecond(us).unwrap()
}

fn item(us: i64) -> CartItem {
    CartItem { id: "a".into(), item: String::new(), quoted_minor: 0, added: at(us) }
}

#[test]
fn what_comes_later_stands_later_also_where_the_clock_stands_still() {
    assert_eq!(behind(&[], at(1_000)), at(1_000));
    assert_eq!(behind(&[item(1_000)], at(1_000)), at(1_001));
    assert_eq!(behind(&[item(1_000), item(1_001)], at(1_000)), at(1_002));
    assert_eq!(behind(&[item(1_000), item(1_001)], at(5_000)), at(5_000));
}
