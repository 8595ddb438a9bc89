//! The forecast of a large account: how long it takes, with all that it reads.
//!
//! In:  how many resources. Out: times of some rounds, and what they came to.
//! Invariant: the account is made by the product, in memory; every round tells the same steps.

use super::print::{Output, print, say};
use anyhow::{Context, Result, ensure};
use billing::account::Verified;
use billing::order::Item;
use billing::quote::Wish;
use billing::rate::Terms;
use billing::resource::renew::Flag;
use billing::voucher::choose::Choice as Vouchers;
use billing::wallet::Purse;
use desk::accounts::{self, Opening, TopUp};
use desk::ahead::{self, Look};
use desk::jobs::{self, Leap};
use desk::purchases::{Pay, Purchase};
use desk::renewals::{self, Choice};
use desk::{Desk, books, orders};
use serde_json::json;
use std::process::ExitCode;
use std::time::Instant;
use store::Store;
use units::calendar::seconds_after;
use units::{AccountId, Money, Timestamp};

/// Pieces of one order.
const PIECES: u32 = 100;
/// Steps that are told.
const STEPS: usize = 50;

/// How large, and how often.
#[derive(clap::Args)]
pub struct Arguments {
    /// Resources of the account: disks and load balancers by use, and prepaid disks that renew themselves
    #[arg(long, default_value_t = 5_000)]
    resources: u32,
    /// How often it is told
    #[arg(long, default_value_t = 20)]
    rounds: usize,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

pub(super) fn run(of: &Arguments) -> Result<ExitCode> {
    ensure!(of.rounds >= 1 && of.resources >= PIECES, "at least one round, and a hundred resources");
    let store = Store::memory()?;
    let (desk, account, now) = made(&store, of.resources)?;
    let mut times = Vec::with_capacity(of.rounds);
    let mut told = None;
    for _ in 0..of.rounds {
        let start = Instant::now();
        let found = store.read(|tx| ahead::alone(tx, desk.at(now), account, Look::forecast(STEPS)))?;
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
        let steps = found.steps.len() + found.more;
        ensure!(told.is_none_or(|it| it == (steps, found.gone)), "two rounds told something else");
        told = Some((steps, found.gone));
    }
    times.sort_by(f64::total_cmp);
    let (steps, gone) = told.context("no round was run")?;
    let (best, median, worst) = (times[0], times[of.rounds / 2], times[of.rounds - 1]);
    match Output::from(of.json) {
        Output::Json => {
            let gone = gone.map(|it| it.to_string());
            let found = json!({
                "resources": of.resources, "rounds": of.rounds, "best_ms": best, "median_ms": median, "worst_ms": worst,
                "steps": steps, "gone": gone,
            });
            println!("{}", serde_json::to_string_pretty(&found)?);
        }
        Output::Text => {
            println!("Forecast of a year of one account, read from SQLite in memory\n");
            let gone = gone.map_or_else(|| "–".to_string(), |it| desk.calendar.print(it));
            let cells = [of.resources.to_string(), ms(best), ms(median), ms(worst), steps.to_string(), gone];
            print(
                &["resources", "best ms", "median ms", "worst ms", "steps", "money gone"],
                &[cells.to_vec()],
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn ms(it: f64) -> String {
    format!("{it:.1}")
}

/// An account whose money lasts for some weeks.
fn made(store: &Store, resources: u32) -> Result<(Desk, AccountId, Timestamp)> {
    say(&format!("buying {resources} resources"));
    let mut desk = Desk::empty();
    let start = desk.calendar.parse("2026-06-01 09:30:00")?;
    let files = pricebook::bundled("demo").context("the demo book comes with the program")?;
    store.write(|tx| books::apply(tx, &files, None, start))?;
    desk = store.read(Desk::open)?;
    let book = desk.currency(start)?;
    let opening = Opening { currency: book, terms: Terms::default(), verified: Verified::Yes, alert: None };
    let account = store.write(|tx| accounts::open(tx, "large", opening, start))?.id;
    let money = Money::from_minor(i64::from(resources) * 2_000, book);
    let paid = TopUp { reference: "bench", purse: Purse::Cash, money };
    store.write(|tx| accounts::top_up(tx, desk.at(start), account, paid))?;
    for number in 0..resources / PIECES {
        let item = item(number);
        let token = format!("order {number}");
        let of = Purchase { account, token: &token, items: &[item], pay: Pay::Now, vouchers: Vouchers::None };
        store.write(|tx| orders::one(tx, desk.at(start), of))?;
    }
    let now = seconds_after(start, 5_400)?;
    jobs::advance(store, &mut desk, Leap { from: start, to: now }, |_| Ok(()))?;
    let all = store.read(|tx| store::resources::of_account(tx, account))?;
    for read in all.iter().filter(|it| it.resource.deadline.is_some()) {
        let choice = Choice { account, resource: read.resource.id, flag: Flag::Auto };
        store.write(|tx| renewals::choose(tx, desk.at(now), choice))?;
    }
    Ok((desk, account, now))
}

/// A hundred of one kind: by the hour, by the day, or by the month.
fn item(number: u32) -> Item {
    let place = "region=guangzhou zone=guangzhou-1";
    let (product, options, months) = match number % 3 {
        0 => ("load-balancer-hourly", "region=guangzhou".to_string(), 0),
        1 => ("disk", format!("charge=payg {place} type=premium size=10"), 0),
        _ => ("disk", format!("charge=prepaid {place} type=premium size=10"), 1),
    };
    let pair = |it: &str| it.split_once('=').map(|(name, value)| (name.to_string(), value.to_string()));
    let options = options.split(' ').filter_map(pair).collect();
    Item {
        wish: Wish { product: product.to_string(), options, months, quantity: PIECES },
        month: None,
        name: format!("lot-{number}"),
        service: None,
        quoted_minor: None,
        offered: None,
    }
}
