//! The price books of an installation: one series of versions for each currency, side by side.
//!
//! In:  books, each with its currency and when it begins. Out: the one that holds at an instant for a currency.
//! Invariant: no version of a currency says anything about another; nothing here converts.
//! An account with prices of its own has a series of its own: the books of its currency with those prices in them.
//! Rules: R-MON-5, R-PRC-6, R-CAT-1, R-COR-1, R-PRC-22.

use crate::book::Book;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use units::{AccountId, BookId, Currency, Timestamp};

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
    /// The versions with the prices of one account in them, each in its time; no two at once. Source: R-PRC-22.
    agreed: Vec<Agreed>,
    above: Vec<Above>,
    /// What tells it from other series, and from the same versions with something else above.
    mark: String,
}

/// A book with prices that were agreed with an account, in `[from, until)`. Source: R-PRC-22.
#[derive(Clone, Debug)]
pub struct Agreed {
    pub book: Arc<Book>,
    pub from: Timestamp,
    pub until: Timestamp,
}

/// A currency without a book.
static NONE: Series =
    Series { versions: Vec::new(), agreed: Vec::new(), above: Vec::new(), mark: String::new() };

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
        let mark = std::iter::once(own_mark(self.currency(), &self.agreed)).chain(numbers).collect();
        Series { above, mark, versions: self.versions.clone(), agreed: self.agreed.clone() }
    }

    /// The same versions with the prices of one account in them, in their order; nothing of it overlaps. Source: R-PRC-22.
    pub fn agreeing(&self, agreed: Vec<Agreed>) -> Series {
        let mark = own_mark(self.currency(), &agreed);
        Series { versions: self.versions.clone(), agreed, above: Vec::new(), mark }
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
        let agreed = self.agreed.iter().flat_map(|it| [it.from, it.until]);
        let above = self.above.iter().flat_map(|it| [it.from, it.until]);
        let mut cuts: Vec<Timestamp> =
            own.chain(agreed).chain(above).filter(|it| *it >= first.from).collect();
        cuts.sort_unstable();
        cuts.dedup();
        cuts.into_iter().map(|at| (at, self.holding(at))).collect()
    }

    /// The books that hold at `at`, what stands above first.
    fn holding(&self, at: Timestamp) -> Vec<&Arc<Book>> {
        let above = self.above.iter().rev().filter(|it| it.from <= at && at < it.until).map(|it| &it.book);
        above.chain(self.at(at)).collect()
    }

    /// The version that holds at `at`, with the prices that were agreed by then. `None` before the first.
    pub fn at(&self, at: Timestamp) -> Option<&Arc<Book>> {
        let agreed = self.agreed.iter().find(|it| it.from <= at && at < it.until);
        agreed.map(|it| &it.book).or_else(|| self.listed(at))
    }

    /// Whether any price that was agreed holds in `[from, to)`.
    pub fn agrees_within(&self, from: Timestamp, to: Timestamp) -> bool {
        self.agreed.iter().any(|it| it.from < to && from < it.until)
    }

    /// The version that holds at `at`, as everybody sees it.
    pub fn listed(&self, at: Timestamp) -> Option<&Arc<Book>> {
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

fn own_mark(currency: Option<Currency>, agreed: &[Agreed]) -> String {
    let held = |it: &Agreed| format!("{} {} {} ", it.book.id, it.from, it.until);
    std::iter::once(marked(currency)).chain(agreed.iter().map(held)).collect()
}

/// What was agreed with accounts: the books that this made, and how each account sees its own. Source: R-PRC-22.
#[derive(Clone, Debug, Default)]
pub struct Contracts {
    /// Grows with everything that is agreed or ended.
    pub revision: i64,
    /// Every book that ever held for an account, and the version that it was made from.
    pub books: HashMap<BookId, (Arc<Book>, BookId)>,
    pub series: HashMap<AccountId, Series>,
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
    /// What holds for one account alone.
    contracts: Contracts,
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

    /// The books as an account of a currency sees them: with the prices that were agreed with it. Source: R-PRC-22.
    #[inline]
    pub fn of_account(&self, account: AccountId, currency: Currency) -> &Series {
        // Mostly nobody has any.
        if self.contracts.series.is_empty() {
            return self.of(currency);
        }
        self.contracts.series.get(&account).unwrap_or_else(|| self.of(currency))
    }

    /// Whether anything was agreed with any of these accounts.
    pub fn agree_with<'a>(&self, accounts: impl IntoIterator<Item = &'a AccountId>) -> bool {
        let own = &self.contracts.series;
        !own.is_empty() && accounts.into_iter().any(|it| own.contains_key(it))
    }

    /// The same, with what was agreed with accounts.
    pub fn agreeing(self, contracts: Contracts) -> Books {
        Books { contracts, ..self }
    }

    /// What was agreed with accounts.
    pub const fn contracts(&self) -> &Contracts {
        &self.contracts
    }

    /// The book that everybody sees in place of one that holds for an account alone; `None` for any other.
    pub fn listed(&self, id: BookId) -> Option<&Arc<Book>> {
        self.get(self.contracts.books.get(&id)?.1)
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
        let own = || self.contracts.books.get(&id).map(|it| &it.0);
        self.versions.iter().chain(&self.withheld).chain(&self.kept).find(|it| it.id == id).or_else(own)
    }

    /// All that hold from some time on, of every currency, oldest first.
    pub fn all(&self) -> &[Arc<Book>] {
        &self.versions
    }

    /// The same with `book` among those that hold. What was agreed with accounts is to be laid over it anew.
    pub fn with(&self, book: Arc<Book>) -> Books {
        let others = self.versions.iter().filter(|it| it.id != book.id).cloned();
        let versions = others.chain([book.clone()]).collect();
        let books = Books::new(versions).knowing(self.withheld.clone()).keeping(self.kept.clone());
        books.agreeing(self.contracts.clone())
    }
}

#[cfg(test)]
mod tests;
