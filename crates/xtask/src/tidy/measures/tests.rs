//! Measures of sources of a few lines.

use super::sizes::percentile;
use super::*;

fn file(path: &str, text: &str) -> File {
    File { path: path.into(), text: text.into() }
}

fn measures(files: &[(&str, &str)]) -> Measures {
    Measures::of(&Tree { files: files.iter().map(|(path, text)| file(path, text)).collect() })
}

#[test]
fn percentiles_are_values_that_occur() {
    assert_eq!(percentile(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90), 9);
    assert_eq!(percentile(&[1, 2, 3], 50), 2);
    assert_eq!(percentile(&[7], 100), 7);
    assert_eq!(percentile(&[], 50), 0);
}

#[test]
fn the_table_has_a_row_per_crate_and_marks_what_is_over_its_aim() {
    let wide = "pub fn wide(&self, (a, b): (u8, u8), c: &'a (u8, u8)) {\n}\n";
    let tests = "#[cfg(test)]\nmod tests {\n    fn wide(a: u8, b: u8, c: u8, d: u8, e: u8) {}\n}\n";
    let table = measures(&[
        ("crates/a/src/lib.rs", &format!("mod b;\n{wide}{tests}fn short() {{}}\n")),
        ("crates/a/src/b.rs", &"//\n".repeat(501)),
        ("crates/a/src/b/tests.rs", "fn wide(a: u8, b: u8, c: u8, d: u8, e: u8) {}"),
        ("crates/c/src/lib.rs", "pub mod d; pub mod e;"),
        ("crates/c/src/d.rs", "use crate::e::E; pub struct D;"),
        ("crates/c/src/e.rs", "use crate::d::D; pub struct E;"),
    ])
    .table();
    let words: Vec<Vec<&str>> = table.lines().skip(1).map(|it| it.split_whitespace().collect()).collect();
    assert_eq!(words[0], ["a", "2", "1", "2", "2", "1", "50.0!", "1!", "2", "4", "501!", "501!", "0"]);
    assert_eq!(words[1], ["c", "0", "0", "0", "0", "0", "0.0", "0", "3", "1", "1", "1", "1!"]);
    assert_eq!(words[2], ["all", "2", "1", "2", "2", "1", "50.0!", "1!", "5", "1", "501!", "501!", "1!"]);
    assert_eq!(words[3].join(" "), "aim <= 10 <= 70 <= 2.0 <= 0 <= 300 <= 500 <= 0");
}

#[test]
fn the_report_and_the_json_name_places() {
    let text = "pub fn asked((a, b): (u8, u8)) {}\nfn asked(a: A, b: B, c: C, d: D, e: E) {}\n";
    let measures = measures(&[("crates/a/src/lib.rs", text)]);
    let report = measures.report();
    for line in [
        "     5 crates/a/src/lib.rs:2 fn asked",
        "     1 crates/a/src/lib.rs:1 pub fn asked",
        "     2 asked: crates/a/src/lib.rs:1 crates/a/src/lib.rs:2",
    ] {
        assert!(report.lines().any(|it| it == line), "{line}\n{report}");
    }
    let json = measures.json(&[Finding::new("a.rs", 3, "mend it")]);
    assert_eq!(json["crates"][0]["crate"], "a");
    assert_eq!(json["all"]["five_arguments_permille"], 500);
    assert_eq!(json["aims"]["five_arguments_permille"], 20);
    assert_eq!(json["with_five_arguments"][0]["line"], 2);
    assert_eq!(json["with_tuple_patterns"][0]["public"], true);
    assert_eq!(json["findings"][0]["remedy"], "mend it");
}

#[test]
fn too_many_functions_with_many_arguments_are_found() {
    let wide = "fn wide(a: u8, b: u8, (c, d): (u8, u8), e: u8) {}\n";
    let narrow = "fn narrow(a: Map<u8, (u8, u8)>, b: [(u8, u8); 2], c: fn(u8, u8) -> u8, d: ()) {}\n";
    let of = |wide_ones: usize, narrow_ones: usize| {
        let text = wide.repeat(wide_ones) + &narrow.repeat(narrow_ones);
        too_many_arguments(&[&file("crates/a/src/lib.rs", &text)])
    };
    assert_eq!(of(2, 98), []);
    assert_eq!(of(2, 97).len(), 1);
    assert_eq!(of(0, 1), []);
    assert_eq!(too_many_arguments(&[&file("crates/a/tests/b.rs", wide)]), []);
}
