//! No text makes the reader panic: real files with spans cut, doubled and replaced, and what once went wrong.

use crate::{only, read};
use billing::book::Book;
use billing::quote::{Wish, quote};
use billing::rate::Terms;
use pricebook::{Files, Problem, load};
use proptest::prelude::*;
use std::path::Path;
use std::sync::{Arc, LazyLock};

/// Two small books that together use every meter, every kind of price and every form of table.
static BOOKS: LazyLock<Vec<Files>> = LazyLock::new(|| {
    let tables = |files: &Files, kept: &[&str]| {
        let mut some = Files::default();
        for path in files.paths().filter(|it| !it.starts_with("tables/") || kept.contains(&&it[7..])) {
            some.add(path, files.get(path).unwrap());
        }
        some
    };
    let kept = [
        "bandwidth_hour.csv",
        "disk_month.csv",
        "disk_hour.csv",
        "volume_packs.csv",
        "ddos_packet_elastic.csv",
    ];
    let demo = only(&["disk", "volume", "volume-pack", "cross-region-bandwidth", "endpoint"]);
    let mut demo = tables(&demo, &kept);
    let june =
        "[[price]]\nproduct = \"volume\"\ncomponent = \"storage\"\namount = \"0.002\"\nsource = \"demo\"\n";
    demo.add("amendments.toml", june);
    vec![demo, read("kinds")]
});

const ODD: &[&str] = &[
    "",
    "\"",
    "'",
    "\n",
    "\r\n",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ",",
    "#",
    "-",
    "\0",
    "\u{feff}",
    "，",
    "\u{3000}",
    "é",
    "0",
    "-1",
    "18446744073709551615",
    "340282366920938463463374607431768211455",
    "1e309",
    "0.000000001",
    "9999999999999999999999.9",
    "[[component]]\n",
    "[[option]]\n",
    "[[offers]]\ntable = \"disk_month.csv\"\ncolumns = [\"disk\", \"disk\"]\n",
    " ",
    "kind = \"band\"",
    "kind = \"package\"",
    "kind = \"percentage\"",
    "kind = \"graduated\"",
    "meter = \"clock\"",
    "meter = \"held\"",
    "meter = \"attack\"",
    "meter = \"percentile\"",
    "\"hour\"",
    "\"month\"",
    "\"GB\"",
    "\"96 h\"",
    "\"*\"",
    "true",
    "1979-05-27",
];

/// One change: a file by number, a place and a length in thousandths, and what is done.
#[derive(Clone, Debug)]
struct Change {
    file: usize,
    at: usize,
    length: usize,
    odd: usize,
    how: usize,
}

fn change() -> impl Strategy<Value = Change> {
    (0..64_usize, 0..1000_usize, 0..60_usize, 0..ODD.len(), 0..5_usize)
        .prop_map(|(file, at, length, odd, how)| Change { file, at, length, odd, how })
}

/// The byte before which a character begins, nearest below `at`.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|it| text.is_char_boundary(*it)).unwrap_or(0)
}

fn apply(files: &mut Files, change: &Change) {
    let paths: Vec<String> = files.paths().map(str::to_string).collect();
    let path = &paths[change.file % paths.len()];
    let text = files.get(path).unwrap().to_string();
    let from = boundary(&text, text.len() * change.at / 1000);
    let to = boundary(&text, from + change.length);
    let (head, span, tail) = (&text[..from], &text[from..to], &text[to..]);
    let odd = ODD[change.odd];
    let changed = match change.how {
        0 => format!("{head}{tail}"),
        1 => format!("{head}{span}{span}{tail}"),
        2 => format!("{head}{odd}{tail}"),
        3 => format!("{head}{odd}{span}{tail}"),
        _ => value(&text, from, odd),
    };
    files.add(path, &changed);
}

/// The value behind the next `=`, or the next cell, replaced.
fn value(text: &str, from: usize, odd: &str) -> String {
    let Some(start) = text[from..].find(['=', ',']).map(|it| from + it + 1) else { return text.to_string() };
    let end = text[start..].find([',', '\n']).map_or(text.len(), |it| start + it);
    format!("{} {odd}{}", &text[..start], &text[end..])
}

/// A book or problems that name a line which is there, and say something.
fn check_problems(files: &Files, problems: &[Problem]) -> Result<(), String> {
    for it in problems {
        let lines = files.get(&it.file).map_or(1, |text| text.lines().count().max(1) + 1);
        if it.line == 0
            || it.line > lines
            || it.what.is_empty()
            || it.remedy.is_empty()
            || it.to_string().contains('\n')
        {
            return Err(format!("{it:?} of {lines} lines"));
        }
    }
    Ok(())
}

/// Whatever loads can be asked for: a price or a refusal.
fn quotes(book: Arc<Book>) {
    for product in &book.products {
        for months in [0, 1] {
            let wish = Wish { product: product.id.clone(), options: Vec::new(), months, quantity: 1 };
            let _ = quote(&book, &wish, Terms::default());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_broken_book_is_a_problem_and_no_panic(book in 0..2_usize, changes in proptest::collection::vec(change(), 1..4)) {
        let mut files = BOOKS[book].clone();
        for it in &changes {
            apply(&mut files, it);
        }
        match load(&files, None) {
            Ok(book) => quotes(Arc::new(book)),
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                prop_assert_eq!(check_problems(&files, &problems), Ok(()));
            }
        }
    }

    #[test]
    fn any_table_is_a_table_or_a_problem(text in "[a-z_]{0,9}(,(above|up_to|price|source|disk|region)){0,4}\n([a-z0-9,. \"*#\n\r]{0,60})") {
        let mut files = BOOKS[0].clone();
        files.add("tables/disk_hour.csv", &text);
        if let Err(problems) = load(&files, None) {
            prop_assert_eq!(check_problems(&files, &problems), Ok(()));
        }
    }
}

/// Every file of `corpus/` is a book in one text; none of them loads, and none of them panics.
#[test]
fn the_corpus_is_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let files = Files::from_text(&std::fs::read_to_string(&path).unwrap());
        let problems = load(&files, None).err().unwrap_or_else(|| panic!("{} loads", path.display()));
        assert_eq!(check_problems(&files, &problems), Ok(()), "{}", path.display());
        seen += 1;
    }
    assert!(seen >= 5);
}
