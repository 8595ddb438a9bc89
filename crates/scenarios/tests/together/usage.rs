//! Readings in batches, on both engines: outcomes, splits, counters, quarantine, coverage, and the race to a close.

use crate::support::stores;
use billing::account::{Account, Verified};
use billing::counter::Counting;
use billing::quote::Wish;
use billing::settle::Run;
use billing::voucher::choose::Choice;
use desk::accounts::TopUp;
use desk::jobs::{self, Turn};
use desk::lists;
use desk::lists::usage::{Filter, WindowFilter};
use desk::orders::{self, Item, Payment};
use desk::page::Part;
use desk::purchases::{Pay, Purchase};
use desk::usage::quarantine::{self, Which};
use desk::usage::{self, Reading, Reason, Taken};
use desk::webhooks;
use desk::{At, Desk, Refusal, accounts, books, coverage, settle};
use server::cli::files;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::{Store, StoreError};
use units::{AccountId, Calendar, Currency, CycleKind, Money, OrderId, Timestamp};

const GB: u64 = 1 << 30;

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

fn customer(store: &Store, desk: &Desk, name: &str) -> Account {
    let now = at("2026-06-01");
    store
        .write(|tx| -> Result<Account, Refusal> {
            let terms = billing::rate::Terms::default();
            let opening =
                accounts::Opening { currency: Currency::CNY, terms, verified: Verified::Yes, alert: None };
            let account = accounts::open(tx, name, opening, now)?;
            let money = Money::from_minor(5_000_000, Currency::CNY);
            accounts::top_up(
                tx,
                desk.at(now),
                account.id,
                TopUp { money, purse: billing::wallet::Purse::Cash, reference: "first" },
            )?;
            Ok(account)
        })
        .unwrap()
}

fn buy(store: &Store, desk: &Desk, account: AccountId, product: &str, pairs: &[(&str, &str)], months: u32) {
    let options = pairs.iter().map(|it| (it.0.to_string(), it.1.to_string())).collect();
    let wish = Wish { product: product.into(), options, months, quantity: 1 };
    let item = Item { wish, name: product.into(), ..Item::default() };
    let now = at("2026-06-01 09:00:00");
    store
        .write(|tx| -> Result<(), Refusal> {
            let items = std::slice::from_ref(&item);
            let purchase =
                Purchase { account, token: product, items, pay: Pay::Later, vouchers: Choice::None };
            let placed = orders::one(tx, desk.at(now), purchase)?;
            let ids: Vec<OrderId> = placed.iter().map(|it| it.id).collect();
            orders::pay(tx, desk.at(now), Payment { account, token: product, orders: &ids }).map(drop)
        })
        .unwrap();
}

const SERVER: [(&str, &str); 6] = [
    ("charge", "prepaid"),
    ("region", "guangzhou"),
    ("zone", "guangzhou-1"),
    ("type", "S1.SMALL1"),
    ("network", "traffic"),
    ("bandwidth", "5"),
];
const SHIELD: [(&str, &str); 4] =
    [("region", "guangzhou"), ("line", "bgp"), ("base", "20"), ("elastic", "50")];

fn book(store: &Store) -> Desk {
    let book = files::book("demo").unwrap();
    store.write(|tx| books::apply(tx, &book, None, at("2026-06-01"))).unwrap();
    store.read(Desk::open).unwrap()
}

/// A customer with a server that pays 0.80 for each gigabyte, by the hour, and a high-defence address; their ids.
fn shop(store: &Store, desk: &Desk, name: &str) -> (AccountId, String, String) {
    let account = customer(store, desk, name);
    buy(store, desk, account.id, "server", &SERVER, 1);
    buy(store, desk, account.id, "high-defence-ip", &SHIELD, 1);
    deliver(store, desk);
    let all = store.read(|tx| store::resources::of_account(tx, account.id)).unwrap();
    let id =
        |product: &str| all.iter().find(|it| it.resource.product == product).unwrap().resource.id.to_string();
    (account.id, id("server"), id("high-defence-ip"))
}

fn deliver(store: &Store, desk: &Desk) {
    let now = at("2026-06-01 09:00:00");
    jobs::run_due(&Turn::alone(store, desk.at(now), now), &mut Err).unwrap();
    let now = at("2026-06-01 09:10:00");
    jobs::run_due(&Turn::alone(store, desk.at(now), now), &mut Err).unwrap();
}

fn reading<'a>(resource: &'a str, event: &'a str, second: i64, quantity: u64) -> Reading<'a> {
    let at = Timestamp::from_second(at("2026-06-01 09:30:00").as_second() + second).unwrap();
    Reading {
        source: "test",
        event,
        resource,
        usage: "traffic_out",
        at,
        received: at,
        quantity,
        key: "",
        counting: Counting::Delta,
    }
}

fn taken(store: &Store, desk: &Desk, all: &[Reading<'_>], now: Timestamp) -> Vec<String> {
    let outcomes = store.write(|tx| usage::record_all(tx, desk.at(now), all)).unwrap();
    let name = |it: Result<Taken, Refusal>| match it {
        Ok(Taken::Quarantined(reason)) => format!("aside:{}", reason.as_str()),
        Ok(taken) => taken.as_str().to_string(),
        Err(error) => format!("refused:{}", error.code()),
    };
    outcomes.into_iter().map(name).collect()
}

#[test]
fn every_reading_of_a_batch_has_its_own_outcome() {
    for (engine, store, _server) in stores() {
        let desk = book(&store);
        let (_, server, shield) = shop(&store, &desk, "shop");
        let now = at("2026-06-01 09:40:00");
        let attack = |event: &'static str, quantity| Reading {
            usage: "attack",
            ..reading(&shield, event, 60, quantity)
        };
        let batch = [
            reading(&server, "1", 0, GB),
            reading(&server, "1", 0, GB),
            reading(&server, "1", 0, 2 * GB),
            reading("res_nobody", "2", 0, 1),
            reading("res_00000000000000000000000000000000", "2", 0, 1),
            Reading { usage: "bananas", ..reading(&server, "3", 0, 1) },
            reading(&server, "4", -7_200, 1),
            Reading { received: at("2026-06-01 09:30:00"), ..reading(&server, "5", 1, 1) },
            reading(&server, "5", 1, 1),
            reading(&server, "6", 0, u64::MAX),
            attack("7", 25),
            attack("8", 25),
            attack("9", 26),
            Reading { counting: Counting::Standing, ..attack("10", 26) },
        ];
        let first = [
            "accepted",
            "duplicate",
            "refused:conflict",
            "aside:unknown_resource",
            "refused:conflict",
            "aside:unknown_meter",
            "aside:not_delivered",
            "refused:time_invalid",
            "accepted",
            "refused:amount_too_large",
            "accepted",
            "duplicate",
            "aside:conflict",
            "aside:not_a_counter",
        ];
        assert_eq!(taken(&store, &desk, &batch, now), first, "{engine}");
        let mut again = first;
        (again[0], again[8], again[10]) = ("duplicate", "duplicate", "duplicate");
        assert_eq!(taken(&store, &desk, &batch, now), again, "{engine}");
        // After the close they are still what they were.
        assert_eq!(taken(&store, &desk, &batch, at("2026-06-03")), again, "{engine}");
        let audit = store.read(|tx| desk::audit::audit(tx, &desk)).unwrap();
        assert_eq!(audit.differences, Vec::<String>::new(), "{engine}");
    }
}

/// Everything that readings left, but for when it was received.
fn stored(store: &Store, account: AccountId) -> (Vec<String>, Vec<String>) {
    let (desk, now) = (store.read(Desk::open).unwrap(), at("2027-01-01"));
    let far = Filter { from: Some(at("2026-01-01")), ..all_of(account) };
    let usage = store.read(|tx| lists::usage::page(tx, desk.at(now), &far, &Part::first(10_000)));
    let usage = usage.unwrap().items;
    let mut counted = std::collections::BTreeMap::<String, i64>::new();
    let mut plain = Vec::new();
    for it in usage {
        match it.standing {
            // Which of them carries the growth depends on the order; how much it is does not.
            Some(_) => *counted.entry(it.key.clone()).or_default() += it.quantity,
            None => plain.push(format!("{} {} {} {} {}", it.event, it.meter, it.at, it.quantity, it.key)),
        }
    }
    plain.sort();
    plain.extend(counted.iter().map(|it| format!("counter {} {}", it.0, it.1)));
    let kept = store.read(store::quarantine::all).unwrap();
    let mut aside: Vec<String> = kept.iter().map(|it| format!("{} {}", it.sent.event, it.reason)).collect();
    aside.sort();
    (plain, aside)
}

/// Deltas, standings of two counters with resets, attacks, and what has no place.
fn nth<'a>(server: &'a str, shield: &'a str, names: &'a [String], index: usize) -> Reading<'a> {
    let second = i64::try_from(index).unwrap();
    let value = (index as u64 * 37) % 101;
    let base = reading(server, &names[index], second, value);
    match index % 7 {
        0 | 1 => base,
        2 | 3 => Reading { key: "eth0", counting: Counting::Standing, ..base },
        4 => Reading {
            key: "eth1",
            counting: if index.is_multiple_of(2) { Counting::Began } else { Counting::Standing },
            ..base
        },
        5 => Reading { resource: shield, usage: "attack", ..base },
        _ => Reading { usage: "bananas", ..base },
    }
}

#[test]
fn no_split_order_or_repetition_changes_what_is_stored() {
    let names: Vec<String> = (0..210).map(|it| format!("event {it}")).collect();
    let mut seen: Option<(Vec<String>, Vec<String>)> = None;
    for (round, size) in [1_usize, 7, 64, 1_000].into_iter().enumerate() {
        let store = Store::memory().unwrap();
        let desk = book(&store);
        let (account, server, shield) = shop(&store, &desk, "shop");
        // A third of them comes twice.
        let mut order: Vec<usize> = (0..names.len()).chain(0..names.len() / 3).collect();
        // Another order each time, always the same one.
        order.sort_by_key(|it| {
            (*it as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(13 * round as u32)
        });
        for chunk in order.chunks(size) {
            let batch: Vec<Reading<'_>> = chunk.iter().map(|it| nth(&server, &shield, &names, *it)).collect();
            taken(&store, &desk, &batch, at("2026-06-01 09:45:00"));
        }
        let now = stored(&store, account);
        assert_eq!(now.0.len() + now.1.len(), 60 + 2 + 30 + 30, "{now:?}");
        match &seen {
            Some(first) => assert_eq!(first, &now, "in batches of {size}"),
            None => seen = Some(now),
        }
    }
}

#[test]
fn a_counter_counts_every_byte_once_whoever_reports_it() {
    for (engine, store, _server) in stores() {
        let desk = book(&store);
        let (account, server, _) = shop(&store, &desk, "shop");
        let names: Vec<String> = (0..240).map(|it| format!("standing {it}")).collect();
        // 1000, 1010, … up to 2190, then anew from 0: 0, 10, … 1190. All in all 1190 + 1190.
        let value = |it: u64| if it < 120 { 1_000 + it * 10 } else { (it - 120) * 10 };
        std::thread::scope(|scope| {
            for part in 0..4 {
                let (store, desk, names, server) = (&store, &desk, &names, &server);
                scope.spawn(move || {
                    let mine: Vec<usize> = (0..240).filter(|it| it % 4 == part).rev().collect();
                    for chunk in mine.chunks(9) {
                        let one = |it: &usize| Reading {
                            counting: Counting::Standing,
                            key: "eth0",
                            ..reading(server, &names[*it], *it as i64, value(*it as u64))
                        };
                        let batch: Vec<Reading<'_>> = chunk.iter().map(one).collect();
                        let all = taken(store, desk, &batch, at("2026-06-01 09:45:00"));
                        assert!(all.iter().all(|it| it == "accepted"), "{engine}: {all:?}");
                    }
                });
            }
        });
        let (usage, _) = stored(&store, account);
        assert_eq!(usage, ["counter eth0 2380"], "{engine}");
    }
}

#[test]
fn the_quarantine_is_tried_again() {
    for (engine, store, _server) in stores() {
        let desk = book(&store);
        let (kinds, secret) = (["quarantine.added".to_string()], providers::webhook::secret([1; 32]));
        let (owner, url) = (billing::endpoint::Owner::Operator, "http://127.0.0.1:9/");
        let listener = webhooks::New { owner, url, kinds: &kinds, secret: &secret };
        let reach = providers::webhook::Reach::Anywhere;
        store.write(|tx| webhooks::create(tx, &listener, reach, at("2026-06-01"))).unwrap();
        let other = Store::memory().unwrap();
        let (_, server, _) = shop(&other, &book(&other), "shop");
        let now = at("2026-06-01 09:40:00");
        // The same steps lead to the same ids: readings of a server that is not there yet.
        let batch = [
            reading(&server, "1", 0, GB),
            Reading { usage: "bananas", ..reading(&server, "2", 0, 5) },
            Reading { counting: Counting::Began, ..reading(&server, "3", 5, 700) },
        ];
        assert_eq!(taken(&store, &desk, &batch, now), ["aside:unknown_resource"; 3], "{engine}");
        let (account, same, _) = shop(&store, &desk, "shop");
        assert_eq!(server, same);
        let changed = [reading(&server, "1", 0, 2 * GB)];
        assert_eq!(taken(&store, &desk, &changed, now), ["refused:conflict"], "{engine}");
        assert_eq!(taken(&store, &desk, &batch[..1], now), ["aside:unknown_resource"], "{engine}");

        let told = store
            .read(|tx| lists::events::page(tx, lists::events::Filter::of(None), &Part::first(10)))
            .unwrap()
            .items;
        let [event] = told.as_slice() else { panic!("{engine}: one event for one batch, not {told:?}") };
        assert!(event.body.contains(r#""reasons":{"unknown_resource":3}"#), "{}", event.body);

        let all = Which::Oldest { of: quarantine::Filter::default(), after: None };
        let tried = store.write(|tx| quarantine::replay(tx, desk.at(now), &all)).unwrap();
        let mut outcomes: Vec<_> = tried.results.into_iter().map(|it| (it.1, it.2.unwrap())).collect();
        outcomes.sort_by(|one, two| one.0.cmp(&two.0));
        let meter = Taken::Quarantined(Reason::UnknownMeter);
        let expected = [("1", Taken::Accepted), ("2", meter), ("3", Taken::Accepted)];
        assert_eq!(outcomes, expected.map(|it| (it.0.to_string(), it.1)), "{engine}");
        let counts = store.read(store::quarantine::reasons).unwrap();
        let counts: Vec<_> = counts.iter().map(|it| (it.reason.as_str(), it.count)).collect();
        assert_eq!(counts, [("unknown_meter", 1)], "{engine}");
        assert_eq!(stored(&store, account).0.len(), 2, "{engine}");

        // Once more, by id: nothing is taken twice.
        let these = Which::These(["1", "2", "4"].map(|it| ("test".to_string(), it.to_string())).to_vec());
        let tried = store.write(|tx| quarantine::replay(tx, desk.at(now), &these)).unwrap();
        let codes: Vec<_> = tried
            .results
            .iter()
            .map(|it| (it.1.as_str(), it.2.as_ref().map_or_else(Refusal::code, |it| it.as_str())))
            .collect();
        assert_eq!(codes, [("1", "duplicate"), ("4", "not_found"), ("2", "unknown_meter")], "{engine}");
        assert_eq!(taken(&store, &desk, &batch, now), ["duplicate", "aside:unknown_meter", "duplicate"]);
        assert_eq!(stored(&store, account).0.len(), 2, "{engine}");
    }
}

#[test]
fn readings_are_listed_and_summed_by_window() {
    for (engine, store, _server) in stores() {
        let desk = book(&store);
        let (account, server, _) = shop(&store, &desk, "shop");
        let (_, others, _) = shop(&store, &desk, "other");
        // The most that one reading may say.
        let most = 1_000_000_000_000_000_u64;
        let batch = [
            reading(&server, "a", 0, 10),
            reading(&server, "b", 0, 20),
            reading(&server, "c", 1_800, 5),
            Reading { usage: "traffic_in", ..reading(&server, "d", 7_200, most) },
            Reading { usage: "traffic_in", ..reading(&server, "e", 7_201, most) },
            reading(&others, "f", 0, 1_000),
        ];
        assert_eq!(taken(&store, &desk, &batch, at("2026-06-01 12:00:00")).len(), 6);
        let query = Filter {
            resource: Some(server.clone()),
            from: Some(at("2026-06-01 09:00:00")),
            to: Some(at("2026-06-01 12:00:00")),
            ..all_of(account)
        };
        let desk = desk.at(at("2026-06-05"));
        let listed = events_in_pages(&store, desk, &query);
        assert_eq!(listed, ["e", "d", "c", "b", "a"], "{engine}");
        let windows = |readings: &Filter, by: CycleKind, most: u16| {
            let of = WindowFilter { readings: readings.clone(), by };
            let page = store.read(|tx| lists::usage::windows(tx, desk, &of, &Part::first(most))).unwrap();
            (page.items, page.next)
        };
        for query in [query.clone(), Filter { resource: None, ..query }] {
            let (sums, next) = windows(&query, CycleKind::Hour, 50);
            let sums: Vec<_> = sums
                .iter()
                .map(|it| {
                    (
                        desk.desk.calendar.print(it.from),
                        it.sum.meter.clone(),
                        it.sum.sum,
                        it.sum.highest,
                        it.sum.count,
                    )
                })
                .collect();
            let hour = |from: &str, meter: &str, sum, highest, count| {
                (format!("2026-06-01 {from}"), meter.to_string(), sum, highest, count)
            };
            let expected = [
                hour("09:00:00", "traffic_out", 30, 20, 2),
                hour("10:00:00", "traffic_out", 5, 5, 1),
                hour("11:00:00", "traffic_in", 2 * u128::from(most), most as i64, 2),
            ];
            assert_eq!((sums, next), (expected.to_vec(), None), "{engine}");
        }
        let early = Filter { from: Some(at("2026-06-01")), ..all_of(account) };
        let (sums, next) = windows(&early, CycleKind::Day, 1);
        // Nothing was read on the following days.
        assert_eq!((sums.len(), next), (2, None), "{engine}");
        let (sums, next) = windows(&early, CycleKind::Hour, 2);
        assert_eq!((sums.len(), next), (2, Some(at("2026-06-01 11:00:00").to_string())), "{engine}");
    }
}

/// The ids of all readings of a list, page by page.
fn events_in_pages(store: &Store, at: At<'_>, filter: &Filter) -> Vec<String> {
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let part = Part { after, most: 2 };
        let page = store.read(|tx| lists::usage::page(tx, at, filter, &part)).unwrap();
        listed.extend(page.items.into_iter().map(|it| it.event));
        match page.next {
            Some(next) => after = Some(next),
            None => return listed,
        }
    }
}

fn all_of(account: AccountId) -> Filter {
    Filter { account, resource: None, meter: None, from: None, to: None }
}

#[test]
fn coverage_names_what_is_silent_and_what_has_no_price() {
    for (engine, store, _server) in stores() {
        let desk = book(&store);
        let (account, server, shield) = shop(&store, &desk, "shop");
        let silent = |desk: &Desk, now: &str| {
            let of = coverage::Filter { hours: 2, after: None };
            let found = store.read(|tx| coverage::report(tx, desk.at(at(now)), &of)).unwrap();
            assert_eq!((found.unmetered.len(), found.next), (0, None), "{engine}");
            let mut silent: Vec<_> =
                found.silent.into_iter().map(|it| (it.resource, it.meter, it.last)).collect();
            silent.sort();
            (silent, found.unpriced)
        };
        assert_eq!(silent(&desk, "2026-06-01 10:30:00"), (vec![], vec![]), "{engine}: young");
        taken(&store, &desk, &[reading(&server, "1", 0, 1)], at("2026-06-01 09:40:00"));
        let mut both = vec![
            (server.clone(), "traffic_out".to_string(), Some(at("2026-06-01 09:30:00"))),
            (shield.clone(), "attack".to_string(), None),
        ];
        both.sort();
        assert_eq!(silent(&desk, "2026-06-01 12:00:00"), (both.clone(), vec![]), "{engine}");
        taken(&store, &desk, &[reading(&server, "2", 7_200, 1)], at("2026-06-01 11:40:00"));
        both.retain(|it| it.0 == shield);
        assert_eq!(silent(&desk, "2026-06-01 12:00:00"), (both, vec![]), "{engine}");

        let mut poorer = desk.clone();
        let mut bare = billing::book::Book::clone(desk.book(units::Currency::CNY, at("2026-06-01")).unwrap());
        bare.products.retain(|it| it.id != "server");
        poorer.books = billing::books::Books::new(vec![std::sync::Arc::new(bare)]);
        let (_, unpriced) = silent(&poorer, "2026-06-01 12:00:00");
        assert_eq!(unpriced.len(), 1, "{engine}");
        assert_eq!(
            (unpriced[0].reason, unpriced[0].group.example.as_str()),
            ("unknown_product", server.as_str())
        );
        let kept = taken(&store, &poorer, &[reading(&server, "3", 7_300, 1)], at("2026-06-01 11:40:00"));
        assert_eq!(kept, ["aside:no_price"], "{engine}");
        assert_eq!(stored(&store, account).0.len(), 2, "{engine}");
    }
}

/// A clock that all threads see; it only goes on.
struct Clock(AtomicI64);

impl Clock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap()
    }

    /// A microsecond later each time: nobody reads the same instant twice.
    fn tick(&self, seconds: i64) -> Timestamp {
        let before = self.0.fetch_add(seconds * 1_000_000 + 1, Ordering::SeqCst);
        Timestamp::from_microsecond(before).unwrap()
    }
}

/// Readings come in while hours are closed: each is billed once, in its hour or as an adjustment, none is lost.
#[test]
fn every_reading_is_billed_once_while_hours_are_closed() {
    for (engine, store, _server) in stores() {
        let desk = book(&store);
        let shops: Vec<_> = (0..3).map(|it| shop(&store, &desk, &format!("shop {it}"))).collect();
        let clock = Clock(AtomicI64::new(at("2026-06-01 10:00:00").as_microsecond()));
        let sent = AtomicU64::new(0);
        let end = at("2026-06-01 22:00:00");
        let close = |now: Timestamp| {
            while let Some(cycle) = store.read(|tx| settle::next(tx, desk.at(now))).unwrap() {
                let run = Run { cycle, posted: now, watermark: now };
                settle::run(&store, &desk, run, 2).unwrap_or_else(|error| panic!("{engine}: {error}"));
            }
        };
        std::thread::scope(|scope| {
            for sender in 0..3_u64 {
                let (store, desk, shops, clock, sent) = (&store, &desk, &shops, &clock, &sent);
                scope.spawn(move || {
                    while clock.now() < end {
                        // The instant is taken before the transaction, as a server does.
                        let now = clock.tick(7);
                        let batch = sent.fetch_add(1, Ordering::SeqCst);
                        let names: Vec<String> = (0..12).map(|it| format!("{sender} {batch} {it}")).collect();
                        let one = |(number, event): (u64, &'_ String)| {
                            let back = i64::try_from((batch * 31 + number * 1_009) % 5_400).unwrap();
                            let happened = now
                                .as_second()
                                .saturating_sub(back)
                                .max(at("2026-06-01 09:20:00").as_second());
                            let happened = Timestamp::from_second(happened).unwrap();
                            (number as usize % 3, happened, event.clone())
                        };
                        let all: Vec<_> = (0..).zip(&names).map(one).collect();
                        let readings: Vec<Reading<'_>> = all
                            .iter()
                            .map(|(shop, happened, event)| Reading {
                                at: *happened,
                                received: now,
                                ..reading(&shops[*shop].1, event, 0, GB)
                            })
                            .collect();
                        let outcomes = taken(store, desk, &readings, now);
                        let fine = |it: &String| matches!(it.as_str(), "accepted" | "late");
                        assert!(outcomes.iter().all(fine), "{engine}: {outcomes:?}");
                    }
                });
            }
            let (clock, close) = (&clock, &close);
            scope.spawn(move || {
                while clock.now() < end {
                    close(clock.tick(60));
                }
            });
        });
        close(at("2026-06-02 02:00:00"));
        let each = sent.into_inner() * 4;
        assert!(each > 40, "{engine}: {each}");
        for (account, ..) in &shops {
            let bills = store.read(|tx| store::bills::of_account(tx, *account)).unwrap();
            let used = |it: &&billing::bill::Bill<'_>| it.kind != billing::bill::Kind::PrepaidNew;
            let billed: i64 = bills.iter().filter(used).map(|it| it.amount_e8).sum();
            assert_eq!(billed, i64::try_from(each).unwrap() * 80_000_000, "{engine}");
            let late = bills.iter().filter(|it| it.kind == billing::bill::Kind::Adjustment).count();
            assert!(late > 0, "{engine}: nothing came late");
        }
        let audit = store.read(|tx| desk::audit::audit(tx, &desk)).unwrap();
        assert_eq!(audit.differences, Vec::<String>::new(), "{engine}");
        let asides = store.read(store::settlements::aside).unwrap();
        assert_eq!(asides, vec![], "{engine}");
    }
}

/// Two senders use one name for their readings: both are in the adjustment when they come late.
#[test]
fn late_readings_of_two_sources_with_one_name_are_both_billed() {
    for (engine, store, _server) in stores() {
        let desk = book(&store);
        let (account, server, _) = shop(&store, &desk, "shop");
        let now = at("2026-06-01 12:10:00");
        let close = |now: Timestamp| -> Result<(), Refusal> {
            while let Some(cycle) = store.read(|tx| settle::next(tx, desk.at(now)))? {
                settle::run(&store, &desk, Run { cycle, posted: now, watermark: now }, settle::BATCH)?;
            }
            Ok(())
        };
        close(now).unwrap();
        let batch =
            [reading(&server, "1", 0, GB), Reading { source: "other", ..reading(&server, "1", 0, GB) }];
        assert_eq!(taken(&store, &desk, &batch, now), ["late", "late"], "{engine}");
        close(at("2026-06-01 13:10:00")).unwrap();
        let bills = store.read(|tx| store::bills::of_account(tx, account)).unwrap();
        let late = bills.iter().filter(|it| it.kind == billing::bill::Kind::Adjustment);
        assert_eq!(late.map(|it| it.total.minor()).collect::<Vec<_>>(), [160], "{engine}");
    }
}

#[test]
fn a_batch_of_nothing_is_nothing() {
    let store = Store::memory().unwrap();
    let desk = book(&store);
    assert_eq!(taken(&store, &desk, &[], at("2026-06-01")), Vec::<String>::new());
    let none = store.read(|tx| store::usage::get(tx, &[])).map(|it| it.len());
    assert_eq!(none.map_err(|it: StoreError| it.to_string()), Ok(0));
}
