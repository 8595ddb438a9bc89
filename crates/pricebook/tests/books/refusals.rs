//! What `till pricebook check` refuses: a book broken in one place, the file and line that are named, the remedy.

mod prices;
mod reading;
mod references;

use crate::text;
use pricebook::{Files, load};

/// One text of one file replaced by another, once.
struct Edit<'a> {
    path: &'a str,
    from: &'a str,
    to: &'a str,
}

fn edit<'a>(path: &'a str, from: &'a str, to: &'a str) -> Edit<'a> {
    Edit { path, from, to }
}

/// Where the problem is told: a file and the text of its line.
struct Spot<'a> {
    file: &'a str,
    line: &'a str,
}

fn spot<'a>(file: &'a str, line: &'a str) -> Spot<'a> {
    Spot { file, line }
}

/// Edits one file; the first problem must be told at `spot` and say `what`.
#[track_caller]
fn expect_refusal(files: &Files, edit: Edit<'_>, spot: Spot<'_>, what: &str) {
    let before = files.get(edit.path).unwrap();
    assert!(before.contains(edit.from), "{} has no {}", edit.path, edit.from);
    let mut broken = files.clone();
    broken.add(edit.path, &before.replacen(edit.from, edit.to, 1));
    expect_problem(&broken, spot, what);
}

#[track_caller]
fn expect_problem(files: &Files, spot: Spot<'_>, what: &str) {
    let problems = load(files, None).err().unwrap_or_else(|| panic!("{what}: it was not refused"));
    let first = &problems[0];
    let there = files.get(spot.file).and_then(|it| it.lines().nth(first.line - 1)).unwrap_or("");
    assert!(
        first.file == spot.file && there.contains(spot.line) && first.what.contains(what),
        "{}at: {there}",
        text(&problems)
    );
    assert!(first.remedy.len() > 5 && !first.remedy.ends_with('.'), "{first}");
}

const BANDS: &str = "tables/ddos_ip_elastic.csv";
const SECOND: &str = "bgp,10 Gbps,20 Gbps,2200.00";
