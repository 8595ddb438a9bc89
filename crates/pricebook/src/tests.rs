//! Words of the files, and books as one text.

use crate::files::Files;
use crate::format::Format;
use crate::problem::{Place, Problems};
use crate::words::{self, is_word};
use billing::meter::MeterUnit;
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

/// Source: R-PRC-19: a bare number is in the unit that `per` names, without its count.
#[test]
fn a_number_without_a_unit_is_in_the_unit_of_its_price() {
    let check = |per: &str, unit: Unit, meter: MeterUnit, cases: &[(&str, Option<u128>)]| {
        let said = words::per(per, unit, meter).unwrap_or_else(|| panic!("{per}"));
        for (text, value) in cases {
            assert_eq!(said.quantity_of(text, Format::Second), *value, "{text} per {per}");
        }
    };
    let (own, seconds) = (MeterUnit::Own, MeterUnit::OwnSeconds);
    check(
        "GB",
        Unit::Byte,
        own,
        &[("10", Some(10 << 30)), ("1 MB", Some(1 << 20)), ("20 Gbps", None), ("x", None)],
    );
    check("GB decimal", Unit::Byte, own, &[("10", Some(10_000_000_000)), ("1 GB", Some(1 << 30))]);
    check("1000 GB", Unit::Byte, own, &[("10", Some(10 << 30)), ("2 TB", Some(2 << 40))]);
    check("1000 events", Unit::Event, own, &[("10", Some(10)), ("5 events", Some(5)), ("5 GB", None)]);
    check(
        "Mbps",
        Unit::BitPerSecond,
        own,
        &[("10", Some(10_000_000)), ("1 Gbps", Some(1_000_000_000)), ("1 GB", None)],
    );
    check(
        "month",
        Unit::Gigabyte,
        own,
        &[("10", Some(10)), ("1 TB", Some(1_024)), ("10 GB", Some(10)), ("1 h", None)],
    );
    check("day", Unit::BitPerSecond, MeterUnit::Fixed(Unit::BitPerSecond), &[("10", Some(10_000_000))]);
    check("hour", Unit::Mbps, own, &[("10", Some(10)), ("10 Mbps", Some(10))]);
    check(
        "hour",
        Unit::Piece,
        seconds,
        &[("10", Some(36_000)), ("96 h", Some(345_600)), ("1 d", Some(86_400))],
    );
}

/// What a price is for may be counted, so that small prices need fewer digits. Source: R-PRC-19, R-MON-1.
#[test]
fn a_price_is_for_one_or_many() {
    let per = |text: &str, unit: Unit| {
        words::per(text, unit, MeterUnit::Own).map(|it| (it.quantity.value, it.seconds))
    };
    assert_eq!(per("1000000 events", Unit::Event), Some((1_000_000, 1)));
    assert_eq!(per("100 GB", Unit::Byte), Some((100 << 30, 1)));
    assert_eq!(per("1000 hours", Unit::Mbps), Some((1, 3_600_000)));
    assert_eq!(per("1000 pieces", Unit::Piece), Some((1_000, 1)));
    for text in [
        "0 events",
        "12 months",
        "-1 events",
        "1.5 GB",
        "events",
        "340282366920938463463374607431768211456 GB",
    ] {
        assert_eq!(per(text, Unit::Event), None, "{text}");
    }
}

/// Source: R-PRC-17. What is held is started by the hour, what is counted by the gigabyte; never the one by the other.
#[test]
fn what_is_started_is_of_the_kind_of_its_price() {
    let started = |per: &str, unit: Unit, meter: MeterUnit, text: &str| {
        words::per(per, unit, meter).unwrap().started(text, Format::Second)
    };
    assert_eq!(started("hour", Unit::Piece, MeterUnit::Own, "1 h"), Some(3_600));
    // A bare number is in what the price is per, without its count. Source: R-PRC-19.
    assert_eq!(started("hour", Unit::Piece, MeterUnit::Own, "1"), Some(3_600));
    assert_eq!(started("6 hours", Unit::Mbps, MeterUnit::Own, "2"), Some(7_200));
    assert_eq!(started("day", Unit::Gigabyte, MeterUnit::Own, "1"), Some(86_400));
    assert_eq!(started("second", Unit::Piece, MeterUnit::Own, "60"), Some(60));
    assert_eq!(started("second", Unit::Piece, MeterUnit::Own, "1 h"), Some(3_600));
    assert_eq!(started("hour", Unit::Mbps, MeterUnit::Own, "1 Mbps"), None);
    assert_eq!(started("hour", Unit::Piece, MeterUnit::OwnSeconds, "1"), Some(3_600));
    assert_eq!(started("GB", Unit::Byte, MeterUnit::Own, "1"), Some(1 << 30));
    assert_eq!(started("GB", Unit::Byte, MeterUnit::Own, "1 h"), None);
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
    let mut files = Files::default();
    files.add("a", "a\nb");
    assert_eq!([0, 1, 2, 9].map(|it| files.line_at("a", it)), [1, 1, 2, 2]);
    assert_eq!(files.line_at("b", 9), 1);
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
