//! Pages of lists: which part is asked for, and what is given.
//!
//! In:  where to go on, how many. Out: a page, and where the next one begins.
//! Invariant: the `next` of a page is the `after` of the one behind it; a place that the list does not have is refused.

pub mod mark;

use super::Refusal;
use std::fmt::Display;
use std::str::FromStr;
use store::StoreError;
use store::sort::Sort;

/// Above every id: where a list that begins with the newest starts.
const NEWEST: &str = "zzz";

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The `next` of the page before; `None` from the beginning.
    pub after: Option<String>,
    /// How many at most.
    pub most: u16,
}

impl Part {
    /// The beginning of a list.
    pub const fn first(most: u16) -> Part {
        Part { after: None, most }
    }

    /// How many are read: one more than is given tells whether there are more.
    pub fn reach(&self) -> usize {
        usize::from(self.most) + 1
    }

    /// The text behind which the list goes on; empty from the beginning.
    pub fn after(&self) -> &str {
        self.after.as_deref().unwrap_or("")
    }

    /// The id of the thing behind which the list goes on. Errors: `NotFound` for what cannot be such an id.
    pub fn cursor<T: FromStr>(&self) -> Result<Option<T>, Refusal> {
        self.after.as_ref().map(|it| it.parse().map_err(|_| no_page())).transpose()
    }

    /// The same for a list that begins with the newest; `look` says whether the thing is there.
    ///
    /// Errors: `NotFound` for an id that is of nothing in the list.
    pub fn before<T: FromStr + Copy + Display>(
        &self,
        look: impl FnOnce(T) -> Result<bool, Refusal>,
    ) -> Result<String, Refusal> {
        match self.cursor::<T>()? {
            None => Ok(NEWEST.to_string()),
            Some(id) if look(id)? => Ok(id.to_string()),
            Some(_) => Err(no_page()),
        }
    }
}

/// Where a list in this order goes on: behind the thing that `after` names, from its beginning without one.
///
/// Errors: `NotFound` for an id that is of nothing in the list.
pub fn place<T: FromStr + Copy + Display>(
    sort: Sort,
    part: &Part,
    look: impl FnOnce(T) -> Result<bool, Refusal>,
) -> Result<String, Refusal> {
    match (sort, &part.after) {
        (Sort::Newest, _) | (Sort::Oldest | Sort::Name, Some(_)) => part.before(look),
        (Sort::Oldest | Sort::Name, None) => Ok(String::new()),
    }
}

/// There is no page after the one that was named.
pub fn no_page() -> Refusal {
    Refusal::missing("such page (`after` takes the `next` of the page before)").of("after")
}

/// Whether something is there: what is not found is nothing, what else fails is a failure.
pub fn there<T>(read: Result<T, StoreError>) -> Result<bool, Refusal> {
    match read {
        Ok(_) => Ok(true),
        Err(StoreError::NotFound(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// A part of a list. With `next` the list goes on; without it this is its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The page that was asked for, out of the `part.reach()` that were read; `place` is where a list goes on behind one.
    pub fn of(mut found: Vec<T>, part: &Part, place: impl Fn(&T) -> String) -> Page<T> {
        let most = usize::from(part.most);
        let more = found.len() > most;
        found.truncate(most);
        let next = found.last().filter(|_| more).map(place);
        Page { items: found, next }
    }

    /// The page that was asked for, out of a list that is whole. Errors: `NotFound` when nothing has the place `after`.
    pub fn out_of(
        all: impl IntoIterator<Item = T>,
        part: &Part,
        place: impl Fn(&T) -> String,
    ) -> Result<Page<T>, Refusal> {
        let mut all = all.into_iter();
        if let Some(after) = &part.after {
            all.find(|it| place(it) == *after).ok_or_else(no_page)?;
        }
        Ok(Page::of(all.take(part.reach()).collect(), part, place))
    }

    /// A list that is given at once.
    pub const fn whole(items: Vec<T>) -> Page<T> {
        Page { items, next: None }
    }

    /// The same page with something else for each of its items.
    pub fn map<U>(self, to: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(to).collect(), next: self.next }
    }

    /// The same, when it may fail.
    pub fn try_map<U, E>(self, to: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        let items: Result<Vec<U>, E> = self.items.into_iter().map(to).collect();
        Ok(Page { items: items?, next: self.next })
    }
}

#[cfg(test)]
mod tests;
