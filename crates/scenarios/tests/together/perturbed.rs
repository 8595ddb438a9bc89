//! Every value of the books that come with the till: where one is changed, `till pricebook diff` names it.
//!
//! In:  the TOML files of the books, value by value. Out: a copy of the book with that one value changed, compared by the
//! program itself. A value that no check lets change is counted apart.
//!
//! Some of them are tried each time; with `TILL_PERTURB=all` all of them, which takes minutes.

use crate::support::served::Folder;
use billing::book::Book;
use pricebook::{Files, load};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::process::Command;

/// Keys of which two values may mean the same: `per` month and per what is counted, an edge with and without its unit, tables
/// with the same choices.
const SYNONYMS: [&str; 4] = ["per", "up_to", "above", "table"];

/// Of how many values one is tried each time.
const ONE_OF: usize = 37;

/// A value in a file: its key, where it stands, and whether it is written in quotes.
#[derive(Clone, Debug)]
struct Place {
    file: String,
    line: usize,
    key: String,
    at: Range<usize>,
    text: String,
}

/// What a try came to.
enum Tried {
    Named,
    /// No other value of those tried passes the check.
    Refused,
    /// Whatever passes the check says the same in other words.
    Same,
    Silent(String),
}

/// The values of a file, token by token: what stands in quotes, numbers, `true` and `false`, but no keys.
fn places(file: &str, text: &str) -> Vec<Place> {
    let mut found = Vec::new();
    let (mut key, mut start) = (String::new(), 0);
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        for at in tokens(line) {
            let word = &line[at.clone()];
            let is_key = line[at.end..].trim_start().starts_with('=');
            if is_key {
                key = word.to_string();
            } else if word.starts_with('"') || word == "true" || word == "false" || is_number(word) {
                let at = start + at.start..start + at.end;
                let (file, key, text) = (file.to_string(), key.clone(), word.to_string());
                found.push(Place { file, line: number, key, at, text });
            }
        }
        start += line.len();
    }
    found
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|it| it.is_ascii_digit())
}

/// Words and quoted texts of a line, up to its comment; none of the head of a table.
fn tokens(line: &str) -> Vec<Range<usize>> {
    let (mut found, mut at) = (Vec::new(), 0);
    let bytes = line.as_bytes();
    if line.starts_with('[') {
        return found;
    }
    while at < bytes.len() && bytes[at] != b'#' {
        let end = match bytes[at] {
            b'"' => at + 2 + line[at + 1..].find('"').expect("a text ends on its line"),
            it if is_of_word(it) => at + bytes[at..].iter().take_while(|it| is_of_word(**it)).count(),
            _ => at,
        };
        if end > at {
            found.push(at..end);
        }
        at = end.max(at + 1);
    }
    found
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// Other values to try: of the same form first, then those that stand beside the same key elsewhere, then another word.
fn others(place: &Place, vocabulary: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let quoted = place.text.starts_with('"');
    let bare = place.text.trim_matches('"');
    let mut found = match bare {
        "true" => vec!["false".to_string()],
        "false" => vec!["true".to_string()],
        _ => like(bare),
    };
    found.extend(vocabulary.get(&place.key).into_iter().flatten().cloned());
    if quoted && !bare.is_empty() {
        found.extend([format!("{bare}x"), format!("{bare} more")]);
    }
    found.retain(|it| it != bare);
    found.into_iter().map(|it| if quoted { format!("\"{it}\"") } else { it }).collect()
}

/// Values of the same form: with its first or its last number one more, doubled, or one less.
fn like(bare: &str) -> Vec<String> {
    let numbers: Vec<Range<usize>> = {
        let mut found: Vec<Range<usize>> = Vec::new();
        for (at, _) in bare.bytes().enumerate().filter(|it| it.1.is_ascii_digit()) {
            match found.last_mut().filter(|it| it.end == at) {
                Some(last) => last.end = at + 1,
                None => found.push(at..at + 1),
            }
        }
        found
    };
    let mut values = Vec::new();
    for at in numbers.last().into_iter().chain(numbers.first()) {
        let number: u64 = bare[at.clone()].parse().expect("digits");
        for other in [number + 1, number * 2, number.saturating_sub(1)] {
            let width = at.len();
            values.push(format!("{}{other:0width$}{}", &bare[..at.start], &bare[at.end..]));
        }
    }
    values
}

/// What stands beside each key anywhere, and the words that books know and these do not use.
fn vocabulary(all: &[Place]) -> BTreeMap<String, BTreeSet<String>> {
    let mut words: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for it in all.iter().filter(|it| it.text.starts_with('"')) {
        words.entry(it.key.clone()).or_default().insert(it.text.trim_matches('"').to_string());
    }
    let known = [
        ("metering_ends", "requested completed"),
        ("contract", "applies list"),
        ("scope", "resource account"),
        ("action", "stop limit release"),
        ("resize", "allowed fixed"),
        ("real_name", "needed not_needed"),
        ("ended", "refused sold"),
        ("start", "month purchase"),
        ("edge", "upper lower"),
        ("rounding", "waive carry"),
        ("currency", "CNY USD"),
        ("billed_while", "running stopped stopped_free limited releasing expired"),
    ];
    for (key, values) in known {
        words.entry(key.to_string()).or_default().extend(values.split(' ').map(String::from));
    }
    words
}

/// A copy of a book in a folder, in which one value at a time is another.
struct Copy<'a> {
    name: &'a str,
    book: &'a Book,
    files: &'a Files,
    folder: &'a Path,
}

impl Copy<'_> {
    /// Changes the value to the first other one that the check lets pass and that is no other word for the same, and asks the
    /// program what changed.
    fn try_out(&self, place: &Place, vocabulary: &BTreeMap<String, BTreeSet<String>>) -> Tried {
        let before = self.files.get(&place.file).expect("a file of the book");
        let mut came_to = Tried::Refused;
        for other in others(place, vocabulary) {
            let after = format!("{}{other}{}", &before[..place.at.start], &before[place.at.end..]);
            let mut files = self.files.clone();
            files.add(&place.file, &after);
            let Ok(book) = load(&files, None) else { continue };
            let what = format!("{}:{} {} = {} → {other}", place.file, place.line, place.key, place.text);
            if (Book { id: self.book.id, ..book }) == *self.book {
                if !SYNONYMS.contains(&place.key.as_str()) {
                    return Tried::Silent(what);
                }
                came_to = Tried::Same;
                continue;
            }
            let path = self.folder.join(&place.file);
            std::fs::write(&path, after).unwrap();
            let named = self.named();
            std::fs::write(&path, before).unwrap();
            return if named { Tried::Named } else { Tried::Silent(what) };
        }
        came_to
    }

    /// Whether the program says that something differs.
    fn named(&self) -> bool {
        let folder = self.folder.to_str().unwrap();
        let asked = ["pricebook", "diff", self.name, folder, "--json"];
        let out = Command::new(crate::support::served::program()).args(asked).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let told: Value = serde_json::from_slice(&out.stdout).unwrap();
        let differs = |it: &Value| it["change"] != "changed" || it["before"] != it["after"];
        told["changes"].as_array().unwrap().iter().any(differs)
    }
}

/// Source: issue 10, section 4.1.
#[test]
fn whatever_is_changed_in_a_book_is_named() {
    let is_all = std::env::var("TILL_PERTURB").is_ok_and(|it| it == "all");
    let (mut silent, mut counts) = (Vec::new(), [0, 0, 0]);
    for name in ["demo", "kinds"] {
        let files = server::cli::files::book(name).unwrap();
        let folder = Folder::new(&format!("perturbed-{name}"));
        for path in files.paths() {
            let to = folder.0.join(path);
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::write(to, files.get(path).unwrap()).unwrap();
        }
        let written = files.paths().filter(|it| it.ends_with(".toml"));
        let all: Vec<Place> = written.flat_map(|it| places(it, files.get(it).unwrap())).collect();
        let words = vocabulary(&all);
        let book = load(&files, None).unwrap();
        let copy = Copy { name, book: &book, files: &files, folder: &folder.0 };
        for it in all.iter().step_by(if is_all { 1 } else { ONE_OF }) {
            match copy.try_out(it, &words) {
                Tried::Named => counts[0] += 1,
                Tried::Refused => {
                    counts[1] += 1;
                    println!("refused: {name} {}:{} {} = {}", it.file, it.line, it.key, it.text);
                }
                Tried::Same => counts[2] += 1,
                Tried::Silent(what) => silent.push(format!("{name} {what}")),
            }
        }
    }
    let [named, refused, same] = counts;
    println!(
        "{named} values changed and named, {refused} not let change by the check, {same} with other words only"
    );
    assert!(silent.is_empty(), "nobody says what changed in {} cases:\n{}", silent.len(), silent.join("\n"));
}
