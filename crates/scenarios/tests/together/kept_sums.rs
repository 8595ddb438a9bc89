//! Sums that are kept beside bills: whatever happens, lists that read them are those that add up every bill.
//!
//! In:  lives, late readings, corrections, labels and idle jobs at random, on both engines. Out: every list, read twice: with
//! what is kept, and after what is kept was made void.

use crate::support::plays::{at, ids, owner, play, player, tags};
use crate::support::served::Folder;
use crate::support::{differences, stores};
use billing::bill::{Kind, Sum};
use billing::consumption::Basis;
use desk::jobs::{self, Chain, Job, Turn};
use desk::labels::{self, Change};
use desk::lists::bills::{self as statements, Filter, InMonth};
use desk::lists::costs::{self, By, Cut, Revenue, RevenueFilter};
use desk::page::Part;
use desk::{Refusal, audit, cost_tags, projects};
use play::Player;
use std::collections::BTreeMap;
use std::fmt::Write;
use store::bills::{kept, news};
use store::{Store, StoreError, Tx, Writes};
use units::{AccountId, BillId, ProjectId, Timestamp};

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// All that sums bills of an account, as text.
fn lists(tx: &mut Tx<'_>, player: &Player<'_>, account: AccountId) -> Result<String, Refusal> {
    let (at, all) = (player.desk.at(player.now), Part::first(500));
    let mut text = String::new();
    let months = statements::months(tx, at, account, &all)?.items;
    for month in months.iter().map(|it| it.name.clone()) {
        let of = InMonth { account, month, product: None };
        let products = statements::products(tx, at, &of, &all)?;
        let resources = statements::resources(tx, at, &of, &all)?;
        // Page by page it is the same.
        let mut part = Part::first(2);
        let mut paged = Vec::new();
        loop {
            let page = statements::resources(tx, at, &of, &part)?;
            paged.extend(page.items);
            match page.next {
                Some(next) => part.after = Some(next),
                None => break,
            }
        }
        assert_eq!(paged, resources.items);
        let containers = InMonth { product: Some("container".into()), ..of.clone() };
        let only = statements::resources(tx, at, &containers, &all)?;
        write!(text, "{products:#?}{resources:#?}{only:#?}").unwrap();
        let cuts = [Cut::Day, Cut::Product, Cut::Kind, Cut::Region, Cut::Project, Cut::Tag("team".into())];
        for cut in cuts {
            for basis in Basis::ALL {
                let by = By { cut: cut.clone(), basis };
                write!(text, "{:#?}", costs::page(tx, at, &of, &by, &all)?).unwrap();
            }
        }
    }
    write!(text, "{months:#?}").unwrap();
    Ok(text)
}

/// The lists as they are, and as they are when nothing is kept; nothing of it stays.
fn both(player: &Player<'_>, account: AccountId) -> (String, String) {
    let mut found = None;
    let undone = player.store.write(|tx| {
        let kept = lists(tx, player, account)?;
        kept::forget(tx, account)?;
        found = Some((kept, lists(tx, player, account)?));
        Err::<(), Refusal>(StoreError::NotFound("undone".into()).into())
    });
    assert!(undone.is_err());
    found.unwrap()
}

#[track_caller]
fn are_alike(player: &Player<'_>, account: AccountId, what: &str) {
    let (kept, live) = both(player, account);
    assert_eq!(kept, live, "{what} at {}", player.now);
}

const BEGIN: &str = "
2026-06-01 09:00:00 account all
                    topup all 90000.00
                    settle delay=10m
                    buy all c container region=guangzhou spec=1U1G
                    buy all old server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 months=1
                    buy all s0 server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=traffic bandwidth=5
";

/// One thing that happens, as steps of a story; empty where something else does.
fn step(dice: &mut Dice, living: &mut Vec<usize>, number: usize) -> String {
    let one = living.get(dice.roll(living.len().max(1) as u64) as usize).copied();
    match (dice.roll(6), one) {
        (0 | 1, _) => {
            living.push(number);
            let option = if dice.roll(2) == 0 { "payg" } else { "payg service=shop" };
            format!(
                "buy all s{number} server charge={option} region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=traffic bandwidth=5"
            )
        }
        (2 | 3, Some(it)) => {
            format!("use s{it} traffic_out {}MB id=r{number}", 100 + dice.roll(5_000))
        }
        (4, Some(it)) if living.len() > 1 => {
            living.retain(|other| *other != it);
            format!("release s{it}")
        }
        _ => String::new(),
    }
}

/// Writes a project and a tag on a resource that lives.
fn label(player: &Player<'_>, account: AccountId, project: ProjectId, roll: u64) {
    let ids = ids(player.store, account);
    let id = *ids.values().nth(roll as usize % ids.len()).unwrap();
    let team = ["blue", "red", ""][roll as usize % 3];
    let change = Change {
        at: player.now,
        project: Some((roll.is_multiple_of(2)).then_some(project)),
        tags: tags(&[("team", team)]),
        ..Change::default()
    };
    player.store.write(|tx| labels::change(tx, account, id, change.clone())).unwrap();
}

/// Jobs stand for so many hours; then all that was due is done at once.
fn sleep(player: &mut Player<'_>, hours: u64) {
    let since = player.now;
    player.now = desk::later(player.now, hours * 3_600);
    jobs::run_due(&Turn::alone(player.store, player.desk.at(player.now), since), &mut Err).unwrap();
}

#[test]
fn lists_with_kept_sums_are_those_of_all_bills() {
    for (seed, (engine, store, _server)) in (0..).zip(stores()) {
        one_story(engine, &store, seed);
    }
    for seed in 10..12 {
        one_story("in memory", &Store::memory().unwrap(), seed);
    }
}

fn one_story(engine: &str, store: &Store, seed: u64) {
    let (mut dice, mut player) = (Dice(seed), player(store));
    play(&mut player, BEGIN);
    let account = owner(store, "all");
    let opening = projects::Opening { account, name: "one", token: "one" };
    let project = store.write(|tx| projects::open(tx, opening, player.now)).unwrap().id;
    let keys = ["team".to_string()];
    store.write(|tx| cost_tags::set(tx, player.desk.at(player.now), account, &keys)).unwrap();
    let (mut living, mut kept_some) = (vec![0], 0);
    for number in 1..24 {
        if dice.roll(4) == 0 {
            sleep(&mut player, 1 + dice.roll(24 * 20));
        }
        let hours = 1 + dice.roll(18);
        let next = desk::later(player.now, hours * 3_600 + dice.roll(3_600));
        let doing = step(&mut dice, &mut living, number);
        let doing = if doing.is_empty() { "settle".to_string() } else { doing };
        let line = format!("{} {doing}\n", player.desk.calendar.print(next));
        play(&mut player, &line);
        if dice.roll(3) == 0 {
            label(&player, account, project, dice.roll(1_000));
        }
        if dice.roll(5) == 0 {
            let now = player.desk.calendar.print(player.now);
            let late = player.desk.calendar.print(before(player.now, dice.roll(40))).replace(' ', "T");
            play_any(
                &mut player,
                &format!("{now} use s{} traffic_out 3GB at={late} id=late{number}\n", living[0]),
            );
        }
        if dice.roll(5) == 0 {
            let (now, bill) = (player.desk.calendar.print(player.now), 1 + dice.roll(20));
            play_any(
                &mut player,
                &format!("{now} correct credit all {bill} 0.01 reason=test id=c{number}\n"),
            );
        }
        are_alike(&player, account, &format!("{engine}, story {seed}, step {number}: {doing}"));
        kept_some += usize::from(!store.read(|tx| kept::all(tx, account)).unwrap().days.is_empty());
    }
    assert!(kept_some > 10, "{engine}: sums were kept after {kept_some} steps only");
    let audit = store.read(|tx| audit::audit(tx, &player.desk)).unwrap();
    assert_eq!(audit.differences, Vec::<String>::new(), "{engine}, story {seed}");
}

fn before(now: Timestamp, days: u64) -> Timestamp {
    Timestamp::from_second(now.as_second() - 86_400 * i64::try_from(days).unwrap()).unwrap()
}

/// A step that may be refused.
fn play_any(player: &mut Player<'_>, text: &str) {
    player.play(&crate::support::parse("part", text), &mut |_, _| {}).unwrap();
}

/// A shop of which some days are kept.
fn kept_days(store: &Store) -> (Player<'_>, AccountId) {
    let mut player = player(store);
    play(&mut player, BEGIN);
    play(&mut player, "2026-06-04 12:00:00 settle\n");
    let account = owner(store, "all");
    assert!(!store.read(|tx| kept::below(tx, account)).unwrap().is_empty());
    assert!(!store.read(|tx| kept::all(tx, account)).unwrap().months.is_empty());
    (player, account)
}

/// What is about a closed cycle stands in the month of that, whether the month is kept or not, and leaves kept what is.
#[test]
fn what_is_about_a_closed_cycle_stands_in_its_month_and_voids_nothing() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        play(&mut player, BEGIN);
        play(&mut player, "2026-09-10 12:00:00 settle\n");
        let account = owner(&store, "all");
        let june = |player: &Player<'_>| {
            let of = InMonth { account, month: "2026-06".into(), product: None };
            let at = player.desk.at(player.now);
            let read = |tx: &mut Tx<'_>| {
                let june = Some("2026-06".to_string());
                let filter = Filter { month: june, kind: Some(Kind::Correction), ..Filter::of(account) };
                let (sums, page) = (
                    statements::of_month(tx, at, &of)?,
                    statements::page(tx, at, &filter, &Part::first(500))?,
                );
                Ok::<_, Refusal>((sums.values().map(|it| it.total.minor()).sum::<i64>(), page.items.len()))
            };
            store.read(read).unwrap()
        };
        let (before, below) = (june(&player), store.read(|tx| kept::below(tx, account)).unwrap());
        assert!(!below.is_empty(), "{engine}");
        // The first bill is the server that was bought for a month: 51.00.
        let number = 1 + bought(&store, account);
        play(
            &mut player,
            &format!("2026-09-10 12:00:00 correct credit all {number} 1.00 reason=test id=c\n"),
        );
        assert_eq!(june(&player), (before.0 - 100, 1), "{engine}: at once");
        assert_eq!(store.read(|tx| kept::below(tx, account)).unwrap(), below, "{engine}");
        are_alike(&player, account, engine);
        sleep(&mut player, 50);
        assert_eq!(june(&player), (before.0 - 100, 1), "{engine}: two days later");
        are_alike(&player, account, engine);
    }
}

/// How many bills stand before the one of the server that was bought for a month.
fn bought(store: &Store, account: AccountId) -> usize {
    let all = store.read(|tx| store::bills::of_account(tx, account)).unwrap();
    all.iter().position(|it| it.kind == Kind::PrepaidNew).unwrap()
}

/// Twenty tags as long as tags may be are longer than a key of PostgreSQL may be.
#[test]
fn long_labels_are_kept_too() {
    for (engine, store, _server) in stores() {
        let (mut player, account) = kept_days(&store);
        let long: Vec<(String, String)> =
            (0..20).map(|it| (format!("{it:02}{}", "键".repeat(16)), varied(it))).collect();
        let pairs: Vec<(&str, &str)> = long.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
        let change = Change { at: player.now, tags: tags(&pairs), ..Change::default() };
        for id in ids(&store, account).into_values() {
            store.write(|tx| labels::change(tx, account, id, change.clone())).unwrap();
        }
        sleep(&mut player, 72);
        // What was deducted a moment ago is left for a while.
        sleep(&mut player, 24);
        let kept = store.read(|tx| kept::all(tx, account)).unwrap();
        assert!(kept.months.keys().any(|it| it.tags.len() > 4_000), "{engine}");
        are_alike(&player, account, engine);
    }
}

/// A value of a tag that no compression makes short.
fn varied(seed: u64) -> String {
    let mut dice = Dice(seed);
    (0..80).map(|_| char::from_u32(0x4e00 + u32::try_from(dice.roll(20_000)).unwrap()).unwrap()).collect()
}

/// What never should come, a bill with an instant long past: the sums are void, and added up anew with it.
#[test]
fn a_bill_below_what_is_kept_makes_the_sums_void() {
    for (engine, store, _server) in stores() {
        let (mut player, account) = kept_days(&store);
        let mut bill = store.read(|tx| store::bills::of_account(tx, account)).unwrap().remove(0);
        bill.id = BillId::named(at("2026-06-02 00:00:00"), "from nowhere");
        let (before, _) = both(&player, account);
        store
            .write(|tx| {
                let mut writes = Writes::default();
                store::bills::add(&mut writes, [&bill])?;
                Ok::<_, Refusal>(tx.write(writes)?)
            })
            .unwrap();
        assert_eq!(store.read(|tx| kept::below(tx, account)).unwrap(), "", "{engine}");
        let (after, live) = both(&player, account);
        assert!(after == live && after != before, "{engine}");
        sleep(&mut player, 30);
        assert_ne!(store.read(|tx| kept::below(tx, account)).unwrap(), "", "{engine}");
        are_alike(&player, account, engine);
    }
}

/// What all accounts were billed is what the bills of each come to, before news are added to the sums of months and after.
#[test]
fn revenue_is_what_the_bills_come_to() {
    for (engine, store, _server) in stores() {
        let mut player = player(&store);
        let begin = BEGIN.replace("2026-06-01", "2026-06-29");
        play(&mut player, &begin);
        let other = begin.replace("all", "two").replace(" old", " two-old").replace(" s0", " two-s0");
        play(&mut player, &other.replace("2026-06-29 09:00:00", "2026-06-29 09:00:01"));
        let mut counts = Vec::new();
        for time in ["06-29 10:05:00", "06-29 12:15:00", "06-30 23:59:00", "07-01 02:15:00", "07-01 12:30:00"]
        {
            play(&mut player, &format!("2026-{time} settle\n"));
            revenue_is_right(engine, &player);
            counts.push(store.read(|tx| news::first(tx, i64::MAX)).unwrap().len());
            sleep(&mut player, 2);
            revenue_is_right(engine, &player);
        }
        assert!(counts.iter().filter(|it| **it > 0).count() > 2, "{engine}: news were {counts:?}");
        let late = "2026-07-02 00:00:00 correct credit all 1 0.01 reason=test id=c\n";
        play(&mut player, late);
        revenue_is_right(engine, &player);
        sleep(&mut player, 30);
        assert_eq!(store.read(news::oldest).unwrap(), None, "{engine}");
        revenue_is_right(engine, &player);
        let audit = store.read(|tx| audit::audit(tx, &player.desk)).unwrap();
        assert_eq!(audit.differences, Vec::<String>::new(), "{engine}");
    }
}

#[track_caller]
fn revenue_is_right(engine: &str, player: &Player<'_>) {
    let owners = ["all", "two"].map(|it| owner(player.store, it));
    let read = |tx: &mut Tx<'_>| {
        let of = RevenueFilter { from: "2026-06".into(), months: 3, product: None, region: None };
        let found = costs::revenue(tx, player.desk.at(player.now), &of, &Part::first(500))?.items;
        let mut says = BTreeMap::new();
        for it in &found {
            assert!(says.insert((it.month.clone(), it.of.clone()), it.sum).is_none(), "{engine}");
        }
        let mut is: BTreeMap<_, Sum> = BTreeMap::new();
        for account in owners {
            for bill in store::bills::of_account(tx, account)? {
                let used = bill.original.map_or(bill.from, |it| it.0);
                let (product, region) = (bill.product.to_string(), bill.region.to_string());
                let currency = bill.currency();
                let of = Revenue { product, region, currency: currency.as_str().to_string() };
                let one = Sum::new(1, (bill.amount_e8 - bill.carried_e8).into(), bill.total, bill.paid)
                    .of_kind(bill.kind);
                let sum = is.entry((player.desk.calendar.month(used), of)).or_insert(Sum::zero(currency));
                *sum = Sum::of([&*sum, &one], currency)?;
            }
        }
        assert!(!is.is_empty());
        assert_eq!(says, is, "{engine} at {}", player.now);
        Ok::<_, Refusal>(())
    };
    player.store.read(read).unwrap();
}

/// Looking for what is due finds nothing once it is done; what waits is told as late; no clock stops for it.
#[test]
fn accounts_are_looked_at_when_they_are_due() {
    for (engine, store, _server) in stores() {
        let (mut player, _) = kept_days(&store);
        play(&mut player, "2026-06-04 12:15:00 settle\n");
        let late = |now: Timestamp| {
            let all = store.read(|tx| jobs::late(tx, player.desk.at(now))).unwrap();
            all.iter().find(|it| it.0 == Job::BillSums).map(|it| it.1)
        };
        let due = |now: Timestamp| jobs::is_due(&store, Chain::Sums, player.desk.at(now)).unwrap();
        // Few bills: the next day, 20 minutes after midnight.
        let next = at("2026-06-05 00:20:00");
        assert_eq!(store.read(kept::next_due).unwrap(), Some(next), "{engine}");
        // What was billed of all accounts since: 20 minutes after the hour of the oldest news.
        let hour = at("2026-06-04 13:20:00");
        assert!(!due(player.now) && !due(desk::later(player.now, 3_899)) && due(hour), "{engine}");
        assert_eq!((late(player.now), late(desk::later(hour, 90))), (Some(0), Some(90)), "{engine}");
        let stops = jobs::next_due(&store, &player.desk, player.now).unwrap().unwrap();
        assert_eq!(stops, at("2026-06-04 13:10:00"), "{engine}: the hour, which closes 10 minutes late");
    }
}

/// Whoever changes what is kept is told by the audit.
#[test]
fn a_kept_sum_that_was_changed_is_found() {
    let changes = [
        "update day_sums set total_minor = total_minor + 1 where kind = 'prepaid_new'",
        "update month_sums set cash_minor = cash_minor - 1 where kind = 'prepaid_new'",
        "update month_sums set tags = 'x' where kind = 'prepaid_new'",
        "delete from month_sums where kind = 'hourly'",
        "delete from day_sums",
        "update revenue_sums set total_minor = total_minor + 1 where kind = 'prepaid_new'",
        "delete from revenue_sums where kind = 'hourly'",
        "update revenue_news set owed_minor = owed_minor + 1",
        "delete from revenue_news",
        "insert into day_sums select account, from_us - 1, product, region, kind, currency, bills, whole, rest, total_minor,
         bonus_minor, cash_minor, income_minor, owed_minor from day_sums where kind = 'prepaid_new'",
    ];
    for sql in changes {
        let folder = Folder::new("kept");
        let file = folder.0.join("till.db");
        let store = Store::embedded(&file).unwrap();
        play(&mut kept_days(&store).0, "2026-06-04 12:15:00 settle\n");
        drop(store);
        assert_eq!(differences(&file), Vec::<String>::new(), "before");
        rusqlite::Connection::open(&file).unwrap().execute_batch(sql).unwrap();
        let found = differences(&file);
        assert!(!found.is_empty() && found.iter().all(|it| it.contains("kept ")), "{sql}: {found:?}");
    }
}
