//! The impact of a price book that is not applied: a past month of all customers rated once more, and what that changes.
//!
//! In:  a month, the book after, and the book before or none for what was billed. Out: who pays more, who less, for what.
//! Invariant: nothing is written; some customers are in memory at a time, however many there are. What is paid ahead is not
//! in it: paid orders keep their price.
//! Source: R-PRC-6, R-CAT-1.

use crate::{At, Desk, Refusal, books};
use billing::book::Book;
use billing::impact::{self, Asked, Impact, Month, Pair};
use billing::plan::ConfigRef;
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;
use store::Tx;
use store::impact::{self as rows, Batch, Wanted};
use units::{AccountId, BookId, Cycle, MoneyError};

/// Customers of one transaction. Memory grows with this, not with how many there are.
pub const BATCH: i64 = 500;

/// Why a customer is left out who could be rated.
pub const OWN_PRICES: &str = "it has contract prices, which the price book says nothing of";

/// Customers that move most that are named, where nothing else is asked for.
pub const MOST: usize = 10;

/// Some customers, and behind whom the others come.
#[derive(Clone, Debug)]
pub struct Part {
    pub impact: Impact,
    pub after: String,
}

/// What is asked for by names.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Such as `2026-06`; `None` for the last one that is over.
    pub month: Option<String>,
    /// `None` for what was billed.
    pub before: Option<BookId>,
    pub after: Arc<Book>,
}

/// What is compared. Errors: `Month`; `NotFound` of the field `against`; as `check`.
pub fn asked(tx: &mut Tx<'_>, at: At<'_>, wish: &Wish) -> Result<Asked, Refusal> {
    let month = Month::past(&at.desk.calendar, wish.month.as_deref(), at.now)?;
    let known = |id| books::known(tx, &at.desk.books, id).map_err(|it| it.of("against"));
    let before = wish.before.map(known).transpose()?;
    let asked = Asked { month, before, after: wish.after.clone(), most: MOST };
    check(tx, &asked)?;
    Ok(asked)
}

/// Whether books may be compared on these. Errors: `BookOther` for one of another zone than the others; `Currency` of `against`
/// for two of different currencies.
pub fn check(tx: &mut Tx<'_>, asked: &Asked) -> Result<(), Refusal> {
    let after = asked.after.currency;
    if let Some(before) = asked.before.as_ref().map(|it| it.currency).filter(|it| *it != after) {
        return Err(Refusal::from(MoneyError::Currency(before, after)).of("against"));
    }
    asked.before.iter().chain([&asked.after]).try_for_each(|book| books::goes_with_others(tx, book))
}

/// How many customers there are to look at.
pub fn customers(tx: &mut Tx<'_>, asked: &Asked) -> Result<i64, Refusal> {
    Ok(rows::count(tx, &wanted(asked, ("", BATCH)))?)
}

/// Rates the next customers behind `after` once more. `None` when none are left.
pub fn part(tx: &mut Tx<'_>, desk: &Desk, asked: &Asked, after: &str) -> Result<Option<Part>, Refusal> {
    some(tx, desk, asked, (after, BATCH))
}

/// The same: behind whom, and so many at most.
pub fn some(
    tx: &mut Tx<'_>,
    desk: &Desk,
    asked: &Asked,
    behind: (&str, i64),
) -> Result<Option<Part>, Refusal> {
    let Some(mut read) = rows::read(tx, &desk.books, &wanted(asked, behind))? else { return Ok(None) };
    let pairs = pairs(asked, &mut read);
    let Batch { mut accounts, configs, .. } = read;
    let reads = |it: &ConfigRef| pairs[it].reads_samples(&configs);
    let readers: HashMap<ConfigRef, bool> = pairs.keys().map(|it| (*it, reads(it))).collect();
    rows::read_samples(tx, &mut accounts, &asked.month, |it| it.life.iter().any(|it| readers[&it.config]))?;

    let rate = |it| impact::account(it, &pairs, &configs, &asked.month);
    let rated: Vec<_> = accounts.par_iter().map(rate).collect();

    let (mut found, mut last) = (Impact::none(asked), String::new());
    for (account, rated) in accounts.iter().zip(rated) {
        last = account.account.to_string();
        if has_own_prices(desk, asked, account.account) {
            found.fail(&account.name, OWN_PRICES.to_string());
            continue;
        }
        match rated {
            Ok(costs) => found.add(account.account, &account.name, &costs),
            Err(error) => found.fail(&account.name, error.to_string()),
        }
    }
    found.keep_most();
    Ok(Some(Part { impact: found, after: last }))
}

/// Whether an account had contract prices in the month, which the book after knows nothing of. Source: R-PRC-22.
fn has_own_prices(desk: &Desk, asked: &Asked, account: AccountId) -> bool {
    let Cycle { from, to, .. } = asked.month.cycle;
    desk.books.of_account(account, asked.after.currency).agrees_within(from, to)
}

fn wanted<'a>(asked: &'a Asked, behind: (&'a str, i64)) -> Wanted<'a> {
    Wanted { currency: asked.after.currency, month: &asked.month, after: behind.0, most: behind.1 }
}

/// Every configuration of the customers by both books, each resolved once.
fn pairs(asked: &Asked, read: &mut Batch<'_>) -> HashMap<ConfigRef, Pair> {
    let mut pairs = HashMap::new();
    for account in &read.accounts {
        let books = read.shelves.series(account.account);
        for change in &account.life {
            let pair = || asked.pair(&mut read.configs, books, change.config);
            pairs.entry(change.config).or_insert_with(pair);
        }
    }
    pairs
}
