//! Settlement without a database: rows in memory, all cores.
//!
//! In:  a city and how many of its accounts. Out: the times of some rounds, and what they came to.
//! Invariant: every round settles every account in full (bills with ids and lines, transfers, wallets,
//! freezes, openings) and must come to the same.

use super::city::{City, RESOURCES};
use super::print::say;
use anyhow::{Context, Result, ensure};
use billing::settle::{self, AccountCycle};
use billing::used::AggregateError;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::time::Instant;
use units::{Currency, Money};

const ROUNDS: usize = 5;

/// What one account came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub bills: u64,
    pub minor: i64,
    pub e8: i64,
}

pub(super) struct Measured {
    pub accounts: usize,
    pub sums: Sums,
    pub best: f64,
    pub median: f64,
}

/// When a round begins: at once, or on a line from standard input, so that two programs take turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    Free,
    ByLine,
}

pub(super) fn measure(city: &City, count: usize, pace: Pace) -> Result<Measured> {
    say(&format!("making {count} accounts with {RESOURCES} servers each"));
    let accounts = city.accounts(0..count)?;
    let mut seconds = Vec::with_capacity(ROUNDS);
    let mut sums: Option<Sums> = None;
    for round in 1..=ROUNDS {
        if pace == Pace::ByLine {
            std::io::stdin().read_line(&mut String::new())?;
        }
        let start = Instant::now();
        let found = total(&settled(city, &accounts)?);
        seconds.push(start.elapsed().as_secs_f64());
        say(&format!("pure round {round} of {ROUNDS}: {:.3} s", seconds[round - 1]));
        ensure!(sums.is_none_or(|it| it == found), "two rounds came to different totals");
        sums = Some(found);
    }
    seconds.sort_by(f64::total_cmp);
    let sums = sums.context("no round was run")?;
    Ok(Measured { accounts: count, sums, best: seconds[0], median: seconds[ROUNDS / 2] })
}

/// What each account came to.
pub(super) fn each(city: &City, accounts: &[AccountCycle]) -> Result<Vec<Sums>> {
    Ok(settled(city, accounts)?)
}

/// Settles account by account and keeps the sums; a run would write the rest and drop it, batch by batch.
fn settled(city: &City, accounts: &[AccountCycle]) -> Result<Vec<Sums>, AggregateError> {
    let settle = |account: &AccountCycle| -> Result<Sums, AggregateError> {
        let settled = settle::account(account, &city.configs, city.run)?;
        let mut sums = Sums { bills: settled.bills.len() as u64, ..Sums::default() };
        for bill in &settled.bills {
            sums.minor += bill.total.minor();
            sums.e8 += bill.amount_e8;
        }
        Ok(sums)
    };
    accounts.par_iter().with_min_len(64).map(settle).collect()
}

fn total(each: &[Sums]) -> Sums {
    each.iter().fold(Sums::default(), |one, other| Sums {
        bills: one.bills + other.bills,
        minor: one.minor + other.minor,
        e8: one.e8 + other.e8,
    })
}

impl Measured {
    fn rate(&self) -> f64 {
        (self.accounts as u64 * RESOURCES) as f64 / self.best
    }

    pub fn cells(&self) -> Vec<String> {
        vec![
            format!("{} resources", self.accounts as u64 * RESOURCES),
            format!("{:.3}", self.best),
            format!("{:.3}", self.median),
            format!("{:.0}", self.rate()),
            self.sums.bills.to_string(),
            Money::from_minor(self.sums.minor, Currency::CNY).to_string(),
        ]
    }

    pub fn json(&self) -> Value {
        json!({
            "accounts": self.accounts,
            "resources": self.accounts as u64 * RESOURCES,
            "best_seconds": self.best,
            "median_seconds": self.median,
            "resources_per_second": self.rate(),
            "bills": self.sums.bills,
            "total_minor": self.sums.minor,
            "total_e8": self.sums.e8,
        })
    }
}
