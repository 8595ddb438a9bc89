//! Finding something in what is written: operations, schemas, chapters of guides, problem codes.
//!
//! In:  words. Out: where all of them stand, what is called so before what only mentions it.
//! Invariant: the same words find the same, in whatever case they are typed. A search takes no longer than the texts and
//! a few words are long: what is looked through is made once, and of what was typed no more is read than `asked` leaves.

use super::guides::TEXTS;
use super::markdown::anchor;
use super::reference::{members, operations, text};
use super::schema;
use serde_json::Value;
use web::code::Code;

/// So many are shown at most.
pub(super) const MOST: usize = 40;

/// So many characters of what was typed are looked for, and so many words.
pub(super) const LONGEST: usize = 200;
const MOST_WORDS: usize = 12;

/// Something that was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub address: String,
    pub title: String,
    /// Where it stands, or what it is.
    pub of: String,
}

/// What is looked for of what was typed: its first words, as they are shown too.
pub(super) fn asked(typed: &str) -> String {
    let cut: String = typed.chars().take(LONGEST).collect();
    cut.split_whitespace().take(MOST_WORDS).collect::<Vec<_>>().join(" ")
}

/// What can be found, in small letters beside as it is shown.
#[derive(Debug)]
pub(super) struct Index(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    found: Found,
    title: String,
    /// What it says beside its title.
    more: String,
}

impl Index {
    /// Everything in this document, and in what is written beside it.
    pub(super) fn of(document: &Value) -> Index {
        let entry = |(found, more): (Found, String)| {
            let title = format!("{} {}", found.title, found.of).to_lowercase();
            Entry { found, title, more: more.to_lowercase() }
        };
        Index(everything(document).map(entry).collect())
    }

    /// What holds all the words that `asked` leaves of what was typed.
    pub(super) fn find(&self, typed: &str) -> Vec<Found> {
        let asked = asked(typed).to_lowercase();
        let words: Vec<&str> = asked.split(' ').filter(|it| !it.is_empty()).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let rank = |it: &Entry| words.iter().filter(|word| !it.title.contains(**word)).count();
        let fits = |it: &&Entry| words.iter().all(|word| it.title.contains(word) || it.more.contains(word));
        let mut all: Vec<(usize, &Found)> =
            self.0.iter().filter(fits).map(|it| (rank(it), &it.found)).collect();
        all.sort_by_key(|it| it.0);
        all.into_iter().take(MOST).map(|it| it.1.clone()).collect()
    }
}

/// Everything that can be found, with what it says beside its title.
fn everything(document: &Value) -> impl Iterator<Item = (Found, String)> {
    let of_operations = operations(document).map(|it| {
        let of = format!("{} {}", it.method.to_ascii_uppercase(), it.path);
        let more = format!("{} {} {}", it.id(), text(&it.says["summary"]), text(&it.says["description"]));
        (Found { address: it.address(), title: it.title().to_string(), of }, more)
    });
    let of_codes = Code::all().map(|it| {
        let words = it.words(billing::explain::Language::English);
        let address = format!("/docs/errors#{}", it.as_str());
        let more = format!("{} {}", words.title, words.remedy);
        (Found { address, title: it.as_str().to_string(), of: words.title.to_string() }, more)
    });
    let of_schemas = members(&document["components"]["schemas"]).map(|(name, says)| {
        let found = Found { address: schema::address(name), title: name.to_string(), of: "schema".into() };
        (found, text(&says["description"]).to_string())
    });
    of_operations.chain(chapters()).chain(of_codes).chain(of_schemas)
}

/// The chapters of the guides.
fn chapters() -> impl Iterator<Item = (Found, String)> {
    TEXTS.iter().flat_map(|guide| {
        let parts = guide.body().split("\n## ").enumerate();
        parts.map(|(at, part)| {
            let (first, rest) = part.split_once('\n').unwrap_or((part, ""));
            let (title, address) = match at {
                0 => (guide.title.to_string(), guide.address()),
                _ => (
                    first.replace('`', ""),
                    format!("{}#{}", guide.address(), anchor(&first.replace('`', ""))),
                ),
            };
            (Found { address, title, of: guide.title.to_string() }, rest.to_string())
        })
    })
}
