//! What a statement gives: columns by their place, on both engines.
//!
//! Invariant: a value that cannot be read is `Corrupt`, never another value.

use super::StoreError;
use billing::wallet::Purses;
use units::{Currency, Money};

/// One row of either engine.
pub enum Row<'a> {
    Lite(&'a rusqlite::Row<'a>),
    Pg(&'a postgres::Row),
}

impl Row<'_> {
    pub fn int(&self, at: usize) -> Result<i64, StoreError> {
        match self {
            Row::Lite(row) => Ok(row.get(at)?),
            Row::Pg(row) => Ok(row.try_get(at)?),
        }
    }

    pub fn maybe_int(&self, at: usize) -> Result<Option<i64>, StoreError> {
        match self {
            Row::Lite(row) => Ok(row.get(at)?),
            Row::Pg(row) => Ok(row.try_get(at)?),
        }
    }

    pub fn text(&self, at: usize) -> Result<String, StoreError> {
        match self {
            Row::Lite(row) => Ok(row.get(at)?),
            Row::Pg(row) => Ok(row.try_get(at)?),
        }
    }

    pub fn maybe_text(&self, at: usize) -> Result<Option<String>, StoreError> {
        match self {
            Row::Lite(row) => Ok(row.get(at)?),
            Row::Pg(row) => Ok(row.try_get(at)?),
        }
    }

    /// Lends the text of a column, where copying it a million times would count.
    pub fn with_text<T>(&self, at: usize, read: impl FnOnce(&str) -> T) -> Result<T, StoreError> {
        match self {
            Row::Lite(row) => Ok(read(row.get_ref(at)?.as_str().map_err(rusqlite::Error::from)?)),
            Row::Pg(row) => Ok(read(row.try_get(at)?)),
        }
    }

    /// How many of `what`, such as days.
    pub fn count(&self, at: usize, what: &str) -> Result<u32, StoreError> {
        u32::try_from(self.int(at)?).map_err(|_| StoreError::Corrupt(what.into()))
    }

    /// Minor units of `currency`.
    pub fn money(&self, at: usize, currency: Currency) -> Result<Money, StoreError> {
        Ok(Money::from_minor(self.int(at)?, currency))
    }

    /// Three columns from `first` on: bonus, cash, income.
    pub fn purses(&self, first: usize, currency: Currency) -> Result<Purses, StoreError> {
        let kinds = [self.int(first)?, self.int(first + 1)?, self.int(first + 2)?];
        Ok(Purses::of_minor(kinds, currency)?)
    }

    /// The code of a currency.
    pub fn currency(&self, at: usize) -> Result<Currency, StoreError> {
        self.parsed(at, "currency", |it| Currency::parse(it).ok())
    }

    /// Canonical options of a product.
    pub fn options(&self, at: usize) -> Result<billing::options::Options, StoreError> {
        self.parsed(at, "options", billing::options::Options::parse)
    }

    /// A column whose text must parse.
    pub fn parsed<T>(
        &self,
        at: usize,
        what: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        self.with_text(at, |text| parse(text).ok_or_else(|| StoreError::Corrupt(format!("{what} `{text}`"))))?
    }
}
