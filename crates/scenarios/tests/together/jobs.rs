//! Jobs of several nodes on one database: done once, by whoever holds the lease.

use crate::support::fleet::{self, at, books_of};
use crate::support::nodes::nodes;
use billing::endpoint::Owner;
use desk::jobs::{self, Chain, Job, Keeper, Lease, Turn, TurnEnd};
use desk::{Desk, books, webhooks};
use server::cli::files;
use std::cell::Cell;
use store::{Store, Tx};
use units::Timestamp;

/// Twelve customers with a pay-per-use server each that was paid at 09:00:00; the operator listens to everything.
fn open(store: &Store) -> Desk {
    let (book, begin) = (files::book("demo").unwrap(), at("2026-06-01"));
    store.write(|tx| books::apply(tx, &book, None, begin)).unwrap();
    let desk = store.read(Desk::open).unwrap();
    let secret = providers::webhook::secret([1; 32]);
    let kinds = ["*".to_string()];
    let new =
        webhooks::New { owner: Owner::Operator, url: "http://127.0.0.1:9/", kinds: &kinds, secret: &secret };
    store.write(|tx| webhooks::create(tx, &new, desk.webhooks, begin)).unwrap();
    let buys = |tx: &mut Tx<'_>, number: usize| {
        let account = fleet::customer(tx, desk.at(begin), &format!("customer-{number:02}"))?;
        fleet::buy(tx, desk.at(at("2026-06-01 09:00:00")), account)
    };
    for number in 0..12 {
        store.write(|tx| buys(tx, number)).unwrap();
    }
    desk
}

/// Does what is due of a chain under a lease. `None` while another holds it.
fn turn(store: &Store, desk: &Desk, chain: Chain, keeper: Keeper<'_>, now: Timestamp) -> Option<TurnEnd> {
    let lease = Lease::take(store, chain, keeper).unwrap()?;
    let end = jobs::run(&Turn::under(&lease, store, desk.at(now)), chain, &mut Err);
    Some(end.unwrap_or_else(|it| panic!("{}: {}", it.job.as_str(), it.refusal)))
}

/// A node looks until nothing is due.
fn work(store: &Store, desk: &Desk, holder: &str, now: Timestamp) {
    let keeper = Keeper { holder, clock: &Timestamp::now, is_ending: &|| false };
    while Chain::ALL.into_iter().any(|chain| jobs::is_due(store, chain, desk.at(now)).unwrap()) {
        for chain in Chain::ALL {
            turn(store, desk, chain, keeper, now);
        }
        store.write(|tx| store::jobs::release(tx, holder)).unwrap();
    }
}

fn waiting(store: &Store) -> usize {
    store.read(|tx| store::tasks::due(tx, at("2026-06-01 09:10:00"))).unwrap().len()
}

#[test]
fn two_nodes_do_each_item_once() {
    let alone = Store::memory().unwrap();
    let desk = open(&alone);
    let instants = [at("2026-06-01 09:10:00"), at("2026-06-01 10:00:00"), at("2026-06-02 00:00:00")];
    for now in instants {
        work(&alone, &desk, "alone", now);
    }
    let expected = books_of(&alone);
    assert_eq!(expected.iter().filter(|it| *it == "resource.delivered").count(), 12);
    assert!(expected.iter().filter(|it| *it == "bill.posted").count() >= 24);
    for it in nodes() {
        let desk = open(&it.one);
        for now in instants {
            std::thread::scope(|scope| {
                scope.spawn(|| work(&it.one, &desk, "one", now));
                scope.spawn(|| work(&it.other, &desk, "other", now));
            });
        }
        assert_eq!(books_of(&it.one), expected, "{}", it.engine);
        let audit = it.other.read(|tx| desk::audit::audit(tx, &desk)).unwrap();
        assert_eq!(audit.differences, Vec::<String>::new(), "{}", it.engine);
    }
}

#[test]
fn whoever_slept_past_its_lease_writes_nothing() {
    let (now, begin) = (at("2026-06-01 09:10:00"), at("2026-06-01 09:10:00"));
    for it in nodes() {
        let desk = open(&it.one);
        let before = books_of(&it.one);
        let asleep = Cell::new(0_u64);
        let clock = || desk::later(begin, asleep.get());
        let sleeper = Keeper { holder: "sleeper", clock: &clock, is_ending: &|| false };
        let waking = || desk::later(begin, 16);
        let other = Keeper { holder: "other", clock: &waking, is_ending: &|| false };

        let lease = Lease::take(&it.one, Chain::Deliveries, sleeper).unwrap().unwrap();
        let early = Keeper { clock: &|| begin, ..other };
        assert_eq!(turn(&it.other, &desk, Chain::Deliveries, early, now), None, "{}: it is held", it.engine);
        asleep.set(16);
        let end = jobs::run(&Turn::under(&lease, &it.one, desk.at(now)), Chain::Deliveries, &mut Err);
        assert_eq!(end.unwrap(), TurnEnd::LeaseLost, "{}: it ended", it.engine);
        assert_eq!((books_of(&it.one), waiting(&it.one)), (before, 12), "{}", it.engine);

        assert_eq!(
            turn(&it.other, &desk, Chain::Deliveries, other, now),
            Some(TurnEnd::Done),
            "{}",
            it.engine
        );
        let after = books_of(&it.one);
        asleep.set(0);
        let end = jobs::run(&Turn::under(&lease, &it.one, desk.at(now)), Chain::Deliveries, &mut Err);
        assert_eq!(end.unwrap(), TurnEnd::Done, "{}: nothing is due", it.engine);
        let end = jobs::run(
            &Turn::under(&lease, &it.one, desk.at(at("2026-06-01 10:00:00"))),
            Chain::Books,
            &mut Err,
        );
        assert_eq!(end.unwrap(), TurnEnd::LeaseLost, "{}: another has it", it.engine);
        assert_eq!((books_of(&it.one), waiting(&it.one)), (after, 0), "{}", it.engine);
    }
}

/// A lease that was taken by a clock that ran ahead, or before this one was set back, is void; clocks that are a little apart
/// respect each other.
#[test]
fn a_lease_does_not_outlive_its_length_when_clocks_move() {
    let begin = at("2026-06-01 09:10:00");
    for it in nodes() {
        open(&it.one);
        for (ahead, is_void) in [(1, false), (59, false), (61, true), (7_200, true)] {
            let (fast, right) = (|| desk::later(begin, ahead), || begin);
            let one = Keeper { holder: "one", clock: &fast, is_ending: &|| false };
            let other = Keeper { holder: "other", clock: &right, is_ending: &|| false };
            assert!(Lease::take(&it.one, Chain::Books, one).unwrap().is_some(), "{} {ahead}", it.engine);
            let taken = Lease::take(&it.other, Chain::Books, other).unwrap();
            assert_eq!(taken.is_some(), is_void, "{}: {ahead} s ahead", it.engine);
            for holder in ["one", "other"] {
                it.one.write(|tx| store::jobs::release(tx, holder)).unwrap();
            }
        }
    }
}

/// A clock that stands still, and leaps by so many seconds once it has been read so often.
fn leaping(reads: u32, seconds: u64) -> impl Fn() -> Timestamp {
    let (begin, left) = (at("2026-06-01 10:00:00"), Cell::new(reads));
    move || {
        left.set(left.get().saturating_sub(1));
        if left.get() == 0 { desk::later(begin, seconds) } else { begin }
    }
}

#[test]
fn a_turn_that_is_given_up_goes_on_with_the_next() {
    for it in nodes() {
        let desk = open(&it.one);
        work(&it.one, &desk, "one", at("2026-06-01 09:10:00"));
        let now = at("2026-06-01 10:00:00");
        let frozen = || now;
        let ending = Keeper { holder: "one", clock: &frozen, is_ending: &|| true };
        let bills = |store: &Store| books_of(store).iter().filter(|it| *it == "bill.posted").count();
        let before = bills(&it.one);
        // The batch that it is in is finished; arrears wait for the next turn, and are due whatever time it is.
        assert_eq!(turn(&it.one, &desk, Chain::Books, ending, now), Some(TurnEnd::GivenUp), "{}", it.engine);
        assert_eq!(bills(&it.one), before + 12, "{}", it.engine);
        let last = |job: Job| {
            let rows = it.other.read(store::jobs::all).unwrap();
            rows.into_iter().find(|row| row.name == job.as_str()).and_then(|row| row.last)
        };
        assert_eq!(last(Job::Arrears), None, "{}", it.engine);
        assert!(jobs::is_due(&it.other, Chain::Books, desk.at(now)).unwrap(), "{}", it.engine);

        let late = leaping(3, 6);
        let slow = Keeper { holder: "one", clock: &late, is_ending: &|| false };
        let end = turn(&it.one, &desk, Chain::Books, slow, at("2026-06-01 11:00:00"));
        assert_eq!(end, Some(TurnEnd::GivenUp), "{}: five seconds are over", it.engine);
        let awake = Keeper { is_ending: &|| false, ..ending };
        let end = turn(&it.one, &desk, Chain::Books, awake, at("2026-06-01 11:00:00"));
        assert_eq!(end, Some(TurnEnd::Done), "{}", it.engine);
        assert_eq!(last(Job::Arrears), Some(at("2026-06-01 11:00:00")), "{}", it.engine);
        assert_eq!(bills(&it.one), before + 24, "{}", it.engine);
    }
}

#[test]
fn when_a_job_ran_last_survives_a_restart() {
    for it in nodes() {
        let desk = open(&it.one);
        let (morning, hour) = (at("2026-06-01 09:10:00"), at("2026-06-01 10:00:00"));
        work(&it.one, &desk, "before", morning);
        work(&it.one, &desk, "before", hour);
        let due = |text: &str| jobs::is_due(&it.other, Chain::OldEvents, desk.at(at(text))).unwrap();
        assert!(!due("2026-06-01 23:59:59"), "{}", it.engine);
        assert!(due("2026-06-02 00:00:00"), "{}", it.engine);
        let gauges = it.other.read(|tx| desk::gauges::read(tx, desk.at(hour))).unwrap();
        let ran = |job: Job| gauges.ran.iter().find(|it| it.0 == job).map(|it| it.1);
        for job in [Job::Deliveries, Job::OldEvents, Job::Alerts] {
            assert_eq!(ran(job), Some(morning), "{} {job:?}", it.engine);
        }
        for job in [Job::Settle, Job::Arrears, Job::Reminders] {
            assert_eq!(ran(job), Some(hour), "{} {job:?}", it.engine);
        }
        assert_eq!((ran(Job::Life), ran(Job::TimeOuts)), (None, None), "{}: nothing was due", it.engine);
        let late = |text: &str, job: Job| {
            let late = it.other.read(|tx| jobs::late(tx, desk.at(at(text)))).unwrap();
            late.iter().find(|it| it.0 == job).map(|it| it.1)
        };
        // The day of the morning on which it ran is over at midnight.
        assert_eq!(late("2026-06-02 00:00:00", Job::OldEvents), Some(0), "{}", it.engine);
        assert_eq!(late("2026-06-02 00:01:30", Job::OldEvents), Some(90), "{}", it.engine);
        assert_eq!(late("2026-06-02 00:01:30", Job::TimeOuts), Some(0), "{}: never due", it.engine);
    }
}
