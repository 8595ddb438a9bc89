//! Accounts to settle, made up from their number alone: the same every time and everywhere.
//!
//! In:  the demo price book, the number of an account. Out: the account as a settlement run reads it.
//! Invariant: account and resource ids rise with their numbers, as ids that are made in time do.

use anyhow::{Context, Result};
use billing::books::Books;
use billing::options::Options;
use billing::plan::{ConfigRef, Configs};
use billing::rate::Terms;
use billing::resource::State;
use billing::segment::{Change, Opening};
use billing::settle::{AccountCycle, Run};
use billing::used::Sample;
use billing::wallet::{Freeze, Purse, Purses, Wallet};
use rayon::prelude::*;
use std::sync::Arc;
use units::{AccountId, Calendar, Currency, CycleKind, Money, MoneyError, ResourceId, Timestamp};

pub(super) const RESOURCES: u64 = 10;
pub(super) const USAGE: &str = "traffic_out";
const PRODUCT: &str = "server";
const HOUR: u64 = 3_600;
const FREEZE: Money = Money::from_minor(45, Currency::CNY);

const DISKS: [&[(&str, &str)]; 4] = [
    &[],
    &[("data_disk_type", "premium"), ("data_disk", "100")],
    &[("data_disk_type", "ssd"), ("data_disk", "500")],
    &[
        ("system_disk_type", "enhanced"),
        ("system_disk", "50"),
        ("data_disk_type", "enhanced"),
        ("data_disk", "200"),
    ],
];
const NETWORKS: [&[(&str, &str)]; 6] = [
    &[],
    &[("network", "traffic"), ("bandwidth", "100")],
    &[("network", "bandwidth"), ("bandwidth", "1")],
    &[("network", "bandwidth"), ("bandwidth", "4")],
    &[("network", "bandwidth"), ("bandwidth", "6")],
    &[("network", "bandwidth"), ("bandwidth", "30")],
];
const BY_TRAFFIC: usize = 1;
const BY_BANDWIDTH: usize = 2;

/// Every configuration that a server of it may have, and the hour to settle.
pub(super) struct City {
    pub configs: Configs,
    /// One per type, region, disk and network, in that order.
    pub servers: Vec<ConfigRef>,
    pub run: Run,
}

/// Numbers that look like chance and follow from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn second(&mut self, within: u64) -> i64 {
        self.roll(within) as i64
    }

    fn one_in_hundred(&mut self, times: u64) -> bool {
        self.roll(100) < times
    }
}

impl City {
    pub fn new() -> Result<City> {
        let book = pricebook::load(&demo_book()?, None).map_err(|it| anyhow::anyhow!("{it:?}"))?;
        let calendar = Calendar::in_zone(&book.zone)?;
        let cycle = calendar.cycle(CycleKind::Hour, calendar.parse("2026-05-05 12:00:00")?)?;
        let books = Books::new(vec![Arc::new(book)]);
        let mut configs = Configs::default();
        let servers = servers(&books, &mut configs)?;
        Ok(City { configs, servers, run: Run { cycle, posted: cycle.to, watermark: cycle.to } })
    }

    pub fn accounts(&self, numbers: std::ops::Range<usize>) -> Result<Vec<AccountCycle>, MoneyError> {
        numbers.into_par_iter().map(|number| self.account(number as u64)).collect()
    }

    fn account(&self, number: u64) -> Result<AccountCycle, MoneyError> {
        let mut dice = Dice(number);
        // A tenth cannot pay everything: their freezes shrink, and some owe.
        let cash = if dice.one_in_hundred(10) { dice.second(800) } else { 100_000 };
        let bonus = if dice.one_in_hundred(20) { dice.second(300) } else { 0 };
        let id = AccountId::named(made(number, 0), &format!("account {number}"));
        let mut account = AccountCycle {
            openings: Vec::with_capacity(RESOURCES as usize),
            freezes: Vec::with_capacity(RESOURCES as usize),
            ..AccountCycle::new(Wallet::empty(id, Currency::CNY), Terms::default())
        };
        for at in 0..RESOURCES {
            self.server(number, at, &mut dice, &mut account);
        }
        let none = Purses::none(Currency::CNY);
        let frozen = account.freezes.iter().try_fold(none, |sum, it| sum.checked_add(it.held))?;
        let free = Purses::of_minor([bonus, cash, 0], Currency::CNY)?;
        account.wallet = Wallet::new(id, free, frozen, Money::zero(Currency::CNY))?;
        Ok(account)
    }

    /// One server: most run through the hour, some are made, released or resized in it.
    fn server(&self, number: u64, at: u64, dice: &mut Dice, account: &mut AccountCycle) {
        let resource = ResourceId::named(made(number, at + 1), &format!("resource {number} {at}"));
        let first = self.run.cycle.from.as_second();
        let network = match dice.roll(3) {
            0 => 0,
            1 => BY_TRAFFIC,
            _ => BY_BANDWIDTH + dice.roll(4) as usize,
        };
        let groups = self.servers.len() / NETWORKS.len();
        // Small types are bought more than large ones.
        let smaller_than = dice.roll(groups as u64) + 1;
        let group = dice.roll(smaller_than) as usize * NETWORKS.len();
        let config = self.servers[group + network];
        let change = |at: i64, state: State, config: ConfigRef| Change { resource, at, state, config };
        let fate = dice.roll(100);
        let within = first + dice.second(HOUR);
        if fate < 4 {
            account.changes.push(change(within, State::Running, config));
        } else {
            account.openings.push(opening(resource, config, first, dice));
        }
        if (4..8).contains(&fate) {
            account.changes.push(change(within, State::Released, config));
        } else if (8..12).contains(&fate) && network >= BY_BANDWIDTH {
            let other = self.servers[group + BY_BANDWIDTH + dice.roll(4) as usize];
            account.changes.push(change(within, State::Running, other));
            account.changes.push(change(first + HOUR as i64 - 1, State::Running, config));
        }
        for quarter in (0..4).filter(|_| network == BY_TRAFFIC) {
            account.samples.push(Sample {
                event: format!("{:x}-{quarter}", resource.bits()),
                resource,
                usage: USAGE.to_string(),
                at: first + (quarter + 1) * HOUR as i64 / 4 - 1,
                quantity: dice.roll(2_000_000_000),
                key: String::new(),
            });
        }
        let held = Purses::in_purse(Purse::Cash, FREEZE);
        account.freezes.push(Freeze { resource, target: FREEZE, held });
    }
}

/// Delivered up to 600 hours ago, one in fifty so that it enters a tier in this hour; some resized since.
fn opening(resource: ResourceId, config: ConfigRef, first: i64, dice: &mut Dice) -> Opening {
    let hours = match dice.roll(100) {
        0 => 96,
        1 => 360,
        _ => dice.second(600),
    };
    let created =
        first - hours * HOUR as i64 + dice.second(HOUR) * i64::from(hours > 0) - i64::from(hours == 0);
    let since = if dice.one_in_hundred(10) { created + (first - created) / 2 } else { created };
    let clock = since.abs_diff(created);
    Opening { resource, created, config, state: State::Running, since, clock, month: 0 }
}

/// When an account or a resource was made: milliseconds apart, so that ids sort by number.
fn made(account: u64, at: u64) -> Timestamp {
    Timestamp::from_millisecond(1_700_000_000_000 + (account * 100 + at) as i64)
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

fn servers(books: &Books, configs: &mut Configs) -> Result<Vec<ConfigRef>> {
    let book = books.all().first().context("the demo book")?.clone();
    let product = book.product(PRODUCT).context("the demo book sells servers")?;
    let types = match product.option("type").map(|it| &it.kind) {
        Some(billing::book::OptionKind::Choice(types)) => types.clone(),
        _ => anyhow::bail!("servers of the demo book have no types"),
    };
    let mut found = Vec::new();
    for (size, region) in types.iter().flat_map(|size| book.regions.iter().map(move |it| (size, it))) {
        for (disk, network) in DISKS.iter().flat_map(|disk| NETWORKS.iter().map(move |it| (disk, it))) {
            let place =
                [("charge", "payg"), ("region", &region.id), ("zone", &region.zones[0]), ("type", size)];
            let asked = place.iter().chain(*disk).chain(*network);
            let asked: Vec<(String, String)> = asked.map(|it| (it.0.to_string(), it.1.to_string())).collect();
            let options = Options::check(&book, product, &asked)?;
            found.push(configs.intern(books.of(book.currency), PRODUCT, &options.to_string()));
        }
    }
    Ok(found)
}

/// The demo book, which every figure is measured with.
pub fn demo_book() -> Result<pricebook::Files> {
    pricebook::bundled("demo").context("the demo book is built in")
}
