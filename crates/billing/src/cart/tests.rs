//! Room in a cart, and what was agreed to.

use super::*;

fn items(ids: &[&str]) -> Vec<(String, Item)> {
    ids.iter().map(|it| (it.to_string(), Item::default())).collect()
}

fn sums(all: &[(&str, i64)]) -> Vec<(String, i64)> {
    all.iter().map(|it| (it.0.to_string(), it.1)).collect()
}

#[test]
fn a_full_cart_takes_the_same_putting_again_and_no_other() {
    let ids: Vec<String> = (0..MOST).map(|it| it.to_string()).collect();
    let there = |count: usize| ids[..count].iter().map(String::as_str);
    assert!(has_room(there(MOST - 1), "new"));
    assert!(!has_room(there(MOST), "new"));
    assert!(has_room(there(MOST), "7"));
}

#[test]
fn what_is_bought_is_what_was_agreed_to() {
    let found = agreed(items(&["a", "b"]), &sums(&[("b", 2), ("a", 1)])).unwrap();
    assert_eq!(found.iter().map(|it| it.quoted_minor).collect::<Vec<_>>(), [Some(1), Some(2)]);
    assert!(agreed(Vec::new(), &[]).is_none(), "empty");
    assert!(agreed(items(&["a"]), &sums(&[("a", 1), ("b", 2)])).is_none(), "one less");
    assert!(agreed(items(&["a", "b"]), &sums(&[("a", 1)])).is_none(), "one more");
    assert!(agreed(items(&["a", "b"]), &sums(&[("a", 1), ("c", 2)])).is_none(), "another");
}
