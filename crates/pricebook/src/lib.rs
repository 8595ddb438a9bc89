//! Price books: files that people write, read into a checked book.
//!
//! In:  the text of a folder of TOML and CSV files. Out: a `Book`, or every problem with file and line.
//! Invariant: a book that loads has exactly one price for whatever it puts on sale.
//! Rules: R-PRC-*, R-ORD-8, R-ORD-9. How to write one: docs/pricebook.md.

mod bundled;
mod check;
mod diff;
mod price;
mod product;
mod raw;
mod reach;
mod table;
mod words;

pub use bundled::bundled;
pub use diff::diff;

use billing::book::{Book, DiscountTable, Region};
use std::collections::{BTreeMap, BTreeSet};
use units::{BookId, Calendar, Currency, Timestamp};

/// What is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub file: String,
    pub line: usize,
    pub what: String,
    pub remedy: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}. {}.", self.file, self.line, self.what, self.remedy)
    }
}

/// The files of a book by their path inside its folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, String>);

const MARK: &str = "=== ";

impl Files {
    /// Adds a file. Its lines end as those of stored books do, so that a book keeps its id.
    pub fn add(&mut self, path: &str, text: &str) {
        self.0.insert(path.to_string(), text.replace("\r\n", "\n").replace('\r', "\n"));
    }

    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// All files as one text, each behind a line with its path: how a book is stored.
    pub fn to_text(&self) -> String {
        self.0.iter().map(|(path, text)| format!("{MARK}{path}\n{}\n", text.trim_end())).collect()
    }

    /// Lines that would part a file when the book is stored.
    fn marks(&self, problems: &mut Problems) {
        for (path, text) in &self.0 {
            for (number, _) in (1..).zip(text.lines()).filter(|it| it.1.starts_with(MARK)) {
                let what = format!("the line begins with `{MARK}`, which parts files where books are stored");
                problems.add((path, number), what, "Put something before it");
            }
        }
    }

    /// Reads what `to_text` wrote.
    pub fn from_text(text: &str) -> Files {
        let mut files = Files::default();
        let mut path = String::new();
        for line in text.lines() {
            match line.strip_prefix(MARK) {
                Some(next) => path = next.to_string(),
                None => {
                    let file = files.0.entry(path.clone()).or_default();
                    file.push_str(line);
                    file.push('\n');
                }
            }
        }
        files
    }
}

/// Collects problems, so that one look shows all of them, and where things stand, for checks between files.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    list: Vec<Problem>,
    places: BTreeMap<String, (String, usize)>,
}

impl Problems {
    pub(crate) fn add(
        &mut self,
        (file, line): (&str, usize),
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let one_line = |text: String| text.replace(|it: char| it.is_control(), " ");
        let (what, remedy) = (one_line(what.into()), one_line(remedy.into()));
        self.list.push(Problem { file: file.to_string(), line, what, remedy });
    }

    /// Notes where `thing` stands. The first place counts.
    pub(crate) fn place(&mut self, thing: &str, (file, line): (&str, usize)) {
        self.places.entry(thing.to_string()).or_insert_with(|| (file.to_string(), line));
    }

    /// Adds a problem of a thing that `place` noted.
    pub(crate) fn of(&mut self, thing: &str, what: impl Into<String>, remedy: impl Into<String>) {
        let (file, line) = self.places.get(thing).cloned().unwrap_or_else(|| ("book.toml".to_string(), 1));
        self.add((&file, line), what, remedy);
    }
}

/// The line that byte `offset` of `text` stands in, from 1.
pub(crate) fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|it| *it == b'\n').count() + 1
}

/// Reads and checks a book. `from` overrides the date in `book.toml`: an operator applies it from then.
///
/// Errors: every problem that was found; nothing of the book is used then.
pub fn load(files: &Files, from: Option<Timestamp>) -> Result<Book, Vec<Problem>> {
    let mut problems = Problems::default();
    files.marks(&mut problems);
    let Some(text) = files.get("book.toml") else {
        problems.add(
            ("book.toml", 1),
            "the book has no book.toml",
            "Write one with name, currency, zone, from and regions",
        );
        return Err(problems.list);
    };
    let raw: raw::RawBook = match toml::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            let line = error.span().map_or(1, |it| line_at(text, it.start));
            problems.add(
                ("book.toml", line),
                first_line(error.message()),
                "See docs/pricebook.md for the fields of this file",
            );
            return Err(problems.list);
        }
    };
    let head = head(&raw, files, from, &mut problems);
    let (Some(mut book), true) = (head, problems.list.is_empty()) else { return Err(problems.list) };
    let paths: Vec<&str> =
        files.paths().filter(|it| it.starts_with("products/") && it.ends_with(".toml")).collect();
    if paths.is_empty() {
        problems.add(("book.toml", 1), "the book sells nothing", "Put one file per product into products/");
    }
    for path in paths {
        if let Some(product) = product::read(files, path, book.currency, &mut problems) {
            if book.product(&product.id).is_some() {
                problems.add(
                    (path, 1),
                    format!("there are two products `{}`", product.id),
                    "Give each its own id",
                );
            }
            book.products.push(product);
        }
    }
    if problems.list.is_empty() {
        price::amend(files, &mut book, &mut problems);
    }
    if problems.list.is_empty() {
        check::book(&book, &mut problems);
    }
    if problems.list.is_empty() { Ok(book) } else { Err(problems.list) }
}

pub(crate) fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or("it cannot be read").trim_end_matches('.').to_string()
}

/// Whether `text` can be a choice: options are kept as `name=value`, apart by spaces.
pub(crate) fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(|it: char| it == '=' || it.is_whitespace() || it.is_control())
}

pub(crate) const WORDS: &str = "Write a word without spaces and `=`: letters, digits, - and _";

fn head(raw: &raw::RawBook, files: &Files, from: Option<Timestamp>, problems: &mut Problems) -> Option<Book> {
    let file = "book.toml";
    let text = files.get(file).unwrap_or("");
    let line = |offset: usize| line_at(text, offset);
    let currency = Currency::parse(raw.currency.get_ref());
    if let Err(error) = &currency {
        problems.add((file, line(raw.currency.span().start)), error.to_string(), "Write CNY or USD");
    }
    let calendar = Calendar::in_zone(raw.zone.get_ref());
    if let Err(error) = &calendar {
        problems.add((file, line(raw.zone.span().start)), error.to_string(), "Write +08:00");
    }
    let (currency, calendar) = (currency.ok()?, calendar.ok()?);
    let dated = match calendar.parse(raw.from.get_ref()) {
        Ok(dated) => dated,
        Err(error) => {
            problems.add(
                (file, line(raw.from.span().start)),
                error.to_string(),
                "Write the first day that the prices hold",
            );
            return None;
        }
    };
    if let Some(until) = &raw.until {
        let ends = calendar.parse(until.get_ref());
        if !ends.is_ok_and(|it| it > dated) {
            let what =
                format!("the book ends at {}, before it starts at {}", until.get_ref(), raw.from.get_ref());
            problems.add(
                (file, line(until.span().start)),
                what,
                "Leave `until` out: the next book ends this one",
            );
        }
    }
    let mut discounts = BTreeMap::new();
    for (name, table) in &raw.discount {
        if let Some(steps) = discount(table, (file, line(table.span().start)), problems) {
            discounts.insert(name.clone(), steps);
        }
    }
    let mut places = BTreeSet::new();
    for it in &raw.region {
        let (at, it) = ((file, line(it.span().start)), it.get_ref());
        for (kind, name) in it.zones.iter().map(|it| ("zone", it)).chain([("region", &it.id)]) {
            if !is_word(name) {
                problems.add(at, format!("`{}` is no name for a region or zone", first_line(name)), WORDS);
            }
            if !places.insert((kind, name)) {
                problems.add(at, format!("there are two {kind}s `{name}`"), "Give each its own name");
            }
        }
    }
    let region =
        |it: &raw::RawRegion| Region { id: it.id.clone(), name: it.name.clone(), zones: it.zones.clone() };
    let from = from.unwrap_or(dated);
    let id = BookId::named(from, &files.to_text());
    let (name, zone) = (raw.name.clone(), raw.zone.get_ref().clone());
    let regions = raw.region.iter().map(|it| region(it.get_ref())).collect();
    Some(Book { id, name, currency, zone, from, regions, discounts, products: Vec::new() })
}

fn discount(
    table: &toml::Spanned<raw::RawDiscount>,
    at: (&str, usize),
    problems: &mut Problems,
) -> Option<DiscountTable> {
    let mut steps = Vec::new();
    let raw = table.get_ref();
    if raw.source.trim().is_empty() {
        problems.add(at, "a discount table has no source", "Say where it comes from, or write `demo`");
    }
    for (months, rate) in &raw.steps {
        // Four digits, so that two rates multiplied still fit eight.
        let rate = units::decimal::parse(rate, 4).ok().and_then(|it| u64::try_from(it * 10_000).ok());
        match (months.parse::<u32>(), rate) {
            (Ok(months), Some(rate)) if rate <= 100_000_000 => steps.push((months, rate)),
            _ => problems.add(
                at,
                format!("`{months}` is not a step of a discount table"),
                "Write months = \"rate\", like 12 = \"0.83\"",
            ),
        }
    }
    steps.sort_unstable();
    Some(DiscountTable { steps })
}

#[cfg(test)]
mod tests;
