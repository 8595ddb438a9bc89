//! Finding something in what is written: operations, schemas, chapters of guides, problem codes.
//!
//! In:  words. Out: where all of them stand, what is called so before what only mentions it.
//! Invariant: the same words find the same, in whatever case they are typed.

use super::guides::TEXTS;
use super::markdown::anchor;
use super::reference::{members, operations, text};
use super::schema;
use serde_json::Value;
use web::code::Code;

/// So many are shown at most.
pub(super) const MOST: usize = 40;

/// Something that was found.
pub(super) struct Found {
    pub address: String,
    pub title: String,
    /// Where it stands, or what it is.
    pub of: String,
}

/// What holds all the words.
pub(super) fn find(document: &Value, asked: &str) -> Vec<Found> {
    let words: Vec<String> = asked.split_whitespace().map(str::to_lowercase).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let mut all: Vec<(usize, Found)> = everything(document)
        .filter_map(|(found, more)| {
            let title = format!("{} {}", found.title, found.of).to_lowercase();
            let whole = format!("{title} {}", more.to_lowercase());
            let named = words.iter().filter(|it| title.contains(it.as_str())).count();
            words.iter().all(|it| whole.contains(it.as_str())).then_some((words.len() - named, found))
        })
        .collect();
    all.sort_by_key(|it| it.0);
    all.into_iter().map(|it| it.1).take(MOST).collect()
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
