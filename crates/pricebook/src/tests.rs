//! Words of the files, and books as one text.

use crate::files::{Files, line_at};
use crate::problem::{Place, Problems};
use crate::words::{self, is_word};
use proptest::prelude::*;
use units::Unit;

/// The unit of what is counted is taken as it is; others are scaled where that says something.
#[test]
fn an_edge_is_a_number_of_what_is_counted() {
    let cases = [
        ("96 h", Unit::PieceSecond, Some(345_600)),
        ("20 Gbps", Unit::BitPerSecond, Some(20_000_000_000)),
        ("100 Mbps", Unit::BitPerSecond, Some(100_000_000)),
        ("2 Mbps", Unit::Mbps, Some(2)),
        ("50 GB", Unit::Gigabyte, Some(50)),
        ("1 GB", Unit::Byte, Some(1_073_741_824)),
        ("7", Unit::Mbps, Some(7)),
        ("96 h", Unit::Mbps, None),
        ("2 Gbps", Unit::Mbps, None),
        ("5 Mbps", Unit::PieceSecond, None),
        ("-1", Unit::Byte, None),
        ("340282366920938463463374607431768211455 GB", Unit::Byte, None),
    ];
    for (text, unit, value) in cases {
        assert_eq!(words::scaled(text, unit), value, "{text} in {unit}");
    }
}

#[test]
fn a_duration_has_a_unit() {
    let cases = [("30 s", Some(30)), ("5 min", Some(300)), ("2 h", Some(7_200)), ("15 d", Some(1_296_000))];
    for (text, seconds) in cases.into_iter().chain([("2h", None), ("2", None), ("-2 h", None), ("", None)]) {
        assert_eq!(words::seconds(text), seconds, "{text}");
    }
}

#[test]
fn a_line_is_counted_from_one() {
    assert_eq!([line_at("a\nb", 0), line_at("a\nb", 1), line_at("a\nb", 2), line_at("", 9)], [1, 1, 2, 1]);
}

#[test]
fn a_choice_is_one_word() {
    assert!(is_word("S1.SMALL1") && is_word("1U1G,1P4"));
    assert!(["", "a b", "a=b", "a\tb", "a\u{3000}b"].iter().all(|it| !is_word(it)));
}

#[test]
fn a_problem_without_a_place_is_one_of_the_book() {
    let mut problems = Problems::default();
    problems.note("here", Place { file: "products/a.toml", line: 7 });
    problems.note("here", Place { file: "products/b.toml", line: 9 });
    problems.of("here", "one", "Mend it");
    problems.of("nowhere", "two", "Mend it");
    let text: Vec<String> = problems.into_list().iter().map(ToString::to_string).collect();
    assert_eq!(text, ["products/a.toml:7: one. Mend it.", "book.toml:1: two. Mend it."]);
}

proptest! {
    /// What is stored of a book is what was read.
    #[test]
    fn a_book_survives_being_one_text(files in proptest::collection::btree_map("[a-z]{1,8}(/[a-z]{1,8})?[.]csv", "([a-z0-9,# ]{0,12}\n){0,5}[a-z0-9]{1,12}", 0..5)) {
        let mut book = Files::default();
        for (path, text) in &files {
            book.add(path, &format!("{text}\n"));
        }
        prop_assert_eq!(Files::from_text(&book.to_text()), book);
    }

    #[test]
    fn any_text_is_some_files(text in "(=== [a-z/.]{0,6}|[a-z= \n]{0,20}|\n){0,9}") {
        let once = Files::from_text(&text);
        prop_assert_eq!(Files::from_text(&once.to_text()).to_text(), once.to_text());
    }
}
