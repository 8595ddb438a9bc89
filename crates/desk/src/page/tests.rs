//! Tests of pages.

use super::*;

fn part(after: Option<&str>, most: u16) -> Part {
    Part { after: after.map(str::to_string), most }
}

#[track_caller]
fn check(after: Option<&str>, most: u16, expected: (&[&str], Option<&str>)) {
    let page = Page::out_of(["a", "b", "c"], &part(after, most), |it| it.to_string()).unwrap();
    assert_eq!((page.items.as_slice(), page.next.as_deref()), expected);
}

#[test]
fn a_page_ends_with_where_the_next_one_begins() {
    check(None, 2, (&["a", "b"], Some("b")));
    check(Some("b"), 2, (&["c"], None));
    check(Some("a"), 2, (&["b", "c"], None));
    check(None, 3, (&["a", "b", "c"], None));
    check(Some("c"), 3, (&[], None));
}

#[test]
fn a_place_that_is_not_in_the_list_is_refused() {
    let refused = Page::out_of(["a"], &part(Some("d"), 1), |it| it.to_string()).unwrap_err();
    assert_eq!(refused.code(), "not_found");
    assert_eq!(part(Some("x"), 1).cursor::<i64>().unwrap_err().code(), "not_found");
    let gone = part(Some("7"), 1).before(|_: i64| Ok(false));
    assert_eq!(gone.unwrap_err().to_string(), no_page().to_string());
}

#[test]
fn the_newest_stands_above_every_id() {
    assert_eq!(Part::first(1).before(|_: i64| Ok(false)).unwrap(), NEWEST);
    assert_eq!(part(Some("7"), 1).before(|_: i64| Ok(true)).unwrap(), "7");
}
