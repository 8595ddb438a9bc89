//! The price books of an installation: one series of versions for each currency, side by side.
//!
//! In:  books, each with its currency and when it begins. Out: the one that holds at an instant for a currency.
//! Invariant: no version of a currency says anything about another; nothing here converts.
//! Rules: R-MON-5, R-PRC-6, R-CAT-1, R-COR-1.

use crate::book::Book;
use std::collections::BTreeMap;
use std::sync::Arc;
use units::{BookId, Currency, Timestamp};

/// A book that stands above those that are in force, in `[from, until)`: a correction by people. Source: R-COR-1.
#[derive(Clone, Debug)]
pub struct Above {
    /// A later one stands above an earlier one.
    pub number: i64,
    pub book: Arc<Book>,
    pub from: Timestamp,
    pub until: Timestamp,
}

/// All versions of the price book of one currency, oldest first, and what stands above them.
#[derive(Clone, Debug, Default)]
pub struct Series {
    versions: Vec<Arc<Book>>,
    above: Vec<Above>,
    /// What tells it from other series, and from the same versions with something else above.
    mark: String,
}

/// A currency without a book.
static NONE: Series = Series { versions: Vec::new(), above: Vec::new(), mark: String::new() };

impl Series {
    /// The books of a currency that has none.
    pub fn none() -> &'static Series {
        &NONE
    }

    /// The currency of its books; `None` where there is no book.
    pub fn currency(&self) -> Option<Currency> {
        self.versions.first().map(|it| it.currency)
    }

    /// The same versions with other books above them, the latest last. Source: R-COR-1.
    pub fn corrected(&self, above: Vec<Above>) -> Series {
        let numbers = above.iter().map(|it| format!("{} ", it.number));
        let mark = std::iter::once(marked(self.currency())).chain(numbers).collect();
        Series { above, mark, versions: self.versions.clone() }
    }

    /// The same with one more book above all that stands there.
    pub fn beneath(&self, above: Above) -> Series {
        let all = self.above.iter().cloned().chain([above]).collect();
        self.corrected(all)
    }

    /// What tells this series from others in names of what was resolved by it.
    pub fn mark(&self) -> &str {
        &self.mark
    }

    /// From when on which books hold, each with what stands above it before it; only the instants at which that changes.
    pub fn timeline(&self) -> Vec<(Timestamp, Vec<&Arc<Book>>)> {
        let Some(first) = self.versions.first() else { return Vec::new() };
        let own = self.versions.iter().map(|it| it.from);
        let above = self.above.iter().flat_map(|it| [it.from, it.until]);
        let mut cuts: Vec<Timestamp> = own.chain(above).filter(|it| *it >= first.from).collect();
        cuts.sort_unstable();
        cuts.dedup();
        cuts.into_iter().map(|at| (at, self.holding(at))).collect()
    }

    /// The books that hold at `at`, what stands above first.
    fn holding(&self, at: Timestamp) -> Vec<&Arc<Book>> {
        let above = self.above.iter().rev().filter(|it| it.from <= at && at < it.until).map(|it| &it.book);
        above.chain(self.at(at)).collect()
    }

    /// The version that holds at `at`. `None` before the first.
    pub fn at(&self, at: Timestamp) -> Option<&Arc<Book>> {
        let later = self.versions.partition_point(|it| it.from <= at);
        later.checked_sub(1).map(|it| &self.versions[it])
    }

    /// All versions, oldest first.
    pub fn all(&self) -> &[Arc<Book>] {
        &self.versions
    }
}

fn marked(currency: Option<Currency>) -> String {
    currency.map_or_else(String::new, |it| format!("{it} "))
}

/// All price books: a series for each currency.
#[derive(Clone, Debug, Default)]
pub struct Books {
    /// Those of every currency, oldest first.
    versions: Vec<Arc<Book>>,
    series: BTreeMap<Currency, Series>,
    /// Books that did not begin. Nothing is priced by them, but an order may name one. Source: R-CAT-1.
    withheld: Vec<Arc<Book>>,
    /// Books that hold only where a correction names them.
    kept: Vec<Arc<Book>>,
}

impl Books {
    pub fn new(mut versions: Vec<Arc<Book>>) -> Books {
        versions.sort_by_key(|it| it.from);
        let mut series: BTreeMap<Currency, Series> = BTreeMap::new();
        for it in &versions {
            let own = series.entry(it.currency).or_default();
            own.mark = marked(Some(it.currency));
            own.versions.push(it.clone());
        }
        Books { versions, series, ..Books::default() }
    }

    /// The books of a currency; none where nothing is sold in it. Source: R-MON-5.
    pub fn of(&self, currency: Currency) -> &Series {
        self.series.get(&currency).unwrap_or(Series::none())
    }

    /// The book of each currency that holds at `at`, in the order of the currencies.
    pub fn holding(&self, at: Timestamp) -> impl Iterator<Item = &Arc<Book>> {
        self.series.values().filter_map(move |it| it.at(at))
    }

    /// The currencies that have a book, also one that is still to begin, in their order.
    pub fn currencies(&self) -> impl Iterator<Item = Currency> {
        self.series.keys().copied()
    }

    /// The same, with books that corrections may name.
    pub fn keeping(self, kept: Vec<Arc<Book>>) -> Books {
        Books { kept, ..self }
    }

    /// The books that corrections may name.
    pub fn kept(&self) -> &[Arc<Book>] {
        &self.kept
    }

    /// The same, knowing of books that did not begin.
    pub fn knowing(self, withheld: Vec<Arc<Book>>) -> Books {
        Books { withheld, ..self }
    }

    /// A book by its id, also one that did not begin.
    pub fn get(&self, id: BookId) -> Option<&Arc<Book>> {
        self.versions.iter().chain(&self.withheld).chain(&self.kept).find(|it| it.id == id)
    }

    /// All that hold from some time on, of every currency, oldest first.
    pub fn all(&self) -> &[Arc<Book>] {
        &self.versions
    }

    /// The same with `book` among those that hold.
    pub fn with(&self, book: Arc<Book>) -> Books {
        let others = self.versions.iter().filter(|it| it.id != book.id).cloned();
        let versions = others.chain([book.clone()]).collect();
        Books::new(versions).knowing(self.withheld.clone()).keeping(self.kept.clone())
    }
}

#[cfg(test)]
mod tests;
