//! Settlement runs that nodes share: whoever takes accounts, in whatever order, and whoever is killed meanwhile, the books are
//! those of one node alone.
//!
//! In:  customers with servers by the hour, takers that take turns by lot; two real servers on one PostgreSQL database.
//! Source: R-SET-1, R-SET-2, R-SET-6.

use crate::support::fleet::{self, at, books_of};
use crate::support::nodes::nodes;
use crate::support::served::{Served, eventually};
use crate::support::stores;
use desk::jobs::{self, Chain, Job, Keeper, Lease, Step, Taker, Turn, TurnEnd};
use desk::{Desk, Refusal, audit, books, later};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use server::cli::files;
use std::sync::mpsc;
use store::runs::Range;
use store::{Store, Tx};
use units::{AccountId, Timestamp};

const HANDS: usize = 3;

/// Seven customers with a server each, delivered at 09:10:00.
fn seven(store: &Store) -> Desk {
    let (book, begin) = (files::book("demo").unwrap(), at("2026-06-01"));
    store.write(|tx| books::apply(tx, &book, None, begin)).unwrap();
    let desk = store.read(Desk::open).unwrap();
    let buys = |tx: &mut Tx<'_>, number: usize| {
        let account = fleet::customer(tx, desk.at(begin), &format!("customer-{number}"))?;
        fleet::buy(tx, desk.at(at("2026-06-01 09:00:00")), account)
    };
    for number in 0..7 {
        store.write(|tx| buys(tx, number)).unwrap();
    }
    due(store, &desk, at("2026-06-01 09:10:00"));
    desk
}

fn due(store: &Store, desk: &Desk, now: Timestamp) {
    jobs::run_due(&Turn::alone(store, desk.at(now), now), &mut Err)
        .unwrap_or_else(|it| panic!("{}: {}", it.job.as_str(), it.refusal));
}

#[track_caller]
fn is_sound(store: &Store, desk: &Desk) {
    let audit = store.report(|tx| audit::audit(tx, desk)).unwrap();
    assert_eq!(audit.differences, Vec::<String>::new());
    assert_eq!(store.read(store::settlements::aside).unwrap(), []);
}

/// What happens next to one of the hands.
#[derive(Clone, Copy, Debug)]
enum Lot {
    /// It settles what it has in hand, or takes something where it has nothing. The first hand leads.
    GoesOn(usize),
    /// It is killed, and another process has its place.
    Dies(usize),
    /// All sleep past the end of their leases; those that have something in hand do not know.
    AllSleep,
}

fn lots() -> impl Strategy<Value = Vec<Lot>> {
    let lot = prop_oneof![
        12 => (0..HANDS).prop_map(Lot::GoesOn),
        1 => (0..HANDS).prop_map(Lot::Dies),
        1 => Just(Lot::AllSleep),
    ];
    prop::collection::vec(lot, 0..90)
}

/// Hands on one store, each with the accounts that it has in hand.
struct Hands<'a> {
    store: &'a Store,
    desk: &'a Desk,
    /// By the clock of the till and of the machines.
    at: Timestamp,
    machine: Timestamp,
    hold: [Option<Range>; HANDS],
    lives: usize,
    names: [String; HANDS],
}

impl Hands<'_> {
    fn taker(&self, hand: usize) -> Taker<'_> {
        Taker { at: self.desk.at(self.at), name: &self.names[hand], now: self.machine, size: 2 }
    }

    fn play(&mut self, lot: Lot) {
        match lot {
            Lot::GoesOn(hand) => drop(self.goes_on(hand)),
            Lot::Dies(hand) => {
                self.lives += 1;
                self.names[hand] = format!("hand {hand} of life {}", self.lives);
                self.hold[hand] = None;
            }
            Lot::AllSleep => self.machine = later(self.machine, 16),
        }
    }

    /// One step of a hand; `Done` when the first finds nothing to do.
    fn goes_on(&mut self, hand: usize) -> Option<Step> {
        if let Some(range) = self.hold[hand].take() {
            self.store.write(|tx| self.taker(hand).settle(tx, &range)).unwrap();
            return None;
        }
        if hand > 0 {
            self.hold[hand] = self.store.write(|tx| self.taker(hand).help(tx)).unwrap();
            return None;
        }
        let step = self.store.write(|tx| self.taker(hand).lead(tx)).unwrap();
        if let Step::Settle(range) = &step {
            self.hold[hand] = Some(range.clone());
        }
        Some(step)
    }

    /// The first finishes alone what the others left.
    fn finish(&mut self) {
        self.play(Lot::AllSleep);
        while self.goes_on(0) != Some(Step::Done) {}
    }
}

#[test]
fn whoever_takes_accounts_the_books_are_the_same() {
    let (alone, midnight) = (Store::memory().unwrap(), at("2026-06-02 00:00:00"));
    let desk = seven(&alone);
    due(&alone, &desk, midnight);
    let expected = books_of(&alone);
    // Fifteen hours, from nine o'clock on, and what was posted at delivery.
    assert!(
        expected.iter().filter(|it| it.starts_with("customer-")).all(|it| it.contains(" 15 ")),
        "{expected:?}"
    );

    let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&lots(), |lots| {
            for (engine, store, _server) in stores() {
                let desk = seven(&store);
                let names = ["leader", "one", "other"].map(String::from);
                let machine = at("2026-06-02 00:00:00");
                let (hold, lives) = (Default::default(), 0);
                let mut hands =
                    Hands { store: &store, desk: &desk, at: midnight, machine, hold, lives, names };
                lots.iter().for_each(|lot| hands.play(*lot));
                hands.finish();
                due(&store, &desk, midnight);
                prop_assert_eq!(books_of(&store), expected.clone(), "{}", engine);
                is_sound(&store, &desk);
            }
            Ok(())
        })
        .unwrap();
}

/// Source: R-SET-6.
#[test]
fn nobody_looks_at_arrears_while_accounts_are_in_hand() {
    let it = nodes().pop().unwrap();
    assert_eq!(it.engine, "postgres");
    let (desk, ten) = (seven(&it.one), at("2026-06-01 10:00:00"));
    let last = |job: Job| {
        let rows = it.one.read(store::jobs::all).unwrap();
        rows.into_iter().find(|row| row.name == job.as_str()).and_then(|row| row.last)
    };
    let turn = |seconds: u64| {
        let clock = || later(ten, seconds);
        let keeper = Keeper { holder: "leader", clock: &clock, is_ending: &|| false };
        let lease = Lease::take(&it.one, Chain::Books, keeper).unwrap().unwrap();
        jobs::run(&Turn::under(&lease, &it.one, desk.at(ten)), Chain::Books, &mut Err).unwrap()
    };
    // A leader begins the run, and both have accounts in hand; the leader's are settled.
    let taker = |name| Taker { at: desk.at(ten), name, now: ten, size: 2 };
    let Step::Settle(first) = it.one.write(|tx| taker("leader").lead(tx)).unwrap() else { panic!() };
    let other = it.other.write(|tx| taker("other").help(tx)).unwrap().unwrap();
    it.one.write(|tx| taker("leader").settle(tx, &first)).unwrap().unwrap();
    assert_eq!(turn(1), TurnEnd::OthersAtIt);
    assert_eq!((last(Job::Arrears), last(Job::Settle)), (None, None));
    let gauges = it.one.read(|tx| desk::gauges::read(tx, desk.at(ten))).unwrap();
    assert_eq!(gauges.ranges_in_hand, 1);
    let progress = it.one.read(|tx| desk::settle::progress(tx, desk.at(ten))).unwrap();
    assert_eq!((progress[0].waiting, progress[0].done), (2, 5));
    // Its lease ended: whoever leads settles them, and whoever had them finds that they are gone.
    assert_eq!(turn(16), TurnEnd::Done);
    assert_eq!((last(Job::Arrears), last(Job::Settle)), (Some(ten), Some(ten)));
    assert_eq!(it.other.write(|tx| taker("other").settle(tx, &other)).unwrap(), None);
    assert_eq!(it.other.write(|tx| taker("other").help(tx)).unwrap(), None);
    is_sound(&it.one, &desk);
}

/// The other node, which takes two accounts at once.
fn other(desk: &Desk, now: Timestamp) -> Taker<'_> {
    Taker { at: desk.at(now), name: "other", now, size: 2 }
}

/// A node that does not know the books that are in force, or whose clock says that the cycle is not closed, keeps its hands off.
#[test]
fn who_would_settle_otherwise_does_not_help() {
    for it in nodes() {
        let (desk, ten) = (seven(&it.one), at("2026-06-01 10:00:00"));
        let begun = it.one.write(|tx| Taker { name: "leader", ..other(&desk, ten) }.lead(tx)).unwrap();
        assert!(matches!(begun, Step::Settle(_)), "{}", it.engine);
        let early = at("2026-06-01 09:59:59");
        assert_eq!(it.other.write(|tx| other(&desk, early).help(tx)).unwrap(), None, "{}", it.engine);
        let (mut book, begin) = (files::book("demo").unwrap(), at("2026-07-01"));
        let head = book.get("book.toml").unwrap().to_string() + "\n# Another text, another book.\n";
        book.add("book.toml", &head);
        it.one.write(|tx| books::apply(tx, &book, Some(begin), ten)).unwrap();
        assert_eq!(it.other.write(|tx| other(&desk, ten).help(tx)).unwrap(), None, "{}", it.engine);
        let fresh = it.other.read(Desk::open).unwrap();
        assert!(it.other.write(|tx| other(&fresh, ten).help(tx)).unwrap().is_some(), "{}", it.engine);
    }
}

/// Accounts of one range of a server.
const RANGE: usize = desk::settle::BATCH as usize;

/// Two ranges and a little: every hundredth customer has a server, the others wait for the hour like it and have nothing.
fn crowd(store: &Store, begin: Timestamp) -> (Desk, Vec<AccountId>) {
    let book = files::book("demo").unwrap();
    store.write(|tx| books::apply(tx, &book, None, begin)).unwrap();
    let (desk, mut all) = (store.read(Desk::open).unwrap(), Vec::new());
    let made = |tx: &mut Tx<'_>, number: usize| -> Result<AccountId, Refusal> {
        let now = later(begin, number as u64 / 20);
        let account = fleet::customer(tx, desk.at(now), &format!("customer-{number:04}"))?;
        if number.is_multiple_of(100) {
            fleet::buy(tx, desk.at(later(begin, 300)), account)?;
        }
        Ok(account)
    };
    for number in 0..2 * RANGE + 100 {
        all.push(store.write(|tx| made(tx, number)).unwrap());
    }
    let delivered = later(begin, 1_200);
    due(store, &desk, delivered);
    store
        .write(|tx| {
            tx.exec(
                "insert into dues (account, cycle, settled_to_us, set_aside) select account, 'hour', $1, null from wallets
                where account not in (select account from dues where cycle = 'hour')",
                &[store::engine::us(begin).into()],
            )
        })
        .unwrap();
    all.sort();
    (desk, all)
}

/// Every bill of use in the two hours from `begin` on: whose, of what, how much.
fn bills(store: &Store, all: &[AccountId], begin: Timestamp) -> Vec<(String, Timestamp, i64, i64)> {
    let end = later(begin, 7_200);
    let read = |tx: &mut Tx<'_>| -> Result<_, Refusal> {
        let mut found = Vec::new();
        for account in all {
            let bills = store::bills::of_account(tx, *account)?;
            let early = bills.iter().filter(|it| it.kind == billing::bill::Kind::Hourly && it.to <= end);
            found.extend(early.map(|it| (it.id.to_string(), it.from, it.total.minor(), it.amount_e8)));
        }
        Ok(found)
    };
    store.read(read).unwrap()
}

/// Holds wallets until it is told to let go.
fn hold(store: &Store, accounts: &[AccountId], holds: &mpsc::Sender<()>, let_go: &mpsc::Receiver<()>) {
    let held = store.write(|tx| -> Result<(), Refusal> {
        for account in accounts {
            let id = account.to_string();
            tx.exec("update wallets set version = version where account = $1", &[id.into()])?;
        }
        holds.send(()).unwrap();
        let_go.recv().unwrap();
        Ok(())
    });
    held.unwrap();
}

/// One server has two ranges in hand and stands, since two wallets are held; a second one comes and helps with the third
/// range. The first is killed; the second finishes. Two hours of 41 servers are 82 bills.
#[test]
fn a_server_that_is_killed_in_its_range_leaves_it_to_the_other() {
    let this_hour = Timestamp::now().as_second() / 3_600 * 3_600;
    let begin = Timestamp::from_second(this_hour - 3 * 3_600).unwrap();
    let alone = Store::memory().unwrap();
    let (desk, all) = crowd(&alone, begin);
    due(&alone, &desk, later(begin, 7_200));
    let expected = bills(&alone, &all, begin);
    assert_eq!(expected.len(), 2 * (2 * RANGE + 100) / 100);

    let server = store::testing::postgres();
    let url = server.fresh_database();
    let store = Store::postgres(&url).unwrap();
    let (desk, all) = crowd(&store, begin);
    let in_hand = || store.read(store::runs::in_hand).unwrap();
    let ((holds, held), (go, let_go)) = (mpsc::channel(), mpsc::channel());
    std::thread::scope(|scope| {
        let (store, two) = (&store, [all[0], all[RANGE]]);
        scope.spawn(move || hold(store, &two, &holds, &let_go));
        held.recv().unwrap();
        let one = Served::start(&["--database-url", &url]);
        eventually("the first has two ranges in hand", || (in_hand() == 2).then_some(()));
        let other = Served::start(&["--database-url", &url]);
        let third = &all[2 * RANGE..];
        eventually("the second helps", || (!bills(store, third, begin).is_empty()).then_some(()));
        assert_eq!(bills(store, &all[..2 * RANGE], begin), []);
        drop(one);
        go.send(()).unwrap();
        eventually("the second finishes", || {
            (bills(store, &all, begin).len() == expected.len()).then_some(())
        });
        eventually("nothing is in hand", || (in_hand() == 0).then_some(()));
        assert!(other.log().contains("this node helped with a run"), "{}", other.log());
    });
    assert_eq!(bills(&store, &all, begin), expected);
    is_sound(&store, &desk);
}
